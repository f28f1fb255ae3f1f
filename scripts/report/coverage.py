#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""coverage.py TREE UNREACHED RUNS [--no-floor]   which lines of the allocator were reached

RUNS holds what machines counted, the .gcda files of kernel and module, each below a folder `gcov`
that stands for the root of the machine that compiled them: what belongs to it, .gcno, is found
there. Printed is the union of what gcov says of them: a table of functions and files, and the
lines of those functions that were never reached. UNREACHED holds `function | text | why`: a line
of the function that contains the text (or any, for *) may stay unreached, for that reason. Exit
status 1 if the coverage is below the floor.

gcov is asked directly: gcovr 5.2 tells where a function begins but not where it ends, and leaves
out lines of a brace alone if they were not reached.
"""
from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Iterator, NamedTuple, Optional

from common import give_up, read_lines, write_lines

# What ALLOCATED requests go through; static functions of other files not counted.
FUNCTIONS = {file: names.split() for file, names in {
    "mm/page_alloc.c": """
        __alloc_pages prepare_alloc_pages get_page_from_freelist zone_watermark_fast
        __zone_watermark_ok zone_allows_reclaim alloc_flags_nofragment gfp_to_alloc_flags
        gfp_to_alloc_flags_cma __gfp_pfmemalloc_flags oom_reserves_allowed rmqueue
        rmqueue_buddy rmqueue_pcplist __rmqueue_pcplist rmqueue_bulk __rmqueue
        __rmqueue_smallest __rmqueue_fallback __rmqueue_cma_fallback
        steal_suitable_fallback find_suitable_fallback can_steal_fallback boost_watermark
        expand prep_new_page prep_compound_page post_alloc_hook check_new_page
        check_new_pages reserve_highatomic_pageblock unreserve_highatomic_pageblock
        wake_all_kswapds __alloc_pages_slowpath __alloc_pages_direct_compact
        __alloc_pages_direct_reclaim __perform_reclaim __alloc_pages_may_oom
        __alloc_pages_cpuset_fallback should_reclaim_retry should_compact_retry
        check_retry_cpuset warn_alloc __alloc_pages_bulk __free_pages free_unref_page
        free_unref_page_prepare free_unref_page_commit free_unref_page_list
        free_pcppages_bulk __free_one_page""",
    "mm/mempolicy.c": """
        alloc_pages policy_node policy_nodemask interleave_nodes alloc_page_interleave
        alloc_pages_preferred_many""",
    "mm/compaction.c": "try_to_compact_pages compact_zone_order",
    "mm/vmscan.c": """
        try_to_free_pages do_try_to_free_pages shrink_zones shrink_node node_reclaim""",
}.items()}
ALLOCATOR, MODULE = "mm/page_alloc.c", "module"


class Floor(NamedTuple):
    """The least percentage of the lines, or branches, that must be reached."""
    what: str
    kind: str
    percent: int


FLOORS = (Floor(ALLOCATOR, "lines", 95), Floor(ALLOCATOR, "branches", 80),
          Floor(MODULE, "lines", 90))


class Count(NamedTuple):
    """Lines that ran, lines, branches taken, branches."""
    lines: int = 0
    all_lines: int = 0
    branches: int = 0
    all_branches: int = 0

    def percent(self, kind: str) -> float:
        """Of the lines, or the branches."""
        part, whole = self[:2] if kind == "lines" else self[2:]
        return 100 * part / whole if whole else 100

    def row(self, name: str) -> str:
        """A line of the table."""
        return "%-36s %5d/%-5d %5.1f%%   %5d/%-5d %5.1f%%" % (
            name, self.lines, self.all_lines, self.percent("lines"),
            self.branches, self.all_branches, self.percent("branches"))


class Reason(NamedTuple):
    """A line of UNREACHED."""
    function: str
    text: str
    why: str


@dataclass
class Source:
    """One file: how often each line ran, which branches were taken, where functions are."""
    lines: dict[int, int] = field(default_factory=dict)
    branches: dict[tuple, int] = field(default_factory=dict)
    functions: dict[str, tuple[int, int]] = field(default_factory=dict)

    def add(self, data: dict) -> None:
        """A file of gcov's JSON. A line appears in it for each function that it was inlined to."""
        for line in data["lines"]:
            number = line["line_number"]
            self.lines[number] = self.lines.get(number, 0) + line["count"]
            for i, branch in enumerate(line["branches"]):
                if not branch["throw"]:
                    key = number, line.get("function_name"), i
                    self.branches[key] = self.branches.get(key, 0) + branch["count"]
        for function in data["functions"]:
            # Without what the compiler appends to its copies: .part.0, .constprop.0
            name = function["name"].partition(".")[0]
            self.functions[name] = function["start_line"], function["end_line"]

    def count(self, first: int = 0, last: int = sys.maxsize) -> Count:
        """Of the lines from one to another."""
        lines = [n for at, n in self.lines.items() if first <= at <= last]
        branches = [n for key, n in self.branches.items() if first <= key[0] <= last]
        return Count(sum(n > 0 for n in lines), len(lines),
                     sum(n > 0 for n in branches), len(branches))

    def missed(self, function: str) -> list[int]:
        """Lines of a function that never ran."""
        first, last = self.functions.get(function, (0, -1))
        return sorted(at for at, n in self.lines.items() if first <= at <= last and not n)


def gcov(data: Path, notes: Path) -> dict:
    """What gcov says of a .gcda file; it wants the .gcno beside it."""
    try:
        shutil.copy(notes, data.with_suffix(".gcno"))
        said = subprocess.run(
            ["gcov", "--json-format", "--stdout", "--branch-probabilities", data.name],
            cwd=data.parent, stdout=subprocess.PIPE, check=True).stdout
        return json.loads(said)
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        give_up(f"{data}: {error}")


def sources_of(runs: Path) -> dict[str, Source]:
    """The union of all runs. Files of the module are named from its folder on."""
    sources: dict[str, Source] = {}
    for data in sorted(runs.rglob("gcov/**/*.gcda")):
        below = data.relative_to(runs).parts
        notes = Path("/", *below[below.index("gcov") + 1:]).with_suffix(".gcno")
        for entry in gcov(data, notes)["files"]:
            _, module, rest = entry["file"].rpartition("/module/")
            name = f"{MODULE}/{rest}" if module else entry["file"]
            if name.endswith(".c"):
                sources.setdefault(name, Source()).add(entry)
    return sources


def reasons_of(path: str) -> list[Reason]:
    """Reads UNREACHED."""
    reasons = []
    for number, line in enumerate(read_lines(path), 1):
        if line.strip() and not line.startswith("#"):
            fields = [part.strip() for part in line.split("|", 2)]
            if len(fields) != 3:
                give_up(f"{path}:{number}: not `function | text | why`: {line}")
            reasons.append(Reason(*fields))
    return reasons


def total(counts: list[Count]) -> Count:
    """Their sum."""
    return Count(*map(sum, zip(*counts))) if counts else Count()


@dataclass
class Coverage:
    """The table's lines, and the sum of each file."""
    sources: dict[str, Source]
    lines: list[str] = field(default_factory=list)
    totals: dict[str, Count] = field(default_factory=dict)

    def add_total(self, name: str, label: str, counts: list[Count]) -> None:
        """A sum, and its row."""
        self.totals[name] = total(counts)
        self.lines.append(self.totals[name].row(f"= {label}"))

    def add_file(self, file: str) -> None:
        """The functions of a file."""
        source = self.sources.get(file, Source())
        counts = []
        self.lines.append(file)
        for name in FUNCTIONS[file]:
            if name in source.functions:
                counts.append(source.count(*source.functions[name]))
                self.lines.append(counts[-1].row(name))
            else:
                self.lines.append("%-36s not in this kernel" % name)
        self.add_total(file, file, counts)

    def add_module(self) -> None:
        """Each of its files."""
        counts = {name: source.count() for name, source in sorted(self.sources.items())
                  if name.startswith(f"{MODULE}/")}
        self.lines += [count.row(name) for name, count in counts.items()]
        self.add_total(MODULE, "the module", list(counts.values()))

    def below_floors(self) -> list[str]:
        """What is covered too little."""
        return ["below the floor: %s: %.1f %% of the %s, the floor is %d" %
                (what, self.totals[what].percent(kind), kind, floor)
                for what, kind, floor in FLOORS if self.totals[what].percent(kind) < floor]


def coverage_of(sources: dict[str, Source]) -> Coverage:
    """The table."""
    coverage = Coverage(sources)
    coverage.lines.append("%-36s %11s %6s   %11s %6s" % ("function", "lines", "", "branches", ""))
    for file in FUNCTIONS:
        coverage.add_file(file)
    coverage.add_total("all", "all of these", [coverage.totals[file] for file in FUNCTIONS])
    coverage.add_module()
    return coverage


class Unreached(NamedTuple):
    """A line that never ran, and why it may."""
    where: str
    text: str
    why: Optional[str]

    def lines(self) -> Iterator[str]:
        """As it is printed."""
        yield f"  {self.where}: {self.text}"
        yield f"      {self.why or 'no reason is known'}"


def why(function: str, text: str, reasons: list[Reason]) -> Optional[str]:
    """The reason for a line; what is said of the line itself goes first."""
    mine = [reason for reason in reasons if reason.function == function]
    told = [reason.why for reason in mine if reason.text != "*" and reason.text in text]
    told += [reason.why for reason in mine if reason.text == "*"]
    return told[0] if told else None


def unreached(tree: Path, sources: dict[str, Source], reasons: list[Reason]) -> list[Unreached]:
    """Lines of the functions that never ran."""
    found = []
    for file, names in FUNCTIONS.items():
        if file not in sources:
            continue
        text = read_lines(tree / file)
        for name in names:
            for at in sources[file].missed(name):
                line = text[at - 1].strip()
                found.append(Unreached(f"{file}:{at} {name}", line, why(name, line, reasons)))
    return found


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--no-floor", action="store_true")
    parser.add_argument("tree", type=Path)
    parser.add_argument("unreached")
    parser.add_argument("runs", type=Path)
    arguments = parser.parse_args()
    try:
        reasons = reasons_of(arguments.unreached)
        sources = sources_of(arguments.runs)
        if not sources:
            give_up("nothing was counted")
        coverage = coverage_of(sources)
        missed = unreached(arguments.tree, sources, reasons)
    except OSError as error:
        give_up(str(error))
    low = coverage.below_floors()
    write_lines(coverage.lines + ["", "not reached:"])
    for line in missed:
        write_lines(line.lines())
    unexplained = sum(line.why is None for line in missed)
    write_lines(["", f"{unexplained} lines that were not reached have no reason", *low])
    sys.exit(bool(low) and not arguments.no_floor)


if __name__ == "__main__":
    main()
