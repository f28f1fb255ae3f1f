# SPDX-License-Identifier: GPL-2.0
"""The comparison of scripts/compare: same/ is recorded, changed/ then had figures changed."""
import json
import re
import tempfile
import unittest
from pathlib import Path

from compare import Change, figure_of, way_words
from tests import folder, run
from tests.test_format import validate

FILES = tuple(f"{side}{boot}-{what}.raw" for side in "AB" for boot in "12" for what in ("pairs", "paths"))


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
            short, name = run("compare.py", "A1-short.raw"), run("compare.py", "same.out")
        self.assertIn(b"A1-short.raw:1: not what the guest writes: path order-0 ok", short.stderr)
        self.assertIn(b"same.out: neither A1-* nor B1-*", name.stderr)
        self.assertEqual((short.returncode, name.returncode), (3, 3))
        self.assertEqual(run("compare.py", "A1-absent").returncode, 3)
        self.assertEqual(run("compare.py").returncode, 2)


class Baselines(unittest.TestCase):
    """Of A of same/, held against B of same/ or changed/."""
    def setUp(self):
        work = tempfile.TemporaryDirectory()
        self.addCleanup(work.cleanup)
        self.file = Path(work.name) / "baseline.json"
        with folder("compare"):
            got = run("compare.py", "--form", "json", "--asked", "all", *(f"same/{file}" for file in FILES[:4]))
        self.assertEqual((got.returncode, got.stderr), (0, b""))
        self.file.write_bytes(got.stdout)
        self.lines = got.stdout.decode().splitlines()

    def against(self, name, *options, asked="all"):
        with folder("compare"):
            return run("compare.py", "--baseline", str(self.file), "--asked", asked, *options,
                       *(f"{name}/{file}" for file in FILES[4:]))

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
        with tempfile.TemporaryDirectory() as work:
            for file in FILES[4:]:
                (Path(work) / file).write_bytes((Path(__file__).parent / "compare" / "same" / file).read_bytes())
            lines = {path: path.read_text() for path in Path(work).glob("B*-paths.raw")}

            def compared(old, new, *options):
                for path, text in lines.items():
                    self.assertIn(old, text)
                    path.write_text(text.replace(old, new))
                return run("compare.py", "--baseline", str(self.file), "--asked", "all", *options,
                           *(f"{work}/{file}" for file in FILES[4:]))

            slow = "path slow ok slow pcp 59 871 "
            nops = slow, slow.replace("871", "907")
            for most, status in (("2", 1), ("4.13", 1), ("4.14", 0)):
                got = compared(*nops, "--fail-above", most)
                self.assertEqual(got.returncode, status, most)
                self.assertIn(b"paths slow ok slow pcp # 871.0 -> 907.0 instructions, +4.1 %", got.stdout)
            got = compared(*nops, "--fail-above", "2", "--form", "json")
            found = [json.loads(line) for line in got.stdout.splitlines()]
            for one in found:
                validate(one)
            self.assertEqual([one["scenario"] for one in found if one.get("regression")], ["slow"])
            self.assertEqual([one["case"] for one in found if one.get("result") == "failed" and
                              one.get("of") == "case"], ["slow ok slow pcp"])
            junit = compared(*nops, "--fail-above", "2", "--form", "junit")
            self.assertEqual(junit.stdout.count(b"<failure"), 1)
            self.assertIn(b'<testcase name="slow ok slow pcp" classname="compare.paths">', junit.stdout)
            self.assertIn(b'<failure message="871.0 -&gt; 907.0 instructions, +4.1 %" />', junit.stdout)
            # The same requests on a longer way: no path has a figure of both.
            got = compared(slow, "path slow ok compact pcp 59 2063 ", "--fail-above", "2")
            self.assertIn(b"paths slow, all of its paths # 1009.4 -> 2180.5", got.stdout)
            self.assertEqual(got.returncode, 1)
            # They fail now.
            got = compared(slow, "path slow failed slow none 59 1000 ", "--fail-above", "2")
            self.assertIn(b"failures slow # 0 of 120 -> 118 of 120 requests failed", got.stdout)
            self.assertEqual(got.returncode, 1)
            # What differs from boot to boot is no regression, beyond twice that it is one.
            refill = "path slow ok slow refill 1 "
            figures = {path: int(text.partition(refill)[2].split()[0]) for path, text in lines.items()}
            noise = max(figures.values()) - min(figures.values())
            self.assertGreater(noise, 0)
            for more, status in ((noise, 0), (3 * noise, 1)):
                for path, figure in figures.items():
                    path.write_text(lines[path].replace(refill + f"{figure} " * 2, refill + f"{figure + more} " * 2))
                got = run("compare.py", "--fail-above", "0", "--baseline", str(self.file), "--asked", "all",
                          *(f"{work}/{file}" for file in FILES[4:]))
                self.assertEqual(got.returncode, status, more)

    def test_a_median_of_requests_that_differ_is_told_no_better(self):
        wide = "path order-4 ok fast buddy 100 900 600 "
        for more, changed in ((0, False), (59, False), (61, True)):
            with self.subTest(more=more), tempfile.TemporaryDirectory() as work:
                with folder("compare") as here:
                    for file in FILES:
                        text = (here / "same" / file).read_text()
                        by = more if file.startswith("B") else 0
                        text = re.sub("path order-4 ok fast buddy 200 [0-9]+ [0-9]+ ",
                                      wide.replace("900", str(900 + by)).replace("600", str(600 + by)), text)
                        (Path(work) / file).write_text(text)
                got = run("compare.py", "--form", "json", *(f"{work}/{file}" for file in FILES))
                rows = [one for one in map(json.loads, got.stdout.decode().splitlines())
                        if one["type"] == "compare" and one.get("scenario") == "order-4"]
                self.assertEqual([one["changed"] for one in rows], [changed])
                self.assertEqual(rows[0]["noise_instructions"], 30)

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
        for text, said in (("", "no figures"), ("{", "line 1 is no object of gfplab/1: Expecting"),
                           ("[1]", "line 1 is no object"), ('{"format": "gfplab/1"}', "it has no 'type'")):
            self.file.write_text(text)
            got = self.against("same")
            self.assertEqual((got.returncode, len(got.stderr.splitlines())), (3, 1))
            self.assertIn(said, got.stderr.decode())
            self.assertNotIn("Error", got.stderr.decode())


class Seldom(unittest.TestCase):
    """A path that one kernel takes in one of two boots says nothing of the other kernel."""
    def compared(self, gone):
        """What is told, and what an A of them as a baseline makes of it, where these files lack a path."""
        way = "path slow ok slow refill "
        with tempfile.TemporaryDirectory() as work:
            for file in FILES:
                text = (Path(__file__).parent / "compare" / "same" / file).read_text()
                kept = [line for line in text.splitlines(True) if file[:2] not in gone or not line.startswith(way)]
                (Path(work) / file).write_text("".join(kept))
            names = [f"{work}/{file}" for file in FILES]
            baseline = Path(work) / "baseline.json"
            baseline.write_bytes(run("compare.py", "--form", "json", "--asked", "all", *names[:4]).stdout)
            for line in baseline.read_text().splitlines():
                validate(json.loads(line))
            told = [run("compare.py", *names), run("compare.py", "--baseline", str(baseline), "--asked", "all",
                                                   *names[4:])]
            changes = run("compare.py", "--form", "json", *names).stdout.decode().splitlines()
        for one in told:
            self.assertEqual((one.returncode, one.stderr), (0, b""))
        changed = [one["changed"] for one in map(json.loads, changes)
                   if one.get("scenario") == "slow" and one.get("source") == "refill"]
        return [one.stdout.decode() for one in told], changed

    def test_it_is_told_as_chance(self):
        for gone in (("A1", "A2", "B1"), ("A1", "A2", "B2"), ("B1", "B2", "A1"), ("B1", "B2", "A2")):
            told, changed = self.compared(gone)
            for text in told:
                self.assertIn("not told in 1 rows: only some boots of one of the kernels took it", text, gone)
                self.assertNotIn("by one of the kernels alone", text, gone)
            self.assertEqual(changed, [False], gone)

    def test_in_every_boot_it_is_a_change(self):
        for gone in (("A1", "A2"), ("B1", "B2")):
            told, changed = self.compared(gone)
            for text in told:
                self.assertIn("taken by one of the kernels alone in 1 rows", text, gone)
                self.assertNotIn("only some boots", text, gone)
            self.assertEqual(changed, [True], gone)


class Changes(unittest.TestCase):
    def test_words(self):
        for a, b, noise, words in (
                (100.0, 100.0, 0, ("+0.0", "0.0")), (100.0, 100.04, 0, ("+0.0", "0.0")),
                (100.0, 99.0, 0, ("-1.0", "-1.0")), (100.0, 99.5, 1, ("~", "~")),
                (100.0, 102.0, 1, ("~", "~")), (100.0, 103.0, 1, ("+3.0", "+3.0")), (None, 3.0, 1, ("-", "-")),
                (0.0, 3.0, 0, ("+3.0", "-"))):
            self.assertEqual(Change(a, b, noise).words(), words)

    def test_what_one_kernel_lacks_is_a_change(self):
        self.assertTrue(Change(None, 3.0, 4).counts())
        self.assertFalse(Change(None, None, 4).counts())

    def test_noise_is_that_of_the_kernel_that_has_more(self):
        change = Change.of(figure_of([10.0, 12.0]), figure_of([13.0, None, 20.0]))
        self.assertEqual((change.a, change.b, change.noise), (10.0, 13.0, 7.0))
        self.assertEqual(Change.of(None, figure_of([3.0])), Change(None, 3.0, 0))
        self.assertIsNone(figure_of([None]))

    def test_summary(self):
        self.assertEqual(way_words([Change(9, 9, 0)]), "the same in all 1 rows")
        self.assertEqual(way_words([Change(100, 110, 0), Change(100, 101, 0), Change(9, 9, 0)]),
                         "+1 to +10 instructions a request, at most +10.0 %, in 2 of 3 rows")
        self.assertEqual(way_words([Change(1000, 1012, 0), Change(3000, 3012, 8)]),
                         "+12 to +12 instructions a request, at most +1.2 %, in 1 of 2 rows; "
                         "not told in 1: there less than 17 instructions can't be seen")
        self.assertEqual(way_words([Change(9, 9, 0), Change(3000, 3012, 8)]),
                         "the same in 1 of 2 rows; not told in 1: there less than 17 instructions can't be seen")

    def test_summary_names_the_change_that_is_the_largest_either_way(self):
        self.assertIn("at most -50.0 %", way_words([Change(100, 50, 0), Change(100, 99, 0)]))
