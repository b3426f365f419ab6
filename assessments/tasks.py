"""What workers carry. Messages only say "hurry": the work stands in the outbox."""

import time
from datetime import timedelta

from celery import shared_task

from assessments.hurry import hurry
from assessments.models import StaleMark
from assessments.services import calibrating, kept_counts, publishing, rollups, suggesting, telling
from assessments.services import recompute as recomputing
from profiles.services import blocks, rolling_over
from profiles.services.every_district import in_every_district

MOST_BLOCKS = 50
QUIET = timedelta(seconds=0.4)
"""A suggestion is made when its class has been still for so long: longer than from key to key, too short to notice."""

_looks_again_at = 0.0


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
    """By the clock: today's publication of every district that has none yet, by the calendar of each."""
    in_every_district("publication_failed", lambda district, now: publishing.publish(district, day=now.date()))


@shared_task(ignore_result=True)
def forget_kept_counts() -> None:
    """By the clock: figures of days that a worker has counted go after 30 days, or with their subgroup."""
    in_every_district("kept_counts_not_forgotten", lambda _district, now: kept_counts.forget(now=now))


@shared_task(ignore_result=True)
def calibrate_nightly() -> None:
    """By the clock: candidates of every subject that was not calibrated since the night, district by district."""
    in_every_district("calibrations_failed", lambda district, now: calibrating.calibrate_due(district, now=now))


@shared_task(ignore_result=True)
def tend_blocks() -> None:
    """By the clock: whoever has left the school leaves its tutoring blocks too; grades of a new year."""
    in_every_district(
        "blocks_not_tended",
        lambda district, now: blocks.let_strays_go(district.pk, on=now.date()),
        lambda district, now: rolling_over.settle_due(district.pk, on=now.date()),
    )


@shared_task(ignore_result=True)
def tell_ended_groups() -> None:
    """By the clock: other systems hear of groups whose last day is past, by the calendar of each district."""
    in_every_district(
        "ended_groups_not_told", lambda district, now: telling.tell_of_ended(district.pk, on=now.date(), now=now)
    )


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
