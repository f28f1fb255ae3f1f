#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""reproduce.py DIR KERNEL...   what kernels made of a report's request

DIR has the report's state text and number (state, number), and of each kernel what its machine said (KERNEL.out,
by scripts/guest/reproduce) and what `why` makes of the kernel's own report (KERNEL.json). Exit status: 1 if one
gave no answer.
"""
from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path

from common import read_lines
from machine import Report, read_report, words_of


@dataclass
class Row:
    """A line of the table: what became of the request, and what the report's zone came to."""
    kernel: str
    result: str = "-"
    stage: str = "-"
    check: str = "-"
    zone: str = "-"
    short_by: str = "-"
    note: str = ""

    def judge(self, answer: dict, zone: str) -> None:
        """By an answer of `why`, of the zone that the report is about."""
        for found in answer["zones"]:
            if f"{found['node'] - 1}:{found['zone']}" == zone:
                self.zone, self.check, self.short_by = zone, found["verdict"], str(found["short_by"])


def row_of_report(report: Report) -> Row:
    """The report itself."""
    key = report.request.get("zone")
    zone = next((zone for zone in report.zones if zone.key == key), None)
    row = Row("the report", "oom" if report.request["kind"] == "oom" else "failed")
    if zone:
        row.zone, row.check, row.short_by = zone.key, zone.verdict, zone.short_by
    return row


def row_of_kernel(out: Path, kernel: str, zone: str) -> Row:
    """What one kernel made of the request, and of a zone, which is named as the machine's are."""
    row = Row(kernel)
    notes = []
    lines = read_lines(out / f"{kernel}.out")
    said = {key: [line[len(key) + 1:] for line in lines if line.startswith(key + " ")]
            for key in ("record", "refused", "state", "aborted")}
    answers = [json.loads(line) for line in read_lines(out / f"{kernel}.json") if line]
    record = words_of(said["record"][-1]) if said["record"] else {}
    row.result, row.stage = record.get("result", "-"), record.get("stage", "-")
    inexact = [line.split()[0] for line in said["state"] if not line.endswith("exact=1")]
    if inexact:
        notes.append(f"the state of {', '.join(inexact)} was not reached")
    # The first: those behind it are other tasks', once there is no memory left.
    oom = next((answer for answer in answers if answer["kind"] == "oom"), None)
    if said["refused"]:
        notes.append("refused: " + said["refused"][0])
    elif said["aborted"] == ["timeout"] and not record:
        notes.append("its time was over before the memory state was reached")
    elif said["aborted"] == ["timeout"] and not oom and record.get("victim", "none") == "none":
        row.result = "never"
        notes.append(f"still tried after {int(record['latency_ns']) // 10**9} s, {record['attempts']} attempts: "
                     "no failure, no kill; then the memory state was undone")
    elif oom:
        row.judge(oom, zone)
        row.stage = "oom"
        row.result = "oom" if row.result in ("-", "failed") else "ok, a task killed for it"
    elif row.result == "ok":
        row.zone = f"{int(record['page_nid']) - 1}:{record['zone']}"
        notes.append(why_not(record))
    elif answers:
        row.judge(answers[-1], zone)
    elif record:
        notes.append("the kernel printed no report")
    else:
        notes.append("the machine gave no answer")
    row.note = "; ".join(notes)
    return row


def why_not(record: dict[str, str]) -> str:
    """In words, why a request did not fail."""
    if record["reserve"] not in ("none", "unknown"):
        return f"it took the reserve for it: {record['reserve']}, {record['alloc_flags_names']}"
    if record["stage"] == "compact":
        return "compaction made a block"
    if record["stage"] in ("reclaim", "oom"):
        return f"memory came back at stage {record['stage']}"
    return f"{record['source']}, {record['attempts']} attempts: {record['alloc_flags_names']}"


def table(out: Path, kernels: list[str]) -> int:
    """Prints the table; returns the exit status."""
    report = read_report(str(out / "state"), int((out / "number").read_text(encoding="ascii")))
    zone = (out / "zone").read_text(encoding="ascii").strip()
    rows = [row_of_report(report)] + [row_of_kernel(out, kernel, zone) for kernel in kernels]
    heads = Row("kernel", "result", "stage", "check", "zone", "short by")
    cells = [[getattr(row, name) for name in ("kernel", "result", "stage", "check", "zone", "short_by")]
             for row in [heads] + rows]
    widths = [max(len(line[i]) for line in cells) for i in range(len(cells[0]))]
    for line, row in zip(cells, [heads] + rows):
        text = "  ".join(cell.ljust(width) for cell, width in zip(line, widths))
        print(f"{text}  {row.note}".rstrip())
    return 1 if any(row.result == "-" for row in rows) else 0


def main() -> int:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("kernels", nargs="+")
    args = parser.parse_args()
    return table(args.out, args.kernels)


if __name__ == "__main__":
    sys.exit(main())
