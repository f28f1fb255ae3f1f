# SPDX-License-Identifier: GPL-2.0
"""The report of scripts/coverage, of a program that has functions by the allocator's names."""
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from coverage import (ALLOCATOR, MODULE, RECLAIM, Count, Gap, Reason, Source, coverage_of,
                      total, why)
from tests import TESTS, run


def line(number, count, *branches, function="expand", throw=False):
    """As in gcov's JSON."""
    return {"line_number": number, "count": count, "function_name": function,
            "branches": [{"count": taken, "throw": throw} for taken in branches]}


def source(*lines):
    made = Source()
    made.add({"lines": lines, "functions": [
        {"name": "expand.constprop.0", "start_line": 3, "end_line": 5}]})
    return made


class Sources(unittest.TestCase):
    def test_union_of_runs(self):
        made = source(line(3, 1), line(4, 0, 0, 1), line(5, 0))
        made.add({"lines": [line(4, 2, 2, 0)], "functions": []})
        self.assertEqual(made.count(), Count(2, 3, 2, 2))
        self.assertEqual(made.missed("expand"), [5])

    def test_function_ends_where_gcov_says(self):
        made = source(line(2, 0), line(3, 1), line(5, 0), line(6, 0, 0))
        self.assertEqual(made.count(*made.functions["expand"]), Count(1, 2, 0, 0))
        self.assertEqual(made.missed("expand"), [5])
        self.assertEqual(made.missed("rmqueue"), [])

    def test_branches_never_taken(self):
        made = source(line(2, 1, 0), line(3, 1, 0, 0, 1), line(4, 0, 0), line(5, 1, 1))
        self.assertEqual(made.untaken("expand"), {3: 2, 4: 1})
        self.assertEqual(made.untaken("rmqueue"), {})

    def test_branches_of_copies_are_told_apart_and_exceptions_left_out(self):
        made = source(line(4, 1, 1), line(4, 1, 0, function="expand.part.0"),
                      line(5, 1, 1, throw=True))
        self.assertEqual(made.count(), Count(2, 2, 1, 2))

    def test_sums(self):
        self.assertEqual(total([Count(1, 2, 3, 4), Count(1, 1, 1, 1)]), Count(2, 3, 4, 5))
        self.assertEqual(total([]).percent("lines"), 100)


class Reasons(unittest.TestCase):
    def test_line_goes_before_function(self):
        reasons = [Reason("expand", "*", "any"), Reason("expand", "return", "this"),
                   Reason("rmqueue", "*", "other")]
        self.assertEqual(why("expand", "return 1;", False, reasons), "this")
        self.assertEqual(why("expand", "x = 1;", False, reasons), "any")
        self.assertIsNone(why("__rmqueue", "x = 1;", False, reasons))

    def test_branches_of_a_line_that_ran_want_a_reason_of_its_own(self):
        reasons = [Reason("expand", "*", "any"), Reason("expand", "return", "this")]
        self.assertEqual(why("expand", "return 1;", True, reasons), "this")
        self.assertIsNone(why("expand", "x = 1;", True, reasons))


class Floors(unittest.TestCase):
    def test_floors(self):
        coverage = coverage_of({})
        coverage.totals[ALLOCATOR] = Count(97, 100, 89, 100)
        coverage.totals[MODULE] = Count(90, 100, 0, 100)
        coverage.judge([])
        self.assertEqual(coverage.below_floors(), [
            "below the floor: mm/page_alloc.c: 89.0 % of the branches, the floor is 90"])
        coverage.totals[ALLOCATOR] = Count(96, 100, 90, 100)
        coverage.totals[MODULE] = Count(89, 100, 0, 100)
        coverage.judge([])
        self.assertEqual(len(coverage.below_floors()), 2)

    def test_what_has_a_reason_is_not_asked_for(self):
        coverage = coverage_of({})
        coverage.totals[ALLOCATOR] = Count(90, 100, 80, 100)
        gaps = [Gap(ALLOCATOR, at, "expand", "", False, 2, "a reason") for at in range(6)]
        gaps += [Gap(ALLOCATOR, 9, "expand", "", True, 3, "a reason"),
                 Gap(ALLOCATOR, 10, "expand", "", False, 5, None),
                 Gap(RECLAIM, 11, "shrink_node", "", False, 5, "a reason")]
        coverage.totals[RECLAIM] = Count(9, 10, 5, 10)
        coverage.judge(gaps)
        self.assertEqual(coverage.judged[ALLOCATOR], Count(90, 94, 80, 85))
        self.assertEqual(coverage.judged[RECLAIM], Count(9, 9, 5, 5))
        self.assertEqual(coverage.below_floors(), [
            "below the floor: mm/page_alloc.c: 95.7 % of the lines, the floor is 97"])

    def test_functions_that_are_absent(self):
        coverage = coverage_of({ALLOCATOR: source(line(3, 1))})
        self.assertIn("rmqueue                              not in this kernel", coverage.lines)
        self.assertEqual(coverage.totals[ALLOCATOR], Count(1, 1, 0, 0))


class Program(unittest.TestCase):
    """Compiled, run as on two machines, and reported."""

    @classmethod
    def setUpClass(cls):
        cls.work = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.tree, cls.runs = cls.work / "tree", cls.work / "runs"
        shutil.copytree(TESTS / "coverage", cls.tree)
        for name in ("mm/page_alloc", "module/job"):
            # The module is compiled by its absolute name.
            file = cls.tree / name if "job" in name else Path(name)
            cls.call("gcc", "--coverage", "-c", f"{file}.c", "-o", f"{file}.o")
        cls.call("gcc", "--coverage", "mm/page_alloc.o", "module/job.o", "-o", "program")
        for machine, argument in (("numa", "6"), ("fresh", "2")):
            cls.call("./program", argument)
            for data in cls.tree.rglob("*.gcda"):
                copy = cls.runs / machine / "gcov" / data.relative_to("/")
                copy.parent.mkdir(parents=True)
                data.rename(copy)

    @classmethod
    def call(cls, *words):
        subprocess.run(words, cwd=cls.tree, check=True)

    def report(self, *options, unreached="unreached", runs=None):
        return run("coverage.py", str(self.tree), str(self.tree / unreached),
                   str(runs or self.runs), *options)

    def test_report(self):
        got = self.report()
        self.assertEqual(got.stderr, b"")
        text = got.stdout.decode()
        for row in ("rmqueue                                  3/4      75.0%       1/4      25.0%",
                    "boost_watermark                          0/4       0.0%       0/2       0.0%",
                    "expand                                   5/6      83.3%       3/4      75.0%",
                    "= mm/page_alloc.c                        8/14     57.1%       4/10     40.0%",
                    "module/job.c                             4/4     100.0%       2/2     100.0%",
                    "rmqueue_bulk                         not in this kernel",
                    "boost_watermark: return 1;\n      never with an argument",
                    "boost_watermark: return 2;\n      watermarks are not boosted",
                    "rmqueue: return -1;\n      no reason is known",
                    "= mm/page_alloc.c                        8/10     80.0%       4/8      50.0%",
                    "rmqueue: if (fail && order) { [branches: 3]\n      no reason is known",
                    "\nwithout a reason: 2 lines and 4 branches\n",
                    "below the floor: mm/page_alloc.c: 80.0 % of the lines, the floor is 97"):
            self.assertIn(row, text)
        self.assertEqual(got.returncode, 1)

    def test_no_floor(self):
        got = self.report("--no-floor")
        self.assertEqual(got.returncode, 0)
        self.assertNotIn(b"below the floor", got.stdout)

    def test_what_cannot_be_read(self):
        for got, text in ((self.report(runs=self.tree), b"nothing was counted"),
                          (self.report(unreached="absent"), b"absent"),
                          (self.report(unreached="module/job.c"), b"job.c:1: not `function |")):
            self.assertIn(text, got.stderr)
            self.assertEqual(got.returncode, 3)
