"""Whoever can reach a port can connect to it: thousands of strangers, with noise, half sentences and silence, change
nothing in a run and cost it nothing that grows."""

import os
import random
import socket
import threading
import time
import unittest

from harness import GOOD, PodbenchTest, _marked

CONNECTIONS = 4000
MOST_GROWTH_KB = 64 << 10
RUN = ("run", "--transport", "tcp", "--pattern", "pairs,allreduce", "--algorithm", "direct,ring", "--bytes", "8,64Ki",
       "--ranks", "3", "--launches", "4", "--time-per-case", "200ms", "--quiet")


def listening(pids):
    """(address, port) of every TCP socket that one of the processes listens on."""
    inodes = set()
    for pid in pids:
        try:
            for entry in os.listdir(f"/proc/{pid}/fd"):
                target = os.readlink(f"/proc/{pid}/fd/{entry}")
                if target.startswith("socket:["):
                    inodes.add(target[8:-1])
        except OSError:
            continue  # it has ended meanwhile
    found = set()
    with open("/proc/net/tcp", encoding="ascii") as table:
        for line in list(table)[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in inodes:
                host, port = fields[1].split(":")
                address = socket.inet_ntoa(bytes.fromhex(host)[::-1])
                found.add(("127.0.0.1" if address == "0.0.0.0" else address, int(port, 16)))
    return found


def peak_kb(pid):
    try:
        with open(f"/proc/{pid}/status", encoding="ascii") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        return 0


class Strangers(threading.Thread):
    """Connects to every port that the test's processes open, for as long as they run."""

    KINDS = (b"", b"\0" * 8, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\xff" * 4096, None)

    def __init__(self, mark, director):
        super().__init__()
        self.mark, self.director = mark, director
        self.chance = random.Random(7)
        self.made = self.refused = self.ports = self.most_kb = 0
        self.ended = threading.Event()

    def run(self):
        held = []
        known = set()
        while not self.ended.is_set():
            now = listening(_marked(self.mark))
            known |= now
            for place in now:
                for _ in range(20):
                    self.one(place, held)
            self.most_kb = max(self.most_kb, peak_kb(self.director))
        self.ports = len(known)
        for one in held:
            one.close()

    def one(self, place, held):
        try:
            stranger = socket.create_connection(place, timeout=2)
            kind = self.chance.choice(self.KINDS)
            stranger.sendall(self.chance.randbytes(200) if kind is None else kind)
            self.made += 1
        except OSError:
            self.refused += 1
            return
        held.append(stranger)
        if len(held) > 300:
            held.pop(self.chance.randrange(len(held))).close()


class Run(PodbenchTest):
    def test_strangers_change_nothing(self):
        quiet = self.start(*RUN, "--out", self.folder / "quiet.h5")
        quiet_kb = 0
        while not quiet.ended:
            quiet_kb = max(quiet_kb, peak_kb(quiet.pid))
            time.sleep(0.02)
        self.assertEqual(quiet.finish().code, GOOD, quiet.stderr())
        made = ports = 0
        while made < CONNECTIONS:
            (self.folder / "run.h5").unlink(missing_ok=True)
            running = self.start(*RUN, "--out", self.folder / "run.h5")
            strangers = Strangers(self.mark, running.pid)
            strangers.start()
            try:
                result = running.finish()
            finally:
                strangers.ended.set()
                strangers.join()
            self.assertEqual(result.code, GOOD, result)
            self.assertNotEqual(strangers.made, 0, "nobody was disturbed")
            self.assertLess(strangers.most_kb, quiet_kb + MOST_GROWTH_KB)
            made, ports = made + strangers.made, max(ports, strangers.ports)
            cases = self.exported()["cases"]
            self.assertEqual({case["status"] for case in cases} - {"good", "contended", "not converged"}, set())
            self.assertEqual({case["launches"] for case in cases}, {4})
        # The director's, and a rank's of each launch.
        self.assertGreaterEqual(ports, 5)


if __name__ == "__main__":
    unittest.main()
