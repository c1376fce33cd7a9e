#!/usr/bin/env python3
"""Is podbench ahead of the MPI libraries, and how far is it from what the machine allows?

Runs podbench, Open MPI and MPICH in turn and in random order, several times each, on the same sizes, and prints
ratios as a Markdown table: median [least .. greatest] over the rounds.

    bench/ahead/ahead.py --build build/release --rounds 5
    bench/ahead/ahead.py --ranks 4 --sizes 8,65536,1048576
    bench/ahead/ahead.py --transport ucx:tcp --patterns allreduce

Before the rounds every setting of each library and every algorithm of podbench is tried three times, in turn, and each
size keeps the one that was quickest once: what disturbs a try makes it slower. A library that is far behind at every
size, as one whose ranks do not yield on shared cores, is tried once; --settings first leaves the libraries' trial out.
A figure is the median time of an operation, operations back to back (podbench's streaming cadence), the slowest rank's
time. Ratios are theirs over ours: above 1 podbench is ahead.
The limit is what copying as many bytes takes on every core at once, and one cache line's way (limits.c).
"""

import argparse
import csv
import math
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import typing

sys.dont_write_bytecode = True  # nothing is left beside the sources
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import libraries as mpi
from table_words import KI, MI, machine, size_text, spread

# podbench's algorithms that can be the quickest on one machine.
ALGORITHMS = {"allreduce": "recursive_doubling,one_shot,two_shot", "alltoall": "linear,pairwise"}
# In which pieces long messages travel where the transport does not reduce in place.
PIECES = {"allreduce": ["0", "128Ki", "256Ki"], "alltoall": ["0"]}
TRIES = 3  # of every setting, before the rounds
FAR_BEHIND = 30  # times podbench's: one try is enough
SIZES = [8, 64, 512, 4 * KI, 32 * KI, 64 * KI, 256 * KI, MI, 4 * MI, 16 * MI, 64 * MI]


class Ours(typing.NamedTuple):
    """A setting of podbench."""
    algorithm: str
    piece: str

    def __str__(self):
        return self.algorithm if self.piece == "0" else f"{self.algorithm} by {self.piece}"


def podbench(options, pattern, sizes, buffers, algorithms, piece, seconds):
    """Median microseconds by size and algorithm."""
    with tempfile.TemporaryDirectory() as folder:
        command = [str(options.build / "bin" / "podbench"), "run", "--transport", options.transport, "--pattern", pattern,
                   "--algorithm", algorithms, "--bytes", ",".join(map(str, sizes)), "--ranks", str(options.ranks),
                   "--cadence", "streaming", "--buffers", buffers, "--piece", piece, "--time-per-case", f"{seconds}s",
                   "--format", "csv", "--quiet", "--out", os.path.join(folder, "run.h5")]
        rows = list(csv.DictReader(mpi.run(command).splitlines()))
    found = {(int(row["bytes"]), row["algorithm"]): float(row["p50_ns"]) / 1e3 for row in rows}
    missing = set(sizes) - {size for size, _ in found}
    if missing:
        raise mpi.ToolFailed(f"podbench gave no figure for {missing}")
    return found


def limits(options, sizes):
    """Microseconds of a copy by size, and of a line's way."""
    cores = min(options.ranks, len(os.sched_getaffinity(0)))
    each = [max(1, size * options.ranks // cores) for size in sizes]
    said = mpi.run([str(options.build / "bin" / "ahead_limits"), str(cores), str(options.seconds / 2), *map(str, each)])
    copies = [float(line.split("ns=")[1].split()[0]) / 1e3 for line in said.splitlines() if line.startswith("copy")]
    lines = [float(line.split("ns=")[1]) / 1e3 for line in said.splitlines() if line.startswith("line")]
    line_us = lines[0] if lines else 0.0
    return {size: copy + line_us for size, copy in zip(sizes, copies)}, line_us


class Contest:
    """One pattern: who competes, and all times, by name, size and round."""

    def __init__(self, options, pattern, sizes):
        self.options, self.pattern, self.sizes = options, pattern, sizes
        self.crowded = options.ranks > len(os.sched_getaffinity(0))
        self.libraries = mpi.libraries(options.build, options.transport)
        self.chosen = {}  # library or ours -> setting -> sizes
        self.settings = {}  # (library or ours, size) -> setting
        self.best = {}  # (library or ours, size) -> us of its setting when it was tried
        self.times = {}  # (name, size) -> [us]
        self.line_us = []

    def say(self, text):
        print(f"{self.pattern}, {self.options.ranks} ranks: {text}", file=sys.stderr, flush=True)

    def keep_quickest(self, name, trial):
        """`trial` gives pairs of a setting and microseconds by size. Each size keeps its quickest setting."""
        times = {}
        for _ in range(TRIES):
            for setting, found in trial():
                for size, time_us in found.items():
                    by_setting = times.setdefault(size, {})
                    by_setting[setting] = min(time_us, by_setting.get(setting, time_us))
            if name != "podbench" and self.is_far_behind(times):
                break
        self.chosen[name] = {}
        for size, by_setting in times.items():
            setting = min(by_setting, key=by_setting.get)
            self.best[name, size] = by_setting[setting]
            self.chosen[name].setdefault(setting, []).append(size)
            self.settings[name, size] = str(setting)

    def is_far_behind(self, times):
        """Whether no other choice of settings could bring it near podbench at any size."""
        return all(min(by_setting.values()) > FAR_BEHIND * self.best["podbench", size]
                   for size, by_setting in times.items())

    def try_ours(self, name, buffers):
        algorithms = self.options.algorithm or ALGORITHMS[self.pattern]
        for piece in ["0"] if self.options.transport == "shm" else PIECES[self.pattern]:
            sizes = [size for size in self.sizes if piece == "0" or size >= MI]
            if not sizes:
                continue
            self.say(f"{name}, pieces of {piece}")
            found = podbench(self.options, self.pattern, sizes, buffers, algorithms, piece, self.options.seconds / 2)
            for (size, algorithm), time_us in found.items():
                yield Ours(algorithm, piece), {size: time_us}

    def try_settings(self, library):
        names = list(library.settings)
        for setting in names if self.options.settings == "best" else names[:1]:
            self.say(f"{library.name}, {setting}")
            try:
                found = library.measure(setting, self.pattern, self.sizes, self.options.ranks, self.options.seconds / 2,
                                        self.crowded)
            except (mpi.ToolFailed, subprocess.TimeoutExpired) as error:
                self.say(f"left out: {str(error).splitlines()[-1][:200]}")
                continue
            yield setting, found

    def contenders(self):
        yield "limit", self.take_limit
        yield "podbench", lambda: self.take_podbench("podbench", "transport")
        if self.options.transport == "shm":
            yield "private", lambda: self.take_podbench("private", "private")
        for library in self.libraries:
            for setting, sizes in self.chosen[library.name].items():
                yield library.name, lambda l=library, s=setting, z=sizes: self.take_library(l, s, z)

    def keep(self, name, found):
        for size, time_us in found.items():
            self.times.setdefault((name, size), []).append(time_us)

    def take_limit(self):
        found, line_us = limits(self.options, self.sizes)
        self.line_us.append(line_us)
        self.keep("limit", found)

    def take_podbench(self, name, buffers):
        for ours, sizes in self.chosen[name].items():
            found = podbench(self.options, self.pattern, sizes, buffers, ours.algorithm, ours.piece, self.options.seconds)
            self.keep(name, {size: time_us for (size, _), time_us in found.items()})

    def take_library(self, library, setting, sizes):
        self.keep(library.name, library.measure(setting, self.pattern, sizes, self.options.ranks,
                                                self.options.seconds, self.crowded))

    def run(self):
        self.keep_quickest("podbench", lambda: self.try_ours("podbench", "transport"))
        if self.options.transport == "shm":
            self.keep_quickest("private", lambda: self.try_ours("private", "private"))
        for library in self.libraries:
            self.keep_quickest(library.name, lambda l=library: self.try_settings(l))
        for turn in range(self.options.rounds):
            order = list(self.contenders())
            random.shuffle(order)
            for name, take in order:
                self.say(f"round {turn + 1}/{self.options.rounds}: {name}")
                take()

    def faster_library(self, size, turn):
        """The quicker library's time of one round, or nothing where no library ran."""
        rounds = [self.times[library.name, size][turn] for library in self.libraries
                  if turn < len(self.times.get((library.name, size), []))]
        return min(rounds) if rounds else None

    def ratios(self, size, name):
        """Theirs over ours, round by round."""
        pairs = ((self.faster_library(size, turn), ours) for turn, ours in enumerate(self.times.get((name, size), [])))
        return [theirs / ours for theirs, ours in pairs if theirs is not None]

    def shares(self, size):
        return [least / ours for least, ours in zip(self.times["limit", size], self.times["podbench", size])]


def cell(contest, name, size, note):
    times = contest.times.get((name, size), [])
    return f"{statistics.median(times):.2f} ({note})" if times else ""


def table(contest):
    has_private = contest.options.transport == "shm"
    names = [library.name for library in contest.libraries]
    head = ["size", "limit, us", "podbench, us", *(["private, us"] if has_private else []),
            *(f"{name}, us" for name in names), "faster library / podbench",
            *(["/ private"] if has_private else []), "limit / podbench"]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for size in contest.sizes:
        row = [size_text(size), f"{statistics.median(contest.times['limit', size]):.2f}",
               cell(contest, "podbench", size, contest.settings["podbench", size])]
        if has_private:
            row.append(cell(contest, "private", size, contest.settings["private", size]))
        row += [cell(contest, name, size, contest.settings.get((name, size), "")) for name in names]
        row.append(spread(contest.ratios(size, "podbench")))
        if has_private:
            row.append(spread(contest.ratios(size, "private")))
        row.append(spread(contest.shares(size)))
        lines.append("| " + " | ".join(row) + " |")
    return "\n".join(lines)


def geometric_mean(contest, name):
    medians = [statistics.median(ratios) for size in contest.sizes if (ratios := contest.ratios(size, name))]
    return math.exp(sum(map(math.log, medians)) / len(medians)) if medians else float("nan")


def summary(contest):
    line = f"A cache line's way: {spread(contest.line_us, 3)} us."
    if not contest.libraries:
        return line + " No library was there to be held against."
    line += f" Geometric mean over the sizes, faster library / podbench: {geometric_mean(contest, 'podbench'):.2f}"
    if contest.options.transport == "shm":
        line += f" (private memory: {geometric_mean(contest, 'private'):.2f})"
    return line + "."


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=pathlib.Path("build/release"), help="a build folder")
    parser.add_argument("--transport", default="shm", help="podbench's transport (default shm)")
    parser.add_argument("--patterns", default="allreduce,alltoall", help="which (default: both)")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="bytes a rank, separated by commas")
    parser.add_argument("--ranks", type=int, default=2, help="processes (default 2)")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each (default 5)")
    parser.add_argument("--seconds", type=float, default=0.3, help="time a size and run (default 0.3)")
    parser.add_argument("--algorithm", help="podbench's, of several the quickest counts (default: those for one machine)")
    parser.add_argument("--settings", choices=("best", "first"), default="best", help="whether to try all settings")
    options = parser.parse_args()
    for program in ("podbench", "ahead_limits"):
        if not (options.build / "bin" / program).exists():
            parser.error(f"{options.build / 'bin' / program} is not there: build first, or name the folder with --build")
    if options.rounds < 1 or options.ranks < 2 or options.seconds <= 0:
        parser.error("--rounds is at least 1, --ranks at least 2, --seconds above 0")
    return options


def main():
    options = parse()
    sizes = [int(size) for size in options.sizes.split(",")]
    print(f"{machine()}; {options.ranks} ranks, {options.rounds} rounds, {options.seconds} s a size.\n")
    for pattern in options.patterns.split(","):
        contest = Contest(options, pattern, sizes)
        contest.run()
        print(f"**{pattern}**, `{options.transport}`, {options.ranks} ranks\n\n{table(contest)}\n\n{summary(contest)}\n",
              flush=True)


if __name__ == "__main__":
    main()
