"""Everything that waits for a learner, of all features: one statement."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from lrm.rows import read
from paths.services import weeks
from paths.services.waiting import open_places, peers, polls, projects, skippable, talks, tries
from paths.services.waiting.source import HOME_COLUMNS, HomeLine, HomeSource, WaitingAtHome, sorted_to, union
from profiles.models import Account, Learner

SOURCES: tuple[HomeSource, ...] = (
    tries.HOME_SOURCE,
    projects.HOME_SOURCE,
    talks.HOME_SOURCE,
    peers.HOME_SOURCE,
    open_places.SOURCE,
    polls.HOME_SOURCE,
    skippable.SOURCE,
)

HAS_WORDS = """
SELECT 'has_words', e.id, NULL, '', e.created_at, 1 FROM profiles_profileentry e
 WHERE e.learner_id = %(learner)s AND e.archived_at IS NULL
   AND NOT EXISTS (SELECT FROM profiles_profileentry n WHERE n.replaces_id = e.id)
 LIMIT 1
"""
STATEMENT = union(
    [HAS_WORDS, weeks.SELECT, *(source.select for source in SOURCES)], WaitingAtHome._fields, HOME_COLUMNS
)


@dataclass(frozen=True)
class AtHome:
    """has_words: whether something stands in the learner's profile. week: Monday to Friday."""

    has_words: bool
    lines: list[HomeLine]
    week: list[weeks.Day]


def read_at_home(learner: Learner, account: Account, *, today: date) -> AtHome:
    """One statement. account: the learner's own."""
    monday = weeks.monday_of(today)
    rows = read(STATEMENT, learner=learner.pk, account=account.pk, today=today, now=timezone.now(), monday=monday)
    planned = [row for row in rows if row.kind in weeks.KINDS]
    waiting = [row for row in rows if row.kind not in (*weeks.KINDS, "has_words")]
    of = sorted_to(SOURCES, waiting)
    lines = [line for source in SOURCES for line in source.lines(of.get(source.kinds[0], []), today)]
    has_words = len(waiting) + len(planned) < len(rows)
    return AtHome(has_words, sorted(lines, key=lambda line: line.first), weeks.week_of(planned, today=today))
