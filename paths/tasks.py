"""What workers carry for the learner's side."""

from datetime import datetime
from zoneinfo import ZoneInfo

from celery import shared_task
from django.utils import timezone

from lrm.scope import district_scope
from paths.services import artifacts, check_in_keeping
from paths.services.talks import digest
from profiles.models import District


class CheckInsNotKept(RuntimeError):
    """Grids of check-ins that could not be stored; the next run tries them again."""


@shared_task(ignore_result=True)
def sweep_files() -> None:
    """By the clock: files that no piece of work and no answer names go, a day after they came."""
    artifacts.sweep_files()


@shared_task(ignore_result=True)
def send_digests() -> None:
    """By the clock: the mails of every district that are due, by the calendar of each."""
    for district in District.objects.order_by("pk"):
        with district_scope(district.pk):
            digest.send_due(district, now=datetime.now(ZoneInfo(district.time_zone)))


@shared_task(ignore_result=True)
def keep_check_ins() -> None:
    """By the clock: the grids of data meetings whose day is over, by the calendar of each district.

    Raises CheckInsNotKept, once all others are stored, where some could not be.
    """
    failed = []
    for district in District.objects.order_by("pk"):
        with district_scope(district.pk), timezone.override(ZoneInfo(district.time_zone)):
            failed += check_in_keeping.keep_due(today=timezone.localdate())
    if failed:
        raise CheckInsNotKept(f"Data check-ins {', '.join(map(str, failed))}: see check_in_not_kept in the log.")
