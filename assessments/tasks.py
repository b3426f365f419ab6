"""What workers carry. Messages only say "hurry": the work stands in the outbox."""

from datetime import datetime
from zoneinfo import ZoneInfo

from celery import shared_task

from assessments.models import StaleMark
from assessments.services import publishing, rollups, suggesting
from assessments.services import recompute as recomputing
from lrm.scope import district_scope
from profiles.models import District

MOST_BLOCKS = 50


@shared_task(ignore_result=True)
def recompute() -> None:
    """Work off live marks, then make the suggestions of the sections touched."""
    work_off(StaleMark.Lane.LIVE)


@shared_task(ignore_result=True)
def sweep() -> None:
    """By the clock: whatever is due and was not hurried, live before bulk."""
    work_off(StaleMark.Lane.LIVE)
    work_off(StaleMark.Lane.BULK)


@shared_task(ignore_result=True)
def fold_rollups() -> None:
    rollups.fold()


@shared_task(ignore_result=True)
def publish_daily() -> None:
    """By the clock: today's publication of every district that has none yet, by the calendar of each."""
    for district in District.objects.order_by("pk"):
        with district_scope(district.pk):
            publishing.publish(district, day=datetime.now(ZoneInfo(district.time_zone)).date())


def work_off(lane: int) -> None:
    """Blocks until nothing is due in the lane that this process can lock."""
    for _ in range(MOST_BLOCKS):
        if not recomputing.recompute_due(lane):
            break
    suggesting.suggest_due()
