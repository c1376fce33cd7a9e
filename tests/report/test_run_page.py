"""`podbench report` on files of real runs: small, silent in a browser, with the numbers that the file has."""

import os
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "multiprocess"))
from harness import PodbenchTest  # noqa: E402
from browser import Browser  # noqa: E402

PAGES = Path(os.environ["PODBENCH_PAGES"])
LIVE = os.environ["PODBENCH_PLOT_LIBRARY"] == "1"
REQUEST = ("run", "--transport", "shm,tcp", "--pattern", "pingpong,allreduce", "--algorithm", "direct,ring,tree",
           "--bytes", "8,1Ki,64Ki", "--ranks", "2", "--time-per-case", "20ms", "--launches", "2", "--quiet")
PAIRS = ("run", "--transport", "shm", "--pattern", "pairs", "--bytes", "1Ki", "--ranks", "4", "--time-per-case", "100ms",
         "--launches", "2", "--quiet")
LARGEST_BYTES = 150_000


class RunPage(PodbenchTest):
    @classmethod
    def setUpClass(cls):
        PAGES.mkdir(parents=True, exist_ok=True)
        cls.browser = Browser()

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()

    def page_of(self, name, files, *more):
        path = PAGES / f"{name}.html"
        result = self.succeed("report", *files, "-o", path, *more)
        self.assertEqual(result.stdout, "")
        self.assertIn(str(path), result.stderr)
        tab = self.browser.open(path)
        self.assertEqual(tab.complaints(), [])
        self.assertEqual(tab.requests(), [])
        tab.screenshot(PAGES / f"{name}.png")
        return tab, path

    def test_a_run(self):
        self.succeed(*REQUEST, "--out", self.folder / "run.h5")
        tab, path = self.page_of("run", ["run.h5"])
        self.assertLessEqual(path.stat().st_size, LARGEST_BYTES)
        text = tab.evaluate("document.body.innerText")
        for heading in ("Curves", "Samples", "Cases", "Ranks", "Environment", "How it was measured"):
            self.assertIn(f"\n{heading}\n", text)
        self.assertNotIn("\nHistory\n", text)
        self.has_the_exported_numbers(tab)
        if LIVE:
            self.samples_answer(tab)

    def has_the_exported_numbers(self, tab):
        cases = self.exported()["cases"]
        rows = tab.evaluate("Array.from(document.querySelectorAll('#s3 tbody tr'), row => "
                            "Array.from(row.cells, cell => [cell.innerText, Number(cell.dataset.v)]))")
        self.assertEqual(len(rows), len(cases))
        self.assertTrue(any(case["p50_ns"] for case in cases))
        headings = tab.evaluate("Array.from(document.querySelectorAll('#s3 th'), heading => heading.innerText)")
        p50, algorithm = (next(i for i, h in enumerate(headings) if h.startswith(n)) for n in ("p50", "algorithm"))
        for row, case in zip(rows, cases):
            self.assertEqual(row[algorithm][0], case["algorithm"])
            if case["p50_ns"] is None:
                self.assertEqual(row[p50][0], "-")
            else:
                self.assertAlmostEqual(row[p50][1], case["p50_ns"], delta=1e-6 * case["p50_ns"])

    def samples_answer(self, tab):
        names = tab.evaluate("Array.from(document.querySelectorAll('#s2 option'), option => option.text)")
        self.assertEqual(len(names), sum(case["n"] > 0 for case in self.exported()["cases"]))
        tab.evaluate("(s => { s.value = 1; s.dispatchEvent(new Event('change')); })(document.querySelector('#s2 select'))")
        tab.settle()
        tab.evaluate("document.querySelectorAll('#s2 .holder')[1].focus()")
        tab.key("Home")
        tip = tab.evaluate("document.querySelectorAll('#s2 .tip')[1].innerText")
        self.assertRegex(tip, r"^launch 0\n0: [\d.]+ [num]?s\nsample 0 of \d+$")
        tab.key("End")
        self.assertIn("sample", tab.evaluate("document.querySelectorAll('#s2 .tip')[1].innerText"))
        self.assertEqual(tab.complaints(), [])

    def test_pairs_have_a_map(self):
        self.succeed(*PAIRS, "--out", self.folder / "run.h5")
        tab, _ = self.page_of("pairs", ["run.h5"])
        self.assertIn("\nPairs\n", tab.evaluate("document.body.innerText"))
        self.assertEqual(tab.evaluate("document.querySelectorAll('.heat canvas').length"), 3)

    def test_runs_of_several_times_have_a_history(self):
        names = [f"run{i}.h5" for i in range(4)]
        for name in names:
            self.succeed("run", "--transport", "shm", "--pattern", "pingpong", "--bytes", "8,64Ki", "--ranks", "2",
                         "--time-per-case", "10ms", "--quiet", "--out", self.folder / name)
        tab, path = self.page_of("history", names)
        text = tab.evaluate("document.body.innerText")
        self.assertIn("\nHistory\n", text)
        self.assertIn("The newest 3 of 4 runs", text)
        self.assertLessEqual(path.stat().st_size, LARGEST_BYTES)

    def test_a_changed_level_is_marked(self):
        """Of 301 cases over fifty nights some are 5% slower from a night of its own on."""
        nights = self.folder / "nights"
        subprocess.run([os.environ["PODBENCH_MAKE_HISTORY"], nights, "50", "301"], check=True, timeout=60)
        tab, _ = self.page_of("changes", sorted(nights.glob("*.h5")))
        text = tab.evaluate("document.body.innerText")
        self.assertIn("50 runs. Levels changed on ", text)
        changed = tab.evaluate("[...document.querySelectorAll('td')].filter(c => /^\\+[456]\\.\\d%/.test(c.innerText)).length")
        self.assertGreaterEqual(changed, 1)

    def test_still_pages_have_pictures_and_all_samples_grow_a_page(self):
        self.succeed(*PAIRS, "--out", self.folder / "run.h5")
        tab, _ = self.page_of("run-still", ["run.h5"], "--charts", "still")
        self.assertGreater(tab.evaluate("document.querySelectorAll('svg.plot').length"), 0)
        _, fitting = self.page_of("run-fit", ["run.h5"])
        _, whole = self.page_of("run-all", ["run.h5"], "--samples", "all")
        self.assertGreaterEqual(whole.stat().st_size, fitting.stat().st_size)

    def test_requests_that_cannot_be_served(self):
        self.refuse("report", "nothing.h5", "-o", "page.html", says=("nothing.h5",))
        self.refuse("report", "nothing.h5", "-o", "no/folder/page.html", says=("no/folder",))
        self.refuse("report", "nothing.h5", says=("--out",))
        self.refuse("report", "nothing.h5", "-o", "page.html", "--samples", "few", says=("few",))


if __name__ == "__main__":
    unittest.main()
