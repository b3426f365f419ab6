"""Good news worth a card: a standard whose level rose lately, with the way that led there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from assessments.models import MasteryDay
from assessments.services.policies import Policies
from lrm import drawing
from lrm.days import said_short
from profiles.models import Learner
from standards.models import Standard

MICRO = 1_000_000
LATELY = timedelta(days=14)
WAY_BACK = timedelta(days=120)
POINTS_SHOWN = 5


@dataclass(frozen=True)
class Day:
    """The end of a day on which the value changed. value: on the scale 1 to 4."""

    day: date
    value: float
    level: int


@dataclass(frozen=True)
class Celebration:
    """before, after: words of the levels. line_word: the level whose lower bound is drawn; days: oldest first."""

    standard: Standard
    on: date
    before: str
    after: str
    line_word: str
    days: list[Day]
    words: dict[int, str]
    climb: dict

    is_today: bool

    @property
    def rows(self) -> list[dict]:
        """The same facts for a table: day, level, word."""
        return [{"day": day.day, "level": day.level, "word": self.words.get(day.level, "")} for day in self.days]

    @property
    def first_on(self) -> date:
        return self.days[0].day


def latest_rise(learner: Learner, *, policies: Policies, today: date) -> Celebration | None:
    """The newest rise of a shown level within two weeks that still stands. Two statements at most.

    A standard's first result is a beginning and no rise.
    """
    rows = MasteryDay.objects.filter(learner=learner, day__gt=today - WAY_BACK)
    ways: dict[int, list[Day]] = {}
    for standard_id, day, value, level in rows.order_by("standard_id", "day").values_list(
        "standard_id", "day", "value_micro", "shown_level"
    ):
        if value is not None and level is not None:
            ways.setdefault(standard_id, []).append(Day(day, value / MICRO, level))
    risen = [(rise[0], standard_id, rise) for standard_id, way in ways.items() if (rise := last_rise(way))]
    risen = [found for found in risen if found[0] > today - LATELY]
    if not risen:
        return None
    _on, standard_id, rise = max(risen, key=lambda found: (found[0], found[2][2], -found[1]))
    standard = Standard.objects.get(pk=standard_id)
    return _celebration(standard, rise, ways[standard_id], policies, today)


def rise_of(learner: Learner, standard: Standard, *, policies: Policies, today: date) -> Celebration | None:
    """The rise in one standard that still stands, as `latest_rise` has it. Two statements at most."""
    rows = MasteryDay.objects.filter(learner=learner, standard=standard, day__gt=today - WAY_BACK).order_by("day")
    way = [
        Day(day, value / MICRO, level)
        for day, value, level in rows.values_list("day", "value_micro", "shown_level")
        if value is not None and level is not None
    ]
    rise = last_rise(way)
    return _celebration(standard, rise, way, policies, today) if rise and rise[0] > today - LATELY else None


def _celebration(
    standard: Standard, rise: tuple[date, int, int], way: Sequence[Day], policies: Policies, today: date
) -> Celebration:
    on, before, after = rise
    in_force = policies.on(standard.framework_id, today)
    days = list(way[-POINTS_SHOWN:])
    bound = after - 0.5  # nearest level, half up
    return Celebration(
        standard=standard,
        on=on,
        before=in_force.word(before),
        after=in_force.word(after),
        line_word=in_force.word(after),
        days=days,
        words={level: str(word) for level, word in enumerate(in_force.words, start=1)},
        climb=drawing.climb([(day.value, day.level, said_short(day.day)) for day in days], secure_from=bound),
        is_today=on == today,
    )


def last_rise(way: Sequence[Day]) -> tuple[date, int, int] | None:
    """(day, level before, level after) of the newest change of level, where it went higher than ever before.

    Else None.
    """
    for place in range(len(way) - 1, 0, -1):
        older, newer = way[place - 1], way[place]
        if newer.level != older.level:
            is_highest = newer.level > max(day.level for day in way[:place])
            return (newer.day, older.level, newer.level) if is_highest else None
    return None
