"""What a package would change in the district, as plain objects: what is written, what leaves, what is said of it."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.formats import date_format

from profiles.models import RosterImport
from profiles.oneroster.package import Roster, Row
from profiles.services.roster_import.entities import ENTITIES
from profiles.services.roster_import.stored import KeptEnrollment, Stored
from profiles.services.roster_import.wishes import EnrollmentWish, Wanted, Wish

NEW, CHANGED, SAME = "new", "changed", "same"
_CODES = ("", NEW, CHANGED, SAME)
BRAKE_PERCENT = 5
BRAKE_COUNT = 3
"""So many may always leave: one of ten in a small class is no accident."""


class Verdicts:
    """File and line -> new, changed or same; a byte a line, since a district sends a million of them."""

    def __init__(self) -> None:
        self._codes: dict[str, bytearray] = {}

    def judge(self, row: Row, verdict: str) -> None:
        """A line that makes one thing and finds another is a changed line."""
        codes = self._codes.setdefault(row.file, bytearray())
        if len(codes) <= row.line:
            codes.extend(bytes(max(1024, row.line + 1 - len(codes))))
        code = _CODES.index(verdict)
        known = codes[row.line] or code
        codes[row.line] = code if known == code else _CODES.index(CHANGED)

    def of(self, file: str, line: int) -> str:
        """ "" where nothing is known of the line."""
        codes = self._codes.get(file, b"")
        return _CODES[codes[line]] if line < len(codes) else ""

    def count(self, verdict: str) -> int:
        code = _CODES.index(verdict)
        return sum(codes.count(code) for codes in self._codes.values())

    def lines(self, verdict: str) -> list[tuple[str, int]]:
        code = _CODES.index(verdict)
        return [
            (file, line) for file, codes in self._codes.items() for line, found in enumerate(codes) if found == code
        ]


@dataclass(frozen=True, slots=True)
class Change:
    """One value of a line that would become another."""

    line: int
    file: str
    who: str
    label: Any
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Leaving:
    """what: "learners", "accounts", "sections", "schools" or "enrollments". key: in the student information system."""

    what: str
    pk: int
    name: str
    key: str


@dataclass(frozen=True, slots=True)
class Brake:
    """Of `known` that are there now, `leaving` would go. is_on: more than the limit, and more than a few."""

    what: str
    leaving: int
    known: int
    limit_percent: float

    @property
    def percent(self) -> float:
        return 100 * self.leaving / self.known if self.known else 0.0

    @property
    def is_on(self) -> bool:
        return self.leaving > BRAKE_COUNT and self.percent > self.limit_percent


@dataclass(slots=True)
class RosterPlan:
    """writes: entity -> wishes to write; enrollments_new likewise, enrollments_changed with what is stored.

    enrollments_joined: second places of a learner in a class, with the wish that they become part of.
    adopted: accounts made by hand that get a key, (primary key, key). kept_as: once it was applied.
    """

    roster: Roster
    wanted: Wanted
    stored: Stored
    today: date
    writes: dict[str, list[Wish]] = field(default_factory=dict)
    enrollments_new: list[EnrollmentWish] = field(default_factory=list)
    enrollments_changed: list[tuple[EnrollmentWish, KeptEnrollment]] = field(default_factory=list)
    enrollments_joined: list[tuple[EnrollmentWish, KeptEnrollment]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    leaving: list[Leaving] = field(default_factory=list)
    brakes: list[Brake] = field(default_factory=list)
    adopted: list[tuple[int, str]] = field(default_factory=list)
    verdicts: Verdicts = field(default_factory=Verdicts)
    kept_as: RosterImport | None = None

    def count(self, verdict: str) -> int:
        return self.verdicts.count(verdict)

    @property
    def need_you(self) -> int:
        """Lines, and places without a line, that somebody has to settle."""
        return len(
            {
                (problem.file, problem.line, problem.field if not problem.line else "")
                for problem in self.roster.blocking
            }
        )

    @property
    def brake(self) -> Brake | None:
        """The brake that is on; of several the one with the largest share."""
        return max((brake for brake in self.brakes if brake.is_on), key=lambda brake: brake.percent, default=None)

    @property
    def largest_share(self) -> Brake | None:
        """Who would leave, where the share is largest, whether the brake is on or not; None where nobody leaves."""
        return max((brake for brake in self.brakes if brake.leaving), key=lambda brake: brake.percent, default=None)

    @property
    def is_unchanged(self) -> bool:
        enrollments = self.enrollments_new or self.enrollments_changed or self.enrollments_joined
        return not (any(self.writes.values()) or enrollments or self.leaving)

    def note(self, row: Row, label: Any, before: str, after: str, *, who: str = "") -> None:
        change = Change(row.line, row.file, who or row.name, label, before, after)
        if change not in self.changes[-4:]:  # a class is two rows of ours; one line on the page is enough
            self.changes.append(change)

    def shown(self, entity: str, column: str, value: Any) -> str:
        """A value as people read it; a link by the name of what it leads to."""
        if value is None or value == "":
            return ""
        if isinstance(value, date):
            return date_format(value, "DATE_FORMAT")
        target = ENTITIES[entity].links.get(column)
        if target is None:
            return str(value)
        wish, kept = self.wanted[target].get(value), self.stored[target].get(value)
        values = wish.values if wish else kept.values if kept else {}
        return str(values.get("title") or values.get("name") or full_name(values) or value)

    def person(self, key: str, *, is_learner: bool) -> str:
        entity = "learners" if is_learner else "accounts"
        kept, wish = self.stored[entity].get(key), self.wanted[entity].get(key)
        return full_name({**(kept.values if kept else {}), **(wish.values if wish else {})}) or key

    def count_leaving(self) -> dict[str, int]:
        return dict(Counter(one.what for one in self.leaving))


def full_name(values: dict[str, Any]) -> str:
    return f"{values.get('given_name', '')} {values.get('family_name', '')}".strip()
