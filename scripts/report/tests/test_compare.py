# SPDX-License-Identifier: GPL-2.0
"""The comparison of scripts/compare: same/ is recorded, changed/ then had figures changed."""
import unittest

from compare import Change, Pair, Way, way_words
from tests import folder, run

FILES = "A-pairs.raw", "A-paths.raw", "B-pairs.raw", "B-paths.raw"


class Comparisons(unittest.TestCase):
    def expect(self, name):
        with folder("compare") as here:
            got = run("compare.py", *(f"{name}/{file}" for file in FILES))
            self.assertEqual(got.stderr, b"")
            self.assertEqual(got.stdout.decode(), (here / f"{name}.out").read_text())

    def test_same_kernel_twice(self):
        self.expect("same")

    def test_kernels_that_differ(self):
        self.expect("changed")

    def test_what_cannot_be_read(self):
        with folder("compare"):
            short, name = run("compare.py", "A-short.raw"), run("compare.py", "same.out")
        self.assertIn(b"A-short.raw:1: not what the guest writes: path order-0 ok", short.stderr)
        self.assertIn(b"same.out: neither A-* nor B-*", name.stderr)
        self.assertEqual((short.returncode, name.returncode), (3, 3))
        self.assertEqual(run("compare.py", "A-absent").returncode, 3)
        self.assertEqual(run("compare.py").returncode, 2)


class Changes(unittest.TestCase):
    def test_words(self):
        for a, b, wavers, words in (
                (100.0, 100.0, 0, ("+0.0", "0.0")), (100.0, 100.04, 0, ("+0.0", "0.0")),
                (100.0, 99.0, 0, ("-1.0", "-1.0")), (100.0, 99.5, 1, ("~", "~")),
                (100.0, 101.0, 1, ("+1.0", "+1.0")), (None, 3.0, 1, ("-", "-")),
                (0.0, 3.0, 0, ("+3.0", "-"))):
            self.assertEqual(Change(a, b, wavers).words(), words)

    def test_what_one_kernel_lacks_is_a_change(self):
        self.assertTrue(Change(None, 3.0, 4).counts())
        self.assertFalse(Change(None, None, 4).counts())

    def test_what_wavers(self):
        self.assertEqual(Pair("vmalloc", 0).wavers(), 4)
        self.assertEqual(Pair("split_page", 1).wavers(), 1)
        self.assertEqual(Pair("split_page", 0).wavers(), 0)
        self.assertEqual(Way("refill", "ok", "fast", "refill").wavers(), 1)

    def test_summary(self):
        self.assertEqual(way_words([Change(9, 9, 0)]), "the same in all 1 rows")
        self.assertEqual(way_words([Change(100, 110, 0), Change(100, 101, 0), Change(9, 9, 0)]),
                         "+1 to +10 instructions a request, at most +10.0 %, in 2 of 3 rows")

    def test_summary_names_the_change_that_is_the_largest_either_way(self):
        self.assertIn("at most -50.0 %", way_words([Change(100, 50, 0), Change(100, 99, 0)]))
