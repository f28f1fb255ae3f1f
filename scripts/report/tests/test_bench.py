# SPDX-License-Identifier: GPL-2.0
"""Tables of scripts/bench. *.raw are recorded, over.raw and slow-*.raw then changed."""
import json
import unittest

from tests import folder, run

GOOD = "6.1-1.raw", "6.1-2-scale.raw"


class Tables(unittest.TestCase):
    def expect(self, expected, status, *arguments):
        with folder("bench") as here:
            got = run("bench.py", *arguments)
            self.assertEqual(got.stderr, b"")
            self.assertEqual(got.stdout.decode(), (here / expected).read_text())
            self.assertEqual(got.returncode, status)
        return got.stdout

    def test_budgets_are_kept(self):
        self.expect("good.out", 0, *GOOD)

    def test_budgets_are_exceeded_or_unknown(self):
        self.expect("over.out", 1, "over.raw", "slow-2-scale.raw")

    def test_own_part_grows_with_workers(self):
        self.expect("slow.out", 1, "6.1-1.raw", "slow-2-scale.raw")

    def test_machine_that_said_nothing(self):
        self.expect("good.out", 0, "empty.raw", *GOOD)

    def test_real_time(self):
        self.expect("window.out", 0, "--window", "over.raw")

    def test_csv(self):
        self.expect("rows.csv", 0, "--form", "csv", "over.raw", "6.1-1.raw")

    def test_figures_of_real_time_are_nanoseconds(self):
        with folder("bench"):
            got = run("bench.py", "--form=json", "--window", "window.raw")
        row = json.loads(got.stdout)[0]
        self.assertEqual((row["figure"], row["min"], row["ratio"]), (2012.969, 890.254, 1))

    def test_json(self):
        rows = json.loads(self.expect("rows.json", 0, "--form=json", "over.raw", "6.1-1.raw"))
        self.assertEqual(rows[0]["figure"], 692.941)
        self.assertEqual(rows[2]["figure"], "-")
        self.assertEqual(rows[0]["kernel"], "6.1.0-56-cloud-amd64")

    def test_what_cannot_be_read(self):
        with folder("bench"):
            short, absent = run("bench.py", "short.raw"), run("bench.py", "absent.raw")
        self.assertIn(b"short.raw:1: not what bench.guest writes: row 1", short.stderr)
        self.assertIn(b"absent.raw", absent.stderr)
        self.assertEqual((short.returncode, absent.returncode), (3, 3))
