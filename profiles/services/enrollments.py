"""Who is on a roster, and since when. Ending an enrollment keeps everything that the learner made.

Whatever depends on enrollments (walls, marks of stale mastery) is told through ON_CHANGE, inside the transaction;
this app does not know who listens.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from uuid import UUID

import structlog
from django.db import transaction

from profiles.models import Account, Enrollment, Learner, Roster, RosterAct
from profiles.services import class_codes, roster_history

log = structlog.get_logger()

EnrollmentListener = Callable[[Sequence[int], int, date], None]

ON_CHANGE: list[EnrollmentListener] = []
"""Called as listener(learner_ids, roster_id, on) after enrollments changed from the day `on`, in the transaction.

Higher apps add theirs in their AppConfig.ready(). An error of a listener undoes the change.
"""


class KeyTaken(Exception):
    """Another learner of the district has this key. It is not said who: the teacher may not know them."""


class NotEnrolled(Exception):
    """The enrollment has ended already, or is not one of a learner."""


class DateOutOfRange(Exception):
    """The day lies before the learner came. `first` is the first day that can be said."""

    def __init__(self, first: date) -> None:
        super().__init__(f"No day before {first}.")
        self.first = first


def enrollment_changed(learner_ids: Sequence[int], roster_id: int, on: date) -> None:
    """Tell everybody who listens. Importers that write enrollments themselves call this too."""
    for listener in ON_CHANGE:
        listener(learner_ids, roster_id, on)


@transaction.atomic
def enroll(*, learner: Learner, roster: Roster, by: Account, starts_on: date) -> Enrollment:
    """Put a learner on the roster. Twice equals once: an enrollment that is open, or to come, is kept as it is.

    Raises class_codes.NoFreeNumber.
    """
    _lock(roster)
    standing = (
        Enrollment.objects.of_learners().filter(roster=roster, learner=learner, ends_on__isnull=True).first()
        or Enrollment.objects.of_learners()
        .filter(roster=roster, learner=learner, starts_on__lte=starts_on, ends_on__gte=starts_on)
        .first()
    )
    if standing is not None:
        if standing.ends_on is not None:  # back before the last day: it goes on
            before = roster_history.dates_of(standing)
            standing.ends_on = None
            standing.save(update_fields=["ends_on"])
            _changed(standing, by=by, on=starts_on, what=RosterAct.Kind.RENEW, before=before)
        return standing
    was_here = Enrollment.objects.of_learners().filter(roster=roster, learner=learner).exists()
    enrollment = Enrollment.objects.create(
        roster=roster, learner=learner, role=Enrollment.Role.LEARNER, starts_on=starts_on
    )
    if learner.left_on is not None:
        learner.left_on = None
        learner.save(update_fields=["left_on"])
    class_codes.give_numbers([learner.pk])
    what = RosterAct.Kind.RENEW if was_here else RosterAct.Kind.ADD
    _changed(enrollment, by=by, on=starts_on, what=what, before=None)
    return enrollment


@transaction.atomic
def add_new_learner(
    *,
    roster: Roster,
    uuid: UUID,
    given_name: str,
    family_name: str,
    preferred_name: str = "",
    grade: str = "",
    key: str = "",
    by: Account,
    starts_on: date,
) -> Learner:
    """A learner whom the district did not know, enrolled at once; home is the roster's school.

    uuid: made when the form was shown, so that a form sent twice makes one learner. Raises KeyTaken.
    """
    _lock(roster)
    learner = Learner.objects.filter(uuid=uuid).first()
    if learner is None:
        if key and Learner.objects.filter(key=key).exists():
            raise KeyTaken(key)
        learner = Learner.objects.create(
            district_id=roster.district_id,
            home_school_id=roster.school_id,
            uuid=uuid,
            given_name=given_name,
            family_name=family_name,
            preferred_name=preferred_name,
            grade=grade,
            key=key or None,
        )
    enroll(learner=learner, roster=roster, by=by, starts_on=starts_on)
    return learner


@transaction.atomic
def withdraw(*, enrollment: Enrollment, by: Account, from_day: date) -> date | None:
    """End the enrollment so that the learner is not on the roster from that day; what was made stays.

    Returns the last day that it had before, None for none, so that the step can be taken back.
    Raises NotEnrolled, DateOutOfRange.
    """
    locked = Enrollment.objects.select_for_update().filter(pk=enrollment.pk).of_learners().first()
    if locked is None or (locked.ends_on is not None and locked.ends_on < from_day):
        raise NotEnrolled
    if from_day < locked.starts_on:
        raise DateOutOfRange(locked.starts_on)
    before, dates = locked.ends_on, roster_history.dates_of(locked)
    locked.ends_on = from_day - timedelta(days=1)
    locked.save(update_fields=["ends_on"])
    _changed(locked, by=by, on=from_day, what=RosterAct.Kind.WITHDRAW, before=dates)
    return before


@transaction.atomic
def take_withdrawal_back(*, enrollment: Enrollment, by: Account, ended_on: date, before: date | None) -> bool:
    """Restore the last day that the enrollment had. False where it has changed since, and nothing is done."""
    _lock(enrollment.roster)
    locked = Enrollment.objects.select_for_update().get(pk=enrollment.pk)
    if locked.ends_on != ended_on:
        return False
    open_elsewhere = Enrollment.objects.of_learners().filter(
        roster_id=locked.roster_id, learner_id=locked.learner_id, ends_on__isnull=True
    )
    if open_elsewhere.exclude(pk=locked.pk).exists():
        return False
    locked.ends_on = before
    locked.save(update_fields=["ends_on"])
    roster_history.mark_undone(locked, by=by)
    log.info("enrollment restored", enrollment=locked.pk, roster=locked.roster_id, by=by.pk)
    if locked.learner_id is not None:
        enrollment_changed([locked.learner_id], locked.roster_id, ended_on + timedelta(days=1))
    return True


def _lock(roster: Roster) -> None:
    """Changes of one roster come one after the other, so that a double click finds what the first click did."""
    Roster.objects.select_for_update(of=["self"]).get(pk=roster.pk)


def _changed(enrollment: Enrollment, *, by: Account, on: date, what: str, before: dict | None) -> None:
    log.info("enrollment changed", what=what, enrollment=enrollment.pk, roster=enrollment.roster_id, by=by.pk)
    roster_history.keep(what, by=by, row=enrollment, before=before)
    if enrollment.learner_id is not None:
        enrollment_changed([enrollment.learner_id], enrollment.roster_id, on)
