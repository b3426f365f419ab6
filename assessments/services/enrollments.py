"""What a change of enrollment means here: counts move with the learner, walls and groups are made anew."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils import timezone

from assessments import hurry
from assessments.services import outbox
from lrm.changes import Turns
from profiles.models import Roster

Due = tuple[list[int], list[datetime]]
"""Ids, and when each is due."""


def on_enrollment_change(learner_ids: Sequence[int], roster_id: int, on: date) -> None:
    """Listener of profiles.services.enrollments: `on` is the first day on which the roster differs."""
    roster = Roster.objects.select_related("district").get(pk=roster_id)
    zone = ZoneInfo(roster.district.time_zone)
    today = timezone.localdate(timezone=zone)
    due_at = None if on <= today else datetime.combine(on, time(), zone) + timedelta(seconds=1)
    outbox.mark_learners(learner_ids, due_at=due_at)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO assessments_rosterversion AS v (roster_id, version) VALUES (%s, 1)"
            " ON CONFLICT (roster_id) DO UPDATE SET version = v.version + 1, changed_at = now()",
            [roster_id],
        )
        cursor.execute(
            "INSERT INTO assessments_stalesection (section_id, due_at)"
            " SELECT id, coalesce(%s, statement_timestamp()) FROM profiles_section"
            " WHERE roster_id = %s AND archived_at IS NULL",
            [due_at, roster_id],
        )
    transaction.on_commit(hurry.hurry, robust=True)


def on_enrollments_imported(
    learner_ids: Sequence[int], *, roster_ids: Sequence[int], ahead: Mapping[date, Turns], zone: ZoneInfo
) -> None:
    """Listener of lrm.changes.enrollments_changed: the same for a whole import, in a handful of statements however
    many days it names. For a day to come only those are marked for whom something begins or ends on it."""
    learners, rosters = _ahead(ahead, zone)
    outbox.mark_learners(learner_ids, lane=outbox.Lane.BULK)
    outbox.mark_learners_ahead(*learners, lane=outbox.Lane.BULK)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO assessments_rosterversion AS v (roster_id, version) SELECT unnest(%s::bigint[]), 1"
            " ON CONFLICT (roster_id) DO UPDATE SET version = v.version + 1, changed_at = now()",
            [list(roster_ids)],
        )
        cursor.execute(
            "INSERT INTO assessments_stalesection (section_id, due_at)"
            " SELECT s.id, statement_timestamp() FROM profiles_section s"
            " WHERE s.roster_id = ANY(%s) AND s.archived_at IS NULL"
            " UNION ALL SELECT s.id, due.at FROM unnest(%s::bigint[], %s::timestamptz[]) AS due(roster_id, at)"
            " JOIN profiles_section s ON s.roster_id = due.roster_id AND s.archived_at IS NULL",
            [list(roster_ids), *rosters],
        )
    transaction.on_commit(hurry.hurry, robust=True)


def _ahead(ahead: Mapping[date, Turns], zone: ZoneInfo) -> tuple[Due, Due]:
    """Of learners, and of rosters."""
    learners: Due = ([], [])
    rosters: Due = ([], [])
    for day, turns in sorted(ahead.items()):
        for due, ids in ((learners, turns.learners), (rosters, turns.rosters)):
            due[0].extend(sorted(ids))
            due[1].extend([datetime.combine(day, time(), zone) + timedelta(seconds=1)] * len(ids))
    return learners, rosters


def on_standards_moved(standard_ids: Sequence[int]) -> None:
    """Listener of lrm.changes.standards_changed: learners with results there are worked out again, in the bulk lane."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO assessments_stalemark (learner_id, subject_id, lane)"
            " SELECT DISTINCT m.learner_id, s.subject_id, %s FROM assessments_mastery m"
            " JOIN standards_standard s ON s.id = m.standard_id WHERE m.standard_id = ANY(%s)",
            [int(outbox.Lane.BULK), list(standard_ids)],
        )
    transaction.on_commit(hurry.hurry, robust=True)


def on_objection(learner_id: int) -> None:
    """Listener of lrm.changes.objections_changed: classes that the learner is in today get new suggestions."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO assessments_stalesection (section_id)"
            " SELECT s.id FROM profiles_section s JOIN profiles_enrollment e ON e.roster_id = s.roster_id"
            " WHERE e.learner_id = %s AND s.archived_at IS NULL AND e.starts_on <= %s"
            " AND (e.ends_on IS NULL OR e.ends_on >= %s)",
            [learner_id, timezone.localdate(), timezone.localdate()],
        )
    transaction.on_commit(hurry.hurry, robust=True)
