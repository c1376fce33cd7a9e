"""Whatever dies or hangs: the launch ends within seconds and says who, and no finished case is lost."""

import random
import signal
import time
import unittest

from harness import GOOD, NOT_COMPLETED, PodbenchTest, finished_cases

# Many short cases, so that a kill may come at any step of a case's life.
MANY = ("--transport", "tcp", "--pattern", "allreduce", "--algorithm", "ring", "recursive_doubling",
        "--bytes", "8:256Ki:x2", "--ranks", "3", "--time-per-case", "40ms", "--seed", "1")
# What "within seconds" means here, sanitizers and nine busy neighbours included.
SECONDS = 45


class Interrupted(PodbenchTest):
    def begin(self, name="run.h5"):
        running = self.start("run", *MANY, "--out", self.folder / name)
        running.wait_for(lambda: len(running.ranks()) == 3, "three ranks")
        return running

    def saved_cases(self):
        """Names of the cases in the run file, made from the spool where need be."""
        if not (self.folder / "run.h5").exists():
            result = self.podbench("recover", self.folder / "run.spool")
            self.assertEqual(result.code, GOOD, result)
        return {case["name"] for case in self.exported()["cases"]}

    def assert_nothing_lost(self, stderr):
        shown = set(finished_cases(stderr))
        saved = self.saved_cases()
        self.assertLessEqual(shown, saved, "a case that was reported as finished is not in the file")
        return saved

    def kill_at_a_random_moment(self, victim_of, rounds=4):
        for seed in range(rounds):
            with self.subTest(seed=seed):
                running = self.begin()
                running.wait_for(lambda: len(finished_cases(running.stderr())) > seed, "some finished cases")
                time.sleep(random.Random(seed).uniform(0, 0.15))
                victim = victim_of(running)
                victim.send(signal.SIGKILL)
                result = running.finish(SECONDS)
                self.assertEqual(self.wait_until_gone(), [])
                self.assertGreater(len(self.assert_nothing_lost(result.stderr)), seed)
                yield result
                for path in self.folder.glob("run.*"):
                    path.unlink() if path.is_file() else [f.unlink() for f in path.iterdir()] and path.rmdir()

    def test_a_killed_follower(self):
        for result in self.kill_at_a_random_moment(lambda running: running.ranks()[2]):
            self.assertEqual(result.code, NOT_COMPLETED, result)
            self.assertRegex(result.stderr, rf"rank 2 on {self.host}\b.*(signal 9|Killed)")

    def test_a_killed_lead(self):
        for result in self.kill_at_a_random_moment(lambda running: running.ranks()[0]):
            self.assertEqual(result.code, NOT_COMPLETED, result)
            self.assertRegex(result.stderr, rf"rank 0 on {self.host}\b.*(signal 9|Killed)")

    def test_a_killed_director(self):
        for result in self.kill_at_a_random_moment(lambda running: running):
            self.assertEqual(result.code, -signal.SIGKILL, result)

    def test_an_interrupt_keeps_what_is_finished(self):
        running = self.begin()
        running.wait_for(lambda: finished_cases(running.stderr()), "a finished case")
        running.send(signal.SIGINT)
        result = running.finish(SECONDS)
        self.assertNotEqual(result.code, GOOD, result)
        self.assert_nothing_lost(result.stderr)

    def test_a_hung_rank_is_named(self):
        for rank in (0, 1):
            with self.subTest(rank=rank):
                running = self.begin(f"hung{rank}.h5")
                running.wait_for(lambda: finished_cases(running.stderr()), "a finished case")
                running.ranks()[rank].send(signal.SIGSTOP)
                result = running.finish(SECONDS)
                self.assertEqual(result.code, NOT_COMPLETED, result)
                self.assertRegex(result.stderr, rf"rank {rank} on {self.host}\b")
                self.assertEqual(self.wait_until_gone(), [])

    def test_an_unfinished_file_is_never_seen(self):
        """While a run is under way its final name does not exist; afterwards only the file is left."""
        running = self.begin()
        running.wait_for(lambda: finished_cases(running.stderr()), "a finished case")
        self.assertFalse((self.folder / "run.h5").exists())
        result = running.finish()
        self.assertEqual(result.code, GOOD, result)
        self.assertEqual(self.files(), ["run.h5"])


if __name__ == "__main__":
    unittest.main()
