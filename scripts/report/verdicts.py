#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""verdicts.py [--form json|junit] [--kernel NAME --script NAME] FILE...   KTAP as objects, or for CI systems

FILE is what scripts/check prints: kernels, in them scripts, in them cases. With --kernel and --script it is
what one script prints. A file that ends in .json has verdicts already.
    --form json     a verdict for each case, and for each suite its sums (gfplab/1)
    --form junit    JUnit XML: a suite is a script of a kernel
    --failed REASON a failure that the script's KTAP does not have: its machine's
"""
from __future__ import annotations

import argparse
import json
import re
import xml.etree.ElementTree as xml
from pathlib import Path
from typing import Iterable, Iterator, Optional

import schema
from common import give_up, read_lines, write_lines
from ktap import SKIP, plan_of, result_of, subtest_of

INDENT = "  "
RESULTS = "passed", "failed", "skipped"
FIGURE = "# torture: "  # of scripts/torture's tests
MACHINE = "came to its end, with figures"


def text(line: str) -> str:
    """What read_lines() read, without what is no character of JSON or XML."""
    line = line.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return re.sub(r"[^\t\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", line)


def case(kernel: str, script: str, name: str, result: str, reason: Optional[str] = None) -> dict:
    """A case. What is asked of a machine has no row."""
    name = text(name.partition(SKIP)[0].strip(" ") or name)
    row = None if script.startswith("machine") else name.partition(" ")[0]
    return schema.make("verdict", {
        "of": "case", "kernel": kernel, "script": script, "row": row or None, "case": name,
        "result": result, "reason": text(reason) if reason else None})


def suite(kernel: Optional[str], script: Optional[str], cases: Iterable[dict], **more) -> dict:
    """The sums of cases. Where none passed and none failed, all were skipped, or there were none."""
    counts = dict.fromkeys(RESULTS, 0)
    for one in cases:
        counts[one["result"]] += 1
    result = "failed" if counts["failed"] else "passed" if counts["passed"] else "skipped"
    return schema.make("verdict", {"of": "suite", "kernel": kernel, "script": script,
                                   "result": result, **counts, **more})


def cases_of(lines: Iterable[str], kernel: str, script: str) -> Iterator[dict]:
    """Of one script's KTAP, whatever its indentation: its own, or that of the machine that ran it.
    A script that skipped all is one case, unless something failed even so."""
    why = None
    failed = False
    for line in lines:
        line = line.lstrip(" ")
        result, plan = result_of(line), plan_of(line)
        if plan and plan.skip is not None:
            why = plan.skip
        elif result:
            failed = failed or not result.passed
            yield case(kernel, script, result.name,
                       "failed" if not result.passed else "passed" if result.skip is None else
                       "skipped", result.skip)
    if why is not None and not failed:
        yield case(kernel, script, "all cases", "skipped", why)


def script_cases(lines: Iterable[str], kernel: str, script: str) -> list[dict]:
    """Of a script, whose last line is the verdict on it and no case."""
    lines = list(lines)
    inside = [line for line in lines if line.startswith(INDENT)]
    return list(cases_of(inside or lines, kernel, script))


def report_of(lines: Iterable[str]) -> Iterator[dict]:
    """Of what scripts/check prints."""
    kernel = script = None
    everything: list[dict] = []
    of_kernel: list[dict] = []
    said: list[str] = []
    for line in lines:
        depth = (len(line) - len(line.lstrip(" "))) // len(INDENT)
        name = subtest_of(line.lstrip(" "))
        if name and depth == 1:
            kernel, of_kernel = name, []
        elif name and depth == 2:
            script, said = name, []
        elif depth >= 2 and kernel and script:
            said.append(line)
        elif depth == 1 and script and result_of(line.lstrip(" ")):
            cases = list(cases_of(said, kernel, script))
            yield from cases
            yield suite(kernel, script, cases)
            of_kernel += cases
            script = None
        elif depth == 0 and kernel and result_of(line):
            yield suite(kernel, None, of_kernel)
            everything += of_kernel
            kernel = None
    yield suite(None, None, everything)


def verdicts_of(name: str, kernel: Optional[str], script: Optional[str],
                failed: Optional[str] = None) -> Iterator[dict]:
    """Of a file."""
    lines = read_lines(name)
    if Path(name).suffix == ".json":
        yield from (one for one in map(json.loads, lines) if one["type"] == "verdict")
    elif script:
        cases = script_cases(lines, kernel or "", script)
        if failed:
            cases.append(case(kernel or "", script, MACHINE, "failed", failed))
        yield from cases
        yield suite(kernel or "", script, cases,
                    figures=[text(line.removeprefix(FIGURE)) for line in lines
                             if line.startswith(FIGURE)])
    else:
        yield from report_of(lines)


def junit_of(verdicts: Iterable[dict], of: Optional[str] = None) -> list[str]:
    """As CI systems read it: there is no standard, these elements and attributes all of them know. `of`: what the
    names begin with where the kernel is another each time, which is a property then: CI systems know a case by its
    name."""
    root = xml.Element("testsuites", name="gfplab")
    suites: dict[tuple, list[dict]] = {}
    for one in verdicts:
        if one["of"] == "case":
            suites.setdefault((one["kernel"], one["script"]), []).append(one)
    for (kernel, script), cases in suites.items():
        counts = suite(kernel, script, cases)
        first = of or kernel
        name = f"{first} {script}" if first else str(script)
        element = xml.SubElement(root, "testsuite", name=name, tests=str(len(cases)), errors="0",
                                 failures=str(counts["failed"]), skipped=str(counts["skipped"]))
        if of:
            xml.SubElement(xml.SubElement(element, "properties"), "property", name="kernel", value=str(kernel))
        for one in cases:
            inner = xml.SubElement(element, "testcase", name=one["case"],
                                   classname=f"{first}.{script}")
            told = one.get("told")
            if one["result"] == "failed":
                xml.SubElement(inner, "failure", message=one["reason"] or told or one["case"])
            elif one["result"] == "skipped":
                xml.SubElement(inner, "skipped", message=one["reason"] or "")
            elif told:
                xml.SubElement(inner, "system-out").text = told
    xml.indent(root)
    return ['<?xml version="1.0" encoding="UTF-8"?>', xml.tostring(root, encoding="unicode")]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--form", choices=("json", "junit"), default="json")
    parser.add_argument("--kernel")
    parser.add_argument("--script")
    parser.add_argument("--failed", metavar="REASON")
    parser.add_argument("files", nargs="+")
    arguments = parser.parse_args()
    try:
        found = [one for name in arguments.files
                 for one in verdicts_of(name, arguments.kernel, arguments.script,
                                          arguments.failed)]
    except (OSError, ValueError, KeyError) as error:
        give_up(str(error))
    write_lines(junit_of(found) if arguments.form == "junit" else map(schema.line_of, found))


if __name__ == "__main__":
    main()
