# SPDX-License-Identifier: GPL-2.0
"""Pictures of results as inline SVG, drawn by matplotlib.

A picture is as wide as a phone and its text is text. Its colours are variables of the page's style
sheet: matplotlib gets colours that nothing else has, which are replaced. A word has the same colour
in each picture. Nothing is told by colour alone: numbers stand beside bars.
"""
from __future__ import annotations

import io
import re
import textwrap
from typing import Optional, Sequence

import matplotlib
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure

WIDTH = 4.6     # inches of 72 CSS pixels: a phone held upright
INK, PALE, PAPER = "#010203", "#010204", "#010205"
GOOD, BAD, ACCENT = "#010401", "#010402", "#010403"
STAGES = "fast", "slow", "compact", "reclaim", "oom", "rejected", "unknown"
SOURCES = "pcp", "refill", "buddy", "capture", "cma", "none", "unknown"
MOMENTS = "before", "reached", "after"
COLOURS = {word: f"#0103{number:02x}"
           for number, word in enumerate(dict.fromkeys(STAGES + SOURCES + MOMENTS))}
SAME_MOMENT = {"during": "reached", "then": "reached"}
VARIABLES = {INK: "ink", PALE: "pale", PAPER: "paper", GOOD: "good", BAD: "bad", ACCENT: "accent",
             **{colour: f"of-{word}" for word, colour in COLOURS.items()}}
DARK, LIGHT = "#111112", "#fdfdfe"  # on cells of a heat map, which have the same colours always
LABEL = 26      # characters of a label beside a bar
ABOVE = 70      # of one above a bar, a line
LINE, BAR, GAP = 0.15, 0.17, 0.09   # inches of a bar with its label above it

matplotlib.rcParams.update({
    "svg.fonttype": "none", "svg.hashsalt": "gfplab", "text.parse_math": False,
    "font.family": "sans-serif", "font.sans-serif": ["DejaVu Sans"], "font.size": 9,
    "axes.edgecolor": PALE, "axes.labelcolor": INK, "axes.facecolor": "none",
    "axes.spines.top": False, "axes.spines.right": False, "figure.facecolor": "none",
    "text.color": INK, "xtick.color": INK, "ytick.color": INK, "savefig.facecolor": "none",
    "legend.frameon": False, "grid.color": PALE, "grid.linewidth": 0.5, "axes.axisbelow": True})


def short(text: str, most: int = LABEL) -> str:
    """As much as a label has room for."""
    return text if len(text) <= most else text[:most - 1] + "\u2026"


def lines_of(label: str) -> list[str]:
    """A label above a bar, in two lines at most."""
    lines = textwrap.wrap(label, ABOVE, break_on_hyphens=False) or [""]
    return lines if len(lines) <= 2 else [lines[0], short(" ".join(lines[1:]), ABOVE)]


def moment_colours(moments: Sequence[str]) -> list[str]:
    """Of moments that have no word, such as times, by their turn."""
    turn = MOMENTS if len(moments) > 1 else ("reached",)
    return [COLOURS[SAME_MOMENT.get(moment, moment if moment in MOMENTS else
                                    turn[min(at, len(turn) - 1)])]
            for at, moment in enumerate(moments)]


def axes_of(drawing: Figure, left: float, bottom: float, height: float):
    """Axes down to the right edge, at a place and of a height in inches. Layouts that matplotlib
    finds by itself take it several times as long as the picture."""
    whole = drawing.get_figheight()
    return drawing.add_axes((left / WIDTH, bottom / whole, 1 - (left + 0.15) / WIDTH, height / whole))


def figure(height: float, left: float, top: float = 0.1):
    """A figure and its axes, with so many inches for the labels beside them and what is above."""
    drawing = Figure(figsize=(WIDTH, height + top + 0.5))
    return drawing, axes_of(drawing, left, 0.5, height)


def svg_of(drawing: Figure) -> str:
    """As an element of a page, without what an XML file has besides and names that two would share."""
    text = io.StringIO()
    drawing.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
    svg = text.getvalue()
    svg = re.sub(r"<(metadata|style).*?</\1>", "", svg[svg.index("<svg"):], flags=re.DOTALL)
    svg = re.sub(r' id="[a-zA-Z0-9]+_[0-9]+"', "", svg)
    svg = re.sub(r"(<svg[^>]*?) width=\"[^\"]*\"", r"\1", svg, count=1)
    svg = re.sub(r"(<svg[^>]*?) height=\"[^\"]*\"", r"\1", svg, count=1)
    return re.sub("|".join(VARIABLES), lambda match: f"var(--{VARIABLES[match.group()]})", svg)


def nanoseconds(value: float) -> str:
    """With a unit that leaves three digits."""
    for unit, size in (("s", 1e9), ("ms", 1e6), ("us", 1e3)):
        if value >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value:.0f} ns"


Cells = dict[tuple[str, int], tuple[Optional[int], int]]


def heat(rows: Sequence[str], columns: Sequence[int], cells: Cells, medians: Sequence[int]) -> str:
    """Latency by stage and order: `cells` has the median in ns (None: longer than all buckets) and
    how many requests there were. `medians` are those of all pictures that share a scale."""
    drawing, axes = figure(0.55 * len(rows), 0.75)
    least, most = min(medians, default=1), max(medians, default=1)
    norm = LogNorm(least, max(most, 2 * least))
    grid = [[(cells.get((row, column)) or (None, 0))[0] or float("nan") for column in columns]
            for row in rows]
    axes.pcolormesh(range(len(columns) + 1), range(len(rows) + 1), grid, cmap="YlGnBu", norm=norm,
                    edgecolors=PAPER, linewidth=1)
    for (row, column), (median, count) in cells.items():
        x, y = columns.index(column) + 0.5, rows.index(row) + 0.5
        colour = INK if median is None else LIGHT if norm(median) > 0.55 else DARK
        said = "longer" if median is None else nanoseconds(median)
        axes.text(x, y, f"{said}\n{count}", ha="center", va="center", color=colour, fontsize=8,
                  linespacing=1.3)
    axes.set_xticks([column + 0.5 for column in range(len(columns))], map(str, columns))
    axes.set_yticks([row + 0.5 for row in range(len(rows))], rows)
    axes.invert_yaxis()
    axes.tick_params(length=0)
    axes.set_xlabel("order")
    for side in axes.spines.values():
        side.set_visible(False)
    return svg_of(drawing)


def stacked(labels: Sequence[str], parts: dict[str, Sequence[int]]) -> str:
    """Shares of requests: a bar for each label, which stands above it and has the whole width, a
    colour for each part that some have."""
    parts = {name: counts for name, counts in parts.items() if any(counts)}
    texts = [lines_of(label) for label in labels]
    # From above, in inches: where a label begins, and the middle of its bar
    tops = [sum(LINE * len(lines) + BAR + GAP for lines in texts[:at]) for at in range(len(texts) + 1)]
    middles = [top + LINE * len(lines) + BAR / 2 for top, lines in zip(tops, texts)]
    drawing, axes = figure(tops[-1], 0.15, 0.5)
    left = [0.0] * len(labels)
    sums = [sum(counts[at] for counts in parts.values()) or 1 for at in range(len(labels))]
    for name, counts in parts.items():
        shares = [100 * count / whole for count, whole in zip(counts, sums)]
        axes.barh(middles, shares, left=left, color=COLOURS[name], label=name, height=BAR)
        for at, share in enumerate(shares):
            if share >= 8:
                axes.text(left[at] + share / 2, middles[at], f"{counts[at]}", ha="center",
                          va="center_baseline", color=PAPER, fontsize=8)
        left = [before + share for before, share in zip(left, shares)]
    for top, lines in zip(tops, texts):
        for number, line in enumerate(lines):
            axes.text(0, top + LINE * (number + 0.8), line, fontsize=8)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_ylim(tops[-1], 0)
    axes.set_xlim(0, 100)
    axes.set_xlabel("% of the requests; numbers are requests")
    # A legend goes down its columns; parts are read along its lines.
    columns = min(4, len(parts)) or 1
    down = [at for column in range(columns) for at in range(column, len(parts), columns)]
    handles, names = axes.get_legend_handles_labels()
    drawing.legend([handles[at] for at in down], [names[at] for at in down], loc="upper left",
                   ncols=columns, fontsize=8)
    return svg_of(drawing)


def memory(moments: Sequence[str], free: Sequence[int], marks: dict[str, int],
           blocks: Sequence[Sequence[int]]) -> str:
    """A zone at some moments: free pages against the watermarks, and free blocks by order."""
    drawing = Figure(figsize=(WIDTH, 4.6))
    colours = moment_colours(moments)
    above, below = axes_of(drawing, 0.75, 3.0, 1.3), axes_of(drawing, 0.75, 0.5, 1.65)
    above.barh(range(len(moments)), free, color=colours, height=0.7)
    styles = (":", "--", "-")
    for (name, pages), style in zip(marks.items(), styles):
        above.axvline(pages, color=BAD, linewidth=1, linestyle=style, label=f"{name} {pages}")
    above.set_yticks(range(len(moments)), [f"{moment}\n{pages}" for moment, pages in zip(moments, free)],
                     fontsize=8)
    above.invert_yaxis()
    above.set_xlim(0, 1.1 * max([1, *free, *marks.values()]))
    above.set_xlabel("free pages")
    if marks:
        above.legend(fontsize=8, ncols=3, loc="lower left", bbox_to_anchor=(-0.05, 0.97))
    width = 0.8 / len(moments)
    for at, (moment, counts) in enumerate(zip(moments, blocks)):
        below.bar([order + (at - (len(moments) - 1) / 2) * width for order in range(len(counts))],
                  counts, width, color=colours[at], label=moment)
    below.set_yscale("symlog", linthresh=1)
    below.set_ylim(bottom=0)
    # Its own labels are powers in mathematical notation.
    below.yaxis.set_major_formatter(lambda value, _: f"{value:.0f}")
    below.grid(axis="y")
    below.set_xticks(range(max(map(len, blocks), default=1)))
    below.set_xlabel("order")
    below.set_ylabel("free blocks")
    below.legend(fontsize=8, ncols=3, loc="lower left", bbox_to_anchor=(-0.05, 0.97))
    return svg_of(drawing)


def changes(labels: Sequence[str], percents: Sequence[float], count: Sequence[bool]) -> str:
    """What came or went, in percent: worse to the right. What chance makes as well is pale and has
    a ~."""
    drawing, axes = figure(0.24 * len(labels), 2.3)
    colours = [PALE if not counts else BAD if percent > 0 else GOOD
               for percent, counts in zip(percents, count)]
    axes.barh(range(len(labels)), percents, color=colours, height=0.7)
    most = max([1.0, *map(abs, percents)])
    for at, (percent, counts) in enumerate(zip(percents, count)):
        sign = "" if counts or not percent else "~"
        axes.text(percent, at, f" {sign}{percent:+.1f} ", va="center", fontsize=8,
                  ha="left" if percent >= 0 else "right")
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.set_xlim(-1.5 * most, 1.5 * most)
    axes.set_yticks(range(len(labels)), [short(label, 32) for label in labels], fontsize=8)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.set_xlabel("change in %, + is more instructions")
    return svg_of(drawing)


def bars(labels: Sequence[str], values: Sequence[float], unit: str) -> str:
    """Figures side by side."""
    drawing, axes = figure(0.28 * len(labels), 1.6)
    axes.barh(range(len(labels)), values, color=ACCENT, height=0.7)
    for at, value in enumerate(values):
        axes.text(value, at, f" {value:.1f}", va="center", fontsize=8)
    axes.set_xlim(0, 1.25 * max([1.0, *values]))
    axes.set_yticks(range(len(labels)), map(short, labels), fontsize=8)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.set_xlabel(unit)
    return svg_of(drawing)
