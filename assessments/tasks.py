"""What workers carry. Messages only say "hurry": the work stands in the outbox."""

import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from celery import shared_task
from django.utils import timezone

from assessments.hurry import hurry
from assessments.models import StaleMark
from assessments.services import calibrating, kept_counts, publishing, rollups, suggesting, telling
from assessments.services import recompute as recomputing
from lrm.scope import district_scope
from profiles.models import District
from profiles.services import blocks, rolling_over

log = structlog.get_logger()
MOST_BLOCKS = 50
QUIET = timedelta(seconds=0.4)
"""A suggestion is made when its class has been still for so long: longer than from key to key, too short to notice."""

_looks_again_at = 0.0


class PublicationsFailed(RuntimeError):
    """Districts that have no publication of today; the next run tries them again."""


@shared_task(ignore_result=True)
def recompute() -> None:
    """Work off live marks, then make the suggestions of the sections touched."""
    work_off(StaleMark.Lane.LIVE)


@shared_task(ignore_result=True)
def sweep() -> None:
    """By the clock: whatever is due and was not hurried, live before bulk."""
    _levels(StaleMark.Lane.LIVE)
    work_off(StaleMark.Lane.BULK)


@shared_task(ignore_result=True)
def fold_rollups() -> None:
    rollups.fold()


@shared_task(ignore_result=True)
def publish_daily() -> None:
    """By the clock: today's publication of every district that has none yet, by the calendar of each.

    Raises PublicationsFailed, once all others have theirs, where some could not be made.
    """
    failed = []
    for district in District.objects.order_by("pk"):
        with district_scope(district.pk):
            try:
                publishing.publish(district, day=datetime.now(ZoneInfo(district.time_zone)).date())
            except Exception:
                log.exception("publication_failed", district=district.pk)
                failed.append(district.pk)
    if failed:
        raise PublicationsFailed(f"Districts {', '.join(map(str, failed))}: see publication_failed in the log.")


@shared_task(ignore_result=True)
def forget_kept_counts() -> None:
    """By the clock: figures of days that a worker has counted go after 30 days, or with their subgroup."""
    for district in District.objects.order_by("pk"):
        with district_scope(district.pk):
            kept_counts.forget(now=timezone.now())


@shared_task(ignore_result=True)
def calibrate_nightly() -> None:
    """By the clock: candidates of every subject that was not calibrated since the night, district by district."""
    for district in District.objects.order_by("pk"):
        with district_scope(district.pk):
            calibrating.calibrate_due(district, now=datetime.now(ZoneInfo(district.time_zone)))


@shared_task(ignore_result=True)
def tend_blocks() -> None:
    """By the clock: whoever has left the school leaves its tutoring blocks too; grades of a new year."""
    for district in District.objects.order_by("pk"):
        with district_scope(district.pk):
            today = datetime.now(ZoneInfo(district.time_zone)).date()
            blocks.let_strays_go(district.pk, on=today)
            rolling_over.settle_due(district.pk, on=today)


@shared_task(ignore_result=True)
def tell_ended_groups() -> None:
    """By the clock: other systems hear of groups whose last day is past, by the calendar of each district."""
    for district in District.objects.order_by("pk"):
        now = datetime.now(ZoneInfo(district.time_zone))
        with district_scope(district.pk):
            telling.tell_of_ended(district.pk, on=now.date(), now=now)


def work_off(lane: int) -> None:
    """Levels until nothing is due in the lane that this process can lock, then groups; new levels go before groups."""
    _levels(lane)
    suggesting.suggest_due(quiet=QUIET, between=lambda: _levels(StaleMark.Lane.LIVE))
    if suggesting.any_waits():
        _look_again()


def _levels(lane: int) -> None:
    for _ in range(MOST_BLOCKS):
        if not recomputing.recompute_due(lane):
            break


def _look_again() -> None:
    """Come back when the waiting sections may be still; once for all of them, whoever has asked this process."""
    global _looks_again_at
    if time.monotonic() >= _looks_again_at:
        _looks_again_at = time.monotonic() + QUIET.total_seconds()
        hurry(in_seconds=QUIET.total_seconds())
