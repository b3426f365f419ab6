"""The nights of all districts, each by its own clock: one that fails stops no other, and its administrators read it."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import structlog
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from lrm.jobs.models import Job
from lrm.scope import district_scope
from profiles.models import District, RetentionRun
from profiles.services import retention

log = structlog.get_logger()
KIND = "keep_to_time"
"""Of the row on the page of long work."""
HOUR = 3
"""The hour after which a night's work on old records begins."""
BROKEN = _(
    "Something went wrong in LRM itself before everything that has had its time was gone. What went stays gone. LRM "
    "tries again every hour; tell your technician."
)


def work_off() -> list[int]:
    """Of every district whose night has come: what has had its whole time goes. Ids of those where that failed.

    These are tried again the next time. A night that is through does nothing again.
    """
    failed = []
    for district in District.objects.order_by("pk"):
        zone = ZoneInfo(district.time_zone)
        now = datetime.now(zone)
        if now.hour < HOUR:
            continue
        with district_scope(district.pk), timezone.override(zone):
            if take_away(district, on=now.date()) is None:
                failed.append(district.pk)
                _note(district)
            else:
                _failed_of(district).update(state=Job.State.DONE, error="", finished_at=timezone.now())
    return failed


def take_away(district: District, *, on: date) -> RetentionRun | None:
    """The night of the open district; None where it failed, which stands in the log then."""
    try:
        return retention.run(district, on=on)
    except Exception:
        log.exception("night_failed", district=district.pk, day=on.isoformat())
        return None


def _note(district: District) -> None:
    """One row as long as it goes on failing, not one an hour; one that was begun again says itself what comes of it."""
    if Job.objects.filter(district=district, kind=KIND, state__in=(Job.State.WAITING, Job.State.RUNNING)).exists():
        return
    with translation.override(district.language):
        said = str(BROKEN)
    if not _failed_of(district).update(error=said, finished_at=timezone.now()):
        Job.objects.create(
            kind=KIND, district=district, state=Job.State.FAILED, error=said, language=district.language,
            finished_at=timezone.now(),
        )  # fmt: skip


def _failed_of(district: District):
    return Job.objects.filter(district=district, kind=KIND, state=Job.State.FAILED)
