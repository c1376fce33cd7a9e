#!/bin/sh
# Stands in for ssh in launch_test: takes its options and host, and runs the command here.
while [ "$1" != "${1#-}" ]; do
  [ "$1" = -o ] && shift
  shift
done
if [ "$1" = unreachable ]; then
  echo "ssh: connect to host unreachable port 22: No route to host" >&2
  exit 255
fi
shift
exec sh -c "$*"
