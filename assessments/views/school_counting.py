"""Figures of earlier days, terms and subgroups of a large district: asked of a worker, and how far it is."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessments.school_filters import SchoolFilters
from assessments.services import kept_counts
from assessments.views.school_reading import read_wanted
from lrm.http import Request
from lrm.jobs.models import Job
from lrm.policy import DISTRICT_ADMIN, allow


@allow(DISTRICT_ADMIN)
@require_POST
def school_count(request: Request) -> HttpResponse:
    """Count what the address asks for, also where it has been counted; the address is that of the page.

    Raises Http404 for what is not among the account's.
    """
    wanted = read_wanted(request)
    if wanted is None:
        messages.info(request, _("These students are few enough: the page counts them itself."))
    else:
        kept_counts.ask(wanted, by=request.user)
    return redirect(f"{reverse('school')}?{SchoolFilters.parse(request.GET).query()}")


@allow(DISTRICT_ADMIN)
@require_safe
def school_counting(request: Request, uuid: UUID) -> HttpResponse:
    """How far the work is; once it is over, the page itself is asked for again."""
    jobs = Job.objects.visible_to(request.user).filter(kind=kept_counts.JOB)
    job = get_object_or_404(jobs, uuid=uuid)
    answer = render(request, "assessments/school_counting.html", {"job": job})
    if job.is_over:
        answer["HX-Refresh"] = "true"
    return answer
