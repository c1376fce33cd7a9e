# Shared by quickstart.sh, test.sh and clean-room.sh, which source it: packages, configure, build.
#
# Needs bash, coreutils, awk and apt, which every Debian has. Changes nothing that is already as it should
# be, so that everything here can be run again.
# shellcheck shell=bash

project_root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

# What the program and all its transports are built from and run with.
build_packages=(
  g++ cmake ninja-build pkg-config
  libfmt-dev libcli11-dev libtomlplusplus-dev nlohmann-json3-dev libtinyxml2-dev
  libhwloc-dev libsodium-dev libpmix-dev libboost-dev libbenchmark-dev libhdf5-dev zlib1g-dev
  libfabric-dev libucx-dev
  libopenmpi-dev openmpi-bin libmpich-dev mpich
)

# What only the tests use: readers of other makes for the run file, a scheduler, shells that complete, what a pod of
# namespaces is made of.
test_packages=(
  libgtest-dev
  hdf5-tools python3 python3-h5py python3-pandas
  munge slurmctld slurmd slurm-client
  zsh
  chromium-headless-shell fonts-dejavu-core
  iproute2 iptables openssh-client openssh-server procps util-linux
)

# What makes the charts of HTML pages live (docs/report.md). One known file of it is embedded, see
# analysis/report/page_assets.cmake.
plot_library=uplot@1.6.32

say() { printf '==> %s\n' "$*"; }

# Ends the script: what is wrong, and what would be right.
give_up() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 4
}

missing_packages() {
  local package
  for package in "$@"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || echo "$package"
  done
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  else
    sudo "$@"
  fi
}

apt_install() {
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -q -y --no-install-recommends -o Dpkg::Use-Pty=0 "$@" </dev/null
}

# Packages with daemons (munge, Slurm) would start them; the tests start their own, so nothing is started
# while we install. A policy that the machine already has is left alone.
without_starting_services() {
  local policy=/usr/sbin/policy-rc.d status=0
  if [ -e "$policy" ]; then
    "$@"
    return
  fi
  printf '#!/bin/sh\nexit 101\n' | as_root sh -c "cat >$policy && chmod 755 $policy"
  "$@" || status=$?
  as_root rm -f "$policy"
  return "$status"
}

# ensure_packages WHAT PACKAGE...: installs those of the packages that are not there.
ensure_packages() {
  local what=$1
  shift
  command -v apt-get >/dev/null && command -v dpkg-query >/dev/null ||
    give_up "no apt-get here; install the like of these yourself and give --no-install: $*"
  local missing
  mapfile -t missing < <(missing_packages "$@")
  if [ "${#missing[@]}" = 0 ]; then
    say "$what: all $# Debian packages are installed"
    return
  fi
  if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    give_up "neither root nor sudo; have an administrator run: apt-get install ${missing[*]}"
  fi
  say "$what: installs ${#missing[@]} of $# Debian packages: ${missing[*]}"
  local log
  log=$(mktemp)
  if ! apt-get install -s --no-install-recommends "${missing[@]}" >/dev/null 2>&1; then
    say "refreshes the package lists"
    as_root apt-get update -q </dev/null >"$log" 2>&1 || { cat "$log" >&2; give_up "apt-get update failed"; }
  fi
  if ! without_starting_services apt_install "${missing[@]}" >"$log" 2>&1; then
    say "refreshes the package lists and tries again"
    { as_root apt-get update -q </dev/null &&
      without_starting_services apt_install "${missing[@]}"; } >"$log" 2>&1 ||
      { tail -n 30 "$log" >&2; give_up "could not install the packages"; }
  fi
  rm -f "$log"
}

# Fetches the plot library into build/plot with npm, which is installed where it is missing. Nothing ends where that
# fails: the charts of pages are pictures then.
ensure_plot_library() {
  local folder="$project_root/build/plot"
  local log="$folder/npm.log"
  if [ -e "$folder/node_modules/uplot/dist/uPlot.iife.min.js" ]; then
    say "the plot library is in build/plot"
    return
  fi
  mkdir -p "$folder"
  if ! command -v npm >/dev/null && ! (ensure_packages "what fetches the plot library" npm); then
    say "goes on without the plot library: the charts of HTML pages will be pictures"
    return
  fi
  say "fetches the plot library $plot_library with npm into build/plot"
  npm install --prefix "$folder" --no-save --ignore-scripts --no-audit --no-fund "$plot_library" </dev/null >"$log" 2>&1 ||
    say "that failed (see build/plot/npm.log): the charts of HTML pages will be pictures"
}

# Compile jobs at a time: one a core, but none without 1.5 GiB of memory.
build_jobs() {
  local by_memory cores
  cores=$(nproc)
  by_memory=$(awk '/^MemAvailable:/ {print int($2 / 1572864)}' /proc/meminfo)
  [ "$by_memory" -ge 1 ] || by_memory=1
  echo $((cores < by_memory ? cores : by_memory))
}

# Of ninja's output a line each tenth, and all that is not progress.
tenths() {
  awk 'match($0, /^\[[0-9]+\/[0-9]+\]/) {
         split(substr($0, 2, RLENGTH - 2), n, "/"); tenth = int(10 * n[1] / n[2])
         if (tenth > shown) { shown = tenth; print "    " $1; fflush() }
         next
       }
       { print; fflush() }'
}

# build_preset PRESET [CMAKE_OPTION...]: configures and builds build/PRESET.
build_preset() {
  local preset=$1 jobs log launcher=()
  shift
  jobs=$(build_jobs)
  command -v ccache >/dev/null && launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
  mkdir -p "$project_root/build/$preset"
  log="$project_root/build/$preset/configure.log"
  say "configures build/$preset"
  (cd "$project_root" && cmake --preset "$preset" "${launcher[@]}" "$@") >"$log" 2>&1 ||
    { tail -n 40 "$log" >&2; give_up "configuring failed; all of it is in $log"; }
  say "builds build/$preset with $jobs jobs"
  if [ -t 1 ]; then
    cmake --build "$project_root/build/$preset" -j "$jobs"
  else
    cmake --build "$project_root/build/$preset" -j "$jobs" 2>&1 | tenths
  fi || give_up "the build failed; see above"
}
