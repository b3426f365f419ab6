"""Steps on class lists that are kept with what stood before, and can be undone while nobody has changed it since."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone

from lrm.changes import enrollments_changed
from profiles.models import Account, Enrollment, Learner, Roster, RosterAct, RosterChange
from profiles.services import class_codes
from profiles.services.enrollments import enrollment_changed
from profiles.services.roster_history import dates_of, plain

log = structlog.get_logger()

UNDO_FOR = timedelta(days=30)
STAFF_KINDS = (RosterAct.Kind.STAFF_ADD, RosterAct.Kind.STAFF_END)


class ChangedMeanwhile(Exception):
    """What the page showed is not what stands now. Nothing was done."""


class DoneAlready(Exception):
    """The form of this step was sent before; `act` is what it did."""

    def __init__(self, act: RosterAct) -> None:
        super().__init__(act.pk)
        self.act = act


@dataclass
class Step:
    """A step that is being taken. Its methods write at once; `acting` tells and keeps them at the end.

    gone: learners who are at home elsewhere by it, or in the district or not, whichever classes they are in.
    """

    act: RosterAct
    changes: list[RosterChange] = field(default_factory=list)
    told: dict[tuple[int, date], set[int]] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)

    def enroll(
        self, *, roster_id: int, learner_id: int, starts_on: date, ends_on: date | None = None
    ) -> Enrollment | None:
        """Put a learner on the roster from that day. None where they are on it already, or will be."""
        rows = Enrollment.objects.of_learners().filter(roster_id=roster_id, learner_id=learner_id)
        standing = next((row for row in rows if row.ends_on is None or _is_on(row, starts_on)), None)
        if standing is not None and standing.ends_on is None:
            return None
        if standing is not None:  # back before the last day: it goes on
            self.redate(standing, ends_on=ends_on, on=starts_on)
            return standing
        made = Enrollment.objects.create(
            roster_id=roster_id,
            learner_id=learner_id,
            role=Enrollment.Role.LEARNER,
            starts_on=starts_on,
            ends_on=ends_on,
        )
        self.note(made, before=None, on=starts_on)
        return made

    def staff(
        self, *, roster_id: int, section_id: int | None, account: Account, role: str, starts_on: date, ends_on: Any
    ) -> Enrollment:
        made = Enrollment.objects.create(
            roster_id=roster_id,
            section_id=section_id,
            account=account,
            role=role,
            starts_on=starts_on,
            ends_on=ends_on,
        )
        self.note(made, before=None, on=starts_on)
        return made

    def end(self, row: Enrollment, *, from_day: date) -> None:
        """Not on the roster from that day; a row that has not begun by then is never in force."""
        self.redate(row, ends_on=max(from_day, row.starts_on) - timedelta(days=1), on=from_day)

    def redate(self, row: Enrollment, *, ends_on: date | None, on: date) -> None:
        before = dates_of(row)
        row.ends_on = ends_on
        row.save(update_fields=["ends_on"])
        self.note(row, before=before, on=on)

    def change_learner(self, learner: Learner, **values: Any) -> None:
        """Set home_school_id, left_on or grade. At another school the next enrollment brings a new number."""
        before = {name: plain(getattr(learner, name)) for name in values}
        for name, value in values.items():
            setattr(learner, name, value)
        written = list(values)
        if "home_school_id" in values and before["home_school_id"] != values["home_school_id"]:
            learner.number = None
            written.append("number")
        learner.save(update_fields=written)
        self.note_gone(learner, values)
        after = {name: plain(value) for name, value in values.items()}
        self.changes.append(RosterChange(act=self.act, learner=learner, before=before, after=after))

    def note(self, row: Enrollment, *, before: dict | None, on: date) -> None:
        self.changes.append(
            RosterChange(
                act=self.act,
                roster_id=row.roster_id,
                enrollment=row,
                learner_id=row.learner_id,
                before=before,
                after=dates_of(row),
            )
        )
        self.tell(row, on)

    def note_gone(self, learner: Learner, values: Collection[str]) -> None:
        if not {"home_school_id", "left_on"}.isdisjoint(values):
            self.gone.add(learner.pk)

    def tell(self, row: Enrollment, on: date) -> None:
        if row.learner_id is not None:
            self.told.setdefault((row.roster_id, on), set()).add(row.learner_id)


@contextmanager
def acting(
    kind: str, *, by: Account, roster_ids: Collection[int], uuid: UUID | None = None, district_id: int | None = None
) -> Iterator[Step]:
    """Take one step, all or nothing. Other steps on the same rosters wait until it is done.

    Raises DoneAlready where a step with this uuid was taken, and class_codes.NoFreeNumber.
    """
    with transaction.atomic():
        lock_rosters(roster_ids)
        done = RosterAct.objects.filter(uuid=uuid).first() if uuid else None
        if done is not None:
            raise DoneAlready(done)
        act = RosterAct(kind=kind, by=by, district_id=district_id or by.district_id)
        if uuid:
            act.uuid = uuid
        step = Step(act)
        yield step
        if step.changes:
            act.save()
            finish(step)
            log.info("class lists changed", what=kind, act=act.pk, changes=len(step.changes), by=by.pk)


def undo(act: RosterAct, *, by: Account) -> None:
    """Put back what stood before the step. Raises ChangedMeanwhile where somebody has changed any of it since."""
    with transaction.atomic():
        lock_rosters(_rosters_of(act))
        act = RosterAct.objects.select_for_update(of=["self"]).get(pk=act.pk)
        if act.undone_at is not None or act.at < timezone.now() - UNDO_FOR:
            raise ChangedMeanwhile
        changes = list(act.changes.select_related("enrollment", "learner"))
        if any(not _stands(change) for change in changes) or _went_on(act, changes):
            raise ChangedMeanwhile
        step = Step(act)
        # What was made goes first, so that what it took the place of can stand open again.
        for change in sorted(changes, key=lambda change: change.before is not None):
            _put_back(change, step)
        act.undone_at, act.undone_by = timezone.now(), by
        act.save(update_fields=["undone_at", "undone_by"])
        finish(step)
        log.info("class lists put back", act=act.pk, by=by.pk)


def may_undo(act: RosterAct, *, account: Account) -> bool:
    """Whether the account may change every roster that the step changed.

    What it changed about learners themselves is undone by whoever did it, or administers a school that it named; the
    staff of a class by whoever did it, or administers the school. A year is undone with its plan (rolling_over.py).
    """
    access = account.access
    if act.kind == RosterAct.Kind.ROLL_OVER:
        return False
    if access.is_district_admin:
        return act.district_id == access.district_id
    rosters = set(_rosters_of(act))
    if Roster.objects.editable_by(account).filter(pk__in=rosters).count() != len(rosters):
        return False
    if act.by_id == account.pk:
        return True
    about = list(act.changes.filter(enrollment=None).select_related("learner"))
    if act.kind in STAFF_KINDS:
        schools = set(Roster.objects.filter(pk__in=rosters).values_list("school_id", flat=True))
        return schools <= access.school_ids
    return bool(rosters or about) and all(_schools_of(change) & access.school_ids for change in about)


def _schools_of(change: RosterChange) -> set[int]:
    named = {(values or {}).get("home_school_id") for values in (change.before, change.after)}
    return {pk for pk in (*named, change.learner.home_school_id if change.learner else None) if pk is not None}


def lock_rosters(roster_ids: Collection[int]) -> None:
    """In one order, so that two steps on the same rosters wait for each other instead of both failing."""
    list(Roster.objects.select_for_update(of=["self"]).filter(pk__in=set(roster_ids)).order_by("pk"))


def _rosters_of(act: RosterAct) -> list[int]:
    return list(act.changes.filter(roster__isnull=False).values_list("roster_id", flat=True).distinct())


def finish(step: Step) -> None:
    """Keep what was changed, give numbers to whoever has none, and tell whoever listens."""
    RosterChange.objects.bulk_create(change for change in step.changes if change.pk is None)
    learners = {pk for ids in step.told.values() for pk in ids}
    if learners:
        class_codes.give_numbers(learners)
    for (roster_id, on), ids in sorted(step.told.items()):
        enrollment_changed(sorted(ids), roster_id, on)
    # Of whoever is in no class, or only in one to come, no list says today that counts and levels are others by now.
    today = timezone.localdate()
    by_lists = {pk for (_roster, on), ids in step.told.items() if on <= today for pk in ids}
    if unsaid := step.gone - by_lists:
        zone = timezone.get_current_timezone()
        enrollments_changed.tell(sorted(unsaid), roster_ids=[], ahead={}, zone=zone)


def _is_on(row: Enrollment, day: date) -> bool:
    return row.starts_on <= day and (row.ends_on is None or row.ends_on >= day)


def _stands(change: RosterChange) -> bool:
    row = change.enrollment or change.learner
    return row is not None and all(plain(getattr(row, name)) == value for name, value in change.after.items())


def _went_on(act: RosterAct, changes: Collection[RosterChange]) -> bool:
    """Whether a later step has done something with a learner whom this one changed, such as giving them a class."""
    learners = [change.learner_id for change in changes if change.enrollment_id is None]
    later = RosterAct.objects.filter(at__gt=act.at, undone_at=None, changes__learner__in=learners)
    return bool(learners) and later.exists()


def _put_back(change: RosterChange, step: Step) -> None:
    row = change.enrollment
    if row is None:
        if change.learner is not None and change.before is not None:
            _put_learner_back(change.learner, change.before)
            step.note_gone(change.learner, change.before)
        return
    was_until = row.ends_on
    if change.before is None:  # never in force
        row.ends_on = row.starts_on - timedelta(days=1)
        on = row.starts_on
    else:
        row.starts_on, row.ends_on = _day(change.before["starts_on"]), _day(change.before["ends_on"])
        on = min(day for day in (was_until, row.ends_on) if day is not None) + timedelta(days=1)
    row.save(update_fields=["starts_on", "ends_on"])
    step.tell(row, on)


def _put_learner_back(learner: Learner, before: dict) -> None:
    for name, value in before.items():
        setattr(learner, name, _day(value) if name == "left_on" else value)
    if "home_school_id" in before:
        learner.number = None  # the old one may be somebody else's by now
    learner.save(update_fields=[*before, "number"])
    class_codes.give_numbers([learner.pk])


def _day(value: str | None) -> Any:
    return date.fromisoformat(value) if value else None
