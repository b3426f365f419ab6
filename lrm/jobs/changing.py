"""What administrators do with jobs: stop one that is on its way, begin a failed one again."""

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lrm.jobs.kinds import kind_of
from lrm.jobs.models import Job
from lrm.jobs.starting import hurry

log = structlog.get_logger()
State = Job.State


class NotNow(ValueError):
    """Nothing was changed. The message says why."""


@transaction.atomic
def stop(job: Job, *, by: object) -> None:
    """What it has done so far goes back; whoever works on it notices at its next step. Raises NotNow."""
    kind = kind_of(job.kind)
    if not (kind and kind.stops):
        raise NotNow(_("This kind of work cannot be stopped on its way."))
    unfinished = Job.objects.filter(pk=job.pk, state__in=(State.WAITING, State.RUNNING))
    said = _("It was stopped, and nothing was changed.")
    if not unfinished.update(state=State.STOPPED, error=said, message="", finished_at=timezone.now()):
        raise NotNow(_("It has come to its end meanwhile."))
    log.info("job_stopped_by", job=job.pk, kind=job.kind, account=getattr(by, "pk", None))


@transaction.atomic
def begin_again(job: Job, *, by: object) -> None:
    """As if it were asked for now, by whoever asked first. Raises NotNow."""
    locked = Job.objects.select_for_update(of=("self",)).get(pk=job.pk)
    if locked.state not in (State.FAILED, State.STOPPED):
        raise NotNow(_("It is at work again, or done."))
    kind = kind_of(locked.kind)
    if kind is None:
        raise NotNow(_("This LRM does no such work any more."))
    if hindrance := kind.hindrance(locked):
        raise NotNow(hindrance)
    Job.objects.filter(pk=job.pk).update(
        state=State.WAITING, tries=0, done=0, total=0, error="", message="", begun_at=None, finished_at=None
    )
    log.info("job_begun_again", job=job.pk, kind=job.kind, account=getattr(by, "pk", None))
    transaction.on_commit(lambda: hurry(job.pk), robust=True)
