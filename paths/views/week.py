"""My week: a learner plans it with a tap for each thing; teachers and family read it."""

from datetime import date
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lrm.form_fields import typed
from lrm.http import Request
from lrm.policy import EVERYBODY, allow
from paths.models import Step, WeekItem
from paths.services import weeks
from paths.views.shared import ME, SHELLS, seen_learner, viewer_of

MOST_LETTERS = 120


@allow(*EVERYBODY)
@require_http_methods(["GET", "HEAD", "POST"])
def learner_week(request: Request, pk: int) -> HttpResponse:
    """GET: the week. POST by the learner, act: step (step, day), words (text, day, uuid), off or tick (item)."""
    learner = seen_learner(request, pk)
    viewer = viewer_of(request, learner)
    today = timezone.localdate()
    days = weeks.read_week(learner, today=today)
    if request.method == "POST":
        if viewer != ME:
            raise Http404
        said = _change(request, {day.day for day in days})
        if said:
            messages.error(request, said)
        if not request.htmx or said:
            return redirect("learner_week", pk=pk)
        days = weeks.read_week(learner, today=today)
    context = {
        "learner": learner,
        "days": days,
        "open": weeks.open_steps(learner, days) if viewer == ME else [],
        "is_me": viewer == ME,
        "shell": SHELLS[viewer],
        "uuid": uuid4(),
        "is_next_week": days[0].day > today,
    }
    return render(request, "paths/week.html#week" if request.method == "POST" else "paths/week.html", context)


def _change(request: Request, days: set[date]) -> str:
    """Do what the form asks for; what to say where it cannot be done, else ""."""
    act = request.POST.get("act", "")
    if act in ("off", "tick"):
        item = get_object_or_404(WeekItem.objects.editable_by(request.user), pk=_number(request.POST.get("item", "")))
        if act == "off":
            weeks.take_off(item)
        elif item.step_id is None:
            weeks.tick(item, now=timezone.now())
        return ""
    day = next((day for day in days if day.isoformat() == request.POST.get("day")), None)
    if day is None:
        return _("Pick a day of this week.")
    try:
        if act == "step":
            mine = Step.objects.filter(path__learner_id=request.user.access.learner_id, path__archived_at__isnull=True)
            step = get_object_or_404(mine, pk=_number(request.POST.get("step", "")))
            weeks.plan_step(step=step, day=day, by=request.user)
            return ""
        text = typed(request.POST, "text").strip()
        if not text:
            return _("Write what you want to do.")
        if len(text) > MOST_LETTERS:
            return _("Say it in %(n)s letters or fewer. You wrote: %(text)s") % {"n": MOST_LETTERS, "text": text[:200]}
        weeks.plan_words(uuid=_uuid(request.POST.get("uuid", "")), text=text, day=day, by=request.user)
    except weeks.WeekFull:
        return _("This day is full. Pick another day.")
    return ""


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()
