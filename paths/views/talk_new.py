"""A conversation that is begun: about what, who reads it, the first words."""

from uuid import uuid4

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from assessments.models import Group
from lrm.form_fields import typed
from lrm.http import Request
from lrm.policy import GUARDIAN, LEARNER, TEACHER, allow
from paths.forms.talks import TalkForm
from paths.models import Artifact, Goal, Step, Talk
from paths.services.errors import UuidTaken
from paths.services.talks import acts
from paths.services.talks.acts import Anchor
from paths.services.talks.circle import Circle, read_circle
from paths.services.talks.policy import reads_along
from paths.views.shared import ME, SHELLS, STAFF, seen_learner, viewer_of
from profiles.models import Learner
from standards.models import Standard

MEMBERS = (LEARNER, GUARDIAN, TEACHER)


@allow(*MEMBERS)
@require_http_methods(["GET", "POST"])
def talk_new(request: Request, pk: int) -> HttpResponse:
    """?goal=, ?step=, ?standard=, ?group= or ?artifact= say what it is about; each of the learner, or 404."""
    learner, circle = _around(request, pk)
    anchor = _anchor(request, learner)
    if request.method == "GET":
        return _show(request, learner, anchor, _opened(request, circle, anchor))
    form = TalkForm(request.POST, circle=circle, account=request.user)
    if not form.is_valid():
        return _show(request, learner, anchor, form, status=422)
    try:
        found = acts.begin_talk(
            learner=learner,
            anchor=anchor,
            audience=form.audience(),
            title=form.cleaned_data["title"],
            text=form.cleaned_data["text"],
            uuid=form.cleaned_data["uuid"],
            by=request.user,
            now=timezone.now(),
        )
    except UuidTaken:
        raise Http404 from None
    return redirect("talk", pk=found.pk)


@allow(*MEMBERS)
@require_POST
def talk_new_draft(request: Request, pk: int) -> HttpResponse:
    """Keep the first words while they are written. JSON: saved."""
    learner, _circle = _around(request, pk)
    anchor = _anchor(request, learner)
    text = typed(request.POST, "text", most=4000)
    acts.keep_draft(learner=learner, key=anchor.key, text=text, by=request.user, now=timezone.now())
    return JsonResponse({"saved": True})


def _around(request: Request, pk: int) -> tuple[Learner, Circle]:
    """The learner with who is around them; 404 for who neither is, teaches nor is family of the learner.

    Somebody who stands in for a teacher, or only administers, has no part in conversations.
    """
    learner = seen_learner(request, pk)
    circle = read_circle(learner, on=timezone.localdate())
    access = request.user.access
    if access.learner_id != pk and pk not in access.ward_ids and not circle.taught_by(request.user):
        raise Http404
    return learner, circle


def _anchor(request: Request, learner: Learner) -> Anchor:
    """What the address names, found by the rights of whoever asks, and only where it is the learner's."""
    account = request.user
    rows = {
        "goal": Goal.objects.visible_to(account).filter(learner=learner),
        "step": Step.objects.visible_to(account).filter(path__learner=learner),
        "standard": Standard.objects.visible_to(account),
        "group": Group.objects.filter(members__learner=learner).select_related("focus"),
        "artifact": Artifact.objects.visible_to(account).handed_in().filter(learner=learner),
    }
    for kind in acts.KINDS:
        asked = request.GET.get(kind, "")
        if asked:
            if not asked.isdecimal() or len(asked) > 18:
                raise Http404
            return Anchor(**{kind: get_object_or_404(rows[kind], pk=int(asked))})
    return Anchor()


def _opened(request: Request, circle: Circle, anchor: Anchor) -> TalkForm:
    draft = acts.draft_of(learner_id=circle.learner.pk, key=anchor.key, account=request.user)
    begun_in = str(anchor.group.section_id) if anchor.group else ""
    usual = reads_along(circle.learner, on=timezone.localdate())
    initial = {
        "uuid": uuid4(),
        "title": anchor.title,
        "text": draft,
        "teachers": begun_in,
        "with_family": usual and bool(circle.family),
    }
    return TalkForm(initial=initial, circle=circle, account=request.user)


def _show(request: Request, learner: Learner, anchor: Anchor, form: TalkForm, *, status: int = 200) -> HttpResponse:
    viewer = viewer_of(request, learner, form.circle.roster_ids)
    request.nav = "talks"
    asked = {kind: found.pk for kind in acts.KINDS if (found := getattr(anchor, kind))}
    context = {
        "learner": learner,
        "anchor": anchor,
        "form": form,
        "choices": form.choices(),
        "family": form.circle.family,
        "query": urlencode(asked),
        "draft_url": reverse("talk_new_draft", args=[learner.pk]) + (f"?{urlencode(asked)}" if asked else ""),
        "standing": Talk.objects.open_to(request.user).filter(learner=learner, **asked)[:3] if asked else (),
        "viewer": viewer,
        "is_me": viewer == ME,
        "is_staff": viewer == STAFF,
        "shell": SHELLS[viewer],
    }
    return render(request, "paths/talk_new.html", context, status=status)
