"""Completion and manual page against the program: all that --help has is offered, and nothing else."""

import os
import re
import shutil
import subprocess
import unittest
from pathlib import Path

PODBENCH = os.environ["PODBENCH"]
MANUAL = os.environ["PODBENCH_MANUAL"]
SCRIPTS = Path(__file__).resolve().parents[2] / "completion"

# Ask the completion function what it offers at the end of a line.
IN_BASH = """
source "$1/podbench.bash"
COMP_LINE=$2; COMP_POINT=${#COMP_LINE}; COMP_WORDBREAKS=$' \\t\\n"=:'
_podbench
printf '%s\\n' "${COMPREPLY[@]}"
"""
# zsh calls the file with words and CURRENT set; what it would add is printed instead.
IN_ZSH = """
compadd() { print -l -- ${(P)2} }
_files() { }
complete_at() { local -a words; words=(${(s: :)2}); [[ $2 == *' ' ]] && words+=(''); integer CURRENT=$#words; source $1/_podbench }
complete_at $1 $2
"""


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60).stdout


def help_of(*command):
    return output(PODBENCH, *command, "--help")


def commands():
    return re.findall(r"^ +([a-z]+) ", help_of().split("Subcommands:")[1].split("\n\n")[0], re.MULTILINE)


def flags(command):
    return set(re.findall(r"^ +(?:-.,)?(--[a-z-]+)", help_of(command), re.MULTILINE))


class Shell:
    def test_commands(self):
        self.assertEqual(self.offered(""), {*commands(), "--help", "--version"})
        self.assertEqual(self.offered("exp"), {"export"})

    def test_every_flag_of_every_command(self):
        for command in commands():
            with self.subTest(command=command):
                self.assertEqual(self.offered(f"{command} --"), flags(command))

    def test_names_come_from_the_program(self):
        self.assertLessEqual({"shm", "tcp", "all"}, self.offered("run --transport "))
        self.assertIn("allreduce", self.offered("run --pattern "))
        self.assertIn("ring", self.offered("run --algorithm "))
        self.assertIn("smoke", self.offered("run --suite "))
        self.assertIn("bert-large-ddp", self.offered("run --workload "))

    def test_choices_come_from_help(self):
        self.assertEqual(self.offered("run --format "), {"table", "json", "csv"})
        self.assertEqual(self.offered("list "), {"transports", "patterns", "suites", "workloads"})


@unittest.skipUnless(shutil.which("bash"), "bash is not installed")
class Bash(Shell, unittest.TestCase):
    def offered(self, line):
        return set(output("bash", "-c", IN_BASH, "bash", SCRIPTS, f"{PODBENCH} {line}").split())

    def test_what_follows_a_colon(self):
        devices = {name.split(":")[1] for name in self.offered("run --transport ") if name.startswith("ucx:")}
        self.assertEqual(self.offered("run --transport ucx:"), devices)


@unittest.skipUnless(shutil.which("zsh"), "zsh is not installed")
class Zsh(Shell, unittest.TestCase):
    def offered(self, line):
        words = set(output("zsh", "-f", "-c", IN_ZSH, "zsh", SCRIPTS, f"{PODBENCH} {line}").split())
        prefix = line.split(" ")[-1]
        return {word for word in words if word.startswith(prefix)}


class Manual(unittest.TestCase):
    def test_every_command_and_flag(self):
        page = Path(MANUAL).read_text(encoding="utf-8").replace("\\-", "-")
        for command in commands():
            section = page.split(f'.SH "podbench {command}"\n')[1].split(".SH")[0]
            for flag in flags(command):
                self.assertIn(flag, section)

    @unittest.skipUnless(shutil.which("groff"), "groff is not installed")
    def test_it_is_well_formed(self):
        said = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-z", MANUAL], capture_output=True, text=True,
                              check=False)
        self.assertEqual((said.returncode, said.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
