"""Places: opened by a teacher for a while, chosen by learners, closed again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.meeting_times import Meeting
from assessments.models import Group
from assessments.services.clashes import meet_once, read_meetings
from paths.models import Opening, Path, Place, Seat, Step, Worked
from paths.pace import weekdays_between
from profiles.models import Account, Learner, Section

NAMESPACE = UUID("5b1f6f0e-9a43-5d0e-8a64-1c4d2e6d7f21")


class NoSeatLeft(Exception):
    """All seats are taken, or the place is closed or over."""


class ElsewhereThen(Exception):
    """The learner has a seat in another place at that time. `other`: that opening."""

    def __init__(self, other: Opening | None) -> None:
        super().__init__("A seat in another place at the same time.")
        self.other = other


class SeatsTaken(Exception):
    """More seats are taken than there would be. `taken`: how many."""

    def __init__(self, taken: int) -> None:
        super().__init__(f"{taken} seats are taken.")
        self.taken = taken


@transaction.atomic
def open_place(
    *,
    place: Place,
    section: Section | None,
    starts_at: datetime,
    ends_at: datetime,
    seats: int,
    weeks: int,
    uuid: UUID,
    by: Account,
) -> list[Opening]:
    """Open a place at that time of so many weeks, by the clock on the wall. Sending the form twice opens once."""
    openings = []
    for week in range(weeks):
        key = uuid5(NAMESPACE, f"{uuid}:{week}")
        opening, is_new = Opening.objects.get_or_create(
            uuid=key,
            defaults={
                "place": place,
                "section": section,
                "opened_by": by,
                "starts_at": _weeks_later(starts_at, week),
                "ends_at": _weeks_later(ends_at, week),
                "seats": seats,
            },
        )
        if is_new:
            _add_seats(opening, range(1, seats + 1))
        openings.append(opening)
    return openings


@transaction.atomic
def change_seats(*, opening: Opening, seats: int) -> None:
    """More seats, or fewer: free ones go. Raises SeatsTaken when more are taken than would be left."""
    found = Opening.objects.select_for_update().get(pk=opening.pk)
    rows = list(Seat.objects.filter(opening=found).order_by("learner_id", "number"))
    taken = sum(row.learner_id is not None for row in rows)
    if taken > seats:
        raise SeatsTaken(taken)
    free = [row.pk for row in rows if row.learner_id is None]
    Seat.objects.filter(pk__in=free[: max(len(rows) - seats, 0)]).delete()
    numbers = {row.number for row in Seat.objects.filter(opening=found)}
    spare = (number for number in range(1, 200) if number not in numbers)
    _add_seats(found, [next(spare) for _ in range(seats - len(numbers))])
    found.seats = seats
    found.save(update_fields=["seats"])


@transaction.atomic
def take_seat(*, opening: Opening, learner: Learner, now: datetime) -> Seat:
    """Choosing the same place twice is choosing it once. Raises NoSeatLeft and ElsewhereThen.

    The opening is locked, so that of any number who choose at once exactly as many come in as there are seats.
    """
    found = Opening.objects.select_for_update().get(pk=opening.pk)
    seats = Seat.objects.filter(opening=found)
    mine = seats.filter(learner=learner).first()
    if mine:
        return mine
    free = seats.filter(learner__isnull=True, is_off=False).order_by("number").first()
    if free is None or found.closed_at or found.ends_at <= now:
        raise NoSeatLeft
    free.learner, free.taken_at = learner, now
    try:
        with transaction.atomic():
            free.save(update_fields=["learner", "taken_at"])
    except IntegrityError:
        there = Seat.objects.filter(learner=learner, is_off=False, during__overlap=free.during)
        other = there.select_related("opening__place").first()
        raise ElsewhereThen(other.opening if other else None) from None
    return free


def leave_seat(*, opening: Opening, learner: Learner) -> None:
    Seat.objects.filter(opening=opening, learner=learner).update(learner=None, taken_at=None)


@transaction.atomic
def close(*, opening: Opening, now: datetime) -> None:
    """Nobody has a seat there anymore, and each may choose another place; opening again brings seats back."""
    Opening.objects.filter(pk=opening.pk, closed_at__isnull=True).update(closed_at=now)
    Seat.objects.filter(opening=opening).update(is_off=True)


@transaction.atomic
def open_again(*, opening: Opening) -> list[Learner]:
    """Undo of closing. Returns learners who have chosen another place since, and so have no seat here."""
    found = Opening.objects.select_for_update().get(pk=opening.pk)
    gone = []
    for seat in Seat.objects.filter(opening=found, is_off=True).select_related("learner"):
        try:
            with transaction.atomic():
                Seat.objects.filter(pk=seat.pk).update(is_off=False)
        except IntegrityError:
            if seat.learner:
                gone.append(seat.learner)
            Seat.objects.filter(pk=seat.pk).update(is_off=False, learner=None, taken_at=None)
    found.closed_at = None
    found.save(update_fields=["closed_at"])
    return gone


@dataclass(frozen=True)
class MeetsThere:
    """A group that is on in this place at that time, in its teacher's words."""

    letter: str
    section_id: int
    time_text: str


def groups_there(opening: Opening) -> list[MeetsThere]:
    """Groups of the school whose place has the same name and whose time falls into the opening."""
    starts, ends = timezone.localtime(opening.starts_at), timezone.localtime(opening.ends_at)
    groups = Group.objects.filter(
        section__roster__school=opening.place.school_id,
        place__iexact=opening.place.name,
        closed_at__isnull=True,
        starts_on__lte=starts.date(),
        ends_on__gte=starts.date(),
    ).exclude(time_text="")
    rows = list(groups.order_by("section__title", "letter"))
    said = read_meetings(group.time_text for group in rows)
    here = [Meeting("", frozenset({starts.weekday()}), _minute(starts), _minute(ends))]
    return [
        MeetsThere(group.letter, group.section_id, group.time_text)
        for group in rows
        if meet_once(here, said[group.time_text])
    ]


def record_worked(*, step: Step, place: Place | None, place_name: str, now: datetime) -> Worked:
    """One tap: where, when, and the pace of the step so far. Once a place and day, however often it is tapped."""
    day = timezone.localdate(now)
    path = Path.objects.get(pk=step.path_id)
    found, _made = Worked.objects.get_or_create(
        step=step,
        place_name=place_name,
        day=day,
        defaults={
            "place": place,
            "at": now,
            "days": weekdays_between(path.now_since, day) if path.now_since else None,
            "planned": path.planned_days,
        },
    )
    return found


def take_worked_back(*, step: Step, pk: int, today) -> None:
    """Of today alone: what was said earlier stays said."""
    Worked.objects.filter(pk=pk, step=step, day=today).delete()


def _add_seats(opening: Opening, numbers: Iterable[int]) -> None:
    during = (opening.starts_at, opening.ends_at)
    Seat.objects.bulk_create(Seat(opening=opening, number=number, during=during) for number in numbers)


def _weeks_later(at: datetime, weeks: int) -> datetime:
    """The same time of day, also where clocks change in between."""
    local = timezone.localtime(at)
    return timezone.make_aware((local + timedelta(weeks=weeks)).replace(tzinfo=None))


def _minute(at: datetime) -> int:
    return at.hour * 60 + at.minute
