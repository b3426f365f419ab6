"""Versions of a subject's calibration: reading one, and letting one count from a day on."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from django.db import connection, transaction
from django.utils import timezone

from assessments.mastery.calibration import UNCALIBRATED, Calibration
from assessments.models import CalibrationRun, CalibrationStart, CalibrationVersion
from assessments.services import outbox
from profiles.models import Account, District
from standards.models import Subject

Reason = CalibrationStart.Reason

VERSION = """
SELECT v.standards, v.offsets, v.has_items, v.items, v.difficulties, v.difficulty_variances, v.item_variance
  FROM assessments_calibrationversion v WHERE v.id = %s
"""


OFFSETS = "SELECT v.standards, v.offsets FROM assessments_calibrationversion v WHERE v.id = %s"


class StartRefused(ValueError):
    """Nothing was stored. code: "begun" (what was shown on a day that is over stays), "newer", "same" or "gone"."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code = code


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


@lru_cache(maxsize=32)
def load_offsets(calibration_id: int) -> Calibration:
    """What a version says of standards, without its questions, which are many more."""
    with connection.cursor() as cursor:
        cursor.execute(OFFSETS, [calibration_id])
        standard, offset = cursor.fetchone()
    return replace(
        UNCALIBRATED,
        standard=np.array(standard, dtype=np.int64),
        offset=np.array(offset, dtype=np.float64),
        has_items=np.zeros(len(standard), dtype=np.bool_),
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
    zone = _zone(subject)
    today = timezone.localdate(timezone=zone)
    if starts_on < today:
        raise StartRefused("begun", "A calibration counts from today or a later day on; closed days keep theirs.")
    event = CalibrationStart.objects.create(
        subject=subject, calibration=calibration, starts_on=starts_on, reason=reason, created_by=by
    )
    due_at = _morning(starts_on, zone) if starts_on > today else timezone.now()
    if concerns is None or starts_on > today:
        outbox.mark_subject(subject.pk, due_at=due_at)
    else:
        outbox.mark_evidence(subject.pk, *concerns)
    return event


@transaction.atomic
def start_candidate(calibration: CalibrationVersion, *, starts_on: date, by: Account) -> CalibrationStart:
    """Start what is proposed for a subject, chosen by a person who has looked at it.

    Raises StartRefused: another one is proposed by now ("newer"), it is what counts on that day anyway ("same"), or the
    day is over ("begun").
    """
    run = CalibrationRun.objects.select_for_update().filter(subject=calibration.subject_id).first()
    if run is None or run.candidate_id != calibration.pk:
        raise StartRefused("newer", "Another calibration is proposed by now.")
    starts = CalibrationStart.objects.filter(subject=calibration.subject_id, withdrawn_at=None)
    counts = starts.filter(starts_on__lte=starts_on).order_by("starts_on", "pk").last()
    if counts is not None and counts.calibration_id == calibration.pk:
        raise StartRefused("same", "That calibration counts on that day already.")
    return start_version(calibration, starts_on=starts_on, by=by)


@transaction.atomic
def withdraw_start(event: CalibrationStart, *, by: Account) -> None:
    """Take a start back that has not begun.

    On its eve its learners are marked once more: the morning may come before this is committed.
    Raises StartRefused: it has begun ("begun"), or somebody withdrew it first ("gone").
    """
    event, zone, today = _locked(event)
    if event.withdrawn_at is not None:
        raise StartRefused("gone", "The start was withdrawn already.")
    event.withdrawn_at, event.withdrawn_by = timezone.now(), by
    event.save(update_fields=["withdrawn_at", "withdrawn_by"])
    if event.starts_on == today + timedelta(days=1):
        outbox.mark_subject(event.subject_id, due_at=_morning(event.starts_on, zone))


@transaction.atomic
def restore_start(event: CalibrationStart) -> None:
    """Undo a withdrawal.

    Raises StartRefused: its day is over ("begun"), or it was not withdrawn ("gone").
    """
    event, zone, _today = _locked(event)
    if event.withdrawn_at is None:
        raise StartRefused("gone", "The start was not withdrawn.")
    event.withdrawn_at = event.withdrawn_by = None
    event.save(update_fields=["withdrawn_at", "withdrawn_by"])
    outbox.mark_subject(event.subject_id, due_at=_morning(event.starts_on, zone))


def _locked(event: CalibrationStart) -> tuple[CalibrationStart, ZoneInfo, date]:
    """The start as it stands, for this transaction alone, and the district's day. Raises StartRefused: it has begun."""
    event = CalibrationStart.objects.select_for_update(of=("self",)).select_related("subject").get(pk=event.pk)
    zone = _zone(event.subject)
    today = timezone.localdate(timezone=zone)
    if event.starts_on <= today:
        raise StartRefused("begun", "A start that has begun stays.")
    return event, zone, today


def _zone(subject: Subject) -> ZoneInfo:
    return ZoneInfo(District.objects.get(pk=subject.district_id).time_zone)


def _morning(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone) + timedelta(seconds=1)
