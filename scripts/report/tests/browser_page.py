# SPDX-License-Identifier: GPL-2.0
"""The page in headless Chromium: no error, its numbers, tables that sort, and no width that it does not fit."""
import html
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from tests import test_page

WIDTHS = 360, 768, 1280
# Sorts the first table by its fourth column, twice, and tells.
PROBE = """<script>
const column = () => [...document.querySelectorAll("table.sort tbody")][0].rows.length ?
  [...document.querySelectorAll("table.sort tbody")][0].rows[0].cells[0].textContent : "";
const button = document.querySelector("table.sort th button"), said = [column()];
button.click(); said.push(column());
button.click(); said.push(column());
said.push(document.documentElement.scrollWidth, window.innerWidth, document.querySelectorAll("th button").length);
parent.document.getElementById("probe").textContent = said.join(" ");
</script></body>"""
# Chromium has no window as narrow as a phone, but frames.
FRAME = """<!DOCTYPE html><link rel="icon" href="data:,"><pre id="probe"></pre>
<iframe style="border: 0; width: %dpx; height: 900px" srcdoc="%s"></iframe>"""


def browse(file, width, *arguments):
    """What Chromium makes of a page: the document, and what it complains of."""
    with tempfile.TemporaryDirectory() as profile:
        got = subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
                              "--enable-logging=stderr", f"--user-data-dir={profile}", f"--window-size={width},900",
                              *arguments, file.as_uri()], capture_output=True, timeout=300, check=True)
    return got.stdout.decode(), [line for line in got.stderr.decode("utf-8", "replace").splitlines()
                                 if "CONSOLE" in line]


class Browser(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.work = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.work.cleanup)
        cls.page = test_page.page_of(test_page.results())[0]

    def file(self, text):
        file = Path(self.work.name) / "page.html"
        file.write_text(text)
        return file

    def test_page_loads_and_fits(self):
        for width in WIDTHS:
            with self.subTest(width=width):
                framed = FRAME % (width, html.escape(self.page.replace("</body>", PROBE), quote=True))
                dom, complaints = browse(self.file(framed), 1400, "--dump-dom")
                self.assertEqual(complaints, [])
                first, up, down, wide, inner, buttons = re.search(r'id="probe">([^<]*)<', dom).group(1).split(" ")
                self.assertEqual((first, up, down), ("1", "1", "2"))
                self.assertEqual(int(inner), width)
                self.assertLessEqual(int(wide), width)
                self.assertGreater(int(buttons), 20)
                self.assertIn("-2.352", dom)

    def test_an_error_would_be_seen(self):
        _, complaints = browse(self.file(self.page.replace('"use strict";', '"use strict"; nothing();')), 360, "--dump-dom")
        self.assertNotEqual(complaints, [])

    def test_pictures(self):
        for width in WIDTHS:
            picture = Path(self.work.name) / f"{width}.png"
            browse(self.file(self.page), width, f"--screenshot={picture}")
            self.assertGreater(picture.stat().st_size, 10000)
