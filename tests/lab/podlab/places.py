"""Where things of a lab lie, seen from inside it: on file systems that vanish with it."""

import json
import os

from podlab import shape as shapes

STATE = "/run/lab"  # the lab's, seen by the head and all nodes
OWN = "/run/own"  # a node's own: temporary files
PROGRAMS = f"{STATE}/bin"  # first on PATH
KEEPER = 1  # the keeper is the first process of the lab's process namespace

HOSTS, SHAPE, IDENTITY = f"{STATE}/hosts", f"{STATE}/shape.json", f"{STATE}/identity"
FAULTS, PIDS, FORK_POINT = f"{STATE}/faults", f"{STATE}/pids", f"{STATE}/fork"
SLURM_CONF = f"{STATE}/slurm.conf.path"
SSH = f"{STATE}/ssh"


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def keep_shape(shape):
    write(SHAPE, json.dumps(vars(shape)))


def kept_shape(root=""):
    return shapes.Shape(**json.loads(read(root + SHAPE)))


def keep_pid(name, pid):
    write(f"{PIDS}/{name}", str(pid))


def pid_of(name):
    """The process that holds a node's (or the fabric's) namespaces, or None where it is dead."""
    if name == shapes.HEAD:
        return KEEPER
    try:
        pid = int(read(f"{PIDS}/{name}"))
    except FileNotFoundError:
        return None
    return pid if os.path.exists(f"/proc/{pid}/ns/net") else None


def environment(inherited):
    """What a command of the lab finds in its environment besides what is `inherited`."""
    result = dict(inherited)
    path = result.get("PATH", os.defpath)
    if PROGRAMS not in path.split(":"):
        result["PATH"] = f"{PROGRAMS}:{path}"
    # Nodes share the machine's cores; what is written to the temporary folder must not outlive the lab.
    result.update(PODBENCH_SHARED_CORES="1", TMPDIR=OWN)
    if os.geteuid() == 0:
        result.update(OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
    if os.path.exists(SLURM_CONF):
        result["SLURM_CONF"] = read(SLURM_CONF).strip()
    return result
