"""Levels at the end of a closed day, from the history: the newest row of a pair up to that day.

Whoever calls has found the learners by `visible_to`, by the rights of today.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from assessments.mastery.rounding import NO_VALUE
from assessments.mastery.scale import NO_LEVEL
from assessments.mastery.shown import trend
from assessments.services.projecting import TREND_DAYS
from lrm.rows import read

# The history keeps levels, not whose they are: a level that a teacher set is known from the ledger. As in `day_ends`,
# only the newest set or lift of a pair matters, and one that was taken back is not there at all.
PAST = f"""
{{head}} newest AS MATERIALIZED (
  SELECT DISTINCT ON (learner_id, standard_id) learner_id, standard_id, day, value_micro, shown_level, n
    FROM assessments_masteryday
   WHERE learner_id IN ({{who}}) AND day <= %(day)s
     AND (%(standards)s::bigint[] IS NULL OR standard_id = ANY(%(standards)s))
   ORDER BY learner_id, standard_id, day DESC),
said AS MATERIALIZED (
  SELECT DISTINCT ON (e.learner_id, e.standard_id) e.learner_id, e.standard_id,
         e.kind = 'set' AND (e.ends_at IS NULL OR e.ends_at >= %(end)s) AS holds
    FROM assessments_evidence e
   WHERE e.learner_id IN ({{who}}) AND e.kind IN ('set', 'lift') AND e.observed_at < %(end)s
     AND NOT EXISTS (SELECT FROM assessments_evidence x
                      WHERE x.school_year = e.school_year AND x.supersedes_id = e.id)
   ORDER BY e.learner_id, e.standard_id, e.observed_at DESC, e.id DESC)
SELECT n.learner_id, n.standard_id, n.day, n.value_micro, n.shown_level, n.n, coalesce(said.holds, false) AS by_teacher,
       b.shown_level AS level_before, b.value_micro AS micro_before
  FROM newest n LEFT JOIN said USING (learner_id, standard_id)
 CROSS JOIN LATERAL (
       SELECT d.shown_level, d.value_micro FROM assessments_masteryday d
        WHERE d.learner_id = n.learner_id AND d.standard_id = n.standard_id AND d.day <= n.day
          AND d.shown_level IS NOT NULL
        ORDER BY d.day <= n.day - {TREND_DAYS} DESC, abs(n.day - {TREND_DAYS} - d.day) LIMIT 1) b
 WHERE n.shown_level IS NOT NULL
"""


@dataclass(frozen=True)
class PastLevel:
    """What was shown at the end of a day. since: the day of the last change; trend: over the 30 days before it.

    value_micro: None where a teacher set a level without a result.    n: results that counted.
    """

    learner_id: int
    standard_id: int
    since: date
    value_micro: int | None
    shown_level: int
    n: int
    by_teacher: bool
    trend: int


def read_past(learner_ids: Collection[int], standard_ids: Collection[int] | None, *, day: date) -> list[PastLevel]:
    """Every level shown at the end of the day. standard_ids: None for all. One statement."""
    return read_past_of(
        "WITH", "SELECT unnest(%(learners)s::bigint[])", standard_ids, day=day, learners=sorted(learner_ids)
    )


def read_past_of(
    head: str, who: str, standard_ids: Collection[int] | None, *, day: date, **values: Any
) -> list[PastLevel]:
    """The same of learners whom a statement finds. head: "WITH" and what `who`, a SELECT of their ids, needs.

    Both are written out in the code; values: what they ask for.
    """
    standards = None if standard_ids is None else sorted(standard_ids)
    rows = read(PAST.format(head=head, who=who), standards=standards, day=day, end=end_of(day), **values)
    directions = trend(
        [row.level_before or NO_LEVEL for row in rows],
        [NO_VALUE if row.micro_before is None else row.micro_before for row in rows],
        [row.shown_level for row in rows],
        [NO_VALUE if row.value_micro is None else row.value_micro for row in rows],
    )
    return [
        PastLevel(
            learner_id=row.learner_id,
            standard_id=row.standard_id,
            since=row.day,
            value_micro=row.value_micro,
            shown_level=row.shown_level,
            n=row.n,
            by_teacher=row.by_teacher,
            trend=int(direction) if row.n else 0,
        )
        for row, direction in zip(rows, directions, strict=True)
    ]


def end_of(day: date) -> datetime:
    """The first instant after a day of the district's calendar."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
