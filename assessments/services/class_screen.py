"""What a class may see of itself on a projector: how often it is Secure or more, and what is new. No child, no low.

Nothing in here carries a name, an id or a row of a learner; good news stands under a name that the learner chose.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from assessments.models import MasteryDay
from assessments.services.page_policies import PagePolicies
from assessments.services.policies import Policies
from assessments.services.walls import Row, Wall, read_wall
from profiles.models import Section
from profiles.services.screen_names import aliases_on
from standards.models import Standard

STORIES_SHOWN = 8
FEWEST = 5
"""In a smaller class each mark would be one child's level."""
SINCE = {"7": timedelta(days=7), "21": timedelta(days=21)}
TERM = "term"
DEFAULT_SINCE = "21"


@dataclass(frozen=True)
class Mark:
    """One time that somebody is at the mastery level or above. is_new: was not yet on the day compared with."""

    level: int
    is_new: bool


@dataclass(frozen=True)
class ScreenColumn:
    """A standard that at least one learner has reached. marks: old ones first, the highest level first.

    word: its framework's name of the level from which on it counts as met.
    """

    standard: Standard
    marks: list[Mark]
    word: str = ""

    @property
    def new(self) -> int:
        return sum(mark.is_new for mark in self.marks)


@dataclass(frozen=True)
class Story:
    """who: a screen name.    more: how many standards beside this one are new for the same learner."""

    who: str
    standard: Standard
    level: int
    more: int


@dataclass(frozen=True)
class ClassScreen:
    """since: the day at whose end levels are compared.    stories: only those who chose to be told about.

    is_small: fewer than FEWEST learners, so that nothing is told.    policies: of the wall.
    """

    columns: list[ScreenColumn]
    stories: list[Story]
    since: date
    policies: PagePolicies
    is_small: bool = False

    @property
    def together(self) -> int:
        return sum(len(column.marks) for column in self.columns)

    @property
    def new(self) -> int:
        return sum(column.new for column in self.columns)


def since_of(key: str, section: Section, *, today: date) -> date:
    """key: a key of SINCE, or TERM for the first day of the section's session; anything else is the default."""
    if key == TERM:
        return min(section.session.starts_on, today)
    return today - SINCE.get(key, SINCE[DEFAULT_SINCE])


def read_class_screen(section: Section, policies: Policies, *, since: date, with_aliases: bool) -> ClassScreen:
    """The section today. with_aliases: tell the news of those who chose a screen name; else of nobody.

    A standard that nobody has reached has no column: that would be a low.
    """
    found = read_wall(section, policies, on=timezone.localdate(), sort="name")
    if len(found.rows) < FEWEST:
        return ClassScreen([], [], since, found.policies, is_small=True)
    before = _levels_on(since, found)
    columns = []
    for place, column in enumerate(found.columns):
        secure = column.policy.scale.mastery_level
        pairs = [(row.learner.pk, row.cells[place].level) for row in found.rows if row.cells[place].level >= secure]
        marks = [Mark(level, is_new=before.get((learner, column.standard.pk), 0) < secure) for learner, level in pairs]
        if marks:
            marks.sort(key=lambda mark: (mark.is_new, -mark.level))
            columns.append(ScreenColumn(column.standard, marks, column.policy.word(secure)))
    stories = _stories(found, before) if with_aliases else []
    return ClassScreen(columns, stories, since, found.policies)


def _levels_on(day: date, found: Wall) -> dict[tuple[int, int], int]:
    """(learner, standard) to the level shown at the end of that day; absent where nothing was shown."""
    rows = (
        MasteryDay.objects.filter(
            learner__in=[row.learner.pk for row in found.rows],
            standard__in=[column.standard.pk for column in found.columns],
            day__lte=day,
        )
        .order_by("learner_id", "standard_id", "-day")
        .distinct("learner_id", "standard_id")
        .values_list("learner_id", "standard_id", "shown_level")
    )
    return {(learner, standard): level for learner, standard, level in rows if level is not None}


def _stories(found: Wall, before: dict[tuple[int, int], int]) -> list[Story]:
    """In the order of the screen names: nobody is first."""
    rows = {row.learner.pk: row for row in found.rows}
    stories = []
    for alias in aliases_on(list(rows)):
        risen = list(_risen(rows[alias.learner_id], found, before))
        if risen:
            standard, level = max(risen, key=lambda rise: rise[1])
            stories.append(Story(alias.said, standard, level, more=len(risen) - 1))
    return stories[:STORIES_SHOWN]


def _risen(row: Row, found: Wall, before: dict[tuple[int, int], int]) -> Iterable[tuple[Standard, int]]:
    for column, cell in zip(found.columns, row.cells, strict=True):
        secure = column.policy.scale.mastery_level
        if cell.level >= secure and cell.level > before.get((row.learner.pk, column.standard.pk), 0):
            yield column.standard, cell.level
