"""What machines of a pod have running: a way to log in, and on request sshd and Slurm."""

import os
import shlex
import subprocess
import sys
import time

from podlab import places, processes, system
from podlab.shape import HEAD

SLURM_PATIENCE_S = 90
LAB_FOLDER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
WITH_SLURM = os.path.join(LAB_FOLDER, "slurm", "with_slurm.sh")

# `on MACHINE COMMAND...`: the command as a process of the machine.
ON = f"""#!/bin/sh
exec {shlex.quote(sys.executable)} -B -S {shlex.quote(os.path.join(LAB_FOLDER, "on.py"))} "$@"
"""

# Takes ssh's place: no cryptography and no daemon, but as bare an environment as a real login has.
STAND_IN = f"""#!/bin/sh
while [ $# -gt 0 ]; do
  case $1 in
    -[bcDEeFIiJLlmOopQRSWw]) shift 2 ;;
    -*) shift ;;
    *) break ;;
  esac
done
host=${{1#*@}}
shift
exec {places.PROGRAMS}/on "$host" env -i ENVIRONMENT sh -c 'cd; exec sh -c "$1"' sh "$*"
"""

SSHD_CONFIG = f"""
HostKey {places.SSH}/host_key
AuthorizedKeysFile {places.SSH}/key.pub
PidFile none
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
SetEnv ENVIRONMENT
"""

CLIENT_CONFIG = f"""
Host *
  IdentityFile {places.SSH}/key
  UserKnownHostsFile {places.SSH}/known_hosts
  GlobalKnownHostsFile /dev/null
  StrictHostKeyChecking yes
"""


def login_environment():
    """What a login finds besides HOME and the like, as a machine's /etc/environment would give it."""
    return places.environment({"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"})


def write_program(name, text):
    path = f"{places.PROGRAMS}/{name}"
    places.write(path, text)
    os.chmod(path, 0o755)


def start(shape, wanted):
    write_program("on", ON)
    if "sshd" in wanted:
        prepare_sshd()
        for node in shape.node_names:
            start_on_boot(node)
    else:
        home = os.environ.get("HOME", "/")
        login = {**login_environment(), "HOME": home}
        write_program("ssh", STAND_IN.replace("ENVIRONMENT", words(login)))
    if "slurm" in wanted:
        start_slurm(shape)


def words(environment):
    return " ".join(shlex.quote(f"{name}={value}") for name, value in environment.items())


def require_real_root(what, instead):
    """Daemons that change users cannot live where there is only one."""
    if os.getuid() != 0 or places.read("/proc/self/uid_map").split() != ["0", "0", "4294967295"]:
        raise system.LabError(f"{what} needs real root; {instead}")


def prepare_sshd():
    require_real_root("sshd", "without --sshd the lab has a stand-in for ssh")
    system.require_commands("sshd", "ssh", "ssh-keygen", packages="openssh-server and openssh-client")
    for key in ("host_key", "key"):
        system.call("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", f"{places.SSH}/{key}")
    kind, key = places.read(f"{places.SSH}/host_key.pub").split()[:2]
    places.write(f"{places.SSH}/known_hosts", f"* {kind} {key}\n")
    places.write(f"{places.SSH}/sshd_config", SSHD_CONFIG.replace("ENVIRONMENT", words(login_environment())))
    places.write(f"{places.SSH}/config", CLIENT_CONFIG)
    write_program("ssh", f'#!/bin/sh\nexec {system.command_path("ssh")} -F {places.SSH}/config "$@"\n')


def start_on_boot(node):
    """Services that a machine starts by itself; Slurm's are looked after by with_slurm.sh."""
    if os.path.exists(f"{places.SSH}/sshd_config"):
        daemon = (system.command_path("sshd"), "-f", f"{places.SSH}/sshd_config")
        if processes.inside(places.pid_of(node), lambda: processes.execute(daemon, os.environ)) != 0:
            raise system.LabError(f"sshd does not start on {node}")


def start_slurm(shape):
    require_real_root("Slurm in a lab", "for a plain user slurm/with_slurm.sh runs one on the loopback")
    cluster = f"{places.STATE}/cluster"
    machines = (HEAD, *shape.node_names)
    places.write(cluster, "".join(f"{name} {shape.address(name)} {places.PROGRAMS}/on {name}\n" for name in machines))
    told = f'printf %s "$SLURM_CONF" >{places.SLURM_CONF}.new && mv {places.SLURM_CONF}.new {places.SLURM_CONF}'
    log = f"{places.STATE}/slurm.log"
    with open(log, "w", encoding="utf-8") as output:
        slurm = subprocess.Popen([WITH_SLURM, "--cluster", cluster, "sh", "-c", f"{told}; exec sleep infinity"],
                                 env={**places.environment(os.environ), "TMPDIR": places.STATE}, stdin=subprocess.DEVNULL, stdout=output,
                                 stderr=output, start_new_session=True)
    deadline = time.monotonic() + SLURM_PATIENCE_S
    while not os.path.exists(places.SLURM_CONF):
        if slurm.poll() is not None or time.monotonic() > deadline:
            raise system.LabError(f"Slurm does not come up: {' | '.join(places.read(log).splitlines()[-3:])}")
        time.sleep(0.05)
