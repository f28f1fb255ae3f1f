#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""machine.py STATE --memory MIB --out DIR [--report N]   the machine that a report is built on

From a report's state text (scripts/why --state) to DIR/vm (options of scripts/vm, a word a line), DIR/plan (for
scripts/guest/reproduce) and DIR/told (what is other than in the report) and DIR/zone (the one that the request was for). Exit status: 3 if no machine here can
have its zones, with the reason.
"""
from __future__ import annotations

import argparse
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Optional

from common import give_up, read_lines

PAGE_KB = 4
MIB = 256                       # pages
MAX_ORDER = 10
TARGETS = 8                     # zones that the option `lists` takes
DMA_PAGES = 1800                # that can be free in the first 16 MiB of a machine, cut into blocks
ZONE_TYPES = ["DMA", "DMA32", "Normal"]
BOOT_PAGES = 200 * MIB          # of low memory: the kernel, and what it sets aside at boot
NODE_PAGES = 24 * MIB           # of any other node
USERS_MIB = 512                 # a node of its own for the machine's tasks
LOW_MIB = 3072                  # as much as can lie below 4 GiB
# Kernels count nodes as they find processors: the one with the tasks is the first, though its memory
# is the last. The report's nodes come behind it.
TASKS_NID = 0


@dataclass
class Zone:
    """A zone of the report; counts in pages."""
    nid: int
    name: str
    low: int
    minimum: int
    highatomic: int
    cma: int
    lists: list[tuple[int, str]]
    allowed: bool = False
    reserve: int = 0
    usable: Optional[int] = None
    verdict: str = "-"
    short_by: str = "-"
    size: int = 0

    @property
    def free(self) -> int:
        """Pages in its free lists."""
        return sum(count << order for order, (count, _) in enumerate(self.lists))

    @property
    def key(self) -> str:
        """As the report names it."""
        return f"{self.nid}:{self.name}"

    @property
    def here(self) -> str:
        """As the machine does: see TASKS_NID."""
        return f"{self.nid + 1}:{self.name}"


@dataclass
class Report:
    """A report's request and zones."""
    request: dict[str, str]
    zones: list[Zone] = field(default_factory=list)
    told: list[str] = field(default_factory=list)


def words_of(line: str) -> dict[str, str]:
    """The key=value words of a line."""
    return dict(word.split("=", 1) for word in line.split() if "=" in word)


def lists_of(text: str) -> list[tuple[int, str]]:
    """`5UM/3` as numbers with letters, by order."""
    found = []
    for part in text.split("/"):
        match = re.fullmatch(r"(\d+)([UMEHC]*)", part)
        if not match:
            give_up(f"not a list of free blocks: {text}")
        found.append((int(match.group(1)), match.group(2)))
    return found


def read_report(path: str, number: int) -> Report:
    """Of the reports in a state text, the one of this number, from 1."""
    report: Optional[Report] = None
    at = 0
    for line in read_lines(path):
        words = words_of(line)
        if line.startswith("# report "):
            at += 1
            report = Report({}) if at == number else report
        if at != number or report is None:
            continue
        if line.startswith("request") or line.startswith("# judged kind="):
            report.request.update(words)
        elif line.startswith("# judged "):
            zone_judged(report.zones[-1], words)
        elif line and not line.startswith("#"):
            report.zones.append(zone_of(line.split()[0], words))
    if report is None:
        give_up(f"there is no report {number} in it, it has {at}")
    if at > 1:
        report.told.append(f"report {number} of {at}")
    return report


def zone_of(key: str, words: dict[str, str]) -> Zone:
    """A line of a zone."""
    nid, name = key.split(":")
    minimum = int(words.get("min", 0))
    return Zone(int(nid), name, int(words.get("low", minimum)), minimum, int(words.get("highatomic", 0)),
                int(words.get("cma", 0)), lists_of(words["lists"]) if "lists" in words else [])


def zone_judged(zone: Zone, words: dict[str, str]) -> None:
    """What `why` made of the zone."""
    zone.allowed = words["allowed"] == "1"
    if zone.allowed:
        zone.reserve, zone.usable = int(words["reserve"]), int(words["usable"])
        zone.verdict, zone.short_by = words["verdict"], words["short_by"]


def without(lists: list[tuple[int, str]], letter: str, pages: int) -> list[tuple[int, str]]:
    """With so many pages fewer in blocks that may be of a type, and without its letter."""
    result = list(lists)
    for order in reversed(range(len(lists))):
        count, types = lists[order]
        if letter not in types:
            continue
        rest = types.replace(letter, "")
        most = count if not rest else count - len(rest)
        take = min(most, pages >> order)
        pages -= take << order
        result[order] = (count - take if rest else 0, rest)
        if not rest:
            pages -= (count - take) << order
    return result


def limit_orders(zone: Zone) -> None:
    """Blocks above this machine's largest order become smaller ones."""
    for order in range(len(zone.lists) - 1, MAX_ORDER, -1):
        count, types = zone.lists[order]
        lower, also = zone.lists[order - 1]
        zone.lists[order - 1] = (lower + 2 * count, "".join(sorted(set(types + also))))
        zone.lists.pop()
    zone.lists += [(0, "")] * (MAX_ORDER + 1 - len(zone.lists))


def usual_types(zone: Zone, told: list[str]) -> None:
    """What a machine that was just booted has no pageblocks for is left out; letters of others too."""
    if any("H" in types for _, types in zone.lists):
        zone.lists = without(zone.lists, "H", zone.highatomic)
        told.append(f"{zone.key}: free blocks of HIGHATOMIC pageblocks are left out, as the request "
                    "can't count on them")
    if any("C" in types for _, types in zone.lists) or zone.cma:
        zone.lists = without(zone.lists, "C", zone.cma)
        told.append(f"{zone.key}: free blocks of CMA are left out")
    zone.lists = [(count, "") for count, _ in zone.lists]


def place_zones(report: Report) -> None:
    """Zones of other architectures as those that this one has."""
    zones = [zone for zone in report.zones if zone.name in ZONE_TYPES]
    for zone in report.zones:
        if zone.name not in ZONE_TYPES and zone.allowed and zone.free > zone.minimum:
            give_up(f"zone {zone.name}, which the request may use, is none of this machine's")
    for zone in zones:
        has_dma32 = any(other.name == "DMA32" for other in zones)
        if zone.name == "DMA" and zone.free > DMA_PAGES and not has_dma32:
            report.told.append("zone DMA is larger than here: DMA32 stands for it")
            zone.name = "DMA32"
    nids = sorted({zone.nid for zone in zones})
    if nids != list(range(len(nids))):
        report.told.append("nodes are numbered anew: " +
                           ", ".join(f"{nid} is {n}" for n, nid in enumerate(nids)))
    for zone in zones:
        zone.nid = nids.index(zone.nid)
        if zone.nid and zone.name != "Normal":
            give_up(f"node {zone.nid} has a zone {zone.name}; here only node 0 can")
    report.zones = zones


def scale(report: Report, by: int) -> None:
    """All numbers divided, so that they fit into this machine."""
    for zone in report.zones:
        zone.lists = [(count // by, types) for count, types in zone.lists]
        zone.usable = None if zone.usable is None else zone.usable // by
        zone.minimum //= by
        zone.low //= by
        zone.reserve //= by


def overhead(zone: Zone) -> int:
    """Pages that are never free there."""
    return BOOT_PAGES if zone.name == "DMA32" else NODE_PAGES


def size_zones(report: Report, like_marks: bool) -> int:
    """
    Sizes in proportion to the min marks, as the kernel hands them out; returns the sum in MiB. A small DMA32,
    which holds the kernel itself, makes all others large: without `like_marks` it has more than its part.
    """
    zones = [zone for zone in report.zones if zone.name != "DMA"]
    others = [zone for zone in zones if zone.minimum and (like_marks or zone.name != "DMA32")]
    ratio = max([(zone.free * 1.2 + 2 * overhead(zone)) / zone.minimum for zone in others] or [0])
    for zone in zones:
        zone.size = int(max(ratio * zone.minimum * 1.05, zone.free * 1.2 + overhead(zone))) + overhead(zone)
        if zone.name == "DMA32":
            zone.size = min(zone.size, (LOW_MIB - 16) * MIB)
    return sum(-(-zone.size // MIB) for zone in zones) + USERS_MIB + 16


def fit(report: Report, memory: int) -> int:
    """The scale: 1 if the machine can have as many pages as the report."""
    by = 1
    while size_zones(report, True) > memory:
        if size_zones(report, False) <= memory:
            report.told.append("0:DMA32 is larger, in proportion, than the report's")
            return by
        if by == 64:
            give_up(f"the report's zones need {size_zones(report, False)} MiB even at a scale of 1:{by}; "
                    f"{memory} MiB are to be had")
        by *= 2
        scale(report, 2)
    return by


def machine(report: Report) -> list[str]:
    """Options of scripts/vm: the report's nodes without processors, and one for the tasks."""
    nodes = max(zone.nid for zone in report.zones) + 1
    sizes = [0] * nodes
    low = 16
    for zone in report.zones:
        mib = -(-zone.size // MIB)
        sizes[zone.nid] += mib
        if zone.name == "DMA32":
            low += mib
    if low == 16:
        # The kernel itself needs low memory, which the report's machine has none of.
        low += 2 * BOOT_PAGES // MIB
        sizes[0] += low - 16
    sizes[0] += 16
    spec = ",".join(f"{size}M" for size in sizes) + f",{USERS_MIB}M:0-1"
    return ["--nodes", spec, "--machine", f"max-ram-below-4g={low}M"]


def request_of(report: Report, nodes: int, preferred: Zone) -> str:
    """Options of the request."""
    words = report.request
    gfp = words["names"]
    sleeps = any(name in gfp for name in ("GFP_KERNEL", "GFP_USER", "GFP_HIGHUSER", "GFP_NOIO",
                                          "GFP_NOFS", "__GFP_DIRECT_RECLAIM", "GFP_TRANSHUGE"))
    context = words.get("context", "task" if sleeps else "atomic")
    if context != "task" and sleeps:
        context = "task"
    allowed = sorted({zone.nid for zone in report.zones if zone.allowed})
    others = []
    # What can't wait, or may use the reserves, forgets its nodemask: it must not find the tasks' node.
    if not sleeps or words.get("scope") == "noreclaim" or "__GFP_MEMALLOC" in gfp:
        others = [f"squeeze={TASKS_NID}:Normal:0p"]
    options = others + ["entry=alloc_pages_nodemask", f"gfp={words['gfp']}", f"order={words['order']}",
               f"nid={preferred.nid + 1}",
               "nodes=" + ",".join(str(nid + 1) for nid in allowed or range(nodes)),
               f"context={context}", "count=1", "observe=full", "check=basic", "timeout_ms=60000"]
    if words.get("scope") == "noreclaim" and context == "task":
        options.append("scope=noreclaim")
    return " ".join(options)


def zone_class(gfp: str) -> int:
    """The highest zone type that a mask allows: of DMA, DMA32, Normal, Movable."""
    if re.search(r"\b(__)?GFP_DMA32\b", gfp):
        return 1
    if re.search(r"\b(__)?GFP_DMA\b", gfp):
        return 0
    return 3 if "HIGHUSER_MOVABLE" in gfp or ("HIGH" in gfp and "MOVABLE" in gfp) else 2


def more_than_listed(zone: Zone, order: int, told: list[str]) -> int:
    """Lists and counters are printed at different moments: the marks are held against the counter."""
    if zone.usable is None:
        return 0
    more = zone.usable + (1 << order) - 1 - zone.free
    if more:
        told.append(f"{zone.key}: {abs(more)} free pages {'more' if more > 0 else 'fewer'} than its list has, "
                    "as its line says")
    return more


def plan(state: str, number: int, memory: int, out: Path) -> None:
    """Writes what the machine is made of, and what is done in it."""
    report = read_report(state, number)
    words = report.request
    if words["reason"] in ("memcg", "injected", "over_max_order", "address_space"):
        give_up(f"its reason is {words['reason']}: no state of the zones makes such a request fail")
    if "order" not in words or "gfp" not in words:
        give_up("it does not say what was asked for")
    if int(words["order"]) > MAX_ORDER:
        give_up(f"order {words['order']} is above this machine's largest, {MAX_ORDER}")
    if not any(zone.lists for zone in report.zones):
        give_up("it has no zones with free lists")
    report.zones = [zone for zone in report.zones if zone.lists]
    preferred_key = words.get("zone")
    preferred = next((zone for zone in report.zones if zone.key == preferred_key), None)
    if preferred is None:
        give_up("it does not say which zone the request was for")
    for zone in report.zones:
        limit_orders(zone)
        usual_types(zone, report.told)
    place_zones(report)
    if len(report.zones) > TARGETS - 1:
        give_up(f"it has {len(report.zones)} zones, of which {TARGETS - 1} can be built at once")
    by = fit(report, memory)
    report.told.append(f"scale 1:{by}" + (", the numbers of pages are the report's" if by == 1 else
                                             f": all numbers of pages are divided by {by}"))
    nodes = max(zone.nid for zone in report.zones) + 1
    lines = []
    for zone in report.zones:
        if zone.name == "DMA" and zone.free > DMA_PAGES:
            off = zone.free - DMA_PAGES
            zone.lists = cut(zone.lists, off)
            zone.usable = None
            report.told.append(f"{zone.key}: {off} pages fewer, as here it is smaller")
        lists = "/".join(f"{count}{types}" for count, types in zone.lists)
        lines.append(f"zone {zone.here} as={zone.key} min={zone.minimum} reserve={zone.reserve} lists={lists}"
                     f" more={more_than_listed(zone, int(words['order']), report.told)}")
    for name in ("DMA", "DMA32"):
        if not any(zone.key == f"0:{name}" for zone in report.zones):
            lines.append(f"zone {TASKS_NID + 1}:{name} as=0:{name} lists=0")
            report.told.append(f"0:{name} has no free page: the report's machine has no such zone")
    lines.append(f"prefer {preferred.here} low={max(preferred.low - preferred.minimum, 1)}")
    lines.append(f"class {zone_class(words['names'])}")
    # Its memory can be moved, which makes blocks: only a request for single pages gets it.
    if words["kind"] == "oom" and words["order"] == "0":
        lines.append(f"victim {preferred.nid + 1}")
    lines.append(f"set {request_of(report, nodes, preferred)}")
    out.joinpath("zone").write_text(preferred.key + "\n", encoding="ascii")
    out.joinpath("plan").write_text("\n".join(lines) + "\n", encoding="ascii")
    out.joinpath("vm").write_text("\n".join(machine(report)) + "\n", encoding="ascii")
    out.joinpath("told").write_text("\n".join(report.told) + "\n", encoding="ascii")


def cut(lists: list[tuple[int, str]], pages: int) -> list[tuple[int, str]]:
    """With so many pages fewer, taken from the largest blocks."""
    result = list(lists)
    for order in reversed(range(len(lists))):
        count, types = lists[order]
        take = min(count, -(-pages >> order)) if pages > 0 else 0
        result[order] = (count - take, types)
        pages -= take << order
    return result


def main() -> int:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("state")
    parser.add_argument("--memory", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--report", type=int, default=1)
    args = parser.parse_args()
    plan(args.state, args.report, args.memory, args.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
