#!/usr/bin/env bash
# Every test, from a bare Debian 12: installs what build and tests need, builds, runs them all.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

usage() {
  cat <<'TEXT'
Usage: scripts/test.sh [--sanitizers] [--no-install]

Installs the Debian packages that build and tests need (those that are missing), fetches the plot library of HTML
pages with npm, builds podbench into build/dev and runs every test there. Needs root or sudo for the packages
only. Can be run again.

  --sanitizers   build and test build/asan (address, undefined behaviour) and build/tsan (threads) instead;
                 takes about three times as long
  --no-install   take the packages as they are
  --help         this text
TEXT
}

install=yes
presets=(dev)
for argument in "$@"; do
  case $argument in
    --sanitizers) presets=(asan tsan) ;;
    --no-install) install=no ;;
    --help) usage; exit 0 ;;
    *)
      printf 'test.sh: unknown argument "%s"; known: --sanitizers, --no-install, --help\n' "$argument" >&2
      exit 2
      ;;
  esac
done

cd "$project_root"
if [ "$install" = yes ]; then
  ensure_packages "what the build needs" "${build_packages[@]}"
  ensure_packages "what the tests need" "${test_packages[@]}"
  ensure_plot_library
fi
failed=()
for preset in "${presets[@]}"; do
  build_preset "$preset"
  say "runs the tests of build/$preset"
  ctest --preset "$preset" --no-tests=error -j "$(nproc)" || failed+=("$preset")
done
[ "${#failed[@]}" = 0 ] || exit 1
