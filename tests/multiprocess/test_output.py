"""What a machine reads is one clean document on stdout; what a person needs is in every help text."""

import csv
import io
import json
import unittest
from xml.etree import ElementTree

from harness import GOOD, INCONCLUSIVE, PodbenchTest

REQUEST = ("run", "--transport", "shm", "--pattern", "allreduce", "--bytes", "8,64Ki", "--ranks", "2",
           "--time-per-case", "30ms")
COMMANDS = ("run", "list", "doctor", "verify", "show", "fit", "recover", "export", "compare", "report", "ab", "track")


class Output(PodbenchTest):
    def test_json_is_one_document(self):
        result = self.succeed(*REQUEST, "--format", "json")
        cases = json.loads(result.stdout)["cases"]
        self.assertEqual({case["bytes"] for case in cases}, {8, 65536})

    def test_csv_is_one_table(self):
        result = self.succeed(*REQUEST, "--format", "csv")
        rows = list(csv.DictReader(io.StringIO(result.stdout)))
        self.assertEqual({row["bytes"] for row in rows}, {"8", "65536"})
        self.assertFalse([row for row in rows if None in row or None in row.values()], "rows of uneven length")

    def test_every_format_of_lists_and_doctor(self):
        for what in (("list", "transports"), ("list", "patterns"), ("list", "suites"), ("list", "workloads"),
                     ("doctor",)):
            with self.subTest(what=what):
                json.loads(self.podbench(*what, "--format", "json").stdout)
                rows = list(csv.reader(io.StringIO(self.podbench(*what, "--format", "csv").stdout)))
                self.assertEqual(len({len(row) for row in rows}), 1)

    def test_no_colour_where_there_is_no_terminal(self):
        result = self.succeed(*REQUEST)
        self.assertNotIn("\x1b", result.stdout + result.stderr)

    def test_quiet_says_nothing_on_stderr(self):
        self.assertEqual(self.succeed(*REQUEST, "--quiet").stderr, "")

    def test_help_has_examples_everywhere(self):
        for command in ((), *((command,) for command in COMMANDS)):
            with self.subTest(command=command):
                text = self.succeed(*command, "--help").stdout
                _, _, examples = text.partition("\nExample")
                self.assertIn(" ".join(("podbench", *command)), examples)

    def test_the_version(self):
        self.assertRegex(self.succeed("--version").stdout, r"^podbench \d+\.\d+\.\d+ \(.+\)\n$")

    def test_a_default_name_under_results_runs(self):
        result = self.succeed(*REQUEST)
        (file,) = [name for name in self.files() if name.endswith(".h5")]
        self.assertTrue(file.startswith("results/runs/"), file)
        self.assertIn(file, result.stdout + result.stderr)

    def test_verify_says_what_it_proved(self):
        result = self.succeed("verify", "--pattern", "allreduce", "--algorithm", "ring", "--ranks", "1:33")
        self.assertIn("allreduce", result.stdout)
        self.assertIn("proved", result.stdout)

    def test_fit_in_every_form(self):
        self.succeed("run", "--transport", "shm", "--pattern", "pingpong,message_rate", "--bytes", "8:64Ki:x4", "--ranks",
                     "2", "--launches", "2", "--time-per-case", "20ms", "--quiet", "--out", self.folder / "run.h5")
        forms = ("--html", "fit.html", "--junit", "fit.xml", "--json", "fit.json", "--openmetrics", "fit.prom")
        result = self.podbench("fit", "run.h5", "--holdout", "3", "--format", "csv", *forms)
        self.assertIn(result.code, (GOOD, INCONCLUSIVE), result)  # this machine may be too busy for straight lines
        rows = list(csv.DictReader(io.StringIO(result.stdout)))
        self.assertIn("loggp", {row["group"] for row in rows})
        document = json.loads((self.folder / "fit.json").read_text())
        self.assertEqual({len(fit["points"]) for fit in document["fits"]}, {7})
        self.assertTrue(ElementTree.parse(self.folder / "fit.xml").findall(".//testcase"))
        self.assertTrue((self.folder / "fit.prom").read_text().endswith("# EOF\n"))
        self.assertIn("pingpong/direct/shm", (self.folder / "fit.html").read_text())

    def test_show_in_every_form(self):
        for name in ("a.h5", "b.h5"):
            self.succeed(*REQUEST, "--quiet", "--out", self.folder / name)
        forms = ("--html", "show.html", "--junit", "show.xml", "--json", "show.json", "--openmetrics", "show.prom")
        pivot = ("--rows", "bytes", "--cols", "run", "--where", "algorithm=ring", "--ratios")
        lines = self.succeed("show", "a.h5", "b.h5", *pivot, *forms).stdout.splitlines()
        self.assertEqual(lines[1].split(), ["bytes", "a", "b"])
        self.assertRegex(lines[2], r"x\d+\.\d\d")
        cases = json.loads((self.folder / "show.json").read_text())["cases"]
        self.assertEqual(len(cases), 4)
        self.assertEqual(len(ElementTree.parse(self.folder / "show.xml").findall(".//testcase")), 4)
        self.assertIn("podbench_show_p50_seconds{", (self.folder / "show.prom").read_text())
        self.assertIn("p50 over bytes", (self.folder / "show.html").read_text())

    def test_show_and_export(self):
        self.succeed(*REQUEST, "--out", self.folder / "run.h5")
        shown = self.succeed("show", "run.h5", "--rows", "bytes", "--cols", "algorithm", "--value", "p50").stdout
        self.assertIn("64KiB", shown)
        for form in ("csv", "json", "gbench", "openmetrics"):
            with self.subTest(form=form):
                self.assertTrue(self.succeed("export", "run.h5", "--as", form).stdout.strip())


if __name__ == "__main__":
    unittest.main()
