# SPDX-License-Identifier: GPL-2.0
"""KTAP's lines, as the selftests and scripts/check write them. Indentation is the caller's."""
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Optional

RESULT = re.compile(r"(not )?ok +(\d*) *(.*)", re.DOTALL)
PLAN = re.compile(r"1\.\.(\d+)(?: # SKIP *(.*))?", re.DOTALL)
SUBTEST = re.compile(r"# Subtest: (.*)", re.DOTALL)
SKIP = "# SKIP"


@dataclass(frozen=True)
class Result:
    """`[not ]ok NUMBER NAME [# SKIP REASON]`; `name` has the directive, `skip` the reason."""
    passed: bool
    name: str
    skip: Optional[str]


@dataclass(frozen=True)
class Plan:
    """`1..COUNT`, or `1..0 # SKIP REASON`."""
    count: int
    skip: Optional[str]


def result_of(line: str) -> Optional[Result]:
    """The result that a line tells, if it tells one."""
    match = RESULT.match(line)
    if not match:
        return None
    failed, _, name = match.groups()
    skip = None
    if not failed and SKIP in name:
        skip = name.rpartition(SKIP)[2].lstrip(" ")
    return Result(not failed, name, skip)


def plan_of(line: str) -> Optional[Plan]:
    """The plan that a line tells, if it tells one."""
    match = PLAN.match(line)
    if not match:
        return None
    count, skip = match.groups()
    return Plan(int(count), skip if int(count) == 0 else None)


def subtest_of(line: str) -> Optional[str]:
    """The name after `# Subtest:`."""
    match = SUBTEST.match(line)
    return match and match.group(1)
