# SPDX-License-Identifier: GPL-2.0
"""scripts/watch: of watch/, a machine that was made up, and of the one that this runs on."""
import json
import os
import pty
import re
import signal
import subprocess
import time
import unittest

from tests import REPORTS, TESTS
from tests.test_format import validate

WATCH = REPORTS.parent / "watch"
HERE = TESTS / "watch"


def watch(*arguments):
    """What it prints."""
    return subprocess.run([str(WATCH), *arguments], check=True, capture_output=True, encoding="utf-8").stdout


def on_a_terminal(seconds):
    """What it sends to a terminal until it is interrupted, and its status."""
    child, terminal = pty.fork()
    if child == 0:
        # A shell's job in the background ignores it, and so would all that it starts.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.execv(str(WATCH), [str(WATCH), "--interval", "1"])
    sent, end = b"", time.monotonic() + 60
    while time.monotonic() < end and sent.count(b"\033[H") < seconds:
        sent += os.read(terminal, 65536)
    os.kill(child, signal.SIGINT)
    try:
        while more := os.read(terminal, 65536):
            sent += more
    except OSError:
        pass
    return sent.decode(), os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


class Once(unittest.TestCase):
    def test_text(self):
        lines = watch("--from", str(HERE)).splitlines()
        zones = [line.split() for line in lines if re.match(r"n\d ", line)][:3]
        self.assertEqual([zone[:6] for zone in zones],
                         [["n0", "DMA", "14.9M", "760K", "948K", "1136K"],
                          ["n0", "DMA32", "19.5M", "14.6M", "18.3M", "21.9M"],
                          ["n1", "Normal", "15.6M", "16.7M", "20.8M", "25.0M"]])
        self.assertEqual([" ".join(zone[7:]) for zone in zones], ["fine", "below high", "below min"])
        self.assertIn("n0  DMA32      120  2345 12345  123K  2322  1320   600   201    75   373  1166", lines)
        self.assertTrue(any(line.split() == ["default", "running", "2500/10000", "25%", "500", "15", "s", "2048K"]
                            for line in lines), lines)
        self.assertIn("   stages fast 2400 slow 90 reclaim 10; 1 inside a request", lines)
        self.assertIn("1 job that never ran", lines)
        self.assertFalse([line for line in lines if "\033" in line or len(line) > 80])

    def test_object(self):
        one, = map(json.loads, watch("--from", str(HERE), "--json").splitlines())
        validate(one)
        self.assertEqual([(zone["node"], zone["zone"], zone["free"], zone["min"]) for zone in one["zones"]],
                         [(0, "DMA", 3808, 190), (0, "DMA32", 5000, 3744), (1, "Normal", 4000, 4269)])
        self.assertEqual(one["zones"][1]["blocks"][3], 123456)
        job, idle = one["jobs"]
        self.assertEqual((job["job"], job["requests_per_second"], job["left_s"], job["stages"]),
                         ("default", 500, 15, {"fast": 2400, "slow": 90, "reclaim": 10}))
        self.assertEqual((idle["requests_per_second"], idle["left_s"], idle["stages"]), (None, None, {}))

    def test_here(self):
        for line in watch("--once", "--json").splitlines():
            validate(json.loads(line))


class Terminal(unittest.TestCase):
    def test_is_redrawn_in_place(self):
        sent, status = on_a_terminal(3)
        self.assertEqual(status, 130)
        self.assertEqual(sent.count("\033[2J"), 1)
        self.assertGreaterEqual(sent.count("\033[H"), 3)
        self.assertIn("\033[?25l", sent)
        self.assertTrue(sent.rstrip().endswith("\033[?25h\033[m"), repr(sent[-40:]))
        plain = re.sub(r"\033\[[?0-9;]*[A-Za-z]", "", sent)
        self.assertLessEqual(max(map(len, plain.splitlines())), 80)


if __name__ == "__main__":
    unittest.main()
