#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""compare.py [OPTION...] FILE...   what changed from one kernel to another

FILE is what scripts/guest/bench or scripts/guest/compare said on a machine; files of the first
kernel are named A1-*, A2-* and so on, one number for each boot, of the second B1-* and so on. By how
much boots of the same kernel differ is the noise of a figure. Of their lines of words these are read:
    env KEY VALUE
    row WORKERS ENTRY ORDER bare CHECK REQUESTS PS ...
    path SCENARIO RESULT STAGE SOURCE COUNT MEDIAN ...
With files of the first kernel alone, its figures are a baseline.
    --form text         for people; with --fail-above KTAP behind it
    --form json         gfplab/1: environments, figures (of one kernel) or changes, verdicts
    --form csv          the changes
    --form junit        the verdicts of --fail-above
    --form baseline     nothing: only looks at the baseline
    --baseline FILE     what --form json said of the first kernel, instead of its files
    --fail-above N      percent; exit status 1 if a figure is worse by more
    --asked TEXT        what was measured; a baseline must have been asked the same
"""
from __future__ import annotations

import argparse
import csv
import io
import json
import sys
from dataclasses import dataclass, field, replace
from math import sqrt
from pathlib import Path
from typing import Iterable, Iterator, NamedTuple, NoReturn, Optional

import schema
import texts
import verdicts
from common import give_up, number_or_none, quotient, read_lines, shown, write_lines

STATES = ("init_on_alloc", "init_on_free", "cpus_online", "nodes_online", "page_size", "max_order",
          "clock")
LEFT_OUT = """
Left out by rule: the boot, and 3 s of quiet after it; of the bare pairs the first eighth of the
blocks; of each scenario a first run of it; interrupts and other tasks, since the median is taken
of blocks and of requests that are shorter than the time between two timer ticks. The figure is the
least of the boots; noise: by how much boots of the same kernel, with other memory taken at boot,
differ, and how well the median of requests that differ is told; ~: a change within twice that
can't be seen. Changes below 0.05 % are none. contig_range is left out: what it takes hangs on
which range is free. Every instruction counts as one, an iteration of a string instruction as well."""


MARGIN = 2  # of the noise: two boots of each kernel are few
LEAST = 0.0005  # of a figure: what Change.percent() tells from nothing


class Pair(NamedTuple):
    """An entry and an order, measured bare."""
    entry: str
    order: int


class Way(NamedTuple):
    """A way that some requests of a scenario went."""
    scenario: str
    result: str
    stage: str
    source: str

    def kind(self) -> str:
        """Of whatever scenario and result."""
        return f"{self.stage}/{self.source}"


@dataclass
class Boot:
    """What a machine said: instructions by pair, requests and their median by path."""
    env: dict[str, str] = field(default_factory=dict)
    pairs: dict[Pair, Optional[float]] = field(default_factory=dict)
    counts: dict[Way, int] = field(default_factory=dict)
    medians: dict[Way, int] = field(default_factory=dict)
    errors: dict[Way, float] = field(default_factory=dict)

    def take(self, line: str) -> None:
        """A line; a ValueError if it lacks words."""
        word, _, rest = line.partition(" ")
        if word == "env":
            key, _, value = rest.partition(" ")
            self.env[key] = value
        elif word == "row":
            self.take_row(*rest.split()[:7])
        elif word == "path":
            *names, count, median, least = rest.split()[:7]
            path = Way(*names)
            self.counts[path], self.medians[path] = int(count), int(median)
            # Where requests differ, the median of so many is told to this and no better.
            self.errors[path] = (int(median) - int(least)) / sqrt(int(count))

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


class Figure(NamedTuple):
    """What one kernel takes, the least and the most that it may be, by its boots and by what they are medians of."""
    least: float
    most: float


def figure_of(values: Iterable[Optional[float]]) -> Optional[Figure]:
    """Of the boots that have one."""
    known = [value for value in values if value is not None]
    return Figure(min(known), max(known)) if known else None


@dataclass
class Kernel:
    """All boots of a kernel."""
    boots: dict[str, Boot] = field(default_factory=dict)

    @property
    def env(self) -> dict[str, str]:
        """Of the first boot."""
        return next(iter(self.boots.values())).env if self.boots else {}

    def ways(self) -> list[Way]:
        """All that any boot went, in the order in which they were read."""
        return list(dict.fromkeys(way for boot in self.boots.values() for way in boot.counts))

    def pairs(self) -> dict[Pair, Optional[Figure]]:
        """Of each pair."""
        pairs = dict.fromkeys(pair for boot in self.boots.values() for pair in boot.pairs)
        return {pair: figure_of(boot.pairs.get(pair) for boot in self.boots.values())
                for pair in pairs}

    def path(self, way: Way) -> Optional[Figure]:
        """Of the requests that went it."""
        figure = figure_of(boot.medians.get(way) for boot in self.boots.values())
        error = max((boot.errors.get(way, 0) for boot in self.boots.values()), default=0)
        return figure and Figure(figure.least, max(figure.most, figure.least + error))

    def seldom(self, way: Way) -> bool:
        """Whether it is taken, but not in each boot."""
        return 0 < sum(way in boot.counts for boot in self.boots.values()) < len(self.boots)

    def count(self, way: Way) -> int:
        """Requests that went it, in all boots."""
        return sum(boot.counts.get(way, 0) for boot in self.boots.values())

    def asked(self, scenario: str) -> int:
        """Requests of a scenario, in all boots."""
        return sum(boot.asked(scenario) for boot in self.boots.values())

    def failed(self, scenario: str) -> int:
        """Those of them without a page."""
        return sum(boot.failed(scenario) for boot in self.boots.values())

    def share(self, way: Way) -> Optional[Figure]:
        """Of the scenario's requests, in percent."""
        return figure_of(boot.share(way) for boot in self.boots.values())


@dataclass(frozen=True)
class Change:
    """A figure of both kernels; `noise`: by how much boots of the same kernel differ. `seldom`: it is one
    kernel's alone, but not in each of its boots, and so the other may have it in a boot that was not made."""
    a: Optional[float]
    b: Optional[float]
    noise: float = 0
    seldom: bool = False

    @classmethod
    def of(cls, a: Optional[Figure], b: Optional[Figure]) -> Change:
        """The least of either, and the noise of the one that has more."""
        return cls(a and a.least, b and b.least,
                   max((one.most - one.least for one in (a, b) if one), default=0))

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
        if not self.both():
            return self.seldom
        return self.differs() and abs(self.b - self.a) <= MARGIN * self.noise

    def counts(self) -> bool:
        """Whether it is a change of the kernel."""
        return self.differs() and not self.by_chance()

    def limit(self) -> float:
        """What is more than this is told."""
        return max(MARGIN * self.noise, LEAST * (self.a or 0))

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
        a, b = self.a.pairs(), self.b.pairs()
        return {pair: Change.of(a.get(pair), b.get(pair)) for pair in {**a, **b}}

    def paths(self) -> dict[Way, Change]:
        """Of each path."""
        return {way: replace(Change.of(self.a.path(way), self.b.path(way)),
                             seldom=self.a.seldom(way) or self.b.seldom(way))
                for way in dict.fromkeys(self.a.ways() + self.b.ways())}

    def shares(self, way: Way) -> tuple[Optional[float], Optional[float]]:
        """Of a path in its scenario."""
        change = Change.of(self.a.share(way), self.b.share(way))
        return change.a, change.b

    def shares_changed(self) -> int:
        """How many paths are taken more or less often, by more than from boot to boot."""
        def changed(way: Way) -> bool:
            a, b = (share or Figure(0, 0) for share in (self.a.share(way), self.b.share(way)))
            return a.most + 0.05 <= b.least or b.most + 0.05 <= a.least

        return sum(map(changed, self.paths()))

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
    form = "%-21s %5s %12s %12s %10s %8s %8s"
    yield from ("", "bare pairs, instructions")
    yield form % ("entry", "order", "A", "B", "change", "%", "noise")
    for pair, change in both.pairs().items():
        yield form % (*pair, shown(change.a, "%.1f"), shown(change.b, "%.1f"), *change.words(),
                      "%.1f" % change.noise)


def paths(both: Comparison) -> Iterator[str]:
    """The table of paths."""
    form = "%-15s %-30s %8s %8s %10s %10s %9s %8s %8s"
    yield ""
    yield "paths, instructions a request, the median; share: of the scenario's requests, in %"
    yield form % ("scenario", "result, stage, source", "share A", "share B", "A", "B", "change",
                  "%", "noise")
    for path, change in both.paths().items():
        yield form % (path.scenario, " ".join(path[1:]),
                      *(shown(share, "%.1f") for share in both.shares(path)),
                      shown(change.a, "%d"), shown(change.b, "%d"), *change.words(),
                      "%d" % change.noise)


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
    unseen = sum(change.by_chance() for change in of_pairs)
    yield (f"  {sum(change.counts() for change in of_pairs)} of {len(of_pairs)} bare pairs"
           f"{f' (not told in {unseen})' if unseen else ''}, "
           f"{both.shares_changed()} of {len(both.paths())} shares")
    for way, changes in both.ways().items():
        alone = [change for change in changes if not change.both()]
        seldom = sum(change.by_chance() for change in alone)
        if len(alone) > seldom:
            yield f"  {way:<18} taken by one of the kernels alone in {len(alone) - seldom} rows"
        if seldom:
            yield f"  {way:<18} not told in {seldom} rows: only some boots of one of the kernels took it"
        if len(alone) < len(changes):
            yield f"  {way:<18} {way_words([change for change in changes if change.both()])}"


def way_words(changes: list[Change]) -> str:
    """What changed where both kernels go this way, and where that can't be told."""
    words = []
    changed = [change for change in changes if change.counts()]
    unseen = [change for change in changes if change.by_chance()]
    same = [change for change in changes if not change.counts() and not change.by_chance()]
    if changed:
        by = [change.b - change.a for change in changed]
        most = max((change.percent() for change in changed),
                   key=lambda percent: abs(float(percent)))
        words.append("%+d to %+d instructions a request, at most %s %%, in %d of %d rows" %
                     (min(by), max(by), most, len(changed), len(changes)))
    elif same:
        words.append("the same in %s %d rows" %
                     (f"{len(same)} of" if unseen else "all", len(changes)) + limit_words(same))
    if unseen:
        words.append(f"not told in {len(unseen)}" + limit_words(unseen))
    return "; ".join(words)


def limit_words(changes: list[Change]) -> str:
    """What would not be seen there, if it is more than nothing."""
    most = max(change.limit() for change in changes)
    return f": there less than {int(most) + 1} instructions can't be seen" if most >= 1 else ""


def kernels_of(files: list[str]) -> Comparison:
    """Reads the files."""
    both = Comparison()
    for name in files:
        side, boot = Path(name).name[0], Path(name).name.partition("-")[0][1:]
        if side not in "AB" or not boot.isdigit():
            give_up(f"{name}: neither A1-* nor B1-* nor of another boot")
        machine = (both.a if side == "A" else both.b).boots.setdefault(boot, Boot())
        for number, line in enumerate(read_lines(name), 1):
            try:
                machine.take(line)
            except (ValueError, TypeError):
                give_up(f"{name}:{number}: not what the guest writes: {line}")
    return both


# ---- the baseline

SHAPE = (*STATES, "cpu")
MOST_MEMORY = 0.05  # of the pages that two kernels manage on the same machine


def refuse(name: str, why: str) -> NoReturn:
    """Ends: figures of another measurement say nothing."""
    give_up(f"{name} cannot be the baseline: {why}")


def baseline_of(name: str, asked: str) -> Kernel:
    """Reads what --form json said of one kernel."""
    kernel = Kernel({"least": Boot(), "most": Boot()})
    environment = None
    for number, line in enumerate(read_lines(name), 1):
        try:
            one = json.loads(line)
            if one["format"] != schema.FORMAT:
                refuse(name, f"its format is {one['format']}, not {schema.FORMAT}")
            if one["type"] == "environment" and environment is not None:
                refuse(name, "it is of several kernels or machines")
            if one["type"] == "environment":
                environment = one
            elif one["type"] == "bench" and one["measured"] == "path":
                way = Way(one["scenario"], one["result"], *(one[key] or "unknown"
                                                            for key in ("stage", "source")))
                kernel.boots["least"].counts[way] = one["requests"]
                if one.get("in_each_boot", True):
                    kernel.boots["most"].counts[way] = 0
                for boot, key in zip(kernel.boots.values(), ("min", "max")):
                    boot.medians[way] = one[key]
            elif one["type"] == "bench" and one["level"] == "bare":
                for boot, key in zip(kernel.boots.values(), ("min", "max")):
                    boot.pairs[Pair(one["entry"], one["order"])] = one[key]
        except (ValueError, KeyError, TypeError) as error:
            lacks = f"it has no {error}" if isinstance(error, KeyError) else error
            refuse(name, f"line {number} is no object of {schema.FORMAT}: {lacks}")
    if environment is None or not kernel.ways():
        refuse(name, "it has no figures; `compare KERNEL --json` prints one")
    if environment.get("asked") != asked:
        refuse(name, f"other things were measured: {environment.get('asked')}; now: {asked} (by: a sum of the scripts "
                     "that measure)")
    kernel.env.update((key, value) for key, _, value in
                      (line.partition(" ") for line in texts.environment_back(environment)))
    return kernel


def memory_of(kernel: Kernel) -> int:
    """Pages that its zones manage."""
    return sum(texts.words_of(value, "environment/zone").get("managed", 0)
               for key, value in kernel.env.items() if key.startswith("zone."))


def shape_of(kernel: Kernel) -> dict[str, str]:
    """What machines must have in common."""
    shape = {key: kernel.env.get(key, "-") for key in SHAPE}
    shape["zones"] = " ".join(sorted(key.removeprefix("zone.") for key in kernel.env
                                     if key.startswith("zone.")))
    return shape


def compare_machines(name: str, both: Comparison) -> None:
    """Ends if the baseline is of another one."""
    of_a, of_b = shape_of(both.a), shape_of(both.b)
    different = [f"{key} {of_a[key]}, now {of_b[key]}" for key in of_a if of_a[key] != of_b[key]]
    pages = memory_of(both.a), memory_of(both.b)
    if abs(pages[0] - pages[1]) > MOST_MEMORY * max(pages):
        different.append(f"managed pages {pages[0]}, now {pages[1]}")
    if different:
        refuse(name, "another machine or configuration: " + "; ".join(different))


# ---- verdicts

def mean(kernel: Kernel, scenario: str) -> Optional[float]:
    """Instructions a request of a scenario, whatever way each went."""
    ways = [way for way in kernel.ways() if way.scenario == scenario]
    return quotient(sum(kernel.count(way) * kernel.path(way).least for way in ways),
                    kernel.asked(scenario))


def worse(change: Change, most: float) -> bool:
    """By more than so many percent, and not by chance."""
    return change.both() and change.counts() and change.b > change.a * (1 + most / 100)


def judged(both: Comparison, most: float) -> Iterator[dict]:
    """A verdict on each pair, path and scenario."""
    kernel = both.b.env.get("release", "")

    def verdict(script: str, name: str, change: Change) -> dict:
        if change.a is None or change.b is None:
            lacks = "the baseline" if change.a is None else "this kernel"
            return verdicts.case(kernel, script, name, "skipped", f"not on {lacks}")
        percent = "within noise" if change.by_chance() else f"{change.percent()} %"
        # Beside the name, which is the same next month.
        return verdicts.case(kernel, script, name, "failed" if worse(change, most) else "passed") | {
            "told": f"{change.a:.1f} -> {change.b:.1f} instructions, {percent}"}

    for pair, change in both.pairs().items():
        yield verdict("pairs", f"{pair.entry} order {pair.order}", change) | {"row": None}
    others = dict.fromkeys(way.scenario for way, change in both.paths().items()
                           if not change.both())
    for way, change in both.paths().items():
        yield verdict("paths", " ".join(way), change) | {"row": None}
    for scenario in dict.fromkeys(way.scenario for way in both.paths()):
        if scenario in others:
            change = Change(mean(both.a, scenario), mean(both.b, scenario))
            yield verdict("paths", f"{scenario}, all of its paths", change) | {"row": None}
        before, after = both.a.failed(scenario), both.b.failed(scenario)
        more = after * both.a.asked(scenario) > before * both.b.asked(scenario)
        if both.a.asked(scenario) and both.b.asked(scenario) and (before or after):
            yield verdicts.case(kernel, "failures", scenario, "failed" if more else "passed") | {
                "row": None,
                "told": f"{before} of {both.a.asked(scenario)} -> {after} of {both.b.asked(scenario)} requests failed"}


def ktap_of(cases: list[dict]) -> Iterator[str]:
    """For people and for harnesses."""
    yield from ("", "KTAP version 1", f"1..{len(cases)}")
    for number, one in enumerate(cases, 1):
        yield (f"{'not ok' if one['result'] == 'failed' else 'ok'} {number} {one['script']} "
               f"{one['case']}" + (f" # SKIP {one['reason']}" if one["reason"] else f" # {one['told']}"))


# ---- for programs

def rounded(value: Optional[float]) -> Optional[float]:
    """To what is told from nothing."""
    return None if value is None else round(value, 3)


def environment_of(kernel: Kernel, asked: str, **more: str) -> dict:
    """What the figures depend on."""
    one, = texts.environment(f"{key} {value}" for key, value in kernel.env.items())
    return {**one, **more, "asked": asked}


def figures_of(kernel: Kernel) -> Iterator[dict]:
    """Of one kernel: a baseline."""
    release = kernel.env.get("release", "")
    def measured(figure: Optional[Figure]) -> dict:
        least, most = figure or (None, None)
        return {"figure": rounded(least), "min": rounded(least), "max": rounded(most)}

    for pair, figure in kernel.pairs().items():
        yield schema.make("bench", {
            "measured": "pair", "kernel": release, "unit": "instructions", "entry": pair.entry,
            "order": pair.order, "level": "bare", "check": "none", "workers": 1, "requests": None,
            **measured(figure), "valid": None})
    for way in kernel.ways():
        yield schema.make("bench", {
            "measured": "path", "kernel": release, "unit": "instructions", **words(way),
            "requests": kernel.count(way), "in_each_boot": not kernel.seldom(way),
            **measured(kernel.path(way))})


def words(way: Way) -> dict:
    """Its names; what is unknown is null."""
    return {key: None if word == "unknown" else word for key, word in way._asdict().items()}


def changes_of(both: Comparison, most: Optional[float]) -> Iterator[dict]:
    """Every figure of both."""
    names = {"a_kernel": both.a.env.get("release", ""), "b_kernel": both.b.env.get("release", "")}

    def change_of(measured: str, what: dict, change: Change, **more) -> dict:
        difference = change.b - change.a if change.both() else None
        one = {"measured": measured, **names, **what, "a_instructions": rounded(change.a),
               "b_instructions": rounded(change.b), "change_instructions": rounded(difference),
               "change_percent": rounded(quotient(100 * difference, change.a)
                                         if change.both() else None),
               "noise_instructions": rounded(change.noise),
               **more, "changed": change.counts()}
        if most is not None:
            one["regression"] = worse(change, most)
        return schema.make("compare", one)

    for pair, change in both.pairs().items():
        yield change_of("pair", pair._asdict(), change)
    for way, change in both.paths().items():
        shares = [rounded(share) for share in both.shares(way)]
        yield change_of("path", words(way), change, a_share_percent=shares[0],
                        b_share_percent=shares[1])
    for scenario in dict.fromkeys(way.scenario for way in both.paths()):
        of_a, of_b = both.a.failed(scenario), both.b.failed(scenario)
        if of_a or of_b:
            yield schema.make("compare", {
                "measured": "failures", **names, "scenario": scenario, "a_failed": of_a,
                "a_requests": both.a.asked(scenario), "b_failed": of_b,
                "b_requests": both.b.asked(scenario), "changed": of_a != of_b})


CSV_COLUMNS = ("measured", "entry", "order", "scenario", "result", "stage", "source",
               "a_instructions", "b_instructions", "change_instructions", "change_percent",
               "noise_instructions",
               "a_share_percent", "b_share_percent", "a_failed", "a_requests", "b_failed",
               "b_requests", "changed")


def csv_of(changes: Iterator[dict]) -> list[str]:
    """A figure a line; what one has not, or is unknown, is empty."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(CSV_COLUMNS)
    table.writerows([one.get(key) for key in CSV_COLUMNS] for one in changes)
    return text.getvalue().splitlines()


def text_of(both: Comparison, cases: list[dict]) -> Iterator[str]:
    """For people."""
    for part in (states, pairs, paths, failures, conclusion):
        yield from part(both)
    yield from LEFT_OUT.split("\n")
    if cases:
        yield from ktap_of(cases)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--form", choices=("text", "json", "csv", "junit", "baseline"),
                        default="text")
    parser.add_argument("--baseline")
    parser.add_argument("--fail-above", type=float)
    parser.add_argument("--asked", default="")
    parser.add_argument("files", nargs="*")
    arguments = parser.parse_args()
    if not arguments.files and arguments.form != "baseline":
        parser.error("files are wanted")
    try:
        both = kernels_of(arguments.files)
        if arguments.baseline:
            both.a = baseline_of(arguments.baseline, arguments.asked)
    except OSError as error:
        give_up(str(error))
    if arguments.form == "baseline":
        return
    if arguments.baseline:
        compare_machines(arguments.baseline, both)
    alone = not both.b.env
    cases = [] if arguments.fail_above is None else list(judged(both, arguments.fail_above))
    if arguments.form == "json" and alone:
        write_lines(map(schema.line_of, [environment_of(both.a, arguments.asked),
                                         *figures_of(both.a)]))
    elif arguments.form == "json":
        write_lines(map(schema.line_of, [
            environment_of(both.a, arguments.asked, side="A"),
            environment_of(both.b, arguments.asked, side="B"),
            *changes_of(both, arguments.fail_above), *cases,
            *([verdicts.suite(both.b.env.get("release", ""), None, cases)] if cases else [])]))
    elif arguments.form == "csv":
        write_lines(csv_of(changes_of(both, arguments.fail_above)))
    elif arguments.form == "junit":
        write_lines(verdicts.junit_of(cases, "compare"))
    else:
        write_lines(text_of(both, cases))
    sys.exit(any(one["result"] == "failed" for one in cases))


if __name__ == "__main__":
    main()
