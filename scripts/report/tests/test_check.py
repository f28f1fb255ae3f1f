# SPDX-License-Identifier: GPL-2.0
"""The report of scripts/check. FILE.in is its input, FILE.out what is expected."""
import tempfile
import unittest
from pathlib import Path

from check import ending_of
from tests import folder, run


class Reports(unittest.TestCase):
    def expect(self, name, *options):
        with folder("check") as here:
            got = run("check.py", *options, f"{name}.in")
            self.assertEqual(got.stderr, b"")
            self.assertEqual(got.stdout, (here / f"{name}.out").read_bytes())

    def test_machine_that_ended_early(self):
        self.expect("early")

    def test_script_without_plan_and_machine_without_report(self):
        self.expect("noplan")

    def test_first_failure_ends_it_and_kernels_that_were_not_built(self):
        self.expect("failfast")

    def test_results_of_several_rounds_dirty_console_taint_and_lost_memory(self):
        self.expect("repeat")

    def test_scripts_without_the_row_are_left_out_unless_they_failed(self):
        self.expect("row", "--row")

    def test_bytes_that_are_no_text(self):
        line = b"  ok 1 B1 \xff\xe9 \xc2\x85 x\x0cy\x1c z\r\n"
        with tempfile.TemporaryDirectory() as work:
            source, log = Path(work) / "in", Path(work) / "log"
            log.write_bytes(b"  1..1\n" + line + b"ok 1 b.sh\nRESULT taint=0..0 used_kb=1..1\n")
            source.write_bytes(b"kernel 6.1\nmachine numa\nscript b.sh\nsaid vm: \xff\n"
                               b"ended 2 %s\n" % bytes(log))
            got = run("check.py", str(source))
        self.assertIn(b"\n  " + line, got.stdout)
        self.assertIn(b"\n    not ok 2 console clean: \xff\n", got.stdout)

    def test_folder_with_blanks(self):
        self.expect("blank")

    def test_input_that_cannot_be_read(self):
        self.assertIn(b"nowhere.in", run("check.py", "nowhere.in").stderr)
        self.assertEqual(run("check.py", "nowhere.in").returncode, 3)
        with folder("check"):
            got = run("check.py", "disorder.in")
        self.assertIn(b"disorder.in:2: out of place: script buddy.sh", got.stderr)
        self.assertEqual(got.returncode, 3)
        self.assertEqual(run("check.py").returncode, 2)


class Endings(unittest.TestCase):
    def test_taints(self):
        for taint, expected in (("0..274432", False), ("0..12800", True), ("512..12800", False),
                                ("0..1", True), ("0..", False)):
            ending = ending_of(f"RESULT passed=1 taint={taint} used_kb=1..2")
            self.assertEqual(ending.tainted(), expected, taint)

    def test_lost_memory(self):
        self.assertEqual(ending_of("RESULT used_kb=100..150").lost_kb(), 50)

    def test_other_lines(self):
        self.assertIsNone(ending_of("# RESULT taint=0..1"))
        self.assertFalse(ending_of("RESULT used_kb=1..16385").leaks())
        self.assertTrue(ending_of("RESULT used_kb=1..16386").leaks())
        self.assertFalse(ending_of("RESULT used_kb=1..16386 cpus=2").leaks())
        self.assertFalse(ending_of("RESULT used_kb=100028..136140 cpus=64").leaks())
        self.assertTrue(ending_of("RESULT used_kb=0..49153 cpus=64").leaks())
