# SPDX-License-Identifier: GPL-2.0
"""KTAP as verdicts and as JUnit XML."""
import json
import tempfile
import unittest
import xml.etree.ElementTree as xml
from pathlib import Path

import verdicts
from tests import folder, run
from tests.test_format import validate


def objects(got):
    found = [json.loads(line) for line in got.stdout.splitlines()]
    for one in found:
        validate(one)
    return found


class Verdicts(unittest.TestCase):
    def test_of_check(self):
        for name in ("repeat", "failfast", "early", "row"):
            with self.subTest(name=name), folder("check") as here:
                found = objects(run("verdicts.py", f"{name}.out"))
                said = (here / f"{name}.out").read_text(errors="replace").strip().rpartition("\n")[2]
                total = found[-1]
                self.assertEqual("{passed} passed, {failed} failed, {skipped} skipped".format(**total), said)
                self.assertEqual((total["kernel"], total["script"]), (None, None))

    def test_words_of_a_case(self):
        lines = ["1..2", "ok 1 Z1 a zone # SKIP no such zone", "not ok 2 Z2 <b> \"c\" \x1b & \udcff"]
        skipped, failed = verdicts.cases_of(lines, "6.1", "zones.sh")
        self.assertEqual((skipped["row"], skipped["case"], skipped["result"], skipped["reason"]),
                         ("Z1", "Z1 a zone", "skipped", "no such zone"))
        self.assertEqual(failed["case"], "Z2 <b> \"c\" \ufffd & \ufffd")
        self.assertIsNone(verdicts.case("6.1", "machine numa", "came to its end", "passed")["row"])
        self.assertEqual(verdicts.suite("6.1", None, [])["result"], "skipped")

    def test_of_one_script(self):
        with tempfile.TemporaryDirectory() as work:
            log = Path(work) / "log"
            log.write_text("TAP\n  1..1\n  ok 1 T1 x\n# torture: 5 operations\nok 1 fuzz.sh\n")
            got = objects(run("verdicts.py", "--kernel", "6.1", "--script", "fuzz", str(log)))
            bad = objects(run("verdicts.py", "--kernel", "6.1", "--script", "fuzz", "--failed", "see it", str(log)))
        self.assertEqual([one["of"] for one in got], ["case", "suite"])
        self.assertEqual((got[1]["figures"], got[1]["passed"]), (["5 operations"], 1))
        self.assertEqual((bad[1]["reason"], bad[2]["result"]), ("see it", "failed"))

    def test_junit(self):
        with folder("check"):
            found = objects(run("verdicts.py", "repeat.out"))
            root = xml.fromstring(run("verdicts.py", "--form", "junit", "repeat.out").stdout)
        self.assertEqual(len(root.findall(".//testcase")), sum(one["of"] == "case" for one in found))
        self.assertEqual(sum(int(one.get("failures")) for one in root), found[-1]["failed"])
        self.assertEqual(len(root.findall(".//failure")), found[-1]["failed"])
        self.assertEqual(len(root.findall(".//skipped")), found[-1]["skipped"])

    def test_what_is_not_there(self):
        self.assertEqual(run("verdicts.py", "/nowhere").returncode, 3)


class Matrix(unittest.TestCase):
    def made(self, form, name):
        with folder("matrix"):
            return run("matrix.py", "--kernels", "6.1 6.12 6.1-rt 6.12-rt", "--state", "v1-4-gdef/12345", "--form", form,
                       f"{name}.in")

    def test_objects_and_cells_add_up(self):
        for name, bad in (("good", False), ("mixed", True)):
            found = objects(self.made("json", name))
            suites = [one for one in found if one["of"] == "suite"]
            total = suites.pop()
            self.assertEqual(total["result"], "failed" if bad else "passed")
            for what in ("passed", "failed", "skipped"):
                self.assertEqual(sum(one[what] for one in suites), total[what], f"{name} {what}")
            cases = [one["result"] for one in found if one["of"] == "case"]
            self.assertEqual("failed" in cases, bad)
            if not bad:
                self.assertEqual(cases.count("passed"), total["passed"])
            rows = self.made("csv", name).stdout.decode().splitlines()
            self.assertEqual(rows[0], "theme,kernel,passed,failed,skipped")
            self.assertEqual(len(rows) - 1, len(suites))
