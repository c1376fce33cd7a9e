#!/usr/bin/python3
"""Pods of 4 to 16 nodes on one machine: network namespaces, leaf and spine bridges, rate-limited links, faults.

    lab.py up --nodes 8 --leaves 2          builds a lab that stays
    lab.py run n3 hostname                  runs a command on a node (or on the head)
    lab.py fault slow-nic n3 --way up       plants a fault; `heal` heals, `faults` lists
    lab.py down                             removes the lab and all that runs in it
    lab.py with --nodes 4 -- COMMAND...     a lab for the length of one command, which runs on the head

docs/lab.md is the guide. Needs root or user namespaces, iproute2 and iptables; exit code 4 where it cannot be built.
"""

import argparse
import os
import re
import secrets
import signal
import sys
import time

sys.dont_write_bytecode = True  # nothing is left beside the sources
from podlab import faults, keeper, places, pod_file, processes, shape, system  # noqa: E402

GOOD, WRONG_REQUEST, NOT_COMPLETED = 0, 2, 4


def add_shape(parser):
    parser.add_argument("--shape", metavar="FILE.toml", help="the shape's file; the flags below change it")
    parser.add_argument("--nodes", type=int, help="nodes, 2 to 16 (default 4)")
    parser.add_argument("--leaves", type=int, help="leaf switches (default 2)")
    parser.add_argument("--spines", type=int, help="spine switches (default 1)")
    parser.add_argument("--rate", help='of a node\'s link (default "200 Mbit/s")')
    parser.add_argument("--uplink-rate", help='of a link between leaf and spine (default "400 Mbit/s")')
    parser.add_argument("--mtu", type=int, help="(default 9000)")
    parser.add_argument("--name", help="the pod's name in pod.toml (default lab)")


def shape_of(told):
    base = vars(shape.read_shape(told.shape) if told.shape else shape.Shape())
    for key in ("nodes", "leaves", "spines", "mtu", "name"):
        if getattr(told, key) is not None:
            base[key] = getattr(told, key)
    if told.rate is not None:
        base["node_rate"] = shape.parse_rate(told.rate)
    if told.uplink_rate is not None:
        base["uplink_rate"] = shape.parse_rate(told.uplink_rate)
    return shape.Shape(**base)


def add_services(parser):
    parser.add_argument("--slurm", action="store_true", help="with munge, slurmctld and a slurmd on each node")
    parser.add_argument("--sshd", action="store_true", help="with sshd on each node in place of the stand-in")


def services_of(told):
    return {name for name in ("slurm", "sshd") if getattr(told, name)}


def find_lab(told):
    """(identity, process of the keeper) of the lab that is meant."""
    labs = processes.labs()
    wanted = told.lab or os.environ.get("PODBENCH_LAB_ID")
    if wanted:
        if wanted not in labs:
            raise shape.ShapeError(f'there is no lab "{wanted}"; `lab.py list` shows those that run')
        return wanted, labs[wanted]
    if len(labs) != 1:
        raise shape.ShapeError("no lab runs; `lab.py up` builds one" if not labs
                               else f"several labs run; choose with --lab: {', '.join(sorted(labs))}")
    return next(iter(labs.items()))


def new_identity(told):
    identity = told.lab or secrets.token_hex(3)
    if not re.fullmatch(r"[A-Za-z0-9_.]{1,11}", identity):
        raise shape.ShapeError("a lab's identity is 1 to 11 letters, digits, dots and underscores")
    if identity in processes.labs():
        raise shape.ShapeError(f'a lab "{identity}" runs already')
    return identity


def up(told):
    wanted = shape_of(told)
    identity = new_identity(told)
    keeper.check_machine()
    code = keeper.leave_lab(wanted, identity, services_of(told))
    if code == GOOD:
        print(f"lab {identity}: {', '.join(wanted.node_names)} behind {', '.join(wanted.leaf_names)}; "
              f"remove it with `lab.py down --lab {identity}`")
    return code


def down(told):
    identity, pid = find_lab(told)
    handle = os.pidfd_open(pid)
    signal.pidfd_send_signal(handle, signal.SIGKILL)
    while processes.labs().get(identity) == pid:
        time.sleep(0.01)
    return GOOD


def with_lab(told):
    if not told.command:
        raise shape.ShapeError("with needs a command: lab.py with --nodes 4 -- COMMAND...")
    wanted = shape_of(told)
    identity = new_identity(told)
    keeper.check_machine()
    os.environ["PODBENCH_LAB_ID"] = identity
    return keeper.with_lab(wanted, identity, services_of(told), told.command)


def list_labs(_told):
    for identity, pid in sorted(processes.labs().items()):
        built = places.kept_shape(f"/proc/{pid}/root")
        print(f"{identity}: {built.nodes} nodes, {built.leaves} leaves, {built.spines} spines, "
              f"{shape.format_rate(built.node_rate)}, uplinks {shape.format_rate(built.uplink_rate)}")
    return GOOD


def run(told):
    if not told.command:
        raise shape.ShapeError("run needs a command: lab.py run n1 hostname")
    _, pid = find_lab(told)
    built = places.kept_shape(f"/proc/{pid}/root")
    if told.node not in (*built.node_names, shape.HEAD):
        raise shape.ShapeError(f'there is no node "{told.node}"; there are head and n1 to n{built.nodes}')

    def on_the_head():
        machine = places.pid_of(told.node)
        if machine is None:
            raise system.LabError(f"{told.node} is dead")
        if told.node == shape.HEAD:
            return execute()
        return processes.inside(machine, execute)

    def execute():
        return processes.execute(told.command, places.environment(os.environ))

    return processes.inside(pid, on_the_head)


def fault(told):
    given = {name: getattr(told, name) for name in ("way", "share", "up", "down", "period", "bytes", "rank")
             if getattr(told, name, None) is not None}

    def plant():
        print(faults.summary(faults.plant(told.kind, told.where, given), places.kept_shape()))

    return in_lab(told, plant)


def heal(told):
    def work():
        healed = faults.heal(told.kind, told.where)
        for one in healed:
            print(f"healed: {one.describe()}")
        if not healed and (told.kind or told.where):
            raise shape.ShapeError("no such fault is planted; `lab.py faults` lists them")

    return in_lab(told, work)


def list_faults(told):
    def work():
        for one in faults.planted():
            print(faults.summary(one, places.kept_shape()))

    return in_lab(told, work)


def print_pod(told):
    if told.lab or not told.from_flags:
        _, pid = find_lab(told)
        described = places.kept_shape(f"/proc/{pid}/root")
    else:
        described = shape_of(told)
    print(pod_file.text_of(described), end="")
    return GOOD


def in_lab(told, work):
    """Does `work` in the lab's own namespaces."""

    def guarded():
        try:
            work()
        except shape.ShapeError as error:
            print(f"lab.py: {error}", file=sys.stderr)
            return WRONG_REQUEST
        finally:
            sys.stdout.flush()
        return GOOD

    return processes.inside(find_lab(told)[1], guarded)


def share(text):
    value = float(text)
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError("a share is above 0 and below 1")
    return value


def seconds(text):
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(ms|s)", text)
    value = float(found[1]) / (1000 if found[2] == "ms" else 1) if found else 0
    if not 0.001 <= value <= 3600:
        raise argparse.ArgumentTypeError("write a time as 200ms or 1.5s")
    return value


def add_faults(commands):
    parser = commands.add_parser("fault", help="plant a fault")
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="KIND")

    def kind(name, where, text):
        one = kinds.add_parser(name, help=text, description=text)
        one.add_argument("where", help=where)
        one.add_argument("--lab", help="the lab's identity")
        return one

    for name, where, way in (("slow-nic", "the node", "send, receive or both"),
                             ("slow-uplink", "the link, as in leaf1-spine1", "up, down or both")):
        slow = kind(name, where, "a link that is slower than its declared rate, one way or both")
        slow.add_argument("--way", choices=sorted(WAYS), default="both", help=f"{way} (default both)")
        slow.add_argument("--share", type=share, default=0.5, help="of its rate that is left (default 0.5)")
    flap = kind("flap", "a node or a link", "a link that goes down and up again")
    flap.add_argument("--up", type=seconds, default=1.0, help="(default 1s)")
    flap.add_argument("--down", type=seconds, default=0.2, help="(default 200ms)")
    kind("cut", "a node or a link", "a link that is down")
    kind("drop", "the node", "a node that loses packets that it receives").add_argument(
        "--share", type=share, default=0.01, help="of packets (default 0.01)")
    slow = kind("slow-cpu", "the node", "a node whose processes run only part of the time")
    slow.add_argument("--share", type=share, default=0.5, help="of the time that is left (default 0.5)")
    slow.add_argument("--period", type=seconds, default=0.02, help="(default 20ms)")
    kind("mtu", "the node", "a node with a wrong MTU").add_argument("--bytes", type=int, default=1500,
                                                                    help="(default 1500)")
    kind("dead", "the node", "a node without power; healing boots it")
    kind("hang", "the node", "a rank of podbench that stands still").add_argument(
        "--rank", type=int, help="(default: the node's lowest)")


WAYS = {"send": "up", "receive": "down", "up": "up", "down": "down", "both": "both"}


def parse(arguments):
    parser = argparse.ArgumentParser(prog="lab.py", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="chosen", required=True, metavar="COMMAND")
    for name, text in (("up", "build a lab that stays"), ("with", "a lab for the length of one command")):
        build = commands.add_parser(name, help=text)
        build.add_argument("--lab", help="the new lab's identity (default: a new one)")
        add_shape(build)
        add_services(build)
        if name == "with":
            build.add_argument("command", nargs=argparse.REMAINDER, metavar="-- COMMAND...")
    for name, text in (("down", "remove a lab"), ("faults", "list what is planted")):
        commands.add_parser(name, help=text).add_argument("--lab", help="the lab's identity")
    commands.add_parser("list", help="list the labs that run")
    on = commands.add_parser("run", help="run a command on a node")
    on.add_argument("--lab", help="the lab's identity")
    on.add_argument("node")
    on.add_argument("command", nargs=argparse.REMAINDER, metavar="COMMAND...")
    add_faults(commands)
    end = commands.add_parser("heal", help="heal what is planted")
    end.add_argument("--lab", help="the lab's identity")
    end.add_argument("--at", dest="where", help="only at this node or link")
    end.add_argument("kind", nargs="*", choices=[*faults.KINDS, []], metavar="KIND", help="only these (default: all)")
    pod = commands.add_parser("pod", help="print the pod.toml of a lab, or of the shape that flags describe")
    pod.add_argument("--lab", help="the lab's identity")
    add_shape(pod)
    told = parser.parse_args(arguments)
    if getattr(told, "command", None) and told.command[0] == "--":
        told.command = told.command[1:]
    if getattr(told, "way", None):
        told.way = WAYS[told.way]
    if told.chosen == "pod":
        told.from_flags = any(getattr(told, key) is not None for key in
                              ("shape", "nodes", "leaves", "spines", "rate", "uplink_rate", "mtu", "name"))
    return told


DOES = {"up": up, "down": down, "with": with_lab, "list": list_labs, "run": run, "fault": fault, "heal": heal,
        "faults": list_faults, "pod": print_pod}


def main():
    told = parse(sys.argv[1:])
    try:
        return DOES[told.chosen](told)
    except shape.ShapeError as error:
        print(f"lab.py: {error}", file=sys.stderr)
        return WRONG_REQUEST
    except (system.LabError, PermissionError) as error:
        print(f"lab.py: {error}", file=sys.stderr)
        return NOT_COMPLETED


if __name__ == "__main__":
    sys.exit(main())
