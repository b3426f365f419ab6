"""What workers carry for the learner's side."""

from datetime import datetime

from celery import shared_task
from django.utils import timezone

from paths.services import artifacts, check_in_keeping
from paths.services.talks import digest
from profiles.models import District
from profiles.services.every_district import in_every_district


@shared_task(ignore_result=True)
def sweep_files() -> None:
    """By the clock: files that no piece of work and no answer names go, a day after they came."""
    artifacts.sweep_files()


@shared_task(ignore_result=True)
def send_digests() -> None:
    """By the clock: the mails of every district that are due, by the calendar of each."""
    in_every_district("digests_failed", lambda district, now: digest.send_due(district, now=now))


@shared_task(ignore_result=True)
def keep_check_ins() -> None:
    """By the clock: the grids of data meetings whose day is over, by the calendar of each district."""
    in_every_district("check_ins_not_kept", _keep_check_ins)


def _keep_check_ins(_district: District, now: datetime) -> None:
    with timezone.override(now.tzinfo):
        check_in_keeping.keep_due(today=now.date())
