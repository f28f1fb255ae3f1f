# SPDX-License-Identifier: GPL-2.0
"""The result format as its schema declares it: which type a key has, and how texts write it.

scripts/format/gfplab-1.schema.json is the one place. Beside JSON Schema's own keywords it has
x-separator (of a list's words in texts) and x-decimals (of a number in texts).
"""
from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

FORMAT = "gfplab/1"
FILE = Path(__file__).resolve().parent.parent / "format" / "gfplab-1.schema.json"
INTEGER = re.compile(r"0|-?[1-9][0-9]*")


@dataclass(frozen=True)
class Kind:
    """Of a key. `integer`, `text`, `list` (`of` these, with a separator) or `number`; `form` where
    the schema does not have it: an integer where it looks like one."""
    name: str
    separator: str = ""
    decimals: int = 0
    of: Optional[Kind] = None
    nullable: bool = True

    def value(self, word: str) -> Any:
        """What a text's word is in JSON."""
        if word == "unknown" and self.nullable:
            return None
        if self.name == "list":
            return [] if word == "none" else [self.of.value(part)
                                              for part in word.split(self.separator)]
        if self.name == "number" and re.fullmatch(r"-?[0-9]+\.[0-9]{%d}" % self.decimals, word):
            return float(word)
        if self.name in ("integer", "form") and INTEGER.fullmatch(word):
            return int(word)
        return word

    def word(self, value: Any) -> str:
        """The other way round."""
        if value is None:
            return "unknown"
        if isinstance(value, list):
            return self.separator.join(map(self.of.word, value)) if value else "none"
        if isinstance(value, float):
            return "%.*f" % (self.decimals, value)
        return str(value)


FORM = Kind("form")


@functools.lru_cache(maxsize=None)
def document() -> dict:
    """The schema."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def resolved(schema: dict) -> dict:
    """A schema, or what it refers to."""
    while "$ref" in schema:
        schema = {**document()["$defs"][schema["$ref"].removeprefix("#/$defs/")],
                  **{key: value for key, value in schema.items() if key != "$ref"}}
    return schema


def of_type(name: str) -> dict:
    """What the objects of a type are."""
    return document()["$defs"][f"type.{name}"]


def kind_of(schema: dict) -> Kind:
    """Of one key's schema."""
    schema = resolved(schema)
    types = schema.get("type", [])
    types = {types} if isinstance(types, str) else set(types)
    for other in schema.get("anyOf", []):
        more = other.get("type", [])
        types |= {more} if isinstance(more, str) else set(more)
    nullable = "null" in types or None in schema.get("enum", [])
    if "array" in types:
        return Kind("list", schema.get("x-separator", ","), of=kind_of(schema.get("items", {})),
                    nullable=nullable)
    if "number" in types:
        return Kind("number", decimals=schema.get("x-decimals", 0), nullable=nullable)
    return Kind("integer" if "integer" in types else "text", nullable=nullable)


@functools.lru_cache(maxsize=None)
def kind(path: str, key: str) -> Kind:
    """Of a key of a type, or of an object in it: `record`, `state/zones`, `state/request`."""
    name, *inner = path.split("/")
    schema = of_type(name)
    for step in inner:
        schema = resolved(schema["properties"].get(step, {}))
        schema = schema.get("items", schema)
    if key in schema.get("properties", {}):
        return kind_of(schema["properties"][key])
    for pattern, one in schema.get("patternProperties", {}).items():
        if re.search(pattern, key):
            return kind_of(one)
    return FORM


def record_types() -> list[str]:
    """KEY=TYPE of each key of a record, as scripts/format/records.c takes them."""
    types = []
    for key in of_type("record")["properties"]:
        of = kind("record", key)
        types.append(f"{key}={of.separator if of.name == 'list' else of.name}")
    return types


def make(name: str, values: dict) -> dict:
    """An object of the format."""
    return {"format": FORMAT, "type": name, **values}


def line_of(value: dict) -> str:
    """An object as a line. ASCII alone, so that nothing that shows it needs an encoding."""
    return json.dumps(value)
