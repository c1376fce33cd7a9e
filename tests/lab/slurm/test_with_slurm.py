"""The Slurm of with_slurm.sh: runs steps on several nodes, passes exit statuses on, and leaves nothing behind."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

LAB = Path(__file__).resolve().with_name("with_slurm.sh")
PATIENCE_S = 90


def processes_of(folder):
    """Ids of all processes that name the folder in their environment, command line or open files."""
    found = []
    for entry in filter(str.isdigit, os.listdir("/proc")):
        for part in ("environ", "cmdline"):
            try:
                if str(folder).encode() in Path("/proc", entry, part).read_bytes():
                    found.append(int(entry))
                    break
            except OSError:
                pass
    return found


@unittest.skipUnless(shutil.which("srun") and os.path.exists("/usr/sbin/munged"), "Slurm is not installed")
class WithSlurm(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="podbench-lab-"))
        self.environment = dict(os.environ, TMPDIR=str(self.folder))

    def tearDown(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, *command):
        return subprocess.Popen([LAB, *command], env=self.environment, stdin=subprocess.DEVNULL, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)

    def finish(self, *command):
        lab = self.start(*command)
        stdout, stderr = lab.communicate(timeout=PATIENCE_S)
        return lab.returncode, stdout, stderr

    def assert_nothing_left(self):
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and (any(self.folder.iterdir()) or processes_of(self.folder)):
            time.sleep(0.1)
        self.assertEqual(list(self.folder.iterdir()), [])
        self.assertEqual(processes_of(self.folder), [])

    def test_a_step_on_several_nodes(self):
        code, stdout, stderr = self.finish("--nodes", "2", "srun", "-N", "2", "--ntasks-per-node=2", "sh", "-c",
                                           "echo $SLURMD_NODENAME")
        self.assertEqual((code, sorted(stdout.split())), (0, ["n1", "n1", "n2", "n2"]), stderr)
        self.assert_nothing_left()

    def test_the_exit_status_is_passed_on(self):
        self.assertEqual(self.finish("sh", "-c", "exit 7")[0], 7)
        self.assert_nothing_left()

    def test_nothing_is_left_when_it_is_killed(self):
        for number in (signal.SIGKILL, signal.SIGTERM):
            with self.subTest(signal=number):
                # A task that does not listen, so that only the reaper can end it.
                lab = self.start("srun", "-n", "2", "sh", "-c", "trap '' TERM INT; echo here; sleep 1000")
                self.assertEqual(lab.stdout.readline(), "here\n")
                lab.send_signal(number)
                lab.communicate(timeout=PATIENCE_S)
                self.assert_nothing_left()


if __name__ == "__main__":
    unittest.main()
