"""Rows of the ledger to the arrays that the pure engines read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
from django.db import connection

from assessments.mastery import events
from assessments.mastery.events import History
from assessments.mastery.weights import OBSERVATION, RUBRIC, SINGLE_ITEM
from assessments.models import Assessment, Evidence

Kind = Evidence.Kind

# A record superseded by another is out of force; so is a level that was withdrawn, and the withdrawal itself.
READ = """
SELECT e.learner_id, s.subject_id, e.standard_id, coalesce(s.domain_id, -1), s.framework_id,
       e.observed_at, e.kind, e.points, e.possible, e.level, e.ends_at, e.id,
       coalesce(a.uuid, e.item), s.uuid, e.item, e.attempt,
       coalesce(a.id, -e.id), a.kind, a.weight, coalesce(a.counts_earlier, false)
  FROM assessments_evidence e
  JOIN standards_standard s ON s.id = e.standard_id
  LEFT JOIN assessments_assessment a ON a.id = e.assessment_id
 WHERE e.kind NOT IN ('cleared', 'withdraw')
   AND NOT EXISTS (SELECT 1 FROM assessments_evidence x
                    WHERE x.school_year = e.school_year AND x.supersedes_id = e.id)
   AND {where}
"""
BY_PAIRS = "(e.learner_id, s.subject_id) IN (SELECT * FROM unnest(%(learners)s::bigint[], %(subjects)s::bigint[]))"
BY_LEARNER_STANDARD = "e.learner_id = %(learner)s AND e.standard_id = %(standard)s"

KINDS = {
    Kind.RESULT: events.RESULT,
    Kind.EXCUSED: events.EXCUSED,
    Kind.NOT_SEEN: events.NOT_SEEN,
    Kind.OVERRIDE_SET: events.OVERRIDE_SET,
    Kind.OVERRIDE_LIFT: events.OVERRIDE_LIFT,
}


@dataclass(frozen=True)
class Histories:
    """rows: in replay order.    day: (rows,) ordinal of the school day on which it was observed.

    ends_day: (rows,) ordinal of the first school day on which an override no longer holds, 0 without an end.
    subject, framework: (rows,) ids.
    """

    rows: History
    day: np.ndarray
    ends_day: np.ndarray
    subject: np.ndarray
    framework: np.ndarray

    def __len__(self) -> int:
        return len(self.rows)


def read_pairs(pairs: Iterable[tuple[int, int]], zone: ZoneInfo) -> Histories:
    """Everything in force about these (learner id, subject id) pairs; zone: of the district, for school days."""
    learners, subjects = zip(*pairs, strict=True)
    return _read(BY_PAIRS, {"learners": list(learners), "subjects": list(subjects)}, zone)


def read_one(learner_id: int, standard_id: int, zone: ZoneInfo) -> Histories:
    """Everything in force about one learner on one standard."""
    return _read(BY_LEARNER_STANDARD, {"learner": learner_id, "standard": standard_id}, zone)


def _read(where: str, parameters: dict, zone: ZoneInfo) -> Histories:
    with connection.cursor() as cursor:
        cursor.execute(READ.format(where=where), parameters)
        found = cursor.fetchall()
    if not found:
        nothing = np.empty(0, dtype=np.int64)
        empty = events.history(learner=nothing, standard=nothing, ts=nothing)
        return Histories(empty, nothing, nothing, nothing, nothing)
    (
        learner, subject, standard, domain, framework, observed, kind, points, possible, level, ends, record,
        event_uuid, standard_uuid, item, attempt, event, assessment_kind, weight, counts_earlier,
    ) = zip(*found, strict=True)  # fmt: skip
    kinds = np.array([KINDS[k] for k in kind], dtype=np.int8)
    instants = np.array([_naive(at) for at in observed], dtype="datetime64[us]")
    order = events.replay_order(
        learner=np.array(learner),
        observed_at=instants,
        kind=kinds,
        assessment=_uuids(event_uuid),
        standard=_uuids(standard_uuid),
        item=_uuids(item),
        attempt=np.array(attempt),
    )
    rows = events.history(
        learner=learner,
        standard=standard,
        ts=events.days(instants),
        kind=kinds,
        points=_floats(points),
        possible=_floats(possible),
        weight=[_weight(*row) for row in zip(assessment_kind, possible, weight, strict=True)],
        teacher_weight=[1.0 if w is None else float(w) for w in weight],
        domain=domain,
        event=event,
        is_reassessment=[k == Assessment.Kind.REASSESSMENT for k in assessment_kind],
        counts_earlier=counts_earlier,
        override_level=[x or 0 for x in level],
        override_ends=[np.inf if at is None else float(events.days(np.datetime64(_naive(at), "us"))) for at in ends],
        record=record,
    ).take(order)
    return Histories(
        rows,
        np.array([at.astimezone(zone).toordinal() for at in observed])[order],
        np.array([0 if at is None else at.astimezone(zone).toordinal() for at in ends])[order],
        np.array(subject)[order],
        np.array(framework)[order],
    )


def _weight(assessment_kind: str | None, possible, weight) -> float:
    """How much a record says (engine.md 2.2): an observation less than a rubric mark; the teacher's weight on top."""
    if assessment_kind is None:
        return 0.0
    base = (
        OBSERVATION if assessment_kind == Assessment.Kind.OBSERVATION else RUBRIC if possible is None else SINGLE_ITEM
    )
    return min(base * float(weight), 4.0)


def _uuids(values) -> np.ndarray:
    return np.array([bytes.fromhex(str(value).replace("-", "")) for value in values], dtype="V16")


def _floats(values) -> np.ndarray:
    return np.array([np.nan if value is None else float(value) for value in values])


def _naive(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(tzinfo=None)


def school_day(ordinal: int) -> date:
    return date.fromordinal(int(ordinal))
