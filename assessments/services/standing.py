"""Which level set by a teacher stands on each of many cells, read under a lock and written set-wise."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils import timezone

from assessments.models import Evidence, OverrideReason

Pair = tuple[int, int]
"""(learner id, standard id)"""

Kind = Evidence.Kind


@dataclass(frozen=True)
class Standing:
    """The newest set or lift of a cell that was not taken back.

    level: None for a lift, and `is_in_force` is False for it and for a set whose end has come.
    batch: shared by the levels that were set in one act.    by_name: "" where nobody is known.
    """

    school_year: int
    record: int
    kind: str
    level: int | None
    ends_at: datetime | None
    at: datetime
    by: int | None
    by_name: str
    reason: str
    batch: uuid.UUID

    @property
    def is_in_force(self) -> bool:
        return self.kind == Kind.OVERRIDE_SET and (self.ends_at is None or self.ends_at > timezone.now())


STANDING = """
SELECT DISTINCT ON (e.learner_id, e.standard_id) e.learner_id, e.standard_id,
       e.school_year, e.id, e.kind, e.level, e.ends_at, e.observed_at, e.recorded_by_id,
       trim(concat_ws(' ', a.given_name, a.family_name)), coalesce(r.text, ''), e.item
  FROM unnest(%s::bigint[], %s::bigint[]) p (learner, standard)
  JOIN assessments_evidence e ON e.learner_id = p.learner AND e.standard_id = p.standard
  LEFT JOIN assessments_overridereason r ON r.evidence_id = e.id
  LEFT JOIN profiles_account a ON a.id = e.recorded_by_id
 WHERE e.kind IN ('set', 'lift')
   AND NOT EXISTS (SELECT 1 FROM assessments_evidence x
                    WHERE x.school_year = e.school_year AND x.supersedes_id = e.id)
 ORDER BY e.learner_id, e.standard_id, e.observed_at DESC, e.id DESC
"""

LOCK = """
SELECT pg_advisory_xact_lock(hashtextextended('override', key))
  FROM (SELECT key FROM unnest(%s::bigint[]) key ORDER BY key) sorted
"""


def standing_of(pairs: Sequence[Pair]) -> dict[Pair, Standing]:
    """What stands on each cell; absent where nobody ever set one.

    The cells are locked, in one order for everybody, until the transaction ends: of two at once one sees the other.
    """
    lock_cells(pairs)
    with connection.cursor() as cursor:
        cursor.execute(STANDING, [[learner for learner, _ in pairs], [standard for _, standard in pairs]])
        return {(learner, standard): Standing(*values) for learner, standard, *values in cursor.fetchall()}


def lock_cells(pairs: Sequence[Pair]) -> None:
    """Keep others from setting, lifting or undoing levels on these cells until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [sorted({learner * 31 + standard for learner, standard in pairs})])


SET = """
INSERT INTO assessments_evidence
       (school_year, learner_id, standard_id, item, kind, level, ends_at, observed_at, recorded_by_id)
SELECT %s, p.learner, p.standard, %s, %s, %s, %s, clock_timestamp(), %s
  FROM unnest(%s::bigint[], %s::bigint[]) p (learner, standard)
RETURNING learner_id, standard_id, id
"""


def append(
    pairs: Sequence[Pair],
    *,
    kind: str,
    by: int,
    school_year: int,
    batch: uuid.UUID,
    level: int | None = None,
    ends_at: datetime | None = None,
    reason: str = "",
) -> dict[Pair, int]:
    """Append a set or a lift to each cell; returns the ids of the records."""
    with connection.cursor() as cursor:
        learners, standards = [learner for learner, _ in pairs], [standard for _, standard in pairs]
        cursor.execute(SET, [school_year, batch, str(kind), level, ends_at, by, learners, standards])
        records = {(learner, standard): record for learner, standard, record in cursor.fetchall()}
    if reason:
        reasons = [OverrideReason(evidence_id=record, text=reason) for record in records.values()]
        OverrideReason.objects.bulk_create(reasons)
    return records


WITHDRAW = """
INSERT INTO assessments_evidence
       (school_year, learner_id, standard_id, item, kind, observed_at, recorded_by_id, supersedes_id)
SELECT e.school_year, e.learner_id, e.standard_id, gen_random_uuid(), 'withdraw', clock_timestamp(), %s, e.id
  FROM unnest(%s::smallint[], %s::bigint[]) w (school_year, id)
  JOIN assessments_evidence e ON e.school_year = w.school_year AND e.id = w.id
    ON CONFLICT DO NOTHING
RETURNING learner_id, standard_id
"""


def withdraw(records: Iterable[tuple[int, int]], *, by: int) -> list[Pair]:
    """Take back each (school year, id). Returns the cells of those that nobody had taken back before."""
    rows = list(records)
    with connection.cursor() as cursor:
        cursor.execute(WITHDRAW, [by, [year for year, _ in rows], [record for _, record in rows]])
        return [(learner, standard) for learner, standard in cursor.fetchall()]
