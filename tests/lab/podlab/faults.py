"""Faults that are planted in a running lab and healed again. Runs inside the lab.

A planted fault is a file in the lab's state: what, where, and what healing needs. There is at most one of a kind at a
place.
"""

import dataclasses
import json
import os
import signal
import time

from podlab import fabric, places, processes, services, system
from podlab.shape import ShapeError, format_rate, within

WAYS = ("up", "down", "both")


@dataclasses.dataclass
class Fault:
    kind: str
    where: str
    told: dict  # as it was asked for
    kept: dict = dataclasses.field(default_factory=dict)  # for healing

    @property
    def path(self):
        return f"{places.FAULTS}/{self.kind}@{self.where}"

    def describe(self):
        details = " ".join(f"{name.replace('_', '-')}={value}" for name, value in self.told.items())
        return f"{self.kind} {self.where} {details}".rstrip()


def planted():
    faults = [Fault(**json.loads(places.read(f"{places.FAULTS}/{name}"))) for name in os.listdir(places.FAULTS)]
    return sorted(faults, key=lambda fault: (fault.kind, fault.where))


# --- what each kind does; `told` has been checked

def _ends(shape, link):
    """Both directions of a link: (machine or fabric, its interface), upward first."""
    downward = (fabric.FABRIC, fabric.port(link.upper, link.lower, shape))
    if link in shape.node_links:
        return (link.lower, fabric.NIC), downward
    return (fabric.FABRIC, fabric.port(link.lower, link.upper, shape)), downward


def _limit(shape, link, way, rate):
    for (machine, device), direction in zip(_ends(shape, link), ("up", "down")):
        if way in (direction, "both"):
            fabric.batch("tc", places.pid_of(machine), [fabric.limit(device, rate, shape.mtu)])


def plant_slow(shape, fault):
    link = shape.link(fault.where)
    rate = round(link.rate * fault.told["share"])
    within("the link's rate, bit/s,", rate, 100_000, link.rate)
    _limit(shape, link, fault.told["way"], rate)


def heal_slow(shape, fault):
    link = shape.link(fault.where)
    _limit(shape, link, "both", link.rate)


def _switch_port(shape, link):
    """The port at which a link is cut: the upper end, so that a machine sees its carrier go."""
    return fabric.port(link.upper, link.lower, shape)


def _set_port(device, state):
    system.call(*system.enter_network(places.pid_of(fabric.FABRIC), "ip", "link", "set", device, state))


def plant_flap(shape, fault):
    device = _switch_port(shape, shape.link(fault.where))
    up, down = fault.told["up"], fault.told["down"]

    def flap():
        while True:
            _set_port(device, "down")
            time.sleep(down)
            _set_port(device, "up")
            time.sleep(up)

    fault.kept["pid"] = processes.background(flap)


def heal_flap(shape, fault):
    _end(fault.kept["pid"])
    heal_cut(shape, fault)


def plant_cut(shape, fault):
    _set_port(_switch_port(shape, shape.link(fault.where)), "down")


def heal_cut(shape, fault):
    _set_port(_switch_port(shape, shape.link(fault.where)), "up")


def _drop_rule(action, fault):
    return ("iptables", action, "INPUT", "--in-interface", fabric.NIC, "--match", "statistic", "--mode", "random",
            "--probability", f"{fault.told['share']:.6f}", "--jump", "DROP")


def plant_drop(_shape, fault):
    system.call(*system.enter(places.pid_of(fault.where), *_drop_rule("--append", fault)))


def heal_drop(_shape, fault):
    system.call(*system.enter(places.pid_of(fault.where), *_drop_rule("--delete", fault)))


def plant_slow_cpu(shape, fault):
    """The machine's processes run for a share of each period and stand still for the rest, all at the same time.

    A quota of a control group would do nothing on a lab whose machines share few cores and get less than it anyway,
    and it would outlive the lab.
    """
    _alone(fault, "hang")
    anchor = places.pid_of(fault.where)
    on_s = fault.told["period"] * fault.told["share"]
    off_s = fault.told["period"] - on_s

    def throttle():
        os.setpriority(os.PRIO_PROCESS, 0, -20)
        processes.join(anchor)
        return processes.wait_for(processes.tied_child(beat))

    def beat():
        while True:
            _signal_all(signal.SIGSTOP)
            time.sleep(off_s)
            _signal_all(signal.SIGCONT)
            time.sleep(on_s)

    fault.kept["pid"] = processes.background(throttle)


def _signal_all(number):
    """To every process of this process namespace but the first and this one."""
    try:
        os.kill(-1, number)
    except ProcessLookupError:
        pass


def heal_slow_cpu(_shape, fault):
    _end(fault.kept["pid"])
    processes.inside(places.pid_of(fault.where), lambda: _signal_all(signal.SIGCONT))


def _alone(fault, other):
    """Both stop processes, and each would set those of the other going again."""
    if os.path.exists(Fault(other, fault.where, {}).path):
        raise ShapeError(f"{fault.kind} and {other} exclude each other on one machine; heal {other} first")


def _set_mtu(machine, mtu):
    system.call(*system.enter(machine, "ip", "link", "set", fabric.NIC, "mtu", str(mtu)))


def plant_mtu(shape, fault):
    within("the wrong MTU", fault.told["bytes"], 576, shape.mtu - 1)
    _set_mtu(places.pid_of(fault.where), fault.told["bytes"])


def heal_mtu(shape, fault):
    _set_mtu(places.pid_of(fault.where), shape.mtu)


def plant_dead(_shape, fault):
    """As without power: the cable first, so that no process can say good-bye. Its other faults go with it."""
    heal(where=fault.where)
    anchor = places.pid_of(fault.where)
    _set_port(fault.where, "down")
    os.kill(anchor, signal.SIGKILL)
    while places.pid_of(fault.where) is not None:
        time.sleep(0.01)
    os.unlink(f"{places.PIDS}/{fault.where}")


def heal_dead(shape, fault):
    devices = system.call(*system.enter_network(places.pid_of(fabric.FABRIC), "ip", "-o", "link"))
    if f" {fault.where}@" in devices or f" {fault.where}:" in devices:
        # The kernel takes its time with the old machine's interface.
        system.call(*system.enter_network(places.pid_of(fabric.FABRIC), "ip", "link", "delete", fault.where))
    fabric.boot(shape, fault.where)
    services.start_on_boot(fault.where)


def plant_hang(_shape, fault):
    _alone(fault, "slow-cpu")
    ranks = _ranks_of(places.pid_of(fault.where))
    wanted = fault.told.get("rank", min(ranks, default=None))
    if wanted not in ranks:
        raise ShapeError(f"{fault.where} has no rank {wanted if wanted is not None else 'that runs'}"
                         + (f"; it has {', '.join(map(str, sorted(ranks)))}" if ranks else ""))
    fault.told["rank"], fault.kept["pid"] = wanted, ranks[wanted]
    os.kill(ranks[wanted], signal.SIGSTOP)


def heal_hang(_shape, fault):
    try:
        os.kill(fault.kept["pid"], signal.SIGCONT)
    except ProcessLookupError:
        pass  # it was ended in the meantime


RANK_VARIABLES = ("PODBENCH_RANK", "PMIX_RANK", "OMPI_COMM_WORLD_RANK", "PMI_RANK", "SLURM_PROCID")


def _ranks_of(anchor):
    """rank → process of podbench's ranks on the machine."""
    space = os.readlink(f"/proc/{anchor}/ns/pid")
    ranks = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.readlink(f"/proc/{entry}/ns/pid") != space or places.read(f"/proc/{entry}/comm") != "podbench\n":
                continue
            with open(f"/proc/{entry}/environ", "rb") as file:
                variables = dict(line.split("=", 1) for line in file.read().decode(errors="replace").split("\0")
                                 if "=" in line)
        except OSError:
            continue
        for name in RANK_VARIABLES:
            if variables.get(name, "").isdigit():
                ranks[int(variables[name])] = int(entry)
                break
    return ranks


def _end(pid):
    try:
        os.kill(pid, signal.SIGKILL)
        while os.path.exists(f"/proc/{pid}"):
            time.sleep(0.01)
    except ProcessLookupError:
        pass


# kind → what it may be planted at ("node" or "link"), plant, heal
KINDS = {
    "slow-nic": ("node", plant_slow, heal_slow),
    "slow-uplink": ("uplink", plant_slow, heal_slow),
    "flap": ("link", plant_flap, heal_flap),
    "cut": ("link", plant_cut, heal_cut),
    "drop": ("node", plant_drop, heal_drop),
    "slow-cpu": ("node", plant_slow_cpu, heal_slow_cpu),
    "mtu": ("node", plant_mtu, heal_mtu),
    "dead": ("node", plant_dead, heal_dead),
    "hang": ("node", plant_hang, heal_hang),
}


def check_place(shape, kind, where):
    place = KINDS[kind][0]
    if place == "node":
        if where not in shape.node_names:
            raise ShapeError(f'there is no node "{where}"; there are n1 to n{shape.nodes}')
        return where
    link = shape.link(where)
    if place == "uplink" and link not in shape.uplinks:
        raise ShapeError(f'"{where}" is a node\'s link: that is the fault slow-nic')
    return link.name


def plant(kind, where, told):
    shape = places.kept_shape()
    fault = Fault(kind, check_place(shape, kind, where), told)
    if os.path.exists(fault.path):
        raise ShapeError(f"{kind} is planted at {where} already; heal it first")
    machine = fault.where.split("-")[0]
    if os.path.exists(Fault("dead", machine, {}).path):
        raise ShapeError(f"{machine} is dead; heal it first")
    KINDS[kind][1](shape, fault)
    places.write(fault.path, json.dumps(dataclasses.asdict(fault)))
    return fault


def heal(kinds=(), where=None):
    """Heals what matches; all where nothing is said."""
    shape = places.kept_shape()
    faults = [fault for fault in planted()
              if (not kinds or fault.kind in kinds)
              and (where is None or where == fault.where or where == fault.where.split("-")[0])]
    for fault in faults:
        KINDS[fault.kind][2](shape, fault)
        os.unlink(fault.path)
    return faults


def summary(fault, shape):
    """What the fault means in figures, for people."""
    if fault.kind in ("slow-nic", "slow-uplink"):
        link = shape.link(fault.where)
        return f"{fault.describe()} ({format_rate(round(link.rate * fault.told['share']))} of {format_rate(link.rate)})"
    return fault.describe()
