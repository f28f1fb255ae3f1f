# SPDX-License-Identifier: GPL-2.0
"""The walk of a request as a picture: a path down through steps and zones, with the check at each.

Drawn here and not by matplotlib: it is lines and text. All text is escaped.
"""
from __future__ import annotations

import re
import textwrap
from html import escape

ZONE = re.compile(r"Node ([0-9]+) (\w+): (.*)")
WIDTH, LEFT, STEP, LINE, CHARACTERS = 340, 10, 10, 13, 50


def kind_of(text: str) -> str:
    """What a step is: a zone that `turned` it away or `gave`, or another `step`."""
    zone = ZONE.fullmatch(text)
    if not zone:
        return "fails" if re.search(r"\bfails\b|turned away", text) else "step"
    return "gave" if re.search(r"-> ok\b|watermarks ignored", text) else "turned"


def svg_of(explain: dict) -> str:
    """Of an object `explain`."""
    ways, parts = [], []
    y = 8
    last = None
    steps = [(step["depth"], step["text"], kind_of(step["text"])) for step in explain["steps"]]
    if explain["prediction"]:
        steps.append((0, "prediction: " + "/".join("|".join(one) for one in
                                                   explain["prediction"].values()), "end"))
    for depth, text, kind in steps:
        x = LEFT + min(depth, 6) * 16
        room = CHARACTERS - min(depth, 6) * 3
        # Names that are joined part where they are joined.
        lines = [line.replace("| ", "|") for line in
                 textwrap.wrap(text.replace("|", "| "), room, break_on_hyphens=False)] or [""]
        middle = y + LINE / 2
        if last:
            # Back to the left beside the step that it comes from: no line goes through text.
            bend = f"V{middle} H{x}" if x >= last[0] else f"H{x} V{middle}"
            ways.append(f'<path class="way" d="M{last[0]} {last[1]} {bend}"/>')
        sign = {"turned": f"M{x - 3} {middle - 3} l6 6 m0 -6 l-6 6",
                "fails": f"M{x - 3} {middle - 3} l6 6 m0 -6 l-6 6",
                "gave": f"M{x - 3} {middle} l2 3 l4 -6"}.get(kind, "")
        parts.append(f'<circle class="{kind}" cx="{x}" cy="{middle}" r="6"/>')
        if sign:
            parts.append(f'<path class="sign" d="{sign}"/>')
        said = "".join(f'<tspan x="{x + 11}" dy="{LINE if number else 0}">{escape(line)}</tspan>'
                       for number, line in enumerate(lines))
        parts.append(f'<text class="{kind}" x="{x + 11}" y="{y + LINE - 3}">{said}</text>')
        last = x, middle
        y += LINE * len(lines) + STEP
    return (f'<svg class="walk" viewBox="0 0 {WIDTH} {y}" role="img" '
            f'aria-label="{escape(explain["call"] or "walk", quote=True)}">{"".join(ways + parts)}</svg>')
