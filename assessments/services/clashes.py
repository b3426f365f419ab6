"""Groups that meet at the same time and want the same learner or the same adult, of one section or of two."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby, product

from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import pgettext

from assessments.meeting_times import Meeting, meet_at_once, read_meeting
from lrm.rows import read
from profiles.models import Section

# Pairs of groups that are on over the same dates, with a time each and somebody in common: from the section's groups to
# their members, and from their adults to groups of the school. Who has left a class is in none of its groups any more.
PAIRS = """
WITH standing AS NOT MATERIALIZED (
  SELECT g.id, g.letter, btrim(g.adult) AS adult, g.time_text, g.starts_on, g.ends_on, c.id AS section_id, c.title,
         c.roster_id
    FROM assessments_group g JOIN profiles_section c ON c.id = g.section_id
   WHERE c.district_id = %(district)s AND g.closed_at IS NULL AND g.ends_on >= %(on)s AND g.time_text <> ''),
mine AS MATERIALIZED (SELECT * FROM standing WHERE section_id = %(section)s),
wanted AS (
  SELECT a.id AS mine, b.id AS other, x.learner_id, false AS same_adult
    FROM mine a JOIN assessments_groupmember x ON x.group_id = a.id
    JOIN assessments_groupmember y ON y.learner_id = x.learner_id AND y.group_id <> a.id
    JOIN standing b ON b.id = y.group_id
   WHERE NOT EXISTS (
         SELECT FROM (VALUES (a.roster_id), (b.roster_id)) AS r (id)
          WHERE NOT EXISTS (
                SELECT FROM profiles_enrollment n
                 WHERE n.roster_id = r.id AND n.learner_id = x.learner_id AND n.role = 'learner'
                   AND n.starts_on <= %(on)s AND (n.ends_on IS NULL OR n.ends_on >= %(on)s)))
   UNION ALL
  SELECT a.id, b.id, NULL, true
    FROM standing b JOIN profiles_roster r ON r.id = b.roster_id
    JOIN mine a ON lower(a.adult) = lower(b.adult) AND a.id <> b.id
   WHERE a.adult <> '' AND r.school_id = (SELECT o.school_id FROM profiles_roster o WHERE o.id = %(roster)s))
SELECT a.id AS mine, a.adult, a.time_text AS mine_text, b.letter, b.title, b.time_text, b.section_id,
       bool_or(w.same_adult) AS same_adult,
       json_agg(concat_ws(' ', coalesce(nullif(l.preferred_name, ''), l.given_name), nullif(l.family_name, ''))
                ORDER BY l.given_name, l.family_name, l.id) FILTER (WHERE l.id IS NOT NULL) AS names
  FROM wanted w JOIN mine a ON a.id = w.mine
  JOIN standing b ON b.id = w.other AND b.starts_on <= a.ends_on AND a.starts_on <= b.ends_on
  LEFT JOIN profiles_learner l ON l.id = w.learner_id
 GROUP BY a.id, a.adult, a.time_text, b.id, b.letter, b.title, b.time_text, b.section_id
 ORDER BY a.id, b.title, b.letter, b.id
"""


@dataclass(frozen=True)
class Clash:
    """letter, section, time_text: of the other group.    is_here: it is one of the same section.

    adult: whom both want to be led by, or "".    learners: names of those who are in both.
    """

    letter: str
    section: str
    time_text: str
    is_here: bool
    adult: str
    learners: tuple[str, ...]


def read_clashes(section: Section, *, on: date) -> dict[int, list[Clash]]:
    """{id of a group of the section: what it clashes with}, for groups that clash. One statement.

    Only groups for which a time is said can clash. Names of learners are of the section's own class.
    """
    rows = read(PAIRS, section=section.pk, roster=section.roster_id, on=on)
    meetings = read_meetings(text for row in rows for text in (row.mine_text, row.time_text))
    return {
        group: [
            Clash(
                letter=row.letter,
                section=row.title,
                time_text=row.time_text,
                is_here=row.section_id == section.pk,
                adult=row.adult if row.same_adult else "",
                learners=tuple(row.names or ()),
            )
            for row in clashing
        ]
        for group, pairs in groupby(rows, key=lambda row: row.mine)
        if (clashing := [row for row in pairs if meet_once(meetings[row.mine_text], meetings[row.time_text])])
    }


def meet_once(some: Iterable[Meeting], others: Iterable[Meeting]) -> bool:
    """Whether any of these is held at the same time as any of the others."""
    return any(meet_at_once(one, other) for one, other in product(some, others))


def read_meetings(texts: Iterable[str]) -> dict[str, list[Meeting]]:
    """{text: what it says}: several meetings where parts between semicolons each have a clock time.

    Days are read in the language of the reader, and in English.
    """
    english = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    names = {name: day for day, name in enumerate(english)} | {name[:3]: day for day, name in enumerate(english)}
    names |= {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
    for words in (WEEKDAYS, WEEKDAYS_ABBR):
        names |= {str(word).casefold().strip("."): day for day, word in words.items()}
    through = frozenset({"to", "through", "thru", "until", pgettext("Monday to Friday", "to")})
    found = {}
    for text in set(texts):
        parts = [read_meeting(part, weekdays=names, through=through) for part in text.split(";")]
        is_list = len(parts) > 1 and all(part.start is not None for part in parts)
        found[text] = parts if is_list else [read_meeting(text, weekdays=names, through=through)]
    return found
