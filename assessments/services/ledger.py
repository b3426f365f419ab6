"""Appending to the evidence ledger; races are decided by its unique indexes, never by reading first."""

import uuid
from collections.abc import Iterable, Sequence
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


TIPS = """
SELECT e.id, e.learner_id, e.standard_id, e.item::text, e.attempt, e.kind, e.points, e.observed_at, e.recorded_at,
       e.recorded_by_id, coalesce(a.given_name || ' ' || a.family_name, '')
  FROM assessments_evidence e
  LEFT JOIN profiles_account a ON a.id = e.recorded_by_id
 WHERE e.school_year = %(year)s AND e.assessment_id = %(assessment)s AND e.learner_id = ANY(%(learners)s)
   AND (%(standards)s::bigint[] IS NULL OR e.standard_id = ANY(%(standards)s))
   AND NOT EXISTS (SELECT 1 FROM assessments_evidence s
                    WHERE s.school_year = e.school_year AND s.supersedes_id = e.id)
"""
INSERT = f"""
INSERT INTO assessments_evidence (school_year, learner_id, standard_id, assessment_id, item, attempt, kind, points,
       possible, observed_at, recorded_by_id, supersedes_id, source)
SELECT %(year)s, e.learner, e.standard, %(assessment)s, e.item, e.attempt, e.kind, e.points,
       CASE e.kind WHEN '{Kind.RESULT.value}' THEN %(possible)s::numeric END, e.observed, %(by)s, e.supersedes,
       %(source)s
  FROM unnest(%(learners)s::bigint[], %(standards)s::bigint[], %(items)s::uuid[], %(attempts)s::smallint[],
              %(kinds)s::text[], %(points)s::numeric[], %(observed)s::timestamptz[], %(supersedes)s::bigint[])
       AS e (learner, standard, item, attempt, kind, points, observed, supersedes)
ON CONFLICT DO NOTHING RETURNING learner_id, standard_id, item::text, attempt, id
"""


def tips(
    assessment: Assessment, learner_ids: Iterable[int], standard_ids: Iterable[int] | None = None
) -> dict[tuple, tuple[Tip, datetime]]:
    """Cell -> (record in force, its observed_at), for these learners; cells never entered are absent.

    standard_ids: of the cells that matter; None is all.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            TIPS,
            {
                "year": assessment.school_year,
                "assessment": assessment.pk,
                "learners": list(set(learner_ids)),
                "standards": None if standard_ids is None else list(set(standard_ids)),
            },
        )
        rows = cursor.fetchall()
    items = {item: uuid.UUID(item) for item in {row[3] for row in rows}}
    return {
        (learner, standard, items[item], attempt): (
            Tip(pk, kind, points, recorded_at, by, name.strip()),
            observed_at,
        )
        for pk, learner, standard, item, attempt, kind, points, observed_at, recorded_at, by, name in rows
    }


def append(assessment: Assessment, entries: Sequence[Entry], *, by: Account | None, source: str) -> list[Appended]:
    """Store entries as new records, all or none; an entry equal to what stands is left out.

    Raises AlreadyReplaced with the records that stand, also where another transaction wins meanwhile.
    """
    standing = _standing(assessment, entries)
    to_store: list[tuple[Entry, int | None]] = []
    conflicts: list[tuple[Entry, Tip | None]] = []
    for entry in entries:
        found = standing.get(entry.cell)
        if found is None:
            if entry.kind != Kind.CLEARED:
                to_store.append((entry, None))
            continue
        tip, observed_at = found
        if same(entry, tip):
            continue
        if entry.replaces in (tip.id, ANYTHING) or (entry.replaces is None and tip.kind == Kind.CLEARED):
            # An emptied cell starts anew, at the time of the new result; a correction keeps its place.
            at = entry.observed_at if tip.kind == Kind.CLEARED else observed_at
            to_store.append((replace(entry, observed_at=at), tip.id))
        else:
            conflicts.append((entry, tip))
    if conflicts:
        raise AlreadyReplaced(conflicts)
    stored = _insert(assessment, to_store, by=by, source=source)
    if len(stored) < len(to_store):
        lost = [entry for entry, _ in to_store if entry.cell not in stored]
        now = _standing(assessment, lost)
        raise AlreadyReplaced([(entry, now.get(entry.cell, (None, None))[0]) for entry in lost])
    return [Appended(stored[entry.cell], entry) for entry, _ in to_store]


def _standing(assessment: Assessment, entries: Sequence[Entry]) -> dict[tuple, tuple[Tip, datetime]]:
    return tips(assessment, [entry.learner_id for entry in entries], [entry.standard_id for entry in entries])


def same(entry: Entry, tip: Tip) -> bool:
    """Whether storing the entry would change nothing."""
    return entry.kind == tip.kind and entry.points == tip.points


def _insert(
    assessment: Assessment, rows: Sequence[tuple[Entry, int | None]], *, by: Account | None, source: str
) -> dict[tuple, int]:
    """Cell -> id of what was inserted; a row whose place another transaction has taken is missing."""
    if not rows:
        return {}
    entries = [entry for entry, _ in rows]
    items = {str(entry.item): entry.item for entry in entries}
    with connection.cursor() as cursor:
        cursor.execute(
            INSERT,
            {
                "year": assessment.school_year,
                "assessment": assessment.pk,
                "by": by.pk if by else None,
                "source": source,
                "possible": assessment.points_possible,
                "learners": [entry.learner_id for entry in entries],
                "standards": [entry.standard_id for entry in entries],
                "items": [str(entry.item) for entry in entries],
                "attempts": [entry.attempt for entry in entries],
                "kinds": [str(entry.kind) for entry in entries],
                "points": [entry.points for entry in entries],
                "observed": [entry.observed_at for entry in entries],
                "supersedes": [supersedes for _, supersedes in rows],
            },
        )
        found = cursor.fetchall()
    return {(learner, standard, items[item], attempt): pk for learner, standard, item, attempt, pk in found}
