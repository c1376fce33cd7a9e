"""How operations are started and timed: what the label says, and what comes of planted delays and wrong clocks.

The delays are so long that nothing else on a busy machine comes near them.
"""

import unittest

from harness import PodbenchTest

REQUEST = ("run", "--count", "4", "--time-per-case", "300ms", "--transport", "shm")
SLOW_NS = 50_000_000


class Timing(PodbenchTest):
    def measured(self, *words, file="timing.h5"):
        self.succeed(*REQUEST, *words, "--out", self.folder / file)
        return self.exported(file)["cases"]

    def test_the_start_is_labelled(self):
        for words, sync in (
            (("--pattern", "allreduce", "--algorithm", "ring", "--ranks", "1"), "clock"),
            (("--pattern", "allreduce", "--algorithm", "ring", "--ranks", "2", "--sync", "barrier"), "barrier"),
            (("--pattern", "allreduce", "--algorithm", "ring", "--ranks", "2", "--cadence", "streaming"), "none"),
            (("--pattern", "pingpong", "--ranks", "2"), "none"),
            # More ranks than any machine of a test has cores.
            (("--pattern", "barrier", "--algorithm", "tree", "--ranks", "40"), "barrier"),
        ):
            with self.subTest(words=words):
                (case,) = self.measured(*words, file=f"{sync}-{len(words)}-{words[1]}.h5")
                self.assertEqual(case["sync"], sync)

    def test_an_unknown_start(self):
        self.refuse(*REQUEST, "--pattern", "pingpong", "--sync", "sundial")

    def test_the_last_rank_decides(self):
        """Rank 0 sends and is done at once; the operation is over when the slow receiver has it."""
        (case,) = self.measured("--pattern", "broadcast", "--algorithm", "linear", "--ranks", "3", "--sync", "clock",
                                "--fault", f"delay:rank=2,ns={SLOW_NS}")
        self.assertAlmostEqual(case["p50_ns"] / SLOW_NS, 1, delta=0.1)

    def test_clocks_that_differ_are_related(self):
        """Rank 1's clock is a minute ahead and 20 ppm fast: without a model of it no start would be common."""
        (case,) = self.measured("--pattern", "broadcast", "--algorithm", "linear", "--ranks", "2", "--sync", "clock",
                                "--fault", f"delay:rank=1,ns={SLOW_NS};clock:rank=1,ppb=20000")
        self.assertAlmostEqual(case["p50_ns"] / SLOW_NS, 1, delta=0.1)
        self.assertGreater(case["clock_error_ns"], 0)

    def test_a_rank_that_stands_still_is_seen(self):
        """Every operation takes 50 ms; one has a second on top, behind the warm-up, and so has one of a second try."""
        (case,) = self.measured("--pattern", "broadcast", "--algorithm", "linear", "--ranks", "2", "--sync", "clock",
                                "--check", "off", "--fault",
                                f"delay:rank=1,ns={SLOW_NS};pause:rank=1,after=25,ms=1000;pause:rank=1,after=63,ms=1000")
        self.assertAlmostEqual(case["p50_ns"] / SLOW_NS, 1, delta=0.1)
        self.assertTrue(case["max_ns"] > 20 * SLOW_NS or case["invalid"] > 0, case)
        self.assertIn("tail", case["note"])

    def test_both_directions(self):
        (case,) = self.measured("--pattern", "oneway", "--ranks", "2", "--sync", "clock",
                                "--fault", f"delay:rank=1,ns={SLOW_NS}")
        self.assertIn("asymmetry", case["note"])


if __name__ == "__main__":
    unittest.main()
