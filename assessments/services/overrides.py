"""A teacher's own level: has the last word, is marked, and can be lifted or taken back. One cell, or many at once."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from assessments import hurry
from assessments.models import Evidence
from assessments.services import outbox
from assessments.services.errors import ResultsRefused, ScoreOutOfRange
from assessments.services.policies import Policies
from assessments.services.standing import Pair, Standing, append, lock_cells, standing_of, withdraw
from profiles.models import AcademicSession, Account, Learner
from standards.models import Standard

Kind = Evidence.Kind
REASON_LENGTH = 500
NOTHING_IN_FORCE = "No level set by a teacher is in force."
UNDO_WITHIN = timedelta(hours=24)


class ReasonMissing(ResultsRefused):
    """A level that a teacher sets needs a reason."""


class NothingToLift(ResultsRefused):
    """No level set by a teacher is in force: somebody lifted it first."""


@dataclass(frozen=True)
class Chosen:
    """A cell as its chooser saw it. seen: id of the record in force then, 0 for none, None where nobody looked."""

    learner_id: int
    standard_id: int
    seen: int | None = None

    @property
    def pair(self) -> Pair:
        return self.learner_id, self.standard_id


@dataclass(frozen=True)
class Taken:
    """A cell on which somebody else set or lifted a level after it was looked at."""

    cell: Chosen
    standing: Standing


class TakenFirst(ResultsRefused):
    """Somebody else was first on some cells; nothing was stored. `taken`: those, in the order chosen."""

    def __init__(self, taken: Sequence[Taken]) -> None:
        super().__init__("Another teacher set or lifted a level first.")
        self.taken = list(taken)


@transaction.atomic
def set_level(
    *,
    learner: Learner,
    standard: Standard,
    level: int,
    reason: str,
    by: Account,
    ends_at: datetime | None = None,
    seen: int | None = None,
) -> int:
    """Set the shown level until it is lifted or ends. Returns the id of the record; set twice alike is set once.

    level: 1 to the top of the scale.    reason: 1 to 500 characters; the learner can read it.
    seen: as in Chosen.    Raises ScoreOutOfRange, ReasonMissing, TakenFirst.
    """
    cell = Chosen(learner.pk, standard.pk, seen)
    found = _set(
        [cell], [standard], level=level, reason=reason, by=by, ends_at=ends_at, district_id=learner.district_id
    )
    return found.records[cell.pair]


@dataclass(frozen=True)
class Batch:
    """Levels set in one act. records: the record that stands on each cell.    changed: how many were not so before."""

    uuid: uuid.UUID
    records: dict[Pair, int]
    changed: int


@transaction.atomic
def set_levels(
    *, cells: Sequence[Chosen], standards: Sequence[Standard], level: int, reason: str, by: Account, district_id: int
) -> Batch:
    """Set one level with one reason on many cells, all or nothing; `undo_levels` takes the whole act back.

    standards: those of the cells.    Cells on which the same level with the same reason of the same teacher stands
    stay as they are. Raises ScoreOutOfRange, ReasonMissing, TakenFirst: nothing was stored.
    """
    return _set(cells, standards, level=level, reason=reason, by=by, ends_at=None, district_id=district_id)


def _set(
    cells: Sequence[Chosen],
    standards: Sequence[Standard],
    *,
    level: int,
    reason: str,
    by: Account,
    ends_at: datetime | None,
    district_id: int,
) -> Batch:
    reason = reason.strip()
    if not reason or len(reason) > REASON_LENGTH:
        raise ReasonMissing("Say why, in at most 500 characters.")
    today = timezone.localdate()
    policies = Policies(district_id)
    top = min((policies.on(standard.framework_id, today).scale.levels for standard in standards), default=0)
    if not 1 <= level <= top:
        raise ScoreOutOfRange(f"A level is between 1 and {top}.")
    standing = _standing(cells, by=by)
    alike = {
        pair: found.record
        for pair, found in standing.items()
        if found.is_in_force and (found.level, found.ends_at, found.by, found.reason) == (level, ends_at, by.pk, reason)
    }
    pairs = sorted({cell.pair for cell in cells} - set(alike))
    batch = uuid.uuid4()
    records = append(
        pairs,
        kind=Kind.OVERRIDE_SET,
        by=by.pk,
        school_year=school_year_of(district_id, today),
        batch=batch,
        level=level,
        ends_at=ends_at,
        reason=reason,
    )
    _tell(pairs)
    return Batch(batch, alike | records, len(pairs))


def _standing(cells: Sequence[Chosen], *, by: Account) -> dict[Pair, Standing]:
    """What stands on the cells, which stay locked. Raises TakenFirst where that is somebody else's newer word."""
    standing = standing_of([cell.pair for cell in cells])
    taken = [
        Taken(cell, found)
        for cell in cells
        if (found := standing.get(cell.pair)) and cell.seen is not None and _is_news(found, cell.seen, by)
    ]
    if taken:
        raise TakenFirst(taken)
    return standing


def _is_news(found: Standing, seen: int, by: Account) -> bool:
    """Somebody else set a level that the chooser did not see, or lifted the one that the chooser saw."""
    if found.by == by.pk:
        return False
    if found.is_in_force:
        return found.record != seen
    return found.kind == Kind.OVERRIDE_LIFT and 0 < seen < found.record


@transaction.atomic
def lift_level(*, learner: Learner, standard: Standard, by: Account, seen: int | None = None) -> int:
    """End the level in force: results decide again, and the judgement stays in the record.

    Raises NothingToLift, TakenFirst.
    """
    _in_force(learner, standard, by, seen)
    pair = (learner.pk, standard.pk)
    year = school_year_of(learner.district_id, timezone.localdate())
    records = append([pair], kind=Kind.OVERRIDE_LIFT, by=by.pk, school_year=year, batch=uuid.uuid4())
    _tell([pair])
    return records[pair]


@transaction.atomic
def withdraw_level(*, learner: Learner, standard: Standard, by: Account, seen: int | None = None) -> None:
    """Take back the level in force as made in error: it leaves no trace in levels. Raises NothingToLift, TakenFirst."""
    found = _in_force(learner, standard, by, seen)
    pairs = withdraw([(found.school_year, found.record)], by=by.pk)
    if not pairs:
        raise NothingToLift("Somebody took this level back first.")
    _tell(pairs)


def _in_force(learner: Learner, standard: Standard, by: Account, seen: int | None) -> Standing:
    cell = Chosen(learner.pk, standard.pk, seen)
    found = standing_of([cell.pair]).get(cell.pair)
    if found is None or not found.is_in_force:
        raise NothingToLift(NOTHING_IN_FORCE)
    if seen is not None and _is_news(found, seen, by):
        raise TakenFirst([Taken(cell, found)])
    return found


@dataclass(frozen=True)
class Act:
    """Levels that a teacher set in one act and that nobody has taken back.

    records: (school year, id) of each.    cells: of each, in the same order.
    """

    uuid: uuid.UUID
    level: int
    at: datetime
    records: list[tuple[int, int]]
    cells: list[Pair]


def newest_act(learner_ids: Iterable[int], *, by: Account, batch: uuid.UUID | None = None) -> Act | None:
    """The teacher's newest act on these learners within a day, or the one named; None where there is none left."""
    rows = Evidence.objects.filter(
        learner__in=list(learner_ids),
        kind=Kind.OVERRIDE_SET,
        recorded_by=by,
        observed_at__gt=timezone.now() - UNDO_WITHIN,
    )
    if batch is not None:
        rows = rows.filter(item=batch)
    taken_back = Evidence.objects.filter(kind=Kind.OVERRIDE_WITHDRAW, learner__in=list(learner_ids))
    rows = rows.exclude(pk__in=taken_back.values("supersedes_id"))
    found: dict[uuid.UUID, Act] = {}
    for item, level, at, *record, learner, standard in rows.order_by("-observed_at", "-pk").values_list(
        "item", "level", "observed_at", "school_year", "pk", "learner_id", "standard_id"
    ):
        if found and item not in found:
            break
        act = found.setdefault(item, Act(item, level or 0, at, [], []))
        act.records.append((record[0], record[1]))
        act.cells.append((learner, standard))
    return next(iter(found.values()), None)


@transaction.atomic
def undo_levels(*, act: Act, by: Account) -> int:
    """Take a whole act back: every cell stands exactly as before it. Returns how many were taken back.

    What somebody set or lifted on a cell since then is theirs and stays. Undoing twice undoes once.
    """
    # Whoever sets the same level at this moment waits until it is gone, and does not count it as standing.
    lock_cells(act.cells)
    pairs = withdraw(act.records, by=by.pk)
    if pairs:
        _tell(pairs)
    return len(pairs)


def _tell(pairs: Sequence[Pair]) -> None:
    outbox.mark_stale([learner for learner, _ in pairs], [standard for _, standard in pairs])
    transaction.on_commit(hurry.hurry, robust=True)


def school_year_of(district_id: int, day: date) -> int:
    """The year in which the school year of that day ends; without a calendar, one that starts in July."""
    session = (
        AcademicSession.objects.filter(district_id=district_id, starts_on__lte=day, ends_on__gte=day)
        .order_by("-starts_on")
        .first()
    )
    return session.school_year if session else day.year + (day.month >= 7)
