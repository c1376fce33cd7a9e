"""Started by somebody else's launcher: rank 0 alone prints, one table and one file."""

import os
import shutil
import unittest
from pathlib import Path

from harness import GOOD, PodbenchTest, finished_cases

SLURM = Path(__file__).resolve().parent.parent / "lab" / "slurm" / "with_slurm.sh"
REQUEST = ("run", "--transport", "shm", "--pattern", "allreduce", "--algorithm", "ring", "--bytes", "8",
           "--time-per-case", "50ms")
AS_ROOT = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"} if os.geteuid() == 0 else {}
NAME = "allreduce/ring/shm/float32/8B/ranks:4"


class Launchers(PodbenchTest):
    def assert_one_table_and_file(self, result):
        self.assertEqual(result.code, GOOD, result)
        for once in ("p50", "run file: "):
            self.assertEqual(result.stdout.count(once), 1, result)
        self.assertEqual(finished_cases(result.stderr), [NAME], result)
        self.assertNotIn("\x1b", result.stdout + result.stderr, "colour without a terminal")
        self.assertEqual(self.files(), ["run.h5"])
        (case,) = self.exported()["cases"]
        self.assertEqual((case["ranks"], case["name"]), (4, NAME))

    def launch(self, *launcher):
        return self.podbench(*REQUEST, "--out", self.folder / "run.h5", before=launcher, environment=AS_ROOT)

    @unittest.skipUnless(shutil.which("mpirun.openmpi"), "Open MPI is not installed")
    def test_mpirun(self):
        self.assert_one_table_and_file(self.launch("mpirun.openmpi", "--oversubscribe", "-n", "4"))

    @unittest.skipUnless(shutil.which("mpirun.openmpi"), "Open MPI is not installed")
    def test_several_launches_of_the_same_processes(self):
        result = self.podbench("run", "--transport", "shm", "tcp", "libfabric", "ucx", "--pattern", "allreduce",
                               "--algorithm", "ring", "--bytes", "8", "--time-per-case", "50ms", "--launches", "3",
                               "--out", self.folder / "run.h5",
                               before=("mpirun.openmpi", "--oversubscribe", "-n", "2"), environment=AS_ROOT)
        self.assertEqual(result.code, GOOD, result)
        cases = self.exported()["cases"]
        self.assertEqual([case["launches"] for case in cases], [3, 3, 3, 3], cases)

    @unittest.skipUnless(shutil.which("mpirun.mpich"), "MPICH is not installed")
    def test_mpirun_of_mpich(self):
        self.assert_one_table_and_file(self.launch("mpirun.mpich", "-n", "4"))

    @unittest.skipUnless(shutil.which("srun") and shutil.which("munged"), "Slurm is not installed")
    def test_srun(self):
        self.assert_one_table_and_file(self.launch(SLURM, "srun", "--mpi=pmix", "-n", "4"))

    @unittest.skipUnless(shutil.which("srun") and shutil.which("munged"), "Slurm is not installed")
    def test_srun_over_two_nodes(self):
        result = self.podbench("run", "--transport", "tcp", "--pattern", "allreduce", "--algorithm", "ring",
                               "--bytes", "8", "--time-per-case", "50ms", "--out", self.folder / "run.h5",
                               before=(SLURM, "--nodes", "2", "srun", "--mpi=pmix", "-N", "2", "-n", "4"))
        self.assertEqual(result.code, GOOD, result)
        (case,) = self.exported()["cases"]
        self.assertEqual((case["ranks"], case["nodes"]), (4, 2))


if __name__ == "__main__":
    unittest.main()
