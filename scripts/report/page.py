#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""page.py FILE...   results (gfplab/1) as one HTML page

A page needs nothing besides itself: pictures are inline SVG, and without JavaScript only the
sorting of tables is missing. Whatever a result holds is text: it is escaped.
Exit status: 1 if a FILE is no results, with the line, or if the page would show nothing of them.
"""
from __future__ import annotations

import argparse
import json
import re
import sys
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Iterable, Iterator, NoReturn, Optional

import jinja2
import markupsafe
import charts
import schema
import walk
from common import CANNOT, read_lines
from verdicts import text as printable

MOST_RECORDS = 200      # of a job that are listed; all are counted
MOST_CHANGES = 40       # rows of a picture
MOST_LOOKS = 200        # of a watch that are listed
DRAWN_LOOKS = 3         # of them in a picture
WAY = "order", "result", "stage", "source", "reserve", "page_nid", "zone"  # that an answer is of
# What `view_of` has where something is to be shown
SECTIONS = ("errors", "runs", "stacks", "heats", "walks", "answers", "memory", "looks", "changes",
            "bench", "suites", "failures", "whys", "environments")
RECORD_KEYS = ("seq", "entry", "gfp", "order", "nid", "result", "stage", "source", "reserve",
               "page_nid", "zone", "attempts", "latency_ns", "predicted")
RECORD_NUMBERS = "seq", "order", "nid", "page_nid", "attempts", "latency_ns"


@dataclass
class Job:
    """What was asked once, and all that came of it. `kernel`: the release of the environment
    before it."""
    number: int = 1
    kernel: Optional[str] = None
    options: dict = field(default_factory=dict)
    run: Optional[dict] = None
    status: Optional[dict] = None
    histogram: list[dict] = field(default_factory=list)
    records: list[dict] = field(default_factory=list)
    walks: list[dict] = field(default_factory=list)
    states: list[dict] = field(default_factory=list)
    answers: list[dict] = field(default_factory=list)

    def request(self) -> str:
        """In words."""
        first = self.records[0] if self.records else {}
        entry = self.options.get("entry") or first.get("entry") or "requests"
        gfp = self.options.get("gfp") or "|".join(first.get("gfp") or [])
        more = [f"{key} {self.options[key]}" for key in ("nid", "nodes", "squeeze", "fragment",
                                                        "lists", "cma_only", "compact")
                if self.options.get(key, "none") not in ("none", "-1", "all")]
        order = self.options.get("order", first.get("order", ""))
        return " ".join([entry, gfp, f"order {order}", *more])

    def title(self) -> str:
        """For people."""
        return self.options.get("title") or self.request()

    def is_of(self, answer: dict) -> bool:
        """Whether an answer tells of it."""
        return answer.get("request") == self.title() and \
            self.kernel in (None, answer.get("kernel"))

    def why(self, record: Optional[dict]) -> Optional[str]:
        """The sentence of the way that a record took."""
        return next((one["why"] for one in self.answers if record and
                     all(one.get(key) == record.get(key) for key in WAY)), None)

    def counts(self, prefix: str, words: tuple[str, ...]) -> dict[str, int]:
        """Requests by stage or source; of the records where there are no sums."""
        if self.run:
            return {word: self.run.get(f"{prefix}.{word}") or 0 for word in words}
        found = [record.get(prefix) or "unknown" for record in self.records
                 if record["result"] != "freed"]
        return {word: found.count(word) for word in words}


@dataclass
class Results:
    """All of the files, by type. `looks`: those of `watch`, of one machine each."""
    jobs: list[Job] = field(default_factory=list)
    by_type: dict[str, list[dict]] = field(default_factory=dict)
    looks: list[list[dict]] = field(default_factory=lambda: [[]])
    kernel: Optional[str] = None

    def of(self, name: str) -> list[dict]:
        """Objects of a type."""
        return self.by_type.get(name, [])

    def kernels(self) -> list[str]:
        """Releases, each once."""
        return list(dict.fromkeys(one.get("release") or "unknown" for one in self.of("environment")))

    def name(self, job: Job) -> str:
        """Of a job on the page: with its kernel where there are several."""
        kernel = f"{job.kernel or 'unknown kernel'}: " if len(self.kernels()) > 1 else ""
        return f"{job.number}. {kernel}{job.title()}"

    def new_file(self) -> None:
        """An environment is that of its own file, and so is a machine that was watched."""
        self.kernel = None
        self.looks.append([])

    def add(self, options: dict) -> None:
        """A job."""
        self.jobs.append(Job(len(self.jobs) + 1, self.kernel, options))

    def job(self, needed: str) -> Job:
        """The last one; a new one if that has already what comes only once."""
        if not self.jobs or (needed and getattr(self.jobs[-1], needed) is not None):
            self.add({})
        return self.jobs[-1]

    def look(self, one: dict) -> None:
        """An object of `watch`."""
        if self.looks[-1] and self.looks[-1][-1]["kernel"] != one["kernel"]:
            self.looks.append([])
        self.looks[-1].append(one)

    def take(self, one: dict) -> None:
        """An object."""
        name = one["type"]
        self.by_type.setdefault(name, []).append(one)
        if name == "environment":
            self.kernel = one.get("release")
        elif name == "watch":
            self.look(one)
        elif name == "answer":
            # Of several requests that are alike, of the one that it follows
            job = next((job for job in reversed(self.jobs) if job.is_of(one)), None)
            if job:
                job.answers.append(one)
        elif name == "job":
            self.add({key: value for key, value in one.items() if key not in ("format", "type")})
        elif name == "run":
            self.job("run").run = one
        elif name == "status":
            self.job("status").status = one
        elif name in ("histogram", "record", "explain", "state"):
            lists = {"histogram": "histogram", "record": "records", "explain": "walks",
                     "state": "states"}
            getattr(self.job(""), lists[name]).append(one)


def cleaned(value: Any) -> Any:
    """Every text in it printable."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, list):
        return [cleaned(one) for one in value]
    if isinstance(value, dict):
        return {printable(key): cleaned(one) for key, one in value.items()}
    return value


def read(names: list[str]) -> Results:
    """The files."""
    results = Results()
    for name in names:
        results.new_file()
        for number, line in enumerate(read_lines(name), 1):
            try:
                one = json.loads(line)
                if one["format"] != schema.FORMAT:
                    raise ValueError(f"format {one['format']!r}, not {schema.FORMAT}")
                results.take(cleaned(one))
            except (ValueError, KeyError, TypeError) as error:
                print(f"report: {name}:{number}: no object of {schema.FORMAT}: {error}",
                      file=sys.stderr)
                sys.exit(1)
    return results


# ---- sections

def median_of(buckets: list[dict]) -> Optional[int]:
    """The limit of the bucket that the median is in; None: it is in the last."""
    total = sum(bucket["count"] for bucket in buckets)
    seen = 0
    for bucket in sorted(buckets, key=lambda one: (one["le_ns"] == "inf", str(one["le_ns"]).zfill(20))):
        seen += bucket["count"]
        if 2 * seen >= total:
            return None if bucket["le_ns"] == "inf" else bucket["le_ns"]
    return None


def cells_of(jobs: Iterable[Job]) -> charts.Cells:
    """Latency by stage and order, of some jobs together."""
    found: dict[tuple[str, int], list[dict]] = {}
    for bucket in (bucket for job in jobs for bucket in job.histogram):
        found.setdefault((bucket["stage"] or "unknown", bucket["order"]), []).append(bucket)
    return {key: (median_of(buckets), sum(bucket["count"] for bucket in buckets))
            for key, buckets in found.items()}


def heats_of(results: Results) -> list[dict]:
    """Latency by stage and order, of each kernel; all with the same scale."""
    several = len(results.kernels()) > 1
    kernels = dict.fromkeys(job.kernel if several else None for job in results.jobs)
    by_kernel = {kernel: cells_of(job for job in results.jobs if not several or job.kernel == kernel)
                 for kernel in kernels}
    medians = [median for cells in by_kernel.values() for median, _ in cells.values() if median]
    heats = []
    for kernel, cells in by_kernel.items():
        rows = [stage for stage in charts.STAGES if any(key[0] == stage for key in cells)]
        columns = sorted({order for _, order in cells})
        if cells:
            heats.append({"kernel": (kernel or "unknown kernel") if several else "",
                          "svg": charts.heat(rows, columns, cells, medians),
                          "rows": [(stage, order, *cells[stage, order]) for stage in rows
                                   for order in columns if (stage, order) in cells]})
    return heats


def stacks_of(results: Results) -> list[dict]:
    """Stages, then sources."""
    jobs = [job for job in results.jobs if job.run or job.records]
    if not jobs:
        return []
    labels = [results.name(job) for job in jobs]
    stacks = []
    for prefix, words, title in (("stage", charts.STAGES, "How far requests got"),
                                 ("source", charts.SOURCES, "Where blocks came from")):
        counts = [job.counts(prefix, words) for job in jobs]
        stacks.append({"title": title, "svg": charts.stacked(labels, {
            word: [one[word] for one in counts] for word in words})})
    return stacks


def squeezes_of(job: Job) -> Iterator[dict]:
    """Zones that a memory state changed, as the summary tells: before, in the state, after."""
    run = job.run or {}
    for key in run:
        prefix, _, last = key.rpartition(".")
        if last != "zone" or f"{prefix}.before.free_area" not in run:
            continue
        at = [f"{prefix}.{moment}" for moment in charts.MOMENTS if f"{prefix}.{moment}.free_area" in run]
        yield {"zone": run[key], "moments": [one.rpartition(".")[2] for one in at],
               "free": [run[one] or 0 for one in at],
               "marks": {mark: run[f"{prefix}.{mark}"] for mark in ("min", "low", "high")
                         if isinstance(run.get(f"{prefix}.{mark}"), int)},
               "blocks": [run[f"{one}.free_area"] for one in at]}


def states_of(job: Job) -> Iterator[dict]:
    """Zones of the states that were kept: each zone, at the moments that there are of it."""
    zones: dict[str, dict[str, dict]] = {}
    for state in job.states:
        for zone in state["zones"]:
            zones.setdefault(f"{zone['node']}:{zone['zone']}", {})[state.get("when") or "then"] = zone
    for name, moments in zones.items():
        last = list(moments.values())[-1]
        yield {"zone": name, "moments": list(moments),
               "free": [zone.get("free") or 0 for zone in moments.values()],
               "marks": {mark: last[mark] for mark in ("min", "low", "high") if mark in last},
               "blocks": [zone.get("blocks") or [] for zone in moments.values()]}


def time_of(seconds: int) -> str:
    """Of a clock that may be wrong by any amount."""
    try:
        return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (ValueError, OverflowError, OSError):
        return f"{seconds}s"


def drawn_of(looks: list[dict]) -> list[dict]:
    """The first, the last, and some at equal distances between them."""
    if len(looks) <= DRAWN_LOOKS:
        return looks
    return [looks[at * (len(looks) - 1) // (DRAWN_LOOKS - 1)] for at in range(DRAWN_LOOKS)]


def watched_of(looks: list[dict]) -> Iterator[dict]:
    """Zones of a machine that was watched; moments are times."""
    drawn = drawn_of(looks)
    times = [time_of(one["time_s"]) for one in drawn]
    title = f"{drawn[0]['kernel']}, {times[0]}"
    if len(looks) > 1:
        title += f" to {times[-1]}, {len(drawn)} of {len(looks)} looks"
    for name in dict.fromkeys((zone["node"], zone["zone"]) for one in drawn for zone in one["zones"]):
        found = [(time, zone) for time, one in zip(times, drawn) for zone in one["zones"]
                 if (zone["node"], zone["zone"]) == name]
        yield {"job": title, "zone": f"{name[0]}:{name[1]}",
               # The day is in the title.
               "moments": [time.removesuffix(" UTC").split(" ", 1)[-1] for time, _ in found],
               "free": [zone["free"] for _, zone in found],
               "marks": {mark: found[-1][1][mark] for mark in ("min", "low", "high")},
               "blocks": [zone["blocks"] or [] for _, zone in found]}


def looks_of(results: Results) -> Optional[dict]:
    """What `watch` saw, as text: zones, and jobs."""
    looks = results.of("watch")
    return {"all": len(looks), "most": MOST_LOOKS,
            "zones": [(time_of(one["time_s"]), one["kernel"], zone) for one in looks[:MOST_LOOKS]
                      for zone in one["zones"]],
            "jobs": [(time_of(one["time_s"]), one["kernel"], job) for one in looks[:MOST_LOOKS]
                     for job in one["jobs"]]} if looks else None


def memory_of(results: Results) -> list[dict]:
    """Of each job, zones whose free blocks changed most: those of its memory state, else all; and
    all of each machine that was watched."""
    found = []
    for job in results.jobs:
        zones = list(squeezes_of(job))
        if not zones and len(job.states) > 1:
            zones = list(states_of(job))
        elif not zones and job.states and not found:
            zones = list(states_of(job))
        found += [{"job": results.name(job), **zone} for zone in zones]
    found += [zone for looks in results.looks if looks for zone in watched_of(looks)]
    for zone in found:
        zone["svg"] = charts.memory(zone["moments"], zone["free"], zone["marks"], zone["blocks"])
    return found


def walk_of(results: Results, job: Job, explain: dict) -> dict:
    """With what its record says became of it, and why."""
    record = record_of(job, explain)
    title = results.name(job) if job.options or job.run else explain["call"] or "a request"
    return {"title": title + (" (after the last request, all blocks held)" if explain.get("when") else ""),
            "call": explain["call"], "note": explain.get("note"), "svg": walk.svg_of(explain),
            "record": record, "why": job.why(record)}


def walks_of(results: Results) -> list[dict]:
    """Of each job."""
    return [walk_of(results, job, one) for job in results.jobs for one in job.walks]


def record_of(job: Job, explain: dict) -> Optional[dict]:
    """The first of the walk's order that was predicted as the walk ends; else the first of its
    order."""
    said = re.search(r", order ([0-9]+)\)", explain["call"] or "")
    same = [one for one in job.records if not said or str(one["order"]) == said.group(1)]
    ends = "/".join("|".join(one) for one in (explain["prediction"] or {}).values())
    return next((one for one in same if one.get("predicted") == ends), same[0] if same else None)


def label_of(change: dict) -> str:
    """Of what a figure is."""
    if change["measured"] == "pair":
        return f"{change['entry']} order {change['order']}"
    return " ".join(str(change.get(key) or "unknown")
                    for key in ("scenario", "result", "stage", "source"))


def changes_of(results: Results) -> Optional[dict]:
    """A and B: the largest changes as bars, all as a table."""
    found = results.of("compare")
    rows = [one for one in found if one["measured"] != "failures"]
    if not found:
        return None
    known = sorted((one for one in rows if one.get("change_percent") is not None),
                   key=lambda one: -abs(one["change_percent"]))[:MOST_CHANGES]
    svg = charts.changes([label_of(one) for one in known],
                         [one["change_percent"] for one in known],
                         [one["changed"] for one in known]) if known else ""
    return {"a": found[0]["a_kernel"], "b": found[0]["b_kernel"], "svg": svg,
            "rows": [(label_of(one), mark_of(one), one) for one in rows],
            "failures": [one for one in found if one["measured"] == "failures"]}


def mark_of(change: dict) -> str:
    """~ before a difference that is no change: the same kernel booted twice has such a one."""
    return "~" if change.get("change_instructions") and not change["changed"] else ""


def bench_of(results: Results) -> Optional[dict]:
    """Costs: of one entry and order the levels as bars, all as a table."""
    rows = results.of("bench")
    first = next((one for one in rows if one["measured"] == "pair" and one["figure"] is not None),
                 None)
    if not rows:
        return None
    svg = ""
    if first:
        same = [one for one in rows if one["measured"] == "pair" and one["figure"] is not None and
                all(one.get(key) == first.get(key) for key in ("kernel", "machine", "entry",
                                                             "order", "workers", "unit"))]
        svg = charts.bars([one["level"] + ("" if one["check"] == "none" else " " + one["check"])
                           for one in same], [one["figure"] for one in same],
                          f"{first['unit']} a pair of {first['entry']}, order {first['order']}")
    return {"svg": svg, "rows": [(label_of(one), one) for one in rows]}


def answers_of(results: Results) -> list[tuple[Optional[int], dict]]:
    """With the number of the job that each is of."""
    jobs = {id(one): job.number for job in results.jobs for one in job.answers}
    return [(jobs.get(id(one)), one) for one in results.of("answer")]


def view_of(results: Results, names: list[str]) -> dict:
    """All that the template reads."""
    verdicts = results.of("verdict")
    runs = [job.run for job in results.jobs if job.run]
    agree, differ = (sum(run.get(f"explain.{word}") or 0 for run in runs)
                     for word in ("agree", "differ"))
    return {
        "names": names, "environments": results.of("environment"), "errors": results.of("error"),
        "jobs": results.jobs, "runs": runs,
        "totals": {key: sum(run.get(key) or 0 for run in runs)
                   for key in ("requests", "ok", "failed", "rejected")},
        "agree": agree, "differ": differ,
        "name": results.name, "several": len(results.kernels()) > 1,
        "heats": heats_of(results), "stacks": stacks_of(results), "memory": memory_of(results),
        "looks": looks_of(results), "walks": walks_of(results), "answers": answers_of(results),
        "changes": changes_of(results), "bench": bench_of(results),
        "suites": [one for one in verdicts if one["of"] == "suite"],
        "failures": [one for one in verdicts if one["of"] == "case" and one["result"] == "failed"],
        "whys": results.of("why"), "record_keys": RECORD_KEYS, "record_numbers": RECORD_NUMBERS,
        "most": MOST_RECORDS}


def cell(value: Any) -> str:
    """Of a table: unknown is said, a list is joined."""
    if value is None:
        return "unknown"
    if isinstance(value, list):
        return "|".join(map(cell, value)) or "none"
    return str(value)


def breaks(value: Any) -> markupsafe.Markup:
    """A text that parts behind each |, as names of GFP flags are joined, and not within a name."""
    return markupsafe.escape(cell(value)).replace("|", markupsafe.Markup("|<wbr>"))


def page_of(view: dict) -> str:
    """The page."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True,
        lstrip_blocks=True, undefined=jinja2.StrictUndefined)
    environment.filters["cell"] = cell
    environment.filters["breaks"] = breaks
    environment.filters["ns"] = lambda value: "unknown" if value is None else \
        charts.nanoseconds(value)
    return environment.get_template("page.html.j2").render(view)


def cannot(message: str) -> NoReturn:
    """Ends it, by the name that people call it by."""
    print(f"report: {message}", file=sys.stderr)
    sys.exit(CANNOT)


def nothing_shown(results: Results) -> NoReturn:
    """Ends it: a page without a section would tell less than this."""
    types = ", ".join(f"{name} ({len(found)})" for name, found in results.by_type.items())
    print(f"report: nothing to show: of the types found, {types}, none has a part of the page by "
          "itself", file=sys.stderr)
    sys.exit(1)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("files", nargs="+")
    names = parser.parse_args().files
    try:
        results = read(names)
    except OSError as error:
        cannot(str(error))
    if not results.by_type:
        cannot("there is no result in " + " ".join(names))
    view = view_of(results, [Path(name).name for name in names])
    if not any(view[name] for name in SECTIONS):
        nothing_shown(results)
    page = page_of(view)
    sys.stdout.buffer.write(page.encode("utf-8", "replace"))


if __name__ == "__main__":
    main()
