"""What a package wishes for the district, in our own words, and the words that it uses for people."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from profiles.oneroster.package import Roster, Row

STUDENT = "student"
STAFF = frozenset({"teacher", "aide", "proctor", "counselor"})
FAMILY = frozenset({"parent", "guardian", "relative"})
SCHOOL_ADMINS = frozenset({"principal", "siteAdministrator", "administrator"})
DISTRICT_ADMINS = frozenset({"districtAdministrator"})
ADMINS = SCHOOL_ADMINS | DISTRICT_ADMINS | {"systemAdministrator"}


@dataclass(slots=True)
class Wish:
    """One row of ours as the package wants it: values by column, links by key. A column left out stays as it is."""

    key: str
    values: dict[str, Any]
    row: Row


@dataclass(slots=True)
class EnrollmentWish:
    """is_learner tells whose key `person` is; ends_on None is open."""

    key: str
    roster: str
    person: str
    is_learner: bool
    role: str
    starts_on: date | None
    ends_on: date | None
    row: Row


@dataclass(slots=True)
class Wanted:
    """wishes: entity -> key -> wish. present: entities that the package tells about completely.

    named: entities of which it tells changes only -> the keys that it names; nothing else of them may leave.
    spared: entity -> keys of lines with a problem or left out; an unreadable line is not a departure.
    administrators: (person, is of the district, key of the school or "").    guardians: (guardian, learner, relation).
    """

    wishes: dict[str, dict[str, Wish]] = field(default_factory=dict)
    enrollments: dict[str, EnrollmentWish] = field(default_factory=dict)
    administrators: list[tuple[str, bool, str]] = field(default_factory=list)
    guardians: list[tuple[str, str, str]] = field(default_factory=list)
    present: set[str] = field(default_factory=set)
    named: dict[str, set[str]] = field(default_factory=dict)
    spared: dict[str, set[str]] = field(default_factory=dict)

    def __getitem__(self, entity: str) -> dict[str, Wish]:
        return self.wishes.setdefault(entity, {})

    def may_leave(self, kind: str, key: str) -> bool:
        """Whether the package says something about this row by not wishing it. kind: as in `present`."""
        if key in self.spared.get(kind, ()):
            return False
        return kind in self.present or key in self.named.get(kind, ())


def replace_rows(roster: Roster, file: str, kept: list[Row]) -> None:
    """Let only these lines of a file stand; the others have a problem."""
    if file in roster.rows:
        roster.rows[file] = kept


def first(values: Iterable[str] | None) -> str:
    """The first of a list in a cell, "" of none."""
    return next(iter(values or ()), "")
