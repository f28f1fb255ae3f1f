# SPDX-License-Identifier: GPL-2.0
"""The table of scripts/matrix. *.in are made of reports of scripts/check, some damaged."""
import unittest

from matrix import Count, Run
from tests import folder, run

KERNELS = "6.1 6.12 6.1-rt 6.12-rt"


def table(*arguments):
    return run("matrix.py", "--kernels", KERNELS, "--state", "v1-4-gdef/12345", *arguments)


class Tables(unittest.TestCase):
    def expect(self, name, status):
        with folder("matrix") as here:
            got = table(f"{name}.in")
            self.assertEqual(got.stderr, b"")
            self.assertEqual(got.stdout.decode(), (here / f"{name}.out").read_text())
            self.assertEqual(got.returncode, status)

    def test_all_passed(self):
        self.expect("good", 0)

    def test_failures_skips_damaged_reports_and_older_states(self):
        self.expect("mixed", 1)

    def test_what_is_no_input(self):
        with folder("matrix"):
            got = table("good.out")
        self.assertIn(b"good.out: no run before: theme", got.stderr)
        self.assertEqual(got.returncode, 3)
        self.assertEqual(table("absent").returncode, 3)
        self.assertEqual(run("matrix.py").returncode, 2)


class Parts(unittest.TestCase):
    def test_cells(self):
        self.assertEqual(str(Count()), "-")
        self.assertEqual(str(Count(0, 0, 2)), "0 2s")
        self.assertEqual(str(Count(3, 1) + Count(1, 0, 2)), "4 1F 2s")

    def test_run_is_what_report_and_status_agree_on(self):
        whole = "3 passed, 1 failed, 0 skipped"
        self.assertIsNone(Run("k", "s", [], [whole], None, "1").unfinished(1))
        self.assertIn("exit status 0", Run("k", "s", [], [whole], None, "0").unfinished(1))
        self.assertIn("cases 2 failed", Run("k", "s", [], [whole], None, "1").unfinished(2))
        self.assertIn("no complete", Run("k", "s", [], [whole + "."], None, "1").unfinished(1))
        self.assertIn("not run", Run("k", "s", [], [whole]).unfinished(1))
