"""The switches and cables of a lab: bridges and veth pairs in a network namespace that no machine is in.

Forwarding tables are written in full from Shape.way(), as a subnet manager does; bridges neither learn nor flood, so
that several spines make no loop. All machines know each other's link addresses. Links are limited where a direction
begins, by a token bucket; a packet is a packet of the MTU (segmentation is not put off), and queues hold what flows can
have under way, so that a healthy lab loses nothing.
"""

from podlab import node as nodes
from podlab import places, system
from podlab.shape import HEAD

FABRIC = "fabric"
NIC = "fab0"  # each machine's interface
PREFIX = 16
QUEUE_BYTES = 32 << 20


def batch(program, pid, lines):
    system.call(*system.enter_network(pid, system.command_path(program), "-batch", "-"),
                told="".join(f"{line}\n" for line in lines))


def limit(device, rate, mtu):
    """A line for tc. The bucket holds a millisecond, or two packets where that is more."""
    burst = max(rate // 8000, 2 * (mtu + 14))
    return f"qdisc replace dev {device} root tbf rate {rate}bit burst {burst} limit {QUEUE_BYTES}"


def port(of, towards, shape):
    """The name of the interface of switch `of` that leads to `towards`."""
    return towards if towards == HEAD or towards in shape.node_names else f"{of}-{towards}"


def quiet(device):
    return f"link set dev {device} learning off flood off mcast_flood off bcast_flood off"


def build(shape):
    """All switches and the cables between them. Machines are plugged in one by one."""
    pid = nodes.hold(FABRIC, system.NEW_NETWORK, lambda: None)
    switches = shape.leaf_names + shape.spine_names
    ends = [(link, *end) for link in shape.uplinks for end in ((link.lower, link.upper), (link.upper, link.lower))]
    links = [f"link add {name} mtu {shape.mtu} type bridge stp_state 0 mcast_snooping 0" for name in switches]
    links += [f"link add {port(link.lower, link.upper, shape)} mtu {shape.mtu} type veth"
              f" peer name {port(link.upper, link.lower, shape)} mtu {shape.mtu}" for link in shape.uplinks]
    links += [f"link set {port(of, to, shape)} master {of} up" for _, of, to in ends]
    links += [f"link set {name} up" for name in switches]
    batch("ip", pid, links)
    tables = [quiet(port(of, to, shape)) for _, of, to in ends]
    for switch in switches:
        for machine in (*shape.node_names, HEAD):
            towards = shape.way(switch, machine)
            if towards not in (machine, None):
                tables.append(f"fdb add {shape.mac(machine)} dev {port(switch, towards, shape)} master static")
    batch("bridge", pid, tables)
    if ends:
        batch("tc", pid, [limit(port(of, to, shape), link.rate, shape.mtu) for link, of, to in ends])


def plug_in(shape, machine):
    """The cable between a machine that runs and its switch, and the machine's own network settings."""
    fabric, pid = places.pid_of(FABRIC), places.pid_of(machine)
    switch = shape.top if machine == HEAD else shape.leaf_of(machine)
    batch("ip", fabric, [
        f"link add {machine} mtu {shape.mtu} type veth"
        f" peer name {NIC} mtu {shape.mtu} address {shape.mac(machine)} netns {pid}",
        f"link set {machine} master {switch} up"])
    batch("bridge", fabric, [quiet(machine), f"fdb add {shape.mac(machine)} dev {machine} master static"])
    others = [other for other in (*shape.node_names, HEAD) if other != machine]
    batch("ip", pid, [
        f"address add {shape.address(machine)}/{PREFIX} dev {NIC}",
        f"link set {NIC} gso_max_segs 1 up",
        *(f"neighbour replace {shape.address(other)} lladdr {shape.mac(other)} dev {NIC} nud permanent"
          for other in others)])
    if machine == HEAD:
        return
    batch("tc", fabric, [limit(machine, shape.node_rate, shape.mtu)])
    batch("tc", pid, [limit(NIC, shape.node_rate, shape.mtu)])
    announce_speed(shape, pid)


def announce_speed(shape, pid):
    """A veth calls itself a 10 Gbit/s card; a machine of the lab is to say what its shape says."""
    told = f"{places.OWN}/speed"
    script = f'echo {shape.node_rate // 1_000_000} >{told} && mount --bind {told} /sys/class/net/{NIC}/speed'
    system.call(*system.enter(pid, "sh", "-c", script))


def boot(shape, name):
    nodes.hold_node(name)
    plug_in(shape, name)
