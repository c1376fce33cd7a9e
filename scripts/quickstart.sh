#!/usr/bin/env bash
# From a bare Debian 12 to a first table: installs what the build needs, builds, runs the suite `smoke`.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

usage() {
  cat <<'TEXT'
Usage: scripts/quickstart.sh [--no-install]

Installs the Debian packages that the build needs (those that are missing), fetches the plot library of HTML
pages with npm, builds podbench into build/release, runs the built-in suite `smoke`, shows its table and names the file
that it wrote.
Needs root or sudo for the packages only. Can be run again.

  --no-install   take the packages as they are
  --help         this text
TEXT
}

install=yes
for argument in "$@"; do
  case $argument in
    --no-install) install=no ;;
    --help) usage; exit 0 ;;
    *) printf 'quickstart.sh: unknown argument "%s"; known: --no-install, --help\n' "$argument" >&2; exit 2 ;;
  esac
done

cd "$project_root"
if [ "$install" = yes ]; then
  ensure_packages "what the build needs" "${build_packages[@]}"
  ensure_plot_library
fi
build_preset release -DBUILD_TESTING=OFF
say "runs the suite smoke: build/release/bin/podbench run --suite smoke"
exec build/release/bin/podbench run --suite smoke
