"""A lab leaves nothing behind, however it ends; several do not meet; what a person gets wrong is said in one line."""

import os
import select
import shutil
import signal
import subprocess
import unittest

from harness import GOOD, LAB, NOT_COMPLETED, PATIENCE_S, WRONG_REQUEST, Traces, lab

HAS_SLURM = shutil.which("srun") and os.path.exists("/usr/sbin/munged")
NOBODY = ("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups")
# On the head, on a node and in the background: processes that do not listen, files, and an interface.
MESS = """
trap '' TERM INT HUP
touch /dev/shm/lab-test-head "$TMPDIR/file"
for node in n1 n2; do
  on $node sh -c 'trap "" TERM; touch /dev/shm/lab-test-node; ip link add mine type dummy; sleep 1000' &
done
setsid sleep 1000 &
echo here
sleep 1000
"""


class Leaving(unittest.TestCase):
    def setUp(self):
        self.traces = Traces()
        self.started = []

    def tearDown(self):
        for process in self.started:
            process.kill()
            process.communicate()
        self.traces.close()

    def start(self, *arguments, before=()):
        process = subprocess.Popen([*before, LAB, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True, env=self.traces.environment,
                                   start_new_session=True)
        self.started.append(process)
        return process

    def lab(self, *arguments):
        return lab(*arguments, environment=self.traces.environment)

    def assert_nothing_left(self):
        self.assertEqual(self.traces.left(), [])

    def test_the_command_s_exit_code_is_passed_on(self):
        for script, code in (("exit 0", 0), ("exit 7", 7), ("kill -9 $$", 128 + 9)):
            self.assertEqual(self.lab("with", "--nodes", "2", "--", "sh", "-c", script).code, code)
        self.assertEqual(self.lab("with", "--nodes", "2", "--", "no-such-program").code, 127)
        self.assert_nothing_left()

    def test_killed(self):
        for services in ((), ("--slurm", "--sshd")) if HAS_SLURM and os.geteuid() == 0 else ((),):
            with self.subTest(services=services):
                running = self.start("with", "--nodes", "4", *services, "--", "sh", "-c", MESS)
                self.assertEqual(running.stdout.readline(), "here\n")
                self.assertNotEqual(self.traces.processes(), [])
                running.kill()
                running.wait()
                self.assert_nothing_left()

    @unittest.skipUnless(os.geteuid() == 0, "needs root to become somebody else")
    def test_a_plain_user_s_killed(self):
        if subprocess.run([*NOBODY, "unshare", "--user", "true"], capture_output=True, check=False).returncode != 0:
            self.skipTest("no user namespaces here")
        self.traces.folder.chmod(0o777)
        running = self.start("with", "--nodes", "2", "--", "sh", "-c", MESS, before=NOBODY)
        self.assertEqual(running.stdout.readline(), "here\n")
        running.kill()
        running.wait()
        self.assert_nothing_left()

    def test_killed_while_it_is_built(self):
        for delay_s in (0.02, 0.1, 0.2, 0.3, 0.5):
            with self.subTest(delay_s=delay_s):
                building = self.start("with", "--nodes", "8", "--", "sleep", "1000")
                select.select([], [], [], delay_s)
                building.kill()
                building.wait()
                self.assert_nothing_left()

    def test_any_of_its_processes_killed(self):
        """The first that the kernel lists is the script itself, then come the one outside and the keeper."""
        for which in (1, 2):
            running = self.start("with", "--nodes", "2", "--", "sh", "-c", MESS)
            self.assertEqual(running.stdout.readline(), "here\n")
            os.kill(sorted(self.traces.processes())[which], signal.SIGKILL)
            self.assertNotEqual(running.wait(PATIENCE_S), 0)
            self.assert_nothing_left()

    def test_terminated(self):
        polite = self.start("with", "--nodes", "2", "--", "sh", "-c", "trap 'exit 3' TERM; echo here; sleep 1000 & wait")
        self.assertEqual(polite.stdout.readline(), "here\n")
        polite.send_signal(signal.SIGTERM)
        self.assertEqual(polite.wait(PATIENCE_S), 3)
        self.assert_nothing_left()

    def test_up_and_down(self):
        self.assertEqual(self.lab("up", "--lab", "t.down", "--nodes", "4").code, GOOD)
        self.start("run", "--lab", "t.down", "n3", "sleep", "1000")
        self.lab("fault", "flap", "n1", "--lab", "t.down")
        self.lab("fault", "slow-cpu", "n2", "--lab", "t.down")
        self.assertIn("t.down: 4 nodes", self.lab("list").stdout)
        self.assertEqual(self.lab("down", "--lab", "t.down").code, GOOD)
        self.assertNotIn("t.down", self.lab("list").stdout)
        for process in self.started:
            process.wait(PATIENCE_S)
        self.assert_nothing_left()

    def test_its_keeper_killed(self):
        self.assertEqual(self.lab("up", "--lab", "t.kill", "--nodes", "4").code, GOOD)
        os.kill(min(self.traces.processes()), signal.SIGKILL)
        self.assert_nothing_left()

    def test_several_at_once(self):
        labs = [self.start("with", "--nodes", "3", "--leaves", "1", "--", "sh", "-c",
                           f"on n2 sh -c 'echo {i} >/dev/shm/lab-test'; echo up; read go; on n2 cat /dev/shm/lab-test")
                for i in range(3)]
        for one in labs:
            self.assertEqual(one.stdout.readline(), "up\n")
        for i, one in enumerate(labs):
            one.stdin.write("go\n")
            one.stdin.flush()
            self.assertEqual((one.stdout.read(), one.stderr.read(), one.wait(PATIENCE_S)), (f"{i}\n", "", 0))
        self.assert_nothing_left()


class Requests(unittest.TestCase):
    def refuse(self, *arguments, says, code=WRONG_REQUEST):
        result = lab(*arguments)
        self.assertEqual((result.code, result.stdout), (code, ""), result)
        self.assertIn(says, result.stderr)
        self.assertEqual(result.stderr.count("\n"), 1, result)

    def test_shapes(self):
        self.refuse("with", "--nodes", "40", "--", "true", says="2 to 16")
        self.refuse("with", "--rate", "200", "--", "true", says='"200 Mbit/s"')
        self.refuse("with", "--shape", "/no/such/file", "--", "true", says="/no/such/file")
        self.refuse("with", "--nodes", "4", says="needs a command")
        self.refuse("up", "--lab", "a/b", says="letters")

    def test_labs_that_are_not_there(self):
        for command in (("down",), ("run", "n1", "true"), ("heal",), ("faults",), ("fault", "drop", "n1")):
            name = command[1:] if command[0] == "run" else ()
            self.refuse(command[0], *(command[1:] if not name else ()), "--lab", "t.none", *name, says='"t.none"')

    @unittest.skipUnless(os.geteuid() == 0, "needs root to give rights away")
    def test_without_the_rights_it_says_so(self):
        bare = subprocess.run(["setpriv", "--bounding-set", "-all", LAB, "with", "--nodes", "2", "--", "true"],
                              capture_output=True, text=True, check=False, timeout=PATIENCE_S)
        self.assertEqual((bare.returncode, bare.stdout), (NOT_COMPLETED, ""), bare.stderr)
        self.assertEqual(bare.stderr, "lab.py: this lab needs root with CAP_SYS_ADMIN: Operation not permitted\n")

    @unittest.skipUnless(os.geteuid() == 0, "needs root to become somebody else")
    def test_a_plain_user_has_one_where_the_system_lets_him(self):
        if subprocess.run([*NOBODY, "unshare", "--user", "true"], capture_output=True, check=False).returncode != 0:
            self.skipTest("no user namespaces here")
        own = subprocess.run([*NOBODY, LAB, "with", "--nodes", "2", "--", "on", "n2", "hostname"], check=False,
                             capture_output=True, text=True, timeout=PATIENCE_S, env={**os.environ, "HOME": "/"})
        self.assertEqual((own.returncode, own.stdout), (GOOD, "n2\n"), own.stderr)


if __name__ == "__main__":
    unittest.main()
