"""What needs a teacher today, in the order in which it helps: one action a line, each with its reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import ge

from assessments.services.policies import Policies
from paths.models import TodaySnooze
from paths.services.news import News, news_of, policy_of_standards, school_day_before, start_of
from paths.services.today_lines import (
    QUIET_DAYS,
    Line,
    People,
    lines_of_begun,
    lines_of_ending,
    lines_of_goals,
    lines_of_groups,
    lines_of_quiet,
)
from paths.services.today_reading import (
    NOTHING,
    Classroom,
    Shown,
    Taught,
    read_begun,
    read_classrooms,
    read_ending,
    read_goals,
    read_levels,
    read_put_off,
)
from paths.services.waiting.today import read_waiting
from profiles.models import Account


@dataclass(frozen=True)
class ClassToday:
    """A section: levels row by row as the wall sorts them, share of results at mastery or more, lines about it."""

    room: Classroom
    grid: list[list[int]]
    share: int | None
    results: int
    waiting: int

    @property
    def section(self) -> Taught:
        return self.room.section


@dataclass(frozen=True)
class Today:
    """away: lines that were put off until tomorrow."""

    lines: list[Line]
    away: list[Line]
    classes: list[ClassToday]
    news: list[News]
    news_since: date

    @property
    def put_off(self) -> int:
        return len(self.away)

    @property
    def may_tell(self) -> bool:
        """Whether there is good news that the teacher has not passed on."""
        return any(item.untold for item in self.news)

    @property
    def learners(self) -> set[int]:
        """Everybody whose records the page shows."""
        on_walls = {learner.pk for shown in self.classes for learner in shown.room.learners}
        return on_walls | {learner for line in self.lines for learner in line.learners}


def read_today(account: Account, *, today: date) -> Today:
    """Eight statements at most, and two more where groups end, whatever the number of classes and students."""
    policies = Policies(account.district_id)
    rooms = read_classrooms(account, today=today)
    news_since = school_day_before(today)
    policy_of = policy_of_standards(rooms, policies, today)
    mastery = {standard: policy.scale.mastery_level for standard, policy in policy_of.items()}
    shown = read_levels(
        rooms,
        mastery=mastery,
        lately=start_of(today - timedelta(days=QUIET_DAYS)),
        news_since=start_of(news_since),
    )
    people = People(rooms)
    goals = read_goals(people.names)
    waiting = read_waiting(account, people, [room.section.pk for room in rooms], today=today)
    begun = read_begun(rooms, today=today)
    lines = [
        *waiting.before_groups,
        *lines_of_groups(rooms),
        *lines_of_ending(rooms, read_ending(rooms, policies, today=today), today=today),
        *lines_of_begun(begun, rooms),
        *lines_of_goals(goals, people),
        *waiting.after_goals,
        *lines_of_quiet(rooms, shown, people, mastery=mastery, today=today),
    ]
    away = read_put_off(account, today=today)
    left = [line for line in lines if line.key not in away]
    put_off = [line for line in lines if line.key in away]
    classes = [_class(room, shown, mastery, left) for room in rooms]
    return Today(left, put_off, classes, news_of(rooms, shown, policy_of, people, told=away), news_since)


def _class(room: Classroom, shown: dict[int, Shown], mastery: Mapping[int, int], lines: Sequence[Line]) -> ClassToday:
    standards = [standard for standard, _label in room.standards]
    grid = []
    for learner in room.learners:
        level_of = shown.get(learner.pk, NOTHING).levels.get
        grid.append([level_of(standard, 0) for standard in standards])
    reached = _reached(grid, [mastery[standard] for standard in standards])
    seen = [len(row) - row.count(0) for row in grid]
    order = sorted(range(len(grid)), key=lambda row: (reached[row] / seen[row] if seen[row] else 2.0, reached[row]))
    results = sum(seen)
    share = round(100 * sum(reached) / results) if results else None
    waiting = sum(room.section.pk in line.section_ids for line in lines)
    return ClassToday(room, [grid[row] for row in order], share, results, waiting)


def _reached(grid: list[list[int]], marks: list[int]) -> list[int]:
    """How many levels of each row are at mastery or more. marks: where that begins, for each column."""
    if len(set(marks)) > 1:
        return [sum(map(ge, row, marks)) for row in grid]
    # Up to the highest that stands: a level of a scale that had more is at mastery too.
    at_mastery = range(marks[0] if marks else 0, max(map(max, filter(None, grid)), default=0) + 1)
    return [sum(map(row.count, at_mastery)) for row in grid]


def put_off(account: Account, key: str, *, today: date) -> None:
    """The line comes back tomorrow. Older ones that have come back are forgotten."""
    TodaySnooze.objects.filter(account=account, until__lte=today).delete()
    TodaySnooze.objects.update_or_create(account=account, key=key, defaults={"until": today + timedelta(days=1)})


def take_back(account: Account, key: str) -> None:
    TodaySnooze.objects.filter(account=account, key=key).delete()
