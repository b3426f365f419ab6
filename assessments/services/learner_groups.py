"""A learner's own groups and own path, in words that anybody at the table may read: topic, when, where, with whom, what
to work on.

Purpose, reason, level and the other members are not read at all.
"""

from dataclasses import dataclass, field
from datetime import date

from lrm.rows import read
from profiles.models import Learner
from standards.headings import heading_of

MOST = 60

# A group of a class that the learner has left is over for the learner, and one closed before its first day never was.
GROUPS = """
SELECT false AS is_own, g.id, t.short_title, t.statement,
       CASE WHEN b.id IS NULL THEN c.title ELSE '' END AS section, g.adult, g.place, g.time_text,
       g.starts_on, g.ends_on, o.is_on,
       CASE WHEN o.is_on THEN (
           SELECT json_agg(json_build_array(k.tier, k.text, k.url) ORDER BY k.position, k.id)
             FROM assessments_grouptask k WHERE k.group_id = g.id) END AS tasks
  FROM assessments_groupmember m JOIN assessments_group g ON g.id = m.group_id
  JOIN profiles_section c ON c.id = g.section_id
  LEFT JOIN profiles_block b ON b.section_id = c.id
  JOIN profiles_learner l ON l.id = m.learner_id AND l.district_id = %(district)s
  JOIN standards_standard t ON t.id = g.focus_id
 CROSS JOIN LATERAL (
       SELECT g.closed_at IS NULL AND g.ends_on >= %(on)s AND EXISTS (
              SELECT FROM profiles_enrollment n
               WHERE n.roster_id = c.roster_id AND n.learner_id = m.learner_id AND n.role = 'learner'
                 AND n.starts_on <= %(on)s AND (n.ends_on IS NULL OR n.ends_on >= %(on)s)) AS is_on) o
 WHERE m.learner_id = %(learner)s AND g.starts_on <= g.ends_on
   AND (o.is_on OR g.closed_at IS NOT NULL OR g.ends_on < %(on)s)
 UNION ALL
SELECT true, p.id, t.short_title, t.statement, CASE WHEN b.id IS NULL THEN c.title ELSE '' END, '', '', '',
       p.starts_on, p.ends_on, o.is_on, NULL
  FROM assessments_ownpath p JOIN profiles_section c ON c.id = p.section_id
  LEFT JOIN profiles_block b ON b.section_id = c.id
  JOIN profiles_learner l ON l.id = p.learner_id AND l.district_id = %(district)s
  LEFT JOIN standards_standard t ON t.id = p.standard_id
 CROSS JOIN LATERAL (
       SELECT p.closed_at IS NULL AND p.ends_on >= %(on)s AND EXISTS (
              SELECT FROM profiles_enrollment n
               WHERE n.roster_id = c.roster_id AND n.learner_id = p.learner_id AND n.role = 'learner'
                 AND n.starts_on <= %(on)s AND (n.ends_on IS NULL OR n.ends_on >= %(on)s)) AS is_on) o
 WHERE p.learner_id = %(learner)s AND p.starts_on <= p.ends_on
   AND (o.is_on OR p.closed_at IS NOT NULL OR p.ends_on < %(on)s)
 ORDER BY starts_on DESC, is_own, id DESC LIMIT %(most)s
"""


@dataclass(frozen=True)
class Task:
    """tier: a GroupTask.Tier.    url: "" without a link."""

    tier: str
    text: str
    url: str


@dataclass(frozen=True)
class OwnGroup:
    """One that is on, or begins soon.    adult, place, time_text: "" where nobody has said.

    section: its title; "" for a tutoring block, whose name is for staff.
    is_own: an own path; its topic, "" for none, is where there is most to gain.
    pk: of the group, or of the own path.
    """

    topic: str
    section: str
    adult: str
    place: str
    time_text: str
    starts_on: date
    ends_on: date
    tasks: list[Task]
    is_own: bool = False
    pk: int = 0


@dataclass(frozen=True)
class PastGroup:
    """Dates and topic only: what is kept of a group, or an own path, that is over."""

    topic: str
    starts_on: date
    ends_on: date
    is_own: bool = False


@dataclass(frozen=True)
class OwnGroups:
    """now: by first day.    past: newest first."""

    now: list[OwnGroup] = field(default_factory=list)
    past: list[PastGroup] = field(default_factory=list)


def read_own_groups(learner: Learner, *, on: date) -> OwnGroups:
    """The learner's groups and own paths, at most the newest MOST. One statement.

    learner: found by `visible_to`, which is what gives the right to read on.
    """
    found = OwnGroups()
    for row in read(GROUPS, learner=learner.pk, on=on, most=MOST):
        topic = row.short_title or (heading_of(row.statement) if row.statement else "")
        if not row.is_on:
            found.past.append(PastGroup(topic, row.starts_on, row.ends_on, row.is_own))
            continue
        tasks = [Task(*task) for task in row.tasks or ()]
        now = (topic, row.section, row.adult, row.place, row.time_text, row.starts_on, row.ends_on, tasks)
        found.now.insert(0, OwnGroup(*now, is_own=row.is_own, pk=row.id))
    return found
