"""A learner says on the receipt where they see themselves; nobody else can."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments.services import self_ratings
from assessments.views.receipts import answer_again
from lrm.http import Request
from lrm.numbers import whole_number
from lrm.policy import LEARNER, allow
from profiles.models import Learner
from standards.models import Standard


@allow(LEARNER)
@require_POST
def rate_myself(request: Request, standard_pk: int) -> HttpResponse:
    """level: "" takes the rating back; words: why, if the learner wants to say.

    Without any level picked nothing is stored, and the words stay in the form.
    """
    learner = get_object_or_404(Learner.objects.visible_to(request.user), pk=request.user.access.learner_id)
    standard = get_object_or_404(Standard.objects.visible_to(request.user), pk=standard_pk)
    level = request.POST.get("level", "")
    words = request.POST.get("words", "").replace("\0", "")
    if "level" not in request.POST:
        return answer_again(request, learner, standard, _("Nothing was saved yet. Pick a level first."))
    try:
        # 0 is on no scale.
        view = (whole_number(level) or 0, words) if level else (None, "")
        stored = self_ratings.rate(learner=learner, views={standard: view}, at=timezone.now())
    except self_ratings.RatingRefused:
        problem = _("That was not saved. Pick a level, and use at most 280 letters.")
        return answer_again(request, learner, standard, problem)
    if stored:
        messages.success(request, _("Saved. The grown-ups at your school can see it.") if level else _("Taken back."))
    return redirect("receipt", pk=learner.pk, standard_pk=standard.pk)
