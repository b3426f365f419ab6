"""Learners of a section who work on their own path, beside its groups: as far as they are in the class today."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from lrm.rows import read
from profiles.models import Section
from standards.headings import heading_of

OWN = """
SELECT o.suggestion_id, o.learner_id, o.starts_on, o.ends_on,
       concat_ws(' ', coalesce(nullif(l.preferred_name, ''), l.given_name), nullif(l.family_name, '')) AS name,
       t.short_title, t.statement
  FROM assessments_ownpath o JOIN profiles_learner l ON l.id = o.learner_id
  LEFT JOIN standards_standard t ON t.id = o.standard_id
 WHERE o.section_id = %(section)s AND o.starts_on <= o.ends_on AND EXISTS (
       SELECT FROM profiles_enrollment n
        WHERE n.roster_id = %(roster)s AND n.learner_id = o.learner_id AND n.role = 'learner'
          AND n.starts_on <= %(on)s AND (n.ends_on IS NULL OR n.ends_on >= %(on)s))
   AND {which}
 ORDER BY name, o.learner_id, o.id
"""
RUNNING = OWN.format(which="o.closed_at IS NULL AND o.ends_on >= %(on)s")
OF_ROUNDS = OWN.format(which="o.suggestion_id = ANY(%(suggestions)s)")


@dataclass(frozen=True)
class OnOwnPath:
    """topic: where there is most to gain, in words; "" for none."""

    learner_id: int
    name: str
    topic: str
    starts_on: date
    ends_on: date


def read_running_own(section: Section, *, on: date) -> list[OnOwnPath]:
    """Own paths that are on, or begin soon, by name. One statement."""
    rows = read(RUNNING, section=section.pk, roster=section.roster_id, on=on)
    topic = lambda row: row.short_title or (heading_of(row.statement) if row.statement else "")
    return [OnOwnPath(row.learner_id, row.name, topic(row), row.starts_on, row.ends_on) for row in rows]


def read_past_own(section: Section, suggestions: Collection[int | None], *, on: date) -> dict[int, list[str]]:
    """{suggestion id: names of those who were on their own path beside its groups}. One statement."""
    asked = [pk for pk in suggestions if pk is not None]
    found: dict[int, list[str]] = {}
    for row in read(OF_ROUNDS, section=section.pk, roster=section.roster_id, on=on, suggestions=asked):
        found.setdefault(row.suggestion_id, []).append(row.name)
    return found
