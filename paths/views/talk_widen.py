"""More people read a conversation: they are named first, and the learner is asked where the words are theirs."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lrm.http import Request
from lrm.policy import LEARNER, TEACHER, allow
from paths.models import Talk, TalkWidening
from paths.services.errors import NotNow
from paths.services.talks import widening
from paths.services.talks.circle import Circle, read_circle
from paths.views.shared import ME, SHELLS, viewer_of
from paths.views.talks import open_talk


@allow(LEARNER, TEACHER)
@require_http_methods(["GET", "POST"])
def talk_widen(request: Request, pk: int) -> HttpResponse:
    """?to= of TalkWidening.To. GET names who would read all of it; POST with `shown`, whom the page named, does it."""
    talk = open_talk(request, pk)
    to = request.GET.get("to", "")
    today = timezone.localdate()
    circle = read_circle(talk.learner, on=today)
    if to not in TalkWidening.To.values or not widening.may_widen(talk, circle, request.user):
        raise Http404
    if request.method == "GET":
        return _show(request, talk, circle, to)
    shown = request.POST.get("shown", "")
    try:
        row = widening.widen(talk=talk, to=to, shown=shown, by=request.user, now=timezone.now(), on=today)
    except NotNow:
        return _nobody_more(request, talk)
    except widening.ReadersChanged:
        return _show(request, talk, circle, to, status=409)
    if row is not None and row.at is None:
        name = talk.learner.first_name
        messages.info(request, _("%(name)s is asked. Until then nobody else reads it.") % {"name": name})
    return redirect("talk", pk=pk)


@allow(LEARNER)
@require_POST
def talk_widen_answer(request: Request, pk: int) -> HttpResponse:
    """The learner's answer to a teacher who asked. answer: yes or no. shown: whom the page named."""
    rows = TalkWidening.objects.filter(talk__in=Talk.objects.open_to(request.user))
    found = get_object_or_404(
        rows.filter(talk__learner_id=request.user.access.learner_id).select_related("talk__learner"), pk=pk
    )
    answer = request.POST.get("answer", "")
    if answer not in ("yes", "no"):
        messages.error(request, _("Say yes or no."))
        return redirect("talk", pk=found.talk_id)
    try:
        widening.answer(
            widening=found,
            yes=answer == "yes",
            shown=request.POST.get("shown", ""),
            now=timezone.now(),
            on=timezone.localdate(),
        )
    except widening.ReadersChanged:
        messages.error(request, _("The names have changed. Look at them again, then answer."))
    return redirect("talk", pk=found.talk_id)


def _show(request: Request, talk: Talk, circle: Circle, to: str, *, status: int = 200) -> HttpResponse:
    if to not in widening.offers(talk, circle, request.user, list(talk.widenings.all())):
        return _nobody_more(request, talk)
    readers = widening.new_readers(talk, circle, to)
    viewer = viewer_of(request, talk.learner, circle.roster_ids)
    request.nav = "talks"
    context = {
        "talk": talk,
        "learner": talk.learner,
        "to": to,
        "readers": readers,
        "shown": widening.key_of(readers),
        "count": widening.count_messages(talk),
        "asks": widening.needs_yes(talk, to, request.user, on=timezone.localdate()),
        "has_changed": status == 409,
        "viewer": viewer,
        "is_me": viewer == ME,
        "shell": SHELLS[viewer],
    }
    return render(request, "paths/talk_widen.html", context, status=status)


def _nobody_more(request: Request, talk: Talk) -> HttpResponse:
    """They read it already, nobody would come to it, or the learner has been asked: the talk says which."""
    messages.info(request, _("Nothing has changed: look at who reads it."))
    return redirect("talk", pk=talk.pk)
