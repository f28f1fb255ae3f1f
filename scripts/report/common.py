# SPDX-License-Identifier: GPL-2.0
"""What the reports share: reading lines, numbers that may be absent, and output."""
from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Iterable, NoReturn, Optional

CANNOT = 3  # exit status: what was asked could not be done


def read_lines(path: str | Path) -> list[str]:
    """The lines of a file, which may hold bytes that are no UTF-8: a machine's console does."""
    text = Path(path).read_bytes().decode("utf-8", "surrogateescape")
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    return lines


def end_with_reader() -> None:
    """A reader that has seen enough, as `head` has, ends the report without a word."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)


def write_lines(lines: Iterable[str]) -> None:
    """Writes what read_lines() may have read to standard output, whatever the locale is."""
    end_with_reader()
    sys.stdout.reconfigure(encoding="utf-8", errors="surrogateescape", newline="\n")
    sys.stdout.writelines(line + "\n" for line in lines)


def give_up(message: str) -> NoReturn:
    """Ends the report, which is named in the message by its script."""
    message = f"{Path(sys.argv[0]).stem}: {message}"
    print(message, file=sys.stderr)
    # For the object of a script that has --json (scripts/lib)
    if os.environ.get("GFPLAB_REASON"):
        Path(os.environ["GFPLAB_REASON"]).write_text(message + "\n", encoding="utf-8")
    sys.exit(CANNOT)


def number_or_none(word: str) -> Optional[float]:
    """A word of a `key value` line; `-` and words such as `unknown` stand for no number."""
    try:
        return float(word)
    except ValueError:
        return None


def shown(value: Optional[float], form: str) -> str:
    """A number by a printf format, or `-` where there is none."""
    return "-" if value is None else form % value


def quotient(part: Optional[float], whole: Optional[float]) -> Optional[float]:
    """How often `whole` is contained in `part`, if both are known."""
    return None if part is None or not whole else part / whole
