"""Who needs a block most: learners of several sections by what they would gain there, grouped as its board would.

Levels, beliefs and reasons are those of the groups of a section (needs.py, board_facts.py), for the block's standards.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from assessments.grouping import Problem, counts_for, suggest_groups, weigh
from assessments.models import SectionStandard
from assessments.services.board_facts import describe
from assessments.services.clashes import meet_once, read_meetings
from assessments.services.needs import Needs, needs_of
from assessments.services.policies import Policies
from assessments.slot_words import meetings_of, said_slots
from lrm.rows import read
from profiles.models import Block, Learner, Section
from standards.models import Standard

PEOPLE = """
SELECT n.learner_id, array_agg(DISTINCT s.title ORDER BY s.title) AS classes
  FROM profiles_section s JOIN profiles_enrollment n ON n.roster_id = s.roster_id AND n.role = 'learner'
 WHERE s.id = ANY(%(sections)s) AND s.district_id = %(district)s
   AND n.starts_on <= %(on)s AND (n.ends_on IS NULL OR n.ends_on >= %(on)s)
   AND NOT EXISTS (SELECT FROM profiles_enrollment x
                    WHERE x.roster_id = %(roster)s AND x.learner_id = n.learner_id AND x.role = 'learner'
                      AND (x.ends_on IS NULL OR x.ends_on >= %(on)s))
 GROUP BY n.learner_id
"""

# Where else these learners are at a time that somebody has said: groups that are on, and other blocks.
ELSEWHERE = """
SELECT m.learner_id, c.title, g.letter, g.time_text, NULL::json AS slots
  FROM assessments_groupmember m JOIN assessments_group g ON g.id = m.group_id
  JOIN profiles_section c ON c.id = g.section_id
 WHERE m.learner_id = ANY(%(learners)s) AND c.district_id = %(district)s
   AND g.closed_at IS NULL AND g.time_text <> '' AND g.ends_on >= %(first)s AND g.starts_on <= %(last)s
   AND EXISTS (SELECT FROM profiles_enrollment n
                WHERE n.roster_id = c.roster_id AND n.learner_id = m.learner_id AND n.role = 'learner'
                  AND n.starts_on <= %(on)s AND (n.ends_on IS NULL OR n.ends_on >= %(on)s))
 UNION ALL
SELECT n.learner_id, c.title, '', '', b.slots::json
  FROM profiles_enrollment n JOIN profiles_block b ON b.roster_id = n.roster_id
  JOIN profiles_section c ON c.id = b.section_id
 WHERE n.learner_id = ANY(%(learners)s) AND c.district_id = %(district)s AND n.role = 'learner' AND b.id <> %(block)s
   AND n.starts_on <= %(on)s AND n.ends_on >= %(on)s AND b.ends_on >= %(first)s AND b.starts_on <= %(last)s
 ORDER BY title, letter
"""


@dataclass(frozen=True)
class Elsewhere:
    """Something that wants a learner at the time of the block. letter: of a group, "" for a block."""

    section: str
    letter: str
    time_text: str


@dataclass(frozen=True)
class Candidate:
    """A learner who could be drawn. level: shown on `standard`, where there is most to gain here; 0 for no result.

    reasons: codes and facts for Words.learner. is_suggested: among those who need it most, as far as places go.
    group: letter of the group that the solver would put the learner into, "" for none; "own" for an own path.
    """

    learner: Learner
    classes: tuple[str, ...]
    standard: int
    level: int
    reasons: tuple[Mapping[str, Any], ...]
    is_suggested: bool
    group: str
    elsewhere: tuple[Elsewhere, ...] = ()


@dataclass(frozen=True)
class Draw:
    """candidates: most to gain first. groups: those suggested as a board holds groups: letter, focus, members, ...

    places: how many are still free by seats and adults. has_results: somebody has a level on one of the standards.
    """

    candidates: list[Candidate]
    groups: list[dict[str, Any]]
    standards: list[Standard]
    places: int
    has_results: bool


def read_draw(block: Block, sections: Sequence[Section], *, adults: int, inside: int, on: date) -> Draw:
    """Whom the block could draw from these sections.

    sections: those that whoever asks may draw from. adults: who lead it; inside: how many learners it has already.
    """
    places = max(block.seats * max(adults, 1) - inside, 0)
    asked = {"sections": [section.pk for section in sections], "roster": block.roster_id, "on": on}
    classes = {row.learner_id: tuple(row.classes) for row in read(PEOPLE, **asked)}
    learners = list(Learner.objects.filter(pk__in=classes).order_by("pk"))
    rows = SectionStandard.objects.filter(section=block.section_id)
    standards = Standard.objects.filter(pk__in=rows.values("standard_id"))
    chosen = list(rows.values_list("standard_id", flat=True))
    policies = Policies(block.section.district_id)
    needs = needs_of(learners, standards, policies, on=on, chosen=chosen)
    if needs is None:
        return Draw([], [], [], places, False)
    level = needs.known.level[:, : needs.topics]
    # What is shown as mastered is not what somebody is drawn for, however little the belief goes beyond it.
    mastery = np.broadcast_to(needs.known.mastery_level, needs.known.level.shape)[:, : needs.topics]
    gain = np.where(level < mastery, needs.value, needs.value - 1.0)
    best, most = gain.argmax(axis=1), gain.max(axis=1)
    order = sorted(range(len(learners)), key=lambda row: (-most[row], learners[row].name, learners[row].pk))
    has_results = bool((level > 0).any())
    suggested = sorted([row for row in order if most[row] > 0][:places]) if has_results else []
    groups, facts = _grouped(needs, suggested, seats=block.seats, adults=adults)
    reasons = _reasons(needs, best)
    elsewhere = _elsewhere(block, [learner.pk for learner in learners], on=on)
    candidates = [_candidate(needs.learners[row], classes, reasons, facts, elsewhere) for row in order]
    return Draw(candidates, groups, needs.standards[: needs.topics], places, has_results)


def _candidate(
    learner: Learner,
    classes: Mapping[int, tuple[str, ...]],
    reasons: Mapping[int, Mapping[str, Any]],
    grouped: Mapping[int, Mapping[str, Any]],
    elsewhere: Mapping[int, Sequence[Elsewhere]],
) -> Candidate:
    fact = grouped.get(learner.pk) or reasons[learner.pk]
    return Candidate(
        learner=learner,
        classes=classes[learner.pk],
        standard=fact["standard"],
        level=fact["level"],
        reasons=tuple(fact["reasons"]),
        is_suggested=learner.pk in grouped,
        group=fact.get("group", ""),
        elsewhere=tuple(elsewhere.get(learner.pk, ())),
    )


def _reasons(needs: Needs, best: np.ndarray) -> dict[int, dict]:
    """{learner id: member} with the reason that each would have in a group on the standard `best`, (n,) columns."""
    columns = sorted(set(best.tolist()))
    problem = Problem(
        p=needs.p,
        value=needs.value,
        k=len(columns),
        lo=1,
        hi=len(best),
        topics=dict(enumerate(columns)),
        keys=[learner.pk for learner in needs.learners],
    )
    found = weigh(problem, np.searchsorted(columns, best))
    board = describe(needs, problem, found, adults=0)
    return {member["learner"]: member for entry in board["groups"] for member in entry["members"]}


def _grouped(needs: Needs, rows: list[int], *, seats: int, adults: int) -> tuple[list[dict], dict[int, dict]]:
    """(groups, {learner id: member with the letter of its group}) that the solver makes of these rows."""
    if not rows:
        return [], {}
    place = {row: i for i, row in enumerate(rows)}
    results = {(place[row], column): found for (row, column), found in needs.known.results.items() if row in place}
    overridden = None if needs.known.overridden is None else np.asarray(needs.known.overridden)[rows]
    known = replace(needs.known, level=needs.known.level[rows], results=results, overridden=overridden)
    few = replace(
        needs, learners=[needs.learners[row] for row in rows], p=needs.p[rows], value=needs.value[rows], known=known
    )
    k, lo, hi = counts_for(len(rows), hi=seats)
    problem = Problem(p=few.p, value=few.value, k=k, lo=lo, hi=hi, keys=[learner.pk for learner in few.learners])
    board = describe(few, problem, suggest_groups(problem), adults=adults)
    facts = {
        member["learner"]: member | {"group": entry["letter"]}
        for entry in board["groups"]
        for member in entry["members"]
    }
    facts |= {member["learner"]: member | {"group": "own"} for member in board["own"]}
    return board["groups"], facts


def _elsewhere(block: Block, learners: list[int], *, on: date) -> dict[int, list[Elsewhere]]:
    if not block.slots or not learners:
        return {}
    mine = meetings_of(block.slots)
    first = max(block.starts_on, on)
    rows = read(ELSEWHERE, learners=learners, block=block.pk, on=on, first=first, last=block.ends_on)
    meetings = read_meetings(row.time_text for row in rows if row.slots is None)
    found: dict[int, list[Elsewhere]] = {}
    for row in rows:
        theirs = meetings[row.time_text] if row.slots is None else meetings_of(row.slots)
        if meet_once(mine, theirs):
            text = row.time_text or said_slots(row.slots)
            found.setdefault(row.learner_id, []).append(Elsewhere(row.title, row.letter, text))
    return found
