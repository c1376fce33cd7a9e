"""What a run file says about its machines: the noise before and after, counters, where the ranks ran."""

import os
import shutil
import signal
import subprocess
import sys
import unittest

from harness import GOOD, NOT_COMPLETED, PodbenchTest, finished_cases

try:
    import h5py
except ImportError:
    h5py = None

REQUEST = ("run", "--transport", "shm", "--pattern", "pingpong", "--bytes", "8", "--ranks", "2",
           "--time-per-case", "30ms")
NOISE = ("missing_ns_per_second", "largest_interruption_ns", "interruptions_per_second", "quantum_ns")
TOLERABLE_NS_PER_SECOND = 10e6
COUNTERS = ("rx_bytes", "tx_bytes", "rx_packets", "tx_packets", "rx_errors", "tx_errors", "rx_dropped", "tx_dropped")
AS_ROOT = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"} if os.geteuid() == 0 else {}


def network_interfaces():
    return sorted(set(os.listdir("/sys/class/net")) - {"lo"})


@unittest.skipUnless(h5py, "h5py is not installed")
class Recorded(PodbenchTest):
    def node(self):
        """The attributes of the only node in run.h5."""
        with h5py.File(self.folder / "run.h5", "r") as run:
            (node,) = run["env"].values()
            return dict(node["attributes"].attrs)

    def record(self, *arguments, **how):
        result = self.succeed(*REQUEST, "--out", self.folder / "run.h5", *arguments, **how)
        return self.node(), result

    def assert_noise(self, node, when):
        for figure in NOISE:
            self.assertGreaterEqual(float(node[f"noise.{when}.{figure}"]), 0, figure)
        self.assertGreater(int(node[f"noise.{when}.quantum_ns"]), 0)
        self.assertLess(float(node[f"noise.{when}.missing_ns_per_second"]), 1e9)

    def assert_whole(self, node):
        self.assert_noise(node, "before")
        self.assert_noise(node, "after")
        for nic in network_interfaces():
            self.assertIn(f"nic.{nic}.mtu_bytes", node)
            for counter in COUNTERS:
                before, after = (int(node[f"nic.{nic}.{when}.{counter}"]) for when in ("before", "after"))
                self.assertLessEqual(before, after, f"{nic} {counter}")

    def test_two_ranks(self):
        node, _ = self.record()
        self.assert_whole(node)
        for name in ("cpu.model", "cpu.topology", "cpu.cores", "numa.nodes", "kernel.release", "clock.source",
                     "memory.thp", "limits.memlock_soft_bytes", "pinning.ranks", "pinning.why", "library.hwloc"):
            self.assertIn(name, node)

    def test_every_rank_s_cpus(self):
        cpu = min(os.sched_getaffinity(0))
        node, _ = self.record("--bind", cpu)
        self.assertEqual(node["pinning.ranks"], f"0-1: {cpu}")
        self.assertEqual(node["pinning.why"], "the list of --bind")

    def test_several_launches(self):
        node, _ = self.record("--launches", "3")
        self.assert_whole(node)
        for launch in (1, 2):
            for when in ("before", "after"):
                self.assertIn(f"launch.{launch}.noise.{when}.missing_ns_per_second", node)
        again = [name for name in node if name.startswith("launch.") and (".nic." in name or ".env." in name)]
        self.assertEqual(again, [])

    @unittest.skipUnless(shutil.which("mpirun.openmpi"), "Open MPI is not installed")
    def test_under_somebody_else_s_launcher(self):
        result = self.podbench(*REQUEST[:-4], "--time-per-case", "30ms", "--transport", "shm", "tcp", "--out",
                               self.folder / "run.h5", before=("mpirun.openmpi", "--oversubscribe", "-n", "2"),
                               environment=AS_ROOT)
        self.assertEqual(result.code, GOOD, result)
        self.assert_whole(self.node())
        self.assertEqual([name for name in self.node() if name.startswith("launch.")], [])

    def test_a_killed_launch_has_its_before(self):
        running = self.start("run", "--transport", "tcp", "--pattern", "allreduce", "--algorithm", "ring",
                             "--bytes", "8:256Ki:x2", "--ranks", "2", "--time-per-case", "50ms", "--out",
                             self.folder / "run.h5")
        running.wait_for(lambda: finished_cases(running.stderr()), "a finished case")
        running.ranks()[1].send(signal.SIGKILL)
        self.assertEqual(running.finish().code, NOT_COMPLETED)
        node = self.node()
        self.assert_noise(node, "before")
        self.assertEqual([name for name in node if ".after." in name], [])

    def disturb_every_cpu(self):
        """Two processes that never rest on each CPU, until the test ends."""
        for cpu in sorted(os.sched_getaffinity(0)) * 2:
            busy = subprocess.Popen([sys.executable, "-c",
                                     f"import os\nos.sched_setaffinity(0, {{{cpu}}})\nwhile True: pass"])
            self.addCleanup(busy.wait)
            self.addCleanup(busy.kill)

    def worst_ns_per_second(self, node):
        return max(float(value) for name, value in node.items() if name.endswith(".missing_ns_per_second"))

    def test_a_noisy_machine_is_named(self):
        self.disturb_every_cpu()
        node, result = self.record()
        self.assertGreater(self.worst_ns_per_second(node), TOLERABLE_NS_PER_SECOND)
        (warning,) = [line for line in result.error_lines if "noisy" in line]
        self.assertIn(f"{self.host} is noisy: ", warning)
        self.assertIn("podbench doctor", warning)

    def test_the_warning_agrees_with_the_file(self):
        node, result = self.record("--launches", "2")
        noisy = self.worst_ns_per_second(node) > TOLERABLE_NS_PER_SECOND
        self.assertEqual(result.stderr.count(" is noisy: "), int(noisy), result)
        self.assertNotIn("noisy", result.stdout)

    def test_quiet_does_not_warn(self):
        self.disturb_every_cpu()
        _, result = self.record("--quiet")
        self.assertEqual(result.stderr, "")


if __name__ == "__main__":
    unittest.main()
