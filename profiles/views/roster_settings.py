"""A class's settings: its sign-in code and cards, its staff and sections."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import STAFF, allow
from profiles.models import Roster
from profiles.services import class_codes, new_class, roster_page
from profiles.views.roster_history import toast_of


def _editable(request: Request, pk: int) -> Roster:
    request.nav = "learners"
    return get_object_or_404(Roster.objects.editable_by(request.user).select_related("school", "session"), pk=pk)


@allow(*STAFF)
@require_safe
def roster_settings(request: Request, pk: int) -> HttpResponse:
    """For whoever may change the roster: the code opens the learners' door."""
    roster = _editable(request, pk)
    context = {
        "roster": roster,
        "sections": roster_page.sections_of(roster, account=request.user),
        "staff": roster_page.staff_of(roster, today=timezone.localdate()),
        "may_remove": new_class.removable_by(request.user).filter(pk=pk).exists() and not new_class.is_in_use(roster),
        "toast": toast_of(request),
    }
    return render(request, "profiles/roster_settings.html", context)


@allow(*STAFF)
@require_POST
def roster_class_code(request: Request, pk: int) -> HttpResponse:
    """A new class code, and numbers for those who have none. Cards that were printed before stop to work."""
    roster = _editable(request, pk)
    people = roster_page.people_of(roster, today=timezone.localdate())
    try:
        class_codes.give_numbers([learner.pk for learner in people.learners()])
    except class_codes.NoFreeNumber:
        messages.error(request, _("The school has used all its sign-in numbers. Ask the person who looks after LRM."))
        return redirect("roster_settings", pk=pk)
    had_one = bool(roster.class_code)
    class_codes.renew_class_code(roster=roster)
    messages.success(
        request,
        _("The class has a new code. Print the cards again: the old ones do not open anything anymore.")
        if had_one
        else _("The class has a code now. Print the cards and hand them out."),
    )
    return redirect("roster_settings", pk=pk)


@allow(*STAFF)
@require_safe
def roster_cards(request: Request, pk: int) -> HttpResponse:
    """Cards to cut out: each learner's first name, the class code and the number."""
    roster = _editable(request, pk)
    people = roster_page.people_of(roster, today=timezone.localdate())
    learners = people.learners()
    looked_at(request, [learner.pk for learner in learners])
    context = {
        "roster": roster,
        "learners": [learner for learner in learners if learner.number],
        "without_number": len([learner for learner in learners if not learner.number]),
    }
    return render(request, "profiles/roster_cards.html", context)
