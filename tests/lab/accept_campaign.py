#!/usr/bin/env python3
"""How often an acceptance is right: plants faults in labs and counts whom podbench accept blames.

    PODBENCH=build/bin/podbench tests/lab/accept_campaign.py --runs 200 --journal campaign.jsonl
    PODBENCH=build/bin/podbench tests/lab/accept_campaign.py --losses --runs 48 --journal losses.jsonl

A run is a fault at a place in a pod of some shape, and every fifth a healthy pod; with --losses, somebody who is lost
in the middle of one stage of a healthy pod's acceptance. Each is appended to the journal when it is over, and runs that
are in it already are not done again: after an interruption the same command goes on. At the end, or with --table alone,
the counts are printed.

  right   rejected, and the first culprit of some stage names the piece that was broken, or what cannot be told from it
          (a NIC and its only cable); a healthy pod: passed; somebody lost: over within 15 s, the lost one named, and
          what was finished in the file
  missed  not rejected; a healthy pod: inconclusive; somebody lost: later, not named, or nothing kept
  wrong   somebody else is named, a healthy pod rejected
"""

import argparse
import collections
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.dont_write_bytecode = True  # nothing is left beside the sources
from harness import GOOD, INCONCLUSIVE, LAB, MOST_SECONDS_TO_END, NOT_COMPLETED, REJECTED, lab

PATIENCE_S = 600  # of an acceptance; one that takes longer is ended and has missed
KEPT_WORDS = 4000  # characters of what an acceptance that was not right said last, kept in the journal
SHAPES = ("4x2x1", "4x2x2", "6x3x1", "8x2x1", "4x1x0")  # nodes, leaves, spines; then perhaps Mbit/s of an uplink


def counts_of(shape):
    return [int(count) for count in shape.split("x")]


def nodes_of(shape):
    return [f"n{i + 1}" for i in range(counts_of(shape)[0])]


def uplinks_of(shape):
    _, leaves, spines, *_ = counts_of(shape)
    return [f"leaf{leaf + 1}-spine{spine + 1}" for leaf in range(leaves) for spine in range(spines)]


class Fault:
    """What to do to the lab, at which of its places it can be done, and in the middle of which stage (none: before)."""

    def __init__(self, name, places, command=None, during="", arguments=None):
        self.name, self.places, self.command = name, places, command
        self.during, self.arguments = during, arguments

    @staticmethod
    def names(accused, place):
        """Whether the place is named: the node, or the cable or its leaf's uplinks."""
        if place.startswith("n"):
            return place in re.split(r"[^\w]+", accused)
        return place in accused or f"uplinks of {place.split('-')[0]}" in accused


def plant(kind, *arguments):
    return lambda lab, place: ("fault", kind, place, *arguments, "--lab", lab)


def slow(kind, way, share):
    return plant(kind, "--way", way, "--share", str(share))


def end(lab, place, signal):
    return ("run", "--lab", lab, place, "sh", "-c", f"kill -{signal} $(pgrep -x podbench)")


def kill(lab, place):
    return end(lab, place, "KILL")


FAULTS = [
    Fault("healthy", lambda shape: [""]),
    *(Fault(f"slow-nic {way} {share}", nodes_of, slow("slow-nic", way, share))
      for way, share in (("send", 0.5), ("receive", 0.5), ("both", 0.5), ("send", 0.8), ("receive", 0.8))),
    *(Fault(f"slow-uplink {way} {share}", uplinks_of, slow("slow-uplink", way, share))
      for way, share in (("up", 0.25), ("down", 0.25), ("both", 0.25))),
    Fault("flap", nodes_of, plant("flap", "--up", "1s", "--down", "200ms")),
    Fault("drop", nodes_of, plant("drop", "--share", "0.01")),
    # A node that runs half of the time loses nothing where others take the other half.
    Fault("slow-cpu", nodes_of, plant("slow-cpu", "--share", "0.2")),
    Fault("mtu", nodes_of, plant("mtu", "--bytes", "1500")),
    Fault("wrong data", nodes_of,
          arguments=lambda place: ("--fault", f"flip:rank={int(place[1:]) - 1},after=3")),
    Fault("dead", nodes_of, plant("dead"), during="pairs"),
    Fault("hang", nodes_of, plant("hang"), during="pairs"),
]

STAGES = ("node", "pairs", "links", "scale", "congestion", "soak")


def lost_in(stage):
    def lost(who, places, command):
        return Fault(f"{who} in {stage}", places, command, stage, lambda _: ("--stage", stage, "--soak", "1m"))

    return (lost("dead node", nodes_of, plant("dead")), lost("hung rank", nodes_of, plant("hang")),
            lost("killed rank", lambda shape: nodes_of(shape)[1:], kill), lost("killed lead", lambda _: ["n1"], kill))


LOSSES = [loss for stage in STAGES for loss in lost_in(stage)]


def plan(options):
    """Runs in a fixed order: faults in turn, every fifth run healthy (none among losses), shape and place drawn."""
    draw = random.Random(options.seed)
    faults = [fault for fault in (LOSSES if options.losses else FAULTS[1:])
              if fault.name.startswith(options.only) and any(map(fault.places, options.shapes))]
    if not faults and options.only != "healthy":
        sys.exit(f"accept_campaign.py: no place for {options.only} in {','.join(options.shapes)}")
    healthy = FAULTS[0]
    planned, faulty = [], 0
    for number in range(options.runs):
        at_rest = options.only == "healthy" or (not options.only and not options.losses and number % 5 == 0)
        fault = healthy if at_rest else faults[faulty % len(faults)]
        faulty += not at_rest
        shapes = [shape for shape in options.shapes if fault.places(shape)]
        shape = draw.choice(shapes)
        planned.append((number, fault, shape, draw.choice(fault.places(shape))))
    return planned


class Told:
    """What an acceptance said and left: seconds_to_end since somebody was lost, launches finished until then."""

    def __init__(self, code, document, stderr, seconds_to_end, finished):
        self.code, self.document, self.stderr = code, document, stderr
        self.seconds_to_end, self.finished = seconds_to_end, finished


class Run:
    def __init__(self, fault, shape, place, program):
        self.fault, self.shape, self.place, self.program = fault, shape, place, program
        self.lab = f"c{os.getpid()}"

    @staticmethod
    def must(*arguments):
        done = lab(*arguments)
        if done.code != GOOD:
            raise RuntimeError(f"lab.py {' '.join(arguments)}: {done.stderr}")
        return done.stdout

    def do(self, folder):
        nodes, leaves, spines, *uplink = self.shape.split("x")
        rate = ("--uplink-rate", f"{uplink[0]} Mbit/s") if uplink else ()
        self.must("up", "--lab", self.lab, "--nodes", nodes, "--leaves", leaves, "--spines", spines, *rate)
        try:
            pod = folder / "pod.toml"
            pod.write_text(self.must("pod", "--lab", self.lab))
            if self.fault.command and not self.fault.during:
                self.must(*self.fault.command(self.lab, self.place))
            return self.accept(folder, pod)
        finally:
            self.must("down", "--lab", self.lab)

    def accept(self, folder, pod):
        file = folder / "run.h5"
        arguments = self.fault.arguments(self.place) if self.fault.arguments else ()
        with subprocess.Popen([LAB, "run", "--lab", self.lab, "head", self.program, "accept", "--pod", pod, "--format",
                               "json", "--out", file, *arguments],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
            said = self.disturb(run) if self.fault.during else ""
            begun = time.monotonic()
            try:
                stdout, stderr = run.communicate(timeout=PATIENCE_S)
            except subprocess.TimeoutExpired:
                self.must(*end(self.lab, "head", "TERM"))
                stdout, stderr = run.communicate(timeout=PATIENCE_S)
            seconds = time.monotonic() - begun
        return Told(run.returncode, json.loads(stdout) if stdout.strip() else {}, said + stderr, seconds,
                    self.finished_in(file) if self.fault.during else 0)

    def disturb(self, run):
        """Waits for the third launch of the stage (a soak's repetition), and disturbs it. What was said until then."""
        said = ""
        for line in run.stderr:
            said += line
            if re.search(f"{self.fault.during}: (launch 3 of|repetition 3,)", line):
                self.must(*self.fault.command(self.lab, self.place))
                break
        return said

    def finished_in(self, file):
        """How many launches of a case the file has at least one sample of."""
        exported = subprocess.run([self.program, "export", file, "--as", "json"], capture_output=True, text=True, check=False)
        cases = json.loads(exported.stdout)["cases"] if exported.returncode == GOOD else []
        return max((case["launches"] for case in cases if case["status"] != "failed"), default=0)

    @staticmethod
    def complaints(document):
        """The first checks that did not pass, for whoever asks why."""
        return [f"{stage['stage']}: {check['outcome']} {check['subject']}, {check['what']}"
                for stage in document.get("stages", []) for check in stage["checks"]
                if check["outcome"] in ("fail", "inconclusive")][:8]

    def judge(self, told):
        """right, missed or wrong, and what was said."""
        words = [culprit.get("words", "") for stage in told.document.get("stages", [])
                 for culprit in stage.get("culprits", [])]
        if self.fault.name == "healthy":
            return {GOOD: "right", INCONCLUSIVE: "missed"}.get(told.code, "wrong"), words
        if self.fault.during:
            return self.judge_loss(told)
        if told.code != REJECTED:
            return "missed", words
        failed = [check["subject"] for stage in told.document["stages"] for check in stage["checks"]
                  if check["outcome"] == "fail"]
        accused = words or failed
        right = accused and self.fault.names(accused[0], self.place)
        return ("right" if right else "wrong"), accused

    def judge_loss(self, told):
        lost = [check["subject"] for stage in told.document.get("stages", []) for check in stage["checks"]
                if check["what"] == "answers"]
        words = [f"over after {told.seconds_to_end:.1f} s, {told.finished} launches kept, lost: {', '.join(lost)}"]
        if lost and self.place not in lost:
            return "wrong", words
        kept = told.finished >= 2 and told.seconds_to_end <= MOST_SECONDS_TO_END
        return ("right" if told.code == NOT_COMPLETED and lost and kept and self.place in told.stderr else "missed"), words


def table(journal):
    counts = collections.defaultdict(collections.Counter)
    for entry in journal:
        counts[entry["fault"]][entry["result"]] += 1
    total = collections.Counter()
    print(f"{'fault':24} {'runs':>5} {'right':>6} {'missed':>7} {'wrong':>6}")
    for fault in [fault.name for fault in FAULTS + LOSSES if fault.name in counts]:
        count = counts[fault]
        runs = count["right"] + count["missed"] + count["wrong"]
        print(f"{fault:24} {runs:5} {count['right']:6} {count['missed']:7} {count['wrong']:6}")
        total.update({"faulty" if fault != "healthy" else "healthy": runs,
                      ("faulty " if fault != "healthy" else "healthy ") + "right": count["right"],
                      "faulty wrong": count["wrong"] if fault != "healthy" else 0})
    for kind in ("faulty", "healthy"):
        if total[kind]:
            right, runs = total[kind + " right"], total[kind]
            print(f"{kind}: {right} of {runs} right ({100 * right / runs:.1f}%)")
    if total["faulty"]:
        print(f"somebody else blamed: {total['faulty wrong']} of {total['faulty']}"
              f" ({100 * total['faulty wrong'] / total['faulty']:.1f}%)")


def shapes_in(text):
    shapes = tuple(text.split(","))
    for shape in shapes:
        if not re.fullmatch(r"[1-9]\d?x[1-9]\d?x\d\d?(x[1-9]\d{0,3})?", shape):
            raise argparse.ArgumentTypeError(f"{shape}: a shape is nodes, leaves and spines, like {SHAPES[0]}, or with the "
                                             "Mbit/s of an uplink, like 16x4x4x200")
    return shapes


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--only", default="", help="faults whose name begins so; \"healthy\": none")
    parser.add_argument("--losses", action="store_true", help="somebody lost in each stage, instead of faults")
    parser.add_argument("--shapes", type=shapes_in, default=SHAPES,
                        help="nodes, leaves and spines of the pods to draw from, e.g. 16x4x2, and Mbit/s of an uplink where it "
                             f"is not the lab's, e.g. 16x4x4x200 (default: {','.join(SHAPES)})")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--journal", type=Path, default=Path("accept_campaign.jsonl"))
    parser.add_argument("--table", action="store_true", help="only count what the journal has")
    options = parser.parse_args()
    program = os.environ.get("PODBENCH", "podbench")
    known = LOSSES if options.losses else FAULTS
    if not any(fault.name.startswith(options.only) for fault in known):
        sys.exit(f"accept_campaign.py: no fault begins with {options.only}; known: {', '.join(f.name for f in known)}")
    journal = []
    if options.journal.exists():
        journal = [json.loads(line) for line in options.journal.read_text().splitlines()]
    kind = f"losses {options.only}" if options.losses else options.only
    if options.shapes != SHAPES:
        kind += f" in {','.join(options.shapes)}"
    done = {(entry["seed"], entry["only"], entry["number"]) for entry in journal}
    for number, fault, shape, place in [] if options.table else plan(options):
        if (options.seed, kind, number) in done:
            continue
        begun = time.monotonic()
        run = Run(fault, shape, place, program)
        with tempfile.TemporaryDirectory(prefix="podbench-campaign-") as folder:
            told = run.do(Path(folder))
            result, words = run.judge(told)
        entry = {"seed": options.seed, "only": kind, "number": number, "fault": fault.name, "shape": shape,
                 "place": place, "result": result, "code": told.code, "words": words, "complaints": run.complaints(told.document),
                 "seconds": round(time.monotonic() - begun, 1)}
        if result != "right":
            entry["said"] = told.stderr[-KEPT_WORDS:]
        journal.append(entry)
        with options.journal.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")
        print(f"{number + 1} of {options.runs}: {fault.name} {place} in {shape}: {result}, {entry['seconds']} s",
              file=sys.stderr)
    table(journal)


if __name__ == "__main__":
    main()
