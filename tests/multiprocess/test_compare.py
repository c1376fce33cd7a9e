"""`podbench compare`: two sides of run files, what it says of them, what it leaves behind, how it ends."""

import csv
import io
import json
import re
import unittest
import xml.etree.ElementTree as xml

from harness import CHECK_FAILED, GOOD, INCONCLUSIVE, PodbenchTest

RUN = ("run", "--transport", "shm", "--pattern", "pingpong", "--bytes", "8,64Ki", "--ranks", "2", "--time-per-case",
       "20ms", "--quiet")
# Every message of 64 KiB then takes three times as long and more, on every machine.
SLOW = ("--fault", "delay:rank=all,ns=200000")


class Compare(PodbenchTest):
    def run_file(self, name, *more, launches=4):
        self.succeed(*RUN, "--launches", launches, "--out", self.folder / name, *more)

    def test_a_slowdown_is_found_and_fails(self):
        self.run_file("base.h5")
        self.run_file("slow.h5", *SLOW)
        result = self.podbench("compare", "base.h5", "--vs", "slow.h5", "--html", "c.html", "--junit", "c.xml",
                               "--json", "c.json", "--openmetrics", "c.txt", "--metric", "p50")
        self.assertEqual(result.code, CHECK_FAILED, result)
        self.assertRegex(result.stdout, r"p50: 2 cases: 2 slower")
        document = json.loads((self.folder / "c.json").read_text())
        self.assertEqual({finding["verdict"] for finding in document["findings"]}, {"slower"})
        self.assertTrue(all(finding["time_ratio"] > 3 for finding in document["findings"]))
        suite = xml.parse(self.folder / "c.xml").getroot().find("testsuite")
        self.assertEqual((suite.get("tests"), suite.get("failures")), ("2", "2"))
        self.assertIn("podbench_compare_time_ratio", (self.folder / "c.txt").read_text())
        page = (self.folder / "c.html").read_text()
        self.assertIn("pingpong/direct", page)
        self.assertNotRegex(page, r'(src|href)="https?:')

        # The other way round the same files are good news.
        back = self.podbench("compare", "slow.h5", "--vs", "base.h5", "--metric", "p50")
        self.assertEqual(back.code, GOOD, back)

    def test_one_launch_decides_nothing(self):
        self.run_file("a.h5", launches=1)
        self.run_file("b.h5", launches=1)
        result = self.podbench("compare", "a.h5", "--vs", "b.h5")
        self.assertEqual(result.code, INCONCLUSIVE, result)
        self.assertIn("undecided, needs 4", result.stdout)

    def test_machine_formats_are_clean(self):
        self.run_file("a.h5", launches=1)
        shown = self.podbench("compare", "a.h5", "--vs", "a.h5", "--format", "json")
        self.assertEqual(len(json.loads(shown.stdout)["findings"]), 4)
        rows = list(csv.DictReader(io.StringIO(
            self.podbench("compare", "a.h5", "--vs", "a.h5", "--format", "csv").stdout)))
        self.assertEqual({row["metric"] for row in rows}, {"p50", "p99"})
        self.assertEqual({row["bytes"] for row in rows}, {"8", "65536"})

    def test_one_part_of_a_file_against_another(self):
        self.succeed(*RUN, "--pattern", "allreduce", "--algorithm", "ring,recursive_doubling", "--out",
                     self.folder / "run.h5")
        result = self.podbench("compare", "run.h5", "--vs", "run.h5", "--base-where", "algorithm=ring", "--vs-where",
                               "algorithm=recursive_doubling")
        self.assertIn("ring > recursive_doubling", result.stdout, result)

    def test_tuning_files(self):
        self.succeed(*RUN, "--pattern", "allreduce", "--algorithm", "ring,recursive_doubling", "--out",
                     self.folder / "run.h5")
        self.podbench("compare", "run.h5", "--vs", "run.h5", "--tuning", "tuned")
        table = json.loads((self.folder / "tuned/tuning.json").read_text())["tuning"]
        self.assertEqual(table[0]["from_bytes"], 0)
        self.assertIn(table[0]["algorithm"], ("ring", "recursive_doubling"))
        rules = (self.folder / "tuned/openmpi-shm.rules").read_text()
        self.assertTrue(re.match(r"1 # collectives", rules), rules)

    def test_what_no_longer_works_fails(self):
        request = ("run", "--transport", "shm", "--pattern", "allreduce", "--algorithm", "ring", "--bytes", "8,4Ki",
                   "--ranks", "2", "--time-per-case", "20ms", "--quiet", "--out")
        self.succeed(*request, self.folder / "good.h5")
        self.podbench(*request, self.folder / "wrong.h5", "--fault", "flip:rank=1,after=1")
        result = self.podbench("compare", "good.h5", "--vs", "wrong.h5", "--format", "json")
        self.assertEqual(result.code, CHECK_FAILED, result)
        broken = [one["text"] for one in json.loads(result.stdout)["findings"] if one["verdict"] == "broken"]
        self.assertIn("wrong data in the new runs", broken)
        self.assertIn("\nbroken: ", self.podbench("compare", "good.h5", "--vs", "wrong.h5").stdout)
        # Worse before, no worse now.
        self.assertNotEqual(self.podbench("compare", "wrong.h5", "--vs", "good.h5").code, CHECK_FAILED)

    def test_wrong_requests(self):
        self.run_file("a.h5", launches=1)
        self.refuse("compare", "a.h5", says=("--vs",))
        self.refuse("compare", "a.h5", "--vs", "none.h5", says=("none.h5",))
        self.refuse("compare", "a.h5", "--vs", "a.h5", "--where", "pattern=nothing", says=("no case is left",))
        self.refuse("compare", "a.h5", "--vs", "a.h5", "--where", "colour=red", says=("unknown key",))
        self.refuse("compare", "a.h5", "--vs", "a.h5", "--metric", "p51", says=("p51",))
        self.refuse("compare", "a.h5", "--vs", "a.h5", "--html", "nowhere/c.html", says=("nowhere",))
        self.refuse("compare", "a.h5", "--vs", "a.h5", "--tuning", "nowhere/tuned", says=("nowhere",))
        self.refuse("compare", "a.h5", "--vs", "a.h5", "--base-where", "bytes=8,64Ki", "--vs-where", "bytes=8",
                    says=("--base-where", "select one"))


if __name__ == "__main__":
    unittest.main()
