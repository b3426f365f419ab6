"""What a change of enrollment means here: counts move with the learner, walls and groups are made anew."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils import timezone

from assessments import hurry
from assessments.services import outbox
from profiles.models import Roster


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
