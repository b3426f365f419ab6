"""Long work that anybody in the district has asked for: how far it is, what came of it; stopped, or begun again."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessments.services.parked import count_parked
from lrm.http import Request
from lrm.jobs import changing
from lrm.jobs.kinds import kind_of
from lrm.jobs.models import Job
from lrm.policy import DISTRICT_ADMIN, allow

MOST_SHOWN = 50
State = Job.State


@allow(DISTRICT_ADMIN)
@require_safe
def jobs(request: Request) -> HttpResponse:
    """page: of the older ones. A request of htmx, asked while something is on its way, gets the lists alone."""
    request.nav = "school"
    mine = Job.objects.visible_to(request.user).select_related("started_by").defer("params")
    unfinished = mine.filter(state__in=(State.WAITING, State.RUNNING)).order_by(
        "state", "created_at", "pk"
    )  # running ones first
    page = Paginator(mine.exclude(state__in=(State.WAITING, State.RUNNING)).order_by("-finished_at", "-pk"), MOST_SHOWN)
    over = page.get_page(request.GET.get("page"))
    context = {
        "unfinished": [_row(job) for job in unfinished[:MOST_SHOWN]],
        "more": max(0, unfinished.count() - MOST_SHOWN),
        "over": [_row(job) for job in over],
        "page": over,
        "parked": count_parked(request.user),
        "now": timezone.localtime(),
    }
    name = "assessments/jobs.html#lists" if request.htmx else "assessments/jobs.html"
    return render(request, name, context)


@allow(DISTRICT_ADMIN)
@require_POST
def job_change(request: Request, uuid: UUID) -> HttpResponse:
    """act: stop, again."""
    job = get_object_or_404(Job.objects.visible_to(request.user), uuid=uuid)
    act = request.POST.get("act")
    try:
        if act == "stop":
            changing.stop(job, by=request.user)
            messages.success(request, _("Stopped. Nothing was changed."))
        elif act == "again":
            changing.begin_again(job, by=request.user)
            messages.success(request, _("Begun again."))
        else:
            messages.error(request, _("Choose what to do with it."))
    except changing.NotNow as said:
        messages.error(request, str(said))
    return redirect("jobs")


def _row(job: Job) -> dict:
    kind = kind_of(job.kind)
    return {
        "job": job,
        "words": str(kind.words) if kind and kind.words else job.kind,
        "page": kind.page if kind else "",
        "may_stop": bool(kind and kind.stops) and not job.is_over,
        "may_begin": kind is not None and job.state in (State.FAILED, State.STOPPED),
    }
