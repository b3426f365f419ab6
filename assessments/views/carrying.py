"""Carry results of an older framework over to a newer one: choose it, look at what would count where, say yes, undo."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from assessments.models import CarryOver
from assessments.services import carrying
from lrm.http import Request
from lrm.policy import DISTRICT_ADMIN, allow
from standards.models import Framework
from standards.services.reading import OUTWARD

REFUSED = {
    "none": lambda: _("Nothing was ticked, so nothing was changed."),
    "gone": lambda: _("The frameworks have changed meanwhile. Look once more, then decide. Nothing was changed."),
    "back": lambda: _("Results are carried the other way already. Undo that first."),
    "undone": lambda: _("It was undone already."),
}


@allow(DISTRICT_ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def carry_results(request: Request, uuid: UUID) -> HttpResponse:
    """to: uuid of the newer framework; pair: "older-newer" standard ids; retire: do not offer the older one anymore."""
    frameworks = Framework.objects.visible_to(request.user).defer("source", "definitions")
    origin = get_object_or_404(frameworks, uuid=uuid)
    others = frameworks.exclude(pk=origin.pk)
    into = _named(others, request.POST.get("to") or request.GET.get("to", ""))
    if request.method == "POST":
        return _carry(request, origin, into)
    carried = CarryOver.objects.visible_to(request.user).in_force().filter(origin=origin)
    context = {
        "origin": origin,
        "into": into,
        "others": list(others.order_by("title")),
        "carried": list(carried.select_related("into", "confirmed_by").annotate(count=Count("pairs"))),
    }
    if into is not None:
        found = carrying.read_ways(origin, into)
        context |= {
            "ways": [{"way": way, "said": _said(way)} for way in found.ways],
            "left": found.left,
            "learners": sum(way.learners > 0 for way in found.ways),
        }
    request.nav = "standards"
    return render(request, "assessments/carry_results.html", context)


@allow(DISTRICT_ADMIN)
@require_POST
def carry_undo(request: Request, pk: int) -> HttpResponse:
    carried = get_object_or_404(CarryOver.objects.visible_to(request.user).select_related("origin", "into"), pk=pk)
    try:
        carrying.undo(carried, by=request.user)
    except carrying.CarryRefused as refused:
        messages.info(request, REFUSED[refused.code]())
    else:
        messages.success(request, _("Undone. Results count where they were given; levels are being worked out."))
    return redirect("carry_results", carried.origin.uuid)


def _carry(request: Request, origin: Framework, into: Framework | None) -> HttpResponse:
    if into is None:
        raise Http404
    try:
        made = carrying.carry_over(
            origin=origin,
            into=into,
            pairs=[_pair(written) for written in request.POST.getlist("pair")],
            by=request.user,
            retire="retire" in request.POST,
        )
    except carrying.CarryRefused as refused:
        messages.error(request, REFUSED[refused.code]())
        answer = redirect("carry_results", origin.uuid)
        answer["Location"] += f"?to={into.uuid}"
        return answer
    count = made.pairs.values("origin").distinct().count()
    said = ngettext(
        "Results on %(count)s standard of %(origin)s count in %(into)s now. Levels are being worked out.",
        "Results on %(count)s standards of %(origin)s count in %(into)s now. Levels are being worked out.",
        count,
    )
    messages.success(request, said % {"count": count, "origin": origin.title, "into": into.title})
    return redirect("carry_results", origin.uuid)


def _named(frameworks, written: str) -> Framework | None:
    """The framework of a uuid in an address; none for none. Raises Http404."""
    if not written:
        return None
    try:
        return get_object_or_404(frameworks, uuid=UUID(written))
    except ValueError:
        raise Http404 from None


def _pair(written: str) -> tuple[int, int]:
    one, _dash, other = written.partition("-")
    if one.isdecimal() and other.isdecimal() and len(written) < 40:
        return int(one), int(other)
    return 0, 0  # no pair that there is


def _said(way: carrying.Way) -> str:
    said = str(OUTWARD[way.kind]) if way.kind else _("The same identifier")
    if way.kind in carrying.SAYS_THE_SAME and way.others:
        return _("%(said)s, and %(others)s more: each may be a part of it") % {"said": said, "others": way.others}
    return said
