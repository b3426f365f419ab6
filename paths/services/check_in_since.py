"""What happened to learners of a check-in after a day: results, levels, goals, supports, groups, meetings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lrm.rows import read
from paths.services.check_in_grid import WANTED, Scope

SINCE = f"""
WITH {WANTED},
asked AS MATERIALIZED (
  SELECT DISTINCT a.learner_id, a.day,
         ((a.day + 1)::timestamp AT TIME ZONE %(zone)s) AS after
    FROM unnest(%(learners)s::bigint[], %(days)s::date[]) AS a (learner_id, day)
    JOIN profiles_learner l ON l.id = a.learner_id AND l.district_id = %(district)s),
results AS MATERIALIZED (
  SELECT a.learner_id, a.day, count(*) AS n
    FROM asked a JOIN assessments_evidence e ON e.learner_id = a.learner_id AND e.observed_at >= a.after
    JOIN wanted w ON w.id = e.standard_id
   WHERE e.kind = 'result' AND NOT EXISTS (
         SELECT FROM assessments_evidence x WHERE x.school_year = e.school_year AND x.supersedes_id = e.id)
   GROUP BY a.learner_id, a.day),
changed AS MATERIALIZED (
  SELECT DISTINCT a.learner_id, a.day, d.standard_id
    FROM asked a JOIN assessments_masteryday d ON d.learner_id = a.learner_id AND d.day > a.day
    JOIN wanted w ON w.id = d.standard_id),
moved AS MATERIALIZED (
  SELECT c.learner_id, c.day, count(*) FILTER (WHERE m.shown_level > b.shown_level) AS up,
         count(*) FILTER (WHERE m.shown_level < b.shown_level) AS down,
         count(*) FILTER (WHERE b.shown_level IS NULL) AS first
    FROM changed c
    JOIN assessments_mastery m ON m.learner_id = c.learner_id AND m.standard_id = c.standard_id
     AND m.shown_level IS NOT NULL
    LEFT JOIN LATERAL (
         SELECT d.shown_level FROM assessments_masteryday d
          WHERE d.learner_id = c.learner_id AND d.standard_id = c.standard_id AND d.day <= c.day
          ORDER BY d.day DESC LIMIT 1) b ON true
   GROUP BY c.learner_id, c.day),
goals AS MATERIALIZED (
  SELECT a.learner_id, a.day, count(*) FILTER (WHERE g.created_at >= a.after) AS written,
         count(*) FILTER (WHERE g.achieved_at >= a.after) AS reached,
         sum((SELECT count(*) FROM paths_goalrevision r
               WHERE r.goal_id = g.id AND r.at >= a.after AND r.what_changed IN ('agreed', 'asked', 'confirmed'))
         ) AS reviewed,
         sum((SELECT count(*) FROM paths_checkin c WHERE c.goal_id = g.id AND c.at >= a.after)) AS checked
    FROM asked a JOIN paths_goal g ON g.learner_id = a.learner_id AND g.state <> 'draft'
   GROUP BY a.learner_id, a.day)
SELECT a.learner_id, a.day, coalesce(r.n, 0)::int AS results, coalesce(m.up, 0)::int AS up,
       coalesce(m.down, 0)::int AS down, coalesce(m.first, 0)::int AS first,
       coalesce(g.written, 0)::int AS written, coalesce(g.reviewed, 0)::int AS reviewed,
       coalesce(g.reached, 0)::int AS reached, coalesce(g.checked, 0)::int AS checked,
       (SELECT count(*)::int FROM profiles_support s
         WHERE s.learner_id = a.learner_id AND s.starts_on > a.day AND s.starts_on <= %(today)s) AS supports,
       (SELECT count(*)::int FROM assessments_groupmember k JOIN assessments_group q ON q.id = k.group_id
         WHERE k.learner_id = a.learner_id AND q.starts_on > a.day AND q.starts_on <= %(today)s) AS groups,
       (SELECT count(*)::int FROM paths_conference c
         WHERE c.learner_id = a.learner_id AND c.held_at >= a.after) AS talks
  FROM asked a
  LEFT JOIN results r ON r.learner_id = a.learner_id AND r.day = a.day
  LEFT JOIN moved m ON m.learner_id = a.learner_id AND m.day = a.day
  LEFT JOIN goals g ON g.learner_id = a.learner_id AND g.day = a.day
"""


@dataclass(frozen=True)
class Since:
    """What happened after the end of a day. up, down: standards whose level moved; first: that have one now.

    results: that stand, of the standards of the grid.    written, reviewed, reached: goals; checked: check-ins on them.
    supports, groups: that began.    talks: meetings held.
    """

    results: int = 0
    up: int = 0
    down: int = 0
    first: int = 0
    written: int = 0
    reviewed: int = 0
    reached: int = 0
    checked: int = 0
    supports: int = 0
    groups: int = 0
    talks: int = 0

    def __add__(self, other: "Since") -> "Since":
        return Since(*(getattr(self, name) + getattr(other, name) for name in NAMES))

    @property
    def is_empty(self) -> bool:
        return not any(getattr(self, name) for name in NAMES)


NAMES = tuple(Since.__dataclass_fields__)


def read_since(
    asked: Sequence[tuple[int, date]], scope: Scope, *, zone: str, today: date
) -> Mapping[tuple[int, date], Since]:
    """{(learner id, day): what happened after its end}, for each that is asked. One statement, none for nobody.

    zone: name of the district's time zone. Rights stay with the caller, who names learners that the account may open.
    """
    if not asked:
        return {}
    rows = read(
        SINCE,
        learners=[learner for learner, _day in asked],
        days=[day for _learner, day in asked],
        zone=zone,
        today=today,
        **scope.values(),
    )
    found = {(row.learner_id, row.day): Since(*(getattr(row, name) for name in NAMES)) for row in rows}
    return {pair: found.get(pair, Since()) for pair in asked}


MOVES = f"""
WITH {WANTED}
SELECT t.code, t.short_title AS title, t.statement, t.framework_id, b.shown_level AS before, m.shown_level AS now
  FROM (SELECT DISTINCT d.standard_id FROM assessments_masteryday d
          JOIN profiles_learner l ON l.id = d.learner_id AND l.district_id = %(district)s
         WHERE d.learner_id = %(learner)s AND d.day > %(day)s) c
  JOIN wanted w ON w.id = c.standard_id
  JOIN standards_standard t ON t.id = c.standard_id
  JOIN assessments_mastery m ON m.learner_id = %(learner)s AND m.standard_id = c.standard_id
   AND m.shown_level IS NOT NULL
  LEFT JOIN LATERAL (
       SELECT d.shown_level FROM assessments_masteryday d
        WHERE d.learner_id = %(learner)s AND d.standard_id = c.standard_id AND d.day <= %(day)s
        ORDER BY d.day DESC LIMIT 1) b ON true
 WHERE b.shown_level IS DISTINCT FROM m.shown_level
 ORDER BY t.framework_id, t.position, t.id
"""


def read_moves(learner_id: int, day: date, scope: Scope) -> list:
    """The standards of the grid whose level is another one than at the end of that day. One statement.

    Rows: code, title, statement, framework_id, before (None: no result yet), now.
    """
    return read(MOVES, learner=learner_id, day=day, **scope.values())
