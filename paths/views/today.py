"""A teacher's Today: what needs me in order, my classes as small walls, and good news to pass on."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from lrm.drawing import small_wall
from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import TEACHER, allow
from paths.forms.today import SnoozeForm
from paths.services import today as services
from paths.services.today_lines import LESSON, TODAY, WEEK

PARTS = (
    (LESSON, gettext_lazy("Before the next lesson")),
    (TODAY, gettext_lazy("Today")),
    (WEEK, gettext_lazy("This week")),
)
MOST_WALLS = 6


@allow(TEACHER)
@require_GET
def today(request: Request) -> HttpResponse:
    """?put_off: key of the line that was just put off, to be taken back."""
    request.nav = "today"
    day = timezone.localdate()
    found = services.read_today(request.user, today=day)
    looked_at(request, found.learners)
    first, rest = (found.lines[0], found.lines[1:]) if found.lines else (None, [])
    undo = SnoozeForm({"key": request.GET.get("put_off", "")})
    context = {
        "day": day,
        "found": found,
        "put_off_url": reverse("today_put_off"),
        "first": first,
        "parts": [
            {"title": title, "lines": lines}
            for part, title in PARTS
            if (lines := [line for line in rest if line.part == part])
        ],
        "walls": [{"shown": shown, "drawing": small_wall(shown.grid)} for shown in found.classes[:MOST_WALLS]],
        "is_yesterday": (day - found.news_since).days == 1,
        "more_classes": found.classes[MOST_WALLS:],
        "toast": {
            "text": _("Back tomorrow."),
            "undo_url": reverse("today_take_back") + "?" + urlencode({"key": undo.cleaned_data["key"]}),
        }
        if undo.is_valid()
        else None,
    }
    return render(request, "paths/today.html", context)


@allow(TEACHER)
@require_POST
def today_put_off(request: Request) -> HttpResponse:
    """key: of a line; it comes back tomorrow."""
    form = SnoozeForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was put off: that line is not on this page."))
        return redirect("today")
    services.put_off(request.user, form.cleaned_data["key"], today=timezone.localdate())
    return redirect(f"{reverse('today')}?{urlencode({'put_off': form.cleaned_data['key']})}")


@allow(TEACHER)
@require_POST
def today_take_back(request: Request) -> HttpResponse:
    """?key: of a line that was put off."""
    form = SnoozeForm(request.GET)
    if form.is_valid():
        services.take_back(request.user, form.cleaned_data["key"])
    return redirect("today")
