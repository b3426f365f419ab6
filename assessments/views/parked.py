"""Levels that could not be worked out, for administrators: whose, in what, since when; and to try again."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from assessments.services.parked import read_parked, try_again
from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import DISTRICT_ADMIN, SCHOOL_ADMIN, allow
from profiles.models import Learner


@allow(SCHOOL_ADMIN, DISTRICT_ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def parked(request: Request) -> HttpResponse:
    """POST: pair=learner.subject of one, or act=all."""
    request.nav = "school"
    if request.method == "POST":
        return _try_again(request)
    rows = read_parked(request.user)
    looked_at(request, {row.learner.pk for row in rows})
    return render(request, "assessments/parked.html", {"rows": rows})


def _try_again(request: Request) -> HttpResponse:
    pairs = None
    if request.POST.get("act") != "all":
        learner, _dot, subject = request.POST.get("pair", "").partition(".")
        if not all(pk.isdecimal() and len(pk) < 19 for pk in (learner, subject)):
            raise Http404("No such pair.")
        pairs = [(int(learner), int(subject))]
    n = try_again(request.user, pairs)
    if n:
        said = ngettext(
            "Trying again. If it fails again, the student is back on this list within a minute.",
            "Trying again. Of these %(n)s, those that fail again are back on this list within a minute.",
            n,
        )
        messages.success(request, said % {"n": n})
    elif pairs and Learner.objects.served_by(request.user).filter(pk=pairs[0][0]).exists():
        messages.info(request, _("That is being tried already."))
    elif pairs is not None:
        raise Http404("No such pair is parked.")
    return redirect("parked")
