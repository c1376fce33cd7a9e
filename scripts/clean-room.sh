#!/usr/bin/env bash
# Tries the two commands where nothing is installed: in a fresh minimal Debian 12 of its own.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

tree=root/podbench # where the copy lies, from the root directory of the room

usage() {
  cat <<'TEXT'
Usage: scripts/clean-room.sh [quickstart.sh|test.sh] [ARGUMENT...]

Makes a minimal Debian 12 with debootstrap in a temporary folder, from the mirror that this machine's apt uses,
copies this tree into it, runs scripts/quickstart.sh (or the other script, with its arguments) there as root, and removes
everything. Its processes, mounts and shared memory are in namespaces of their own; the network is this
machine's. Needs root, debootstrap and about 4 GB under $TMPDIR (else /var/tmp).
TEXT
}

# In the new namespaces: mounts what a machine has, then runs the script inside. They all go with this process.
if [ "${1:-}" = --inside ]; then
  room=$2
  shift 2
  mount -t proc proc "$room/proc"
  mount --rbind /sys "$room/sys"
  mount -t devpts -o newinstance,ptmxmode=0666 devpts "$room/dev/pts"
  mkdir -p "$room/dev/shm"
  mount -t tmpfs -o mode=1777 tmpfs "$room/dev/shm"
  exec chroot "$room" env -i HOME=/root TERM="${TERM:-dumb}" PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    bash -c 'cd "$1" && shift && exec "scripts/$@"' bash "/$tree" "$@"
fi

case ${1:-quickstart.sh} in
  --help) usage; exit 0 ;;
  quickstart.sh | test.sh) ;;
  *) printf 'clean-room.sh: unknown script "%s"; known: quickstart.sh, test.sh\n' "$1" >&2; exit 2 ;;
esac
[ "$(id -u)" = 0 ] || give_up "needs root for debootstrap and chroot"
command -v debootstrap >/dev/null || ensure_packages "what a clean room needs" debootstrap

# The mirror of this machine's own bookworm, else of whatever it has first.
mirror() {
  # shellcheck disable=SC2016
  apt-get indextargets --format '$(CODENAME) $(REPO_URI)' 'Created-By: Packages' 'Component: main' |
    sort -u | awk '{ other = $2 } $1 == "bookworm" { print $2; found = 1; exit } END { if (!found) print other }'
}

room=$(mktemp -d "${TMPDIR:-/var/tmp}/podbench-room.XXXXXX")
chmod 755 "$room" # it becomes the root directory of users who are not root, too
inside=
trap '[ -z "$inside" ] || kill -KILL "$inside" 2>/dev/null; rm -rf --one-file-system "$room"' EXIT
trap 'exit 143' INT TERM HUP
from=$(mirror)
[ -n "$from" ] || give_up "this machine's apt names no mirror"
say "makes a minimal Debian 12 in $room"
debootstrap --variant=minbase bookworm "$room" "$from" >"$room.log" 2>&1 ||
  { tail -n 20 "$room.log" >&2; rm -f "$room.log"; give_up "debootstrap failed"; }
rm -f "$room.log"
cp /etc/hosts /etc/resolv.conf "$room/etc/"
mkdir "$room/$tree"
tar -C "$project_root" --exclude=./build --exclude=./.git --exclude='./results/runs/*.*' -c . |
  tar -C "$room/$tree" --no-same-owner -x

say "runs there: scripts/${*:-quickstart.sh}"
begin=$SECONDS
status=0
unshare --mount --pid --ipc --fork --kill-child "${BASH_SOURCE[0]}" --inside "$room" "${@:-quickstart.sh}" &
inside=$!
wait "$inside" || status=$?
inside=
say "ended with $status after $((SECONDS - begin)) s"
exit "$status"
