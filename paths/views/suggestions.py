"""What teachers say to the suggestions beside a profile: pin, hide, or let levels alone decide again."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lrm.form_fields import typed
from lrm.http import Request
from lrm.numbers import whole_number
from lrm.policy import TEACHER, allow
from paths.models import SuggestionMark
from paths.services.suggestions import lift_mark, mark_suggestion
from paths.views.shared import note_look, served_learner
from standards.models import Standard

LONGEST = 280


@allow(TEACHER)
@require_POST
def suggestion_mark(request: Request, pk: int) -> HttpResponse:
    """pk: the learner. standard, act (pinned or hidden) and the reason, which the learner and the family read."""
    learner = served_learner(request, pk)
    asked = whole_number(request.POST.get("standard", "")) or 0
    standard = get_object_or_404(Standard.objects.visible_to(request.user), pk=asked)
    reason = typed(request.POST, "reason").strip()
    try:
        if len(reason) > LONGEST:
            raise ValueError
        mark_suggestion(
            learner=learner,
            standard=standard,
            act=request.POST.get("act", ""),
            reason=reason,
            by=request.user,
            now=timezone.now(),
        )
    except ValueError:
        messages.error(request, _("Nothing was changed. Say why, in at most 280 letters."))
    return redirect(reverse("learner", args=[pk]) + "#suggested")


@allow(TEACHER)
@require_POST
def suggestion_lift(request: Request, pk: int) -> HttpResponse:
    mark = get_object_or_404(SuggestionMark.objects.editable_by(request.user), pk=pk)
    note_look(request, mark.learner_id)
    lift_mark(mark=mark, now=timezone.now())
    return redirect(reverse("learner", args=[mark.learner_id]) + "#suggested")
