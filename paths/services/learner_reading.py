"""What the page about one learner is made of, read in few written-out statements.

Whoever calls these has found the learner by `visible_to`, which is what gives the right to read on.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from lrm.rows import read
from paths.models import Path, Step
from paths.services.learner_page import GoalProgress, progress_of
from paths.services.mastery_rows import Mark
from paths.services.path_pages import PathOnPage, with_states
from profiles.models import Account, Learner, ProfileEntry
from profiles.services.shown_to_families import reads_own_words

# A correction takes the place of what it corrects, so what was corrected is not counted.
ABOUT = """
SELECT (SELECT json_agg(json_build_array(r.id, CASE WHEN b.id IS NULL THEN r.title ELSE '' END, t.starts_on)
                        ORDER BY r.is_homeroom DESC, r.title)
          FROM profiles_enrollment n JOIN profiles_roster r ON r.id = n.roster_id
          LEFT JOIN profiles_block b ON b.roster_id = r.id
          JOIN profiles_academicsession t ON t.id = r.session_id
         WHERE n.learner_id = l.id AND n.role = 'learner'
           AND n.starts_on <= %(on)s AND (n.ends_on IS NULL OR n.ends_on >= %(on)s)) AS rosters,
       (WITH ledger AS MATERIALIZED (
             SELECT id, school_year, kind, supersedes_id FROM assessments_evidence WHERE learner_id = %(learner)s)
        SELECT count(*) FROM ledger
         WHERE kind = 'result' AND (school_year, id) NOT IN (
               SELECT school_year, supersedes_id FROM ledger WHERE supersedes_id IS NOT NULL)) AS evidence_count,
       (SELECT json_agg(json_build_array(e.kind, e.text, e.author_id, concat_ws(' ', a.given_name, a.family_name),
                                         e.created_at, e.replaces_id IS NOT NULL) ORDER BY e.created_at, e.id)
          FROM profiles_profileentry e LEFT JOIN profiles_account a ON a.id = e.author_id
         WHERE e.learner_id = l.id AND e.archived_at IS NULL
           AND NOT EXISTS (SELECT FROM profiles_profileentry n WHERE n.replaces_id = e.id)) AS entries,
       (SELECT json_agg(json_build_array(m.id, m.standard_id, m.act, m.reason,
                                         concat_ws(' ', a.given_name, a.family_name),
                                         coalesce(nullif(s.short_title, ''), left(s.statement, 60)))
                        ORDER BY m.at, m.id)
          FROM paths_suggestionmark m JOIN standards_standard s ON s.id = m.standard_id
          LEFT JOIN profiles_account a ON a.id = m.by_id
         WHERE m.learner_id = l.id AND m.lifted_at IS NULL) AS marks,
       EXISTS (SELECT FROM profiles_objection o WHERE o.learner_id = l.id AND o.ended_at IS NULL) AS has_objected
  FROM profiles_learner l WHERE l.id = %(learner)s AND l.district_id = %(district)s
"""

CLASS_LIST = """
SELECT l.id AS pk, coalesce(nullif(l.preferred_name, ''), l.given_name) AS first_name, l.family_name
  FROM profiles_learner l
 WHERE l.district_id = %(district)s
   AND EXISTS (SELECT FROM profiles_enrollment n WHERE n.learner_id = l.id AND n.roster_id = %(roster)s
                  AND n.starts_on <= %(on)s AND (n.ends_on IS NULL OR n.ends_on >= %(on)s))
 ORDER BY l.given_name, l.family_name, l.id
"""

# As GoalQuerySet.visible_to has it, a draft is there only for whoever writes it.
GOALS = """
SELECT g.id AS pk, g.what, g.why, g.done_when, g.state, g.due_on, g.agreed_at, g.asked_at,
       ARRAY(SELECT s.standard_id FROM paths_goal_standards s WHERE s.goal_id = g.id) AS standard_rows,
       (SELECT json_agg(json_build_object('text', s.text, 'done', s.done_at) ORDER BY s.position, s.id)
          FROM paths_goalstep s WHERE s.goal_id = g.id) AS step_rows,
       (SELECT json_agg(json_build_object('at', c.at, 'confidence', c.confidence, 'text', c.text) ORDER BY c.at, c.id)
          FROM paths_checkin c WHERE c.goal_id = g.id) AS check_in_rows
  FROM paths_goal g
 WHERE g.learner_id = %(learner)s AND (g.state <> 'draft' OR g.author_id = %(account)s)
 ORDER BY g.created_at DESC, g.id DESC
"""

STEPS = """
SELECT p.id AS path_id, p.title AS path_title, p.parts::json AS parts, s.id, s.uuid, s.title, s.link,
       s.minutes_expected, s.due_on, s.done_at, s.part, s.waits_for, s.chosen_at, s.is_fixed, s.standard_id
  FROM paths_step s JOIN paths_path p ON p.id = s.path_id
 WHERE p.learner_id = %(learner)s AND p.archived_at IS NULL
 ORDER BY p.created_at DESC, p.id DESC, s.position
"""


@dataclass(frozen=True)
class Classroom:
    """A roster on which the learner is today. title: "" for a tutoring block, whose name is for staff."""

    roster_id: int
    title: str
    starts_on: date


class Words(NamedTuple):
    """An entry of the profile in its newest wording. author: the name, or "" where nobody is known."""

    text: str
    author_id: int | None
    author: str
    created_at: datetime
    is_changed: bool


@dataclass(frozen=True)
class WordsOfKind:
    """What a learner says under one heading, oldest first."""

    kind: str
    heading: str
    entries: list[Words]


@dataclass(frozen=True)
class About:
    """evidence_count: results that stand; what was corrected counts once. words: only headings with words.

    marks: what teachers have pinned or hidden of what is suggested, oldest first. has_objected: to what a machine
    works out, so that nothing is suggested. shows_words: False where the reader may not read them.
    """

    classrooms: list[Classroom]
    evidence_count: int
    words: list[WordsOfKind]
    marks: list[Mark]
    has_objected: bool = False
    shows_words: bool = True


def read_about(learner: Learner, reader: Account, *, on: date) -> About:
    """One statement. Without words where the reader is family and families do not read them."""
    (row,) = read(ABOUT, learner=learner.pk, on=on)
    by_kind: dict[str, list[Words]] = {}
    shows_words = reads_own_words(learner, reader)
    for kind, text, author_id, author, created_at, is_changed in (row.entries or ()) if shows_words else ():
        words = Words(text, author_id, author, datetime.fromisoformat(created_at), is_changed)
        by_kind.setdefault(kind, []).append(words)
    return About(
        [Classroom(pk, title, date.fromisoformat(starts_on)) for pk, title, starts_on in row.rosters or ()],
        row.evidence_count,
        [WordsOfKind(kind.value, str(kind.label), by_kind[kind]) for kind in ProfileEntry.Kind if kind in by_kind],
        [Mark(*mark) for mark in row.marks or ()],
        row.has_objected,
        shows_words,
    )


class Neighbour(NamedTuple):
    pk: int
    first_name: str
    name: str


@dataclass(frozen=True)
class Neighbours:
    """The learners before and after, in the order of the class list; None at the ends."""

    before: Neighbour | None = None
    after: Neighbour | None = None


def read_neighbours(learner: Learner, roster_id: int | None, *, on: date) -> Neighbours:
    """On this roster, of which the account sees every learner. At most one statement."""
    if roster_id is None:
        return Neighbours()
    listed = [
        Neighbour(row.pk, row.first_name, f"{row.first_name} {row.family_name}".strip())
        for row in read(CLASS_LIST, roster=roster_id, on=on)
    ]
    place = next((place for place, other in enumerate(listed) if other.pk == learner.pk), None)
    if place is None:
        return Neighbours()
    return Neighbours(
        listed[place - 1] if place else None,
        listed[place + 1] if place + 1 < len(listed) else None,
    )


def read_goals(learner: Learner, account: Account) -> list[GoalProgress]:
    """All goals of the learner that the account may see, newest first. One statement."""
    rows = read(GOALS, learner=learner.pk, account=account.pk)
    return [
        progress_of(row._replace(step_rows=row.step_rows or [], check_in_rows=row.check_in_rows or [])) for row in rows
    ]


def read_paths(learner: Learner) -> list[PathOnPage]:
    """The learner's paths, newest first; a path without a step is not shown. One statement.

    Steps and paths carry what the page shows; reading another field costs a statement.
    """
    found: dict[int, PathOnPage] = {}
    for row in read(STEPS, learner=learner.pk):
        if row.path_id not in found:
            found[row.path_id] = PathOnPage(_instance(Path, id=row.path_id, title=row.path_title, parts=row.parts), [])
        found[row.path_id].steps.append(_instance(Step, **{name: getattr(row, name) for name in STEP_FIELDS}))
    return with_states(found.values())


STEP_FIELDS = (
    *("id", "uuid", "title", "link", "minutes_expected", "due_on", "done_at"),
    *("part", "waits_for", "chosen_at", "is_fixed", "standard_id"),
)


def _instance(model: type[Any], **values: object) -> Any:
    """As querysets with `only` make it."""
    names = [field.attname for field in model._meta.concrete_fields if field.attname in values]
    return model.from_db("default", names, [values[name] for name in names])
