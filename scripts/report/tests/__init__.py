# SPDX-License-Identifier: GPL-2.0
"""Tests of the reports: python3 -m unittest discover -s scripts/report/tests -t scripts/report

Inputs are recorded or damaged by hand; what is expected lies beside them.
"""
from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Iterator

TESTS = Path(__file__).parent
REPORTS = TESTS.parent


@contextlib.contextmanager
def folder(name: str) -> Iterator[Path]:
    """A folder of inputs, as the working directory."""
    before = os.getcwd()
    os.chdir(TESTS / name)
    try:
        yield Path()
    finally:
        os.chdir(before)


def run(report: str, *arguments: str) -> subprocess.CompletedProcess:
    """A report as the scripts call it."""
    return subprocess.run([sys.executable, "-B", str(REPORTS / report), *arguments],
                          capture_output=True, check=False)
