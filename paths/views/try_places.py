"""The teacher's page of students who are ready to try again: by standard, with places to open."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from lrm.http import Request
from lrm.looked import looked_at
from lrm.numbers import whole_number
from lrm.policy import TEACHER, allow
from paths.forms.goals import LineForm
from paths.forms.try_again import PlaceForm
from paths.models import TryPlace, TryRequest
from paths.services.errors import NotNow
from paths.services.try_places import (
    Wanted,
    answer_request,
    close_place,
    open_places,
    places_of,
    start_try,
    wanted_by,
)
from paths.views.shared import note_look


@allow(TEACHER)
@require_GET
def try_requests(request: Request) -> HttpResponse:
    return _show(request)


def _show(request: Request, *, refused: PlaceForm | None = None, key: str = "") -> HttpResponse:
    """refused: the form of places that could not be opened, for the standard of `key`."""
    wanted, places = wanted_by(request.user), places_of(request.user)
    looked_at(request, [row.learner_id for part in wanted for row in part.requests])
    looked_at(request, [row.learner_id for place in places for row in place.seated])
    chosen = set(request.POST.getlist("request"))
    request.nav = "today"
    context = {
        "wanted": [
            {
                "part": part,
                "form": refused if refused and part.key == key else _fresh(part),
                "rows": [
                    {
                        "row": row,
                        "chosen": str(row.pk) in chosen if refused and part.key == key else row.state == "asked",
                    }
                    for row in part.requests
                ],
            }
            for part in wanted
        ],
        "places": places,
        "today": timezone.localdate(),
    }
    return render(request, "paths/try_requests.html", context, status=422 if refused else 200)


def _fresh(part: Wanted) -> PlaceForm:
    seats = sum(row.state == TryRequest.State.ASKED for row in part.requests) or len(part.requests)
    return PlaceForm(initial={"seats": seats, "day": timezone.localdate()}, auto_id=f"id_{part.key}_%s")


@allow(TEACHER)
@require_POST
def try_open(request: Request) -> HttpResponse:
    """request: ids of requests for one standard in one class; with them the places."""
    ids = [pk for pk in map(whole_number, request.POST.getlist("request")) if pk]
    rows = list(TryRequest.objects.taught_by(request.user).filter(pk__in=ids).select_related("section", "standard"))
    if not rows:
        messages.error(request, _("Nothing was opened. Choose one student or more."))
        return redirect("try_requests")
    looked_at(request, [row.learner_id for row in rows])
    section, standard = rows[0].section, rows[0].standard
    key = Wanted(section, standard).key
    form = PlaceForm(request.POST, auto_id=f"id_{key}_%s")
    if not form.is_valid():
        return _show(request, refused=form, key=key)
    try:
        open_places(
            section=section,
            standard=standard,
            request_ids=[row.pk for row in rows],
            place=form.opened(),
            by=request.user,
            now=timezone.now(),
        )
    except NotNow:
        messages.info(request, _("Nobody waits for this any more. This is how it stands."))
        return redirect("try_requests")
    seats = form.cleaned_data["seats"]
    text = ngettext("%(n)d place for %(standard)s is open.", "%(n)d places for %(standard)s are open.", seats)
    messages.info(request, text % {"n": seats, "standard": standard.label})
    return redirect("try_requests")


@allow(TEACHER)
@require_POST
def try_answer(request: Request, pk: int) -> HttpResponse:
    """A line to the student, such as "first show me ..."."""
    found = get_object_or_404(TryRequest.objects.taught_by(request.user), pk=pk)
    note_look(request, found.learner_id)
    form = LineForm(request.POST)
    if not form.is_valid() or not form.cleaned_data["text"].strip():
        messages.error(request, _("Your answer was not sent. Write a line of at most 500 letters."))
        return redirect("try_requests")
    try:
        answer_request(request_id=pk, text=form.cleaned_data["text"], by=request.user, now=timezone.now())
        messages.info(request, _("Sent. The student can show more, and then waits here again."))
    except NotNow:
        messages.info(request, _("This request has gone on in the meantime. This is how it stands."))
    return redirect("try_requests")


@allow(TEACHER)
@require_POST
def try_start(request: Request, pk: int) -> HttpResponse:
    """Make the re-assessment at the first click, and open its grid with the students who have a place."""
    place = get_object_or_404(TryPlace.objects.taught_by(request.user), pk=pk, closed_at=None)
    assessment, learners = start_try(place_id=place.pk, by=request.user)
    query = urlencode({"of": ".".join(map(str, learners))}) if learners else ""
    return redirect(reverse("assessment_enter", args=[assessment.pk]) + (f"?{query}" if query else ""))


@allow(TEACHER)
@require_POST
def try_close(request: Request, pk: int) -> HttpResponse:
    """Take a place back; whoever had it waits again."""
    place = get_object_or_404(TryPlace.objects.taught_by(request.user), pk=pk)
    back = close_place(place_id=place.pk, now=timezone.now())
    text = ngettext("Closed. %(n)d student waits again.", "Closed. %(n)d students wait again.", back) % {"n": back}
    messages.info(request, text if back else _("Closed."))
    return redirect("try_requests")
