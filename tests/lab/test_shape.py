"""Shapes of labs: names, addresses and ways, without building any."""

import itertools
import tempfile
import tomllib
import unittest

from podlab import pod_file
from podlab.shape import HEAD, Shape, ShapeError, format_rate, parse_rate, read_shape

SHAPES = [Shape(nodes=nodes, leaves=leaves, spines=spines)
          for nodes, leaves, spines in itertools.product((2, 3, 4, 7, 16), (1, 2, 3, 8), (0, 1, 2, 4))
          if leaves <= nodes and (leaves == 1 or spines > 0)]


class Shapes(unittest.TestCase):
    def test_every_machine_is_reached_from_every_other_without_a_loop(self):
        for shape in SHAPES:
            neighbours = {frozenset((link.lower, link.upper)) for link in shape.node_links + shape.uplinks}
            neighbours.add(frozenset((HEAD, shape.top)))
            for begin, end in itertools.permutations((*shape.node_names, HEAD), 2):
                at, hops = shape.top if begin == HEAD else shape.leaf_of(begin), 1
                while at != end:
                    following = shape.way(at, end)
                    self.assertIn(frozenset((at, following)), neighbours, shape)
                    at, hops = following, hops + 1
                self.assertLessEqual(hops, 4, shape)

    def test_all_spines_are_used(self):
        shape = Shape(nodes=16, leaves=4, spines=4)
        self.assertEqual({shape.way("leaf1", node) for node in shape.leaf_nodes("leaf2")}, set(shape.spine_names))

    def test_machines_have_addresses_of_their_own(self):
        for shape in SHAPES:
            machines = (*shape.node_names, HEAD)
            for what in (shape.address, shape.mac):
                self.assertEqual(len({what(machine) for machine in machines}), len(machines), shape)

    def test_nodes_are_dealt_to_leaves_evenly_in_blocks(self):
        shape = Shape(nodes=7, leaves=3)
        blocks = [shape.leaf_nodes(leaf) for leaf in shape.leaf_names]
        self.assertEqual(sum(blocks, []), shape.node_names)
        self.assertEqual({len(block) for block in blocks}, {2, 3})

    def test_what_cannot_be_built_is_refused(self):
        for wrong in ({"nodes": 1}, {"nodes": 17}, {"nodes": 4, "leaves": 5}, {"leaves": 2, "spines": 0}, {"mtu": 100},
                      {"nodes": True}, {"name": "../x"}):
            with self.subTest(wrong=wrong), self.assertRaises(ShapeError):
                Shape(**wrong)

    def test_rates_have_units(self):
        self.assertEqual(parse_rate("200 Mbit/s"), 200_000_000)
        self.assertEqual(parse_rate("2.5Gbit/s"), 2_500_000_000)
        for rate in (200_000_000, 2_500_000_000, 1_000_000):
            self.assertEqual(parse_rate(format_rate(rate)), rate)
        for wrong in ("200", "200 MB/s", "-1 Mbit/s", "0 Mbit/s", "1e3 Mbit/s", "20 Gbit/s"):
            with self.subTest(wrong=wrong), self.assertRaises(ShapeError):
                parse_rate(wrong)

    def test_a_file_describes_a_shape(self):
        with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
            file.write('nodes = 8\nleaves = 4\nspines = 2\nnode_rate = "100 Mbit/s"\n')
            file.flush()
            self.assertEqual(read_shape(file.name), Shape(nodes=8, leaves=4, spines=2, node_rate=100_000_000))
            file.write("racks = 2\n")
            file.flush()
            with self.assertRaisesRegex(ShapeError, 'unknown key "racks"'):
                read_shape(file.name)


class PodFiles(unittest.TestCase):
    def test_declare_every_link_with_its_rate(self):
        for shape in SHAPES:
            pod = tomllib.loads(pod_file.text_of(shape))
            declared = {}
            for links in pod["links"]:
                for lower in expand(links["from"]):
                    declared[f'{lower}-{links["to"]}'] = parse_rate(links["rate"])
            self.assertEqual(declared, {link.name: link.rate for link in shape.node_links + shape.uplinks})
            self.assertEqual(sum((expand(nodes["names"]) for nodes in pod["nodes"]), []), shape.node_names)
            switches = sum((expand(switches["names"]) for switches in pod["switches"]), [])
            self.assertEqual(switches, shape.leaf_names + shape.spine_names)


def expand(names):
    stem, bracket, numbers = names.partition("[")
    if not bracket:
        return [names]
    first, last = numbers.rstrip("]").split("-")
    return [f"{stem}{i}" for i in range(int(first), int(last) + 1)]


if __name__ == "__main__":
    unittest.main()
