#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""matrix.py --kernels "KERNEL..." --state STATE [--form FORM] FILE   a table of scripts/check's reports

FILE has for each run:
    run KERNEL SHAPE SCRIPT...
its report, if there is one, followed by
    state COMMIT/SUM        of the checkout, when it was run; STATE is that of now
and, report or not,
    ended STATUS            check's exit status, or none
Cases are the lines of a report that are indented by four blanks. FORM is text, json (a verdict
for each case, and for each cell of the table) or csv (its cells). Exit status of text: 1 if
anything failed.
"""
from __future__ import annotations

import argparse
import csv
import io
import re
import sys
from dataclasses import dataclass, field
from typing import Iterable, Iterator, Optional

import schema
import verdicts
from common import give_up, read_lines, write_lines
from ktap import plan_of, result_of, subtest_of

CASE_INDENT = "    "
SUMMARY = re.compile(r"(\d+) passed, (\d+) failed, \d+ skipped")
MACHINES = "machines"   # the theme of what is asked of machines and runs, not of scripts


@dataclass
class Run:
    """A run, its report's lines, and how it ended."""
    kernel: str
    shape: str
    scripts: list[str]
    lines: list[str] = field(default_factory=list)
    state: Optional[str] = None
    status: str = "none"

    def summary(self) -> Optional[re.Match]:
        """The report's last line, which tells that it is whole."""
        matches = [match for match in map(SUMMARY.fullmatch, self.lines) if match]
        return matches[-1] if matches else None

    def unfinished(self, cases_failed: int) -> Optional[str]:
        """Why it counts for nothing: a report must be whole, and check have said the same."""
        if self.status == "none":
            return "it was not run to its end"
        summary = self.summary()
        if summary is None:
            return f"no complete report, exit status {self.status}"
        passed, failed = map(int, summary.groups())
        said = f"but its report says: {summary.group()}"
        if self.status != ("0" if passed and not failed else "1"):
            return f"exit status {self.status}, {said}"
        if cases_failed != failed or not passed:
            return f"of its cases {cases_failed} failed, {said}"
        return None


@dataclass
class Count:
    """Cases."""
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.passed + other.passed, self.failed + other.failed,
                     self.skipped + other.skipped)

    def __str__(self) -> str:
        if self == Count():
            return "-"
        return (str(self.passed) + (f" {self.failed}F" if self.failed else "") +
                (f" {self.skipped}s" if self.skipped else ""))


@dataclass
class Skips:
    """Cases of a script that were skipped for the same reason."""
    times: int = 0
    kernels: list[str] = field(default_factory=list)


@dataclass
class Table:
    """Cases by theme, which is a script, and kernel."""
    state: str
    themes: dict[str, dict[str, Count]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    skips: dict[str, Skips] = field(default_factory=dict)
    older: dict[str, list[str]] = field(default_factory=dict)

    def count(self, theme: str, kernel: str) -> Count:
        """A cell."""
        return self.themes.setdefault(theme, {}).setdefault(kernel, Count())

    def skip(self, theme: str, kernel: str, why: str) -> None:
        """A case, or a whole script."""
        self.count(theme, kernel).skipped += 1
        skips = self.skips.setdefault(f"{theme}: {why}", Skips())
        skips.times += 1
        if kernel not in skips.kernels:
            skips.kernels.append(kernel)

    def fail(self, theme: str, kernel: str, what: str) -> None:
        """A case, or a run."""
        self.count(theme, kernel).failed += 1
        self.failures.append(f"{kernel} {what}")

    def add(self, run: Run) -> None:
        """A run."""
        for script in run.scripts:
            self.themes.setdefault(script, {})
        failed = self.add_cases(run)
        if run.state is not None and sum_of(run.state) != sum_of(self.state):
            self.older.setdefault(run.state, []).append(f"{run.kernel} {run.shape}")
        why = run.unfinished(failed)
        if why:
            self.fail(MACHINES, run.kernel, f"{run.shape}: {why}")

    def add_cases(self, run: Run) -> int:
        """Cases of a run; returns how many failed."""
        theme = what = ""
        failed = 0
        for line in run.lines:
            if not line.startswith(CASE_INDENT):
                continue
            line = line.removeprefix(CASE_INDENT)
            name, plan, result = subtest_of(line), plan_of(line), result_of(line)
            if name:
                what = name
                theme = MACHINES if name.startswith("machine ") else name
                self.themes.setdefault(theme, {})
            elif plan and plan.skip is not None:
                self.skip(theme, run.kernel, plan.skip)
            elif result and not result.passed:
                failed += 1
                self.fail(theme, run.kernel, f"{what}: {result.name}")
            elif result and result.skip is not None:
                self.skip(theme, run.kernel, result.skip)
            elif result:
                self.count(theme, run.kernel).passed += 1
        return failed


def sum_of(state: str) -> str:
    """Of all files that matter. Another commit with the same files is no other state."""
    return state.rpartition("/")[2]


def runs_of(lines: Iterable[str]) -> list[Run]:
    """Reads FILE; a ValueError if it begins otherwise."""
    runs: list[Run] = []
    for line in lines:
        word, _, rest = line.partition(" ")
        if word == "run":
            kernel, shape, *scripts = rest.split()
            runs.append(Run(kernel, shape, scripts))
        elif not runs:
            raise ValueError(f"no run before: {line}")
        elif word == "state":
            runs[-1].state = rest
        elif word == "ended":
            runs[-1].status = rest
        else:
            runs[-1].lines.append(line)
    return runs


def lines_of(table: Table, kernels: list[str]) -> list[str]:
    """The table, what was skipped and what failed."""
    def line(head: str, cells: Iterable) -> str:
        return "%-16s" % head + "".join(" %18s" % cell for cell in cells)

    lines = [line("theme", kernels)]
    for theme, counts in table.themes.items():
        lines.append(line(theme.removesuffix(".sh"),
                          (counts.get(kernel, Count()) for kernel in kernels)))
    lines.append(line("all", (
        sum((counts.get(kernel, Count()) for counts in table.themes.values()), Count())
        for kernel in kernels)))
    if table.skips:
        lines += ["", "Skipped:"]
    lines += [f"  {reason} ({skips.times}; {' '.join(skips.kernels)})"
              for reason, skips in table.skips.items()]
    if table.failures:
        lines.append("")
    lines += [f"FAILED {failure}" for failure in table.failures]
    if table.older:
        lines += ["", f"WARNING: not all runs are of the checkout as it is now ({table.state}):"]
    lines += [f"WARNING: of {state}: {', '.join(runs)}" for state, runs in table.older.items()]
    return lines


def cells(table: Table, kernels: list[str]) -> Iterator[tuple[str, str, Count]]:
    """THEME KERNEL COUNT, but for those without a case."""
    for theme, counts in table.themes.items():
        for kernel in kernels:
            if counts.get(kernel, Count()) != Count():
                yield theme.removesuffix(".sh"), kernel, counts[kernel]


def objects_of(table: Table, runs: list[Run], kernels: list[str]) -> Iterator[dict]:
    """Cases, runs that count for nothing, the table's cells, and the sum."""
    cases = []
    for run in runs:
        own = [{**one, "kernel": run.kernel} for one in verdicts.report_of(run.lines)
               if one["of"] == "case"]
        cases += own
        why = run.unfinished(sum(one["result"] == "failed" for one in own))
        if why:
            cases.append(verdicts.case(run.kernel, f"{MACHINES} {run.shape}", "a whole report",
                                       "failed", why))
    yield from cases
    for theme, kernel, count in cells(table, kernels):
        yield suite_of(kernel, theme, count)
    yield suite_of(None, None, sum((count for _, _, count in cells(table, kernels)), Count()))


def suite_of(kernel: Optional[str], theme: Optional[str], count: Count) -> dict:
    """The sums of a cell, or of all."""
    result = "failed" if count.failed else "passed" if count.passed else "skipped"
    return schema.make("verdict", {"of": "suite", "kernel": kernel, "script": theme,
                                   "result": result, **vars(count)})


def csv_of(table: Table, kernels: list[str]) -> list[str]:
    """A cell a line."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(("theme", "kernel", *verdicts.RESULTS))
    rows.writerows((theme, kernel, count.passed, count.failed, count.skipped)
                   for theme, kernel, count in cells(table, kernels))
    return text.getvalue().splitlines()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kernels", required=True, metavar="'KERNEL...'")
    parser.add_argument("--state", required=True)
    parser.add_argument("--form", choices=("text", "json", "csv"), default="text")
    parser.add_argument("file")
    arguments = parser.parse_args()
    table = Table(arguments.state)
    try:
        runs = runs_of(read_lines(arguments.file))
        for run in runs:
            table.add(run)
    except (OSError, ValueError) as error:
        give_up(f"{arguments.file}: {error}")
    kernels = arguments.kernels.split()
    if arguments.form == "json":
        write_lines(map(schema.line_of, objects_of(table, runs, kernels)))
        return
    if arguments.form == "csv":
        write_lines(csv_of(table, kernels))
        return
    write_lines(lines_of(table, kernels))
    sys.exit(bool(table.failures))


if __name__ == "__main__":
    main()
