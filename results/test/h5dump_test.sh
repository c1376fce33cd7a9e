#!/bin/sh
# h5dump reads the whole file, and shows what was stored. Usage: h5dump_test.sh H5DUMP WRITER
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$2" "$folder/run.h5"
"$1" "$folder/run.h5" >"$folder/all.txt"
"$1" -d /cases/transport_labels "$folder/run.h5" | grep -q '"libfabric:tcp"'
"$1" -a /summary/p50/units "$folder/run.h5" | grep -q '"ns"'
