#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""bench.py [--form text|csv|json] [--window] FILE...   tables of what scripts/bench.guest says

FILE is what one machine said, lines of words:
    env KEY VALUE           of the module's file `environment`, and what else moves results
    idle WHEN PS            a page touched and given back by a process
    row WORKERS ENTRY ORDER LEVEL CHECK REQUESTS PS MIN MAX VALID PERSECOND LATENCIES NOTE
    call LEVEL FIRST NS     a `call` that makes one request: the first one, and the median
    memory COUNT WORKER RECORD USED
Machines for scaling alone have names in -scale.
    --form text     for people; exits with 1 if a budget is exceeded
    --form csv      every row, its kernel and machine
    --form json     the same, the machines and the budgets, as gfplab/1
    --window        the figures are nanoseconds, not instructions
"""
from __future__ import annotations

import argparse
import csv
import io
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Iterable, Iterator, Optional

import schema
import texts
import verdicts
from common import give_up, number_or_none, quotient, read_lines, shown, write_lines

# Each observe level with the most that a pair may take of what it takes bare, at order 0: by entries
# with loops of their own (module/entry.c), and by the other ones.
BUDGETS = {"none": "1.01", "path": "1.02", "time": "1.12", "full": "1.60", "event": "2.50",
           "explain": "2.50"}
OTHER_BUDGETS = {"none": "1.01", "path": "1.05", "time": "1.20", "full": "1.80", "event": "2.80",
                 "explain": "3.50"}
ASKED_MOST = "alloc_pages", "alloc_pages_node", "alloc_pages_nodemask", "get_free_pages"
# The kernel's own part of a trace event, and of a kprobe, is the same for shorter calls.
SHORTER = {"alloc_pages_node": {"event": "2.65"},
           "alloc_pages_nodemask": {"full": "1.65", "event": "2.75"}}
CHECKED_MORE = 0.05     # that check=basic may add
CHECKED_ORDERS = {3: "1.05", 9: "1.10"}     # with it, at observe=none
OTHERS_BUDGET = "1.0005"    # pages of others
GROWTH_BUDGET = "1.02"      # of our own part, with workers
CALL_BUDGET = "1"           # milliseconds
TOLERANCE = 0.0000001
COLUMNS = ("kernel", "online", "workers", "entry", "order", "level", "check", "requests", "figure",
           "ratio", "min", "max", "valid", "per_second", "latencies", "note", "init_on_alloc")
EMULATED = "TCG"    # in the name of a processor that QEMU translates
# Entries without a budget. A pair of the others makes one request at order 0, and nothing besides
# that others could make longer or shorter from one run to the next.
SEARCHES = "a pair looks for a free range first, which takes as long as it takes"
EXCUSED = {
    "page_frag": "hundreds share a page: hardly a pair asks the allocator for anything",
    "contig_range": SEARCHES,
    "vmalloc": SEARCHES,
}


@dataclass(frozen=True)
class Row:
    """A line `row`. Times are in picoseconds, None where they were not measured."""
    workers: int
    entry: str
    order: int
    level: str
    check: str
    requests: str
    median: Optional[float]
    least: Optional[float]
    most: Optional[float]
    valid: str
    per_second: str
    latencies: str
    note: str

    @classmethod
    def of(cls, words: list[str]) -> Row:
        """The words behind `row`."""
        workers, entry, order, level, check, requests, *rest = words
        times, rest = rest[:3], rest[3:]
        return cls(int(workers), entry, int(order), level, check, requests,
                   *map(number_or_none, times), *rest)


@dataclass
class Series:
    """Rows of one entry and order, with so many workers, by level; `checked`: check=basic."""
    machine: Machine
    workers: int
    entry: str
    order: int
    plain: dict[str, Row] = field(default_factory=dict)
    checked: dict[str, Row] = field(default_factory=dict)

    def bare(self) -> Optional[float]:
        """The two calls alone."""
        return self.median("bare")

    def median(self, level: str) -> Optional[float]:
        """Of a level, without checks."""
        return self.plain[level].median if level in self.plain else None

    def ratio(self, row: Row) -> Optional[float]:
        """Of one of these rows to bare."""
        return quotient(row.median, self.bare())

    def ratio_of(self, level: str) -> Optional[float]:
        """Of a level to bare, without checks."""
        return quotient(self.median(level), self.bare())

    def beyond(self, level: str) -> Optional[float]:
        """Our own part: instructions that a level takes more than bare."""
        if self.median(level) is None or self.bare() is None:
            return None
        return self.machine.cost(self.median(level) - self.bare())


@dataclass
class Machine:
    """What a file says; `window`: of real time."""
    name: str
    window: bool = False
    env: dict[str, str] = field(default_factory=dict)
    idle: dict[str, float] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    memory: list[list[str]] = field(default_factory=list)
    calls: dict[str, list[float]] = field(default_factory=dict)

    def take(self, line: str) -> None:
        """A line; a ValueError if it lacks words."""
        word, _, rest = line.partition(" ")
        if word == "env":
            key, _, value = rest.partition(" ")
            self.env[key] = value
        elif word == "idle":
            when, took = rest.split()
            self.idle[when] = float(took)
        elif word == "call":
            level, first, median = rest.split()
            self.calls[level] = [float(first), float(median)]
        elif word == "memory":
            count, worker, record, used = rest.split()
            self.memory.append([count, worker, record, used])
        elif word == "row":
            self.rows.append(Row.of(rest.split()))

    def told(self, key: str) -> str:
        """Of the environment."""
        return self.env.get(key, "")

    def invalid(self, row: Row) -> Optional[str]:
        """Why the time of a row means nothing; None: it does."""
        if not self.window:
            return "instructions were counted, not time"
        if EMULATED in self.told("cpu"):
            return "an emulated processor: its time is no machine's"
        return None if row.valid == "yes" else row.valid.replace("_", " ").removeprefix("no: ")

    def is_scale(self) -> bool:
        """Whether this machine is there for scaling alone."""
        return self.name.endswith("-scale")

    def cost(self, picoseconds: Optional[float]) -> Optional[float]:
        """Nanoseconds, or instructions: a turn of the loop that calibrates the clock has two."""
        if self.window:
            return quotient(picoseconds, 1000)
        loop = number_or_none(self.told("clock.loop_ps"))
        return quotient(None if picoseconds is None else picoseconds * 2, loop)

    def series(self) -> list[Series]:
        """The rows, in the order in which the guest measured them without checks."""
        found: dict[tuple, Series] = {}
        for row in sorted(self.rows, key=lambda row: row.check != "none"):
            key = row.workers, row.entry, row.order
            series = found.setdefault(key, Series(self, *key))
            (series.plain if row.check == "none" else series.checked)[row.level] = row
        return list(found.values())


def machine_of(path: str, window: bool) -> Machine:
    """Reads a file."""
    machine = Machine(Path(path).stem, window)
    for number, line in enumerate(read_lines(path), 1):
        try:
            machine.take(line)
        except (ValueError, TypeError):
            give_up(f"{path}:{number}: not what bench.guest writes: {line}")
    return machine


def title(level: str) -> str:
    """A level as a column's head."""
    return "full+event" if level == "event" else level


def option(level: str) -> str:
    """A level as it is asked for."""
    if level == "event":
        return "observe=full, gfplab:gfplab_request enabled"
    return f"observe={level}"


def exceeds(got: Optional[float], limit: str) -> bool:
    """What is unknown keeps no budget."""
    return got is None or got > float(limit) + TOLERANCE


@dataclass
class Text:
    """The report for people: its lines, and how many budgets were exceeded."""
    lines: list[str] = field(default_factory=list)
    exceeded: int = 0
    budgets: list[dict] = field(default_factory=list)
    kernel: str = ""

    def add(self, line: str = "") -> None:
        """A line."""
        self.lines.append(line)

    def verdict(self, what: str, got: Optional[float], limit: str) -> None:
        """A budget."""
        bad = exceeds(got, limit)
        self.add("  %-44s %8s <= %-6s %s" %
                 (what, shown(got, "%.4f"), limit, "EXCEEDED" if bad else "ok"))
        self.exceeded += bad
        name = f"{what}: {shown(got, '%.4f')} <= {limit}"
        self.note(name, bad)

    def note(self, name: str, bad: bool) -> None:
        """A budget, for programs."""
        self.budgets.append(verdicts.case(self.kernel, "budgets", name,
                                          "failed" if bad else "passed") | {"row": None})


def add_header(text: Text, machine: Machine) -> None:
    """What the figures of a machine depend on."""
    text.add()
    text.add("%s: init_on_alloc %s, init_on_free %s, processors online %s, nodes %s, gfp %s, "
             "clock %s" % tuple(map(machine.told, (
                 "release", "init_on_alloc", "init_on_free", "cpus_online", "nodes_online", "gfp",
                 "clock"))))
    for key, value in machine.env.items():
        at = value.find("pcp_high=")
        if key.startswith("zone") and at >= 0:
            text.add(f"  {key}: {value[at:]}")
    if not machine.window:
        loop, reading = (shown(machine.cost(number_or_none(machine.told(key))), "%.3f")
                         for key in ("clock.loop_ps", "clock.read_ps"))
        text.add(f"  calibration: a turn of an empty loop {loop}, "
                 f"a reading of the clock {reading} instructions")


def add_table(text: Text, machine: Machine) -> None:
    """Instructions a pair, and ratios to bare: an entry and order a line."""
    text.add()
    text.add("%-21s %5s %7s %10s" % ("entry", "order", "workers", "bare") +
             "".join(" %16s" % title(level) for level in BUDGETS))
    for series in machine.series():
        if series.plain:
            text.add(plain_line(series))
            if series.checked:
                text.add(checked_line(series))


def plain_line(series: Series) -> str:
    """Without checks."""
    cost = series.machine.cost
    line = "%-21s %5s %7s %10s" % (series.entry, series.order, series.workers,
                                   shown(cost(series.bare()), "%.1f"))
    for level in BUDGETS:
        line += " %10s %5s" % (shown(cost(series.median(level)), "%.1f"),
                               shown(series.ratio_of(level), "%.3f"))
    return line


def checked_line(series: Series) -> str:
    """With check=basic; levels that were not asked for stay empty."""
    line = "%-21s %5s %7s %10s" % ("  with check=basic", series.order, series.workers, "")
    for level in BUDGETS:
        row = series.checked.get(level)
        line += " %16s" % "" if row is None else " %10s %5s" % (
            shown(series.machine.cost(row.median), "%.1f"), shown(series.ratio(row), "%.3f"))
    return line.rstrip(" ")


def add_windows(text: Text, machines: list[Machine]) -> None:
    """Real time; what was disturbed has no figure."""
    text.add()
    text.add("%-21s %5s %7s %-8s %14s %27s  %s" %
             ("entry", "order", "workers", "level", "requests/s", "ns a request, min/median/max",
              "p50/p90/p99/p99.9 ns"))
    for machine, row in ((machine, row) for machine in machines for row in machine.rows):
        invalid = machine.invalid(row)
        level = row.level if row.check == "none" else f"{row.level}+{row.check}"
        head = "%-21s %5s %7s %-8s " % (row.entry, row.order, row.workers, level)
        if invalid is None:
            text.add(head + "%14s %9.1f %8.1f %8.1f  %s" % (
                row.per_second, *((ps or 0) / 1000 for ps in (row.least, row.median, row.most)),
                "-" if "unknown" in row.latencies else row.latencies))
        else:
            text.add(head + "invalid: " + invalid)


def add_budgets(text: Text, machines: list[Machine]) -> None:
    """Those of alloc_pages at order 0, on the first machine that has one worker there."""
    for machine in machines:
        of_one = [series for series in machine.series()
                  if series.plain and (series.workers, series.entry) == (1, "alloc_pages")]
        for series in of_one:
            if series.order == 0:
                add_budgets_of(text, series)
                add_checked_orders(text, of_one)
                return


def add_budgets_of(text: Text, series: Series) -> None:
    """Without checks, of others' pages, and with checks."""
    idle = series.machine.idle
    text.add()
    text.add(f"budgets, {series.machine.told('release')}: "
             "alloc_pages, order 0, check=none, ratio to bare")
    for level, limit in BUDGETS.items():
        if level in series.plain:
            text.verdict(option(level), series.ratio_of(level), limit)
    before = idle.get("not-loaded")
    if before:
        text.verdict("others' pages, module loaded", quotient(idle.get("loaded"), before),
                     OTHERS_BUDGET)
        text.verdict("others' pages, after runs", quotient(idle.get("idle"), before),
                     OTHERS_BUDGET)
    if series.checked:
        add_checked_budgets(text, series)


def add_checked_budgets(text: Text, series: Series) -> None:
    """The same budgets, and what the checks may add."""
    text.add()
    text.add("the same with check=basic, the default")
    for level, limit in BUDGETS.items():
        row = series.checked.get(level)
        if row is not None:
            text.verdict(option(level), series.ratio(row), f"{float(limit) + CHECKED_MORE:.2f}")


def add_checked_orders(text: Text, of_one: list[Series]) -> None:
    """What the checks cost where a block has several pages."""
    for series in of_one:
        row, limit = series.checked.get("none"), CHECKED_ORDERS.get(series.order)
        if row is not None and limit is not None:
            text.verdict(f"{option('none')}, order {series.order}", series.ratio(row), limit)


def add_entry_budgets(text: Text, machines: list[Machine]) -> None:
    """Every entry at order 0, and those that are asked most at each order."""
    all_series = [series for machine in machines if not machine.is_scale()
                  for series in machine.series() if series.bare() is not None and
                  (series.order == 0 or series.entry in ASKED_MOST)]
    if all_series:
        text.add()
        text.add(f"budgets, {all_series[0].machine.told('release')}: check=none, ratio to bare")
    for series in all_series:
        budgets = {**(BUDGETS if series.entry in ASKED_MOST else OTHER_BUDGETS),
                   **SHORTER.get(series.entry, {})}
        over = "".join(
            f" {title(level)} {series.ratio_of(level):.3f} > {limit}"
            for level, limit in budgets.items()
            if series.ratio_of(level) is not None and exceeds(series.ratio_of(level), limit))
        if not over:
            verdict = "ok"
        elif series.entry in EXCUSED:
            verdict = f"none: {EXCUSED[series.entry]}"
        else:
            verdict = f"EXCEEDED:{over}"
            text.exceeded += 1
        text.note(f"{series.entry}, order {series.order}, {series.workers} workers: {verdict}",
                  verdict.startswith("EXCEEDED"))
        text.add("  %-21s order %d %2d workers  %s" %
                 (series.entry, series.order, series.workers, verdict))


def add_scaling(text: Text, machines: list[Machine]) -> None:
    """Our own part, with a worker on each processor, against one processor."""
    at_scale = [series for machine in machines for series in machine.series()
                if (series.entry, series.order) == ("alloc_pages", 0)
                and str(series.workers) == machine.told("cpus_online")]
    if len(at_scale) < 2:
        return
    at_scale.sort(key=lambda series: series.workers)
    text.add()
    text.add(f"our own part, {machines[0].told('release')}: "
             "instructions a pair beyond bare, a worker on each processor")
    text.add("%9s %10s" % ("workers", "bare") +
             "".join(" %11s" % title(level) for level in BUDGETS))
    for series in at_scale:
        text.add("%9s %10s" % (series.workers,
                               shown(series.machine.cost(series.bare()), "%.1f")) +
                 "".join(" %11s" % shown(series.beyond(level), "%.2f") for level in BUDGETS))
    text.verdict("most that our own part grows", growth(at_scale), GROWTH_BUDGET)


def growth(at_scale: list[Series]) -> Optional[float]:
    """How often our own part with one worker is contained in ours with more, at most."""
    worst = 1.0
    for series in at_scale:
        for level in BUDGETS:
            one, own = at_scale[0].beyond(level), series.beyond(level)
            if one is None or own is None or one <= 0:
                return None
            worst = max(worst, own / one)
    return worst


def add_memory(text: Text, machines: list[Machine]) -> None:
    """What runs of several lengths take."""
    lines = [line for machine in machines for line in machine.memory]
    if not lines:
        return
    text.add()
    text.add("memory: at observe=time, one worker")
    for number, (count, worker, record, used) in enumerate(lines):
        text.add(f"  {count:>9} requests: {worker} bytes a worker, {record} a record, "
                 f"{used} KiB of the machine's memory")
        if number:
            text.verdict("bytes a worker, against fewer requests",
                         quotient(number_or_none(worker), number_or_none(lines[0][1])), "1")


def add_calls(text: Text, machines: list[Machine]) -> None:
    """A `call` of one request, where the one before has left its probes attached."""
    for machine in machines:
        if not machine.calls:
            continue
        text.add()
        text.add(f"a call of one request, {machine.told('release')}, "
                 f"{machine.told('cpus_online')} processors online: milliseconds")
        for level, (first, median) in machine.calls.items():
            text.add(f"  {option(level)}, the first one: {first / 1e6:.3f}")
            text.verdict(f"{option(level)}, the next ones", median / 1e6, CALL_BUDGET)


def add_notes(text: Text, machines: list[Machine]) -> None:
    """Rows that did not go as they should."""
    notes = [f"note: {row.workers} workers, {row.entry} order {row.order} at {row.level}: "
             f"{row.note}"
             for machine in machines for row in machine.rows if not row.note.startswith("ok")]
    if notes:
        text.add()
        text.lines += notes


def text_of(machines: list[Machine], window: bool) -> Text:
    """The report for people."""
    text = Text(kernel=machines[0].told("release") if machines else "")
    for machine in machines:
        if not machine.is_scale():
            add_header(text, machine)
            if not window:
                add_table(text, machine)
    if window:
        add_windows(text, machines)
    else:
        add_budgets(text, machines)
        add_entry_budgets(text, machines)
        add_scaling(text, machines)
        add_memory(text, machines)
        add_calls(text, machines)
    add_notes(text, machines)
    return text


def records(machines: list[Machine]) -> Iterator[list[str]]:
    """Every row, as words in the order of COLUMNS."""
    for machine in machines:
        bare = {(series.workers, series.entry, series.order): series.bare()
                for series in machine.series()}
        for row in machine.rows:
            figure, least, most = (shown(machine.cost(ps), "%.3f")
                                   for ps in (row.median, row.least, row.most))
            ratio = quotient(row.median, bare[row.workers, row.entry, row.order])
            yield [machine.told("release"), machine.told("cpus_online"), str(row.workers),
                   row.entry, str(row.order), row.level, row.check, row.requests, figure,
                   shown(ratio, "%.5f"), least, most, *time_of(machine, row),
                   row.note, machine.told("init_on_alloc")]


def time_of(machine: Machine, row: Row) -> tuple[str, str, str]:
    """Whether a row is valid, requests a second, latencies: of time, where the figures are time."""
    if not machine.window:
        return "-", "-", "-"
    invalid = machine.invalid(row)
    return "yes" if invalid is None else f"no: {invalid}", row.per_second, row.latencies


def csv_of(rows: Iterable[list[str]]) -> list[str]:
    """A row a line. Notes may have commas."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([COLUMNS, *rows])
    return text.getvalue().splitlines()


def integer_or_none(word: str) -> Optional[int]:
    """Of a word of a row; `-` and `unknown` stand for no number."""
    return int(word) if word.isdecimal() else None


def object_of(machine: Machine, row: Row, bare: Optional[float]) -> dict:
    """A row. Whether its time is valid is a question only where there is time: a machine that
    counts instructions has none, however long its clock says that it took."""
    def figure(picoseconds: Optional[float]) -> Optional[float]:
        cost = machine.cost(picoseconds)
        return None if cost is None else round(cost, 3)

    ratio = quotient(row.median, bare)
    valid = machine.invalid(row) is None
    undisturbed = valid or not machine.window
    found = {
        "measured": "pair", "kernel": machine.told("release"), "machine": machine.name,
        "unit": "ns" if machine.window else "instructions", "entry": row.entry, "order": row.order,
        "level": row.level, "check": row.check, "workers": row.workers,
        "online": integer_or_none(machine.told("cpus_online")),
        "requests": integer_or_none(row.requests),
        "figure": figure(row.median) if undisturbed else None,
        "ratio": None if ratio is None or not undisturbed else round(ratio, 5),
        "min": figure(row.least) if undisturbed else None,
        "max": figure(row.most) if undisturbed else None,
        "valid": valid if machine.window else None,
        "per_second": integer_or_none(row.per_second) if valid else None,
        "note": row.note, "init_on_alloc": integer_or_none(machine.told("init_on_alloc"))}
    if machine.window and not valid:
        found["invalid"] = machine.invalid(row)
    if valid:
        found["latency_ns"] = {key: integer_or_none(word) for key, word in
                               zip(("p50", "p90", "p99", "p99.9"), row.latencies.split("/"))}
    return schema.make("bench", found)


def json_of(machines: list[Machine], window: bool) -> list[str]:
    """Each machine, its rows, and in the end the budgets of each kernel."""
    found = []
    for machine in machines:
        found += [one | {"machine": machine.name} for one in texts.environment(
            f"{key} {value}" for key, value in machine.env.items())]
        bare = {(series.workers, series.entry, series.order): series.bare()
                for series in machine.series()}
        found += [object_of(machine, row, bare[row.workers, row.entry, row.order])
                  for row in machine.rows]
    for kernel in dict.fromkeys(machine.told("release") for machine in machines):
        found += text_of([machine for machine in machines if machine.told("release") == kernel],
                         window).budgets
    return list(map(schema.line_of, found))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--form", choices=("text", "csv", "json"), default="text")
    parser.add_argument("--window", action="store_true")
    parser.add_argument("files", nargs="+")
    arguments = parser.parse_args()
    try:
        machines = [machine_of(path, arguments.window) for path in arguments.files
                    if Path(path).stat().st_size]
    except OSError as error:
        give_up(str(error))
    if arguments.form == "text":
        text = text_of(machines, arguments.window)
        write_lines(text.lines)
        sys.exit(text.exceeded > 0)
    if arguments.form == "csv":
        write_lines(csv_of(records(machines)))
    else:
        write_lines(json_of(machines, arguments.window))


if __name__ == "__main__":
    main()
