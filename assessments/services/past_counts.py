"""Results by level at the end of a closed day, counted from the history: rollups hold the days of work, not of results.

A learner counts once, at the school of the class that he or she was in on that day: at home where there are several.
The grade is today's while the class's year runs, and that of the class afterwards.
"""

from collections.abc import Sequence
from datetime import date

from assessments.services.past import PastLevel, read_past_of

# own: schools that the account administers, NULL for the whole district. Whom it may see today is as
# LearnerQuerySet.visible_to has it for administrators: at home there, or in a class there.
STUDENTS = """
  SELECT DISTINCT ON (on_day.day, l.id) on_day.day, l.id AS learner_id, r.school_id,
         CASE WHEN t.ends_on >= %(today)s THEN l.grade ELSE coalesce(nullif(r.grade, ''), l.grade) END AS grade
    FROM unnest(%(days)s::date[]) AS on_day (day)
    JOIN profiles_enrollment e ON e.starts_on <= on_day.day AND (e.ends_on IS NULL OR e.ends_on >= on_day.day)
    JOIN profiles_roster r ON r.id = e.roster_id
    JOIN profiles_academicsession t ON t.id = r.session_id JOIN profiles_learner l ON l.id = e.learner_id
   WHERE r.district_id = %(district)s AND e.role = 'learner'
     AND (%(subgroup)s::bigint IS NULL OR EXISTS (
          SELECT FROM profiles_subgroupmember g WHERE g.subgroup_id = %(subgroup)s AND g.learner_id = l.id))
     AND (%(own)s::bigint[] IS NULL OR l.home_school_id = ANY(%(own)s) OR EXISTS (
          SELECT FROM profiles_enrollment x JOIN profiles_roster y ON y.id = x.roster_id
           WHERE x.learner_id = l.id AND x.role = 'learner' AND y.school_id = ANY(%(own)s)
             AND x.starts_on <= %(today)s AND (x.ends_on IS NULL OR x.ends_on >= %(today)s)))
   ORDER BY on_day.day, l.id, (r.school_id = l.home_school_id) DESC, r.is_homeroom DESC, r.id"""
HERE = (
    "WITH here AS MATERIALIZED ("
    + STUDENTS
    + """),
members AS MATERIALIZED (
  SELECT day, 1 AS kind, school_id AS scope_id, grade, learner_id FROM here
   WHERE school_id = ANY(%(schools)s) AND (%(grade)s = '' OR grade = %(grade)s)
  UNION
  SELECT h.day, 0, e.roster_id, h.grade, h.learner_id FROM profiles_enrollment e JOIN here h USING (learner_id)
   WHERE e.roster_id = ANY(%(rosters)s) AND e.role = 'learner' AND e.starts_on <= h.day
     AND (e.ends_on IS NULL OR e.ends_on >= h.day) AND (%(grade)s = '' OR h.grade = %(grade)s))
"""
)
LEVELS_OF_DAYS = """,
spans AS MATERIALIZED (
  SELECT d.learner_id, d.standard_id, coalesce(d.shown_level, -d.left_out) AS level, d.day AS since,
         lead(d.day) OVER (PARTITION BY d.learner_id, d.standard_id ORDER BY d.day) AS until
    FROM assessments_masteryday d JOIN standards_standard s ON s.id = d.standard_id AND s.subject_id = %(subject)s
   WHERE d.learner_id IN (SELECT learner_id FROM members) AND d.day <= %(last)s),
counted AS (
  SELECT m.day, m.kind, m.scope_id, m.grade, n.standard_id, n.level, count(*) AS n
    FROM members m JOIN spans n ON n.learner_id = m.learner_id AND n.since <= m.day
     AND (n.until IS NULL OR n.until > m.day)
   WHERE n.level <> 0 GROUP BY 1, 2, 3, 4, 5, 6)
"""
PAST_COUNTED = HERE + LEVELS_OF_DAYS
LEARNERS_COUNTED = """
UNION ALL
SELECT day, kind, scope_id, grade, NULL, NULL, NULL, count(*)::int, 0 FROM members GROUP BY 1, 2, 3, 4
"""
THEN = (
    HERE
    + """,
asked AS MATERIALIZED (SELECT DISTINCT learner_id FROM members WHERE kind = %(kind)s AND grade = ANY(%(grades)s)),
"""
)


def read_levels_then(
    standard_id: int,
    *,
    day: date,
    today: date,
    school_ids: Sequence[int],
    roster_id: int | None,
    grades: Sequence[str],
    own: Sequence[int] | None,
    subgroup: int | None = None,
) -> list[PastLevel]:
    """Levels on a standard of the learners whom a row of the page counts at the end of that day. One statement."""
    where = {
        "today": today,
        "days": [day],
        "subgroup": subgroup,
        "schools": list(school_ids),
        "rosters": [] if roster_id is None else [roster_id],
        "kind": 1 if roster_id is None else 0,
        "grade": "",
        "grades": list(grades),
        "own": own,
    }
    return read_past_of(THEN, "SELECT learner_id FROM asked", [standard_id], day=day, **where)
