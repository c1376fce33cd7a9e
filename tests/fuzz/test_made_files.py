"""Run files built to do harm: every command that reads one says a single clear line and ends with 2.

Each file is a good run with one thing changed on purpose, the way a clumsy tool or a hostile hand would. The commands
come from `podbench --help`, so that a new one is not forgotten. All of it under a limit of memory and of time.
"""

import re
import resource
import shutil
import subprocess
import sys
import unittest
import zlib
from pathlib import Path

import h5py
import numpy

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "multiprocess"))
from harness import GOOD, PODBENCH, WRONG_REQUEST, PodbenchTest  # noqa: E402

LIMIT_BYTES = 3 << 30  # of address space, libraries and the child that reads included
PATIENCE_S = 60
TEXT = h5py.string_dtype()
# How a command that reads run files is called; BAD is the made file, GOOD a whole one, OUT a name to write to.
READERS = {
    "show": [["BAD"], ["GOOD", "BAD"]],
    "export": [["BAD", "--as", "json"]],
    "fit": [["BAD"]],
    "compare": [["BAD", "--vs", "GOOD"], ["GOOD", "--vs", "BAD"]],
    "report": [["BAD", "-o", "OUT"]],
    "track": [["BAD"], ["GOOD", "BAD"]],
}
# Commands that take no run file, or a folder of them, in which one bad file does not spoil the others.
OTHERS = {"run", "list", "doctor", "verify", "recover", "ab", "accept"}
# Who certainly looks where: at the statistics of the summary, or at samples, matrices and the times of ranks.
SUMMARY, EVERYTHING = {"show", "export"}, {"fit"}
# Looks at little more than what it watches, a value a case and launch, to be quick over years of files.
POINTS = {"track"}


def replace(parent, name, **dataset):
    del parent[name]
    return parent.create_dataset(name, **dataset)


def absurd_size(file, name, **layout):
    """A dataset that claims 2^40 elements and has none of them."""
    dtype = file[name].dtype
    del file[name]
    file.create_dataset(name, shape=(1 << 40,), dtype=dtype, **layout)


def bomb(file, name, elements, dtype):
    """Zeros that take a thousandth of their size."""
    del file[name]
    dataset = file.create_dataset(name, shape=(elements,), dtype=dtype, chunks=(1 << 22,), compression="gzip")
    zeros = zlib.compress(bytes(numpy.dtype(dtype).itemsize << 22), 9)
    for begin in range(0, elements, 1 << 22):
        dataset.id.write_direct_chunk((begin,), zeros)


def edit(name, value):
    """Gives one element of a dataset another value."""

    def change(file):
        dataset = file[name]
        dataset[(0,) * dataset.ndim] = value

    return change


def all_of(name, value):
    def change(file):
        file[name][...] = value

    return change


def another_type(name, dtype):
    def change(file):
        replace(file, name, data=file[name][...].astype(dtype))

    return change


def another_shape(name, shape):
    def change(file):
        replace(file, name, shape=shape, dtype=file[name].dtype)

    return change


def attribute(name, value):
    def change(file):
        file.attrs[name] = value

    return change


def elsewhere(name, link):
    def change(file):
        del file[name]
        file[name] = link

    return change


def virtual(file):
    layout = h5py.VirtualLayout(shape=(1 << 20,), dtype="<u8")
    layout[:] = h5py.VirtualSource("/etc/passwd", "t", shape=(1 << 20,))
    del file["samples/t"]
    file.create_virtual_dataset("samples/t", layout)


def external_storage(file):
    count = file["samples/t"].shape
    replace(file, "samples/t", shape=count, dtype="<u8", external=[("/etc/passwd", 0, h5py.h5f.UNLIMITED)])


def cycle(name):
    """A group that holds itself."""

    def change(file):
        del file[name]
        file[name] = file["/"]

    return change


def claimed_twice(file):
    all_of("samples/offset", 0)(file)
    all_of("samples/count", file["samples/t"].shape[0])(file)


def long_label(file):
    labels = list(file["cases/pattern_labels"].asstr()[...])
    labels[0] = "x" * (1 << 20)
    replace(file, "cases/pattern_labels", data=labels, dtype=TEXT)


def long_attribute(file):
    # An attribute that does not fit into its object's header lies in the heap.
    space, kind = h5py.h5s.create(h5py.h5s.SCALAR), h5py.h5t.C_S1.copy()
    kind.set_size(60_000)
    h5py.h5a.delete(file.id, b"pod")
    h5py.h5a.create(file.id, b"pod", kind, space)


def wrong_matrix(shape):
    def change(file):
        name = next(iter(file["matrix"]))
        replace(file["matrix"], name, data=numpy.ones(shape))

    return change


def strange_matrix(file):
    file["matrix"].create_dataset("99_0", data=numpy.ones((2, 2)))


def packed(file):
    replace(file, "summary/p50", data=file["summary/p50"][...], chunks=True, compression="lzf")


def fewer_cases(file):
    replace(file, "case", data=file["case"][:-1])


def many_cases(file):
    replace(file, "case", shape=(1 << 31,), dtype=file["case"].dtype, chunks=(1 << 16,))


# What every reader sees.
HARM_TO_ALL = {
    "another schema": attribute("schema", "otherbench"),
    "no schema": lambda file: file.attrs.__delitem__("schema"),
    "another major": attribute("schema_version", "2.0"),
    "a version in words": attribute("schema_version", "one"),
    "a version as a number": attribute("schema_version", 1.0),
    "an attribute of another type": attribute("seed", "many"),
    "an attribute below zero": attribute("seed", numpy.int64(-1)),
    "an attribute that is a list": attribute("pod", ["a", "b"]),
    "an attribute of absurd length": long_attribute,
    "2^40 cases": lambda file: absurd_size(file, "case"),
    "2^31 cases never written": many_cases,
    "2^40 labels": lambda file: absurd_size(file, "cases/transport_labels", chunks=(1 << 10,)),
    "a bomb of cases": lambda file: bomb(file, "case", 1 << 27, file["case"].dtype),
    "a cycle for summaries": cycle("summary"),
    "a cycle for cases": cycle("cases"),
    "a soft link": elsewhere("summary", h5py.SoftLink("/cases")),
    "a soft link to itself": elsewhere("summary", h5py.SoftLink("/summary")),
    "a dangling link": elsewhere("cases", h5py.SoftLink("/nowhere")),
    "an external link": elsewhere("config", h5py.ExternalLink("/etc/passwd", "/config")),
    "an external link to the same file": elsewhere("cases", h5py.ExternalLink("bad.h5", "/cases")),
    "a dataset for a group": lambda file: replace(file, "summary", data=numpy.zeros(3)),
    "sizes as floats": another_type("cases/bytes", "<f8"),
    "a table for a list": another_shape("cases/bytes", (3, 3)),
    "a single number for a list": another_shape("cases/bytes", ()),
    "thirty axes": another_shape("cases/bytes", (1,) * 30),
    "no data at all": lambda file: replace(file, "cases/bytes", data=h5py.Empty("<u8")),
    "fewer cases than rows": fewer_cases,
    "launches out of order": lambda file: replace(file, "launch", data=file["launch"][...][::-1]),
    "launches twice": all_of("launch", 1),
    "a code without a label": edit("cases/transport", 65_000),
    "labels that are gone": lambda file: replace(file, "cases/transport_labels", shape=(0,), dtype=TEXT),
    "labels of fixed length": lambda file: replace(file, "cases/transport_labels", data=numpy.array([b"shm"], "S3")),
    "a label of absurd length": long_label,
    "absurdly many ranks": edit("cases/ranks", 0xFFFFFFFF),
    "options that are no JSON": lambda file: replace(file, "cases/options_labels", data=["{"], dtype=TEXT),
}
# What a reader of the statistics sees.
HARM_TO_SUMMARIES = {
    "2^40 medians": lambda file: absurd_size(file, "summary/p50"),
    "2^40 medians in chunks": lambda file: absurd_size(file, "summary/p50", chunks=(1 << 16,)),
    "a bomb of medians": lambda file: bomb(file, "summary/p50", 1 << 27, "<f8"),
    "a group for a dataset": lambda file: (file.__delitem__("summary/p50"), file.create_group("summary/p50")),
    "medians below zero": edit("summary/p50", -5.0),
    "medians without end": edit("summary/p50", numpy.inf),
    "a launch's median below zero": edit("launches/median", -5.0),
    "a launch's median that is none": all_of("launches/median", numpy.nan),
    "counts below zero": another_type("launches/n", "<i8"),
    "medians as integers": another_type("summary/p50", "<i8"),
    "medians as text": lambda file: replace(file, "summary/p50", data=["x"] * len(file["case"]), dtype=TEXT),
    "wider numbers than there are": another_type("summary/p50", numpy.longdouble),
    "an unknown status": lambda file: replace(file, "summary/status_labels", data=["splendid"], dtype=TEXT),
    "another way of packing": packed,
}
# What a reader of everything sees.
HARM_BENEATH = {
    "2^40 samples": lambda file: absurd_size(file, "samples/t"),
    "2^40 samples in chunks never written": lambda file: absurd_size(file, "samples/t", chunks=(1 << 16,)),
    "a bomb of samples": lambda file: bomb(file, "samples/t", 1 << 27, "<u8"),
    "virtual samples": virtual,
    "samples in another file": external_storage,
    "offsets beyond the end": edit("samples/offset", 1 << 40),
    "offsets that overflow": edit("samples/offset", (1 << 64) - 1),
    "counts that overflow": edit("samples/count", (1 << 64) - 1),
    "samples claimed twice": claimed_twice,
    "offsets below zero": another_type("samples/offset", "<i8"),
    "samples below zero": another_type("samples/t", "<i8"),
    "samples as floats": another_type("samples/t", "<f8"),
    "no operations in a sample": all_of("launches/operations_per_sample", 0),
    "times divided by nothing": all_of("cases/time_divisor", 0.0),
    "times divided by less than nothing": all_of("cases/time_divisor", -2.0),
    "an unknown status of a launch": all_of("launches/status", 77),
    "ranks' times below zero": all_of("ranks/exit_ns", -1.0),
    "ranks' times of other cases": another_shape("ranks/exit_ns", (1, 1, 1)),
    "a matrix that is not square": wrong_matrix((2, 3)),
    "a matrix of other ranks": wrong_matrix((64, 64)),
    "a matrix below zero": lambda file: edit(next(iter(file["matrix"])), -1.0)(file["matrix"]),
    "a matrix of no case": strange_matrix,
    "a cycle for nodes": cycle("env"),
    "a launch with more ranks than it lists": all_of("launches/ranks", 1 << 30),
}


def limited():
    resource.setrlimit(resource.RLIMIT_AS, (LIMIT_BYTES, LIMIT_BYTES))


def sanitized():
    """Address sanitizers reserve more address space than any limit would allow."""
    with open(PODBENCH, "rb") as file:
        return b"__asan_init" in file.read()


class MadeFiles(PodbenchTest):
    whole = b""  # a good run, made once

    @classmethod
    def setUpClass(cls):
        listing = subprocess.run([PODBENCH, "--help"], capture_output=True, text=True, check=True).stdout
        cls.commands = re.findall(r"^ +([a-z]+) ", listing.split("Subcommands:")[1].split("\n\n")[0], re.MULTILINE)
        cls.before = None if sanitized() else staticmethod(limited)

    def setUp(self):
        super().setUp()
        self.good = self.folder / "good.h5"
        if self.whole:
            self.good.write_bytes(self.whole)
            return
        self.succeed("run", "--transport", "shm", "--pattern", "pingpong,pairs", "--bytes", "8,64,512", "--ranks", "2",
                     "--launches", "2", "--time-per-case", "5ms", "--quiet", "--out", self.good)
        MadeFiles.whole = self.good.read_bytes()

    def call(self, *words):
        return subprocess.run([PODBENCH, *map(str, words)], cwd=self.folder, capture_output=True, text=True,
                              check=False, timeout=PATIENCE_S, preexec_fn=self.before)

    def calls(self):
        """Every command that reads, with the words that name the files."""
        names = {"BAD": "bad.h5", "GOOD": "good.h5", "OUT": "out.html"}
        for command in self.commands:
            for words in READERS.get(command, ()):
                yield command, [command, *(names.get(word, word) for word in words)]

    def refused(self, words):
        result = self.call(*words)
        said = f"{' '.join(words)}: exit {result.returncode}\n{result.stdout[:2000]}\n{result.stderr[:2000]}"
        self.assertEqual(result.returncode, WRONG_REQUEST, said)
        self.assertEqual(result.stdout, "", said)
        self.assertEqual(len(result.stderr.splitlines()), 1, said)
        self.assertIn("bad.h5", result.stderr, said)
        self.assertLess(len(result.stderr), 400, said)
        self.assertFalse((self.folder / "out.html").exists(), said)

    def harmless(self, words):
        """A command that does not look where the harm is may succeed; crash it may not."""
        result = self.call(*words)
        self.assertIn(result.returncode, range(4), f"{words}: {result.stderr[:2000]}")
        (self.folder / "out.html").unlink(missing_ok=True)

    def make(self, change):
        bad = self.folder / "bad.h5"
        shutil.copyfile(self.good, bad)
        with h5py.File(bad, "r+") as file:
            change(file)
        return bad

    def test_every_command_is_known_here(self):
        """A new command belongs to READERS or to OTHERS."""
        self.assertEqual(set(self.commands) - set(READERS) - OTHERS, set())

    def test_the_good_file_is_read(self):
        for _, words in self.calls():
            result = self.call(*("good.h5" if word == "bad.h5" else word for word in words))
            self.assertNotIn(result.returncode, (WRONG_REQUEST, -6, -11), f"{words}: {result.stderr}")

    def harm(self, changes, readers):
        for name, change in changes.items():
            self.make(change)
            for command, words in self.calls():
                with self.subTest(harm=name, words=words):
                    self.refused(words) if command in readers else self.harmless(words)

    def test_harm_to_all(self):
        self.harm(HARM_TO_ALL, set(READERS) - POINTS)

    def test_harm_to_summaries(self):
        self.harm(HARM_TO_SUMMARIES, SUMMARY)

    def test_harm_beneath_the_summary(self):
        self.harm(HARM_BENEATH, EVERYTHING)

    def test_cut_anywhere(self):
        whole = self.good.read_bytes()
        for part in range(8):
            (self.folder / "bad.h5").write_bytes(whole[:len(whole) * part // 8])
            for _, words in self.calls():
                with self.subTest(part=part, words=words):
                    self.refused(words)

    def test_what_is_no_hdf5(self):
        for name, content in {"empty": b"", "text": b"hello\n" * 9, "only the signature": b"\x89HDF\r\n\x1a\n"}.items():
            (self.folder / "bad.h5").write_bytes(content)
            for _, words in self.calls():
                with self.subTest(content=name, words=words):
                    self.refused(words)


if __name__ == "__main__":
    unittest.main()
