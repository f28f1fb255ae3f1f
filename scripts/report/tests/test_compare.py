# SPDX-License-Identifier: GPL-2.0
"""The comparison of scripts/compare: same/ is recorded, changed/ then had figures changed."""
import json
import tempfile
import unittest
from pathlib import Path

from compare import Change, Pair, Way, way_words
from tests import folder, run
from tests.test_format import validate

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


class Baselines(unittest.TestCase):
    """Of A of same/, held against B of same/ or changed/."""
    def setUp(self):
        work = tempfile.TemporaryDirectory()
        self.addCleanup(work.cleanup)
        self.file = Path(work.name) / "baseline.json"
        with folder("compare"):
            got = run("compare.py", "--form", "json", "--asked", "all", *(f"same/{file}" for file in FILES[:2]))
        self.assertEqual((got.returncode, got.stderr), (0, b""))
        self.file.write_bytes(got.stdout)
        self.lines = got.stdout.decode().splitlines()

    def against(self, name, *options, asked="all"):
        with folder("compare"):
            return run("compare.py", "--baseline", str(self.file), "--asked", asked, *options,
                       *(f"{name}/{file}" for file in FILES[2:]))

    def test_baseline_is_valid(self):
        for line in self.lines:
            validate(json.loads(line))
        self.assertEqual({json.loads(line)["type"] for line in self.lines}, {"environment", "bench"})

    def test_the_same_kernel_says_what_two_measurements_say(self):
        got = self.against("same", "--fail-above", "0")
        with folder("compare") as here:
            self.assertTrue(got.stdout.decode().startswith((here / "same.out").read_text().rstrip("\n")))
        self.assertEqual(got.returncode, 0)
        self.assertNotIn(b"\nnot ok", got.stdout)

    def test_a_regression_is_named(self):
        lines = (Path(__file__).parent / "compare" / "same" / "B-paths.raw").read_text()
        self.assertIn("path slow ok slow pcp 60 1063 ", lines)
        with tempfile.TemporaryDirectory() as work:
            for file in FILES[2:]:
                (Path(work) / file).write_bytes((Path(__file__).parent / "compare" / "same" / file).read_bytes())
            paths = Path(work) / "B-paths.raw"
            paths.write_text(lines.replace("path slow ok slow pcp 60 1063 ", "path slow ok slow pcp 60 1099 "))
            arguments = "--baseline", str(self.file), "--asked", "all", *(f"{work}/{file}" for file in FILES[2:])
            for most, status in (("2", 1), ("3.38", 1), ("3.4", 0)):
                got = run("compare.py", "--fail-above", most, *arguments)
                self.assertEqual(got.returncode, status, most)
                self.assertEqual(b"paths slow ok slow pcp: 1063.0 -> 1099.0 instructions, +3.4 %" in got.stdout, True)
            got = run("compare.py", "--fail-above", "2", "--form", "json", *arguments)
            found = [json.loads(line) for line in got.stdout.splitlines()]
            for one in found:
                validate(one)
            self.assertEqual([one["scenario"] for one in found if one.get("regression")], ["slow"])
            self.assertEqual([one["case"].split(":")[0] for one in found if one.get("result") == "failed" and
                              one.get("of") == "case"], ["slow ok slow pcp"])
            junit = run("compare.py", "--fail-above", "2", "--form", "junit", *arguments)
            self.assertEqual(junit.stdout.count(b"<failure"), 1)
            # The same requests on a longer way: no path has a figure of both.
            paths.write_text(lines.replace("path slow ok slow pcp 60 1063 ", "path slow ok compact pcp 60 2063 "))
            got = run("compare.py", "--fail-above", "2", *arguments)
            self.assertIn(b"paths slow, all of its paths: 1063.0 -> 2063.0", got.stdout)
            self.assertEqual(got.returncode, 1)
            # They fail now.
            paths.write_text(lines.replace("path slow ok slow pcp 60 1063 ", "path slow failed slow none 60 1000 "))
            got = run("compare.py", "--fail-above", "2", *arguments)
            self.assertIn(b"failures slow: 0 of 60 -> 60 of 60", got.stdout)
            self.assertEqual(got.returncode, 1)
            # What differs from boot to boot is no regression.
            self.assertIn("path refill ok fast refill 27 4474 ", lines)
            paths.write_text(lines.replace("path refill ok fast refill 27 4474 ", "path refill ok fast refill 27 4510 "))
            self.assertEqual(run("compare.py", "--fail-above", "0", *arguments).returncode, 0)

    def test_csv(self):
        rows = self.against("same", "--form", "csv").stdout.decode().splitlines()
        self.assertTrue(rows[0].startswith("measured,entry,order,scenario"))
        self.assertGreater(len(rows), 10)

    def test_another_one_is_refused(self):
        whole = self.file.read_text()
        for old, new, said in (('"gfplab/1"', '"gfplab/2"', "its format is gfplab/2"),
                               ('"cpus_online": 1', '"cpus_online": 4', "cpus_online 4, now 1"),
                               ('"init_on_alloc": 0', '"init_on_alloc": 1', "init_on_alloc 1, now 0"),
                               ('"zone.1.Normal"', '"zone.1.Movable"', "zones 0.DMA 0.DMA32 1.Movable, now"),
                               ('"managed": 96270', '"managed": 196270', "managed pages"),
                               ('"asked": "all"', '"asked": "some"', "other things were measured: some"),
                               ('"type": "environment"', '"type": "env"', "no figures")):
            self.assertIn(old, whole)
            self.file.write_text(whole.replace(old, new))
            got = self.against("same", "--fail-above", "2")
            self.assertEqual((got.returncode, got.stdout), (3, b""), said)
            self.assertIn(said, got.stderr.decode())
        for text in ("", "{", "[1]"):
            self.file.write_text(text)
            self.assertEqual(self.against("same").returncode, 3)


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
