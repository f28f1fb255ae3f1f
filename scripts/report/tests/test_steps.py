# SPDX-License-Identifier: GPL-2.0
"""How far a command is, and when it will be over: the line of scripts/lib, on a terminal and without one."""
import os
import pty
import re
import shutil
import subprocess
import unittest

from tests import REPORTS

LIB = REPORTS.parent
COUNT = '''. "$(dirname "$0")/lib"
temporary
steps_begin "$work/steps" 8 machines
steps 0
sed -i "s/^8 [0-9]*/8 $(($(date +%s) - 60))/" "$work/steps"
steps 2
say "6.1: one failed"
(GFPLAB_STEPS="outer $work/steps"; steps 5)
steps
steps_line
'''


def told(shell, terminal):
    """What it says: to standard error, or to a terminal."""
    words = [*shell, "-euc", COUNT, str(LIB / "zz")]
    if not terminal:
        got = subprocess.run(words, check=True, capture_output=True, encoding="utf-8")
        return got.stdout, got.stderr
    child, side = pty.fork()
    if child == 0:
        os.execvp(words[0], words)
    said = b""
    try:
        while more := os.read(side, 65536):
            said += more
    except OSError:
        pass
    os.waitpid(child, 0)
    return said.decode(), ""


SHELLS = [shell for shell in (["dash"], ["busybox", "sh"]) if shutil.which(shell[0])]


class Line(unittest.TestCase):
    def test_on_a_terminal_is_written_over(self):
        for shell in SHELLS:
            with self.subTest(shell=shell):
                said, _ = told(shell, True)
                lines = [part.rstrip("\r\n") for part in said.split("\r\033[K")]
                self.assertEqual(lines[1], "zz: 0/8 machines, 0 s")
                self.assertRegex(lines[2], r"^zz: 2/8 machines, 6\d s, about 3 min to go$")
                self.assertEqual(lines[3], "zz: 6.1: one failed")
                # What another command counts is not this one's.
                self.assertRegex(lines[4], r"^zz: 3/8 machines, 6\d s, about \d+ (s|min) to go")
                self.assertEqual(lines[-1], "")

    def test_without_one_there_is_none(self):
        for shell in SHELLS:
            with self.subTest(shell=shell):
                out, err = told(shell, False)
                self.assertEqual(err, "zz: 6.1: one failed\n")
                self.assertTrue(re.match(r"zz: 3/8 machines, \d+ s, about", out), out)


if __name__ == "__main__":
    unittest.main()
