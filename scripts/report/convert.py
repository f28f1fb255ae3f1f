#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""convert.py [--text|--csv] [--when WHEN] KIND FILE   the module's files as JSON lines

KIND is what FILE is: environment job status summary histogram records state explain answers, or `folder`,
a job's folder of debugfs or a copy of one, or a folder of copies named 1, 2, ... A copy may have files
`title` and `answers` (scripts/guest/answer) more. FILE is - for standard input.
    --text          the other way round: from JSON lines the text of KIND's objects
    --csv           from JSON lines a table of KIND's objects
    --when WHEN     of states: before, during or after the requests
    --record-types  KEY=TYPE of each key of a record, and nothing else
Exit status: 1 if FILE is not what KIND says, with the line.
"""
from __future__ import annotations

import argparse
import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Iterable, Iterator, TextIO

import schema
import texts
from common import end_with_reader, give_up

BAD = 1
# Of a job's folder, in this order; `environment` is the machine's, and lies there or as in debugfs.
FOLDER = (("job", "set"), ("status", "status"), ("summary", "summary"), ("histogram", "histogram"),
          ("records", "records"), ("explain", "explain"), ("explain", "after"), ("answers", "answers"))
BINARY = "records.bin"  # the same as records, for programs


def refuse(message: str) -> None:
    """Ends: the input is bad."""
    sys.stdout.flush()
    print(f"convert: {message}", file=sys.stderr)
    sys.exit(BAD)


def lines_of(source: TextIO) -> Iterator[str]:
    """Without their ends; of any length, one at a time."""
    for line in source:
        yield line.removesuffix("\n")


def open_file(name: str) -> TextIO:
    """Of bytes, whatever they are."""
    if name == "-":
        return io.TextIOWrapper(sys.stdin.buffer, encoding="latin-1", newline="\n")
    return open(name, encoding="latin-1", newline="\n")


def objects_of(kind: str, name: str, when: str | None) -> Iterator[dict]:
    """A file's."""
    with open_file(name) as source:
        try:
            for one in texts.FORMS[kind][0](lines_of(source)):
                if when and one["type"] == "state":
                    one["when"] = when
                yield one
        except ValueError as error:
            refuse(f"{name}: this is no line of {kind}: {error}")


def folder_of(name: str, when: str | None, program: str | None = None) -> Iterator[dict | str]:
    """A job's."""
    folder = Path(name)
    jobs = sorted((job for job in folder.iterdir() if job.name.isdecimal() and job.is_dir()),
                  key=lambda job: int(job.name)) if folder.is_dir() else []
    for machine in (folder / "environment", folder.resolve().parent.parent / "environment"):
        if machine.is_file():
            yield from objects_of("environment", str(machine), when)
            break
    for job in jobs:
        yield from job_of(job, when, program)
    if not jobs:
        yield from job_of(folder, when, program)


def lines_of_folder(name: str, when: str | None, program: str | None) -> Iterator[str]:
    """A job's; `program` makes JSON of records, a hundred times as fast."""
    for one in folder_of(name, when, program):
        yield one if isinstance(one, str) else schema.line_of(one)


def lines_by(program: str, file: Path) -> Iterator[str]:
    """What it makes of a file of records."""
    with open(file, "rb") as source, subprocess.Popen(
            [program, *schema.record_types()], stdin=source, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            encoding="latin-1") as made:
        yield from lines_of(made.stdout)
        why = made.stderr.read()
    if made.returncode:
        refuse(f"{file}: {why.strip() or made.returncode}")


def job_of(folder: Path, when: str | None, program: str | None = None) -> Iterator[dict | str]:
    """A job's files, with the title that it may have; lines where a program made them."""
    here = [(kind, folder / file) for kind, file in FOLDER
            if (folder / file).is_file() or (kind == "records" and program and (folder / BINARY).is_file())]
    if not here:
        refuse(f"{folder} has none of the files of a job: " + " ".join(file for _, file in FOLDER))
    for kind, file in here:
        if kind == "records" and program:
            binary = folder / BINARY
            yield from lines_by(program, binary if binary.is_file() else file)
            continue
        for one in objects_of(kind, str(file), when):
            if file.name == "after":
                one["when"] = file.name  # the walk and its state
            if kind == "job" and (folder / "title").is_file():
                one["title"] = (folder / "title").read_text(encoding="latin-1").strip("\n")
            yield one


def read_objects(source: TextIO, name: str, wanted: str) -> Iterator[dict]:
    """JSON lines of a type; those of other types are passed over."""
    for number, line in enumerate(lines_of(source), 1):
        try:
            one = json.loads(line)
        except ValueError as error:
            refuse(f"{name}:{number}: no JSON: {error}")
        if not isinstance(one, dict) or one.get("format") != schema.FORMAT:
            refuse(f"{name}:{number}: no object of {schema.FORMAT}")
        if one.get("type") == wanted:
            yield one


def to_text(kind: str, name: str) -> Iterator[str]:
    """As the module writes it."""
    _, back, wanted = texts.FORMS[kind]
    if kind == "histogram":
        yield texts.HISTOGRAM
    with open_file(name) as source:
        for one in read_objects(source, name, wanted):
            try:
                yield from back(one)
            except (KeyError, AttributeError, TypeError) as error:
                refuse(f"{name}: an object of {wanted} lacks {error}")


def to_csv(kind: str, name: str) -> Iterator[str]:
    """A line an object; of the first one's keys. What is unknown is an empty cell."""
    wanted = texts.FORMS[kind][2]
    columns = None
    with open_file(name) as source:
        for one in read_objects(source, name, wanted):
            if columns is None:
                columns = [key for key in one if key not in texts.HEADS]
                yield csv_line(columns)
            yield csv_line("" if one.get(key) is None else schema.kind(wanted, key).word(one[key])
                           for key in columns)


def csv_line(cells: Iterable[str]) -> str:
    """Quoted where it must be."""
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(cells)
    return text.getvalue()


def write(lines: Iterable[str]) -> None:
    """To standard output."""
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="latin-1", newline="\n")
    for line in lines:
        out.write(line + "\n")
    out.flush()


def main() -> None:
    """The command line."""
    end_with_reader()
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--record-types", action="store_true")
    parser.add_argument("--text", action="store_true")
    parser.add_argument("--csv", action="store_true")
    parser.add_argument("--records", metavar="PROGRAM")
    parser.add_argument("--when", choices=("before", "during", "after"))
    parser.add_argument("kind", nargs="?", choices=(*texts.FORMS, "folder"))
    parser.add_argument("file", nargs="?", default="-")
    arguments = parser.parse_args()
    if arguments.record_types:
        write(schema.record_types())
        return
    try:
        if arguments.text:
            write(to_text(arguments.kind, arguments.file))
        elif arguments.csv:
            write(to_csv(arguments.kind, arguments.file))
        elif arguments.kind == "folder":
            write(lines_of_folder(arguments.file, arguments.when, arguments.records))
        else:
            write(map(schema.line_of,
                      objects_of(arguments.kind, arguments.file, arguments.when)))
    except OSError as error:
        give_up(str(error))


if __name__ == "__main__":
    main()
