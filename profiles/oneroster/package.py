"""What a OneRoster package holds, as plain objects."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lrm.problems import Problem
from profiles.oneroster.fields import FILES, V1P2

ACTIVE, LEAVING = "active", "tobedeleted"
BULK, DELTA, ABSENT = "bulk", "delta", "absent"


class PackageRefused(ValueError):
    """Nothing of the package can be read. problem: why, and what to do."""

    def __init__(self, problem: Problem):
        super().__init__(problem.code)
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.problem.why} {self.problem.fix}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line. values: typed, by the standard's column names; an empty cell is None, an empty list ().

    extra: cells of columns that OneRoster does not know. status: "active" or "tobedeleted".
    """

    file: str
    line: int
    sourced_id: str
    status: str
    values: Mapping[str, Any]
    extra: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name)

    @property
    def name(self) -> str:
        """What a person would call it: the full name, the title, or the id."""
        person = f"{self['givenName'] or ''} {self['familyName'] or ''}".strip()
        return person or self["title"] or self["name"] or self.sourced_id


@dataclass(frozen=True, slots=True)
class Options:
    """How to read.

    date_order: "mdy", "dmy", or "" to refuse dates with slashes. by_name: read 1.2 columns by name although
    their order is not the standard's. repairs: (file, line, column) -> value to read in its place. left_out:
    (file, line), or (file, 0) for a whole file.
    """

    date_order: str = ""
    by_name: bool = False
    repairs: Mapping[tuple[str, int, str], str] = field(default_factory=dict)
    left_out: frozenset[tuple[str, int]] = frozenset()


@dataclass(slots=True)
class Roster:
    """rows: file name without .csv -> its good rows. present: files that the package holds, also those
    without rows. deltas: those of them that hold changes only. forms: present file -> encoding and delimiter.

    refused: (file, line) -> cells, of the lines that have a blocking problem. left_out: how many lines were
    left out; gone: their ids, by file. seen: id -> line of refused lines, by file, so that one bad line does
    not make every line that names it bad.
    """

    version: str
    has_manifest: bool
    rows: dict[str, list[Row]] = field(default_factory=dict)
    present: set[str] = field(default_factory=set)
    deltas: set[str] = field(default_factory=set)
    forms: dict[str, tuple[str, str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    refused: dict[tuple[str, int], dict[str, str]] = field(default_factory=dict)
    line_count: int = 0
    left_out: int = 0
    gone: dict[str, set[str]] = field(default_factory=dict)
    seen: dict[str, dict[str, int]] = field(default_factory=dict)

    def __getitem__(self, file: str) -> list[Row]:
        """The good rows of a file, none where the package has none. Raises KeyError: OneRoster has no such file."""
        if file not in FILES[V1P2]:
            raise KeyError(file)
        return self.rows.get(file, [])

    def active(self, file: str) -> Iterator[Row]:
        return (row for row in self[file] if row.status == ACTIVE)

    def is_complete(self, file: str) -> bool:
        """Whether what is not in this file is not there: no changes only, and not left out of the package."""
        return file in self.present and file not in self.deltas

    @property
    def blocking(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.blocking]

    def add(self, problems: Iterable[Problem]) -> None:
        self.problems.extend(problems)
