"""The teacher's side of trying again: to answer, to open places, to make the re-assessment; closing comes by itself."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Assessment, Mastery
from assessments.services.assessments import create_assessment
from assessments.services.ledger import Kind, Sitting
from paths.models import TryPlace, TryRequest
from paths.services.errors import NotNow
from profiles.models import Account, Section
from standards.models import Standard

State = TryRequest.State


@dataclass(frozen=True)
class Place:
    """day: None for "whenever you are ready, in class"."""

    seats: int
    day: date | None = None
    time_text: str = ""
    place: str = ""


@dataclass
class Wanted:
    """Open requests for one standard in one class, the longest waiting first, each with `level` (shown, or None)."""

    section: Section
    standard: Standard
    requests: list[TryRequest] = field(default_factory=list)

    @property
    def key(self) -> str:
        return f"{self.section.pk}-{self.standard.pk}"


@transaction.atomic
def answer_request(*, request_id: int, text: str, by: Account, now: datetime) -> TryRequest:
    """A line such as "first show me ...": the request waits for the learner. Raises NotNow: placed or over."""
    request = TryRequest.objects.select_for_update(of=("self",)).get(pk=request_id)
    if request.state not in (State.ASKED, State.ANSWERED):
        raise NotNow
    request.state, request.answer = State.ANSWERED, text.strip()
    request.answered_by, request.answered_at, request.updated_at = by, now, now
    request.save(update_fields=["state", "answer", "answered_by", "answered_at", "updated_at"])
    return request


@transaction.atomic
def open_places(
    *, section: Section, standard: Standard, request_ids: Collection[int], place: Place, by: Account, now: datetime
) -> TryPlace:
    """Open places and give them to these requests, the longest waiting first; seats beyond them are free to take.

    Whoever finds no seat goes on waiting. Raises NotNow: none of the requests is open any more.
    """
    rows = TryRequest.objects.filter(
        pk__in=request_ids, section=section, standard=standard, state__in=(State.ASKED, State.ANSWERED)
    )
    requests = list(rows.select_for_update(of=("self",)).order_by("created_at", "pk"))
    if not requests:
        raise NotNow
    opened = TryPlace.objects.create(
        section=section,
        standard=standard,
        day=place.day,
        time_text=place.time_text,
        place=place.place,
        seats=place.seats,
        opened_by=by,
        opened_at=now,
    )
    TryRequest.objects.filter(pk__in=[row.pk for row in requests[: place.seats]]).update(
        state=State.PLACED, place=opened, updated_at=now
    )
    return opened


@transaction.atomic
def close_place(*, place_id: int, now: datetime) -> int:
    """Take a place back; answers how many requests wait again. Nothing is lost of them."""
    place = TryPlace.objects.select_for_update().get(pk=place_id)
    if place.closed_at is None:
        place.closed_at = now
        place.save(update_fields=["closed_at"])
    waiting = TryRequest.objects.filter(place=place, state=State.PLACED)
    return waiting.update(state=State.ASKED, place=None, updated_at=now)


@transaction.atomic
def start_try(*, place_id: int, by: Account) -> tuple[Assessment, list[int]]:
    """The re-assessment of a place, made at the first call, with the learners who have a seat.

    It stands in the class's list of assessments, on this one standard, as of today; its results replace the earlier
    tries on it.
    """
    place = (
        TryPlace.objects.select_for_update(of=("self",)).select_related("standard", "section__session").get(pk=place_id)
    )
    if place.assessment is None:
        place.assessment = create_assessment(
            section=place.section,
            standards=[place.standard],
            by=by,
            title=_("Try again: %(standard)s") % {"standard": place.standard.heading},
            kind=Assessment.Kind.REASSESSMENT,
            given_on=timezone.localdate(),
            key=place.uuid,
        )
        place.save(update_fields=["assessment"])
    seated = TryRequest.objects.filter(place=place, state__in=(State.PLACED, State.DONE))
    return place.assessment, list(seated.order_by("created_at", "pk").values_list("learner_id", flat=True))


def close_tried(sittings: Sequence[Sitting]) -> None:
    """A result of a re-assessment closes the learner's request for that standard, wherever it was given.

    Called with each save of results, in its transaction; asks the database nothing where no try is among them.
    """
    pairs = {
        (entry.learner_id, entry.standard_id)
        for assessment, entries in sittings
        if assessment.kind == Assessment.Kind.REASSESSMENT
        for entry in entries
        if entry.kind == Kind.RESULT
    }
    if not pairs:
        return
    now = timezone.now()
    rows = TryRequest.objects.open().filter(
        learner__in={learner for learner, _standard in pairs}, standard__in={standard for _learner, standard in pairs}
    )
    tried = [row for row in rows if (row.learner_id, row.standard_id) in pairs]
    TryRequest.objects.filter(pk__in=[row.pk for row in tried]).update(state=State.DONE, closed_at=now, updated_at=now)
    places = {row.place_id for row in tried if row.place_id}
    if places:
        left = TryRequest.objects.open().filter(place__in=places).values_list("place_id", flat=True)
        TryPlace.objects.filter(pk__in=places - set(left)).update(closed_at=now)


def wanted_by(account: Account) -> list[Wanted]:
    """Requests that wait for the teacher or for the learner, by class and standard. Three statements."""
    rows = (
        TryRequest.objects.taught_by(account)
        .filter(state__in=(State.ASKED, State.ANSWERED))
        .select_related("learner", "standard", "section", "answered_by")
        .prefetch_related("work")
        .order_by("created_at", "pk")
    )
    found: dict[tuple[int, int], Wanted] = {}
    for row in rows:
        wanted = found.setdefault((row.section_id, row.standard_id), Wanted(row.section, row.standard))
        wanted.requests.append(row)
    _with_levels([row for wanted in found.values() for row in wanted.requests])
    return list(found.values())


def places_of(account: Account) -> list[TryPlace]:
    """Places that are open, each with `seated`: its requests. Three statements."""
    seated = TryRequest.objects.filter(state__in=(State.PLACED, State.DONE)).select_related("learner")
    places = list(
        TryPlace.objects.taught_by(account)
        .filter(closed_at=None)
        .select_related("standard", "section")
        .prefetch_related(Prefetch("requests", queryset=seated.order_by("created_at", "pk"), to_attr="seated"))
    )
    _with_levels([row for place in places for row in place.seated])
    return places


def _with_levels(requests: Sequence[TryRequest]) -> None:
    pairs = {(row.learner_id, row.standard_id) for row in requests}
    levels = {}
    if pairs:
        rows = Mastery.objects.filter(
            learner__in={learner for learner, _standard in pairs},
            standard__in={standard for _learner, standard in pairs},
        )
        levels = {(row[0], row[1]): row[2] for row in rows.values_list("learner_id", "standard_id", "shown_level")}
    for row in requests:
        row.level = levels.get((row.learner_id, row.standard_id))
