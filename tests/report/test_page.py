"""The page with everything that a page can hold, in a headless browser: drawn, silent, loading nothing, answering to
pointer and keys, and never running what its labels say.

Numbers are those of analysis/report/test/sample_page.cpp. Screenshots are left in $PODBENCH_PAGES.
"""

import os
import subprocess
import unittest
from pathlib import Path

from browser import Browser

PAGES = Path(os.environ["PODBENCH_PAGES"])
SAMPLE_PAGE = os.environ["PODBENCH_SAMPLE_PAGE"]
LIVE = os.environ["PODBENCH_PLOT_LIBRARY"] == "1"
HOSTILE = "</script><img src=x onerror=\"document.title='owned'\"><b>&amp;"

# Pixels of a figure's canvas that are nearly of a colour of the page's palette.
COUNT_PIXELS = """((selector, name) => {
  const canvas = document.querySelector(selector), probe = document.createElement('i');
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const wanted = getComputedStyle(probe).color.match(/\\d+/g).map(Number);
  probe.remove();
  const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  let found = 0;
  for (let i = 0; i < data.length; i += 4)
    found += data[i + 3] > 200 && [0, 1, 2].every(k => Math.abs(data[i + k] - wanted[k]) < 24);
  return found;
})"""
# Where a value of a chart lies on the screen: the chart's own axis labels are the judge, so points are given as parts.
PLACE = """((selector) => {
  const box = document.querySelector(selector).getBoundingClientRect();
  return [box.left, box.top, box.width, box.height];
})"""


def make(drawing):
    PAGES.mkdir(parents=True, exist_ok=True)
    path = PAGES / f"{drawing}.html"
    subprocess.run([SAMPLE_PAGE, drawing, path], check=True)
    return path


class InBrowser(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.browser = Browser()

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()

    def assert_quiet(self, tab):
        self.assertEqual(tab.complaints(), [])
        self.assertEqual(tab.requests(), [])

    def pixels(self, tab, selector, colour):
        return tab.evaluate(f"{COUNT_PIXELS}({selector!r}, {colour!r})")

    def place(self, tab, selector):
        tab.evaluate(f"document.querySelector({selector!r}).scrollIntoView({{block: 'center', behavior: 'instant'}})")
        tab.settle()
        return tab.evaluate(f"{PLACE}({selector!r})")

    def tip(self, tab, selector):
        return tab.evaluate(f"(tip => tip.hidden ? null : tip.innerText)(document.querySelector({selector!r}))")


class BothDrawings(InBrowser):
    def test_nothing_is_said_or_loaded(self):
        for drawing in ("live", "still"):
            for dark in (False, True):
                with self.subTest(drawing=drawing, dark=dark):
                    tab = self.browser.open(make(drawing), dark=dark)
                    self.assert_quiet(tab)
                    tab.screenshot(PAGES / f"{drawing}-{'dark' if dark else 'light'}.png")

    def test_labels_are_text(self):
        for drawing in ("live", "still"):
            with self.subTest(drawing=drawing):
                tab = self.browser.open(make(drawing))
                self.assertTrue(tab.evaluate("document.title").startswith("A page for testing </script>"))
                self.assertEqual(tab.evaluate("document.querySelectorAll('img, main b:not(.tip b)').length"), 0)
                self.assertIn(HOSTILE, tab.evaluate("document.querySelector('table').innerText"))
                self.assertIn(HOSTILE, tab.evaluate("document.querySelector('.keys').innerText"))

    def test_tables_sort(self):
        tab = self.browser.open(make("still"))
        column = "Array.from(document.querySelectorAll('tbody tr'), row => row.cells[{}].innerText)"
        press = "document.querySelectorAll('th button')[{}].click()"
        before = tab.evaluate(column.format(0))
        tab.evaluate(press.format(1))
        times = tab.evaluate(column.format(1))
        self.assertEqual(times[:3] + times[-2:], ["100 ns", "200 ns", "300 ns", "1.5 us", "-"])
        tab.evaluate(press.format(1))
        times = tab.evaluate(column.format(1))
        self.assertEqual(times[:2] + times[-2:], ["1.5 us", "1.3 us", "100 ns", "-"], "what has no value stays last")
        tab.evaluate(press.format(0))
        names = tab.evaluate(column.format(0))
        self.assertLess(names.index("case4"), names.index("case10"), "numbers in names count as numbers")
        self.assertCountEqual(names, before)

    def test_tables_filter(self):
        tab = self.browser.open(make("still"))
        tab.evaluate("(field => { field.value = 'CONVERGED not'; field.dispatchEvent(new Event('input')); })"
                     "(document.querySelector('input[type=search]'))")
        shown = "Array.from(document.querySelectorAll('tbody tr:not([hidden])'), row => row.cells[0].innerText)"
        self.assertEqual(tab.evaluate(shown), ["case3"])

    def test_the_heat_map_answers(self):
        tab = self.browser.open(make("still"))
        left, top, width, height = self.place(tab, ".heat canvas")
        self.assertGreater(self.pixels(tab, ".heat canvas", "--h4"), 500, "the worst cells are in the worst colour")
        self.assertGreater(self.pixels(tab, ".heat canvas", "--h0"), 500)
        read = None
        for across in range(20, int(width), 20):
            tab.move(left + across, top + height / 2)
            read = read or self.tip(tab, ".heat .tip")
        self.assertRegex(read or "", r"^node05 → node0\d\n\d")
        tab.evaluate("document.querySelector('.heat canvas').focus()")
        for name in ("ArrowDown", "ArrowRight", "ArrowRight", "ArrowDown"):
            tab.key(name)
        self.assertEqual(self.tip(tab, ".heat .tip"), "node01 → node02\n2.12 us")
        self.assertEqual(tab.evaluate("document.querySelector('.heat output').textContent"),
                         "row node01, column node02: 2.12 us")

    def test_the_theme_can_be_chosen(self):
        for dark in (False, True):
            tab = self.browser.open(make("still"), dark=dark)
            back = "getComputedStyle(document.body).backgroundColor"
            before = tab.evaluate(back)
            tab.evaluate("document.querySelector('.theme').click()")
            self.assertNotEqual(tab.evaluate(back), before)
            tab.evaluate("document.querySelector('.theme').click()")
            self.assertEqual(tab.evaluate(back), before)

    def test_still_charts_are_pictures_with_values(self):
        tab = self.browser.open(make("still"))
        self.assertEqual(tab.evaluate("document.querySelectorAll('svg.plot').length"), 4)
        self.assertEqual(tab.evaluate("document.querySelector('svg.plot title').textContent"),
                         "ring\n8 B: 1 us (901 ns to 1.15 us)\nfirst")

    def test_it_fits_a_telephone(self):
        tab = self.browser.open(make("still"), width=390, height=800)
        self.assertLessEqual(tab.evaluate("document.documentElement.scrollWidth"), 390)


@unittest.skipUnless(LIVE, "this build has no plot library: charts are pictures")
class LiveCharts(InBrowser):
    FIRST = "section:nth-of-type(1) figure.chart:nth-child(1)"
    SECOND = "section:nth-of-type(1) figure.chart:nth-child(2)"

    def setUp(self):
        self.tab = self.browser.open(make("live"))

    def focus(self, chart):
        self.tab.evaluate(f"document.querySelector({chart + ' .holder'!r}).focus()")

    def test_curves_are_drawn(self):
        for colour in ("--c0", "--c1", "--c2"):
            self.assertGreater(self.pixels(self.tab, f"{self.FIRST} canvas", colour), 300, colour)
        self.assertEqual(self.pixels(self.tab, f"{self.FIRST} canvas", "--c3"), 0)

    def test_the_theme_changes_charts(self):
        self.tab.evaluate("document.querySelector('.theme').click()")
        self.tab.settle()
        self.assertGreater(self.pixels(self.tab, f"{self.FIRST} canvas", "--c0"), 300)

    def test_pointing_reads_the_nearest_point(self):
        left, top, width, height = self.place(self.tab, f"{self.FIRST} .u-over")
        # The curve `ring` ends near the right edge, below the others.
        self.tab.move(left + width * 0.96, top + height * 0.2)
        tip = self.tip(self.tab, f"{self.FIRST} .tip")
        self.assertEqual(tip, "ring\n16 MiB: 1.68 ms\n1.51 ms to 1.93 ms")
        self.assertEqual(self.tip(self.tab, f"{self.SECOND} .tip"), "ring\n16 MiB: 9.99 GB/s",
                         "charts of a section share the cursor")
        self.tab.screenshot(PAGES / "hover.png", whole=False)
        self.tab.move(left - 60, top - 60)
        self.assertIsNone(self.tip(self.tab, f"{self.FIRST} .tip"))

    def test_keys_move_along_and_across(self):
        self.focus(self.FIRST)
        self.tab.key("ArrowRight")
        self.assertEqual(self.tip(self.tab, f"{self.FIRST} .tip"), "ring\n8 B: 1 us\n901 ns to 1.15 us\nfirst")
        self.tab.key("ArrowRight")
        self.tab.key("ArrowUp")
        self.assertEqual(self.tip(self.tab, f"{self.FIRST} .tip"), "tree\n64 B: 2.52 us\n2.26 us to 2.89 us")
        self.assertEqual(self.tab.evaluate(f"document.querySelector({self.FIRST + ' output'!r}).textContent"),
                         "tree, 64 B: 2.52 us, 2.26 us to 2.89 us")
        self.tab.key("End")
        self.assertIn("16 MiB", self.tip(self.tab, f"{self.FIRST} .tip"))
        self.tab.key("Escape")
        self.assertIsNone(self.tip(self.tab, f"{self.FIRST} .tip"))

    def test_dragging_zooms_and_twice_shows_all(self):
        reset = f"document.querySelector({self.FIRST + ' .reset'!r})"
        left, top, width, height = self.place(self.tab, f"{self.FIRST} .u-over")
        self.assertTrue(self.tab.evaluate(f"{reset}.hidden"))
        self.tab.drag((left + width * 0.5, top + height * 0.5), (left + width * 0.9, top + height * 0.52))
        self.assertFalse(self.tab.evaluate(f"{reset}.hidden"))
        self.focus(self.FIRST)
        self.tab.key("Home")
        zoomed = self.tip(self.tab, f"{self.FIRST} .tip")
        self.assertNotIn("\n8 B", zoomed)
        self.tab.click(left + width * 0.5, top + height * 0.5, count=2)
        self.assertTrue(self.tab.evaluate(f"{reset}.hidden"))
        self.focus(self.FIRST)
        self.tab.key("+")
        self.assertFalse(self.tab.evaluate(f"{reset}.hidden"), "keys zoom too")
        self.tab.key("0")
        self.assertTrue(self.tab.evaluate(f"{reset}.hidden"))

    def test_names_hide_curves(self):
        press = f"document.querySelectorAll({self.FIRST + ' .key'!r})[{{}}].click()"
        self.tab.evaluate(press.format(0))
        self.tab.settle()
        self.assertEqual(self.pixels(self.tab, f"{self.FIRST} canvas", "--c0"), 0)
        self.assertGreater(self.pixels(self.tab, f"{self.FIRST} canvas", "--c1"), 300)
        self.tab.evaluate(press.format(0))
        self.tab.settle()
        self.assertGreater(self.pixels(self.tab, f"{self.FIRST} canvas", "--c0"), 300)

    def test_what_cannot_be_drawn_says_so(self):
        self.assertIn("Nothing to draw", self.tab.evaluate("document.querySelector('#s3').innerText"))

    def test_it_prints(self):
        self.tab.print_to(PAGES / "live.pdf")
        self.assertGreater((PAGES / "live.pdf").stat().st_size, 20000)
        self.assertIsNone(self.tab.evaluate("document.documentElement.dataset.theme || null"), "as before printing")
        self.assert_quiet(self.tab)

    def test_it_fits_a_telephone(self):
        tab = self.browser.open(make("live"), width=390, height=800)
        self.assertLessEqual(tab.evaluate("document.documentElement.scrollWidth"), 390)


if __name__ == "__main__":
    unittest.main()
