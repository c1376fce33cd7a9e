"""A link that flaps shows in telemetry, on its node and nowhere else, and in the report in words."""

import unittest

import h5py

from harness import GOOD, LabTest

NODES = ["n1", "n2", "n3", "n4"]


def column(group, name):
    return list(group[name + "_labels"].asstr()[:][group[name][:]])


class Telemetry(LabTest):
    FLAGS = ("--nodes", "4", "--leaves", "2", "--spines", "1")

    def measure_flapping(self, period):
        file = self.new_file()
        self.fault("flap", "n3", "--up", "1s", "--down", "100ms")
        result = self.podbench("run", "--transport", "tcp", "--pattern", "allreduce", "--algorithm", "ring", "--bytes", "1Mi",
                               "--hosts", ",".join(NODES), "--ranks", "4", "--time-per-case", "4s", "--telemetry", period,
                               "--quiet", "--out", file)
        self.assertEqual(result.code, GOOD, result)
        return file

    def test_a_flapping_link_is_named(self):
        file = self.measure_flapping("200ms")
        changes, moments = {}, {}
        with h5py.File(file) as run:
            group = run["telemetry"]
            for i, (node, name) in enumerate(zip(column(group, "node"), column(group, "name"))):
                part = slice(group["offset"][i], group["offset"][i] + group["count"][i])
                if name.endswith(".carrier_changes"):
                    changes[node] = group["value"][part][-1] - group["value"][part][0]
                if name.endswith(".rx_bytes"):
                    moments[node] = group["t"][part]
            began, ended = int(run["launches/started_ns"][0, 0]), int(run["launches/ended_ns"][0, 0])
        self.assertEqual(sorted(changes), NODES)
        self.assertGreaterEqual(changes.pop("n3"), 2)
        self.assertEqual(set(changes.values()), {0.0}, changes)
        for node, times in moments.items():
            within = [t for t in times if began <= t <= ended]
            self.assertGreaterEqual(len(within), 4, f"{node} was read too rarely within the case")
        page = self.new_file().with_suffix(".html")
        self.assertEqual(self.podbench("report", file, "-o", page).code, GOOD)
        text = page.read_text(encoding="utf-8")
        self.assertRegex(text, r"n3: nic\.\w+\.carrier_changes: the link changed \d+ times between up and down")
        self.assertNotRegex(text, r"n[124]: nic\.\w+\.carrier_changes")


if __name__ == "__main__":
    unittest.main()
