"""Levels and groups that could not be worked out, for administrators: whose, since when; and to try again."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from assessments.services.parked import (
    Parked,
    ParkedGroups,
    ParkedLevels,
    read_parked_groups,
    read_parked_levels,
    try_groups_again,
    try_levels_again,
)
from lrm.http import Request
from lrm.looked import looked_at
from lrm.numbers import whole_number
from lrm.policy import DISTRICT_ADMIN, SCHOOL_ADMIN, allow
from profiles.models import Learner, Section


@dataclass(frozen=True)
class DrawnRow:
    """A line of either list. act, id: what the button sends.    said: of what, for whoever hears it."""

    parked: Parked
    name: str
    where: str
    act: str
    id: str
    said: str
    url: str = ""


@allow(SCHOOL_ADMIN, DISTRICT_ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def parked(request: Request) -> HttpResponse:
    """POST: pair=learner.subject or section of one, or act=all."""
    request.nav = "school"
    if request.method == "POST":
        return _try_again(request)
    levels, of_levels = read_parked_levels(request.user, page=request.GET.get("levels"))
    looked_at(request, {row.learner.pk for row in levels})
    groups, of_groups = read_parked_groups(request.user, page=request.GET.get("groups"))
    context = {
        "levels": [_draw_levels(row) for row in levels],
        "groups": [_draw_groups(row) for row in groups],
        "of_levels": of_levels,
        "of_groups": of_groups,
    }
    return render(request, "assessments/parked.html", context)


def _draw_levels(row: ParkedLevels) -> DrawnRow:
    name, pair = row.learner.name, f"{row.learner.pk}.{row.subject_id}"
    subject = row.subject.title if row.subject else _("a subject that is gone")
    return DrawnRow(row, name, subject, "pair", pair, f"{name}, {subject}", reverse("learner", args=[row.learner.pk]))


def _draw_groups(row: ParkedGroups) -> DrawnRow:
    section = row.section
    return DrawnRow(row, section.title, section.roster.school.name, "section", str(section.pk), section.title)


def _try_again(request: Request) -> HttpResponse:
    if request.POST.get("act") == "all":
        n = try_levels_again(request.user) + try_groups_again(request.user)
        is_theirs = True
    elif "section" in request.POST:
        section = _whole(request.POST["section"])
        n = try_groups_again(request.user, section)
        is_theirs = Section.objects.visible_to(request.user).filter(pk=section).exists()
    else:
        learner, _dot, subject = request.POST.get("pair", "").partition(".")
        n = try_levels_again(request.user, [(_whole(learner), _whole(subject))])
        is_theirs = Learner.objects.served_by(request.user).filter(pk=int(learner)).exists()
    if n:
        said = ngettext(
            "Trying again. If it fails again, it is back on this list within two minutes.",
            "Trying again. Of these %(n)s, those that fail again are back on this list within two minutes.",
            n,
        )
        messages.success(request, said % {"n": n})
    elif is_theirs:
        messages.info(request, _("That is being tried already."))
    else:
        raise Http404("No such thing is parked.")
    return redirect("parked")


def _whole(typed: str) -> int:
    found = whole_number(typed)
    if found is None:
        raise Http404("No such number.")
    return found
