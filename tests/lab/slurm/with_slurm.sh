#!/usr/bin/env bash
# A Slurm of one's own for the length of one command: munge, slurmctld and slurmd on this machine.
#
#   with_slurm.sh [--nodes N] COMMAND...      runs COMMAND with SLURM_CONF set; its exit status is ours
#   with_slurm.sh --cluster FILE COMMAND...   the same on machines that are namespaces (tests/lab/lab.py)
#
# Nodes are n1, n2, ... on the loopback, or what FILE names: a line "NAME ADDRESS COMMAND..." a machine, the first
# of which, where this script runs, is the controller; what follows COMMAND is executed on that machine. There a
# slurmd that ends, as with its machine, is started again.
#
# Everything lives in one temporary folder with its own key, sockets and ports; no service, user or file of
# the system is touched, and any number may run side by side. When the command ends, or this script is
# killed in whatever way, the daemons, what runs under them and the folder are removed. Needs Debian's munge,
# slurmctld, slurmd and slurm-client; neither systemd nor cgroups. Works as root and as a plain user.
set -euo pipefail
export PATH="$PATH:/usr/sbin:/sbin"

complain() {
  printf 'with_slurm.sh: %s\n' "$*" >&2
  exit 4
}

# Process ids of all that carry the mark $1 in their environment.
marked() {
  { grep -lzFx "$1" /proc/[0-9]*/environ 2>/dev/null || true; } | cut -d/ -f3
}

# The daemons of the lab in folder $1. Step daemons write their title over their mark and are noted down as
# they start.
daemons() {
  local pid
  marked "PODBENCH_LAB_DAEMON=$1"
  while read -r pid; do
    if grep -q '^slurmstepd' "/proc/$pid/comm" 2>/dev/null; then echo "$pid"; fi
  done 2>/dev/null <"$1/steps" || true
}

# `end_all SIGNAL TENTHS COMMAND...`: signals what COMMAND lists and gives it so many tenths of a second.
end_all() {
  local signal=$1 tenths=$2 pids
  shift 2
  mapfile -t pids < <("$@")
  [ "${#pids[@]}" -gt 0 ] || return 0
  kill -s "$signal" "${pids[@]}" 2>/dev/null || true
  while [ "$((tenths--))" -gt 0 ] && [ -n "$("$@")" ]; do sleep 0.1; done
}

# The command goes first and gently, while its daemons can still tell its tasks; then all that is left.
remove_lab() {
  local folder=$1
  end_all TERM 50 marked "PODBENCH_LAB=$folder"
  for _ in 1 2 3; do
    end_all KILL 10 marked "PODBENCH_LAB=$folder"
    end_all KILL 10 daemons "$folder"
  done
  rm -rf "$folder"
}

# `--reap FOLDER`: kill -9 cannot be caught, so a process in a session of its own waits for the script to go,
# which is when the pipe that only the script holds ends, and tidies up what it then finds.
if [ "${1:-}" = --reap ]; then
  trap '' INT TERM HUP
  cat >/dev/null
  if [ -d "$2" ]; then remove_lab "$2"; fi
  exit 0
fi

nodes=1 cluster=
case ${1:-} in
  --nodes) nodes=${2:?--nodes needs a number}; shift 2 ;;
  --cluster) cluster=${2:?--cluster needs a file}; shift 2 ;;
esac
[ "$#" -gt 0 ] || { printf 'usage: with_slurm.sh [--nodes N | --cluster FILE] COMMAND...\n' >&2; exit 2; }
for program in munged mungekey slurmctld slurmd sinfo srun; do
  command -v "$program" >/dev/null ||
    complain "$program is missing; install munge, slurmctld, slurmd and slurm-client"
done

folder=$(mktemp -d "${TMPDIR:-/tmp}/podbench-slurm.XXXXXX")
chmod 755 "$folder"
exec {alive}> >(exec setsid "$0" --reap "$folder" >/dev/null 2>&1)
reaper=$!
trap 'remove_lab "$folder"; kill -KILL "$reaper"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# `start NAME COMMAND...`: a daemon in the foreground, marked, its output kept in the folder.
start() {
  local name=$1
  shift
  env "PODBENCH_LAB_DAEMON=$folder" "SLURM_CONF=$folder/slurm.conf" "$@" </dev/null >"$folder/$name.log" 2>&1 {alive}>&- &
  disown
}

# `await SECONDS WHAT COMMAND...`: until COMMAND succeeds; then nothing, else the daemons' last words.
await() {
  local deadline=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    if [ "$SECONDS" -ge "$deadline" ]; then
      tail -n 15 "$folder"/*.log >&2
      complain "$what did not come up"
    fi
    sleep 0.1
  done
}

# As many free TCP ports as asked for: held together, so that they differ, and let go at once.
free_ports() {
  python3 - "$1" <<'PYTHON'
import socket, sys
held = [socket.create_server(("127.0.0.1", 0)) for _ in range(int(sys.argv[1]))]
print(*(s.getsockname()[1] for s in held))
PYTHON
}

# Node i is names[i], which calls itself hosts[i], at addresses[i]:ports[i]; number 0 is the controller.
names=() hosts=() addresses=() ports=() on=()

loopback_machines() {
  local node host
  host=$(hostname -s)
  for ((node = 0; node <= nodes; ++node)); do
    names+=("n$node") hosts+=("$host") addresses+=(127.0.0.1)
  done
  read -ra ports < <(free_ports $((nodes + 1)))
}

cluster_machines() {
  local name address enter
  while read -r name address enter; do
    names+=("$name") hosts+=("$name") addresses+=("$address") ports+=(6818) on+=("$enter")
  done <"$1"
  ports[0]=6817
  nodes=$((${#names[@]} - 1))
}

write_configuration() {
  local user node
  user=$(id -un)
  cat <<CONF
ClusterName=podbench_lab
SlurmctldHost=${hosts[0]}(${addresses[0]})
SlurmctldPort=${ports[0]}
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket
CredType=cred/munge
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool.%n
TmpFS=$folder/tmp.%n
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.%n.pid
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
JobAcctGatherType=jobacct_gather/none
SlurmdParameters=config_overrides
ReturnToService=2
MpiDefault=none
CONF
  for ((node = 1; node <= nodes; ++node)); do
    mkdir "$folder/spool.${names[node]}" "$folder/tmp.${names[node]}"
    # More CPUs than the machine has: the patterns are to run with more ranks than cores.
    echo "NodeName=${names[node]} NodeHostname=${hosts[node]} NodeAddr=${addresses[node]} Port=${ports[node]}" \
      "CPUs=16 State=UNKNOWN"
  done
  echo "PartitionName=lab Nodes=ALL Default=YES MaxTime=INFINITE State=UP"
}

# Stands before each step daemon that slurmd starts.
write_step_starter() {
  printf '#!/bin/sh\necho "$$" >>%q\nexec %q "$@"\n' "$folder/steps" "$(command -v slurmstepd)" \
    >"$folder/slurmstepd"
  chmod 755 "$folder/slurmstepd"
}

mkdir "$folder/state"
touch "$folder/steps"
if [ -n "$cluster" ]; then cluster_machines "$cluster"; else loopback_machines; fi
write_configuration >"$folder/slurm.conf"
(umask 077 && mungekey -c -b 1024 -k "$folder/munge.key")
write_step_starter
start munged munged -F --force --key-file="$folder/munge.key" --socket="$folder/munge.socket" \
  --pid-file="$folder/munged.pid" --log-file="$folder/munged.audit" --seed-file="$folder/munged.seed"
await 10 munge test -S "$folder/munge.socket"
start slurmctld slurmctld -D
for ((node = 1; node <= nodes; ++node)); do
  daemon=(slurmd -D -N "${names[node]}" -d "$folder/slurmstepd")
  if [ -n "$cluster" ]; then
    read -ra enter <<<"${on[node]}"
    # shellcheck disable=SC2016
    daemon=(bash -c 'while :; do "$@"; sleep 1; done' slurmd "${enter[@]}" "${daemon[@]}")
  fi
  start "slurmd.${names[node]}" "${daemon[@]}"
done
all_idle() {
  [ "$(SLURM_CONF=$folder/slurm.conf sinfo -h -N -t idle -o %N | wc -l)" = "$nodes" ]
}
await 60 "the cluster of $nodes nodes" all_idle

env "PODBENCH_LAB=$folder" "SLURM_CONF=$folder/slurm.conf" "$@" <&0 {alive}>&- &
wait "$!"
