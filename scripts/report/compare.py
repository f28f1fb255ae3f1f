#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""compare.py FILE...   what changed from one kernel to another

FILE is what scripts/bench.guest or scripts/compare.guest said on a machine; files of the first
kernel are named A-*, of the second B-*. Of their lines of words these are read:
    env KEY VALUE
    row WORKERS ENTRY ORDER bare CHECK REQUESTS PS ...
    path SCENARIO RESULT STAGE SOURCE COUNT MEDIAN ...
"""
from __future__ import annotations

import argparse
from dataclasses import dataclass, field
from pathlib import Path
from typing import Iterator, NamedTuple, Optional

from common import give_up, number_or_none, quotient, read_lines, shown, write_lines

STATES = ("init_on_alloc", "init_on_free", "cpus_online", "nodes_online", "page_size", "max_order",
          "clock")
LEFT_OUT = """
Left out by rule: the boot, and 3 s of quiet after it; of the bare pairs the first eighth of the
blocks; of each scenario a first run of it; interrupts and other tasks, since the median is taken of
blocks and of requests that are shorter than the time between two timer ticks. Changes below 0.05 %
are none; ~: less than 1 %, of vmalloc 4 %, where the same kernel differs from boot to boot \
(refills,
blocks freed page by page). contig_range is left out: what it takes hangs on which range is free.
Every instruction counts as one, an iteration of a string instruction as well."""


class Pair(NamedTuple):
    """An entry and an order, measured bare."""
    entry: str
    order: int

    def wavers(self) -> int:
        """By how many percent it differs from one boot of the same kernel to the next: an area of
        vmalloc finds other free lists, pages freed one by one meet their neighbours or not."""
        if self.entry == "vmalloc":
            return 4
        page_by_page = self.entry in ("split_page", "held_page", "alloc_pages_exact")
        return 1 if page_by_page and self.order > 0 else 0


class Way(NamedTuple):
    """A way that some requests of a scenario went."""
    scenario: str
    result: str
    stage: str
    source: str

    def kind(self) -> str:
        """Of whatever scenario and result."""
        return f"{self.stage}/{self.source}"

    def wavers(self) -> int:
        """As for pairs: a refill finds the free lists as they are."""
        return 1 if self.source == "refill" else 0


@dataclass
class Kernel:
    """What the files of a kernel say: instructions by pair, requests and their median by path."""
    env: dict[str, str] = field(default_factory=dict)
    pairs: dict[Pair, Optional[float]] = field(default_factory=dict)
    counts: dict[Way, int] = field(default_factory=dict)
    medians: dict[Way, int] = field(default_factory=dict)

    def take(self, line: str) -> None:
        """A line; a ValueError if it lacks words."""
        word, _, rest = line.partition(" ")
        if word == "env":
            key, _, value = rest.partition(" ")
            self.env[key] = value
        elif word == "row":
            self.take_row(*rest.split()[:7])
        elif word == "path":
            *names, count, median = rest.split()[:6]
            path = Way(*names)
            self.counts[path], self.medians[path] = int(count), int(median)

    def take_row(self, _workers: str, entry: str, order: str, level: str, _check: str,
                 _requests: str, picoseconds: str) -> None:
        """What contig_range takes hangs on which range happens to be free."""
        if level == "bare" and entry != "contig_range":
            loop = number_or_none(self.env.get("clock.loop_ps", ""))
            took = number_or_none(picoseconds)
            self.pairs[Pair(entry, int(order))] = \
                None if took is None else quotient(took * 2, loop)

    def asked(self, scenario: str) -> int:
        """Requests of a scenario."""
        return sum(count for path, count in self.counts.items() if path.scenario == scenario)

    def failed(self, scenario: str) -> int:
        """Those of them without a page."""
        return sum(count for path, count in self.counts.items()
                   if path.scenario == scenario and path.result != "ok")

    def share(self, path: Way) -> Optional[float]:
        """Of the scenario's requests, in percent."""
        return quotient(100 * self.counts.get(path, 0), self.asked(path.scenario))


@dataclass(frozen=True)
class Change:
    """A figure of both kernels; `wavers`: percent within which it is not told from chance."""
    a: Optional[float]
    b: Optional[float]
    wavers: int

    def both(self) -> bool:
        """Whether both kernels have it."""
        return self.a is not None and self.b is not None

    def percent(self) -> str:
        """With its sign; a tenth of a percent is the least that is told from nothing."""
        if not self.both() or self.a == 0:
            return "-"
        text = "%.1f" % ((self.b - self.a) * 100 / self.a)
        if float(text) == 0:
            return "0.0"
        return "+" + text if float(text) > 0 else text

    def differs(self) -> bool:
        """Whether there is a change at all."""
        if not self.both():
            return self.a is not self.b
        return self.percent() not in ("-", "0.0")

    def by_chance(self) -> bool:
        """Whether the same kernel booted twice shows such a change."""
        return self.both() and self.differs() and \
            (self.b - self.a) ** 2 * 10000 < self.a ** 2 * self.wavers ** 2

    def counts(self) -> bool:
        """Whether it is a change of the kernel."""
        return self.differs() and not self.by_chance()

    def words(self) -> tuple[str, str]:
        """The columns `change` and `%`."""
        if self.by_chance():
            return "~", "~"
        return "%+.1f" % (self.b - self.a) if self.both() else "-", self.percent()


@dataclass
class Comparison:
    """Two kernels; pairs, paths and scenarios of either, in the order in which they were read."""
    a: Kernel = field(default_factory=Kernel)
    b: Kernel = field(default_factory=Kernel)

    def pairs(self) -> dict[Pair, Change]:
        """Of each pair."""
        return {pair: Change(self.a.pairs.get(pair), self.b.pairs.get(pair), pair.wavers())
                for pair in {**self.a.pairs, **self.b.pairs}}

    def paths(self) -> dict[Way, Change]:
        """Of each path."""
        return {path: Change(self.a.medians.get(path), self.b.medians.get(path), path.wavers())
                for path in {**self.a.medians, **self.b.medians}}

    def shares(self, path: Way) -> tuple[Optional[float], Optional[float]]:
        """Of a path in its scenario."""
        return self.a.share(path), self.b.share(path)

    def shares_changed(self) -> int:
        """How many paths are taken more or less often."""
        shares = map(self.shares, self.paths())
        return sum("%.1f" % (a or 0) != "%.1f" % (b or 0) for a, b in shares)

    def ways(self) -> dict[str, list[Change]]:
        """Changes by stage and source."""
        ways: dict[str, list[Change]] = {}
        for path, change in self.paths().items():
            ways.setdefault(path.kind(), []).append(change)
        return ways


def states(both: Comparison) -> Iterator[str]:
    """What the kernels are, and in what they differ besides."""
    a, b = both.a.env, both.b.env
    yield f"A: {a.get('release', '')}"
    yield f"B: {b.get('release', '')}"
    line = ""
    for key in STATES:
        of_a, of_b = a.get(key, ""), b.get(key, "")
        line += f"  {key} {of_a}" + (f" and {of_b}: they differ" if of_a != of_b else "")
    yield line


def pairs(both: Comparison) -> Iterator[str]:
    """The table of pairs."""
    form = "%-21s %5s %12s %12s %10s %8s"
    yield from ("", "bare pairs, instructions")
    yield form % ("entry", "order", "A", "B", "change", "%")
    for pair, change in both.pairs().items():
        yield form % (*pair, shown(change.a, "%.1f"), shown(change.b, "%.1f"), *change.words())


def paths(both: Comparison) -> Iterator[str]:
    """The table of paths."""
    form = "%-15s %-30s %8s %8s %10s %10s %9s %8s"
    yield ""
    yield "paths, instructions a request, the median; share: of the scenario's requests, in %"
    yield form % ("scenario", "result, stage, source", "share A", "share B", "A", "B", "change",
                  "%")
    for path, change in both.paths().items():
        yield form % (path.scenario, " ".join(path[1:]),
                      *(shown(share, "%.1f") for share in both.shares(path)),
                      shown(change.a, "%d"), shown(change.b, "%d"), *change.words())


def failures(both: Comparison) -> Iterator[str]:
    """Scenarios in which requests failed."""
    yield from ("", "failures")
    for scenario in dict.fromkeys(path.scenario for path in both.paths()):
        of_a, of_b = both.a.failed(scenario), both.b.failed(scenario)
        if of_a or of_b:
            yield "%-15s %8d of %d %8d of %d%s" % (
                scenario, of_a, both.a.asked(scenario), of_b, both.b.asked(scenario),
                "" if of_a == of_b else "  changed")


def conclusion(both: Comparison) -> Iterator[str]:
    """How many figures changed, and by how much."""
    of_pairs = both.pairs().values()
    yield from ("", "what changed")
    yield (f"  {sum(change.counts() for change in of_pairs)} of {len(of_pairs)} bare pairs, "
           f"{both.shares_changed()} of {len(both.paths())} shares")
    for way, changes in both.ways().items():
        alone = sum(not change.both() for change in changes)
        if alone:
            yield f"  {way:<18} taken by one of the kernels alone in {alone} rows"
        if alone < len(changes):
            yield f"  {way:<18} {way_words([change for change in changes if change.both()])}"


def way_words(changes: list[Change]) -> str:
    """What changed where both kernels go this way."""
    changed = [change for change in changes if change.counts()]
    if not changed:
        return f"the same in all {len(changes)} rows"
    by = [change.b - change.a for change in changed]
    most = max((change.percent() for change in changed),
               key=lambda percent: abs(float(percent)))
    return ("%+d to %+d instructions a request, at most %s %%, in %d of %d rows" %
            (min(by), max(by), most, len(changed), len(changes)))


def kernels_of(files: list[str]) -> Comparison:
    """Reads the files."""
    both = Comparison()
    for name in files:
        kernel = {"A": both.a, "B": both.b}.get(Path(name).name[0])
        if kernel is None:
            give_up(f"{name}: neither A-* nor B-*")
        for number, line in enumerate(read_lines(name), 1):
            try:
                kernel.take(line)
            except (ValueError, TypeError):
                give_up(f"{name}:{number}: not what the guest writes: {line}")
    return both


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("files", nargs="+")
    try:
        both = kernels_of(parser.parse_args().files)
    except OSError as error:
        give_up(str(error))
    for part in (states, pairs, paths, failures, conclusion):
        write_lines(part(both))
    write_lines(LEFT_OUT.split("\n"))


if __name__ == "__main__":
    main()
