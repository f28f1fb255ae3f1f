#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""valid.py FILE...   whether files are JSON lines of gfplab/1, by its schema

Prints how many objects of which types each has. Exit status: 1 if a line is none, with the line and what is wrong.
"""
from __future__ import annotations

import collections
import json
import sys
from pathlib import Path

import jsonschema

import schema


def wrong(line: str, validator: jsonschema.Draft202012Validator) -> str:
    """What is wrong with it, or nothing."""
    try:
        value = json.loads(line)
    except ValueError as error:
        return f"no JSON: {error}"
    error = jsonschema.exceptions.best_match(validator.iter_errors(value))
    return "" if error is None else f"{error.json_path}: {error.message}"


def main() -> None:
    """The command line."""
    if len(sys.argv) < 2:
        print("valid: files are needed", file=sys.stderr)
        sys.exit(2)
    validator = jsonschema.Draft202012Validator(schema.document())
    for name in sys.argv[1:]:
        types: collections.Counter = collections.Counter()
        for number, line in enumerate(Path(name).read_text(encoding="utf-8").splitlines(), 1):
            error = wrong(line, validator)
            if error:
                print(f"valid: {name}:{number}: {error[:500]}", file=sys.stderr)
                sys.exit(1)
            types[json.loads(line)["type"]] += 1
        if not types:
            print(f"valid: {name}: it is empty", file=sys.stderr)
            sys.exit(1)
        print(" ".join(f"{kind}={count}" for kind, count in types.items()))


if __name__ == "__main__":
    main()
