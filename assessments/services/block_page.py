"""Reads of the pages about tutoring blocks: which there are, who is in one, and where the own learners are tutored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lrm.rows import read
from profiles.models import Account, Block, Section

MOST_ENDED = 20

FACTS = """
SELECT b.id,
       ARRAY(SELECT concat_ws(' ', nullif(a.given_name, ''), nullif(a.family_name, ''))
               FROM profiles_enrollment n JOIN profiles_account a ON a.id = n.account_id
              WHERE n.roster_id = b.roster_id AND n.role <> 'learner' AND n.starts_on <= %(on)s AND n.ends_on >= %(on)s
              ORDER BY n.role DESC, 1) AS adults,
       (SELECT count(DISTINCT n.learner_id) FROM profiles_enrollment n
         WHERE n.roster_id = b.roster_id AND n.role = 'learner'
           AND n.starts_on <= %(on)s AND n.ends_on >= %(on)s) AS learners,
       (SELECT count(*) FROM assessments_group g
         WHERE g.section_id = b.section_id AND g.closed_at IS NULL AND g.ends_on >= %(on)s) AS groups
  FROM profiles_block b JOIN profiles_roster r ON r.id = b.roster_id
 WHERE b.id = ANY(%(blocks)s) AND r.district_id = %(district)s
"""

# Of a block that somebody else leads a class's teacher reads where and when, and the own learners.
OWN_LEARNERS = """
SELECT s.title, b.place, b.slots::json AS slots, b.starts_on, b.ends_on,
       ARRAY(SELECT concat_ws(' ', nullif(a.given_name, ''), nullif(a.family_name, ''))
               FROM profiles_enrollment n JOIN profiles_account a ON a.id = n.account_id
              WHERE n.roster_id = b.roster_id AND n.role <> 'learner' AND n.starts_on <= %(on)s AND n.ends_on >= %(on)s
              ORDER BY n.role DESC, 1) AS adults,
       json_agg(json_build_array(
           l.id, concat_ws(' ', coalesce(nullif(l.preferred_name, ''), l.given_name), nullif(l.family_name, '')))
           ORDER BY l.given_name, l.family_name, l.id) AS people
  FROM profiles_block b JOIN profiles_section s ON s.id = b.section_id
  JOIN LATERAL (SELECT DISTINCT n.learner_id FROM profiles_enrollment n
                 WHERE n.roster_id = b.roster_id AND n.role = 'learner'
                   AND n.starts_on <= %(on)s AND n.ends_on >= %(on)s) inside ON true
  JOIN profiles_learner l ON l.id = inside.learner_id
 WHERE s.district_id = %(district)s AND b.ends_on >= %(on)s AND b.roster_id <> ALL(%(rosters)s)
   AND EXISTS (SELECT FROM profiles_enrollment n
                WHERE n.learner_id = l.id AND n.roster_id = ANY(%(rosters)s) AND n.role = 'learner'
                  AND n.starts_on <= %(on)s AND (n.ends_on IS NULL OR n.ends_on >= %(on)s))
 GROUP BY b.id, s.title ORDER BY s.title, b.id
"""

# The last place of each learner; who is out now is read only where the reader may put them back.
PEOPLE = """
SELECT l.id AS pk, p.starts_on,
       concat_ws(' ', coalesce(nullif(l.preferred_name, ''), l.given_name), nullif(l.family_name, '')) AS name,
       p.ends_on >= %(on)s AS is_in,
       ARRAY(SELECT r.title FROM profiles_enrollment n JOIN profiles_roster r ON r.id = n.roster_id
              WHERE n.learner_id = l.id AND n.role = 'learner'
                AND n.starts_on <= %(on)s AND (n.ends_on IS NULL OR n.ends_on >= %(on)s)
                AND NOT EXISTS (SELECT FROM profiles_block b WHERE b.roster_id = r.id)
              ORDER BY r.is_homeroom DESC, r.title) AS classes
  FROM (SELECT DISTINCT ON (learner_id) learner_id, starts_on, ends_on FROM profiles_enrollment
         WHERE roster_id = %(roster)s AND role = 'learner' ORDER BY learner_id, ends_on DESC, id DESC) p
  JOIN profiles_learner l ON l.id = p.learner_id AND l.district_id = %(district)s
 WHERE p.ends_on >= %(on)s OR %(may_edit)s AND (
       p.ends_on >= %(yesterday)s
       OR EXISTS (SELECT FROM profiles_enrollment n JOIN profiles_section s ON s.roster_id = n.roster_id
                   WHERE n.learner_id = l.id AND n.role = 'learner' AND s.id = ANY(%(sections)s)
                     AND n.starts_on <= %(on)s AND (n.ends_on IS NULL OR n.ends_on >= %(on)s)))
 ORDER BY name, l.id
"""


@dataclass(frozen=True)
class Line:
    """A block, the names of its adults today, and how many learners and groups that are on it has."""

    block: Block
    adults: list[str]
    learners: int
    groups: int


@dataclass(frozen=True)
class Elsewhere:
    """A block of somebody else, with those of its learners [(id, name)] whom the reader teaches in a class."""

    title: str
    place: str
    slots: list
    starts_on: date
    ends_on: date
    adults: list[str]
    people: list[tuple[int, str]]


@dataclass(frozen=True)
class Person:
    """is_in: has a place now. classes: titles of the rosters of today; empty for who is in no class any more."""

    pk: int
    name: str
    starts_on: date
    is_in: bool
    classes: list[str]


def read_lines(account: Account, *, on: date) -> tuple[list[Line], list[Line]]:
    """Blocks that the account may see: those that are on or to come, and the newest that have ended. Two statements."""
    blocks = list(Block.objects.visible_to(account).select_related("section", "roster__school"))
    now = sorted((block for block in blocks if block.ends_on >= on), key=lambda block: (block.section.title, block.pk))
    ended = sorted((block for block in blocks if block.ends_on < on), key=lambda block: block.ends_on, reverse=True)
    ended = ended[:MOST_ENDED]
    facts = {row.id: row for row in read(FACTS, blocks=[block.pk for block in (*now, *ended)], on=on)}
    make = lambda block: Line(block, facts[block.pk].adults, facts[block.pk].learners, facts[block.pk].groups)
    return [make(block) for block in now], [make(block) for block in ended]


def read_line(block: Block, *, on: date) -> Line:
    row = read(FACTS, blocks=[block.pk], on=on)[0]
    return Line(block, row.adults, row.learners, row.groups)


def read_elsewhere(account: Account, *, on: date) -> list[Elsewhere]:
    """Blocks in which the account is no adult, with the learners whom it teaches. One statement."""
    rosters = sorted(account.access.roster_ids)
    if not rosters:
        return []
    return [
        Elsewhere(
            row.title,
            row.place,
            row.slots,
            row.starts_on,
            row.ends_on,
            row.adults,
            [(pk, name) for pk, name in row.people],
        )
        for row in read(OWN_LEARNERS, rosters=rosters, on=on)
    ]


def read_people(block: Block, *, sections: Sequence[Section], may_edit: bool, on: date) -> list[Person]:
    """Who is in the block, by name, and for whoever may edit it also who was taken out and may be put back.

    sections: those from which the reader may draw. Somebody taken out today may be put back by every editor.
    """
    rows = read(
        PEOPLE,
        roster=block.roster_id,
        sections=[section.pk for section in sections],
        may_edit=may_edit,
        on=on,
        yesterday=on - timedelta(days=1),
    )
    return [Person(row.pk, row.name, row.starts_on, row.is_in, row.classes) for row in rows]
