#!/usr/bin/env python3
"""Can the numbers be trusted? Each part plants what it looks for, and prints what podbench made of it.

    bench/trust/trust.py --build build/release [completion] [clock] [pause] [engine] [repeat]

completion  known delays at known ranks: the reported completion time against the longest chain of delays, and
            beside it what the mean over the ranks' own times, and starts behind a barrier, would have said
clock       the error of synchronised clocks over shm and tcp, one of them 20 ppm too fast
pause       a rank stands still for a second in the middle of a case: is it seen, and does the median move
engine      what a case and an operation cost over a transport that does nothing
repeat      the suite smoke ten times: how often the medians of two runs lie within their intervals

Everything runs on this machine; figures of time hold for it alone, on a quiet day.
"""

import argparse
import itertools
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

import h5py  # Debian's python3-h5py

MS = 1_000_000
PARTS = ("completion", "clock", "pause", "engine", "repeat")
OPERATIONS = (("broadcast", "binomial"), ("reduce", "binomial"), ("allreduce", "recursive_doubling"),
              ("alltoall", "pairwise"))


class Programs:
    def __init__(self, build):
        self.folder = build / "bin"

    def say(self, name, *words):
        return subprocess.run([str(self.folder / name), *map(str, words)], capture_output=True, text=True,
                              check=False, timeout=1800)

    def run(self, *words):
        """A run's cases, as `podbench show --format json` gives them, each rank's own median times
        and the samples of the first launch, ns."""
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "run.h5"
            done = self.say("podbench", "run", *words, "--quiet", "--out", file)
            if not file.exists():
                sys.exit(f"podbench run {' '.join(map(str, words))}: {done.stderr.strip()}")
            cases = json.loads(self.say("podbench", "show", file, "--format", "json").stdout)["cases"]
            with h5py.File(file) as opened:
                own = opened["ranks/exit_ns"][:, 0, :] - opened["ranks/entry_ns"][:, 0, :]
                first, count = opened["samples/offset"][:, 0], opened["samples/count"][:, 0]
                taken = [opened["samples/t"][int(at):int(at + n)].tolist() for at, n in zip(first, count)]
            return [case | {"own_times_ns": times.tolist(), "samples_ns": samples}
                    for case, times, samples in zip(cases, own, taken)]


def row(*cells):
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def heading(title, *cells):
    print(f"\n## {title}\n")
    row(*cells)
    row(*("---" for _ in cells))


def percent(found, truth):
    return f"{100 * (found / truth - 1):+.1f}%"


def moved(case):
    """The median behind the longest sample over the median before it, and over all against all but that one."""
    samples = case["samples_ns"]
    longest = samples.index(max(samples))
    before, behind = samples[:longest], samples[longest + 1:]
    if min(len(before), len(behind)) < 100:
        return None
    return (statistics.median(behind) / statistics.median(before),
            statistics.median(samples) / statistics.median(before + behind))


def completion(programs):
    """Rank 0 and the last rank are slow; what they hold up is known from the schedule alone."""
    heading("Completion time with planted delays",
            "operation", "ranks", "delays", "true", "by clocks", "error", "mean of ranks", "behind a barrier")
    worst = 0
    for ranks, (pattern, algorithm) in itertools.product((2, 4, 8, 16), OPERATIONS):
        slow, slower = 10 * MS, 20 * MS
        delays = [slow] + [0] * (ranks - 2) + [slower]
        ends = programs.say("critical_path", pattern, algorithm, ranks, ",".join(map(str, delays)))
        truth = max(map(int, ends.stdout.split()))
        request = ("--transport", "tcp", "--pattern", pattern, "--algorithm", algorithm, "--count", ranks,
                   "--ranks", ranks, "--time-per-case", "2s", "--check", "off", "--bind", "none")
        fault = f"lag:rank=0,ns={slow};lag:rank={ranks - 1},ns={slower}"
        (case,) = programs.run(*request, "--sync", "clock", "--fault", fault)
        (behind,) = programs.run(*request, "--sync", "barrier", "--fault", fault)
        found = case["p50_ns"]
        worst = max(worst, abs(found / truth - 1))
        row(f"{pattern}/{algorithm}", ranks, "10 ms at the first, 20 ms at the last", f"{truth / MS:.0f} ms",
            f"{found / MS:.2f} ms", percent(found, truth), percent(statistics.mean(case["own_times_ns"]), truth),
            percent(behind["p50_ns"], truth))
    print(f"\nlargest error by clocks: {100 * worst:.1f}% (goal: 2%)")


def clock(programs):
    heading("Clocks, one of them 20 ppm too fast", "transport", "looks", "p50", "p95", "largest", "stated", "goal")
    environment = os.environ | {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
    for transport, goal in (("shm", "p95 100 ns"), ("tcp", "p95 2 us")):
        words = ["mpirun", "--bind-to", "none", "-n", "2", str(programs.folder / "clock_accuracy"), transport, "20"]
        done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=300, env=environment)
        found = json.loads(done.stdout)
        row(transport, found["looks"], f"{found['p50_ns']} ns", f"{found['p95_ns']} ns", f"{found['max_ns']} ns",
            f"{found['stated_ns']} ns", goal)


def pause(programs):
    """Launches differ from each other, for memory lies elsewhere: a median is held against itself, before the pause
    and behind it, and the launches' spread stands beside it."""
    heading("A rank stands still for a second, seven launches", "transport", "seen in", "longest sample",
            "rounds dropped", "medians of the launches", "median of all over that without the second",
            "median behind over before")
    # One at least falls between the warm-up, whose length is not known before, and the end, 8,000 posts later.
    fault = ";".join(f"pause:rank=1,after={post},ms=1000" for post in (6_000, 11_000, 16_000))
    for transport in ("shm", "tcp"):
        request = ("--transport", transport, "--pattern", "allreduce", "--algorithm", "ring", "--bytes", "64Ki",
                   "--ranks", 2, "--time-per-case", "2s", "--fault", fault)
        paused = [case for _ in range(7) for case in programs.run(*request)]
        seen = [case for case in paused if case["max_ns"] >= 1000 * MS]
        medians = sorted(case["p50_ns"] / 1e3 for case in paused)
        behind, whole = zip(*filter(None, map(moved, seen)))
        row(transport, f"{len(seen)} of 7", f"{max(case['max_ns'] for case in paused) / MS:.1f} ms",
            max(case["invalid"] for case in paused), f"{medians[0]:.2f} .. {medians[-1]:.2f} us",
            f"{min(whole):.4f} .. {max(whole):.4f}",
            f"{statistics.median(behind):.3f} ({min(behind):.2f} .. {max(behind):.2f})")


def engine(programs):
    found = json.loads(programs.say("engine_cost").stdout)
    heading("The engine over a transport that does nothing", "what", "found", "goal")
    row("a case beside its samples, of 1,000", f"{found['case_us_of_1000']} us", "10 us")
    row("a case beside its samples, of 10,000", f"{found['case_us_of_10000']} us", "10 us")
    row("the same with Google Benchmark and the spool, of 1,000", f"{found['led_case_us_of_1000']} us", "")
    row("the same with Google Benchmark and the spool, of 10,000", f"{found['led_case_us_of_10000']} us", "no growth")
    row(f"an operation, {found['operations_a_sample']} a sample", f"{found['operation_ns']} ns", "10 ns")


def repeat(programs):
    """Two runs agree about a case where their medians' intervals meet; and a run with all of them where its interval
    holds the median of the ten medians."""
    runs = []
    for number in range(10):
        runs.append({case["name"]: case for case in programs.run("--suite", "smoke")})
        print(f"run {number + 1} of 10", file=sys.stderr)
    met = pairs = held = cases = 0
    for name in runs[0]:
        converged = [run[name] for run in runs if name in run and run[name]["status"] == "good"]
        middle = statistics.median(case["p50_ns"] for case in converged) if converged else 0
        for case in converged:
            cases += 1
            held += case["ci_lo_ns"] <= middle <= case["ci_hi_ns"]
        for one, other in itertools.combinations(converged, 2):
            pairs += 1
            met += one["ci_lo_ns"] <= other["ci_hi_ns"] and other["ci_lo_ns"] <= one["ci_hi_ns"]
    heading("The suite smoke ten times", "what", "found", "of", "share")
    row("two runs' intervals of a median meet", met, pairs, f"{100 * met / max(pairs, 1):.0f}%")
    row("a run's interval holds the median of all runs", held, cases, f"{100 * held / max(cases, 1):.0f}%")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=pathlib.Path("build/release"), help="a build folder")
    parser.add_argument("parts", nargs="*", help="which (default: all)")
    arguments = parser.parse_args()
    unknown = [part for part in arguments.parts if part not in PARTS]
    if unknown:
        parser.error(f"unknown part {unknown[0]}; known: {', '.join(PARTS)}")
    programs = Programs(arguments.build.resolve())
    for part in arguments.parts or PARTS:
        globals()[part](programs)


if __name__ == "__main__":
    main()
