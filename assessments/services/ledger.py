"""Appending to the evidence ledger; races are decided by its unique indexes, never by reading first."""

import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db import connection

from assessments.models import Assessment, Evidence
from assessments.models.evidence import NO_ITEM
from assessments.services.errors import AlreadyReplaced, Tip
from profiles.models import Account

Kind = Evidence.Kind
ANYTHING = -1
"""`replaces` of an entry that wins over whatever stands: undo of one's own, or a file that says so."""


@dataclass(frozen=True)
class Entry:
    """One cell to store.

    kind: RESULT, EXCUSED, NOT_SEEN or CLEARED (the cell is to be empty again).
    points: on the scale of the assessment; None unless kind is RESULT.
    observed_at: aware; a correction keeps the time of what it corrects instead.
    replaces: id of the record that the writer saw in the cell; None: saw an empty cell; ANYTHING: does not care.
    """

    learner_id: int
    standard_id: int
    kind: str
    points: Decimal | None
    observed_at: datetime
    replaces: int | None = None
    attempt: int = 1
    item: uuid.UUID = NO_ITEM

    @property
    def cell(self) -> tuple[int, int, uuid.UUID, int]:
        return self.learner_id, self.standard_id, self.item, self.attempt


@dataclass(frozen=True)
class Appended:
    """A record that was stored: its id and the entry behind it."""

    id: int
    entry: Entry


Sitting = tuple[Assessment, Sequence[Entry]]
"""An assessment and what is to be stored of it."""

TIPS = """
SELECT e.id, e.assessment_id, e.learner_id, e.standard_id, e.item::text, e.attempt, e.kind, e.points, e.observed_at,
       e.recorded_at, e.recorded_by_id, coalesce(a.given_name || ' ' || a.family_name, '')
  FROM assessments_evidence e
  LEFT JOIN profiles_account a ON a.id = e.recorded_by_id
 WHERE e.school_year = ANY(%(years)s) AND e.assessment_id = ANY(%(assessments)s) AND e.learner_id = ANY(%(learners)s)
   AND (%(standards)s::bigint[] IS NULL OR e.standard_id = ANY(%(standards)s))
   AND NOT EXISTS (SELECT 1 FROM assessments_evidence s
                    WHERE s.school_year = e.school_year AND s.supersedes_id = e.id)
"""
INSERT = f"""
INSERT INTO assessments_evidence (school_year, learner_id, standard_id, assessment_id, item, attempt, kind, points,
       possible, observed_at, recorded_by_id, supersedes_id, source)
SELECT e.year, e.learner, e.standard, e.assessment, e.item, e.attempt, e.kind, e.points,
       CASE e.kind WHEN '{Kind.RESULT.value}' THEN e.possible END, e.observed, %(by)s, e.supersedes, %(source)s
  FROM unnest(%(years)s::integer[], %(assessments)s::bigint[], %(possibles)s::numeric[], %(learners)s::bigint[],
              %(standards)s::bigint[], %(items)s::uuid[], %(attempts)s::smallint[], %(kinds)s::text[],
              %(points)s::numeric[], %(observed)s::timestamptz[], %(supersedes)s::bigint[])
       AS e (year, assessment, possible, learner, standard, item, attempt, kind, points, observed, supersedes)
ON CONFLICT DO NOTHING RETURNING assessment_id, learner_id, standard_id, item::text, attempt, id
"""


def tips(
    assessment: Assessment, learner_ids: Iterable[int], standard_ids: Iterable[int] | None = None
) -> dict[tuple, tuple[Tip, datetime]]:
    """Cell -> (record in force, its observed_at), for these learners; cells never entered are absent.

    standard_ids: of the cells that matter; None is all.
    """
    return {cell[1:]: found for cell, found in _tips([assessment], learner_ids, standard_ids)}


def tips_of(assessments: Collection[Assessment], learner_ids: Iterable[int]) -> dict[tuple, tuple[Tip, datetime]]:
    """`tips` of several assessments by one statement: (assessment id, *cell) -> the same."""
    return dict(_tips(assessments, learner_ids, None))


def append(sittings: Sequence[Sitting], *, by: Account | None, source: str) -> list[Appended]:
    """Store entries as new records, all or none; an entry equal to what stands is left out.

    However many sittings there are, as many statements.
    Raises AlreadyReplaced with the records that stand, also where another transaction wins meanwhile.
    """
    rows = [(assessment, entry) for assessment, entries in sittings for entry in entries]
    standing = _standing(rows)
    to_store: list[tuple[Assessment, Entry, int | None]] = []
    conflicts: list[tuple[Entry, Tip | None]] = []
    for assessment, entry in rows:
        found = standing.get((assessment.pk, *entry.cell))
        if found is None:
            if entry.kind != Kind.CLEARED:
                to_store.append((assessment, entry, None))
            continue
        tip, observed_at = found
        if same(entry, tip):
            continue
        if entry.replaces in (tip.id, ANYTHING) or (entry.replaces is None and tip.kind == Kind.CLEARED):
            # An emptied cell starts anew, at the time of the new result; a correction keeps its place.
            at = entry.observed_at if tip.kind == Kind.CLEARED else observed_at
            to_store.append((assessment, replace(entry, observed_at=at), tip.id))
        else:
            conflicts.append((entry, tip))
    if conflicts:
        raise AlreadyReplaced(conflicts)
    stored = _insert(to_store, by=by, source=source)
    if len(stored) < len(to_store):
        lost = [(assessment, entry) for assessment, entry, _ in to_store if (assessment.pk, *entry.cell) not in stored]
        now = _standing(lost)
        raise AlreadyReplaced(
            [(entry, now.get((assessment.pk, *entry.cell), (None, None))[0]) for assessment, entry in lost]
        )
    return [Appended(stored[assessment.pk, *entry.cell], entry) for assessment, entry, _ in to_store]


def same(entry: Entry, tip: Tip) -> bool:
    """Whether storing the entry would change nothing."""
    return entry.kind == tip.kind and entry.points == tip.points


def _standing(rows: Sequence[tuple[Assessment, Entry]]) -> dict[tuple, tuple[Tip, datetime]]:
    assessments = {assessment.pk: assessment for assessment, _ in rows}.values()
    return dict(_tips(assessments, (entry.learner_id for _, entry in rows), (entry.standard_id for _, entry in rows)))


def _tips(
    assessments: Collection[Assessment], learner_ids: Iterable[int], standard_ids: Iterable[int] | None
) -> Iterator[tuple[tuple, tuple[Tip, datetime]]]:
    with connection.cursor() as cursor:
        cursor.execute(
            TIPS,
            {
                "years": list({assessment.school_year for assessment in assessments}),
                "assessments": [assessment.pk for assessment in assessments],
                "learners": list(set(learner_ids)),
                "standards": None if standard_ids is None else list(set(standard_ids)),
            },
        )
        rows = cursor.fetchall()
    items = {item: uuid.UUID(item) for item in {row[4] for row in rows}}
    for pk, assessment, learner, standard, item, attempt, kind, points, observed_at, recorded_at, by, name in rows:
        cell = (assessment, learner, standard, items[item], attempt)
        yield cell, (Tip(pk, kind, points, recorded_at, by, name.strip()), observed_at)


def _insert(
    rows: Sequence[tuple[Assessment, Entry, int | None]], *, by: Account | None, source: str
) -> dict[tuple, int]:
    """(assessment id, *cell) -> id of what was inserted; a row whose place another transaction has taken is missing."""
    if not rows:
        return {}
    entries = [entry for _, entry, _ in rows]
    items = {str(entry.item): entry.item for entry in entries}
    with connection.cursor() as cursor:
        cursor.execute(
            INSERT,
            {
                "by": by.pk if by else None,
                "source": source,
                "years": [assessment.school_year for assessment, _, _ in rows],
                "assessments": [assessment.pk for assessment, _, _ in rows],
                "possibles": [assessment.points_possible for assessment, _, _ in rows],
                "learners": [entry.learner_id for entry in entries],
                "standards": [entry.standard_id for entry in entries],
                "items": [str(entry.item) for entry in entries],
                "attempts": [entry.attempt for entry in entries],
                "kinds": [str(entry.kind) for entry in entries],
                "points": [entry.points for entry in entries],
                "observed": [entry.observed_at for entry in entries],
                "supersedes": [supersedes for _, _, supersedes in rows],
            },
        )
        found = cursor.fetchall()
    return {
        (assessment, learner, standard, items[item], attempt): pk
        for assessment, learner, standard, item, attempt, pk in found
    }
