"""The worker's job: take stale pairs, read their whole history, compute, write, delete the marks that were read.

Twice equals once, and any order equals any other: everything is computed from the ledger, under a lock on the pair.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog
from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from assessments.services import outbox, rollups, writing
from assessments.services.histories import read_pairs
from assessments.services.outages import raise_outage
from assessments.services.policies import Policies
from assessments.services.projecting import project
from assessments.services.telling import tell_of_levels
from lrm.scope import district_scope, unscoped
from profiles.models import District, Learner, Webhook
from profiles.models.webhook import Event

log = structlog.get_logger()
BLOCK, SUSPECTS = 200, 20

_outages: list[list[tuple[int, int]]] = []
"""Tries of this process that the database broke off, to be taken back once it answers."""

# Reading a few learners' rows is work for an index, whatever the statistics say of a table that is just being filled;
# so whole scans are off until the transaction ends.
LOCK = """
SELECT learner_id, subject_id, (SELECT set_config('enable_seqscan', 'off', true)) IS NULL
  FROM (SELECT * FROM unnest(%s::bigint[], %s::bigint[]) AS p (learner_id, subject_id) ORDER BY 1, 2) pairs
 WHERE pg_try_advisory_xact_lock((learner_id << 20) | subject_id)
"""


def recompute_due(lane: int, *, limit: int = BLOCK) -> int:
    """Work off one block of due marks of a lane. Returns how many pairs were tried; 0: nothing to do here.

    A pair that another worker holds is skipped: that worker, or the sweep, sees the mark. A pair that cannot be
    computed is counted as failed and waits; the others of its block are computed all the same. Where the process itself
    died in a block, its pairs come again in smaller blocks and then alone, so that only the one to blame is parked.
    """
    while _outages:
        outbox.take_back(_outages[-1])
        _outages.pop()
    pairs = outbox.begin(lane, limit=limit, suspects=SUSPECTS)
    if not pairs:
        return 0
    try:
        done = _compute(pairs)
    except Exception:  # an outage
        _outages.append(pairs)
        raise
    if not done:
        outbox.take_back(pairs)  # another process was quicker
    return done


def _compute(pairs: list[tuple[int, int]]) -> int:
    try:
        return recompute_pairs(pairs)
    except Exception as error:
        raise_outage(error)
        if len(pairs) > 1:  # one bad pair must not hold up the others
            return sum(_compute([pair]) for pair in pairs)
        outbox.name_failure(*pairs[0], error=type(error).__name__)
        log.error("recompute_failed", learner_id=pairs[0][0], subject_id=pairs[0][1], exc_info=error)
        return 1


def recompute_pairs(pairs: Sequence[tuple[int, int]]) -> int:
    """Recompute (learner id, subject id) pairs of any districts. Returns how many this process could lock."""
    with unscoped("marks of one block may come from several districts"):
        district_of = dict(Learner.objects.filter(pk__in={p[0] for p in pairs}).values_list("pk", "district_id"))
    by_district: dict[int, list[tuple[int, int]]] = {}
    for learner, subject in pairs:
        if learner in district_of:
            by_district.setdefault(district_of[learner], []).append((learner, subject))
        else:
            _forget(learner, subject)
    done = 0
    with unscoped("which of these districts are told of levels"):
        wants = Webhook.objects.filter(off_because="", events__contains=[Event.MASTERY_CHANGED])
        districts = District.objects.annotate(wants_levels=Exists(wants.filter(district=OuterRef("pk"))))
    for district in districts.filter(pk__in=by_district):
        with district_scope(district.pk):
            done += _recompute_block(district, sorted(by_district[district.pk]))
    return done


def _recompute_block(district: District, pairs: list[tuple[int, int]]) -> int:
    zone = ZoneInfo(district.time_zone)
    with transaction.atomic():
        locked = _lock(pairs)
        if not locked:
            return 0
        # Marks are read before the ledger: evidence that comes in between keeps its own mark.
        marks, now = _marks(locked)
        today = now.astimezone(zone).date()
        policies = Policies(district.pk)
        histories = read_pairs(locked, zone, policies.matched_into(), with_homes=bool(policies.schools))
        projection = project(histories, policies, today=today)
        changed = writing.write_levels(locked, projection)
        rollups.move_counts(locked, changed, projection, today=today)
        if district.wants_levels:  # type: ignore[attr-defined]  # annotated above
            tell_of_levels(changed.levels.tolist(), district_id=district.pk)
        _wake_later(projection.wakes, zone)
        _delete_marks(marks, locked)
    return len(locked)


def _lock(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [[p[0] for p in pairs], [p[1] for p in pairs]])
        return sorted((learner, subject) for learner, subject, _ in cursor.fetchall())


def _marks(pairs: list[tuple[int, int]]) -> tuple[list[int], datetime]:
    """The due marks, and the instant by which they were judged: a mark of a morning is deleted on that day only.

    So the day is the database's too. By a clock of this machine that is behind, it would still be the one before.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ARRAY(SELECT id FROM assessments_stalemark WHERE due_at <= statement_timestamp()"
            " AND (learner_id, subject_id) IN (SELECT * FROM unnest(%s::bigint[], %s::bigint[]))),"
            " statement_timestamp()",
            [[p[0] for p in pairs], [p[1] for p in pairs]],
        )
        return cursor.fetchone()


def _delete_marks(marks: list[int], pairs: list[tuple[int, int]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH done AS (DELETE FROM assessments_stalemark WHERE id = ANY(%s))"
            " DELETE FROM assessments_markfailure WHERE (learner_id, subject_id) IN"
            " (SELECT * FROM unnest(%s::bigint[], %s::bigint[]))",
            [marks, [p[0] for p in pairs], [p[1] for p in pairs]],
        )


def _forget(learner_id: int, subject_id: int) -> None:
    """The learner is gone: its marks are too."""
    with connection.cursor() as cursor:
        for table in ("assessments_stalemark", "assessments_markfailure"):
            cursor.execute(f"DELETE FROM {table} WHERE learner_id = %s AND subject_id = %s", [learner_id, subject_id])


def _wake_later(wakes: dict[tuple[int, int], date], zone: ZoneInfo) -> None:
    """Marks for the mornings on which a level changes by date alone; one a pair and morning."""
    by_day: dict[date, list[tuple[int, int]]] = {}
    for pair, day in wakes.items():
        by_day.setdefault(day, []).append(pair)
    for day, pairs in by_day.items():
        due_at = datetime.combine(day, time(), zone) + timedelta(seconds=1)
        waiting = _waiting(pairs, due_at)
        if missing := set(pairs) - waiting:
            outbox.mark_pairs(missing, due_at=due_at, lane=outbox.Lane.BULK)


def _waiting(pairs: list[tuple[int, int]], due_at: datetime) -> set[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT learner_id, subject_id FROM assessments_stalemark WHERE due_at = %s AND (learner_id, subject_id) IN"
            " (SELECT * FROM unnest(%s::bigint[], %s::bigint[]))",
            [due_at, [p[0] for p in pairs], [p[1] for p in pairs]],
        )
        return set(cursor.fetchall())
