"""What a package would change in the district: compared, counted, nothing written."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.formats import date_format

from profiles.models import District
from profiles.oneroster.package import Roster, Row
from profiles.oneroster.words import roster_problem
from profiles.services.roster_import.entities import ENTITIES, LABELS
from profiles.services.roster_import.merged_ids import name_as_one, other_ids
from profiles.services.roster_import.stored import KeptEnrollment, Stored, read_stored
from profiles.services.roster_import.wanted import wanted_of
from profiles.services.roster_import.wishes import EnrollmentWish, Wanted, Wish

NEW, CHANGED, SAME = "new", "changed", "same"
BRAKE_PERCENT = 5
BRAKE_COUNT = 3
"""So many may always leave: one of ten in a small class is no accident."""


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
    """what: "learners", "accounts", "sections", "schools" or "enrollments"."""

    what: str
    pk: int
    name: str


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

    adopted: accounts made by hand that get a key, (primary key, key). verdicts: (file, line) -> new, changed or same.
    """

    roster: Roster
    wanted: Wanted
    stored: Stored
    today: date
    writes: dict[str, list[Wish]] = field(default_factory=dict)
    enrollments_new: list[EnrollmentWish] = field(default_factory=list)
    enrollments_changed: list[tuple[EnrollmentWish, KeptEnrollment]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    leaving: list[Leaving] = field(default_factory=list)
    brakes: list[Brake] = field(default_factory=list)
    adopted: list[tuple[int, str]] = field(default_factory=list)
    verdicts: dict[tuple[str, int], str] = field(default_factory=dict)

    def count(self, verdict: str) -> int:
        return sum(found == verdict for found in self.verdicts.values())

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
        return not (any(self.writes.values()) or self.enrollments_new or self.enrollments_changed or self.leaving)


def plan_import(roster: Roster, *, district: District, today: date, brake_percent: float = BRAKE_PERCENT) -> RosterPlan:
    """Compare a package with the district. Adds to the roster's problems what only shows here."""
    name_as_one(roster, other_ids(district))
    addresses = [row["email"] for row in roster["users"] if row["email"]]
    stored = read_stored(district, addresses=addresses)
    wanted = wanted_of(roster, known=stored.keys())
    plan = RosterPlan(roster, wanted, stored, today)
    _settle_addresses(plan)
    for name in ENTITIES:
        _compare(plan, name)
    _compare_enrollments(plan)
    _find_leaving(plan)
    plan.brakes = _brakes(plan, brake_percent)
    return plan


def _settle_addresses(plan: RosterPlan) -> None:
    """An address belongs to one account: adopt one of the same kind that was made by hand, else go without.

    A learner's account from the first sign-in with a class code is adopted too.
    """
    for wish in plan.wanted["accounts"].values():
        learner = plan.stored["learners"].get(wish.key)
        own = learner.link_ids["account"] if learner and learner.values["account"] is None else None
        if own is not None and wish.key not in plan.stored["accounts"]:
            plan.adopted.append((own, wish.key))
        owner = plan.stored.addresses.get(wish.values.get("email", "").lower())
        if owner is None:
            continue
        pk, key, kind = owner
        if key == wish.key:
            continue
        is_ours_by_hand = key is None and kind == wish.values["kind"] and wish.key not in plan.stored["accounts"]
        if is_ours_by_hand and own in (None, pk):
            plan.adopted += [] if own == pk else [(pk, wish.key)]
            continue
        del wish.values["email"]
        row = wish.row
        details = {"file": row.file, "line": row.line, "field": "email", "value": row["email"], "who": row.name}
        plan.roster.problems.append(roster_problem("address_taken", blocking=False, **details))


def _compare(plan: RosterPlan, name: str) -> None:
    writes = plan.writes.setdefault(name, [])
    adopted = {key for _, key in plan.adopted} if name == "accounts" else set()
    for wish in plan.wanted[name].values():
        kept = plan.stored[name].get(wish.key)
        if kept is None:
            verdict = CHANGED if wish.key in adopted else NEW
            writes.append(wish)
        else:
            found = [
                (column, kept.values[column], value)
                for column, value in wish.values.items()
                if kept.values[column] != value
            ]
            verdict = CHANGED if found else SAME
            if found:
                writes.append(wish)
            for column, before, after in found:
                _note(
                    plan,
                    wish.row,
                    LABELS[column],
                    _shown(plan, name, column, before),
                    _shown(plan, name, column, after),
                )
        _judge(plan, wish.row, verdict)


def _judge(plan: RosterPlan, row: Row, verdict: str) -> None:
    """A line that makes one thing and finds another is a changed line."""
    known = plan.verdicts.setdefault((row.file, row.line), verdict)
    if known != verdict:
        plan.verdicts[row.file, row.line] = CHANGED


def _note(plan: RosterPlan, row: Row, label: Any, before: str, after: str, *, who: str = "") -> None:
    change = Change(row.line, row.file, who or row.name, label, before, after)
    if change not in plan.changes[-4:]:  # a class is two rows of ours; one line on the page is enough
        plan.changes.append(change)


def _shown(plan: RosterPlan, entity: str, column: str, value: Any) -> str:
    """A value as people read it; a link by the name of what it leads to."""
    if value is None or value == "":
        return ""
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    target = ENTITIES[entity].links.get(column)
    if target is None:
        return str(value)
    wish, kept = plan.wanted[target].get(value), plan.stored[target].get(value)
    values = wish.values if wish else kept.values if kept else {}
    return str(values.get("title") or values.get("name") or value)


def _compare_enrollments(plan: RosterPlan) -> None:
    taken = set()
    for wish in plan.wanted.enrollments.values():
        starts_on = wish.starts_on
        kept = plan.stored.enrollments.get(wish.key)
        if kept is None:
            loose = plan.stored.loose.get((wish.roster, wish.person))
            if loose is not None and loose.is_learner == wish.is_learner and loose.pk not in taken:
                kept = loose
                taken.add(loose.pk)
        wish.starts_on = starts_on or (kept.starts_on if kept else _first_day(plan, wish))
        if kept is None:
            plan.enrollments_new.append(wish)
            _judge(plan, wish.row, NEW)
            continue
        found = [
            (label, before, after)
            for label, before, after in (
                ("roster", kept.roster, wish.roster),
                ("role", kept.role, wish.role),
                ("starts_on", kept.starts_on, wish.starts_on),
                ("ends_on", kept.ends_on, wish.ends_on),
            )
            if before != after
        ]
        is_changed = bool(found) or kept.person != wish.person or kept.key != wish.key
        if is_changed:
            plan.enrollments_changed.append((wish, kept))
        for column, before, after in found:
            entity = "sections" if column == "roster" else "rosters"
            shown = [_shown(plan, entity, column, value) for value in (before, after)]
            _note(plan, wish.row, LABELS[column], *shown, who=_person(plan, wish))
        _judge(plan, wish.row, CHANGED if is_changed else SAME)


def _person(plan: RosterPlan, wish: EnrollmentWish) -> str:
    entity = "learners" if wish.is_learner else "accounts"
    found = plan.wanted[entity].get(wish.person)
    if found is not None:
        return _name(found.values)
    kept = plan.stored[entity].get(wish.person)
    return _name(kept.values) if kept else wish.person


def _first_day(plan: RosterPlan, wish: EnrollmentWish) -> date:
    """Where the line gives no first day: that of the class's term, or today for somebody who joins later."""
    class_wish = plan.wanted["rosters"].get(wish.roster)
    kept = plan.stored["rosters"].get(wish.roster)
    session = class_wish.values["session"] if class_wish else kept.values["session"] if kept else None
    key = session or ""
    session_wish, session_kept = plan.wanted["sessions"].get(key), plan.stored["sessions"].get(key)
    if session_wish is not None:
        first = session_wish.values["starts_on"]
    else:
        first = session_kept.values["starts_on"] if session_kept else plan.today
    is_joining = wish.roster in plan.stored["rosters"] and first < plan.today
    return plan.today if is_joining else first


def _find_leaving(plan: RosterPlan) -> None:
    wanted, stored = plan.wanted, plan.stored
    spared = wanted.spared
    if "schools" in wanted.present:
        for key, kept in stored["schools"].items():
            if key not in wanted["schools"] and key not in spared["schools"] and kept.values["left_on"] is None:
                plan.leaving.append(Leaving("schools", kept.pk, kept.values["name"]))
    if "sections" in wanted.present:
        for key, kept in stored["sections"].items():
            is_gone = key not in wanted["sections"] and key not in spared["sections"]
            if is_gone and kept.values["archived_at"] is None and not _is_over(plan, kept.values["session"]):
                plan.leaving.append(Leaving("sections", kept.pk, kept.values["title"]))
    if "people" in wanted.present:
        for key, kept in stored["learners"].items():
            if key not in wanted["learners"] and key not in spared["people"] and kept.values["left_on"] is None:
                plan.leaving.append(Leaving("learners", kept.pk, _name(kept.values)))
        for key, kept in stored["accounts"].items():
            # a learner's account goes and stays with the learner
            is_gone = key not in wanted["accounts"] and key not in stored["learners"] and key not in spared["people"]
            if is_gone and kept.values["is_active"]:
                plan.leaving.append(Leaving("accounts", kept.pk, _name(kept.values)))
    if "enrollments" in wanted.present:
        changed = {kept.pk for _, kept in plan.enrollments_changed}
        for key, row in stored.enrollments.items():
            is_gone = key not in wanted.enrollments and key not in spared["enrollments"] and row.pk not in changed
            if is_gone and (row.ends_on is None or row.ends_on >= plan.today):
                plan.leaving.append(Leaving("enrollments", row.pk, _enrollment_name(plan, row)))


def _is_over(plan: RosterPlan, session: str | None) -> bool:
    kept = plan.stored["sessions"].get(session) if session else None
    return kept is not None and kept.values["ends_on"] < plan.today


def _name(values: dict[str, Any]) -> str:
    return f"{values['given_name']} {values['family_name']}".strip()


def _enrollment_name(plan: RosterPlan, row: KeptEnrollment) -> str:
    person = plan.stored["learners" if row.is_learner else "accounts"].get(row.person or "")
    kept = plan.stored["rosters"].get(row.roster or "")
    return f"{_name(person.values) if person else row.person}, {kept.values['title'] if kept else row.roster}"


def _brakes(plan: RosterPlan, limit: float) -> list[Brake]:
    """One brake for people, one for classes, one for enrollments: a missing file must not hide among the others."""
    stored, today = plan.stored, plan.today
    known = {
        "people": _present(stored["learners"].values(), "left_on", None)
        + _present(
            (kept for key, kept in stored["accounts"].items() if key not in stored["learners"]), "is_active", True
        ),
        "sections": _present(
            (kept for kept in stored["sections"].values() if not _is_over(plan, kept.values["session"])),
            "archived_at",
            None,
        ),
        "enrollments": sum(row.ends_on is None or row.ends_on >= today for row in stored.enrollments.values()),
    }
    gone = dict.fromkeys(known, 0)
    for one in plan.leaving:
        what = "people" if one.what in ("learners", "accounts") else one.what
        if what in gone:
            gone[what] += 1
    return [Brake(what, gone[what], known[what], limit) for what in known]


def _present(rows: Iterable[Any], column: str, value: Any) -> int:
    return sum(kept.values[column] == value for kept in rows)
