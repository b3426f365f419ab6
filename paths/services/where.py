"""Who is where: openings with the learners whom an account may see, and those who have chosen nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from paths.models import Opening, Seat, Worked
from paths.models.place import OpeningQuerySet
from profiles.models import Learner

AHEAD = timedelta(days=14)
OPENINGS_AT_MOST = 60


@dataclass
class OpeningOnPage:
    """learners: with a seat, of those whom the account may see; others: how many more have one."""

    opening: Opening
    learners: list[Learner] = field(default_factory=list)
    others: int = 0

    @property
    def taken(self) -> int:
        return len(self.learners) + self.others

    @property
    def free(self) -> int:
        return max(self.opening.seats - self.taken, 0)


def openings_on_page(openings: OpeningQuerySet, seen: Iterable[Learner], *, now: datetime) -> list[OpeningOnPage]:
    """Those that are on or come within two weeks. Two statements. seen: learners whose names may be shown."""
    coming = openings.not_over(now).filter(starts_at__lt=now + AHEAD).select_related("place", "section", "opened_by")
    rows = coming.order_by("starts_at", "place__name", "pk")[:OPENINGS_AT_MOST]
    found = {row.pk: OpeningOnPage(row) for row in rows}
    names = {learner.pk: learner for learner in seen}
    taken = Seat.objects.filter(opening__in=found, learner__isnull=False, is_off=False).order_by("number")
    for opening_id, learner_id in taken.values_list("opening_id", "learner_id"):
        if learner_id in names:
            found[opening_id].learners.append(names[learner_id])
        else:
            found[opening_id].others += 1
    return list(found.values())


def nowhere(shown: Sequence[OpeningOnPage], learners: Sequence[Learner]) -> list[Learner]:
    """Learners without a seat in what is on right now; empty while nothing is on."""
    running = [each for each in shown if each.opening.is_running]
    here = {learner.pk for each in running for learner in each.learners}
    return [learner for learner in learners if learner.pk not in here] if running else []


@dataclass(frozen=True)
class Choice:
    """An opening as a learner sees it: how many seats are free, and whether one is theirs. Nobody else is named."""

    opening: Opening
    free: int
    is_mine: bool


def choices_of(learner: Learner, openings: OpeningQuerySet, *, now: datetime) -> list[Choice]:
    """One statement."""
    rows = openings.not_over(now).filter(starts_at__lt=now + AHEAD).select_related("place", "opened_by")
    rows = rows.annotate(
        n_free=Count("seat_rows", filter=Q(seat_rows__learner__isnull=True)),
        n_mine=Count("seat_rows", filter=Q(seat_rows__learner=learner)),
    )
    return [Choice(row, row.n_free, bool(row.n_mine)) for row in rows.order_by("starts_at", "pk")[:OPENINGS_AT_MOST]]


def seat_now(learner: Learner, *, now: datetime) -> Seat | None:
    """Where the learner is by choice at this moment."""
    seats = Seat.objects.filter(learner=learner, is_off=False, during__contains=now)
    return seats.select_related("opening__place").first()


def worked_today(learner: Learner) -> dict[int, list[Worked]]:
    """By step."""
    rows = Worked.objects.filter(step__path__learner=learner, day=timezone.localdate()).order_by("at", "pk")
    found: dict[int, list[Worked]] = {}
    for row in rows:
        found.setdefault(row.step_id, []).append(row)
    return found


def worked_last(path_ids: Iterable[int]) -> dict[int, Worked]:
    """Where each path was worked on last, by path. One statement."""
    rows = Worked.objects.filter(step__path__in=path_ids).select_related("step").order_by("step__path_id", "-at", "-pk")
    return {row.step.path_id: row for row in rows.distinct("step__path_id")}
