"""Every launcher over four nodes with their own addresses: the same request gives one file with all four in it."""

import json
import os
import re
import shutil
import subprocess
import unittest
from pathlib import Path

import h5py

from harness import GOOD, LAB, PODBENCH, LabTest

NODES = ["n1", "n2", "n3", "n4"]
HOSTS = ("--hosts", ",".join(NODES))
SECRET = re.compile(rb"[0-9a-f]{64}")
HAS_SLURM = shutil.which("srun") and os.path.exists("/usr/sbin/munged") and os.geteuid() == 0
HAS_OPENMPI, HAS_MPICH = shutil.which("mpirun.openmpi"), shutil.which("mpiexec.mpich")


class LaunchTest(LabTest):
    FLAGS = ("--nodes", "4")

    def launch(self, *arguments, before=(), launches=1, ranks=4):
        """Runs the same cases however they are started, and looks at command lines meanwhile."""
        file = self.new_file()
        request = ("run", "--transport", "tcp", "--pattern", "allreduce", "--algorithm", "ring", "--bytes", "8",
                   "--time-per-case", "200ms", "--quiet", "--out", str(file), *arguments)
        with subprocess.Popen([LAB, "run", "--lab", self.identity, "head", *before, PODBENCH, *request],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True) as run:
            while run.poll() is None:
                self.assertEqual(secrets_on_command_lines(), [])
            stdout, stderr = run.communicate()
        self.assertEqual(run.returncode, GOOD, stdout + stderr)
        self.assertEqual(stdout.count("run file: "), 1, stdout)
        self.assert_whole(file, launches, ranks)

    def assert_whole(self, file, launches, ranks):
        exported = json.loads(subprocess.run([PODBENCH, "export", file, "--as", "json"], capture_output=True, check=True,
                                             text=True).stdout)
        (case,) = exported["cases"]
        self.assertEqual((case["ranks"], case["nodes"], case["launches"]), (ranks, len(NODES), launches), case)
        with h5py.File(file) as run:
            self.assertEqual(sorted(run["env"]), NODES)


class OverStandIn(LaunchTest):
    def test_ssh(self):
        self.launch("--launcher", "ssh", *HOSTS, "--ranks", "4", "--launches", "2", launches=2)

    def test_hosts_alone_are_reached_over_ssh(self):
        self.launch(*HOSTS, "--ranks", "6", ranks=6)

    @unittest.skipUnless(HAS_OPENMPI, "Open MPI is not installed")
    def test_mpirun(self):
        self.launch("--launcher", "mpirun", *HOSTS, "--ranks", "6", "--launches", "2", launches=2, ranks=6)

    @unittest.skipUnless(HAS_OPENMPI, "Open MPI is not installed")
    def test_the_user_s_own_mpirun(self):
        self.launch(before=("mpirun.openmpi", "--host", ",".join(NODES), "-n", "4"))

    @unittest.skipUnless(HAS_MPICH, "MPICH is not installed")
    def test_the_user_s_own_mpiexec(self):
        self.launch(before=("mpiexec.mpich", "-hosts", ",".join(NODES), "-n", "4"))


@unittest.skipUnless(os.path.exists("/usr/sbin/sshd") and os.geteuid() == 0, "no sshd, or not root")
class OverRealSsh(OverStandIn):
    """The same with sshd on every node, which a node that is booted anew has, too."""

    FLAGS = ("--nodes", "4", "--sshd")

    def test_a_booted_node_can_be_reached(self):
        self.fault("dead", "n3")
        self.heal("dead")
        self.assertEqual(self.on("head", "ssh", "n3", "hostname"), "n3")
        self.assertEqual(self.on("n3", "ssh", "n1", "hostname"), "n1")


@unittest.skipUnless(HAS_SLURM, "Slurm is not installed, or not root")
class UnderSlurm(LaunchTest):
    FLAGS = ("--nodes", "4", "--slurm")

    def test_srun(self):
        self.launch(before=("srun", "--mpi=pmix", "-N4", "-n4"))

    def test_podbench_starts_srun(self):
        self.launch("--launcher", "srun", "--ranks", "4", "--launches", "2", before=("salloc", "-Q", "-N4"), launches=2)

    def test_podbench_starts_srun_without_an_allocation(self):
        self.launch("--launcher", "srun", *HOSTS, "--ranks", "4")

    @unittest.skipUnless(HAS_OPENMPI, "Open MPI is not installed")
    def test_mpirun_in_an_allocation(self):
        self.launch(before=("salloc", "-Q", "-N4", "mpirun.openmpi", "-n", "4", "--map-by", "node"))

    def test_a_booted_node_is_back(self):
        self.fault("dead", "n2")
        self.heal("dead")
        said = self.on("head", "srun", "--immediate=60", "-w", "n2", "-n1", "hostname")
        self.assertEqual(said.splitlines()[-1], "n2")


def secrets_on_command_lines():
    found = []
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            line = Path("/proc", entry, "cmdline").read_bytes()
        except OSError:
            continue
        if b"podbench" in line and SECRET.search(line):
            found.append(line)
    return found


if __name__ == "__main__":
    unittest.main()
