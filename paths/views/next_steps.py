"""Choosing what comes next: the learner for themselves, or a teacher with them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lrm.http import Request
from lrm.policy import ADMINS, LEARNER, TEACHER, allow
from paths.models import Step, TemplateStep
from paths.services import offered_steps
from paths.views.shared import SHELLS, note_look
from profiles.models import Learner
from profiles.services.shown_to_families import reads_own_words

DONE = "next_step_done"  # in the session: what was taken or put aside last, for its Undo
TAKEN = "next_steps_taken"  # in the session: ids of steps taken here, which alone can be put back
TAKEN_AT_MOST = 10


@allow(LEARNER, TEACHER, *ADMINS)
@require_http_methods(["GET", "POST"])
def next_steps(request: Request, pk: int) -> HttpResponse:
    """POST: do=take or do=aside with step=, one that is offered now; do=put_back or do=offer_again with its id."""
    is_me = request.user.access.learner_id == pk
    learners = Learner.objects.visible_to(request.user) if is_me else Learner.objects.served_by(request.user)
    learner = get_object_or_404(learners, pk=pk)
    note_look(request, learner.pk)
    quotes = reads_own_words(learner, request.user)
    offered = offered_steps.offered_steps(learner, today=timezone.localdate(), quotes_profile=quotes)
    if request.method == "POST":
        _act(request, learner, {str(each.step.pk): each.step for each in offered})
        return redirect("next_steps", pk=learner.pk)
    request.nav = "my_path" if is_me else "learners"
    context = {
        "shell": SHELLS["me" if is_me else "staff"],
        "learner": learner,
        "is_me": is_me,
        "offered": offered,
        "last": request.session.pop(DONE, None),
    }
    return render(request, "paths/next_steps.html", context)


def _act(request: Request, learner: Learner, offered: dict[str, TemplateStep]) -> None:
    """What is not on offer by now changes nothing and says so."""
    do, named = request.POST.get("do"), request.POST.get("step", "")
    if do in {"take", "aside"}:
        step = offered.get(named)
        if step is None:
            messages.info(request, _("This step is not on offer anymore. Here is what you can choose now."))
        elif do == "take":
            taken = offered_steps.take_step(learner=learner, offered=step, by=request.user, now=timezone.now())
            said = _("“%(step)s” is on the path “%(path)s”.") % {"step": step.title, "path": taken.path.title}
            request.session[DONE] = {"do": "put_back", "pk": taken.pk, "text": said}
            request.session[TAKEN] = [*request.session.get(TAKEN, []), taken.pk][-TAKEN_AT_MOST:]
        else:
            aside = offered_steps.put_aside(learner=learner, offered=step, by=request.user, now=timezone.now())
            said = _("“%(step)s” is put aside.") % {"step": step.title}
            request.session[DONE] = {"do": "offer_again", "pk": aside.pk, "text": said}
    elif named.isdecimal() and len(named) <= 18:
        if do == "offer_again":
            offered_steps.offer_again(learner=learner, pk=int(named))
        elif do == "put_back" and int(named) in request.session.get(TAKEN, []):
            standing = Step.objects.filter(pk=int(named), path__learner=learner).first()
            if standing is None or not offered_steps.put_back(step=standing):
                messages.info(request, _("This step is done by now, so it stays on the path."))
