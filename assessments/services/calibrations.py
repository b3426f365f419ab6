"""Versions of a subject's calibration: reading one, and letting one count from a day on."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from django.db import connection, transaction
from django.utils import timezone

from assessments.mastery.calibration import Calibration
from assessments.models import CalibrationStart, CalibrationVersion
from assessments.services import outbox
from profiles.models import Account, District
from standards.models import Subject

Reason = CalibrationStart.Reason

VERSION = """
SELECT v.standards, v.offsets, v.has_items, v.items, v.difficulties, v.difficulty_variances, v.item_variance
  FROM assessments_calibrationversion v WHERE v.id = %s
"""


class StartRefused(ValueError):
    """The day is past: what was shown then stays as it was."""


@lru_cache(maxsize=32)
def load(calibration_id: int) -> Calibration:
    """A version by the id of its row. Versions never change, so each process reads one once."""
    with connection.cursor() as cursor:
        cursor.execute(VERSION, [calibration_id])
        standard, offset, has_items, item, difficulty, variance, item_variance = cursor.fetchone()
    return Calibration(
        standard=np.array(standard, dtype=np.int64),
        offset=np.array(offset, dtype=np.float64),
        has_items=np.array(has_items, dtype=np.bool_),
        item=np.array(item, dtype=np.int64),
        difficulty=np.array(difficulty, dtype=np.float64),
        difficulty_variance=np.array(variance, dtype=np.float64),
        item_variance=item_variance,
    )


def store(subject: Subject, found: Calibration) -> CalibrationVersion:
    """The row of a version; the same numbers are the same row."""
    return CalibrationVersion.objects.get_or_create(
        subject=subject,
        version=found.version,
        defaults={
            "standards": found.standard.tolist(),
            "offsets": found.offset.tolist(),
            "has_items": found.has_items.tolist(),
            "items": found.item.tolist(),
            "difficulties": found.difficulty.tolist(),
            "difficulty_variances": found.difficulty_variance.tolist(),
            "item_variance": found.item_variance,
        },
    )[0]


class Concerns(NamedTuple):
    """Ids of the standards and of the assessments on which records are read anew."""

    standards: list[int]
    assessments: list[int]


@transaction.atomic
def start_version(
    calibration: CalibrationVersion,
    *,
    starts_on: date,
    reason: str = Reason.CHOSEN,
    by: Account | None = None,
    concerns: Concerns | None = None,
) -> CalibrationStart:
    """Let a version count from a day on, today or later; its learners are worked out anew in the bulk lane.

    concerns: the records to which it makes a difference, for a start today; None is all of the subject.
    Earlier days keep their version. Raises StartRefused.
    """
    subject = calibration.subject
    zone = ZoneInfo(District.objects.get(pk=subject.district_id).time_zone)
    today = timezone.localdate(timezone=zone)
    if starts_on < today:
        raise StartRefused("A calibration counts from today or a later day on; closed days keep theirs.")
    event = CalibrationStart.objects.create(
        subject=subject, calibration=calibration, starts_on=starts_on, reason=reason, created_by=by
    )
    due_at = datetime.combine(starts_on, time(), zone) + timedelta(seconds=1) if starts_on > today else timezone.now()
    if concerns is None or starts_on > today:
        outbox.mark_subject(subject.pk, due_at=due_at)
    else:
        outbox.mark_evidence(subject.pk, *concerns)
    return event
