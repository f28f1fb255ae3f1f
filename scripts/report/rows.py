# SPDX-License-Identifier: GPL-2.0
"""What each row id of the tests means, and which test holds it (scripts/rows).

Input: selftests/rows (the legend), the `test_case` lines of the scripts, and the names of the
rows that a unit test judges. Exit status: 0; 1 if --check finds something; 2 for an unknown id.
"""
import argparse
import difflib
import fnmatch
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from common import end_with_reader

NOT_POSSIBLE = "NOT POSSIBLE: "
VERSION = re.compile(r"uname -r|/proc/version|osrelease|release_ge|FAMILY|family ==")
ASKS = re.compile(r"(?:\bif|!|\|\||&&|\{|^)\s*has ([a-z_]+)|[^a-z_]has\(\"([a-z_]+)\"")


@dataclass(frozen=True)
class Case:
    """A case of a test: its file, one of the ids that its name begins with, its name, its call."""

    file: str
    id: str
    name: str
    call: tuple[str, ...]


@dataclass(frozen=True)
class Reference:
    """`FILE: ID [FUNCTION]` of a row of the documents: the case that holds it."""

    file: str
    id: str
    call: str

    def find(self, cases: list[Case]) -> Case | None:
        """The first case that is meant."""
        for case in cases:
            if (case.file, case.id) == (self.file, self.id) and (
                not self.call or self.call in case.call
            ):
                return case
        return None


@dataclass(frozen=True)
class Row:
    """A row of the legend; `held` is what its fifth column says, for rows of the documents."""

    line: int
    id: str
    place: str
    mechanism: str
    kernels: str
    held: str

    @property
    def possible(self) -> bool:
        return not self.held.startswith(NOT_POSSIBLE)

    @property
    def references(self) -> list[Reference]:
        if not self.held or not self.possible:
            return []
        refs = []
        for text in re.split(r"; *", self.held):
            file, _, rest = text.partition(": ")
            words = rest.split() + [""]
            refs.append(Reference(file, words[0], words[1] if len(words) > 2 else ""))
        return refs


class Rows:
    """The legend and the cases, and what each says of the other."""

    def __init__(self, selftests: Path, guest: Path):
        self.findings: list[str] = []
        self.groups = {path.stem: unit_groups(path) for path in sorted(selftests.glob("unit/*_test.c"))}
        scripts = sorted(selftests.glob("*.sh")) + [guest]
        self.cases = [case for path in scripts for case in self.cases_of(path)]
        self.cases += planted(selftests.parent / "module" / "planted.c")
        self.rows = self.legend(selftests / "rows")
        self.by_id = {row.id: row for row in self.rows}

    def cases_of(self, path: Path) -> list[Case]:
        """The cases of a script; a case of a group of a unit test's rows is one for each group."""
        found, judged = [], ""
        for line in path.read_text().replace("\\\n", " ").splitlines():
            line = " ".join(line.split())
            if line.startswith("judge "):
                judged = line.split()[1]
            match = re.match(r'test_case "([^"]*)"(.*)', line)
            if not match:
                continue
            name, call = match[1], tuple(match[2].split())
            first, *others = name.split()
            if "$group" in first:
                ids = [first.replace("$group", group) for group in self.groups.get(judged, [])]
            else:
                ids = [re.sub(r"\$\{[^}]*\}|\$\w+", "*", first)]
                for word in others:
                    if not re.fullmatch(r"[A-Z][0-9]+", word):
                        break
                    ids.append(word)
            found += [Case(path.name, case_id, name, call) for case_id in ids]
        return found

    def legend(self, path: Path) -> list[Row]:
        rows: list[Row] = []
        seen = set()
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if not line or line.startswith("#"):
                continue
            fields = re.split(r" +\| +", line)
            if len(fields) != (5 if fields[0].startswith("doc:") else 4):
                self.findings.append(f"selftests/rows:{number}: {len(fields)} columns")
                continue
            if fields[0] in seen:
                self.findings.append(f"selftests/rows:{number}: {fields[0]} is there twice")
            seen.add(fields[0])
            rows.append(Row(number, *fields[:4], fields[4] if len(fields) > 4 else ""))
        return rows

    def row_of(self, case_id: str) -> Row | None:
        """The row of an id: its own, or the most exact one that has a * in it."""
        if case_id in self.by_id:
            return self.by_id[case_id]
        globs = [r for r in self.rows if "*" in r.id and fnmatch.fnmatchcase(case_id, r.id)]
        return max(globs, key=lambda row: len(row.id), default=None)

    def held_by(self, row: Row) -> str:
        """The last column."""
        if not row.possible:
            return row.held
        if row.held:
            parts = []
            for ref in row.references:
                case = ref.find(self.cases)
                parts.append(f"{ref.file}: {case.name if case and ref.call else ref.id}")
        else:
            parts = [case.file for case in self.cases if self.row_of(case.id) == row]
        return "; ".join(dict.fromkeys(parts))

    def check(self, module: Path, selftests: Path) -> list[str]:
        """What does not fit."""
        found = list(self.findings)
        used = set()
        for case in self.cases:
            row = self.row_of(case.id)
            if row:
                used.add(row.id)
            else:
                found.append(f"{case.file}: no row {case.id} in selftests/rows: {case.name}")
        for row in self.rows:
            where = f"selftests/rows:{row.line}:"
            if not row.id.startswith("doc:"):
                if row.id not in used:
                    found.append(f"{where} no case of row {row.id}")
                continue
            for ref in row.references:
                if not ref.find(self.cases):
                    call = f" with {ref.call}" if ref.call else ""
                    found.append(f"{where} {row.id}: no case {ref.id}{call} in {ref.file}")
        return found + versions(selftests) + capabilities(module, selftests)

    def wanted(self, ids: list[str]) -> list[Row]:
        """The rows that ids and patterns name, in the legend's order; exits if one names none."""
        if not ids:
            return self.rows
        chosen = set()
        for one in ids:
            named = [row.id for row in self.rows if fnmatch.fnmatchcase(row.id, one)]
            own = self.row_of(one)
            if not named and not own:
                sys.exit(self.unknown(one))
            chosen.update(named or [own.id])
        return [row for row in self.rows if row.id in chosen]

    def unknown(self, one: str) -> int:
        near = difflib.get_close_matches(one, list(self.by_id), 1, 0)
        likely = f"doc:{one}" if f"doc:{one}" in self.by_id else near[0]
        print(f"rows: no such row: {one}; {likely} is one", file=sys.stderr)
        return 2

    def selections(self, ids: list[str]) -> list[str]:
        """IDs as the tests' library takes them: FILE:ID of each case of a row of the documents."""
        self.wanted(ids)
        out = []
        for one in ids:
            if not one.startswith("doc:"):
                out.append(one)
                continue
            # What check-debug holds is no test of the suite.
            refs = [f"{ref.file}:{ref.id}" for row in self.wanted([one]) for ref in row.references
                    if ref.file.endswith(".sh")]
            if not refs:
                print(f"rows: {one} is not possible: no case holds it", file=sys.stderr)
                sys.exit(2)
            out += refs
        return list(dict.fromkeys(out))

    def files(self, ids: list[str]) -> list[str]:
        """The tests that have a case of one of the ids."""
        found = []
        for selection in self.selections(ids):
            file, _, case_id = selection.rpartition(":")
            found += [
                case.file
                for case in self.cases
                if file in ("", case.file)
                and (fnmatch.fnmatchcase(case.id, case_id) or fnmatch.fnmatchcase(case_id, case.id))
            ]
        return list(dict.fromkeys(found))


def unit_groups(path: Path) -> list[str]:
    """The first words of the names of a unit test's rows, as `-l` of the program lists them."""
    return list(dict.fromkeys(re.findall(r'\{ "([a-z][a-z0-9]*)[-"]', path.read_text())))


def planted(path: Path) -> list[Case]:
    """The mistakes that check-debug plants, each of which a debug kernel must report."""
    names = re.findall(r"^\tPLANTED\((\w+),", path.read_text(), re.M) if path.exists() else []
    return [Case("check-debug", f"planted-{name}", f"planted {name}", ()) for name in names]


def test_sources(selftests: Path) -> list[Path]:
    return sorted(selftests.glob("*.sh")) + sorted(selftests.glob("lib/*")) + [selftests / "run"]


def versions(selftests: Path) -> list[str]:
    """Tests that look at a kernel's version where a capability is meant."""
    return [
        f"selftests/{path.relative_to(selftests)}:{number}: a version; ask for a capability (has NAME)"
        for path in test_sources(selftests)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if VERSION.search(line)
    ]


def capabilities(module: Path, selftests: Path) -> list[str]:
    """Capabilities that a test asks for and the module does not name."""
    sources = "".join(path.read_text() for path in module.rglob("*.[ch]"))
    named = set(re.findall(r"X\((\w+),|\"(\w+)\",", sources))
    known = {name for pair in named for name in pair if name}
    asked = {
        name
        for path in test_sources(selftests)
        for line in path.read_text().splitlines()
        if not line.lstrip().startswith("#")
        for pair in ASKS.findall(line)
        for name in pair
        if name
    }
    return [f"selftests: has {name}: the module names no such capability" for name in sorted(asked - known)]


def main() -> int:
    end_with_reader()
    parser = argparse.ArgumentParser()
    parser.add_argument("--top", type=Path, required=True)
    parser.add_argument("--mode", choices=("all", "documents", "cases", "files", "check"), default="all")
    parser.add_argument("ids", nargs="*")
    args = parser.parse_args()
    rows = Rows(args.top / "selftests", args.top / "scripts/guest/torture")
    if args.mode == "check":
        found = rows.check(args.top / "module", args.top / "selftests")
        print("\n".join(found), end="\n" if found else "")
        return 1 if found else 0
    if args.mode == "cases":
        print(" ".join(rows.selections(args.ids)))
    elif args.mode == "files":
        print("\n".join(rows.files(args.ids)))
    else:
        for row in rows.wanted(args.ids):
            if args.mode == "documents" and not row.id.startswith("doc:"):
                continue
            print(row.id, row.place, row.mechanism, row.kernels, rows.held_by(row), sep=" | ")
    return 0


if __name__ == "__main__":
    sys.exit(main())
