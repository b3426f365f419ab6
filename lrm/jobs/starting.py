"""Ask for long work. The row is what counts; the message to the workers only says "hurry"."""

from typing import Any

import structlog
from celery import current_app
from django.db import transaction
from django.utils.translation import get_language
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from lrm.jobs.models import Job

log = structlog.get_logger()
HURRY_EXPIRES = 30
"""Seconds; the sweep asks again."""


def start(kind: str, *, district_id: int, by: Any, params: dict[str, Any] | None = None) -> Job:
    """Have workers do this once the transaction is through. by: the account to tell, or None."""
    job = Job.objects.create(
        kind=kind, district_id=district_id, started_by=by, params=params or {}, language=get_language() or ""
    )
    transaction.on_commit(lambda: hurry(job.pk), robust=True)
    return job


def hurry(job_id: int) -> None:
    """Never waits long and never fails: without Redis the sweep finds the row later."""
    try:
        current_app.send_task(
            "lrm.tasks.run_job", [job_id], queue="bulk", retry=False, ignore_result=True, expires=HURRY_EXPIRES
        )
    except (OperationalError, RedisError, OSError) as error:
        log.warning("job_hurry_skipped", error=type(error).__name__)
