"""Who meets where for what, as it may hang on the wall of a room: names and topics, and nothing about need.

What is read here holds no level, no purpose, no reason and no task: what is not in the document cannot be shown.
"""

from dataclasses import dataclass
from datetime import date

from lrm.rows import read
from lrm.short_names import short_names
from profiles.models import Section
from standards.headings import heading_of

ON = """
SELECT false AS is_own, g.id, g.letter, g.adult, g.place, g.time_text, g.starts_on, g.ends_on, t.short_title,
       t.statement,
       (SELECT json_agg(json_build_array(l.id, coalesce(nullif(l.preferred_name, ''), l.given_name), l.family_name)
                        ORDER BY coalesce(nullif(l.preferred_name, ''), l.given_name), l.family_name, l.id)
          FROM assessments_groupmember m JOIN profiles_learner l ON l.id = m.learner_id
         WHERE m.group_id = g.id AND EXISTS (
               SELECT FROM profiles_enrollment n
                WHERE n.learner_id = l.id AND n.roster_id = %(roster)s AND n.role = 'learner'
                  AND n.starts_on <= %(on)s AND (n.ends_on IS NULL OR n.ends_on >= %(on)s))) AS people
  FROM assessments_group g JOIN standards_standard t ON t.id = g.focus_id
 WHERE g.section_id = %(section)s AND g.closed_at IS NULL AND g.ends_on >= %(on)s
 UNION ALL
SELECT true, 0, '', '', '', '', min(o.starts_on), max(o.ends_on), '', '',
       json_agg(json_build_array(l.id, coalesce(nullif(l.preferred_name, ''), l.given_name), l.family_name)
                ORDER BY coalesce(nullif(l.preferred_name, ''), l.given_name), l.family_name, l.id)
  FROM (SELECT learner_id, min(starts_on) AS starts_on, max(ends_on) AS ends_on FROM assessments_ownpath
         WHERE section_id = %(section)s AND closed_at IS NULL AND ends_on >= %(on)s AND starts_on <= ends_on
         GROUP BY learner_id) o
  JOIN profiles_learner l ON l.id = o.learner_id
 WHERE EXISTS (
       SELECT FROM profiles_enrollment n
        WHERE n.learner_id = l.id AND n.roster_id = %(roster)s AND n.role = 'learner'
          AND n.starts_on <= %(on)s AND (n.ends_on IS NULL OR n.ends_on >= %(on)s))
HAVING count(*) > 0
 ORDER BY is_own, letter, id
"""


@dataclass(frozen=True)
class Person:
    """short: the first name, with as much of the family name as tells apart who is in the section's groups."""

    pk: int
    name: str
    short: str


@dataclass(frozen=True)
class MeetingGroup:
    """topic: the focus in words.    adult, place, time_text: "" where nobody has said.

    is_own: no group, but those who are on their own path; without letter and topic.
    """

    letter: str
    topic: str
    adult: str
    place: str
    time_text: str
    starts_on: date
    ends_on: date
    people: list[Person]
    is_own: bool = False


def read_group_roster(section: Section, *, on: date) -> list[MeetingGroup]:
    """Groups of the section that are on, and last own paths, with those who are still in the class, by name.

    One statement.
    """
    rows = read(ON, section=section.pk, roster=section.roster_id, on=on)
    people = [tuple(person) for row in rows for person in row.people or ()]
    short = short_names(people)
    return [
        MeetingGroup(
            letter=row.letter,
            topic=row.short_title or (heading_of(row.statement) if row.statement else ""),
            adult=row.adult,
            place=row.place,
            time_text=row.time_text,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            people=[Person(pk, f"{first} {family}".strip(), short[pk]) for pk, first, family in row.people or ()],
            is_own=row.is_own,
        )
        for row in sorted(rows, key=lambda row: (row.is_own, len(row.letter)))
    ]
