# SPDX-License-Identifier: GPL-2.0
"""KTAP's lines."""
import unittest

from ktap import Plan, Result, plan_of, result_of, subtest_of


class Ktap(unittest.TestCase):
    def test_results(self):
        self.assertEqual(result_of("ok 3 B1 one"), Result(True, "B1 one", None))
        self.assertEqual(result_of("not ok 3 - two"), Result(False, "- two", None))
        self.assertEqual(result_of("ok 4"), Result(True, "", None))

    def test_skipped_results(self):
        skipped = result_of("ok 3 B1 one # SKIP no # SKIP node 1")
        self.assertEqual(skipped.skip, "node 1")
        self.assertEqual(result_of("ok 3 B1 # SKIP").skip, "")
        self.assertIsNone(result_of("not ok 3 B1 # SKIP no").skip)

    def test_what_is_no_result(self):
        for line in ("# ok 1", "okay", "not okay 1", " ok 1", "1..2"):
            self.assertIsNone(result_of(line), line)

    def test_plans(self):
        self.assertEqual(plan_of("1..25"), Plan(25, None))
        self.assertEqual(plan_of("1..0 # SKIP no CMA"), Plan(0, "no CMA"))
        self.assertIsNone(plan_of("1..2 # SKIP no CMA").skip)
        self.assertIsNone(plan_of("1.."))

    def test_subtests(self):
        self.assertEqual(subtest_of("# Subtest: machine numa"), "machine numa")
        self.assertIsNone(subtest_of("# subtest"))
