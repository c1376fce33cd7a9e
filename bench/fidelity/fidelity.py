#!/usr/bin/env python3
"""Is podbench as fast as what it measures?

Runs podbench and the layer's own tool in turn, several times each and in random order, on two cores of this
machine, and prints the ratios of their figures as a Markdown table: median [least .. greatest] over the rounds.

    bench/fidelity/fidelity.py --build build/release --rounds 7

Latency is meant to be at most 1.00 of the tool's and bandwidth at least 1.00, within the rounds' spread. Both
run over the same transport with the same settings; the tools are ucx_perftest, fi_pingpong and a bare loop of
MPI calls. podbench's own `shm` is held against UCX's shared memory and against this machine's memcpy.
"""

import argparse
import dataclasses
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
from typing import Callable

sys.dont_write_bytecode = True  # nothing is left beside the sources
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import layer_tools as tools
from table_words import KI, MI, machine, size_text, spread

WINDOW = 64


@dataclasses.dataclass
class Row:
    group: str  # what --only names
    what: str
    transport: str  # podbench's
    pattern: str
    size: int
    statistic: str  # of podbench's record: the one that the tool prints too
    theirs: Callable[[], float]
    pairs: list = dataclasses.field(default_factory=list)
    problem: str = ""

    @property
    def is_latency(self):
        return self.pattern == "pingpong"


def ucx_rows():
    rows = []
    for device in ("posix", "tcp"):
        latency_runs = 200_000 if device == "posix" else 20_000
        rows.append(Row("ucx", f"ucx_perftest tag_lat, UCX_TLS={device}", f"ucx:{device}", "pingpong", 8, "p50_ns",
                        lambda d=device, n=latency_runs: tools.ucx_perftest(d, "tag_lat", 8, n)))
        for size, runs in ((64 * KI, 20_000), (MI, 2_000)):
            rows.append(Row("ucx", f"ucx_perftest tag_bw, UCX_TLS={device}", f"ucx:{device}", "bandwidth", size,
                            "mean_ns", lambda d=device, s=size, n=runs: tools.ucx_perftest(d, "tag_bw", s, n, WINDOW)))
    return rows


def libfabric_rows():
    rows = []
    for provider in ("tcp", "shm"):
        for size, runs in ((8, 20_000), (64 * KI, 5_000), (MI, 1_000)):
            rows.append(Row("libfabric", f"fi_pingpong -p {provider}", f"libfabric:{provider}", "pingpong", size,
                            "mean_ns", lambda p=provider, s=size, n=runs: tools.fi_pingpong(p, s, n)))
    return rows


def mpi_rows(build):
    rows = []
    for library in ("openmpi", "mpich"):
        program = build / "bin" / f"mpi_loop_{library}"
        if not program.exists():
            continue
        rows.append(Row("mpi", f"bare loop, {library}", f"mpi:{library}", "pingpong", 8, "p50_ns",
                        lambda p=program, l=library: tools.mpi_loop(str(p), l, "latency", 8, 2_000, 50)))
        for size in (64 * KI, MI):
            rows.append(Row("mpi", f"bare loop, {library}", f"mpi:{library}", "bandwidth", size, "p50_ns",
                            lambda p=program, l=library, s=size: tools.mpi_loop(str(p), l, "bandwidth", s, 100, 1)))
    return rows


def shm_rows(build):
    rows = [Row("shm", "ucx_perftest tag_lat, UCX_TLS=posix", "shm", "pingpong", 8, "p50_ns",
                lambda: tools.ucx_perftest("posix", "tag_lat", 8, 200_000)),
            Row("shm", "ucx_perftest tag_bw, UCX_TLS=posix", "shm", "bandwidth", MI, "mean_ns",
                lambda: tools.ucx_perftest("posix", "tag_bw", MI, 2_000, WINDOW))]
    program = build / "bin" / "memcpy_rate"
    if program.exists():
        rows.append(Row("shm", "memcpy, one core", "shm", "bandwidth", MI, "mean_ns",
                        lambda: tools.memcpy_rate(str(program), MI, 200)))
        rows.append(Row("shm", "memcpy, one core", "ucx:posix", "bandwidth", MI, "mean_ns",
                        lambda: tools.memcpy_rate(str(program), MI, 200)))
    return rows


def podbench(program, row, seconds):
    """One launch of one case: microseconds of half a round trip, or decimal GB/s."""
    with tempfile.TemporaryDirectory() as folder:
        command = [str(program), "run", "--transport", row.transport, "--pattern", row.pattern, "--bytes",
                   str(row.size), "--ranks", "2", "--time-per-case", f"{seconds}s", "--format", "json", "--quiet",
                   "--out", os.path.join(folder, "run.h5")]
        if not row.is_latency:
            command += ["--window", str(WINDOW)]
        done = subprocess.run(command, timeout=tools.LIMIT_S, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True, check=False)
    if done.returncode not in (0, 3):
        raise tools.ToolFailed(f"exit {done.returncode}: {done.stderr.strip()[-200:]} ({' '.join(command)})")
    document = json.loads(done.stdout)
    cases = document["cases"] if isinstance(document, dict) else document
    time_ns = cases[0][row.statistic]
    return time_ns / 1e3 if row.is_latency else row.size * WINDOW / time_ns


def measure(program, row, seconds):
    order = [("ours", lambda: podbench(program, row, seconds)), ("theirs", row.theirs)]
    random.shuffle(order)
    figures = {who: take() for who, take in order}
    row.pairs.append((figures["ours"], figures["theirs"]))


def verdict(row, ratios):
    median, best = statistics.median(ratios), min(ratios) if row.is_latency else max(ratios)
    if (median <= 1.0) if row.is_latency else (median >= 1.0):
        return "met"
    return "within spread" if (best <= 1.0 if row.is_latency else best >= 1.0) else "missed"


def table(rows):
    lines = ["| held against | podbench | size | unit | theirs | ours | ours / theirs | goal |",
             "|---|---|---|---|---|---|---|---|"]
    for row in rows:
        unit = "us" if row.is_latency else "GB/s"
        head = f"| {row.what} | `{row.transport}` {row.pattern} | {size_text(row.size)} | {unit} |"
        if row.problem or not row.pairs:
            lines.append(f"{head} not measured: {row.problem} | | | |")
            continue
        ratios = [ours / theirs for ours, theirs in row.pairs]
        is_share = row.what.startswith("memcpy")
        lines.append(f"{head} {spread([t for _, t in row.pairs], 3)} | {spread([o for o, _ in row.pairs], 3)} | "
                     f"{spread(ratios, 2)} | {'a share' if is_share else verdict(row, ratios)} |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=pathlib.Path("build/release"), help="a build folder")
    parser.add_argument("--rounds", type=int, default=7, help="runs of each side (default 7)")
    parser.add_argument("--seconds", type=float, default=1.0, help="podbench's time a case (default 1)")
    parser.add_argument("--only", default="ucx,libfabric,mpi,shm", help="groups (default: all)")
    options = parser.parse_args()
    program = options.build / "bin" / "podbench"
    if not program.exists():
        parser.error(f"{program} is not there: build first, or name the folder with --build")
    groups = options.only.split(",")
    everything = ucx_rows() + libfabric_rows() + mpi_rows(options.build) + shm_rows(options.build)
    rows = [row for row in everything if row.group in groups]
    if not rows or options.rounds < 1:
        parser.error("--only takes ucx, libfabric, mpi, shm; --rounds is at least 1")
    about = machine()
    for turn in range(options.rounds):
        for row in rows:
            print(f"round {turn + 1}/{options.rounds}: {row.transport} {row.pattern} {size_text(row.size)}",
                  file=sys.stderr)
            try:
                if not row.problem:
                    measure(program, row, options.seconds)
            except (tools.ToolFailed, subprocess.TimeoutExpired, OSError, KeyError, ValueError) as error:
                row.problem = " ".join(str(error).split())[:400]
    print(f"{about}; {options.rounds} rounds, window {WINDOW}.\n")
    print(table(rows))


if __name__ == "__main__":
    main()
