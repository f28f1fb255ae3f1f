# SPDX-License-Identifier: GPL-2.0
"""Tables of scripts/bench. *.raw are recorded, over.raw and slow-*.raw then changed."""
import json
import tempfile
import unittest
from pathlib import Path

from tests import folder, run
from tests.test_format import validate

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

    def test_each_budget_can_be_exceeded(self):
        """Each figure that has one, a hundred times as great, alone: its line says so, and the exit status."""
        with folder("bench") as here, tempfile.TemporaryDirectory() as work:
            lines = (here / GOOD[0]).read_text().splitlines()
            checked = next(line for line in lines if line.startswith("row 1 alloc_pages 0 none basic"))
            lines.insert(lines.index(checked) + 1, checked.replace("alloc_pages 0", "alloc_pages 3"))
            file = Path(work) / GOOD[0]
            file.write_text("\n".join(lines) + "\n")
            self.assertEqual(run("bench.py", str(file)).returncode, 0)
            for at, line in enumerate(lines):
                words = line.split()
                place = {"row": 7, "call": 3, "memory": 2, "idle": 2}.get(words[0])
                if place is None or "bare" in words or words[1] in ("not-loaded", "unloaded", "10000"):
                    continue
                words[place:] = [str(int(word) * 100) if word.isdigit() else word for word in words[place:]]
                file.write_text("\n".join([*lines[:at], " ".join(words), *lines[at + 1:]]) + "\n")
                with self.subTest(line=line):
                    got = run("bench.py", str(file))
                    self.assertIn(b"EXCEEDED", got.stdout)
                    self.assertEqual(got.returncode, 1)

    def test_own_part_grows_with_workers(self):
        self.expect("slow.out", 1, "6.1-1.raw", "slow-2-scale.raw")

    def test_machine_that_said_nothing(self):
        self.expect("good.out", 0, "empty.raw", *GOOD)

    def test_real_time(self):
        self.expect("window.out", 0, "--window", "over.raw")

    def test_csv(self):
        self.expect("rows.csv", 0, "--form", "csv", "over.raw", "6.1-1.raw")

    def test_figures_of_real_time_are_nanoseconds(self):
        with folder("bench") as here, tempfile.TemporaryDirectory() as work:
            file = Path(work) / "window.raw"
            file.write_text((here / "window.raw").read_text().replace(
                "no:_the_workers_did_not_overlap", "yes", 1))
            got = run("bench.py", "--form=json", "--window", str(file))
        rows = [json.loads(line) for line in got.stdout.splitlines()]
        valid = [row for row in rows if row.get("valid")]
        self.assertEqual((valid[0]["unit"], valid[0]["figure"], valid[0]["min"], valid[0]["ratio"]),
                         ("ns", 2012.969, 890.254, 1))
        disturbed = [row for row in rows if row.get("valid") is False]
        self.assertTrue(all(row["figure"] is None and row["invalid"] for row in disturbed))
        for row in rows:
            validate(row)

    def test_time_of_an_emulated_processor_means_nothing(self):
        with folder("bench") as here, tempfile.TemporaryDirectory() as work:
            file = Path(work) / "window.raw"
            file.write_text("env cpu QEMU TCG CPU version 2.5+\n" + (here / "window.raw").read_text())
            text, objects = run("bench.py", "--window", str(file)), run("bench.py", "--window", "--form=json", str(file))
        self.assertIn(b"invalid: an emulated processor", text.stdout)
        self.assertFalse(any(json.loads(line).get("valid") for line in objects.stdout.splitlines()))

    def test_json(self):
        lines = self.expect("rows.json", 0, "--form=json", "over.raw", "6.1-1.raw").splitlines()
        found = [json.loads(line) for line in lines]
        for one in found:
            validate(one)
        self.assertEqual(found[0]["type"], "environment")
        rows = [one for one in found if one["type"] == "bench"]
        self.assertEqual((rows[0]["figure"], rows[0]["valid"], rows[0]["unit"]), (692.941, None, "instructions"))
        self.assertEqual(rows[2]["figure"], None)
        self.assertEqual(rows[0]["kernel"], "6.1.0-56-cloud-amd64")
        self.assertIn("failed", [one["result"] for one in found if one["type"] == "verdict"])

    def test_what_cannot_be_read(self):
        with folder("bench"):
            short, absent = run("bench.py", "short.raw"), run("bench.py", "absent.raw")
        self.assertIn(b"short.raw:1: not what bench.guest writes: row 1", short.stderr)
        self.assertIn(b"absent.raw", absent.stderr)
        self.assertEqual((short.returncode, absent.returncode), (3, 3))
