"""Labs for tests, used through lab.py as a person would; what a lab may leave behind; podbench in a lab."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import unittest
import uuid
from pathlib import Path

HERE = Path(__file__).resolve().parent
LAB = HERE / "lab.py"
PODBENCH = os.environ.get("PODBENCH", "")
GOOD, REJECTED, WRONG_REQUEST, INCONCLUSIVE, NOT_COMPLETED = 0, 1, 2, 3, 4
MOST_SECONDS_TO_END = 15  # of an acceptance, after somebody was lost
PATIENCE_S = 120


class Result:
    def __init__(self, code, stdout, stderr):
        self.code, self.stdout, self.stderr = code, stdout, stderr

    @property
    def document(self):
        return json.loads(self.stdout)

    def __str__(self):
        return f"exit {self.code}\n--- stdout\n{self.stdout}--- stderr\n{self.stderr}"


def lab(*arguments, environment=None):
    done = subprocess.run([LAB, *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=PATIENCE_S, check=False, env=environment)
    return Result(done.returncode, done.stdout, done.stderr)


class LabTest(unittest.TestCase):
    """Tests that share one lab of FLAGS; each finds it healthy."""

    FLAGS = ()

    @classmethod
    def setUpClass(cls):
        cls.identity = uuid.uuid4().hex[:8]
        cls.folder = Path(tempfile.mkdtemp(prefix="podbench-lab-"))
        cls.files = 0
        built = lab("up", "--lab", cls.identity, *cls.FLAGS)
        if built.code != GOOD:
            shutil.rmtree(cls.folder)
            if built.code == NOT_COMPLETED and re.search("needs root|missing; install", built.stderr):
                raise unittest.SkipTest(built.stderr.strip())
            raise AssertionError(f"no lab\n{built}")

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)
        removed = lab("down", "--lab", cls.identity)
        if removed.code != GOOD:
            raise AssertionError(f"the lab does not go\n{removed}")

    def tearDown(self):
        self.assertEqual(self.lab("heal").code, GOOD)

    def lab(self, command, *arguments):
        return lab(command, "--lab", self.identity, *arguments)

    def fault(self, kind, *arguments):
        planted = lab("fault", kind, *arguments, "--lab", self.identity)
        self.assertEqual(planted.code, GOOD, planted)
        return planted.stdout

    def heal(self, *arguments):
        healed = self.lab("heal", *arguments)
        self.assertEqual(healed.code, GOOD, healed)
        self.assertIn("healed", healed.stdout)

    def on(self, machine, *command):
        """What the command says on that machine."""
        result = lab("run", "--lab", self.identity, machine, *command)
        self.assertEqual(result.code, GOOD, result)
        return result.stdout.strip()

    def new_file(self):
        type(self).files += 1
        return self.folder / f"run{self.files}.h5"

    def podbench(self, *arguments, before=(), machine="head"):
        result = lab("run", "--lab", self.identity, machine, *before, PODBENCH, *arguments)
        return result

    def measure(self, *arguments, hosts, before=()):
        """The summary of a run over ssh with a rank a host, by case."""
        result = self.podbench("run", "--transport", "tcp", *arguments, "--launcher", "ssh", "--hosts", ",".join(hosts),
                               "--ranks", len(hosts), "--quiet", "--format", "json", "--out", self.new_file(),
                               before=before)
        self.assertEqual(result.code, GOOD, result)
        return result.document["cases"]

    def rate(self, sender, receiver):
        """What podbench's own tcp transport moves from one node to another, in bits a second."""
        (case,) = self.measure("--pattern", "bandwidth", "--bytes", "64Ki", "--window", "16", "--time-per-case", "300ms",
                               "--check", "off", hosts=(sender, receiver))
        return 8e9 * case["algbw_gbps"]


class Traces:
    """What a lab could leave on this machine; compare before and after."""

    MARK = "PODBENCH_LAB_TEST"

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="podbench-lab-"))
        self.environment = dict(os.environ, TMPDIR=str(self.folder))
        self.environment[self.MARK] = str(self.folder)
        self.before = self.standing()

    @staticmethod
    def standing():
        links = subprocess.run(["ip", "-o", "link"], capture_output=True, text=True, check=True).stdout
        return {"links": sorted(line.split(":")[1] for line in links.splitlines()),
                "named namespaces": sorted(os.listdir("/run/netns")) if os.path.isdir("/run/netns") else [],
                "mounts": sorted(line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()),
                "shared memory": sorted(name for name in os.listdir("/dev/shm") if "lab-test" in name)}

    def processes(self):
        """Ids of all that carry the mark in their environment."""
        found = []
        for entry in filter(str.isdigit, os.listdir("/proc")):
            try:
                if f"{self.MARK}={self.folder}".encode() in Path("/proc", entry, "environ").read_bytes():
                    found.append(int(entry))
            except OSError:
                pass
        return found

    def left(self):
        """Names of what is there and was not, after up to ten seconds for the kernel to tidy up."""
        deadline = time.monotonic() + 10
        while True:
            now = self.standing()
            left = [f"{what}: {set(now[what]) - set(was)}" for what, was in self.before.items()
                    if set(now[what]) - set(was)]
            left += [f"process {pid}" for pid in self.processes()]
            left += [f"file {path}" for path in self.folder.rglob("*")]
            if not left or time.monotonic() > deadline:
                return left
            time.sleep(0.05)

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)
