"""Marks of stale mastery: written with the work, deleted by the worker that did it."""

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db import connection
from psycopg2.extras import execute_values

from assessments.models import MarkFailure, StaleMark
from assessments.services.ledger import Appended
from profiles.models.webhook import Event
from profiles.services.webhooks import in_parts

Lane = StaleMark.Lane


def mark_stale(learner_ids: Iterable[int], standard_ids: Iterable[int], *, lane: int = Lane.LIVE) -> None:
    """Mark each learner as stale, in the caller's transaction, in each subject that these standards reach: their own,
    and where a policy lets exact matches count, those of the matches (`subjects_told`, migration 0011)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO assessments_stalemark (learner_id, subject_id, lane)"
            " SELECT l, s, %s FROM unnest(%s::bigint[]) l, subjects_told(%s::bigint[]) s",
            [int(lane), sorted(set(learner_ids)), sorted(set(standard_ids))],
        )


RECORDED = """
WITH told AS (
  INSERT INTO profiles_webhookdelivery (webhook_id, event, data)
  SELECT w.id, %(event)s, d
    FROM profiles_section s JOIN profiles_webhook w ON w.district_id = s.district_id, unnest(%(data)s::jsonb[]) d
   WHERE s.id = %(section)s AND w.off_because = '' AND %(event)s = ANY (w.events))
INSERT INTO assessments_stalemark (learner_id, subject_id, lane)
SELECT l, s, %(lane)s FROM unnest(%(learners)s::bigint[]) l, subjects_told(%(standards)s::bigint[]) s
"""


def mark_recorded(recorded: Sequence[Appended], *, section_id: int, assessment_ids: Collection[int], lane: int) -> None:
    """`mark_stale` for what was just appended, and a message to whoever wants to be told of it: one statement, since
    every save of every score waits for it."""
    results = [{"id": row.id, "learner": row.entry.learner_id, "standard": row.entry.standard_id} for row in recorded]
    common = {"section": section_id, "assessments": sorted(assessment_ids)}
    with connection.cursor() as cursor:
        cursor.execute(
            RECORDED,
            {
                "event": str(Event.EVIDENCE_RECORDED),
                "data": [json.dumps(common | {"results": part}) for part in in_parts(results)],
                "section": section_id,
                "lane": int(lane),
                "learners": sorted({row.entry.learner_id for row in recorded}),
                "standards": sorted({row.entry.standard_id for row in recorded}),
            },
        )


def mark_learners(learner_ids: Iterable[int], *, due_at: datetime | None = None, lane: int = Lane.LIVE) -> None:
    """Mark every subject in which these learners have state: enrollment, home school or policy has changed.

    due_at: for a change by date; None is now.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO assessments_stalemark (learner_id, subject_id, lane, due_at)"
            " SELECT learner_id, subject_id, %s, coalesce(%s, statement_timestamp()) FROM assessments_modelstate"
            " WHERE learner_id = ANY(%s)",
            [int(lane), due_at, sorted(set(learner_ids))],
        )


def mark_learners_ahead(learner_ids: Sequence[int], due_at: Sequence[datetime], *, lane: int) -> None:
    """`mark_learners` of each learner for a time of its own, in one statement; one learner may have several."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO assessments_stalemark (learner_id, subject_id, lane, due_at)"
            " SELECT m.learner_id, m.subject_id, %s, due.at"
            " FROM unnest(%s::bigint[], %s::timestamptz[]) AS due(learner_id, at)"
            " JOIN assessments_modelstate m ON m.learner_id = due.learner_id",
            [int(lane), list(learner_ids), list(due_at)],
        )


def mark_subject(subject_id: int, *, due_at: datetime) -> None:
    """Mark every learner with state in the subject, or with a mark, in the bulk lane.

    A worker that read the calibrations before may just be making the first state; its mark stands until then.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO assessments_stalemark (learner_id, subject_id, lane, due_at)"
            " SELECT learner_id, subject_id, %s, %s FROM"
            " (SELECT learner_id, subject_id FROM assessments_modelstate"
            "   UNION SELECT learner_id, subject_id FROM assessments_stalemark) m WHERE subject_id = %s",
            [int(Lane.BULK), due_at, subject_id],
        )


def mark_evidence(subject_id: int, standard_ids: Collection[int], assessment_ids: Collection[int]) -> None:
    """Mark the learners with records on one of these standards or assessments in the subject now, in the bulk lane,
    and those with a mark: their records may be in the hands of a worker."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO assessments_stalemark (learner_id, subject_id, lane)"
            " SELECT learner_id, %(subject)s, %(lane)s FROM (SELECT learner_id FROM assessments_evidence"
            "   WHERE standard_id = ANY(%(standards)s) OR assessment_id = ANY(%(assessments)s)"
            "   UNION SELECT learner_id FROM assessments_stalemark WHERE subject_id = %(subject)s) m",
            {
                "subject": subject_id,
                "lane": int(Lane.BULK),
                "standards": list(standard_ids),
                "assessments": list(assessment_ids),
            },
        )


def mark_carried(standard_ids: Collection[int], subject_ids: Collection[int]) -> None:
    """Mark the learners with results that count on one of these standards, and those in the hands of a worker, in all
    of these subjects, in the bulk lane: results on the standards count elsewhere from now on, or no longer."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO assessments_stalemark (learner_id, subject_id, lane)"
            " SELECT m.learner_id, s, %(lane)s FROM unnest(%(subjects)s::bigint[]) s,"
            " (SELECT learner_id FROM assessments_mastery WHERE standard_id = ANY(%(standards)s)"
            "   UNION SELECT learner_id FROM assessments_stalemark WHERE subject_id = ANY(%(subjects)s)) m",
            {"lane": int(Lane.BULK), "standards": list(standard_ids), "subjects": sorted(set(subject_ids))},
        )


def mark_pairs(pairs: Iterable[tuple[int, int]], *, due_at: datetime, lane: int = Lane.LIVE) -> None:
    """Mark (learner id, subject id) pairs for a time to come."""
    with connection.cursor() as cursor:
        execute_values(
            cursor.cursor,
            "INSERT INTO assessments_stalemark (learner_id, subject_id, lane, due_at) VALUES %s",
            [(learner, subject, int(lane), due_at) for learner, subject in sorted(set(pairs))],
        )


# Nothing waits for the disk: a try that a fall of the database forgets was not the pair's fault.
BEGIN = """
WITH due AS (
  SELECT m.learner_id, m.subject_id, coalesce(max(f.times), 0) AS tried, min(m.due_at) AS due_at
    FROM assessments_stalemark m
    LEFT JOIN assessments_markfailure f ON f.learner_id = m.learner_id AND f.subject_id = m.subject_id
   WHERE m.lane = %(lane)s AND m.due_at <= statement_timestamp()
     AND (f.id IS NULL OR m.due_at > f.last_at
          OR (f.times < %(parked)s AND f.last_at < statement_timestamp() - f.times * interval '2 seconds'))
   GROUP BY 1, 2 ORDER BY 4, 1, 2 LIMIT %(limit)s),
free AS MATERIALIZED (
  SELECT *, least(tried, 2) AS step FROM due WHERE pg_try_advisory_xact_lock((learner_id << 20) | subject_id)),
block AS (
  SELECT * FROM free WHERE step = (SELECT min(step) FROM free) ORDER BY tried, due_at, learner_id
   LIMIT (ARRAY[%(limit)s, %(suspects)s, 1])[1 + (SELECT min(step) FROM free)])
INSERT INTO assessments_markfailure (learner_id, subject_id, times, error)
SELECT learner_id, subject_id, 1, %(error)s FROM block
    ON CONFLICT (learner_id, subject_id) DO UPDATE SET times = assessments_markfailure.times + 1,
       error = excluded.error, last_at = clock_timestamp()
RETURNING learner_id, subject_id, set_config('synchronous_commit', 'off', true) IS NULL
"""

TAKE_BACK = """
WITH tried AS (SELECT * FROM unnest(%(learners)s::bigint[], %(subjects)s::bigint[]) AS p (learner_id, subject_id)),
     gone AS (DELETE FROM assessments_markfailure f USING tried t
               WHERE f.learner_id = t.learner_id AND f.subject_id = t.subject_id AND f.times < 2)
UPDATE assessments_markfailure f SET times = f.times - 1 FROM tried t
 WHERE f.learner_id = t.learner_id AND f.subject_id = t.subject_id AND f.times >= 2
"""


def begin(lane: int, *, limit: int, suspects: int) -> list[tuple[int, int]]:
    """The next (learner id, subject id) pairs to compute together, oldest mark first: due, and in no other process.

    A try of each is counted for good before it is made, since whoever is killed by it cannot count. Success deletes
    the count; at MarkFailure.PARKED_AT the pair waits for new evidence or a person. What was never tried comes first,
    then by `suspects` at once what was tried once without success, and then each alone.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            BEGIN,
            {
                "lane": int(lane),
                "parked": MarkFailure.PARKED_AT,
                "limit": limit,
                "suspects": suspects,
                "error": MarkFailure.KILLED,
            },
        )
        return sorted((learner, subject) for learner, subject, _ in cursor.fetchall())


def take_back(pairs: Collection[tuple[int, int]]) -> None:
    """These tries were none."""
    learners, subjects = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    with connection.cursor() as cursor:
        cursor.execute(TAKE_BACK, {"learners": learners, "subjects": subjects})


def name_failure(learner_id: int, subject_id: int, error: str) -> None:
    """What became of a try, where somebody lived to tell."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE assessments_markfailure SET error = %s, last_at = clock_timestamp()"
            " WHERE learner_id = %s AND subject_id = %s",
            [error[:200], learner_id, subject_id],
        )


def health() -> dict:
    """oldest_due_mark_seconds: age of the oldest due mark that is not parked, or None; parked_marks: pairs parked;
    parked_sections: those whose groups are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM statement_timestamp() - min(m.due_at))::float,"
            " (SELECT count(*) FROM assessments_markfailure WHERE times >= %(parked)s),"
            " (SELECT count(*) FROM assessments_suggestionfailure WHERE times >= %(parked)s)"
            " FROM assessments_stalemark m WHERE m.due_at <= statement_timestamp() AND NOT EXISTS ("
            "  SELECT 1 FROM assessments_markfailure f WHERE f.learner_id = m.learner_id"
            "  AND f.subject_id = m.subject_id AND f.times >= %(parked)s AND f.last_at >= m.due_at)",
            {"parked": MarkFailure.PARKED_AT},
        )
        age, marks, sections = cursor.fetchone()
    return {
        "oldest_due_mark_seconds": None if age is None else round(age, 3),
        "parked_marks": marks,
        "parked_sections": sections,
    }
