"""A learner says on the receipt where they see themselves; nobody else can."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments.services import self_ratings
from lrm.http import Request
from lrm.policy import LEARNER, allow
from profiles.models import Learner
from standards.models import Standard


@allow(LEARNER)
@require_POST
def rate_myself(request: Request, standard_pk: int) -> HttpResponse:
    """level: "" takes the rating back; words: why, if the learner wants to say."""
    learner = get_object_or_404(Learner.objects.visible_to(request.user), pk=request.user.access.learner_id)
    standard = get_object_or_404(Standard.objects.visible_to(request.user), pk=standard_pk)
    level = request.POST.get("level", "")
    words = request.POST.get("words", "").replace("\0", "")
    try:
        if level and not level.isdecimal():
            raise self_ratings.RatingRefused
        view = (int(level) if level else None, words if level else "")
        stored = self_ratings.rate(learner=learner, views={standard: view}, at=timezone.now())
    except self_ratings.RatingRefused:
        messages.error(request, _("That was not saved. Pick a level, and use at most 280 letters."))
    else:
        if stored:
            messages.success(request, _("Saved. Your teacher can see it.") if level else _("Taken back."))
    return redirect("receipt", pk=learner.pk, standard_pk=standard.pk)
