#!/usr/bin/env python3
"""How often `podbench ab` sees a difference between two configurations that are the same, on this machine.

    bench/ab/aa.py --podbench build/dev/bin/podbench --comparisons 20

Each comparison is a whole `podbench ab` of a transport with itself: real launches, the usual looks.
Printed is the share of cases called faster or slower although nothing differs: by the test of the case
alone ("before", at the level that its look may spend, and at least 1%), and by the verdict, after false
discoveries are controlled ("after"). At most 5% may be so before, next to none after. Other work on the
machine is part of the experiment: its load is printed.
"""

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections import namedtuple

CASES = "--pattern pingpong,allreduce --bytes 8,4Ki,256Ki --ranks 2"
LEAST_EFFECT = 0.01
LEVEL = 0.05

Tally = namedtuple("Tally", "cases before after after_p99")


def compare(arguments, transport, seed, folder):
    """The findings of one ab of a transport with itself, and the share of the error of its last look."""
    common = f"--transport {transport} {arguments.cases} --time-per-case {arguments.time_per_case}"
    command = [arguments.podbench, "ab", "--common", common, "--launches", str(arguments.launches),
               "--least", str(arguments.least), "--seed", str(seed), "--quiet", "--format", "json", "--out",
               os.path.join(folder, f"{transport.replace(':', '-')}-{seed}")]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode not in (0, 1, 3):
        sys.exit(f"{' '.join(command)}: exit {done.returncode}")
    document = json.loads(done.stdout)
    return document["findings"], document["share_of_last_look"], document["pairs"]


def count(findings, share):
    judged = [finding for finding in findings if finding["outcome"] != "skipped"]
    different = [finding for finding in judged
                 if finding["p50_p_value"] <= LEVEL * share
                 and abs(math.log(finding["p50_time_ratio"])) >= math.log(1 + LEAST_EFFECT)]
    called = [finding for finding in judged if finding["verdict"] in ("faster", "slower")]
    tails = [finding for finding in judged if finding["p99_verdict"] in ("faster", "slower")]
    return Tally(len(judged), len(different), len(called), len(tails))


def total(tallies):
    return Tally(*(sum(column) for column in zip(*tallies)))


def line(name, tallies):
    whole = total(tallies)
    hit = sum(1 for tally in tallies if tally.after > 0)
    print(f"{name:12} {len(tallies):4} comparisons {whole.cases:6} cases   "
          f"before {100 * whole.before / whole.cases:5.2f}%   after {100 * whole.after / whole.cases:5.2f}%   "
          f"p99 after {100 * whole.after_p99 / whole.cases:5.2f}%   comparisons with any after: {hit}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--podbench", default="podbench")
    parser.add_argument("--transports", default="shm,tcp")
    parser.add_argument("--cases", default=CASES, help=f"what each launch runs (default: {CASES})")
    parser.add_argument("--comparisons", type=int, default=10, help="of each transport")
    parser.add_argument("--launches", type=int, default=12)
    parser.add_argument("--least", type=int, default=6)
    parser.add_argument("--time-per-case", default="20ms")
    parser.add_argument("--seed", type=int, default=1, help="of the first comparison; the next ones follow")
    arguments = parser.parse_args()
    transports = arguments.transports.split(",")
    tallies = {transport: [] for transport in transports}
    began, loads = time.monotonic(), []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(arguments.comparisons):
            for transport in transports:
                findings, share, pairs = compare(arguments, transport, arguments.seed + number, folder)
                tallies[transport].append(count(findings, share))
                loads.append(os.getloadavg()[0])
                print(f"{transport} {number}: {pairs} pairs, {tallies[transport][-1]}", file=sys.stderr)
    for transport in transports:
        line(transport, tallies[transport])
    line("all", [tally for transport in transports for tally in tallies[transport]])
    print(f"{time.monotonic() - began:.0f} s, {os.cpu_count()} cores, "
          f"load from {min(loads):.1f} to {max(loads):.1f}")


if __name__ == "__main__":
    main()
