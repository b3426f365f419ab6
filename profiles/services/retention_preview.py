"""What other days of keeping would take away sooner from those who have left: looked at before they are saved."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from profiles.models import District, Enrollment, Learner, School
from profiles.services import keeping
from profiles.services.erasures.hindrances import kept_by_holds, lasting
from profiles.services.keeping import KeptDays
from profiles.services.retention import count_rows


@dataclass
class Sooner:
    """What goes in one night, or in the nights after it.

    rows: label of a model -> rows; of whom only kinds go: `some`; who goes whole: `whole`; until: the last night.
    """

    rows: Counter = field(default_factory=Counter)
    some: int = 0
    whole: int = 0
    until: date | None = None


@dataclass
class Change:
    """first: in the first night of these days.    later: in those after it, but sooner than now.

    longer: who left and of whom some kind stays longer.    held: who left and whom a hold keeps.
    """

    first: Sooner = field(default_factory=Sooner)
    later: Sooner = field(default_factory=Sooner)
    longer: int = 0
    held: int = 0


def what_changes(
    district: District, *, before: KeptDays, then: KeptDays, starts_on: date, school: School | None = None
) -> Change:
    """then in place of before, from the night of that day on; of one school where one is given. Nothing is written.

    Rows that would have gone by that night anyway are not counted, and rows of a learner who goes whole not beside
    the learner.
    """
    found, today = Change(), timezone.localdate()
    left = Learner.objects.named().filter(district=district, left_on__lt=today)
    if school is not None:
        left = left.filter(home_school=school)
    held = kept_by_holds()
    on_a_list = Enrollment.objects.filter(lasting(today), learner__in=left)
    listed = set(on_a_list.values_list("learner_id", flat=True))
    found.held = left.filter(pk__in=held).count()
    by_night: dict[bool, dict[tuple[str, ...], list[int]]] = {True: defaultdict(list), False: defaultdict(list)}
    for pk, of_before, of_then in _nights(left.exclude(pk__in=held), before, then):
        found.longer += any(night > of_before[key] >= starts_on for key, night in of_then.items())
        nights = {key: max(night, starts_on) for key, night in of_then.items()}
        sooner = {key: night for key, night in nights.items() if night < of_before[key]}
        whole = sooner.get(keeping.LAST)
        if whole is not None and pk not in listed:
            _count_whole(found.first if whole == starts_on else found.later, whole)
        kinds = {key: night for key, night in sooner.items() if whole is None or night < whole}
        for is_first in (True, False):
            chosen = tuple(key for key, night in kinds.items() if (night == starts_on) == is_first)
            if chosen:
                by_night[is_first][chosen].append(pk)
        if late := [night for night in kinds.values() if night > starts_on]:
            found.later.until = max([*late, found.later.until or starts_on])
    for is_first, alike in by_night.items():
        part = found.first if is_first else found.later
        for chosen, learner_ids in alike.items():
            part.rows += count_rows(learner_ids, chosen)
        part.some = len({pk for learner_ids in alike.values() for pk in learner_ids})
    return found


def _count_whole(part: Sooner, night: date) -> None:
    part.whole += 1
    part.until = max(night, part.until or night)


def _nights(rows: QuerySet, before: KeptDays, then: KeptDays) -> Iterator[tuple[int, dict[str, date], dict[str, date]]]:
    """(learner, kind -> the night in which it goes as it is, kind -> that in which it would)."""
    for pk, left_on, school_id in rows.order_by("pk").values_list("pk", "left_on", "home_school_id"):
        yield (
            pk,
            {key: _night(left_on, n) for key, n in before.of(school_id).items()},
            {key: _night(left_on, n) for key, n in then.of(school_id).items()},
        )


def _night(left_on: date, days: int) -> date:
    """The first that finds them over."""
    return left_on + timedelta(days=days + 1)
