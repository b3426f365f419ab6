"""Who is in which kind of group, for administrators: shares of the learners of schools and grades, small ones hidden.

No class, teacher or learner is told apart; what a class shows is for its own teachers, on their board (guarding.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from assessments import suppression
from assessments.grouping.guard import Round, mirrors, stays
from assessments.models import Group
from assessments.services.group_rounds import read_rounds
from assessments.services.guarding import declared_fields
from assessments.services.minimums import Minimums
from lrm.rows import read
from profiles.models import Learner, School

LOOKED_BACK = timedelta(weeks=6)
PURPOSES = tuple(Group.Purpose.values)
OWN, BLOCK, LONG = "own", "block", "long"
MEASURES = (*PURPOSES, OWN, BLOCK, LONG)
"""Kinds of groups; OWN: on an own path; BLOCK: in a group of a tutoring block; LONG: long in the group with the most to
learn, by the guard's measure."""

SECTIONS = """
SELECT DISTINCT g.section_id FROM assessments_group g
  JOIN profiles_section s ON s.id = g.section_id JOIN profiles_roster r ON r.id = s.roster_id
 WHERE r.school_id = ANY(%(schools)s) AND g.starts_on <= %(today)s
   AND least(g.ends_on, (g.closed_at AT TIME ZONE %(zone)s)::date) >= %(since)s
"""

# Learners by the school that they are at home in, as on the school's other pages.
LEARNERS = """
WITH lately AS MATERIALIZED (
  SELECT id, section_id, purpose FROM assessments_group
   WHERE section_id = ANY(%(sections)s) AND starts_on <= %(today)s
     AND least(ends_on, (closed_at AT TIME ZONE %(zone)s)::date) >= %(since)s),
placed (learner_id, kind) AS (
  SELECT m.learner_id, g.purpose::text FROM lately g JOIN assessments_groupmember m ON m.group_id = g.id
   UNION
  SELECT m.learner_id, 'block' FROM lately g JOIN assessments_groupmember m ON m.group_id = g.id
    JOIN profiles_block b ON b.section_id = g.section_id
   UNION
  SELECT learner_id, 'own' FROM assessments_ownpath
   WHERE section_id = ANY(%(sections)s) AND starts_on <= %(today)s
     AND least(ends_on, (closed_at AT TIME ZONE %(zone)s)::date) >= %(since)s)
SELECT l.id, l.home_school_id, l.grade, array_agg(p.kind) AS kinds
  FROM placed p JOIN profiles_learner l ON l.id = p.learner_id
 WHERE l.home_school_id = ANY(%(schools)s) AND (l.left_on IS NULL OR l.left_on > %(today)s)
 GROUP BY l.id
"""


@dataclass(frozen=True)
class Share:
    """Percent as (least, greatest), equal where it is told exactly; None where it is hidden."""

    percent: tuple[int, int] | None


@dataclass(frozen=True)
class SharesLine:
    """A school, or a grade of one. learners: in a group or on an own path lately; None where hidden.

    shares: one of each of MEASURES. hidden: "hidden", for being of few or so that no other can be worked out, which
    would tell something itself; "nobody", or "".
    least: of fewer learners it is hidden.
    """

    key: str
    learners: int | None
    shares: tuple[Share, ...]
    least: int
    hidden: str = ""


@dataclass(frozen=True)
class GroupShares:
    """total first among the lines, where there are more than one. mirrored: how many classes have a group, in the
    newest round, in which a declared subgroup is far beyond chance; None where too few classes would be told apart:
    fewer than largest_n. minimum_n: of lines of no school of its own; largest_n: of the school that asks for most."""

    lines: list[SharesLine]
    minimum_n: int
    largest_n: int
    since: date
    mirrored: int | None
    classes: int


@dataclass(frozen=True)
class _Person:
    school: int
    grade: str
    kinds: frozenset[str]


def read_shares(schools: Sequence[School], *, zone: str, minimums: Minimums, today: date) -> GroupShares:
    """Lines by school, or by grade where there is one school. Four statements.

    minimums: lines of fewer learners are hidden. zone: name of the district's time zone.
    """
    since = today - LOOKED_BACK
    asked = {"schools": [school.pk for school in schools], "today": today, "since": since, "zone": zone}
    sections = [row.section_id for row in read(SECTIONS, **asked)]
    rounds = read_rounds(sections, zone=zone, on=today)
    people = _people(read(LEARNERS, sections=sections, **asked), rounds)
    by_grade = len(schools) == 1
    keys = sorted({person.grade for person in people}) if by_grade else [str(school.pk) for school in schools]
    place = {key: number for number, key in enumerate(keys)}
    learners = np.zeros((1, len(keys)), dtype=np.int64)
    counts = np.zeros((1, len(keys), len(MEASURES)), dtype=np.int64)
    for person in people:
        at = place[person.grade if by_grade else str(person.school)]
        learners[0, at] += 1
        counts[0, at] += [measure in person.kinds for measure in MEASURES]
    found = _mirrored(rounds)
    total = minimums.of(schools[0].pk) if by_grade else minimums.everywhere
    least = [*([total] * len(keys) if by_grade else [minimums.of(school.pk) for school in schools]), total]
    mirrored = found if found == 0 or found >= max(least) else None
    return GroupShares(_lines(keys, learners, counts, np.array(least)), total, max(least), since, mirrored, len(rounds))


def _people(rows: list, rounds: dict[int, list[Round]]) -> list[_Person]:
    long = {
        learner
        for of_section in rounds.values()
        for learner, stay in stays(of_section).items()
        if stay.is_long and learner in of_section[-1].lowest
    }
    return [
        _Person(
            row.home_school_id,
            row.grade,
            frozenset([*row.kinds, *([LONG] if row.id in long else [])]),
        )
        for row in rows
    ]


def _mirrored(rounds: dict[int, list[Round]]) -> int:
    """Classes whose group with the most to learn, in the newest round, mirrors a declared subgroup."""
    newest = [of_section[-1] for of_section in rounds.values()]
    fields = declared_fields()
    ids = {learner for one in newest for learner in one.lowest | one.elsewhere}
    known = {row[0]: row[1:] for row in Learner.objects.filter(pk__in=ids).values_list("pk", *fields)}
    found = 0
    for one in newest:
        learners = [pk for pk in sorted(one.lowest | one.elsewhere) if pk in known]
        groups = ["lowest" if pk in one.lowest else "elsewhere" for pk in learners]
        values = {field: [known[pk][place] or None for pk in learners] for place, field in enumerate(fields)}
        found += any(mirror.group == "lowest" for mirror in mirrors(groups, values, minimum=0))
    return found


def _lines(keys: list[str], learners: np.ndarray, counts: np.ndarray, least: np.ndarray) -> list[SharesLine]:
    if not keys:
        return []
    # Shares near the ends are told as ranges, so what is hidden is how many people a line is of: at least so many
    # stand behind whatever shown lines and the total leave open.
    codes = suppression.protect(learners[:, :, None], learners, minimum=least, width=least)[0]
    people, kinds = suppression.with_totals(learners)[0], suppression.with_totals(counts)[0]
    order = range(len(keys) + 1) if len(keys) > 1 else range(1)
    names = [*keys, ""]
    lines = [_line(names[at], int(codes[at]), int(people[at]), kinds[at], int(least[at])) for at in order]
    return [*lines[len(keys) :], *lines[: len(keys)]]  # the total, last among totals, comes first


def _line(key: str, code: int, people: int, kinds: np.ndarray, least: int) -> SharesLine:
    if code == suppression.SHOWN:
        shares = tuple(Share(suppression.coarse_share(int(count), people, people)) for count in kinds)
        return SharesLine(key, people, shares, least)
    hidden = "nobody" if code == suppression.ABSENT else "hidden"
    return SharesLine(key, None, tuple(Share(None) for _ in kinds), least, hidden)
