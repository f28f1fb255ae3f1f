#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""coverage.py TREE UNREACHED RUNS [--no-floor]   which lines of the allocator were reached

RUNS holds what machines counted, the .gcda files of kernel and module, each below a folder `gcov`
that stands for the root of the machine that compiled them: what belongs to it, .gcno, is found
there. Printed is the union of what gcov says of them: a table of functions and files, and what of
those functions was never reached, lines and then branches of lines that were. UNREACHED holds
`function | text | why`: a line of the function that contains the text, or a branch of it, may stay
unreached, for that reason; for the text * any line. Exit status 1 if the coverage of what has no
such reason is below the floor.

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

# What allocated requests go through, and what else the documents name.
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
        free_pcppages_bulk __free_one_page __get_free_pages get_zeroed_page free_pages
        should_fail_alloc_page zone_watermark_ok zone_statistics drain_all_pages
        check_new_pcp check_pcp_refill add_to_free_list del_page_from_free_list
        set_page_guard set_buddy_order gfp_pfmemalloc_allowed""",
    "mm/mempolicy.c": """
        alloc_pages policy_node policy_nodemask interleave_nodes alloc_page_interleave
        alloc_pages_preferred_many get_task_policy apply_policy_zone""",
    "mm/compaction.c": """
        try_to_compact_pages compact_zone_order compact_zone isolate_freepages
        compaction_deferred defer_compaction compaction_defer_reset""",
    "mm/vmscan.c": """
        try_to_free_pages throttle_direct_reclaim do_try_to_free_pages shrink_zones
        compaction_ready snapshot_refaults shrink_node shrink_node_memcgs
        should_continue_reclaim shrink_lruvec get_scan_count inactive_is_low shrink_list
        shrink_active_list isolate_lru_folios move_folios_to_lru shrink_slab
        shrink_slab_memcg do_shrink_slab node_reclaim wakeup_kswapd""",
}.items()}
ALLOCATOR, COMPACTION, RECLAIM = "mm/page_alloc.c", "mm/compaction.c", "mm/vmscan.c"
MODULE = "module"


class Floor(NamedTuple):
    """The least percentage of lines, or branches, to be reached, but for those with a reason."""
    what: str
    kind: str
    percent: int


FLOORS = (Floor(ALLOCATOR, "lines", 97), Floor(ALLOCATOR, "branches", 90),
          Floor(COMPACTION, "lines", 85), Floor(COMPACTION, "branches", 75),
          Floor(RECLAIM, "lines", 85), Floor(RECLAIM, "branches", 75),
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

    def untaken(self, function: str) -> dict[int, int]:
        """Lines of a function, and how many of their branches were never taken."""
        first, last = self.functions.get(function, (0, -1))
        found: dict[int, int] = {}
        for key in sorted(self.branches, key=lambda key: key[0]):
            if first <= key[0] <= last and not self.branches[key]:
                found[key[0]] = found.get(key[0], 0) + 1
        return found


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


class Gap(NamedTuple):
    """A line that never ran, or ran but not all of its branches, and why that may be."""
    file: str
    at: int
    function: str
    text: str
    ran: bool
    branches: int
    why: Optional[str]

    def lines(self) -> Iterator[str]:
        """As it is printed."""
        branches = f" [branches: {self.branches}]" if self.ran else ""
        yield f"  {self.file}:{self.at} {self.function}: {self.text}{branches}"
        yield f"      {self.why or 'no reason is known'}"


@dataclass
class Coverage:
    """The table's lines, and the sum of each file."""
    sources: dict[str, Source]
    lines: list[str] = field(default_factory=list)
    totals: dict[str, Count] = field(default_factory=dict)
    judged: dict[str, Count] = field(default_factory=dict)

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

    def judge(self, gaps: list[Gap]) -> None:
        """What has a reason is not asked for."""
        self.lines += ["", "without what has a reason"]
        for file in [*FUNCTIONS, MODULE]:
            told = [gap for gap in gaps if gap.file == file and gap.why]
            whole = self.totals[file]
            self.judged[file] = whole._replace(
                all_lines=whole.all_lines - sum(not gap.ran for gap in told),
                all_branches=whole.all_branches - sum(gap.branches for gap in told))
            self.lines.append(self.judged[file].row(f"= {file}"))

    def below_floors(self) -> list[str]:
        """What is covered too little."""
        return ["below the floor: %s: %.1f %% of the %s, the floor is %d" %
                (what, self.judged[what].percent(kind), kind, floor)
                for what, kind, floor in FLOORS if self.judged[what].percent(kind) < floor]


def coverage_of(sources: dict[str, Source]) -> Coverage:
    """The table."""
    coverage = Coverage(sources)
    coverage.lines.append("%-36s %11s %6s   %11s %6s" % ("function", "lines", "", "branches", ""))
    for file in FUNCTIONS:
        coverage.add_file(file)
    coverage.add_total("all", "all of these", [coverage.totals[file] for file in FUNCTIONS])
    coverage.add_module()
    return coverage


def why(function: str, text: str, ran: bool, reasons: list[Reason]) -> Optional[str]:
    """The reason for a line, or if it ran its branches; what is said of it itself goes first."""
    mine = [reason for reason in reasons if reason.function == function]
    told = [reason.why for reason in mine if reason.text != "*" and reason.text in text]
    told += [reason.why for reason in mine if reason.text == "*" and not ran]
    return told[0] if told else None


def gaps_of(tree: Path, sources: dict[str, Source], reasons: list[Reason]) -> list[Gap]:
    """What of the functions was never reached."""
    found = []
    for file, names in FUNCTIONS.items():
        if file not in sources:
            continue
        text = read_lines(tree / file)
        for name in names:
            missed, untaken = sources[file].missed(name), sources[file].untaken(name)
            for at in sorted({*missed, *untaken}):
                line, ran = text[at - 1].strip(), at not in missed
                found.append(Gap(file, at, name, line, ran, untaken.get(at, 0),
                                 why(name, line, ran, reasons)))
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
        gaps = gaps_of(arguments.tree, sources, reasons)
    except OSError as error:
        give_up(str(error))
    coverage.judge(gaps)
    low = [] if arguments.no_floor else coverage.below_floors()
    write_lines(coverage.lines)
    for what, ran in (("not reached", False), ("branches not taken", True)):
        write_lines(["", f"{what}:"])
        for gap in gaps:
            if gap.ran == ran:
                write_lines(gap.lines())
    unknown = [gap for gap in gaps if gap.why is None]
    write_lines(["", "without a reason: %d lines and %d branches" % (
        sum(not gap.ran for gap in unknown), sum(gap.branches for gap in unknown)), *low])
    sys.exit(bool(low))


if __name__ == "__main__":
    main()
