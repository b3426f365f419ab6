"""Clashes of groups that are planned on a board: with groups that go on, and with each other, before anything is on."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from itertools import combinations, groupby

from assessments.services.clashes import Clash, meet_once, read_meetings
from assessments.services.group_planning import PlannedGroup
from lrm.rows import read
from profiles.models import Section

# As in clashes.py, with planned groups in the place of those of the section that are on.
PAIRS = """
WITH mine (letter, adult, starts_on, ends_on) AS (
  SELECT * FROM unnest(%(letters)s::text[], %(adults)s::text[], %(starts)s::date[], %(ends)s::date[])),
members (letter, learner_id) AS (SELECT * FROM unnest(%(of)s::text[], %(learners)s::bigint[])),
standing AS NOT MATERIALIZED (
  SELECT g.id, g.letter, btrim(g.adult) AS adult, g.time_text, g.starts_on, g.ends_on, c.id AS section_id, c.title,
         c.roster_id
    FROM assessments_group g JOIN profiles_section c ON c.id = g.section_id
   WHERE c.district_id = %(district)s AND g.closed_at IS NULL AND g.ends_on >= %(on)s AND g.time_text <> ''
     AND (c.id <> %(section)s OR g.id = ANY(%(staying)s::bigint[]))),
wanted AS (
  SELECT x.letter, b.id AS other, x.learner_id, false AS same_adult
    FROM members x JOIN assessments_groupmember y ON y.learner_id = x.learner_id
    JOIN standing b ON b.id = y.group_id
   WHERE EXISTS (
         SELECT FROM profiles_enrollment n
          WHERE n.roster_id = b.roster_id AND n.learner_id = x.learner_id AND n.role = 'learner'
            AND n.starts_on <= %(on)s AND (n.ends_on IS NULL OR n.ends_on >= %(on)s))
   UNION ALL
  SELECT a.letter, b.id, NULL, true
    FROM standing b JOIN profiles_roster r ON r.id = b.roster_id
    JOIN mine a ON lower(btrim(a.adult)) = lower(b.adult)
   WHERE a.adult <> '' AND r.school_id = (SELECT o.school_id FROM profiles_roster o WHERE o.id = %(roster)s))
SELECT a.letter AS mine, b.id AS other, b.letter, b.title, b.time_text, b.section_id,
       bool_or(w.same_adult) AS same_adult,
       json_agg(concat_ws(' ', coalesce(nullif(l.preferred_name, ''), l.given_name), nullif(l.family_name, ''))
                ORDER BY l.given_name, l.family_name, l.id) FILTER (WHERE l.id IS NOT NULL) AS names
  FROM wanted w JOIN mine a ON a.letter = w.letter
  JOIN standing b ON b.id = w.other AND b.starts_on <= a.ends_on AND a.starts_on <= b.ends_on
  LEFT JOIN profiles_learner l ON l.id = w.learner_id
 GROUP BY a.letter, b.id, b.letter, b.title, b.time_text, b.section_id
 ORDER BY a.letter, b.title, b.letter, b.id
"""


def read_planned_clashes(
    section: Section, plans: Sequence[PlannedGroup], *, staying: Collection[int] = (), on: date
) -> dict[str, list[Clash]]:
    """{letter on the board: what the group would clash with}, for groups that would. At most one statement.

    staying: ids of the section's own groups that go on beside the board's.
    """
    timed = [plan for plan in plans if plan.time_text and plan.learners]
    if not timed:
        return {}
    rows = read(
        PAIRS,
        section=section.pk,
        roster=section.roster_id,
        on=on,
        staying=list(staying),
        letters=[plan.letter for plan in timed],
        adults=[plan.adult for plan in timed],
        starts=[plan.starts_on for plan in timed],
        ends=[plan.ends_on for plan in timed],
        of=[plan.letter for plan in timed for _ in plan.learners],
        learners=[learner for plan in timed for learner in plan.learners],
    )
    said = {plan.letter: plan for plan in timed}
    meetings = read_meetings(text for text in (*(p.time_text for p in timed), *(row.time_text for row in rows)))
    found: dict[str, list[Clash]] = {letter: [] for letter in said}
    for letter, pairs in groupby(rows, key=lambda row: row.mine):
        found[letter] += [
            Clash(
                letter=row.letter,
                section=row.title,
                time_text=row.time_text,
                is_here=row.section_id == section.pk,
                adult=said[letter].adult if row.same_adult else "",
                learners=tuple(row.names or ()),
            )
            for row in pairs
            if meet_once(meetings[said[letter].time_text], meetings[row.time_text])
        ]
    for one, other in _with_one_adult(timed):
        if meet_once(meetings[one.time_text], meetings[other.time_text]):
            found[one.letter].append(_beside(one, other, section))
            found[other.letter].append(_beside(other, one, section))
    return {letter: clashes for letter, clashes in found.items() if clashes}


def _with_one_adult(plans: Iterable[PlannedGroup]) -> Iterable[tuple[PlannedGroup, PlannedGroup]]:
    """Pairs of the board's own groups led by the same adult over the same dates; nobody is in two of them."""
    for one, other in combinations(plans, 2):
        same = one.adult.strip().casefold() == other.adult.strip().casefold() != ""
        if same and one.starts_on <= other.ends_on and other.starts_on <= one.ends_on:
            yield one, other


def _beside(plan: PlannedGroup, other: PlannedGroup, section: Section) -> Clash:
    return Clash(other.letter, section.title, other.time_text, is_here=True, adult=plan.adult, learners=())
