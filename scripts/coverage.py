#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""coverage.py TREE UNREACHED RUNS [--no-floor]

The union of what `gcov --json-format` left below RUNS, a table of functions and
files, and the lines of those functions that were never reached. UNREACHED holds
`function | text | why`: a line of the function that contains the text may stay
unreached, for that reason. Exit status 1 if the coverage is below the floor.
"""
import gzip
import json
import pathlib
import sys

# What ALLOCATED requests go through; static functions of other files not counted.
FUNCTIONS = {
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
}
FLOORS = {"mm/page_alloc.c": (95, 80), "module": (90, None)}    # percent of lines, branches


class Source:
    """One file: how often each line ran, which branches were taken, where functions are."""

    def __init__(self):
        self.lines = {}
        self.branches = {}
        self.functions = {}

    def add(self, data):
        for line in data["lines"]:
            number = line["line_number"]
            self.lines[number] = self.lines.get(number, 0) + line["count"]
            for i, branch in enumerate(line["branches"]):
                if not branch["throw"]:
                    key = number, line.get("function_name"), i
                    self.branches[key] = self.branches.get(key, 0) + branch["count"]
        for function in data["functions"]:
            name = function["name"].split(".")[0]
            self.functions[name] = function["start_line"], function["end_line"]

    def count(self, first=0, last=10 ** 9):
        """Lines that ran, lines, branches taken, branches."""
        lines = [n for at, n in self.lines.items() if first <= at <= last]
        branches = [n for key, n in self.branches.items() if first <= key[0] <= last]
        return (sum(n > 0 for n in lines), len(lines),
            sum(n > 0 for n in branches), len(branches))


def read(runs):
    sources = {}
    for path in pathlib.Path(runs).rglob("*.gcov.json.gz"):
        with gzip.open(path) as file:
            data = json.load(file)
        for entry in data["files"]:
            name = entry["file"]
            if "/module/" in name:
                name = "module/" + name.rsplit("/module/", 1)[1]
            if name.endswith(".c"):
                sources.setdefault(name, Source()).add(entry)
    return sources


def percent(part, whole):
    return 100 * part / whole if whole else 100


def row(name, count):
    lines, all_lines, branches, all_branches = count
    print("%-36s %5d/%-5d %5.1f%%   %5d/%-5d %5.1f%%" %
          (name, lines, all_lines, percent(lines, all_lines),
           branches, all_branches, percent(branches, all_branches)))


def total(counts):
    return [sum(column) for column in zip(*counts)] if counts else [0, 0, 0, 0]


def reasons(path):
    rows = []
    for line in pathlib.Path(path).read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            rows.append([field.strip() for field in line.split("|", 2)])
    return rows


def unreached(tree, sources, why):
    """Prints the lines that never ran; returns how many have no reason."""
    unknown = 0
    print("\nnot reached:")
    for file, names in FUNCTIONS.items():
        if file not in sources:
            continue
        text = (pathlib.Path(tree) / file).read_text().splitlines()
        for name in names.split():
            first, last = sources[file].functions.get(name, (0, -1))
            missed = sorted(at for at, n in sources[file].lines.items()
                    if first <= at <= last and not n)
            reason = next((w for f, t, w in why if f == name and t == "*"), None)
            for at in missed:
                line = text[at - 1].strip()
                known = next((w for f, t, w in why
                          if f == name and t != "*" and t in line), reason)
                unknown += known is None
                print("  %s:%d %s: %s\n      %s" %
                      (file, at, name, line, known or "no reason is known"))
    return unknown


def main():
    arguments = [a for a in sys.argv[1:] if not a.startswith("--")]
    tree, why, runs = arguments
    sources = read(runs)
    if not sources:
        sys.exit("coverage: nothing was counted")
    counts = {}
    print("%-36s %11s %6s   %11s %6s" % ("function", "lines", "", "branches", ""))
    for file, names in FUNCTIONS.items():
        print(file)
        counts[file] = []
        for name in names.split():
            where = sources[file].functions.get(name) if file in sources else None
            if not where:
                print("%-36s not in this kernel" % name)
                continue
            counts[file].append(sources[file].count(*where))
            row(name, counts[file][-1])
        row("= " + file, total(counts[file]))
    row("= all of these", total([c for file in FUNCTIONS for c in counts[file]]))
    modules = sorted(name for name in sources if name.startswith("module/"))
    for name in modules:
        row(name, sources[name].count())
    counts["module"] = [sources[name].count() for name in modules]
    row("= the module", total(counts["module"]))
    unknown = unreached(tree, sources, reasons(why))

    low = []
    for what, floors in FLOORS.items():
        lines, all_lines, branches, all_branches = total(counts[what])
        found = percent(lines, all_lines), percent(branches, all_branches)
        for floor, got, kind in zip(floors, found, ("lines", "branches")):
            if floor is not None and got < floor:
                low.append("%s: %.1f %% of the %s, the floor is %d" % (what, got, kind, floor))
    print("\n%d lines that were not reached have no reason" % unknown)
    for line in low:
        print("below the floor: " + line)
    if low and "--no-floor" not in sys.argv:
        sys.exit(1)


main()
