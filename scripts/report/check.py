#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""check.py [--row] FILE   one KTAP report of what several machines said

FILE tells which kernels, machines and scripts there were, and where each machine's own KTAP
(selftests/run) is:
    kernel NAME
    error TEXT              nothing was run on it
    machine SHAPE
    script NAME             one for each, in their order
    said TEXT               the last words of scripts/vm
    ended STATUS KTAP       or: ended none
What a machine owes and did not deliver becomes a failed case. Each machine adds cases of its
own: that it came to its end, kept its console clean, was not tainted, and has its memory back.
--row: scripts that have no case of the rows asked for are left out.
"""
from __future__ import annotations

import argparse
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Iterator, Optional

from common import give_up, read_lines, write_lines
from ktap import Plan, Result, plan_of, result_of, subtest_of

# What a kernel keeps for itself while the tests run: slab caches, and the ring buffers of traces.
MOST_LOST_KB = 16384
MOST_LOST_CPU_KB = 512      # and so much for each CPU, which has slabs of its own: 64 of them took 21 to 36 MB
# Taints that every run has: an out-of-tree (O), unsigned (E) module, in a kernel that runs
# selftests (N).
EXPECTED_TAINTS = {12, 13, 18}
# Exit statuses of scripts/vm with which the script on the machine came to its end: it passed,
# failed, skipped all (4), or the console was not clean.
ENDED, DIRTY_CONSOLE = {0, 1, 2, 4}, 2
NO_CASE = "no case matches"


@dataclass
class Machine:
    """A machine of a kernel, as FILE describes it. Without a log it was not started."""
    shape: str
    scripts: list[str] = field(default_factory=list)
    said: str = ""
    status: str = ""
    log: Optional[str] = None


@dataclass
class Kernel:
    """A kernel of FILE: its machines, or why it has none."""
    name: str
    errors: list[str] = field(default_factory=list)
    machines: list[Machine] = field(default_factory=list)


@dataclass(frozen=True)
class Ending:
    """Line `RESULT taint=BEFORE..AFTER used_kb=BEFORE..AFTER cpus=N` of a machine."""
    taint: str
    used_kb: str
    cpus: int

    def lost_kb(self) -> int:
        """By how much more memory is in use than before."""
        before, after = before_and_after(self.used_kb)
        return after - before

    def leaks(self) -> bool:
        """Whether that is more than the kernel keeps for itself."""
        return self.lost_kb() > MOST_LOST_KB + MOST_LOST_CPU_KB * self.cpus

    def tainted(self) -> bool:
        """Whether a bit was set meanwhile, other than the expected ones."""
        before, after = before_and_after(self.taint)
        fresh = after & ~before
        for bit in EXPECTED_TAINTS:
            fresh &= ~(1 << bit)
        return fresh != 0


def before_and_after(text: str) -> tuple[int, int]:
    """BEFORE..AFTER; 0 where a number is absent."""
    before, _, after = text.partition("..")
    return int(before or 0), int(after or 0)


def ending_of(line: str) -> Optional[Ending]:
    """The line that selftests/run prints last."""
    if not line.startswith("RESULT "):
        return None
    found = {}
    for key in ("taint", "used_kb"):
        match = re.search(key + r"=(\d*\.\.\d*)", line)
        found[key] = match.group(1) if match else ""
    cpus = re.search(r"cpus=(\d+)", line)
    return Ending(cpus=int(cpus.group(1)) if cpus else 0, **found)


@dataclass
class Block:
    """A script's cases, or those of a machine itself."""
    name: str
    lines: list[str] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    plan: Optional[Plan] = None

    def why_skipped(self) -> Optional[str]:
        """Why the script skipped all of its cases, if it did."""
        return self.plan.skip if self.plan and not self.failed() else None

    def failed(self) -> bool:
        """Whether a case failed."""
        return any(not result.passed for result in self.results)

    def take(self, line: str) -> None:
        """A line of the script's own report."""
        if line.startswith("KTAP version") or subtest_of(line) is not None:
            return
        plan = plan_of(line)
        if plan and (self.plan is None or plan.skip is not None):
            self.plan = plan
        result = result_of(line)
        if result:
            self.results.append(result)
        told = result or plan or line.startswith(("#", "1.."))
        self.lines.append(line if told else "# " + line)

    def announce(self, count: int) -> None:
        """The plan, where the script had none."""
        self.take(f"1..{count}")

    def add(self, passed: bool, name: str) -> None:
        """A case of ours."""
        verdict = "ok" if passed else "not ok"
        self.take(f"{verdict} {len(self.results) + 1} {name}")

    def close(self, why: str) -> None:
        """Fails what the script owes: it was cut off."""
        if self.plan is None:
            self.announce(len(self.results) + 1)
        owed = max(len(self.results) + 1, self.plan.count if self.plan else 0)
        while len(self.results) < owed:
            self.add(False, why)


@dataclass
class Report:
    """The lines of the report, and its sums."""
    lines: list[str] = field(default_factory=list)
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    failures: list[str] = field(default_factory=list)

    def count(self, kernel: str, block: Block) -> None:
        """Adds up a block's cases. Failures that are told the same are told once."""
        self.skipped += block.why_skipped() is not None
        for result in block.results:
            if not result.passed:
                self.failed += 1
                failure = f"{kernel}: {block.name}: {result.name}"
                if self.failures[-1:] != [failure]:
                    self.failures.append(failure)
            elif result.skip is not None:
                self.skipped += 1
            else:
                self.passed += 1

    def add(self, number: int, kernel: str, blocks: list[Block]) -> None:
        """A kernel."""
        self.lines += ["  KTAP version 1", f"  # Subtest: {kernel}", f"  1..{len(blocks)}"]
        for at, block in enumerate(blocks, 1):
            self.count(kernel, block)
            self.lines += ["    KTAP version 1", f"    # Subtest: {block.name}"]
            self.lines += ["    " + line for line in block.lines]
            self.lines.append("  " + verdict_line(not block.failed(), at, block.name) +
                              (" # SKIP" if block.why_skipped() is not None else ""))
        good = not any(block.failed() for block in blocks)
        self.lines.append(verdict_line(good, number, kernel))


def verdict_line(good: bool, number: int, name: str) -> str:
    """A result line."""
    return f"{'ok' if good else 'not ok'} {number} {name}"


def take(kernels: list[Kernel], line: str) -> None:
    """A line of FILE; an IndexError or ValueError if it is out of place."""
    word, _, rest = line.partition(" ")
    if word == "kernel":
        kernels.append(Kernel(rest))
    elif word == "error":
        kernels[-1].errors.append(rest)
    elif word == "machine":
        kernels[-1].machines.append(Machine(rest))
    elif word == "script":
        kernels[-1].machines[-1].scripts.append(rest)
    elif word == "said":
        kernels[-1].machines[-1].said = rest.removeprefix("vm: ")
    elif word == "ended" and rest != "none":
        machine = kernels[-1].machines[-1]
        machine.status, machine.log = rest.split(" ", 1)


def kernels_of(path: str) -> list[Kernel]:
    """Reads FILE."""
    kernels: list[Kernel] = []
    for number, line in enumerate(read_lines(path), 1):
        try:
            take(kernels, line)
        except (IndexError, ValueError):
            give_up(f"{path}:{number}: out of place: {line}")
    return kernels


def unprepared(why: str) -> Block:
    """Instead of a kernel on which nothing could be run."""
    block = Block("preparation")
    block.announce(1)
    block.add(False, why)
    return block


def left_out(script: str) -> Block:
    """Instead of a script that was not started."""
    block = Block(script)
    block.take("1..0 # SKIP not run after a failure")
    return block


def missing(script: str, said: str) -> Block:
    """Instead of a script of which the machine said nothing."""
    block = Block(script)
    block.announce(1)
    block.add(False, f"no result: {said}")
    return block


def script_blocks(machine: Machine, lines: list[str]) -> Iterator[Block]:
    """What each script of a machine said."""
    scripts = iter(machine.scripts)
    block = None
    for line in lines:
        if line.startswith("  "):
            block = block or Block(next(scripts, "unknown"))
            block.take(line[2:])
        elif block and result_of(line):
            yield block
            block = None
        elif block and not ending_of(line):
            block.lines.append("# " + line)
    if block:
        block.close(f"no result: {machine.said}")
        yield block
    for script in scripts:
        yield missing(script, machine.said)


def machine_block(machine: Machine, ending: Optional[Ending]) -> Block:
    """What is asked of the machine itself."""
    block = Block(f"machine {machine.shape}")
    block.announce(4)
    if ending and machine.status in map(str, ENDED):
        block.add(True, "came to its end")
    else:
        block.add(False, f"came to its end: {machine.said or 'the runner gave up'}")
    unknown = "" if ending else " # SKIP the machine did not end"
    if machine.status == str(DIRTY_CONSOLE):
        block.add(False, f"console clean: {machine.said}")
    else:
        block.add(True, "console clean" + unknown)
    if not ending:
        block.add(True, "no taint but O, E and N" + unknown)
        block.add(True, "memory is back" + unknown)
        return block
    tainted = ending.tainted()
    block.add(not tainted, "no taint but O, E and N" + (f": {ending.taint}" if tainted else ""))
    block.lines.append(f"# KiB in use before and after: {ending.used_kb}")
    block.add(not ending.leaks(), "memory is back")
    return block


def machine_blocks(machine: Machine, row: bool) -> Iterator[Block]:
    """All blocks of a machine. With `row`, none of a script that has no such case."""
    if machine.log is None:
        yield from map(left_out, machine.scripts)
        return
    lines = read_lines(machine.log) if Path(machine.log).exists() else []
    for block in script_blocks(machine, lines):
        if not row or NO_CASE not in (block.why_skipped() or ""):
            yield block
    endings = [ending for ending in map(ending_of, lines) if ending]
    yield machine_block(machine, endings[-1] if endings else None)


def report_of(kernels: list[Kernel], row: bool) -> Report:
    """Kernels, scripts, cases."""
    report = Report(["KTAP version 1", f"1..{len(kernels)}"])
    for number, kernel in enumerate(kernels, 1):
        blocks = [unprepared(why) for why in kernel.errors]
        for machine in kernel.machines:
            blocks += machine_blocks(machine, row)
        report.add(number, kernel.name, blocks)
    report.lines += [f"# failed: {failure}" for failure in report.failures]
    report.lines.append(
        f"{report.passed} passed, {report.failed} failed, {report.skipped} skipped")
    return report


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--row", action="store_true")
    parser.add_argument("file")
    arguments = parser.parse_args()
    try:
        kernels = kernels_of(arguments.file)
    except OSError as error:
        give_up(str(error))
    write_lines(report_of(kernels, arguments.row).lines)


if __name__ == "__main__":
    main()
