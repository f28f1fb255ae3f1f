# SPDX-License-Identifier: GPL-2.0
"""What the module's files say, as objects of gfplab/1 and back.

Every function takes the lines of a file and knows nothing else. A line that is none of its file's
is a ValueError, which has the line. Texts are read and written as Latin-1: whatever the bytes are,
they come back.
"""
from __future__ import annotations

import re
from typing import Callable, Iterable, Iterator

import schema
from schema import make

# Keys of `summary` that do not name their unit: (what it is, what it becomes).
UNITS = ((r"^(latency|time)\.", r"\1_ns."), (r"^memory\.", "memory_bytes."),
         (r"^block\.(min|median|max)$", r"block_ns.\1"))
UNITS_BACK = ((r"^(latency|time)_ns\.", r"\1."), (r"^memory_bytes\.", "memory."),
              (r"^block_ns\.", "block."))
HISTOGRAM = "entry order stage le_ns count"
CALL = re.compile(r"[a-z_]+\(.*, order [0-9]+\)(, by the rules of .*)?")
ZONE = re.compile(r"([0-9]+):([A-Za-z0-9]+)")
PROBE = re.compile(r"(present|absent|not_applicable) (\S+) users=([0-9]+) attached=([0-9]+)(?: (\(.*\)))?")
HEADS = ("format", "type")


def renamed(key: str, table: tuple) -> str:
    """A key by the first row of a table that has it."""
    for pattern, new in table:
        if re.search(pattern, key):
            return re.sub(pattern, new, key)
    return key


def words_of(line: str, path: str) -> dict:
    """KEY=VALUE words."""
    found = {}
    for word in line.split(" "):
        key, equals, value = word.partition("=")
        if not key or not equals or key in found:
            raise ValueError(line)
        found[key] = schema.kind(path, key).value(value)
    return found


def line_of(values: dict, path: str) -> str:
    """The same back."""
    return " ".join(f"{key}={schema.kind(path, key).word(value)}" for key, value in values.items()
                    if key not in HEADS)


def pairs_of(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Lines `KEY VALUE`, whose value may have blanks."""
    for line in lines:
        key, blank, value = line.partition(" ")
        if not key or not blank:
            raise ValueError(line)
        yield key, value


# ---- of each file

def run(lines: Iterable[str]) -> Iterator[dict]:
    """summary"""
    found = {}
    for key, value in pairs_of(lines):
        key = renamed(key, UNITS)
        found[key] = schema.kind("run", key).value(value)
    yield make("run", found)


def run_back(value: dict) -> Iterator[str]:
    """summary"""
    for key, one in value.items():
        if key not in HEADS:
            yield f"{renamed(key, UNITS_BACK)} {schema.kind('run', key).word(one)}"


def environment(lines: Iterable[str]) -> Iterator[dict]:
    """environment"""
    found = {}
    for key, value in pairs_of(lines):
        probe = PROBE.fullmatch(value)
        if key.startswith("zone."):
            found[key] = words_of(value, "environment/zone")
        elif key.startswith("probe.") and probe:
            state, target, users, attached, note = probe.groups()
            found[key] = {"state": state, "target": target, "users": int(users),
                          "attached": int(attached), **({"note": note} if note else {})}
        else:
            found[key] = schema.kind("environment", key).value(value)
    yield make("environment", found)


def environment_back(value: dict) -> Iterator[str]:
    """environment"""
    for key, one in value.items():
        if key.startswith("probe.") and isinstance(one, dict):
            yield (f"{key} {one['state']} {one['target']} users={one['users']} "
                   f"attached={one['attached']}" + (f" {one['note']}" if "note" in one else ""))
        elif isinstance(one, dict):
            yield f"{key} {line_of(one, 'environment/zone')}"
        elif key not in HEADS:
            yield f"{key} {schema.kind('environment', key).word(one)}"


def job(lines: Iterable[str]) -> Iterator[dict]:
    """set"""
    found = {}
    for line in lines:
        key, equals, value = line.partition("=")
        if not key or not equals:
            raise ValueError(line)
        found[key] = value
    yield make("job", found)


def job_back(value: dict) -> Iterator[str]:
    """set"""
    for key, one in value.items():
        if key not in HEADS:
            yield f"{key}={one}"


def status(lines: Iterable[str]) -> Iterator[dict]:
    """status"""
    for line in lines:
        yield make("status", words_of(line, "status"))


def status_back(value: dict) -> Iterator[str]:
    """status"""
    yield line_of(value, "status")


def records(lines: Iterable[str]) -> Iterator[dict]:
    """records; scripts/format/records.c does the same, faster"""
    for line in lines:
        yield make("record", words_of(line, "record"))


def records_back(value: dict) -> Iterator[str]:
    """records"""
    yield line_of(value, "record")


def histogram(lines: Iterable[str]) -> Iterator[dict]:
    """histogram"""
    keys = HISTOGRAM.split(" ")
    for number, line in enumerate(lines):
        if number == 0 and line == HISTOGRAM:
            continue
        values = line.split(" ")
        if number == 0 or len(values) != len(keys):
            raise ValueError(line)
        yield make("histogram", {key: schema.kind("histogram", key).value(value)
                                 for key, value in zip(keys, values)})


def histogram_back(value: dict) -> Iterator[str]:
    """histogram; its first line is the caller's"""
    yield " ".join(schema.kind("histogram", key).word(value[key]) for key in HISTOGRAM.split(" "))


# ---- of explain

def state_of(lines: list[str]) -> dict:
    """A state text: a line `request`, and one for each zone."""
    found: dict = {"zones": []}
    for line in lines:
        head, _, rest = line.strip(" ").partition(" ")
        zone = ZONE.fullmatch(head)
        if head == "request":
            found = {"request": words_of(rest, "state/request"), **found}
        elif zone:
            found["zones"].append({"node": int(zone.group(1)), "zone": zone.group(2),
                                   **words_of(rest, "state/zones")})
        else:
            raise ValueError(line)
    return make("state", found)


def state(lines: Iterable[str]) -> Iterator[dict]:
    """state text"""
    yield state_of([line for line in lines
                    if line and line != "snapshot:" and not line.startswith("#")])


def state_back(value: dict) -> Iterator[str]:
    """state text"""
    if "request" in value:
        yield "  request " + line_of(value["request"], "state/request")
    for zone in value["zones"]:
        rest = {key: one for key, one in zone.items() if key not in ("node", "zone")}
        yield f"  {zone['node']}:{zone['zone']} " + line_of(rest, "state/zones")


def prediction_of(text: str) -> dict:
    """STAGES/SOURCES/PLACES/RESULTS"""
    sets = text.split("/")
    keys = "stages", "sources", "places", "results"
    if len(sets) != len(keys):
        raise ValueError(text)
    return {key: one.split("|") for key, one in zip(keys, sets)}


def step_of(line: str) -> dict:
    """A line of the walk; two blanks a level."""
    text = line.lstrip(" ")
    return {"depth": (len(line) - len(text)) // 2, "text": text}


class Walk:
    """Of one request: its lines up to the numbers."""

    def __init__(self) -> None:
        self.call = None
        self.steps: list[dict] = []
        self.prediction = None
        self.notes: list[str] = []
        self.snapshot: list[str] | None = None

    def objects(self) -> Iterator[dict]:
        """explain, and the state if there is one."""
        if self.call is None and not self.steps and not self.notes:
            return
        yield make("explain", {"call": self.call, "steps": self.steps, "prediction": self.prediction,
                               **({"note": "; ".join(self.notes)} if self.notes else {})})
        if self.snapshot:
            yield state_of(self.snapshot)


def explain(lines: Iterable[str]) -> Iterator[dict]:
    """explain: for each order a walk and the state that it was worked out from"""
    walk = Walk()
    for line in lines:
        if walk.snapshot is not None and line.startswith("  "):
            walk.snapshot.append(line)
            continue
        # What stands behind the numbers, or behind a refusal, is the next request's.
        if walk.snapshot is not None or (walk.notes and walk.call and CALL.fullmatch(line)):
            yield from walk.objects()
            walk = Walk()
        if line == "snapshot:":
            walk.snapshot = []
        elif line.startswith("prediction: "):
            walk.prediction = prediction_of(line.removeprefix("prediction: "))
        elif line.startswith(("no prediction: ", "not followed: ")):
            walk.notes.append(line)
        elif walk.call is None and CALL.fullmatch(line):
            walk.call = line
        elif line:
            walk.steps.append(step_of(line))
    yield from walk.objects()


def explain_back(value: dict) -> Iterator[str]:
    """explain: the walk; its state is an object of its own"""
    if value["call"]:
        yield value["call"]
    for step in value["steps"]:
        yield "  " * step["depth"] + step["text"]
    if value["prediction"]:
        yield "prediction: " + "/".join("|".join(one) for one in value["prediction"].values())


# ---- of ask

def answers(lines: Iterable[str]) -> Iterator[dict]:
    """answers, the table of scripts/guest/answer: names of columns, then a line a way, with tabs"""
    keys: list[str] = []
    for line in lines:
        values = line.split("\t")
        if not keys:
            keys = values
        elif len(values) != len(keys):
            raise ValueError(line)
        else:
            yield make("answer", {key: schema.kind("answer", key).value(value)
                                  for key, value in zip(keys, values)})


def answers_back(value: dict) -> Iterator[str]:
    """answers; its first line is the caller's"""
    yield "\t".join(schema.kind("answer", key).word(one) for key, one in value.items()
                    if key not in HEADS)


# KIND: from text, to text, and the type whose objects go to text.
FORMS: dict[str, tuple[Callable, Callable, str]] = {
    "environment": (environment, environment_back, "environment"),
    "job": (job, job_back, "job"),
    "status": (status, status_back, "status"),
    "summary": (run, run_back, "run"),
    "histogram": (histogram, histogram_back, "histogram"),
    "records": (records, records_back, "record"),
    "state": (state, state_back, "state"),
    "explain": (explain, explain_back, "explain"),
    "answers": (answers, answers_back, "answer"),
}
