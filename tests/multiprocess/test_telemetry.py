"""Telemetry of a run: on the cases' axis, at the moments that were asked for, and safe when the run is killed."""

import os
import signal
import unittest

from harness import NOT_COMPLETED, PodbenchTest, finished_cases

try:
    import h5py
except ImportError:
    h5py = None

REQUEST = ("run", "--transport", "shm", "--pattern", "pingpong", "--bytes", "8,64Ki", "--ranks", "2",
           "--time-per-case", "60ms")
BOUNDARY_NS = 20_000_000  # what was read so shortly before is not read again
INTERFACES = sorted(set(os.listdir("/sys/class/net")) - {"lo"})


def column(group, name):
    return list(group[name + "_labels"].asstr()[:][group[name][:]])


@unittest.skipUnless(h5py, "h5py is not installed")
class Telemetry(PodbenchTest):
    def series(self):
        """(node, name) -> points of run.h5, and the spans of its cases."""
        with h5py.File(self.folder / "run.h5", "r") as run:
            group = run["telemetry"]
            points = {}
            for i, key in enumerate(zip(column(group, "node"), column(group, "name"))):
                part = slice(group["offset"][i], group["offset"][i] + group["count"][i])
                points[key] = list(zip(group["t"][part].tolist(), group["value"][part].tolist()))
            launches = run["launches"]
            spans = [(int(a), int(b)) for a, b in zip(launches["started_ns"][:].flat, launches["ended_ns"][:].flat) if a]
            return points, spans

    @unittest.skipUnless(INTERFACES, "no interface but loopback")
    def test_counters_span_the_cases(self):
        self.succeed(*REQUEST, "--out", self.folder / "run.h5")
        points, spans = self.series()
        self.assertEqual(len(spans), 2)
        self.assertTrue(all(a < b for a, b in spans), spans)
        names = {name for _, name in points}
        for interface in INTERFACES:
            self.assertIn(f"nic.{interface}.rx_bytes", names)
        for key, of_key in points.items():
            times = [t for t, _ in of_key]
            self.assertEqual(times, sorted(times), key)
            self.assertLessEqual(times[0], min(a for a, _ in spans), key)
            self.assertGreaterEqual(times[-1], max(b for _, b in spans) - BOUNDARY_NS, key)

    def test_off_reads_nothing(self):
        self.succeed(*REQUEST, "--telemetry", "off", "--out", self.folder / "run.h5")
        points, spans = self.series()
        self.assertEqual(points, {})
        self.assertEqual(len(spans), 2, "cases have their place on the axis all the same")

    def test_a_wrong_choice_is_one_line(self):
        for wrong in ("5", "1ms", "never", "-1s"):
            self.refuse(*REQUEST, f"--telemetry={wrong}", "--out", self.folder / "run.h5", says=("off, cases",))

    @unittest.skipUnless(INTERFACES, "no interface but loopback")
    def test_a_killed_run_keeps_what_was_read(self):
        running = self.start("run", "--transport", "shm", "--pattern", "pingpong", "--bytes", "8:256Ki:x2", "--ranks", "2",
                             "--time-per-case", "60ms", "--out", self.folder / "run.h5")
        running.wait_for(lambda: finished_cases(running.stderr()), "a finished case")
        running.ranks()[0].send(signal.SIGKILL)
        self.assertEqual(running.finish().code, NOT_COMPLETED)
        points, spans = self.series()
        self.assertTrue(points)
        self.assertGreaterEqual(len(spans), 1)


if __name__ == "__main__":
    unittest.main()
