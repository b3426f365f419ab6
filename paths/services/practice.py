"""What of the practice reaches which learners: goals, check-ins, choices, conferences, tries, groups and places.

A row for each learner of some schools, for administrators who may list them. No class, and nobody who teaches, is told
apart: the class is there to draw intervals by.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from assessments.models import Group
from assessments.services.minimums import Minimums
from lrm.rows import read
from profiles.models import Learner
from profiles.models.learner import FAIR_SHARES

GOAL, CHECK_IN, CHOICE, CONFERENCE = "goal", "check_in", "choice", "conference"
OFFERED, PLACE, OWN, BLOCK = "offered", "place", "own", "block"
ASKED, ANSWERED = "asked", "answered"
PURPOSES = tuple(Group.Purpose.values)
LATELY = timedelta(days=14)
NEVER, ENDED, LATER, ONLY_BLOCK = 1, 2, 3, 4
"""Why somebody is in no class today: never on a list, not any more, not yet, or in tutoring blocks alone."""

# Days in a kind of group: each day once, however many groups of that kind a learner was in on it.
FACTS = """
WITH here AS MATERIALIZED (
  SELECT l.id, l.home_school_id AS school_id, l.grade AS school_grade, {fields} FROM profiles_learner l
   WHERE l.district_id = %(district)s AND l.home_school_id = ANY(%(schools)s)
     AND (l.left_on IS NULL OR l.left_on > %(today)s) AND l.erased_at IS NULL),
listed AS MATERIALIZED (
  SELECT DISTINCT ON (n.learner_id) n.learner_id, n.roster_id
    FROM profiles_enrollment n JOIN here h ON h.id = n.learner_id JOIN profiles_roster r ON r.id = n.roster_id
   WHERE n.role = 'learner' AND n.starts_on <= %(today)s AND (n.ends_on IS NULL OR n.ends_on >= %(today)s)
     AND NOT EXISTS (SELECT FROM profiles_block b WHERE b.roster_id = r.id)
   ORDER BY n.learner_id, r.is_homeroom DESC, r.id),
stays AS (
  SELECT m.learner_id, g.purpose::text AS kind, g.section_id, g.starts_on,
         least(g.ends_on, (g.closed_at AT TIME ZONE %(zone)s)::date, %(today)s) AS last_day
    FROM assessments_groupmember m JOIN here h ON h.id = m.learner_id JOIN assessments_group g ON g.id = m.group_id
   UNION ALL
  SELECT o.learner_id, 'own', o.section_id, o.starts_on,
         least(o.ends_on, (o.closed_at AT TIME ZONE %(zone)s)::date, %(today)s)
    FROM assessments_ownpath o JOIN here h ON h.id = o.learner_id),
days AS (
  SELECT k.learner_id, k.kind, range_agg(daterange(greatest(k.starts_on, %(since)s), k.last_day, '[]')) AS spent
    FROM (SELECT learner_id, kind, starts_on, last_day FROM stays
           UNION ALL
          SELECT s.learner_id, 'block', s.starts_on, s.last_day
            FROM stays s JOIN profiles_block b ON b.section_id = s.section_id WHERE s.kind <> 'own') k
   WHERE k.last_day >= greatest(k.starts_on, %(since)s) GROUP BY k.learner_id, k.kind),
facts (learner_id, kind, n) AS (
  SELECT learner_id, kind, (SELECT sum(upper(one) - lower(one)) FROM unnest(spent) AS one) FROM days
   UNION ALL
  SELECT g.learner_id, 'goal', 1 FROM paths_goal g JOIN here h ON h.id = g.learner_id WHERE g.state = 'live'
   UNION ALL
  SELECT g.learner_id, 'check_in', 1 FROM paths_checkin c JOIN paths_goal g ON g.id = c.goal_id
    JOIN here h ON h.id = g.learner_id WHERE (c.at AT TIME ZONE %(zone)s)::date > %(lately)s
   UNION ALL
  SELECT p.learner_id, 'choice', 1 FROM paths_step s JOIN paths_path p ON p.id = s.path_id
    JOIN here h ON h.id = p.learner_id WHERE (s.chosen_at AT TIME ZONE %(zone)s)::date >= %(since)s
   UNION ALL
  SELECT q.learner_id, 'choice', 1 FROM paths_stepproposal q JOIN here h ON h.id = q.learner_id
   WHERE (q.created_at AT TIME ZONE %(zone)s)::date >= %(since)s AND q.state <> 'taken_back'
   UNION ALL
  SELECT j.learner_id, 'choice', 1 FROM paths_project j JOIN here h ON h.id = j.learner_id
   WHERE (j.created_at AT TIME ZONE %(zone)s)::date >= %(since)s AND j.state <> 'draft'
   UNION ALL
  SELECT t.learner_id, k.kind, 1 FROM paths_seat t JOIN here h ON h.id = t.learner_id
   CROSS JOIN (VALUES ('choice'), ('place')) AS k (kind)
   WHERE (t.taken_at AT TIME ZONE %(zone)s)::date >= %(since)s AND NOT t.is_off
   UNION ALL
  SELECT p.learner_id, 'place', 1 FROM paths_worked w JOIN paths_step s ON s.id = w.step_id
    JOIN paths_path p ON p.id = s.path_id JOIN here h ON h.id = p.learner_id
    JOIN paths_place e ON e.id = w.place_id AND e.kind <> 'classroom' WHERE w.day >= %(since)s
   UNION ALL
  SELECT p.learner_id, 'offered', 1 FROM paths_path p JOIN here h ON h.id = p.learner_id
   WHERE p.parts @> '[{{"kind": "choice"}}]'
     AND (p.archived_at IS NULL OR (p.archived_at AT TIME ZONE %(zone)s)::date >= %(since)s)
   UNION ALL
  SELECT c.learner_id, 'conference', 1 FROM paths_conference c JOIN here h ON h.id = c.learner_id
   WHERE (c.held_at AT TIME ZONE %(zone)s)::date >= %(since)s
   UNION ALL
  SELECT q.learner_id, k.kind, 1 FROM paths_tryrequest q JOIN here h ON h.id = q.learner_id
   CROSS JOIN (VALUES ('asked'), ('answered')) AS k (kind)
   WHERE (q.created_at AT TIME ZONE %(zone)s)::date >= %(since)s AND q.state <> 'withdrawn'
     AND (k.kind = 'asked' OR q.state <> 'asked'))
SELECT h.*, r.roster_id, f.facts,
       CASE WHEN r.roster_id IS NULL THEN (
         SELECT CASE WHEN bool_or(n.starts_on <= %(today)s AND (n.ends_on IS NULL OR n.ends_on >= %(today)s))
                     THEN %(only_block)s
                     WHEN bool_or(n.starts_on > %(today)s AND (n.ends_on IS NULL OR n.ends_on >= n.starts_on))
                     THEN %(later)s
                     WHEN count(*) > 0 THEN %(ended)s ELSE %(never)s END
           FROM profiles_enrollment n WHERE n.learner_id = h.id AND n.role = 'learner') END AS why,
       ARRAY(SELECT m.subgroup_id FROM profiles_subgroupmember m JOIN profiles_subgroup g ON g.id = m.subgroup_id
              WHERE m.learner_id = h.id AND g.ended_at IS NULL) AS subgroups
  FROM here h LEFT JOIN listed r ON r.learner_id = h.id
  LEFT JOIN (SELECT k.learner_id, json_object_agg(k.kind, k.n) AS facts
               FROM (SELECT learner_id, kind, sum(n)::int AS n FROM facts GROUP BY 1, 2) k
              GROUP BY 1) f ON f.learner_id = h.id
"""


@dataclass(frozen=True)
class PracticeRow:
    """values: of the fields of fair_fields, "" for unknown.    roster_id: the homeroom, or another class of today.

    subgroups: ids of those that are declared.
    facts: {kind: how many}: days in a kind of group this term, requests asked and answered, else 1 and more for yes.
    why: of who is in no class, and so in no figure: a reason; roster_id is 0 then.
    """

    learner_id: int
    school_id: int
    values: dict[str, str]
    roster_id: int
    grade: str
    subgroups: tuple[int, ...]
    facts: dict[str, int]
    why: int = 0

    def n(self, kind: str) -> int:
        return self.facts.get(kind, 0)


@dataclass(frozen=True)
class Practice:
    """rows: learners at home in the schools who are in a class today.    left_out: those who are in none, and why."""

    rows: list[PracticeRow]
    left_out: list[PracticeRow]


def fair_fields() -> list[str]:
    """Fields of learners whose declared purposes name this use; by no other may learners be compared."""
    return Learner.privacy.fields_for(FAIR_SHARES)


def read_practice(school_ids: Collection[int], *, zone: str, since: date, today: date) -> Practice:
    """One statement. zone: name of the district's time zone. since: the first day of what is asked of the term."""
    fields = fair_fields()
    columns = [f"l.{name}" for name in fields]
    statement = FACTS.format(fields=", ".join(columns))
    asked = {"schools": sorted(school_ids), "zone": zone, "since": since, "today": today, "lately": today - LATELY}
    whys = {"never": NEVER, "ended": ENDED, "later": LATER, "only_block": ONLY_BLOCK}
    rows = _rows(read(statement, **asked, **whys), fields)
    return Practice([row for row in rows if not row.why], [row for row in rows if row.why])


def _rows(found: Sequence[Any], fields: Sequence[str]) -> list[PracticeRow]:
    return [
        PracticeRow(
            row.id,
            row.school_id,
            {name: str(getattr(row, name) or "") for name in fields},
            row.roster_id or 0,
            row.school_grade,
            tuple(row.subgroups),
            row.facts or {},
            row.why or 0,
        )
        for row in found
    ]


def enough_together(
    rows: Sequence[PracticeRow], minimums: Minimums, *, apart: Collection[int] = frozenset()
) -> list[PracticeRow]:
    """Rows of learners at whose school so many are in their grade: what figures that nobody may list are made of.

    Every such figure, whatever it is of, is a sum of schools' grades that could each be shown, so no two of them give
    away a small one (engine.md 5.3). apart: learners who are told apart from the others of their grade; a grade in
    which they, or the others, are some but fewer is left out whole.
    """
    sizes = Counter((row.school_id, row.grade, row.learner_id in apart) for row in rows)
    small = {(school, grade) for (school, grade, _apart), n in sizes.items() if n < minimums.of(school)}
    return [row for row in rows if (row.school_id, row.grade) not in small]


@dataclass(frozen=True)
class Reached:
    """reached: of n.    missing: learners whom it has not reached."""

    reached: int
    n: int
    missing: tuple[int, ...]


def reached(rows: Collection[PracticeRow], kind: str) -> Reached:
    """Of learners those whom it reached; of ANSWERED, requests, and the learners who wait for an answer."""
    if kind == ANSWERED:
        waiting = tuple(row.learner_id for row in rows if row.n(ASKED) > row.n(ANSWERED))
        return Reached(sum(row.n(ANSWERED) for row in rows), sum(row.n(ASKED) for row in rows), waiting)
    missing = tuple(row.learner_id for row in rows if not row.n(kind))
    return Reached(len(rows) - len(missing), len(rows), missing)
