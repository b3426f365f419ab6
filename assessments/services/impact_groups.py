"""Learners who began in a group, for `impact_units`: with what was kept of them at its acceptance."""

from collections.abc import Sequence
from datetime import date

from assessments.services.impact_units import Began
from lrm.rows import read

# Whoever was in any group on a standard had a group, whatever the question is about.
MEMBERS = """
SELECT m.learner_id, g.focus_id AS standard_id, g.created_at AS at, g.section_id, g.purpose,
       b.id IS NOT NULL AS in_block,
       greatest(g.starts_on, (g.created_at AT TIME ZONE %(zone)s)::date) AS first_day,
       m.expected_micro, m.first_mean_micro
  FROM assessments_group g
  JOIN assessments_groupmember m ON m.group_id = g.id
  JOIN profiles_learner l ON l.id = m.learner_id
  LEFT JOIN profiles_block b ON b.section_id = g.section_id
 WHERE g.focus_id = ANY(%(standards)s) AND g.starts_on <= %(today)s
   AND l.district_id = %(district)s AND l.home_school_id = ANY(%(schools)s)
   AND NOT EXISTS (SELECT FROM profiles_objection said WHERE said.learner_id = l.id AND said.ended_at IS NULL)
"""


def read_groups_began(
    standard_ids: Sequence[int],
    *,
    school_ids: Sequence[int],
    purpose: str,
    only_blocks: bool,
    since: date,
    until: date,
    zone: str,
    today: date,
) -> list[Began]:
    """purpose: of the groups asked about, "" for all.    only_blocks: those of tutoring blocks alone. One statement."""
    rows = read(MEMBERS, standards=list(standard_ids), schools=list(school_ids), zone=zone, today=today)
    return [
        Began(
            row.learner_id,
            row.standard_id,
            row.at,
            row.first_day,
            row.section_id,
            is_asked=since <= row.first_day <= until
            and purpose in ("", row.purpose)
            and (row.in_block or not only_blocks),
            expected_micro=row.expected_micro,
            first_mean_micro=row.first_mean_micro,
        )
        for row in rows
    ]
