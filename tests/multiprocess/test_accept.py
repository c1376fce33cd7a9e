"""podbench accept over hosts that are all this machine: each rank is a node of its own by its name."""

import json
import unittest

import h5py

from harness import CHECK_FAILED, GOOD, INCONCLUSIVE, PodbenchTest

POD = """name = "here"
[[nodes]]
names = "a,b,c"
[crossbar]
rate = "{rate}"
"""

TWO_PORTS = """name = "here"
[[nodes]]
names = "a,b"
ports = 2
[rails]
node_rate = "1 Gbit/s"
"""


class Accept(PodbenchTest):
    def setUp(self):
        super().setUp()
        self.pod = self.folder / "pod.toml"
        self.pod.write_text(POD.format(rate="1 Gbit/s"))
        shell = self.folder / "ssh"
        shell.write_text('#!/bin/sh\nwhile [ $# -gt 1 ]; do shift; done\nexec sh -c "$1"\n')
        shell.chmod(0o755)
        self.environment = {"PODBENCH_SSH": str(shell), "PODBENCH_SHARED_CORES": "1"}

    def accept(self, *arguments):
        return self.podbench("accept", "--pod", self.pod, "--launches", "10", *arguments, environment=self.environment)

    def test_everything_is_in_one_file_that_is_judged_alike_again(self):
        result = self.accept("--stage", "inventory,pairs,links", "--out", "run.h5", "--format", "json")
        self.assertIn(result.code, (GOOD, CHECK_FAILED, INCONCLUSIVE), result)  # loopback owes nobody a rate
        self.assertIn("stage 2 of 3, pairs: launch 1 of 10", result.stderr)
        document = json.loads(result.stdout)
        with h5py.File(self.folder / "run.h5") as run:
            self.assertEqual(run.attrs["complete"], 1)
            self.assertEqual(sorted(run["env"]), ["a", "b", "c"])
        pairs = [case for case in self.exported()["cases"] if "stage:pairs" in case["options"].split(",")]
        self.assertEqual({case["pattern"] for case in pairs}, {"pairs", "flows"})
        self.assertTrue(all(case["launches"] == 10 for case in pairs), pairs)
        again = self.accept("--judge", "run.h5", "--format", "json")
        self.assertEqual((again.code, json.loads(again.stdout)), (result.code, document))

    def test_ranks_of_a_node_send_each_other_in_its_memory(self):
        self.pod.write_text(TWO_PORTS)
        result = self.accept("--stage", "node", "--out", "run.h5", "--format", "json")
        self.assertIn(result.code, (GOOD, CHECK_FAILED, INCONCLUSIVE), result)  # two nodes on the same cores
        (stage,) = [stage for stage in json.loads(result.stdout)["stages"] if stage["stage"] == "node"]
        self.assertEqual({check["subject"] for check in stage["checks"] if check["what"] == "shm 4MiB"}, {"a", "b"})
        cases = [case for case in self.exported()["cases"] if case["transport"] == "shm"]
        self.assertEqual({case["options"].split("part:")[1].split(",")[0] for case in cases}, {"a", "b"})
        self.assertEqual({case["status"] for case in cases} - {"good", "contended", "not converged"}, set())

    def test_other_limits_give_another_verdict(self):
        self.accept("--stage", "pairs", "--out", "run.h5", "--quiet")
        self.pod.write_text(POD.format(rate="100 Tbit/s"))
        self.assertEqual(self.accept("--judge", "run.h5").code, CHECK_FAILED)

    def test_a_dry_run_runs_nothing(self):
        result = self.accept("--dry-run", "--format", "json")
        self.assertEqual(result.code, GOOD, result)
        stages = {stage["stage"]: stage for stage in json.loads(result.stdout)["stages"]}
        self.assertEqual(list(stages), ["inventory", "node", "pairs", "links", "scale", "congestion"])
        self.assertEqual((stages["pairs"]["launches"], stages["pairs"]["most_launches"]), (10, 10))
        self.assertEqual(self.files(), ["pod.toml", "ssh"])

    def test_nodes_write_a_first_pod_file(self):
        result = self.podbench("accept", "--discover", "--hosts", "a,b,c", "--out", "first.toml", environment=self.environment)
        self.assertEqual(result.code, GOOD, result)
        for name in ("a", "b", "c"):
            self.assertIn(name, (self.folder / "first.toml").read_text())
        self.succeed("accept", "--pod", "first.toml", "--dry-run")
        self.assertEqual(self.files(), ["first.toml", "pod.toml", "ssh"])

    def test_what_is_wrong_is_said_before_anything_runs(self):
        self.refuse("accept", says=("--pod",))
        self.refuse("accept", "--pod", self.pod, "--stage", "links,lincs", says=("lincs",))
        self.refuse("accept", "--pod", self.pod, "--hosts", "a,b", says=("2 hosts", "3 nodes"))
        self.refuse("accept", "--pod", self.pod, "--soak", "10", says=("10",))
        self.refuse("accept", "--discover", says=("--hosts",))
        self.refuse("accept", "--pod", self.pod, "--transport", "smoke", says=("smoke",))
        self.refuse("accept", "--pod", self.pod, "--within-nodes", "smoke", says=("smoke",))
        self.refuse("accept", "--pod", self.pod, "--judge", "none.h5", says=("none.h5",))
        self.pod.write_text(POD.format(rate="1 Gbit/s").replace("rate", "rat"))
        self.refuse("accept", "--pod", self.pod, says=(":4:", "rat"))

    def test_ranks_that_are_not_the_pod_s_nodes(self):
        self.refuse("accept", "--pod", self.pod, "--launcher", "local", "--out", "run.h5", says=("no node of",))


if __name__ == "__main__":
    unittest.main()
