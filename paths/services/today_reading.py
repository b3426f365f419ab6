"""What Today is made of, read in a fixed number of statements, whatever the number of classes and students."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from assessments.models import Group
from assessments.services.closings import Over, read_over
from assessments.services.policies import Policies
from lrm.rows import read
from profiles.access import TAUGHT
from profiles.models import Account

UNFINISHED_DAYS = 7
WHOLE_CLASS = ("pre", "formative", "summative")
"""Kinds that are given to everybody; an observation or another try is of the few whom it names."""

# Whose sections these are is said by the account's access, as SectionQuerySet.taught_by has it.
ROOMS = f"""
SELECT s.id, s.title, (SELECT b.id FROM profiles_block b WHERE b.section_id = s.id) AS block,
       (SELECT json_agg(json_build_array(t.id, coalesce(nullif(t.code, ''), t.short_title), t.framework_id)
                        ORDER BY t.framework_id, t.position, t.id)
          FROM assessments_sectionstandard c JOIN standards_standard t ON t.id = c.standard_id
         WHERE c.section_id = s.id AND t.retired_at IS NULL) AS standards,
       (SELECT json_agg(json_build_object('id', g.id, 'moved', g.board->'moved',
                                          'own', jsonb_array_length(g.board->'own'),
                                          'groups', jsonb_array_length(jsonb_path_query_array(
                                              g.board, '$.groups[*] ? (@.members.size() > 0)')),
                                          'conflict', g.board->'conflict' IS NOT NULL))
          FROM assessments_groupsuggestion g WHERE g.section_id = s.id AND g.state = 'current') AS waiting,
       (SELECT json_agg(json_build_object('id', g.id, 'letter', g.letter, 'focus', t.code) ORDER BY g.letter)
          FROM assessments_group g JOIN standards_standard t ON t.id = g.focus_id
         WHERE g.section_id = s.id AND g.closed_at IS NULL AND g.ends_on <= %(today)s) AS ending,
       (SELECT json_agg(json_build_array(l.id, coalesce(nullif(l.preferred_name, ''), l.given_name),
                                         l.family_name, n.joined))
          FROM (SELECT learner_id, min(starts_on) AS joined FROM profiles_enrollment
                 WHERE roster_id = s.roster_id AND role = 'learner'
                   AND starts_on <= %(today)s AND (ends_on IS NULL OR ends_on >= %(today)s)
                 GROUP BY learner_id) n
          JOIN profiles_learner l ON l.id = n.learner_id) AS learners
  FROM profiles_section s
 WHERE {TAUGHT}
   AND s.district_id = %(district)s AND s.archived_at IS NULL
 ORDER BY s.title, s.id
"""

# What was before is looked up for results since `news_since` only: those are few on most days.
LEVELS = """
SELECT learner_id, array_agg(standard_id) AS standards, array_agg(shown_level) AS levels,
       array_agg(standard_id) FILTER (WHERE last_observed_at >= %(lately)s) AS lately,
       json_agg(json_build_array(standard_id, shown_level, was)) FILTER (WHERE was < %(most)s) AS reached
  FROM (SELECT m.learner_id, m.standard_id, m.shown_level, m.last_observed_at,
               CASE WHEN m.last_observed_at >= %(news_since)s AND m.shown_level >= %(least)s
                    THEN (SELECT d.shown_level FROM assessments_masteryday d
                           WHERE d.learner_id = m.learner_id AND d.standard_id = m.standard_id
                             AND d.day < %(news_day)s
                           ORDER BY d.day DESC LIMIT 1) END AS was
          FROM assessments_mastery m
         WHERE m.learner_id = ANY(%(learners)s) AND m.standard_id = ANY(%(standards)s)
           AND m.shown_level IS NOT NULL) shown
 GROUP BY learner_id
"""

# Learners are counted assessment by assessment, so that each index is read once and not once a result.
BEGUN = """
SELECT a.id AS pk, a.title, a.section_id, a.given_on, found.entered
  FROM assessments_assessment a JOIN profiles_section s ON s.id = a.section_id
 CROSS JOIN LATERAL (
       SELECT count(*) AS entered
         FROM (SELECT DISTINCT e.learner_id FROM assessments_evidence e
                WHERE e.assessment_id = a.id AND e.school_year = a.school_year) e
        WHERE e.learner_id IN (SELECT n.learner_id FROM profiles_enrollment n
                                WHERE n.roster_id = s.roster_id AND n.role = 'learner'
                                  AND n.starts_on <= %(today)s AND (n.ends_on IS NULL OR n.ends_on >= %(today)s))) found
 WHERE a.section_id = ANY(%(sections)s) AND a.archived_at IS NULL
   AND a.given_on BETWEEN %(since)s AND %(today)s AND a.kind = ANY(%(kinds)s) AND found.entered > 0
 ORDER BY a.given_on DESC, a.id DESC
"""


# Which goals wait is said by GoalQuerySet.awaiting_review; a test holds the two together.
GOALS = """
SELECT g.id AS pk, g.what, g.state, g.created_at, g.achieved_at, g.learner_id
  FROM paths_goal g
 WHERE g.learner_id = ANY(%(learners)s)
   AND (g.state = 'live' AND g.agreed_at IS NULL AND g.asked_at IS NULL
        AND EXISTS (SELECT FROM paths_goal_standards s WHERE s.goal_id = g.id)
        OR g.state = 'achieved' AND g.confirmed_at IS NULL)
 ORDER BY g.achieved_at NULLS LAST, g.created_at, g.id
"""

NEWS_KEPT = timedelta(days=4)
"""For so long a rise can be news: over a weekend with a holiday."""

PUT_OFF = """
SELECT key FROM paths_todaysnooze WHERE account_id = %(account)s AND until > %(today)s
UNION ALL
SELECT concat_ws(':', 'told', standard_id, level, learner_id) FROM paths_newstold
 WHERE account_id = %(account)s AND day > %(news)s
"""


class Taught(NamedTuple):
    """A section as lines and links name it. block: the id of its tutoring block, if it is one's."""

    pk: int
    title: str
    block: int | None = None


class Student(NamedTuple):
    """A learner of a class. joined: the first day of the enrollment."""

    pk: int
    first_name: str
    family_name: str
    joined: date

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.family_name}".strip()


@dataclass(frozen=True)
class Classroom:
    """A section with its learners by name and its standards in order: (id, label); of which framework each is.

    waiting: suggestions that nobody has decided on (id, moved, own, groups with somebody in them, conflict: whether
    wishes cannot all hold). ending: groups whose last day has come (id, letter, focus).
    """

    section: Taught
    learners: list[Student]
    standards: list[tuple[int, str]]
    frameworks: dict[int, int]
    waiting: list[dict]
    ending: list[dict]


def read_classrooms(account: Account, *, today: date) -> list[Classroom]:
    """The sections that the account teaches, with what waits in them. One statement."""
    access = account.access
    rooms = []
    for row in read(ROOMS, **access.taught, today=today):
        learners = [
            Student(pk, first_name, family_name, date.fromisoformat(joined))
            for pk, first_name, family_name, joined in row.learners or ()
        ]
        learners.sort(key=lambda learner: (learner.first_name, learner.family_name, learner.pk))
        standards = [(pk, label) for pk, label, _framework in row.standards or ()]
        frameworks = {pk: framework for pk, _label, framework in row.standards or ()}
        taught = Taught(row.id, row.title, row.block)
        rooms.append(Classroom(taught, learners, standards, frameworks, row.waiting or [], row.ending or []))
    return rooms


@dataclass(frozen=True)
class Shown:
    """What a learner shows. levels: standard id -> level. lately: standards with a result in the last weeks.

    reached: (standard id, level) of what has risen to mastery since the news of the last school day.
    """

    levels: dict[int, int] = field(default_factory=dict)
    lately: frozenset[int] = frozenset()
    reached: tuple[tuple[int, int], ...] = ()


NOTHING = Shown()


def read_levels(
    rooms: Iterable[Classroom], *, mastery: Mapping[int, int], lately: datetime, news_since: datetime
) -> dict[int, Shown]:
    """{learner id: Shown} over everything that the classes teach; who shows nothing is missing. One statement.

    mastery: by standard id, the level from which on it counts as met.
    lately: from when a result is of the last weeks. news_since: the start of the day from which a change is news.
    """
    found = read(
        LEVELS,
        learners=list({learner.pk for room in rooms for learner in room.learners}),
        standards=list(mastery),
        least=min(mastery.values(), default=0),
        most=max(mastery.values(), default=0),
        lately=lately,
        news_since=news_since,
        news_day=news_since.date(),
    )
    return {
        row.learner_id: Shown(
            dict(zip(row.standards, row.levels, strict=True)),
            frozenset(row.lately or ()),
            tuple((standard, level) for standard, level, was in row.reached or () if was < mastery[standard] <= level),
        )
        for row in found
    }


def read_goals(learner_ids: Collection[int]) -> list[Any]:
    """Goals that wait for a teacher's yes or nod, closed ones first, then the longest waiting. One statement.

    Rows with pk, what, state, created_at, achieved_at, learner_id.
    learner_ids: of the classes that the teacher has, which is what gives the right to read them.
    """
    return read(GOALS, learners=list(learner_ids))


def read_begun(rooms: Iterable[Classroom], *, today: date) -> list[Any]:
    """Assessments of the last week, given to the whole class, that have results, newest first. One statement.

    Rows with pk, title, section_id, given_on, entered: how many of those who are in the section today have one.
    """
    return read(
        BEGUN,
        sections=[room.section.pk for room in rooms],
        since=today - timedelta(days=UNFINISHED_DAYS),
        today=today,
        kinds=list(WHOLE_CLASS),
    )


def read_ending(rooms: Iterable[Classroom], policies: Policies, *, today: date) -> dict[int, Over]:
    """{group id: what became of its members} of groups whose last day has come. Two statements, none without groups."""
    ids = [row["id"] for room in rooms for row in room.ending]
    if not ids:
        return {}
    groups = Group.objects.filter(pk__in=ids).select_related("focus")
    return read_over(list(groups), policies, today=today)


def read_put_off(account: Account, *, today: date) -> set[str]:
    """Keys of the lines that the account has put off and that are not back yet, and of news that it has told.

    One statement.
    """
    return {row.key for row in read(PUT_OFF, account=account.pk, today=today, news=today - NEWS_KEPT)}


def told_key(standard: int, level: int, learner: int) -> str:
    """As PUT_OFF names news that was told."""
    return f"told:{standard}:{level}:{learner}"
