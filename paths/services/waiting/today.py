"""Everything that waits for a teacher, of all features: one statement."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from lrm.rows import read
from paths.services.today_lines import WEEK, Line, People
from paths.services.waiting import decisions, peers, polls, projects, proposals, stalled, talks, tries, words
from paths.services.waiting.source import COLUMNS, Source, Waiting, sorted_to, union
from profiles.models import Account

BEFORE_GROUPS: tuple[Source, ...] = (tries.SOURCE,)
"""What a teacher sees first of all, in this order."""
AFTER_GOALS: tuple[Source, ...] = (
    decisions.SOURCE,
    words.SOURCE,
    proposals.SOURCE,
    projects.SOURCE,
    stalled.SOURCE,
    talks.SOURCE,
    peers.SOURCE,
    polls.SOURCE,
)
"""What stands after groups, unfinished assessments and goals, in this order."""
SOURCES = (*BEFORE_GROUPS, *AFTER_GOALS)
STATEMENT = union([source.select for source in SOURCES], Waiting._fields, COLUMNS)


@dataclass(frozen=True)
class WaitingLines:
    before_groups: list[Line]
    after_goals: list[Line]


def read_waiting(account: Account, people: People, section_ids: Collection[int], *, today: date) -> WaitingLines:
    """One statement. people: of the classes with these ids, which the account teaches."""
    rows = read(
        STATEMENT,
        learners=list(people.names),
        sections=list(section_ids),
        account=account.pk,
        today=today,
        now=timezone.now(),
    )
    of = sorted_to(SOURCES, rows)
    before, after = (
        [line for source in sources for line in source.lines(of.get(source.kinds[0], []), people, today)]
        for sources in (BEFORE_GROUPS, AFTER_GOALS)
    )
    # The first line of all is framed: nothing that is for a later day may stand there.
    later = [line for line in before if line.part == WEEK]
    return WaitingLines([line for line in before if line.part != WEEK], [*later, *after])
