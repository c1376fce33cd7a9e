"""`podbench track` on a folder of nights: one real run, copied to many nights whose times are drawn anew."""

import csv
import datetime
import io
import json
import random
import shutil
import unittest
import xml.etree.ElementTree

try:
    import h5py
except ImportError:
    h5py = None

from harness import CHECK_FAILED, GOOD, INCONCLUSIVE, WRONG_REQUEST, PodbenchTest

FIRST = datetime.datetime(2026, 1, 1, 2, tzinfo=datetime.timezone.utc)
STEP = 40  # the night at which tcp becomes slower


@unittest.skipIf(h5py is None, "h5py is missing")
class Track(PodbenchTest):
    def setUp(self):
        super().setUp()
        self.succeed("run", "--transport", "shm,tcp", "--pattern", "pingpong", "--bytes", "8,1Ki,64Ki", "--ranks", "2",
                     "--time-per-case", "20ms", "--out", self.folder / "base.h5", "--quiet")
        (self.folder / "nightly").mkdir()
        self.chance = random.Random(1)

    def night(self, number):
        """A copy of the run with the noise of its own night; tcp is 30% slower from STEP on."""
        path = self.folder / "nightly" / f"{number:03}.h5"
        shutil.copy(self.folder / "base.h5", path)
        with h5py.File(path, "r+") as run:
            text = h5py.string_dtype()
            run.attrs.create("run_id", f"night-{number}", dtype=text)
            run.attrs.create("started_utc", (FIRST + datetime.timedelta(number)).strftime("%Y-%m-%dT%H:%M:%SZ"),
                             dtype=text)
            transports = run["cases/transport_labels"].asstr()[:][run["cases/transport"][:]]
            for case, transport in enumerate(transports):
                factor = 1 + self.chance.gauss(0, 0.02)
                if transport == "tcp" and number >= STEP:
                    factor *= 1.3
                run["summary/p50"][case] = 10_000 * (case + 1) * factor
                run["launches/p99"][case, :] = 20_000 * (case + 1) * (1 + self.chance.gauss(0, 0.02))
        return path

    def nights(self, begin, end):
        for number in range(begin, end):
            self.night(number)

    def track(self, *arguments):
        return self.podbench("track", "nightly", *arguments)

    def test_each_night_in_turn_alerts_once(self):
        self.nights(0, STEP)
        self.assertEqual(self.track().code, GOOD)
        codes = []
        for number in range(STEP, STEP + 10):
            self.night(number)
            result = self.track()
            codes.append(result.code)
            if result.code == CHECK_FAILED:
                self.assertIn("REGRESSION: ", result.stdout)
                self.assertIn("/tcp/", result.stdout)
                self.assertNotIn("/shm/", result.stdout)
                self.assertIn(f"nightly/{STEP - 1:03}.h5 --vs nightly/{STEP:03}.h5", result.stdout)
        self.assertEqual(codes.count(CHECK_FAILED), 1, codes)
        self.assertEqual(set(codes), {GOOD, CHECK_FAILED}, codes)
        # Those that were confirmed on a later night joined the alert and raised none.
        self.assertRegex(self.track().stdout,
                         r"Earlier alerts[^\n]*\n[^\n]*3 series[^\n]*transport tcp: 3 of its 3 series\n")

    def test_every_format(self):
        self.nights(0, STEP + 6)
        result = self.track("--format", "json", "--html", "a.html", "--junit", "a.xml", "--openmetrics", "a.om")
        document = json.loads(result.stdout)
        self.assertEqual(len(document["nights"]), STEP + 6)
        self.assertEqual([alert["direction"] for alert in document["alerts"]], ["slower"])
        self.assertEqual(len(document["alerts"][0]["changes"]), 3)
        rows = list(csv.DictReader(io.StringIO(self.track("--format", "csv").stdout)))
        self.assertEqual(len(rows), 12)  # six cases, p50 and p99
        xml.etree.ElementTree.parse(self.folder / "a.xml")
        self.assertTrue((self.folder / "a.om").read_text().endswith("# EOF\n"))
        self.assertIn("Nightly history", (self.folder / "a.html").read_text())

    def test_too_few_nights_are_inconclusive(self):
        self.nights(0, 5)
        self.assertEqual(self.track().code, INCONCLUSIVE)

    def test_bad_files_of_a_folder_are_named_and_left_out(self):
        self.nights(0, 20)
        good = self.folder / "nightly" / "003.h5"
        (self.folder / "nightly" / "truncated.h5").write_bytes(good.read_bytes()[:5000])
        (self.folder / "nightly" / "text.h5").write_text("not HDF5\n")
        (self.folder / "nightly" / "twice.h5").write_bytes(good.read_bytes())
        with h5py.File(self.folder / "nightly" / "foreign.h5", "w") as other:
            other["x"] = [1, 2, 3]
        result = self.track("--format", "json")
        self.assertEqual(result.code, GOOD, result)
        self.assertEqual(len(json.loads(result.stdout)["nights"]), 20)
        for name in ("truncated", "text", "twice", "foreign"):
            self.assertEqual(len([line for line in result.error_lines if f"{name}.h5" in line]), 1, result)

    def test_a_bad_file_that_was_named_is_refused(self):
        self.nights(0, 2)
        (self.folder / "bad.h5").write_text("not HDF5\n")
        self.refuse("track", "nightly", "bad.h5", says=("bad.h5",))
        self.refuse("track", "nowhere", says=("nowhere",))
        (self.folder / "empty").mkdir()
        self.refuse("track", "empty", says=("no run file",))

    def test_requests_that_cannot_be_served(self):
        self.nights(0, 2)
        self.refuse("track", "nightly", "--keep", "soon", says=("--keep soon",))
        self.refuse("track", "nightly", "--dry-run", says=("--keep",))
        self.refuse("track", "nightly", "--keep", "5", "--selftest", says=("--selftest",))
        self.refuse("track", "nightly", "--least", "7", says=("--least",))

    def test_selftest_prints_rates(self):
        self.nights(0, 35)
        result = self.succeed("track", "nightly", "--selftest")
        self.assertRegex(result.stdout, r"False alerts a series-year: \d\.\d+")
        self.assertRegex(result.stdout, r"\+5%\s+\d+\.\d%")

    def test_old_nights_are_deleted_only_where_nothing_needs_them(self):
        self.nights(0, 290)
        (self.folder / "nightly" / "notes.h5").write_text("not a run\n")
        listed = self.track("--keep", "10", "--dry-run")
        self.assertEqual(len([line for line in listed.error_lines if "would delete" in line]), 0,
                         "the change of night 40 still needs the nights before it")
        self.assertEqual(len(list((self.folder / "nightly").iterdir())), 291)
        self.nights(290, 300)
        before = json.loads(self.track("--format", "json").stdout)["alerts"]
        kept = self.track("--keep", "10")
        gone = [line for line in kept.error_lines if "deleted" in line]
        self.assertEqual(len(gone), 300 - 256, kept)
        self.assertFalse((self.folder / "nightly" / "043.h5").exists())
        self.assertTrue((self.folder / "nightly" / "044.h5").exists())
        self.assertTrue((self.folder / "nightly" / "notes.h5").exists())
        self.assertEqual(len(before), 1)
        self.assertEqual(self.track().code, GOOD)


if __name__ == "__main__":
    unittest.main()
