"""podbench ab: pairs of launches of two configurations. Whatever ends it, no finished launch is lost."""

import json
import re
import signal
import unittest
import xml.etree.ElementTree as xml

from harness import CHECK_FAILED, GOOD, INCONCLUSIVE, NOT_COMPLETED, PODBENCH, PodbenchTest

COMMON = "--pattern allreduce --algorithm ring --bytes 8,4Ki --ranks 2 --time-per-case 10ms"
SHORT = ("--common", f"--transport shm {COMMON}", "--seed", "1")
# Long enough that it never ends by itself in a test.
LONG = (*SHORT, "--launches", "1000", "--least", "1000")


class Pairs(PodbenchTest):
    def test_two_pairs_give_two_files(self):
        result = self.podbench("ab", *SHORT, "--b", "--buffers private", "--launches", "2", "--out", "x")
        self.assertIn(result.code, (GOOD, CHECK_FAILED, INCONCLUSIVE), result)
        self.assertEqual(self.files(), ["x-a.h5", "x-b.h5"])
        self.assertEqual(len(re.findall(r"^\[[12]/2\] pair", result.stderr, re.MULTILINE)), 2, result)
        self.assertIn("the sides differ in buffers", result.stdout)
        for name, buffers in (("x-a.h5", "transport"), ("x-b.h5", "private")):
            with self.subTest(name=name):
                run = self.exported(name)
                self.assertEqual(run["complete"], True)
                self.assertEqual({case["buffers"] for case in run["cases"]}, {buffers})
                self.assertEqual([case["launches"] for case in run["cases"]], [2, 2])
        self.succeed("show", "x-a.h5", "x-b.h5")

    def test_documents(self):
        result = self.podbench("ab", *SHORT, "--b", "PODBENCH_AB_TEST=1", "--launches", "2", "--out", "x.h5",
                               "--quiet", "--format", "json", "--junit", "j.xml", "--json", "j.json",
                               "--openmetrics", "m.txt", "--html", "p.html")
        self.assertEqual(result.stderr, "")
        document = json.loads(result.stdout)
        self.assertEqual(json.loads((self.folder / "j.json").read_text()), document)
        self.assertEqual([document[key] for key in ("seed", "pairs", "most_pairs", "looks")], [1, 2, 2, [2]])
        self.assertEqual(document["b"]["words"].split()[0], "PODBENCH_AB_TEST=1")
        names = [finding["name"] for finding in document["findings"]]
        self.assertEqual(sorted(names), sorted(case["name"] for case in self.exported("x-a.h5")["cases"]))
        suite = xml.parse(self.folder / "j.xml").getroot().find("testsuite")
        self.assertEqual([case.get("name") for case in suite.findall("testcase")], names)
        self.assertTrue((self.folder / "m.txt").read_text().endswith("# EOF\n"))
        self.assertIn("Pair by pair", (self.folder / "p.html").read_text())

    def test_a_real_difference_ends_it_early(self):
        """Half a millisecond on 8 B in shared memory is seen at the first look."""
        result = self.podbench("ab", *SHORT, "--b", "--fault delay:rank=all,ns=500000", "--out", "x",
                               "--format", "json")
        self.assertEqual(result.code, CHECK_FAILED, result)
        document = json.loads(result.stdout)
        self.assertEqual(document["pairs"], 6)
        self.assertEqual({finding["verdict"] for finding in document["findings"]}, {"slower"})
        again = self.podbench("ab", *SHORT, "--a", "--fault delay:rank=all,ns=500000", "--out", "y")
        self.assertEqual(again.code, GOOD, again)
        self.assertIn("2 faster", again.stdout)

    def test_environment_and_program_reach_the_side(self):
        """Side b is another program: a script that notes what it was given and becomes podbench."""
        other = self.folder / "other"
        other.write_text(f'#!/bin/sh\necho "$MARK $*" >>{self.folder}/seen\nexec {PODBENCH} "$@"\n')
        other.chmod(0o755)
        self.podbench("ab", *SHORT, "--a", "MARK=left", "--b", "MARK=right", "--b-program", other,
                      "--launches", "2", "--out", "x")
        seen = (self.folder / "seen").read_text().splitlines()
        self.assertEqual(len(seen), 3)
        self.assertTrue(all(line.startswith("right run --transport shm") for line in seen), seen)
        self.assertIn("--dry-run", seen[0])

    def test_wrong_data_is_a_failed_check(self):
        result = self.podbench("ab", *SHORT, "--b", "--fault flip:rank=1,after=1", "--launches", "2",
                               "--out", "x")
        self.assertEqual(result.code, CHECK_FAILED, result)
        self.assertIn("wrong data", result.stdout)
        self.assertEqual(self.files(), ["x-a.h5", "x-b.h5"])

    def test_a_dry_run_lists_what_answers_what(self):
        result = self.succeed("ab", "--common", COMMON, "--a", "--transport shm", "--b", "--transport tcp",
                              "--dry-run")
        self.assertEqual(result.stdout.splitlines(),
                         [f"allreduce/ring/shm->tcp/float32/{size}/ranks:2" for size in ("8B", "4KiB")])
        self.assertEqual(self.files(), [])


class Refused(PodbenchTest):
    def test_a_wrong_side_is_refused_before_anything_is_written(self):
        for side, says in (("--transprot shm", ("side b", "--transprot")), ("--bytes 7", ("side b", "7")),
                           ("--op sun", ("side b", "sun")), ("'--bytes 8", ("--b", "'")),
                           ("--launches 3", ("--b", "--launches")), ("--ranks 3", ("ranks",)),
                           ("--filter alltoall", ("side b", "alltoall"))):
            with self.subTest(side=side):
                common = COMMON.replace("--ranks 2", "") if "--ranks" in side else COMMON
                own = "--transport shm" + (" --ranks 2" if "--ranks" in side else "")
                self.refuse("ab", "--common", common, "--a", own, "--b", f"--transport shm {side}", says=says)

    def test_a_wrong_request_is_refused(self):
        taken = self.folder / "taken-b.h5"
        taken.write_text("")
        for arguments, says in ((("--out", "taken"), ("taken-b.h5",)), (("--launches", "1"), ("--launches",)),
                                (("--b-program", "/no/such"), ("/no/such",)),
                                (("--b-program", "/bin/false"), ("side b",)),
                                (("--html", "/no/such/x.html"), ("/no/such",))):
            with self.subTest(arguments=arguments):
                code = NOT_COMPLETED if "/bin/false" in arguments else 2
                self.refuse("ab", *SHORT, *arguments, says=says, code=code)

    def test_another_program_must_speak_our_language(self):
        self.refuse("ab", *SHORT, "--b-program", "/bin/echo", says=("side b", "/bin/echo"))


class Ended(PodbenchTest):
    def begin(self):
        running = self.start("ab", *LONG, "--b", "--buffers private", "--out", "x")
        running.wait_for(lambda: self.pairs_done(running.stderr()) >= 2, "two pairs")
        return running

    @staticmethod
    def pairs_done(stderr):
        return len(re.findall(r"^\[ *\d+/1000\] pair", stderr, re.MULTILINE))

    def launches_in(self, name):
        return [case["launches"] for case in self.exported(name)["cases"]]

    def test_an_interrupt_keeps_the_finished_pairs_and_judges_them(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(signal=number):
                running = self.begin()
                running.send(number)
                result = running.finish()
                self.assertEqual(result.code, NOT_COMPLETED, result)
                self.assertIn(f"signal {int(number)}", result.stderr)
                done = self.pairs_done(result.stderr)
                self.assertIn(f"{done} of 1000 pairs", result.stdout)
                self.assertEqual(self.files(), ["x-a.h5", "x-b.h5"])
                for name in ("x-a.h5", "x-b.h5"):
                    self.assertFalse(self.exported(name)["complete"])
                    for launches in self.launches_in(name):
                        self.assertIn(launches, (done, done + 1))
                    (self.folder / name).unlink()

    def test_a_kill_loses_no_finished_launch(self):
        running = self.begin()
        running.send(signal.SIGKILL)
        result = running.finish()
        self.assertEqual(self.wait_until_gone(), [])
        done = self.pairs_done(result.stderr)
        for side in ("a", "b"):
            self.succeed("recover", f"x-{side}.spool")
            for launches in self.launches_in(f"x-{side}.h5"):
                self.assertIn(launches, (done, done + 1, done + 2))

    def test_a_launch_that_fails_is_tried_again_and_then_ends_it(self):
        """Side b's program plans well and launches well twice; then each launch dies."""
        other = self.folder / "other"
        other.write_text(f"#!/bin/sh\nif [ $(grep -c . {self.folder}/seen) -ge 3 ]; then exit 4; fi\n"
                         f'echo run >>{self.folder}/seen\nexec {PODBENCH} "$@"\n')
        other.chmod(0o755)
        (self.folder / "seen").write_text("")
        result = self.podbench("ab", *LONG, "--b-program", other, "--out", "x")
        self.assertEqual(result.code, NOT_COMPLETED, result)
        self.assertEqual(result.stderr.count("launch b of pair 2 failed: exit code 4"), 3, result)
        self.assertEqual(result.stderr.count("it is tried again"), 2, result)
        self.assertEqual(self.launches_in("x-b.h5"), [2, 2])
        self.assertIn("2 of 1000 pairs", result.stdout)


if __name__ == "__main__":
    unittest.main()
