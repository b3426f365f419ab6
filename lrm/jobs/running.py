"""Carry a job out: once at a time, begun again after a kill, and a failure told in words."""

from contextlib import suppress
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lrm.acting import Actor, acting
from lrm.full_disk import is_full_disk
from lrm.jobs.kinds import KINDS, JobRefused, load_kinds
from lrm.jobs.models import Job
from lrm.jobs.reporting import JobStopped, Reporter, held_ids, holding
from lrm.jobs.starting import hurry
from lrm.scope import district_scope, unscoped

log = structlog.get_logger()
MOST_TRIES = 3
KEPT = timedelta(days=30)
State = Job.State
BROKEN = gettext_lazy("Something went wrong in LRM itself. Nothing was changed. Try again, or tell your technician.")
DISK_FULL = gettext_lazy(
    "The disk of the database is full. Nothing was changed. Tell your technician to make room, then try again."
)


class Work:
    """What a kind of job gets to work with."""

    def __init__(self, job: Job, reporter: Reporter):
        self.job, self._reporter, self._is_finished = job, reporter, False

    def say(self, done: int, total: int, message: str = "", *, at_once: bool = False) -> None:
        """How far it is. Cheap: most calls do nothing. Not after `finish`. Raises JobStopped."""
        self._reporter.say(done, total, message, at_once=at_once or done == 0)

    def finish(self, result: dict[str, Any] | None = None) -> None:
        """The work is done. In the transaction of the work, so that both hold or neither does. Raises JobStopped."""
        done = Job.objects.filter(pk=self.job.pk).exclude(state=State.STOPPED)
        if not done.update(
            state=State.DONE, done=F("total"), message="", result=result or {}, finished_at=timezone.now()
        ):
            raise JobStopped
        self._is_finished = True


def run(job_id: int) -> None:
    """Do the work, unless it is over or another process is at it. Never raises for a failure of the work itself."""
    with unscoped("a job says itself which district it is for"):
        job = Job.objects.select_related("district", "started_by__district").filter(pk=job_id).first()
    if job is None or job.is_over:
        return
    zone = ZoneInfo(job.district.time_zone)
    with (
        holding(job_id) as reporter,
        district_scope(job.district_id),
        timezone.override(zone),
        import_string(settings.SPEAKER)(job.started_by, job.language),
    ):
        if reporter is not None and _begin(job_id):
            job.refresh_from_db()
            _carry_out(Work(job, reporter))


def _begin(job_id: int) -> bool:
    """Whether it is to be done: not over meanwhile, and not given up."""
    unfinished = Job.objects.filter(pk=job_id, state__in=(State.WAITING, State.RUNNING))
    if unfinished.filter(tries__gte=MOST_TRIES).exists():
        _fail(
            job_id, _("It was begun three times and never came to its end. Nothing was changed. Tell your technician.")
        )
        return False
    return bool(unfinished.update(state=State.RUNNING, tries=F("tries") + 1, begun_at=timezone.now()))


def _carry_out(work: Work) -> None:
    job = work.job
    try:
        load_kinds()
        kind = KINDS[job.kind]
        with acting(Actor(kind.way, job.kind, job.started_by_id)):
            kind.do(work)
    except JobRefused as refused:
        _fail(work.job.pk, str(refused))
    except JobStopped:
        log.info("job_stopped", job=work.job.pk, kind=work.job.kind)
    except Exception as trouble:
        log.exception("job_failed", job=work.job.pk, kind=work.job.kind)
        _fail(work.job.pk, DISK_FULL if is_full_disk(trouble) else BROKEN)
    else:
        _end(work)


def _end(work: Work) -> None:
    """Work that has nothing to keep with its end says none."""
    if not work._is_finished:
        with suppress(JobStopped):
            work.finish()


def _fail(job_id: int, error: object) -> None:
    Job.objects.filter(pk=job_id).exclude(state__in=(State.DONE, State.STOPPED)).update(
        state=State.FAILED, error=str(error)[:1000], message="", finished_at=timezone.now()
    )


def sweep() -> None:
    """Ask again for jobs that wait or whose worker was killed, the oldest first."""
    with unscoped("jobs of every district"):
        ids = list(
            Job.objects.filter(state__in=(State.WAITING, State.RUNNING))
            .order_by("created_at")
            .values_list("pk", flat=True)
        )
    if ids:
        held = held_ids()
        for pk in ids:
            if pk not in held:
                hurry(pk)


def forget_old() -> None:
    """Drop rows of jobs that ended 30 days ago."""
    with unscoped("jobs of every district"):
        Job.objects.filter(finished_at__lt=timezone.now() - KEPT).delete()
