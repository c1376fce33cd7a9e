"""podbench accept in a lab: a healthy pod is not rejected, what is broken is named, and whatever is killed, what was
finished stays and the dead one is named."""

import json
import os
import re
import shutil
import subprocess
import time
import unittest

from harness import (GOOD, INCONCLUSIVE, LAB, MOST_SECONDS_TO_END, NOT_COMPLETED, PATIENCE_S, PODBENCH, REJECTED, LabTest,
                     Result, lab)

HAS_SLURM = shutil.which("srun") and os.path.exists("/usr/sbin/munged") and os.geteuid() == 0
HAS_OPENMPI = shutil.which("mpirun.openmpi")


class AcceptTest(LabTest):
    FLAGS = ("--nodes", "4", "--leaves", "2", "--spines", "1")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pod = cls.folder / "pod.toml"
        described = lab("pod", "--lab", cls.identity)
        if described.code != GOOD:
            raise AssertionError(f"no pod file\n{described}")
        cls.pod.write_text(described.stdout)

    def accept(self, *arguments, before=()):
        """The acceptance's exit code, and its document."""
        file = self.new_file()
        result = self.podbench("accept", "--pod", self.pod, "--quiet", "--launches", "10", "--format", "json", "--out",
                               file, *arguments,
                               before=before)
        result.file = file
        return result

    def verdicts(self, result):
        return {stage["stage"]: stage["outcome"] for stage in result.document["stages"]}

    def words(self, result):
        """All that names somebody to blame."""
        return json.dumps([stage.get("culprits", []) for stage in result.document["stages"]])


class Verdicts(AcceptTest):
    def test_a_healthy_pod_is_not_rejected(self):
        result = self.accept("--stage", "inventory,pairs,links")
        self.assertIn(result.code, (GOOD, INCONCLUSIVE), result)  # never on other load's account
        again = lab("run", "--lab", self.identity, "head", PODBENCH, "accept", "--judge", result.file, "--pod", self.pod,
                    "--format", "json")
        self.assertEqual((again.code, again.document), (result.code, result.document))

    def test_a_slow_nic_is_named(self):
        self.fault("slow-nic", "n3", "--way", "send", "--share", "0.5")
        result = self.accept("--stage", "inventory,pairs,links")
        self.assertEqual(result.code, REJECTED, result)
        self.assertIn("n3", self.words(result), result)

    def test_a_slow_uplink_is_named(self):
        self.fault("slow-uplink", "leaf1-spine1", "--way", "up", "--share", "0.25")
        result = self.accept("--stage", "inventory,pairs,links")
        self.assertEqual(result.code, REJECTED, result)
        self.assertRegex(self.words(result), "leaf1", result)

    def test_a_wrong_mtu_stops_at_the_inventory(self):
        self.fault("mtu", "n2", "--bytes", "1500")
        result = self.accept()
        self.assertEqual(result.code, REJECTED, result)
        self.assertEqual(self.verdicts(result)["inventory"], "fail", result)
        self.assertIn("n2", result.stdout)

    def test_wrong_data_is_rejected(self):
        result = self.accept("--stage", "pairs", "--fault", "flip:rank=1,after=3")
        self.assertEqual(result.code, REJECTED, result)
        self.assertIn("n2", result.stdout, result)

    def test_a_host_that_is_no_node_of_the_pod(self):
        result = self.accept("--hosts", "n1,n2,n3")
        self.assertEqual((result.code, result.stdout), (2, ""), result)
        self.assertIn("4 nodes", result.stderr)
        self.assertFalse(result.file.exists())


class Killed(AcceptTest):
    """Somebody goes in the middle of a stage."""

    def begin(self, stages):
        self.file = self.new_file()
        return subprocess.Popen([LAB, "run", "--lab", self.identity, "head", PODBENCH, "accept", "--pod", self.pod,
                                 "--stage", stages, "--format", "json", "--out", str(self.file)],
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def wait_for(self, run, words):
        deadline = time.monotonic() + PATIENCE_S
        said = ""
        while words not in said:
            self.assertLess(time.monotonic(), deadline, said)
            line = run.stderr.readline()
            self.assertNotEqual(line, "", said)
            said += line

    def end(self, run, begun):
        stdout, stderr = run.communicate(timeout=PATIENCE_S)
        self.assertLess(time.monotonic() - begun, MOST_SECONDS_TO_END, stderr)
        return Result(run.returncode, stdout, stderr)

    def while_in(self, stage, disturb):
        run = self.begin(f"inventory,{stage},links")
        try:
            self.wait_for(run, f"{stage}: launch 3 of 10")
            begun = time.monotonic()
            disturb()
            return self.end(run, begun)
        finally:
            run.kill()
            run.communicate()

    def assert_lost(self, result, node, stage="pairs"):
        self.assertEqual(result.code, NOT_COMPLETED, result)
        self.assertIn(node, result.stderr)
        self.assertTrue(self.file.exists(), result)
        exported = json.loads(subprocess.run([PODBENCH, "export", self.file, "--as", "json"], capture_output=True,
                                             check=True, text=True).stdout)
        finished = [case for case in exported["cases"] if case["status"] != "failed"]
        (failed,) = [case for case in exported["cases"] if case["status"] == "failed"]
        self.assertGreaterEqual(max(case["launches"] for case in finished), 2, "what was finished is not there")
        self.assertLessEqual({f"lost:{node}", f"stage:{stage}"}, set(failed["options"].split(",")), failed)
        self.assertIn(node, result.stdout)

    def test_a_node_that_dies_is_named(self):
        self.assert_lost(self.while_in("pairs", lambda: self.fault("dead", "n3")), "n3")

    def test_a_rank_that_hangs_is_named(self):
        self.assert_lost(self.while_in("pairs", lambda: self.fault("hang", "n2")), "n2")

    def test_a_rank_that_hangs_while_nodes_are_measured_one_by_one_is_named(self):
        self.assert_lost(self.while_in("node", lambda: self.fault("hang", "n2")), "n2", "node")

    def test_a_lead_that_dies_is_named(self):
        self.assert_lost(self.while_in("pairs", lambda: self.on("n1", "sh", "-c", "kill -9 $(pgrep -x podbench)")), "n1")

    def test_a_killed_director_leaves_what_was_finished(self):
        run = self.begin("inventory,pairs,links")
        try:
            self.wait_for(run, "pairs: launch 3 of 10")
            pid = int(self.on("head", "pgrep", "-f", "podbench accept .*" + re.escape(str(self.file))).split()[-1])
            self.on("head", "kill", "-9", str(pid))
            run.communicate(timeout=PATIENCE_S)
        finally:
            run.kill()
            run.communicate()
        deadline = time.monotonic() + MOST_SECONDS_TO_END
        while any(self.on(node, "sh", "-c", "pgrep -x podbench || true") for node in ("n1", "n2", "n3", "n4")):
            self.assertLess(time.monotonic(), deadline, "ranks outlive their director")
        spool = self.file.with_suffix(".spool")
        self.assertEqual(subprocess.run([PODBENCH, "recover", spool], capture_output=True, check=False).returncode, GOOD)
        judged = subprocess.run([PODBENCH, "accept", "--judge", self.file, "--pod", self.pod, "--format", "json"],
                                capture_output=True, text=True, check=False)
        self.assertEqual(judged.returncode, INCONCLUSIVE, judged.stdout + judged.stderr)


@unittest.skipUnless(HAS_SLURM, "Slurm is not installed, or not root")
class Launchers(AcceptTest):
    """However the ranks are started, the same pod gets the same verdict."""

    FLAGS = (*AcceptTest.FLAGS, "--slurm")

    @staticmethod
    def starts():
        """How to start it: what comes before podbench on the command line, and what behind."""
        starts = {"ssh": ((), ()),
                  "director in an allocation": (("salloc", "-Q", "-N4"), ()),
                  "srun": (("srun", "--mpi=pmix", "-N4", "-n4"), ())}
        if HAS_OPENMPI:
            starts["mpirun by the director"] = ((), ("--launcher", "mpirun"))
            starts["mpirun"] = (("mpirun.openmpi", "--host", "n1,n2,n3,n4", "-n", "4"), ())
        return starts

    def test_the_same_verdict_of_the_inventory(self):
        self.fault("mtu", "n2", "--bytes", "1500")
        for name, (before, arguments) in self.starts().items():
            with self.subTest(name):
                result = self.accept("--stage", "inventory", *arguments, before=before)
                self.assertEqual(result.code, REJECTED, result)
                self.assertEqual(self.verdicts(result)["inventory"], "fail", result)

    def test_the_same_culprit(self):
        self.fault("slow-nic", "n3", "--way", "send", "--share", "0.5")
        for name, (before, arguments) in self.starts().items():
            with self.subTest(name):
                result = self.accept("--stage", "pairs,links", *arguments, before=before)
                self.assertEqual(result.code, REJECTED, result)
                self.assertEqual((self.verdicts(result)["pairs"], self.verdicts(result)["links"]), ("fail", "fail"), result)
                self.assertRegex(self.words(result), "node n3, sending", result)


if __name__ == "__main__":
    unittest.main()
