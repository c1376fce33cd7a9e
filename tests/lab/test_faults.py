"""Links have their rates; every fault changes what it should and nothing else, and heals without a trace."""

import subprocess
import time
import unittest

from harness import GOOD, LAB, NOT_COMPLETED, PATIENCE_S, PODBENCH, WRONG_REQUEST, LabTest, Result, lab

MEGABIT = 1e6
COUNT_DATAGRAMS = """
import socket, sys
SO_RCVBUFFORCE = 33
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 64 << 20)
s.bind(("", 5005))
print("ready", flush=True)
sys.stdin.readline()
s.setblocking(False)
got = 0
try:
    while True:
        s.recv(100)
        got += 1
except BlockingIOError:
    print(got)
"""
SEND_DATAGRAMS = """
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for _ in range(int(sys.argv[2])):
    s.sendto(b"x", (sys.argv[1], 5005))
"""
REACHES = """
import socket, sys
try:
    socket.create_connection((sys.argv[1], 9), timeout=1)
except ConnectionRefusedError:
    print("refused")
except (TimeoutError, OSError):
    print("silent")
"""
SHARE_OF_CPU = """
import time
begin, used = time.monotonic(), time.process_time()
while time.monotonic() - begin < 0.5:
    pass
print((time.process_time() - used) / (time.monotonic() - begin))
"""


class RateTest(LabTest):
    def assert_rate(self, sender, receiver, megabits):
        self.assert_some(lambda: self.rate(sender, receiver), megabits, f"{sender} to {receiver}")

    def assert_rate_of_two_flows(self, megabits):
        """n1 to n3 and n2 to n4 at the same time, and back."""
        def rate():
            (case,) = self.measure("--pattern", "shift", "--shift", "2", "--bytes", "4Mi", "--time-per-case", "1s",
                                   "--check", "off", hosts=("n1", "n2", "n3", "n4"))
            return 8e9 * (4 << 20) / case["p50_ns"]

        self.assert_some(rate, megabits, "each of two flows")

    def assert_some(self, rate, megabits, what):
        """Within 12% below, what headers and a busy machine take, and 5% above, what a full bucket gives."""
        measured = []
        for _ in range(4):
            measured.append(rate() / MEGABIT)
            if 0.88 * megabits <= measured[-1] <= 1.05 * megabits:
                return
        self.fail(f"{what}: {', '.join(f'{one:.1f}' for one in measured)} Mbit/s in place of {megabits}")


class Faults(RateTest):
    """Two leaves of two nodes; the link between the leaves is as fast as a node's."""

    FLAGS = ("--nodes", "4", "--leaves", "2", "--rate", "200 Mbit/s", "--uplink-rate", "200 Mbit/s")

    def test_links_have_their_rates(self):
        for sender, receiver in (("n1", "n2"), ("n2", "n1"), ("n1", "n3"), ("n4", "n1")):
            self.assert_rate(sender, receiver, 200)

    def test_a_link_between_leaves_is_shared(self):
        self.assert_rate_of_two_flows(100)

    def test_slow_nic(self):
        self.fault("slow-nic", "n1", "--way", "send", "--share", "0.25")
        self.assert_rate("n1", "n2", 50)
        self.assert_rate("n2", "n1", 200)
        self.heal("slow-nic")
        self.fault("slow-nic", "n1", "--way", "receive", "--share", "0.25")
        self.assert_rate("n1", "n2", 200)
        self.assert_rate("n2", "n1", 50)
        self.heal("--at", "n1")
        self.fault("slow-nic", "n1", "--share", "0.25")
        self.assert_rate("n1", "n2", 50)
        self.assert_rate("n2", "n1", 50)
        self.assert_rate("n2", "n3", 200)
        self.heal()
        self.assert_rate("n1", "n2", 200)

    def test_slow_uplink(self):
        self.fault("slow-uplink", "leaf1-spine1", "--way", "up", "--share", "0.25")
        self.assert_rate("n1", "n3", 50)
        self.assert_rate("n2", "n4", 50)
        self.assert_rate("n3", "n1", 200)
        self.assert_rate("n1", "n2", 200)
        self.heal()
        self.assert_rate("n1", "n3", 200)

    def carrier_changes(self, node):
        return int(self.on(node, "cat", "/sys/class/net/fab0/carrier_changes"))

    def test_flap(self):
        before = [self.carrier_changes(node) for node in ("n1", "n2")]
        self.fault("flap", "n1", "--up", "50ms", "--down", "50ms")
        deadline = time.monotonic() + 30
        while self.carrier_changes("n1") < before[0] + 6:
            self.assertLess(time.monotonic(), deadline, "the link does not flap")
        self.heal("flap")
        steady = self.carrier_changes("n1")
        self.assertEqual(self.on("n1", "cat", "/sys/class/net/fab0/carrier"), "1")
        self.assertEqual(self.carrier_changes("n2"), before[1])
        self.assert_rate("n1", "n2", 200)
        self.assertEqual(self.carrier_changes("n1"), steady)

    def reaches(self, sender, receiver):
        """A machine that is there refuses a connection to a port that nobody listens on."""
        said = self.on(sender, "python3", "-c", REACHES, receiver)
        return {"refused": True, "silent": False}[said]

    def test_cut(self):
        self.fault("cut", "leaf1-spine1")
        self.assertFalse(self.reaches("n1", "n3"))
        self.assertTrue(self.reaches("n1", "n2"))
        self.heal("cut")
        self.assertTrue(self.reaches("n1", "n3"))

    def lost_of(self, sender, receiver, sent):
        """Datagrams that do not arrive; the receiver's buffer holds them all, so only the way loses any."""
        with subprocess.Popen([LAB, "run", "--lab", self.identity, receiver, "python3", "-c", COUNT_DATAGRAMS],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as counter:
            self.assertEqual(counter.stdout.readline(), "ready\n")
            self.on(sender, "python3", "-c", SEND_DATAGRAMS, receiver, str(sent))
            counted, _ = counter.communicate("count\n", timeout=60)
        return sent - int(counted)

    def test_drop(self):
        self.fault("drop", "n2", "--share", "0.05")
        # Five standard deviations: sqrt(4000 * 0.05 * 0.95) = 14.
        self.assertAlmostEqual(self.lost_of("n1", "n2", 4000), 200, delta=70)
        self.assertEqual(self.lost_of("n2", "n1", 4000), 0)
        self.assertEqual(self.lost_of("n3", "n1", 4000), 0)
        self.heal("drop")
        self.assertEqual(self.lost_of("n1", "n2", 4000), 0)

    def share_of_cpu(self, node):
        return float(self.on(node, "python3", "-c", SHARE_OF_CPU))

    def test_slow_cpu(self):
        """What else this machine does takes its part too, so that shares are bounded on the side that it cannot help."""
        self.fault("slow-cpu", "n1", "--share", "0.2")
        slow = [self.share_of_cpu("n1") for _ in range(3)]
        self.assertLess(max(slow), 0.35)
        self.assertGreater(max(self.share_of_cpu("n2") for _ in range(3)), 1.2 * max(slow))
        self.assert_rate("n2", "n3", 200)
        self.heal("slow-cpu")
        self.assertGreater(max(self.share_of_cpu("n1") for _ in range(5)), 1.2 * max(slow))

    def test_mtu(self):
        mtu = ("cat", "/sys/class/net/fab0/mtu")
        self.fault("mtu", "n1", "--bytes", "1500")
        self.assertEqual([self.on(node, *mtu) for node in ("n1", "n2")], ["1500", "9000"])
        self.assertGreater(self.rate("n1", "n2"), 100 * MEGABIT)
        self.heal("mtu")
        self.assertEqual(self.on("n1", *mtu), "9000")

    def test_a_dead_node(self):
        self.fault("dead", "n2")
        self.assertFalse(self.reaches("n1", "n2"))
        gone = self.lab("run", "n2", "true")
        self.assertEqual((gone.code, gone.stderr), (NOT_COMPLETED, "lab.py: n2 is dead\n"))
        again = lab("fault", "drop", "n2", "--lab", self.identity)
        self.assertEqual((again.code, again.stderr), (WRONG_REQUEST, "lab.py: n2 is dead; heal it first\n"))
        self.assert_rate("n1", "n3", 200)
        self.heal("dead")
        self.assertEqual(self.on("n2", "hostname"), "n2")
        self.assert_rate("n1", "n2", 200)

    def while_running(self, disturb, sizes="8:1Mi:x2", time_per_case="30s"):
        """Disturbs a long run over n1, n2 and n3 once all ranks are in it; how it ends."""
        run = subprocess.Popen([LAB, "run", "--lab", self.identity, "head", PODBENCH, "run", "--transport", "tcp",
                                "--pattern", "allreduce", "--algorithm", "ring", "--bytes", sizes, "--launcher", "ssh",
                                "--hosts", "n1,n2,n3", "--ranks", "3", "--time-per-case", time_per_case, "--deadline",
                                "2s", "--out", self.new_file()],
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            deadline = time.monotonic() + PATIENCE_S
            while any(self.on(node, "sh", "-c", "pgrep -x podbench || true") == "" for node in ("n1", "n2", "n3")):
                self.assertLess(time.monotonic(), deadline, "the ranks do not come")
            time.sleep(1)
            disturb()
            stdout, stderr = run.communicate(timeout=PATIENCE_S)
            return Result(run.returncode, stdout, stderr)
        finally:
            run.kill()
            run.communicate()

    def test_a_node_that_dies_in_a_run_is_named(self):
        result = self.while_running(lambda: self.fault("dead", "n2"))
        self.assertEqual(result.code, NOT_COMPLETED, result)
        self.assertIn("n2", result.stderr)

    def test_a_hung_rank_is_named(self):
        result = self.while_running(lambda: self.fault("hang", "n3"))
        self.assertEqual(result.code, NOT_COMPLETED, result)
        self.assertIn("rank 2 on n3 hangs", result.stderr)

    def test_a_rank_that_hangs_among_large_messages_ends_the_run_in_time(self):
        hung = []

        def hang():
            self.fault("hang", "n3")
            hung.append(time.monotonic())

        result = self.while_running(hang, "16Mi", "20s")
        took_s = time.monotonic() - hung[0]
        self.assertEqual(result.code, NOT_COMPLETED, result)
        self.assertIn("rank 2 on n3 hangs", result.stderr)
        self.assertLess(took_s, 15)

    def test_a_rank_that_goes_on_in_time_disturbs_nothing(self):
        def pause():
            self.fault("hang", "n2", "--rank", "1")
            time.sleep(0.5)
            self.heal("hang")

        result = self.while_running(pause, "16Mi", "5s")
        self.assertEqual(result.code, GOOD, result)

    def test_what_cannot_be_planted_is_refused(self):
        for wrong, says in ((("drop", "n9"), "n1 to n4"), (("slow-uplink", "n1"), "slow-nic"),
                            (("slow-uplink", "leaf1"), "leaf1-spine1"), (("hang", "n1"), "n1 has no rank that runs"),
                            (("mtu", "n1", "--bytes", "9001"), "576 to 8999")):
            with self.subTest(wrong=wrong):
                result = lab("fault", *wrong, "--lab", self.identity)
                self.assertEqual((result.code, result.stdout), (WRONG_REQUEST, ""), result)
                self.assertIn(says, result.stderr)
                self.assertEqual(result.stderr.count("\n"), 1, result)
        self.fault("drop", "n1")
        self.assertEqual(lab("fault", "drop", "n1", "--lab", self.identity).code, WRONG_REQUEST)
        self.assertEqual(self.lab("faults").stdout, "drop n1 share=0.01\n")


class SeveralSpines(RateTest):
    FLAGS = ("--nodes", "4", "--leaves", "2", "--spines", "2", "--rate", "200 Mbit/s", "--uplink-rate", "100 Mbit/s")

    def test_the_receiver_decides_on_the_spine(self):
        """So that n1 to n3 and n2 to n4 at the same time do not share: each is as fast as one link between switches."""
        self.assert_rate_of_two_flows(100)

    def test_a_slow_uplink_slows_only_what_takes_it(self):
        self.fault("slow-uplink", "leaf1-spine1", "--way", "up", "--share", "0.25")
        self.assertLess(self.rate("n1", "n3"), 30 * MEGABIT)
        self.assertGreater(self.rate("n1", "n4"), 80 * MEGABIT)
        self.assertGreater(self.rate("n3", "n1"), 80 * MEGABIT)


if __name__ == "__main__":
    unittest.main()
