"""Learners who began a path, or got a support, for `assessments.services.impact_units`."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from assessments.services.impact_units import Began
from lrm.rows import read

PATHS = """
SELECT DISTINCT p.learner_id, s.standard_id, p.created_at AS at, p.section_id,
       greatest(p.starts_on, (p.created_at AT TIME ZONE %(zone)s)::date) AS first_day
  FROM paths_step s
  JOIN paths_path p ON p.id = s.path_id
  JOIN profiles_learner l ON l.id = p.learner_id
 WHERE s.standard_id = ANY(%(standards)s)
   AND l.district_id = %(district)s AND l.home_school_id = ANY(%(schools)s)
   AND NOT EXISTS (SELECT FROM profiles_objection said WHERE said.learner_id = l.id AND said.ended_at IS NULL)
"""
SUPPORTS = """
SELECT u.learner_id, u.starts_on, u.kind
  FROM profiles_support u JOIN profiles_learner l ON l.id = u.learner_id
 WHERE u.starts_on <= %(today)s AND l.district_id = %(district)s AND l.home_school_id = ANY(%(schools)s)
   AND NOT EXISTS (SELECT FROM profiles_objection said WHERE said.learner_id = l.id AND said.ended_at IS NULL)
"""


def read_paths_began(
    standard_ids: Sequence[int], *, school_ids: Sequence[int], since: date, until: date, zone: str
) -> list[Began]:
    """A path begins on the standards of its steps when it was given, or on its first day. One statement."""
    rows = read(PATHS, standards=list(standard_ids), schools=list(school_ids), zone=zone)
    return [
        Began(
            row.learner_id,
            row.standard_id,
            row.at,
            row.first_day,
            row.section_id,
            is_asked=since <= row.first_day <= until,
        )
        for row in rows
    ]


def read_supports_began(
    standard_ids: Sequence[int],
    *,
    school_ids: Sequence[int],
    kind: str,
    since: date,
    until: date,
    zone: ZoneInfo,
    today: date,
) -> list[Began]:
    """A support begins on every standard on its first day. kind: "" for all. One statement."""
    rows = read(SUPPORTS, schools=list(school_ids), today=today)
    return [
        Began(
            row.learner_id,
            standard,
            datetime.combine(row.starts_on, datetime.min.time(), zone),
            row.starts_on,
            is_asked=since <= row.starts_on <= until and kind in ("", row.kind),
        )
        for row in rows
        for standard in standard_ids
    ]
