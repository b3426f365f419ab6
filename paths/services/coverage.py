"""What of a framework is taught and assessed in some classes, and what is not: a line for each standard.

Rights stay with the caller: the classes are those that the account may see, so it may open the list of their learners.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from assessments.mastery.left_out import EXCUSED, NOT_SEEN, NOTHING
from lrm.rows import read
from profiles.models import Account, Learner
from standards.headings import heading_of

PLANNED, GROUP, PATH, WORK, PRE = "list", "group", "path", "work", "pre"
TEACHING = (GROUP, PATH, WORK)
"""What counts as taught: a group that began on it, a step of a path given in the class, an assessment that is no
pre-assessment. A class list of standards is a plan."""

ELSEWHERE = 100
"""Beside the reasons of mastery.left_out: a level or a result from elsewhere, as of another class or by a teacher."""
REASONS = (NOTHING, EXCUSED, NOT_SEEN, ELSEWHERE)
"""Why a learner has no result in the classes."""

# What there is of each class and standard. An assessment that was put away counts where it has results.
TOUCHED = """
SELECT section_id, standard_id, 'list' AS how, NULL::date AS day FROM assessments_sectionstandard
 WHERE section_id = ANY(%(sections)s)
 UNION ALL
SELECT section_id, focus_id, 'group', starts_on FROM assessments_group
 WHERE section_id = ANY(%(sections)s) AND starts_on <= %(today)s
 UNION ALL
SELECT p.section_id, s.standard_id, 'path', coalesce(p.starts_on, (p.created_at AT TIME ZONE %(zone)s)::date)
  FROM paths_path p JOIN paths_step s ON s.path_id = p.id
 WHERE p.section_id = ANY(%(sections)s) AND s.standard_id IS NOT NULL
   AND coalesce(p.starts_on, (p.created_at AT TIME ZONE %(zone)s)::date) <= %(today)s
 UNION ALL
SELECT a.section_id, c.standard_id, CASE a.kind WHEN 'pre' THEN 'pre' ELSE 'work' END, a.given_on
  FROM assessments_assessment a JOIN assessments_assessmentstandard c ON c.assessment_id = a.id
 WHERE a.section_id = ANY(%(sections)s) AND a.given_on <= %(today)s
   AND (a.archived_at IS NULL OR EXISTS (
        SELECT FROM assessments_evidence e
         WHERE e.assessment_id = a.id AND e.standard_id = c.standard_id AND e.kind = 'result'
           AND NOT EXISTS (SELECT FROM assessments_evidence x
                            WHERE x.school_year = e.school_year AND x.supersedes_id = e.id)))
"""
BY_STANDARD = f"""
SELECT t.standard_id, d.framework_id, t.how, array_agg(DISTINCT t.section_id) AS sections, min(t.day) AS first_day
  FROM ({TOUCHED}) t JOIN standards_standard d ON d.id = t.standard_id
 WHERE d.framework_id IN (SELECT id FROM standards_framework WHERE district_id = %(district)s)
 GROUP BY t.standard_id, d.framework_id, t.how
"""

# Results that stand, of the classes' own assessments; and who is on the lists of the classes that work on a standard.
SEEN = """
WITH seen AS MATERIALIZED (
  SELECT a.section_id, e.standard_id, e.learner_id, max(a.given_on) AS day
    FROM assessments_assessment a JOIN assessments_evidence e ON e.assessment_id = a.id
   WHERE a.section_id = ANY(%(sections)s) AND e.kind = 'result' AND e.standard_id = ANY(%(standards)s)
     AND NOT EXISTS (SELECT FROM assessments_evidence x
                      WHERE x.school_year = e.school_year AND x.supersedes_id = e.id)
   GROUP BY 1, 2, 3),
working AS MATERIALIZED (
  SELECT * FROM unnest(%(at_sections)s::bigint[], %(at_standards)s::bigint[]) AS w (section_id, standard_id)
   UNION SELECT section_id, standard_id FROM seen),
listed AS MATERIALIZED (
  SELECT c.id AS section_id, n.learner_id FROM profiles_section c
    JOIN profiles_enrollment n ON n.roster_id = c.roster_id
   WHERE c.id = ANY(%(sections)s) AND n.role = 'learner' AND n.starts_on <= %(today)s
     AND (n.ends_on IS NULL OR n.ends_on >= %(today)s))
"""
# Why somebody has no result there, by what is kept with levels: a reason of mastery.left_out, or ELSEWHERE.
COUNTED = (
    SEEN
    + """,
people AS MATERIALIZED (
  SELECT w.standard_id, l.learner_id, bool_or(s.learner_id IS NOT NULL) AS is_seen
    FROM working w JOIN listed l ON l.section_id = w.section_id
    LEFT JOIN seen s ON s.section_id = w.section_id AND s.standard_id = w.standard_id AND s.learner_id = l.learner_id
   GROUP BY w.standard_id, l.learner_id),
counted AS (
  SELECT standard_id, sum(n)::int AS learners, coalesce(sum(n) FILTER (WHERE why IS NULL), 0)::int AS assessed,
         json_object_agg(why, n) FILTER (WHERE why IS NOT NULL) AS without
    FROM (SELECT p.standard_id, count(*) AS n,
                 CASE WHEN p.is_seen THEN NULL
                      WHEN m.shown_level IS NULL AND coalesce(m.left_out, 0) = ANY(%(reasons)s)
                      THEN coalesce(m.left_out, 0) ELSE %(elsewhere)s END AS why
            FROM people p
            LEFT JOIN assessments_mastery m
              ON m.learner_id = p.learner_id AND m.standard_id = p.standard_id AND NOT p.is_seen
           GROUP BY p.standard_id, why) k
   GROUP BY standard_id),
tested AS (
  SELECT standard_id, count(DISTINCT learner_id)::int AS ever, array_agg(DISTINCT section_id) AS sections,
         max(day) AS last_day FROM seen GROUP BY standard_id)
SELECT w.standard_id, coalesce(c.learners, 0) AS learners, coalesce(c.assessed, 0) AS assessed, c.without,
       coalesce(t.ever, 0) AS ever, coalesce(t.sections, '{}') AS sections, t.last_day
  FROM (SELECT DISTINCT standard_id FROM working) w
  LEFT JOIN counted c ON c.standard_id = w.standard_id
  LEFT JOIN tested t ON t.standard_id = w.standard_id
"""
)
MISSING = (
    SEEN
    + """
SELECT DISTINCT l.learner_id FROM working w JOIN listed l ON l.section_id = w.section_id
 WHERE NOT EXISTS (SELECT FROM seen s WHERE s.standard_id = w.standard_id AND s.learner_id = l.learner_id)
"""
)

STANDARDS = """
SELECT s.id, s.code, s.short_title, s.statement, s.grades, d.id AS domain_id, d.code AS domain_code,
       d.short_title AS domain_title, d.statement AS domain_statement
  FROM standards_standard s
  JOIN standards_framework f ON f.id = s.framework_id AND f.district_id = %(district)s
  LEFT JOIN standards_standard d ON d.id = s.domain_id
 WHERE s.framework_id = %(framework)s AND s.is_leaf AND s.retired_at IS NULL
 ORDER BY s.position, s.id
"""

SIZES = """
SELECT l.grade, count(*)::int AS n FROM profiles_learner l
 WHERE l.district_id = %(district)s AND EXISTS (
       SELECT FROM profiles_section c JOIN profiles_enrollment n ON n.roster_id = c.roster_id
        WHERE c.id = ANY(%(sections)s) AND n.learner_id = l.id AND n.role = 'learner' AND n.starts_on <= %(today)s
          AND (n.ends_on IS NULL OR n.ends_on >= %(today)s))
 GROUP BY l.grade
"""


@dataclass(frozen=True)
class Touch:
    """How some classes work on a standard. day: the first one; None for a plan."""

    sections: frozenset[int]
    day: date | None


@dataclass(frozen=True)
class Touched:
    """by_standard: {standard id: {how: Touch}}.    frameworks: {framework id: how many of its standards}.

    classes: {framework id: classes that work with it, or plan to}.
    """

    by_standard: dict[int, dict[str, Touch]]
    frameworks: dict[int, int]
    classes: dict[int, frozenset[int]]


@dataclass(frozen=True)
class CoverageLine:
    """learners: on today's lists of the classes that work on the standard; assessed: of them, with a result there.

    without: the others of them, by a reason of REASONS.
    left: with a result there, and on none of these lists today.    touches: {how: Touch}.
    """

    standard_id: int
    label: str
    title: str
    grades: tuple[str, ...]
    domain_id: int
    domain: str
    touches: dict[str, Touch] = field(default_factory=dict)
    learners: int = 0
    assessed: int = 0
    without: Counter = field(default_factory=Counter)
    left: int = 0
    assessed_in: frozenset[int] = frozenset()
    last_assessed: date | None = None

    @property
    def taught_in(self) -> frozenset[int]:
        return frozenset().union(*(self.touches[how].sections for how in TEACHING if how in self.touches))

    @property
    def taught_since(self) -> date | None:
        days = [touch.day for how, touch in self.touches.items() if how in TEACHING and touch.day]
        return min(days, default=None)

    @property
    def is_taught(self) -> bool:
        return bool(self.taught_in)

    @property
    def is_assessed(self) -> bool:
        return bool(self.assessed_in)

    @property
    def is_planned(self) -> bool:
        return PLANNED in self.touches

    @property
    def is_waiting(self) -> bool:
        """Taught, and no result yet."""
        return self.is_taught and not self.is_assessed


def read_touched(section_ids: Collection[int], *, zone: str, today: date) -> Touched:
    """What the classes work on, of every framework. One statement. zone: name of the district's time zone."""
    by_standard: dict[int, dict[str, Touch]] = {}
    standards: dict[int, set[int]] = {}
    classes: dict[int, set[int]] = {}
    for row in read(BY_STANDARD, sections=sorted(section_ids), zone=zone, today=today):
        by_standard.setdefault(row.standard_id, {})[row.how] = Touch(frozenset(row.sections), row.first_day)
        standards.setdefault(row.framework_id, set()).add(row.standard_id)
        classes.setdefault(row.framework_id, set()).update(row.sections)
    return Touched(
        by_standard,
        {framework: len(found) for framework, found in standards.items()},
        {framework: frozenset(found) for framework, found in classes.items()},
    )


def read_sizes(section_ids: Collection[int], *, today: date) -> dict[str, int]:
    """{grade: learners on today's lists of the classes}, each learner once. One statement."""
    return {row.grade: row.n for row in read(SIZES, sections=sorted(section_ids), today=today)}


def read_coverage(
    framework_id: int, section_ids: Collection[int], touched: Touched, *, today: date
) -> list[CoverageLine]:
    """The standards of a framework that have none below them, in its order. Two statements."""
    standards = read(STANDARDS, framework=framework_id)
    ids = {row.id for row in standards}
    counted = {
        row.standard_id: row
        for row in read(COUNTED, **_asked(section_ids, ids & set(touched.by_standard), touched, today))
    }
    return [_line(row, touched.by_standard.get(row.id, {}), counted.get(row.id)) for row in standards]


def read_missing(
    account: Account, standard_id: int, section_ids: Collection[int], touched: Touched, *, today: date
) -> list[Learner]:
    """Who is on the list of a class that works on the standard and has no result there, by name. Two statements."""
    ids = [row.learner_id for row in read(MISSING, **_asked(section_ids, {standard_id}, touched, today))]
    return list(Learner.objects.visible_to(account).filter(pk__in=ids).by_name())


def _asked(section_ids: Collection[int], standard_ids: Collection[int], touched: Touched, today: date) -> dict:
    """Where a class works on a standard: it teaches it, or has given a pre-assessment of it. A plan is no work."""
    pairs = sorted(
        {
            (section, standard)
            for standard in standard_ids
            for how, touch in touched.by_standard.get(standard, {}).items()
            if how != PLANNED
            for section in touch.sections
        }
    )
    return {
        "sections": sorted(section_ids),
        "standards": sorted(standard_ids),
        "at_sections": [section for section, _standard in pairs],
        "at_standards": [standard for _section, standard in pairs],
        "today": today,
        "reasons": [NOTHING, EXCUSED, NOT_SEEN],
        "elsewhere": ELSEWHERE,
    }


def _line(row, touches: dict[str, Touch], counted) -> CoverageLine:
    title = row.short_title or heading_of(row.statement)
    domain = (row.domain_title or heading_of(row.domain_statement)) if row.domain_id else ""
    line = CoverageLine(row.id, row.code or title, title, tuple(row.grades), row.domain_id or 0, domain, touches)
    if counted is None:
        return line
    return replace(
        line,
        learners=counted.learners,
        assessed=counted.assessed,
        without=Counter({int(why): n for why, n in (counted.without or {}).items()}),
        left=max(counted.ever - counted.assessed, 0),
        assessed_in=frozenset(counted.sections),
        last_assessed=counted.last_day,
    )


def of_grades(lines: Sequence[CoverageLine], grades: Collection[str]) -> list[CoverageLine]:
    """Lines of these grades, and those whose standard names none."""
    wanted = {plain_grade(grade) for grade in grades}
    return [line for line in lines if not line.grades or wanted & {plain_grade(grade) for grade in line.grades}]


def plain_grade(code: str) -> str:
    """ "05" and "5" are one grade."""
    return str(int(code)) if code.isdecimal() else code.upper()
