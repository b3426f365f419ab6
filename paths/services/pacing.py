"""What a path keeps about its pace, so that Today finds those that want a look in one statement."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils import timezone

from paths import sequencing
from paths.models import Path, Step
from paths.pace import Pace, pace
from paths.sequencing import State
from paths.services.path_pages import places_of

FIELDS = ["now_since", "planned_days", "look_on"]


def pace_of(path: Path, steps: Sequence[Step]) -> Pace | None:
    """Of what is next on the path; None where everything is done or waits. steps: all, in order.

    What is next came up with the newest tick or choice, or with the path's first day.
    """
    places = places_of(steps)
    found = sequencing.states(path.outline, places)
    now = next((step for step, state in zip(steps, found, strict=True) if state is State.NOW), None)
    if now is None and not any(sequencing.choices_open(path.outline, places)):
        return None
    moved = [_day(at) for step in steps for at in (step.done_at, step.chosen_at) if at]
    since = max([path.starts_on or _day(path.created_at), *moved])
    return pace(since, minutes=now.minutes_expected, due_on=now.due_on) if now else pace(since)


def note_pace(path: Path, steps: Sequence[Step]) -> None:
    """On the instance, which is not saved."""
    found = pace_of(path, steps) if steps else None
    path.now_since, path.planned_days, path.look_on = (
        (found.since, found.planned, found.look_on) if found else (None, None, None)
    )


def keep_pace(path: Path) -> None:
    """To be called by whatever changes steps, at its end: reads them as they stand now, and stores. Two statements."""
    note_pace(path, list(Step.objects.filter(path=path).order_by("position")))
    path.save(update_fields=FIELDS)


def _day(at: datetime) -> date:
    return timezone.localdate(at)
