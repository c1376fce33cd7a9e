"""What a lab pod looks like: nodes, leaves, spines and the rates of their links; names, addresses and ways follow.

A shape is a value. ShapeError: one line that says what would be right.
"""

import dataclasses
import re
import tomllib

MOST_NODES, MOST_LEAVES, MOST_SPINES = 16, 8, 4
LEAST_RATE, MOST_RATE = 1_000_000, 10_000_000_000
LEAST_MTU, MOST_MTU = 1280, 65_535
HEAD = "head"
RATE_UNITS = {"bit/s": 1, "kbit/s": 10**3, "Mbit/s": 10**6, "Gbit/s": 10**9}


class ShapeError(Exception):
    """A request that no lab can be built from."""


def parse_rate(text):
    """ "200 Mbit/s" in bits a second."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?) ?([kMG]?bit/s)", str(text).strip())
    if not found:
        raise ShapeError(f'"{text}" is no rate; write it as "200 Mbit/s" (bit/s, kbit/s, Mbit/s, Gbit/s)')
    rate = round(float(found[1]) * RATE_UNITS[found[2]])
    if not LEAST_RATE <= rate <= MOST_RATE:
        raise ShapeError(f'the rate "{text}" is outside 1 Mbit/s to 10 Gbit/s')
    return rate


def format_rate(rate):
    for unit, factor in reversed(RATE_UNITS.items()):
        if rate >= factor:
            return f"{rate / factor:.10g} {unit}"
    return f"{rate} bit/s"


@dataclasses.dataclass(frozen=True)
class Link:
    """Both directions of one cable: `lower` is the node or leaf, `upper` the leaf or spine."""

    lower: str
    upper: str
    rate: int

    @property
    def name(self):
        return f"{self.lower}-{self.upper}"


@dataclasses.dataclass(frozen=True)
class Shape:
    """Nodes n1, n2, ... are dealt to leaf1, leaf2, ... in blocks; each leaf has a link to each of spine1, spine2, ...

    Rates are of one direction of one link, in bits a second.
    """

    name: str = "lab"
    nodes: int = 4
    leaves: int = 2
    spines: int = 1
    node_rate: int = 200_000_000
    uplink_rate: int = 400_000_000
    mtu: int = 9000

    def __post_init__(self):
        within("nodes", self.nodes, 2, MOST_NODES)
        within("leaves", self.leaves, 1, min(MOST_LEAVES, self.nodes))
        within("spines", self.spines, 0, MOST_SPINES)
        within("mtu", self.mtu, LEAST_MTU, MOST_MTU)
        if self.leaves > 1 and self.spines == 0:
            raise ShapeError(f"{self.leaves} leaves need at least one spine between them")
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}", self.name):
            raise ShapeError(f'"{self.name}" is no name: letters, digits and . _ -, up to 63')

    @property
    def node_names(self):
        return [f"n{i}" for i in range(1, self.nodes + 1)]

    @property
    def leaf_names(self):
        return [f"leaf{i}" for i in range(1, self.leaves + 1)]

    @property
    def spine_names(self):
        return [f"spine{i}" for i in range(1, self.spines + 1)]

    def number(self, node):
        """From 0; the head comes last."""
        return self.nodes if node == HEAD else int(node[1:]) - 1

    def leaf_of(self, node):
        return self.leaf_names[self.number(node) * self.leaves // self.nodes]

    def leaf_nodes(self, leaf):
        return [node for node in self.node_names if self.leaf_of(node) == leaf]

    def address(self, node):
        """10.20.LEAF.PLACE, all of them in one subnet; the head has 10.20.0.1."""
        if node == HEAD:
            return "10.20.0.1"
        leaf = self.leaf_of(node)
        return f"10.20.{self.leaf_names.index(leaf) + 1}.{self.leaf_nodes(leaf).index(node) + 1}"

    def mac(self, node):
        return f"02:20:00:00:00:{self.number(node) + 1:02x}"

    @property
    def node_links(self):
        return [Link(node, self.leaf_of(node), self.node_rate) for node in self.node_names]

    @property
    def uplinks(self):
        return [Link(leaf, spine, self.uplink_rate) for leaf in self.leaf_names for spine in self.spine_names]

    def link(self, name):
        """By its name ("n3-leaf1", "leaf1-spine2") or, of a node's, by the node alone."""
        for link in self.node_links + self.uplinks:
            if name in (link.name, link.lower if link in self.node_links else None):
                return link
        known = ", ".join(link.name for link in self.node_links + self.uplinks)
        raise ShapeError(f'there is no link "{name}"; there are {known}')

    @property
    def top(self):
        """The switch that the head is plugged into."""
        return self.spine_names[0] if self.spines else self.leaf_names[0]

    def way(self, switch, node):
        """The next switch on the way to a node, or the node itself; None for a switch that nothing to the node passes.

        D-mod-K: the destination alone decides on the spine (Zahavi, "Fat-trees routing and node ordering providing
        contention free traffic for MPI global collectives", JPDC 2012), so there is one way between two nodes.
        """
        if node == HEAD:
            if switch == self.top:
                return HEAD
            return self.top if switch in self.leaf_names else None
        leaf = self.leaf_of(node)
        if switch == leaf:
            return node
        return leaf if switch in self.spine_names else self.spine_names[self.number(node) % self.spines]


def within(what, value, least, most):
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise ShapeError(f"{what} = {value} is outside {least} to {most}")


def read_shape(path):
    """The shape that a TOML file describes: the fields of Shape, rates as "200 Mbit/s"."""
    try:
        with open(path, "rb") as file:
            told = tomllib.load(file)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ShapeError(f"{path}: {error}") from None
    known = [field.name for field in dataclasses.fields(Shape)]
    for key, value in told.items():
        if key not in known:
            raise ShapeError(f'{path}: unknown key "{key}"; known: {", ".join(known)}')
        if key.endswith("_rate"):
            told[key] = parse_rate(value)
        elif key == "name" and not isinstance(value, str):
            raise ShapeError(f"{path}: the name is a text in quotes")
    return Shape(**told)
