"""Moving learners between classes and schools, withdrawing several at once. What they made goes with them."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from profiles.models import Account, Enrollment, Learner, Roster, RosterAct, School
from profiles.services.roster_acts import ChangedMeanwhile, Step, acting

Kind = RosterAct.Kind
Seen = dict[int, date | None]
"""Enrollment id -> its last day as the page showed it: what a step builds on."""


def move(
    *, seen: Seen, source: Roster, to: Roster, by: Account, from_day: date, uuid: UUID | None = None
) -> RosterAct | None:
    """Out of one class and into another of the school from that day; None where nothing had to be done.

    Raises ChangedMeanwhile, DoneAlready, class_codes.NoFreeNumber.
    """
    with acting(Kind.MOVE, by=by, roster_ids=[source.pk, to.pk], uuid=uuid) as step:
        for row in _standing(seen, source, from_day):
            step.end(row, from_day=from_day)
            if row.learner_id is not None:
                step.enroll(roster_id=to.pk, learner_id=row.learner_id, starts_on=max(from_day, row.starts_on))
    return step.act if step.changes else None


def withdraw_several(
    *, seen: Seen, source: Roster, by: Account, from_day: date, uuid: UUID | None = None
) -> RosterAct | None:
    """Not in the class from that day. Raises ChangedMeanwhile, DoneAlready."""
    with acting(Kind.WITHDRAW, by=by, roster_ids=[source.pk], uuid=uuid) as step:
        for row in _standing(seen, source, from_day):
            step.end(row, from_day=from_day)
    return step.act if step.changes else None


def transfer(
    *, learners: Collection[Learner], to: School, by: Account, from_day: date, uuid: UUID | None = None
) -> RosterAct | None:
    """Send learners to another school: out of every class of the present one, at home there, in no class yet.

    from_day: not later than today, as the home school changes at once. Raises DoneAlready.
    """
    return _leave_school(learners, Kind.TRANSFER, by=by, from_day=from_day, uuid=uuid, values={"home_school_id": to.pk})


def leave(*, learners: Collection[Learner], by: Account, from_day: date, uuid: UUID | None = None) -> RosterAct | None:
    """Out of every class of the district; signing in ends. Everything is kept, and enrolling again brings it back.

    from_day: not later than today. Raises DoneAlready.
    """
    return _leave_school(learners, Kind.LEAVE, by=by, from_day=from_day, uuid=uuid, values={"left_on": from_day})


def place(
    *, learners: Collection[Learner], to: Roster, by: Account, from_day: date, uuid: UUID | None = None
) -> RosterAct | None:
    """Put learners on a roster. Twice equals once. Raises DoneAlready, class_codes.NoFreeNumber."""
    with acting(Kind.ADD, by=by, roster_ids=[to.pk], uuid=uuid) as step:
        for learner in _locked(learners):
            if learner.left_on is not None:
                step.change_learner(learner, left_on=None)
            step.enroll(roster_id=to.pk, learner_id=learner.pk, starts_on=from_day)
    return step.act if step.changes else None


def without_class(*, on: date) -> QuerySet[Learner]:
    """Learners of the district who are in no class on that day and in none to come, by name."""
    placed = Enrollment.objects.of_learners().filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))
    rows = Learner.objects.named().filter(left_on__isnull=True).exclude(pk__in=placed.values("learner"))
    return rows.select_related("home_school").by_name()


def count_without_class(*, on: date) -> dict[int, int]:
    """{home school: how many of its learners are without a class}. One statement."""
    rows = without_class(on=on).order_by().values_list("home_school").annotate(n=Count("pk"))
    return dict(rows)


def _leave_school(
    learners: Collection[Learner], kind: str, *, by: Account, from_day: date, uuid: UUID | None, values: dict
) -> RosterAct | None:
    rows = Enrollment.objects.of_learners().filter(learner__in=learners)
    rows = rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=from_day))
    if kind == Kind.TRANSFER:
        rows = rows.filter(roster__school__in={learner.home_school_id for learner in learners})
    roster_ids = set(rows.values_list("roster_id", flat=True))
    with acting(kind, by=by, roster_ids=roster_ids, uuid=uuid) as step:
        for learner in _locked(learners):
            if all(getattr(learner, name) == value for name, value in values.items()):
                continue
            _end_all(step, list(rows.filter(learner=learner, roster__in=roster_ids)), from_day)
            step.change_learner(learner, **values)
    return step.act if step.changes else None


def _end_all(step: Step, rows: list[Enrollment], from_day: date) -> None:
    for row in rows:
        if row.ends_on is None or row.ends_on >= row.starts_on:
            step.end(row, from_day=from_day)


def check(seen: Seen, source: Roster) -> None:
    """Raises ChangedMeanwhile where the rows are not as they were seen."""
    rows = Enrollment.objects.of_learners().filter(pk__in=seen, roster=source)
    if dict(rows.values_list("pk", "ends_on")) != seen:
        raise ChangedMeanwhile


def _standing(seen: Seen, source: Roster, from_day: date) -> list[Enrollment]:
    """The rows as they stand, if they still are as they were seen. Raises ChangedMeanwhile."""
    rows = Enrollment.objects.of_learners().select_for_update(of=["self"]).select_related("learner")
    found = list(rows.filter(pk__in=seen, roster=source).order_by("pk"))
    if len(found) != len(seen) or any(row.ends_on != seen[row.pk] for row in found):
        raise ChangedMeanwhile
    if any(row.ends_on is not None and row.ends_on < from_day for row in found):
        raise ChangedMeanwhile
    return found


def _locked(learners: Collection[Learner]) -> list[Learner]:
    ids = [learner.pk for learner in learners]
    return list(Learner.objects.select_for_update(of=["self"]).filter(pk__in=ids).order_by("pk"))
