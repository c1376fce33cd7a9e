"""Files from outside are hostile until checked: whatever their bytes, podbench answers and never crashes.

A good run file, spool, suite and schedule are damaged at random places (seeded, so that a failure can be repeated) and
read again. Allowed are success, where the damage did no harm, and one line with exit 2 or 4.
"""

import random
import shutil
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "multiprocess"))
from harness import GOOD, NOT_COMPLETED, WRONG_REQUEST, PodbenchTest, finished_cases  # noqa: E402

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
ROUNDS = 40
SUITE = """name = "small"
time_per_case = "30ms"
[[cases]]
transport = ["shm", "tcp"]
pattern = ["allreduce", "pingpong"]
bytes = "8:4Ki:x8"
ranks = "2"
"""
WORKLOAD = """name = "small"
source = "nobody's model"
scale = 0.5
[[part]]
pattern = "allreduce"
algorithm = "ring"
elements = 1_000
repeat = 3
[[part]]
pattern = "alltoallv"
algorithm = "pairwise"
elements = 500
skew = 1.5
"""


def damaged(data, chance):
    """The bytes with one thing wrong: flipped bits, a cut, a piece twice, a run of one value."""
    data = bytearray(data)
    at = chance.randrange(len(data))
    length = min(chance.choice((1, 2, 8, 64, 4096)), len(data) - at)
    kind = chance.randrange(4)
    if kind == 0:
        for _ in range(chance.choice((1, 4, 32))):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    elif kind == 1:
        del data[at:]
    elif kind == 2:
        data[at:at] = data[at:at + length]
    else:
        data[at:at + length] = bytes([chance.choice((0, 0x7F, 0xFF))]) * length
    return bytes(data)


class HostileFiles(PodbenchTest):
    def read_damaged(self, path, *command):
        """Runs the command on damaged copies that take the file's place."""
        good = path.read_bytes()
        for seed in range(ROUNDS):
            with self.subTest(file=path.name, seed=seed):
                path.write_bytes(damaged(good, random.Random(seed)))
                result = self.podbench(*command)
                self.assertIn(result.code, (GOOD, WRONG_REQUEST, NOT_COMPLETED), result)
                if result.code != GOOD:
                    self.assertEqual(len(result.error_lines), 1, result)
                yield result
        path.write_bytes(good)

    def a_run(self):
        (self.folder / "suite.toml").write_text(SUITE)
        self.succeed("run", "--suite", "suite.toml", "--out", self.folder / "run.h5", "--quiet")

    def test_run_files(self):
        self.a_run()
        for _ in self.read_damaged(self.folder / "run.h5", "export", "run.h5", "--as", "json"):
            pass

    def test_suites(self):
        path = self.folder / "suite.toml"
        path.write_text(SUITE)
        for _ in self.read_damaged(path, "run", "--suite", "suite.toml", "--dry-run"):
            pass

    def test_workloads(self):
        path = self.folder / "step.toml"
        path.write_text(WORKLOAD)
        for _ in self.read_damaged(path, "run", "--transport", "shm", "--pattern", "training_step", "--workload",
                                   "step.toml", "--ranks", "2", "--dry-run"):
            pass

    def test_schedules(self):
        """What is still a schedule is proved or refused before anything would run."""
        path = self.folder / "schedule.xml"
        path.write_bytes((EXAMPLES / "allreduce_halving_doubling_4.xml").read_bytes())
        for _ in self.read_damaged(path, "run", "--schedule", "schedule.xml", "--pattern", "allreduce",
                                   "--transport", "shm", "--dry-run"):
            pass

    def test_spools(self):
        """A damaged spool still gives the cases that are whole."""
        (self.folder / "suite.toml").write_text(SUITE)
        running = self.start("run", "--suite", "suite.toml", "--time-per-case", "200ms", "--out",
                             self.folder / "run.h5")
        running.wait_for(lambda: len(finished_cases(running.stderr())) >= 3, "three finished cases")
        running.send(9)
        running.finish()
        self.assertEqual(self.wait_until_gone(), [])
        spool = self.folder / "run.spool"
        for file in sorted(spool.iterdir()):
            good = shutil.copytree(spool, self.folder / "good.spool")
            for _ in self.read_damaged(file, "recover", "run.spool", "--out", "recovered.h5"):
                (self.folder / "recovered.h5").unlink(missing_ok=True)
                # A success may have removed the spool.
                shutil.copytree(good, spool, dirs_exist_ok=True)
            shutil.rmtree(good)


if __name__ == "__main__":
    unittest.main()
