"""Beside Today: good news to pass on, what was done today, and the lines of six weeks that come after the page."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lrm.drawing import line
from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import TEACHER, allow
from paths.forms.news import NewsForm
from paths.forms.today import ActForm
from paths.services import news as services
from paths.services.done_today import count_done, done_today
from paths.services.six_weeks import SixWeeks, read_six_weeks
from paths.services.today import read_today
from paths.views.today import MOST_WALLS

WINDOW = 30
"""Points of a hundred that the smallest line of six weeks is high."""


@allow(TEACHER)
@require_GET
def today_beside(request: Request) -> HttpResponse:
    """Parts that htmx puts in their places on Today: a line for each class, and how much was done."""
    day = timezone.localdate()
    found = read_six_weeks(request.user, today=day, most=MOST_WALLS)
    context = {
        "lines": [
            {"weeks": each, "drawing": _spark(each)} for each in found if len(set(each.shares)) > 1 or each.flat_weeks
        ],
        "done": count_done(request.user, today=day),
    }
    return render(request, "paths/parts/today_beside.html", context)


def _spark(weeks: SixWeeks) -> dict:
    """As high as WINDOW points at least, so that a rise is seen and noise stays small."""
    known = [share for share in weeks.shares if share is not None]
    middle, span = (min(known) + max(known)) / 2, max(max(known) - min(known), WINDOW)
    return line(weeks.shares, low=middle - span / 2, high=middle + span / 2)


@allow(TEACHER)
@require_http_methods(["GET", "POST"])
def news(request: Request) -> HttpResponse:
    """The words first; each student who is ticked gets them in a conversation of their own."""
    request.nav = "today"
    day = timezone.localdate()
    tellers = services.tellers(request.user, today=day)
    looked_at(request, [pk for teller in tellers for pk, _name, _told in teller.people])
    form = NewsForm(request.POST if request.method == "POST" else None, tellers=tellers)
    if request.method == "POST" and form.is_valid():
        act = form.cleaned_data["act"]
        told = services.tell(words=form.words(), act=act, by=request.user, now=timezone.now(), today=day)
        if not told:
            messages.info(request, _("Nobody new was told."))
            return redirect("today")
        text = ngettext("%(n)s student is told.", "%(n)s students are told.", told) % {"n": told}
        messages.success(request, text + " " + _("“See or undo” takes it back."))
        return redirect("today")
    parts = form.parts()
    context = {"form": form, "parts": parts, "is_open": any(part["is_open"] for part in parts)}
    return render(request, "paths/news.html", context, status=422 if form.is_bound else 200)


@allow(TEACHER)
@require_POST
def news_undo(request: Request) -> HttpResponse:
    """act: what was told in one go."""
    form = ActForm(request.POST)
    gone, stands = (
        services.untell(act=form.cleaned_data["act"], by=request.user, now=timezone.now())
        if form.is_valid()
        else (0, [])
    )
    if gone:
        messages.info(
            request, ngettext("Taken back from %(n)s student.", "Taken back from %(n)s students.", gone) % {"n": gone}
        )
    if stands:
        names = ", ".join(stands[:3])
        messages.info(request, _("Left as it is, since it was read or answered: %(names)s.") % {"names": names})
    if not gone and not stands:
        messages.info(request, _("There was nothing left to take back."))
    return redirect("today_done")


@allow(TEACHER)
@require_GET
def today_done(request: Request) -> HttpResponse:
    """What was done today, each with its undo where it has one."""
    request.nav = "today"
    day = timezone.localdate()
    found = done_today(request.user, today=day, away=read_today(request.user, today=day).away)
    looked_at(request, {pk for each in found for pk in each.learners})
    return render(request, "paths/today_done.html", {"found": found})
