"""Handing in: one form for words, a link or a file. It works without script; with it, a file shows how far it is.

Script asks with `Accept: application/json` and gets {"url"} or {"problem"}; people get pages.
"""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lrm.file_store import StorageTrouble
from lrm.http import Request
from lrm.intake import AUDIO, VIDEO
from lrm.policy import LEARNER, TEACHER, allow
from paths.forms.work import HandInForm, accepted, read_ticket, sign_ticket, storage_words, words_of
from paths.models import Artifact
from paths.services import artifacts
from paths.services.errors import UuidTaken
from paths.services.hand_in_limits import OverLimit, kinds_allowed
from paths.services.work_about import Offer, value_of
from paths.views.shared import note_look
from paths.views.work import about_viewer, choices_of, nav_of, shown_to
from profiles.models import Learner

STORAGE_FULL = 507
TOO_MANY = 429


@allow(LEARNER, TEACHER)
@require_http_methods(["GET", "POST"])
def hand_in(request: Request, pk: int) -> HttpResponse:
    """pk: the learner. ?for=goal:1, step:1 or reflection:1 is chosen already; ?draft= goes on with a draft."""
    own = request.user.access.learner_id == pk
    people = Learner.objects.visible_to(request.user) if own else Learner.objects.served_by(request.user)
    learner = get_object_or_404(people, pk=pk)
    note_look(request, learner.pk)
    if request.method == "GET":
        return _show(request, learner, _opened(request, learner))
    form_uuid = read_ticket(request.POST.get("ticket", ""), request.user)
    if form_uuid is None:
        return _refuse(request, learner, _("This form was opened by somebody else. Open it again as yourself."), 409)
    try:
        return _take(request, learner, form_uuid)
    except UuidTaken:
        raise Http404 from None


def _opened(request: Request, learner: Learner) -> HandInForm:
    """Empty, with what it is for, or with the words of a draft."""
    draft, about = request.GET.get("draft", ""), request.GET.get("for", "")
    initial: dict = {"ticket": sign_ticket(uuid.uuid4(), request.user)}
    if draft.isdecimal() and len(draft) <= 18:
        rows = Artifact.objects.visible_to(request.user).filter(learner=learner, is_draft=True, by=request.user)
        found = get_object_or_404(rows, pk=int(draft))
        about = value_of(found)
        initial = {**words_of(found), "ticket": sign_ticket(found.uuid, request.user), "about": about}
    offer = Offer(learner, request.user, about)
    if about and not offer.holds(about):
        raise Http404
    initial.setdefault("about", about)
    initial.setdefault("standards", offer.standards_of(about))
    allowed = kinds_allowed(learner.home_school_id)
    return HandInForm(account=request.user, offer=offer, allowed=allowed, initial=initial)


def _take(request: Request, learner: Learner, form_uuid: uuid.UUID) -> HttpResponse:
    is_draft = request.POST.get("do") == "draft"
    if found := artifacts.find_handed_in(learner=learner, uuid=form_uuid, by=request.user):
        return _done(request, found)  # the answer to the first sending was lost, or the button was pressed twice
    offer = Offer(learner, request.user, request.POST.get("about", "")[:40])
    allowed = kinds_allowed(learner.home_school_id)
    picks = "picker-back" in request.POST  # back from the page that finds standards without script
    form = HandInForm.sent(request, offer=offer, allowed=allowed, is_draft=is_draft or picks)
    if picks:
        return _show(request, learner, form)
    if not form.is_valid():
        return _show_problems(request, learner, form, is_draft=is_draft)
    values = {
        "learner": learner,
        "uuid": form_uuid,
        "words": form.words(),
        "about": offer.about(form.cleaned_data["about"]),
        "by": request.user,
        "now": timezone.now(),
    }
    if is_draft:
        return _keep_draft(request, form, values)
    try:
        handed_in = artifacts.hand_in(**values, file=form.taken)
    except OverLimit as over:
        form.add_error(None, over.message)
        return _show_problems(request, learner, form, status=TOO_MANY)
    except StorageTrouble:
        form.add_error("file", storage_words())
        return _show_problems(request, learner, form, status=STORAGE_FULL)
    if handed_in.is_new:
        messages.success(request, _("It is handed in."))
    return _done(request, handed_in.artifact)


def _keep_draft(request: Request, form: HandInForm, values: dict) -> HttpResponse:
    if form.is_empty():
        if _wants_json(request):
            return JsonResponse({"saved": False})
        messages.info(request, _("There were no words yet, so nothing was kept."))
    else:
        artifacts.save_draft(**values)
        if _wants_json(request):
            return JsonResponse({"saved": True})
        messages.info(request, _("Kept. Only you can see it until you hand it in."))
    return redirect("learner_work", pk=values["learner"].pk)


def _done(request: Request, artifact: Artifact) -> HttpResponse:
    url = reverse("work", args=[artifact.pk])
    if request.POST.get("do") == "draft":
        return JsonResponse({"saved": False, "url": url})
    return JsonResponse({"url": url}) if _wants_json(request) else redirect(url)


def _wants_json(request: Request) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _show_problems(
    request: Request, learner: Learner, form: HandInForm, *, is_draft: bool = False, status: int = 422
) -> HttpResponse:
    if not _wants_json(request):
        return _show(request, learner, form, status=status)
    if is_draft:
        return JsonResponse({"saved": False}, status=422)
    problems = {name: [str(error) for error in errors] for name, errors in form.errors.items()}
    return JsonResponse({"problems": problems}, status=status)


def _refuse(request: Request, learner: Learner, problem: str, status: int) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"problems": {"__all__": [problem]}}, status=status)
    messages.error(request, problem)
    return redirect("hand_in", pk=learner.pk)


def _show(request: Request, learner: Learner, form: HandInForm, *, status: int = 200) -> HttpResponse:
    viewer = shown_to(request, learner)
    request.nav = nav_of(viewer)
    context = {
        "form": form,
        "learner": learner,
        "groups": form.offer.groups,
        "about": form["about"].value() or "",
        "accept": accepted(form.allowed),
        "takes_sound": AUDIO in form.allowed,
        "takes_film": VIDEO in form.allowed,
        "who": str(request.user.uuid),
        **choices_of(request, form, learner),
        **about_viewer(viewer),
    }
    return render(request, "paths/hand_in.html", context, status=status)
