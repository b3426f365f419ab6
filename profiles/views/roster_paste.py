"""A list of names pasted from a spreadsheet: shown with what it would do, then put on the roster."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import STAFF, allow
from profiles.models import Roster
from profiles.services import pasted_list, roster_page
from profiles.services.class_codes import NoFreeNumber
from profiles.services.roster_acts import DoneAlready


@allow(*STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def roster_paste(request: Request, pk: int) -> HttpResponse:
    """Two steps: `look` shows each line with who it may be already, `add` does it."""
    roster = get_object_or_404(Roster.objects.editable_by(request.user).select_related("school", "session"), pk=pk)
    text = request.POST.get("names", "")
    too_much = pasted_list.too_much(text)
    lines = [] if too_much else pasted_list.read_block(text)
    today = timezone.localdate()
    pasted_list.compare(lines, roster=roster, account=request.user, on=today)
    if request.method == "POST" and "add" in request.POST and lines:
        return _add(request, roster, lines)
    looked_at(request, [row.pk for line in lines for row in line.same])
    request.nav = "learners"
    context = {
        "roster": roster,
        "text": text,
        "lines": lines,
        "uuid": uuid4(),
        "too_much": too_much,
        "is_empty": request.method == "POST" and not lines and not too_much,
    }
    is_refused = context["is_empty"] or too_much
    return render(request, "profiles/roster_paste.html", context, status=422 if is_refused else 200)


@allow(*STAFF)
@require_http_methods(["GET", "HEAD"])
def roster_print(request: Request, pk: int) -> HttpResponse:
    """The class list on paper, with empty columns to write in."""
    roster = get_object_or_404(Roster.objects.visible_to(request.user).select_related("school", "session"), pk=pk)
    people = roster_page.people_of(roster, today=timezone.localdate())
    learners = people.learners()
    looked_at(request, [learner.pk for learner in learners])
    request.nav = "learners"
    context = {"roster": roster, "learners": learners, "today": timezone.localdate(), "columns": range(6)}
    return render(request, "profiles/roster_print.html", context)


def _add(request: Request, roster: Roster, lines: list[pasted_list.Line]) -> HttpResponse:
    back = reverse("roster", args=[roster.pk])
    today = timezone.localdate()
    starts_on = min(max(today, roster.session.starts_on), max(today, roster.session.ends_on))
    choices = {line.number: request.POST.get(f"who-{line.number}", line.choice) for line in lines}
    try:
        uuid = UUID(request.POST.get("uuid", ""))
        act = pasted_list.add(lines, roster=roster, by=request.user, starts_on=starts_on, uuid=uuid, choices=choices)
    except ValueError:
        messages.error(request, _("Part of the page got lost on the way. Reload it, then send it once more."))
        return redirect("roster_paste", pk=roster.pk)
    except DoneAlready as done:
        return redirect(f"{back}?done={done.act.uuid}")
    except NoFreeNumber:
        messages.error(request, _("The school has used all its sign-in numbers. Ask the person who looks after LRM."))
        return redirect(back)
    if act is None:
        messages.info(request, _("Nobody was added: all of them are in this class, or were left out."))
        return redirect(back)
    return redirect(f"{back}?done={act.uuid}")
