"""Runs podbench as a person would, and looks at what it says, leaves behind and which processes it has.

The program under test is $PODBENCH. Each test gets a folder of its own; after it nothing of the program may
be left: no process and no file in /dev/shm.
"""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import uuid
from pathlib import Path

PODBENCH = os.environ["PODBENCH"]
GOOD, CHECK_FAILED, WRONG_REQUEST, INCONCLUSIVE, NOT_COMPLETED = range(5)
# Sanitizers and a busy machine are slow: a hang is told from slowness by far.
PATIENCE_S = 120


class Result:
    def __init__(self, code, stdout, stderr, seconds):
        self.code, self.stdout, self.stderr, self.seconds = code, stdout, stderr, seconds

    @property
    def error_lines(self):
        return [line for line in self.stderr.splitlines() if line.strip()]

    def __str__(self):
        return f"exit {self.code} after {self.seconds:.1f} s\n--- stdout\n{self.stdout}--- stderr\n{self.stderr}"


class Process:
    """One process of the program, found in /proc."""

    def __init__(self, pid):
        self.pid = pid
        self.environment = _environment(pid)

    @property
    def rank(self):
        """The rank, or None for the director and for launchers."""
        for name in ("PODBENCH_RANK", "PMIX_RANK"):
            if name in self.environment:
                return int(self.environment[name])
        return None

    def send(self, number):
        try:
            os.kill(self.pid, number)
        except ProcessLookupError:
            pass


class Running:
    """podbench in the background."""

    def __init__(self, command, folder, mark, environment):
        self._output = open(folder / "stdout", "w+", encoding="utf-8")
        self._errors = open(folder / "stderr", "w+", encoding="utf-8")
        self._begin = time.monotonic()
        self._mark = mark
        self._child = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=self._output,
                                       stderr=self._errors, env=environment, start_new_session=True)
        self.pid = self._child.pid

    def send(self, number):
        os.kill(self.pid, number)

    @property
    def ended(self):
        return self._child.poll() is not None

    def stderr(self):
        return _text(self._errors)

    def ranks(self):
        """The ranks that run now, by rank."""
        found = {}
        for pid in _marked(self._mark):
            process = Process(pid)
            if process.rank is not None and _executes_podbench(pid):
                found.setdefault(process.rank, process)
        return found

    def wait_for(self, condition, what):
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            if self.ended:
                raise AssertionError(f"podbench ended before {what}\n{self.finish()}")
            if time.monotonic() > deadline:
                raise AssertionError(f"waited {PATIENCE_S} s in vain for {what}\n{self.stderr()}")
            time.sleep(0.01)

    def finish(self, patience_s=PATIENCE_S):
        try:
            self._child.wait(patience_s)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"podbench still runs after {patience_s} s\n{self.stderr()}") from None
        return Result(self._child.returncode, _text(self._output), _text(self._errors),
                      time.monotonic() - self._begin)

    def close(self):
        self._output.close()
        self._errors.close()


class PodbenchTest(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="podbench-test-"))
        self.mark = f"PODBENCH_TEST={uuid.uuid4()}"
        self._shared_memory = set(os.listdir("/dev/shm"))
        self._started = []

    def tearDown(self):
        left = self.wait_until_gone()
        commands = [_command(pid) for pid in left]
        for pid in left:
            Process(pid).send(signal.SIGKILL)
        for running in self._started:
            running.close()
        ours = {name for name in set(os.listdir("/dev/shm")) - self._shared_memory if "podbench" in name}
        shutil.rmtree(self.folder, ignore_errors=True)
        self.assertEqual(commands, [], "processes are left behind")
        self.assertEqual(ours, set(), "files in /dev/shm are left behind")

    def wait_until_gone(self, seconds=10):
        deadline = time.monotonic() + seconds
        while (left := _marked(self.mark)) and time.monotonic() < deadline:
            time.sleep(0.05)
        return left

    def start(self, *arguments, before=(), environment=None):
        """Starts podbench; `before` is what stands before it on the command line, such as mpirun."""
        whole = dict(os.environ, **(environment or {}))
        name, value = self.mark.split("=")
        whole[name] = value
        command = [*map(str, before), PODBENCH, *map(str, arguments)]
        running = Running(command, self.folder, self.mark, whole)
        self._started.append(running)
        return running

    def podbench(self, *arguments, before=(), environment=None):
        return self.start(*arguments, before=before, environment=environment).finish()

    def succeed(self, *arguments, before=(), environment=None):
        result = self.podbench(*arguments, before=before, environment=environment)
        self.assertEqual(result.code, GOOD, result)
        return result

    def files(self):
        """What lies in the test's folder, the captured output aside."""
        found = (str(path.relative_to(self.folder)) for path in self.folder.rglob("*"))
        return sorted(set(found) - {"stdout", "stderr"})

    def refuse(self, *arguments, code=WRONG_REQUEST, says=(), environment=None):
        """A request that cannot be served: one line that says why, nothing on stdout, nothing written."""
        before = self.files()
        result = self.podbench(*arguments, environment=environment)
        self.assertEqual(result.code, code, result)
        self.assertEqual(result.stdout, "", result)
        self.assertEqual(len(result.error_lines), 1, result)
        for word in says:
            self.assertIn(word, result.stderr)
        self.assertEqual(self.files(), before, result)
        return result

    def exported(self, file="run.h5"):
        """A run file's contents through `podbench export --as json`."""
        return json.loads(self.succeed("export", self.folder / file, "--as", "json").stdout)

    @property
    def host(self):
        return socket.gethostname().split(".")[0]


def finished_cases(stderr):
    """Names of the cases that progress lines call finished."""
    return re.findall(r"^\[ *\d+/\d+\] (\S+)", stderr, re.MULTILINE)


def _text(file):
    with open(file.name, encoding="utf-8", errors="replace") as again:
        return again.read()


def _environment(pid):
    try:
        with open(f"/proc/{pid}/environ", "rb") as file:
            entries = file.read().split(b"\0")
    except OSError:
        return {}
    return dict(entry.decode(errors="replace").split("=", 1) for entry in entries if b"=" in entry)


def _marked(mark):
    """Ids of the living processes that carry the mark of this test in their environment."""
    name, value = mark.split("=")
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit() and _environment(entry).get(name) == value and _state(entry) != "Z":
            found.append(int(entry))
    return found


def _state(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            return file.read().rsplit(")", 1)[1].split()[0]
    except OSError:
        return "Z"


def _command(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def _executes_podbench(pid):
    try:
        return os.readlink(f"/proc/{pid}/exe") == os.path.realpath(PODBENCH)
    except OSError:
        return False
