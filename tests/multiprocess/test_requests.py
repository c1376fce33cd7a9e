"""What a person can get wrong: one clear line, exit 2, nothing written."""

import unittest
from pathlib import Path

from harness import PodbenchTest

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"

SMALL = ("--transport", "shm", "--pattern", "allreduce", "--algorithm", "ring", "--bytes", "8", "--ranks", "2")


def with_option(option, value):
    """A good small request in which one option has another value."""
    request = list(SMALL)
    if option in request:
        request[request.index(option) + 1] = value
    else:
        request += [option, value]
    return request


class WrongRequests(PodbenchTest):
    def test_unknown_names_suggest_the_right_one(self):
        for option, value, right in (("--transport", "shmm", "shm"), ("--pattern", "alreduce", "allreduce"),
                                     ("--algorithm", "rign", "ring"), ("--dtype", "float23", "float32"),
                                     ("--op", "summ", "sum"), ("--suite", "smokee", "smoke")):
            with self.subTest(option=option):
                request = ("--suite", value) if option == "--suite" else with_option(option, value)
                self.refuse("run", *request, says=(value, right))

    def test_launchers_that_cannot_serve(self):
        for launcher, says in ((("--launcher", "ssh"), "--hosts"), (("--launcher", "local", "--hosts", "n1"), "--hosts"),
                               (("--launcher", "ssh", "--hosts", "-oProxyCommand=true"), "no host")):
            with self.subTest(launcher=launcher):
                self.refuse("run", *SMALL, *launcher, says=(says,))
        for launcher in ("mpirun", "srun"):
            with self.subTest(launcher=launcher):
                self.refuse("run", *SMALL, "--launcher", launcher, says=(f"`{launcher}`",),
                            environment={"PATH": "/nonexistent"})

    def test_sizes_and_counts(self):
        for option, value in (("--bytes", "8x"), ("--bytes", "-8"), ("--bytes", "64:8:x2:9"),
                              ("--bytes", "99999999999999999999"), ("--bytes", "8:64:x1"), ("--bytes", ""),
                              ("--bytes", "7"),  # not a whole number of float32
                              ("--ranks", "0"), ("--ranks", "-1"), ("--ranks", "two"),
                              ("--ranks", "1000000000"), ("--launches", "0"), ("--launches", "x"),
                              ("--time-per-case", "2"), ("--time-per-case", "-1s"), ("--seed", "x"),
                              ("--check", "perhaps"), ("--cadence", "hasty"), ("--filter", "("),
                              ("--launcher", "teleport")):
            with self.subTest(option=option, value=value):
                self.refuse("run", *with_option(option, value))

    def test_unknown_commands_and_flags(self):
        self.refuse("rnu", says=("run",))
        self.refuse("run", *SMALL, "--byts", "8")
        self.refuse("list", "transprots", says=("transports",))
        self.refuse("export", "nothing.h5", "--as", "xml")

    def test_a_pattern_without_enough_ranks(self):
        self.refuse("run", *with_option("--pattern", "pingpong")[:4], "--bytes", "8", "--ranks", "1",
                    says=("pingpong", "2"))

    def test_suite_files(self):
        for name, text, says in (("syntax.toml", 'name = "x\n', "syntax.toml"),
                                 ("key.toml", 'name = "x"\n[[cases]]\npatern = "allreduce"\n', "pattern"),
                                 ("empty.toml", 'name = "x"\n', "empty.toml"),
                                 ("type.toml", 'name = "x"\n[[cases]]\npattern = 7\n', "pattern")):
            with self.subTest(name=name):
                (self.folder / name).write_text(text)
                self.refuse("run", "--suite", self.folder / name, says=(says,))
        self.refuse("run", "--suite", "missing.toml", says=("missing.toml",))

    def test_workloads(self):
        step = ("run", "--transport", "shm", "--pattern", "training_step", "--ranks", "2")
        part = '[[part]]\npattern = "{}"\nalgorithm = "{}"\nelements = 5\n'
        self.refuse(*step, says=("workload",))
        self.refuse(*step, "--workload", "bert-large-dpd", says=("bert-large-ddp",))
        self.refuse(*step, "--workload", "bert-large-ddp", "--scale", "0", says=("--scale",))
        self.refuse(*step, "--workload", "llama2-7b-sharded", "--scale", "1000", says=("smaller scale",))
        for name, text, says in (("syntax.toml", "[[part]\n", "syntax.toml:1:"),
                                 ("parts.toml", 'name = "x"\n', "[[part]]"),
                                 ("native.toml", part.format("allreduce", "native"), "native.toml:3:13: native has"),
                                 ("put.toml", part.format("put", "direct"), "put.toml:2:11: put is one-sided"),
                                 ("root.toml", part.format("reduce", "linear") + "root = 2\n", "root 2 is not a rank"),
                                 ("key.toml", part.format("shift", "direct") + "shft = 2\n", "\"shift\"")):
            with self.subTest(name=name):
                (self.folder / name).write_text(text)
                self.refuse(*step, "--workload", self.folder / name, says=(says,))

    def test_schedules(self):
        """A schedule from a file is refused with its line, or with what the prover finds."""
        ring = (EXAMPLES / "allreduce_ring_4.xml").read_text()
        damages = (("no xml", "", ("schedule.xml:1",)),
                   (ring[:700], "", ("schedule.xml:", "XML")),
                   (ring, 'coll="allreduce"->coll="custom"', ("custom", "allgather")),
                   (ring, 'type="rrs"->type="rcs"', ("no allreduce of", "rank")),
                   (ring, 'type="s"->type="nop"', ("only 5 times",)),
                   (ring, 'srcoff="0"->srcoff="9"', ("outside the 4 chunks",)),
                   (ring, 'depid="-1"->depid="3"', ("no tb of gpu 0",)),
                   (ring, 's_chunks="0"->s_chunks="1000000000"', ("whole number",)))
        request = ("run", "--schedule", "schedule.xml", "--pattern", "allreduce", "--transport", "shm")
        for text, change, says in damages:
            with self.subTest(change=change, says=says):
                (self.folder / "schedule.xml").write_text(text.replace(*change.split("->"), 1) if change else text)
                self.refuse(*request, says=says)
        (self.folder / "schedule.xml").write_text(ring)
        self.refuse(*request, "--count", "5", says=("a multiple of 4",))
        self.refuse(*request, "--ranks", "3", says=("is for 4 ranks",))
        self.refuse("run", "--pattern", "allreduce", "--algorithm", "imported", says=("--schedule",))
        self.refuse("verify", "--schedule", "schedule.xml", "--pattern", "alltoall", says=("is for allreduce",))

    def test_run_files(self):
        (self.folder / "text.h5").write_text("no HDF5 at all\n")
        (self.folder / "empty.h5").write_bytes(b"")
        for command in (("show",), ("export", "--as", "csv")):
            for file in ("missing.h5", "text.h5", "empty.h5", "."):
                with self.subTest(command=command, file=file):
                    self.refuse(command[0], file, *command[1:], says=(file,))
        self.refuse("recover", "missing.spool", says=("missing.spool",))
        self.refuse("recover", self.folder, says=("spool",))

    def test_an_existing_file_is_not_overwritten(self):
        (self.folder / "mine.h5").write_text("precious")
        self.refuse("run", *SMALL, "--out", self.folder / "mine.h5", says=("mine.h5",))
        self.assertEqual((self.folder / "mine.h5").read_text(), "precious")

    def test_rank_ranges_of_the_prover(self):
        for ranks in ("0", "5:1", "1:x", "-3"):
            with self.subTest(ranks=ranks):
                self.refuse("verify", "--pattern", "barrier", "--ranks", ranks)


if __name__ == "__main__":
    unittest.main()
