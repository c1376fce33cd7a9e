"""The same work over every transport, with the rank and element counts that break powers of two."""

import shutil
import unittest
from pathlib import Path

from harness import PodbenchTest

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"

TRANSPORTS = ("shm", "tcp", "libfabric", "ucx", "mpi")
FLOAT32_BYTES = 4


class Cases(PodbenchTest):
    def run_cases(self, *arguments):
        """Runs with checked data; the cases of the file."""
        self.succeed("run", "--time-per-case", "50ms", "--check", "on", "--out", self.folder / "run.h5", *arguments)
        return self.exported()["cases"]

    def test_one_case_on_all_transports(self):
        cases = self.run_cases("--transport", *TRANSPORTS, "--pattern", "allreduce", "--algorithm", "ring",
                               "--bytes", "64Ki", "--ranks", "4")
        self.assertEqual(sorted({case["transport"].split(":")[0] for case in cases}), sorted(TRANSPORTS))
        for case in cases:
            self.assertIn(case["status"], ("good", "not converged", "contended"), case)
            self.assertGreater(case["n"], 0, case)

    def test_seven_ranks(self):
        cases = self.run_cases("--transport", "shm", "tcp", "--pattern", "allreduce", "alltoall", "barrier",
                               "--algorithm", "ring", "rabenseifner", "bruck", "pairwise", "dissemination",
                               "--bytes", "4Ki", "--ranks", "7")
        self.assertEqual({case["ranks"] for case in cases}, {7})
        self.assertEqual({case["pattern"] for case in cases}, {"allreduce", "alltoall", "barrier"})

    def test_a_million_and_three_elements(self):
        for algorithm in ("ring", "recursive_doubling", "rabenseifner"):
            with self.subTest(algorithm=algorithm):
                (self.folder / "run.h5").unlink(missing_ok=True)
                (case,) = self.run_cases("--transport", "shm", "--pattern", "allreduce", "--algorithm", algorithm,
                                         "--bytes", 1_000_003 * FLOAT32_BYTES, "--ranks", "5")
                self.assertEqual(case["bytes"], 1_000_003 * FLOAT32_BYTES)

    def test_long_messages_in_pieces(self):
        cases = self.run_cases("--transport", *TRANSPORTS, "--pattern", "allreduce", "reduce_scatter", "reduce", "alltoall",
                               "--algorithm", "ring", "rabenseifner", "tree", "knomial", "chain", "pairwise", "--bytes",
                               "100004", "--piece", "4Ki", "--ranks", "3")
        for case in cases:
            self.assertNotEqual(case["status"], "wrong data", case)
            self.assertEqual("piece:4096" in case["options"], case["pattern"] != "alltoall", case)

    def test_private_memory(self):
        """More ranks than most machines of a test have cores, and fewer; below and above what is mirrored."""
        cases = self.run_cases("--transport", "shm", "--buffers", "private", "--bytes", "8", "4Ki", "1Mi", "5Mi", "--ranks", "2", "5",
                               "--pattern", "allreduce", "alltoall", "broadcast", "gather", "scatter", "--algorithm", "one_shot",
                               "two_shot", "recursive_doubling", "linear", "pairwise", "binomial", "chain")
        self.assertEqual({case["buffers"] for case in cases}, {"private"})
        for case in cases:
            self.assertIn(case["status"], ("good", "not converged", "contended"), case)

    def test_no_elements(self):
        for transport in TRANSPORTS:
            with self.subTest(transport=transport):
                (self.folder / "run.h5").unlink(missing_ok=True)
                cases = self.run_cases("--transport", transport, "--pattern", "allreduce", "--algorithm", "ring",
                                       "recursive_doubling", "--bytes", "0", "--ranks", "3")
                self.assertEqual({case["bytes"] for case in cases}, {0})

    def test_a_library_s_own_collectives_with_uneven_blocks(self):
        cases = self.run_cases("--transport", "mpi", "--pattern", "alltoall", "alltoallv", "allgather", "reduce_scatter",
                               "gather", "scatter", "--algorithm", "native", "--count", "7", "1003", "--ranks", "5")
        self.assertEqual(len(cases), 12)

    def test_one_rank(self):
        for transport in TRANSPORTS:
            with self.subTest(transport=transport):
                (self.folder / "run.h5").unlink(missing_ok=True)
                cases = self.run_cases("--transport", transport, "--pattern", "allreduce", "--algorithm", "ring",
                                       "rabenseifner", "--bytes", "1Ki", "--ranks", "1")
                self.assertEqual({case["ranks"] for case in cases}, {1})

    def test_training_steps(self):
        listed = self.succeed("list", "workloads", "--format", "csv").stdout.splitlines()[1:]
        workloads = [line.split(",")[0] for line in listed]
        self.assertGreaterEqual(len(workloads), 3)
        for workload in workloads:
            with self.subTest(workload=workload):
                (self.folder / "run.h5").unlink(missing_ok=True)
                cases = self.run_cases("--transport", "shm", "--pattern", "training_step", "--workload", workload,
                                       "--scale", "1e-6", "--ranks", "1,3")
                self.assertEqual({case["ranks"] for case in cases}, {1, 3})
                self.assertTrue(all(case["n"] > 0 for case in cases), cases)

    def test_several_launches(self):
        (case,) = self.run_cases("--transport", "tcp", "--pattern", "pingpong", "--bytes", "8", "--ranks", "2",
                                 "--launches", "3")
        self.assertEqual(case["launches"], 3)

    def test_a_dry_run_starts_nothing(self):
        result = self.succeed("run", "--suite", "smoke", "--dry-run")
        self.assertIn("allreduce/ring/shm/float32/", result.stdout)
        self.assertEqual(self.files(), [])

    def test_the_same_seed_gives_the_same_order(self):
        def order(seed):
            return self.succeed("run", "--suite", "smoke", "--dry-run", "--seed", seed).stdout

        self.assertEqual(order(7), order(7))
        self.assertNotEqual(order(7), order(8))

    @unittest.skipUnless(shutil.which("h5dump"), "h5dump (hdf5-tools) is not installed")
    def test_the_file_opens_elsewhere(self):
        cases = self.run_cases("--transport", "shm", "--pattern", "allreduce", "--bytes", "8", "--ranks", "2")
        import h5py

        with h5py.File(self.folder / "run.h5") as file:
            self.assertEqual(file.attrs["schema"], "podbench")
            self.assertTrue(file.attrs["complete"])
            self.assertEqual(len(file["/samples/t"]), sum(case["n"] for case in cases))

    def test_a_tournament_fills_a_matrix(self):
        self.run_cases("--transport", "tcp", "--pattern", "pairs", "--bytes", "64", "--ranks", "5")
        import h5py
        import numpy

        with h5py.File(self.folder / "run.h5") as file:
            (matrix,) = file["/matrix"].values()
            met = ~numpy.isnan(matrix[:])
            self.assertTrue((met == ~numpy.eye(5, dtype=bool)).all(), matrix[:])
            self.assertTrue((matrix[:][met] > 0).all(), matrix[:])

    def matrix(self):
        """Milliseconds; row = the rank whose time it is."""
        import h5py

        with h5py.File(self.folder / "run.h5") as file:
            (matrix,) = file["/matrix"].values()
            return matrix[:] / 1e6

    def test_streams_of_all_pairs_fill_a_matrix(self):
        import numpy

        self.run_cases("--transport", "tcp", "--pattern", "flows", "--bytes", "1000", "--window", "3", "--ranks", "5")
        matrix = self.matrix()
        self.assertTrue((~numpy.isnan(matrix) == ~numpy.eye(5, dtype=bool)).all(), matrix)

    def test_a_stream_is_timed_by_its_receiver_alone(self):
        """Rank 1 takes 50 ms for whatever it moves: what it receives is late, what rank 2 has of it is not."""
        import numpy

        (self.folder / "streams").write_text("0 1000 0\n0 0 1000\n0 0 0\n")
        self.run_cases("--transport", "tcp", "--pattern", "flows", "--matrix", self.folder / "streams", "--window", "2",
                       "--ranks", "3", "--fault", "slow:rank=1,bytes_per_second=40000")
        matrix = self.matrix()
        self.assertEqual(numpy.argwhere(~numpy.isnan(matrix)).tolist(), [[1, 0], [2, 1]], matrix)
        self.assertGreater(matrix[1, 0], 45, matrix)
        self.assertLess(matrix[2, 1], 25, matrix)

    def test_a_copy_is_each_rank_s_own(self):
        import numpy

        self.run_cases("--transport", "shm", "--pattern", "copy", "--bytes", "1Mi", "--ranks", "3")
        matrix = self.matrix()
        self.assertTrue((~numpy.isnan(matrix) == numpy.eye(3, dtype=bool)).all(), matrix)

    def test_a_flood_is_held_against_rest(self):
        (case,) = self.run_cases("--transport", "shm", "--pattern", "congestion", "--bytes", "64Ki", "--ranks", "4")
        self.assertGreater(case["impact_mean"], 0)
        self.assertGreater(case["impact_p99"], 0)

    def test_a_schedule_from_a_file(self):
        for name in ("allreduce_ring_4.xml", "allreduce_halving_doubling_4.xml"):
            with self.subTest(schedule=name):
                (self.folder / "run.h5").unlink(missing_ok=True)
                cases = self.run_cases("--transport", "shm", "tcp", "--pattern", "allreduce", "--schedule",
                                       EXAMPLES / name, "--count", "0,4,64,1000000")
                self.assertEqual(len(cases), 8)
                self.assertEqual({(case["algorithm"], case["ranks"]) for case in cases}, {("imported", 4)})

    def test_a_count_matrix_decides_who_sends_how_much(self):
        (self.folder / "moe.csv").write_text("0,5,7\n1,0,2\n9000,0,0\n")
        cases = self.run_cases("--transport", "shm", "--pattern", "alltoallv", "--matrix", "moe.csv", "--ranks", "3")
        self.assertEqual({case["algorithm"] for case in cases},
                         {"linear", "spread_out", "pairwise", "bruck", "two_phase_2d"})
        self.assertTrue(all(case["options"].startswith("matrix:moe.csv#") for case in cases), cases)
        (self.folder / "moe.csv").write_text("0,5\n1,0,2\n")
        self.refuse("run", "--pattern", "alltoallv", "--matrix", "moe.csv", "--ranks", "3", says=("moe.csv:2", "square"))


if __name__ == "__main__":
    unittest.main()
