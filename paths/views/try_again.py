"""A learner is ready to try a standard again: asks, shows more, takes a place or gives it back."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lrm.http import Request
from lrm.numbers import whole_number
from lrm.policy import EVERYBODY, LEARNER, allow
from paths.forms.try_again import TryForm
from paths.models import TryPlace, TryRequest
from paths.services.errors import NotNow, UuidTaken
from paths.services.offers import standards_for_learner
from paths.services.try_requests import (
    AlreadyAsked,
    NoClass,
    ask_to_try,
    free_places,
    give_place_back,
    show_more,
    take_place,
    withdraw,
)
from paths.views.shared import ME, SHELLS, note_look, viewer_of
from profiles.models import Learner
from standards.models import Standard


@allow(LEARNER)
@require_http_methods(["GET", "POST"])
def try_new(request: Request) -> HttpResponse:
    """?standard: what is ticked at first, as a level's receipt or Home names it."""
    learner = get_object_or_404(Learner.objects.visible_to(request.user), pk=request.user.access.learner_id)
    if request.method == "GET":
        standing = _standing(request, learner)
        if standing:
            return redirect("try_request", pk=standing.pk)
        initial = {"uuid": uuid.uuid4(), "standard": whole_number(request.GET.get("standard", ""))}
        return _form(request, learner, TryForm(account=request.user, learner=learner, initial=initial))
    form = TryForm(request.POST, account=request.user, learner=learner)
    if not form.is_valid():
        return _form(request, learner, form)
    try:
        found = ask_to_try(
            learner=learner,
            standard=form.cleaned_data["standard"],
            uuid=form.cleaned_data["uuid"] or uuid.uuid4(),
            proof=form.proof(),
            by=request.user,
            now=timezone.now(),
        )
    except UuidTaken:
        raise Http404 from None
    except NoClass:
        form.add_error(None, _("You are in no class right now. Ask your teacher."))
        return _form(request, learner, form)
    except AlreadyAsked as standing:
        messages.info(request, _("You have asked for this already. Here it is; you can change your words."))
        return redirect("try_request", pk=standing.request.pk)
    return redirect("try_request", pk=found.pk)


def _standing(request: Request, learner: Learner) -> TryRequest | None:
    standard = whole_number(request.GET.get("standard", ""))
    return TryRequest.objects.open().filter(learner=learner, standard=standard).first() if standard else None


def _form(request: Request, learner: Learner, form: TryForm, *, standing: TryRequest | None = None) -> HttpResponse:
    offered = [] if standing else standards_for_learner(learner)
    chosen = whole_number(str(form["standard"].value() or "")) if not standing else None
    if chosen and chosen not in {standard.pk for standard in offered}:
        offered += Standard.objects.visible_to(request.user).in_force().filter(pk=chosen)
    request.nav = "home"
    context = {
        "form": form,
        "standing": standing,
        "offered": [{"standard": standard, "chosen": standard.pk == chosen} for standard in offered],
    }
    return render(request, "paths/try_form.html", context, status=422 if form.errors else 200)


@allow(*EVERYBODY)
@require_GET
def try_request(request: Request, pk: int) -> HttpResponse:
    """One request: read by the learner's circle, acted on by the learner alone."""
    rows = TryRequest.objects.visible_to(request.user)
    found = get_object_or_404(
        rows.select_related("learner", "standard", "section", "place", "answered_by").prefetch_related("work"), pk=pk
    )
    note_look(request, found.learner_id)
    viewer = viewer_of(request, found.learner, ())
    served = viewer != ME and Learner.objects.served_by(request.user).filter(pk=found.learner_id).exists()
    request.nav = "learners" if served else "home"
    waits = found.state in (TryRequest.State.ASKED, TryRequest.State.ANSWERED)
    context = {
        "asked": found,
        "waits": waits,
        "is_me": viewer == ME,
        "viewer": viewer,
        "free": list(free_places(found)) if viewer == ME and waits else [],
        "shell": SHELLS["staff" if served else viewer],
    }
    return render(request, "paths/try_request.html", context)


@allow(LEARNER)
@require_http_methods(["GET", "POST"])
def try_change(request: Request, pk: int) -> HttpResponse:
    """Other words, or more proof."""
    found = _own(request, pk)
    if found.closed_at or found.state == TryRequest.State.PLACED:
        return redirect("try_request", pk=pk)
    bound = request.POST if request.method == "POST" else None
    initial = {"practiced": found.practiced, "link": found.link, "work": [work.pk for work in found.work.all()]}
    form = TryForm(bound, account=request.user, learner=found.learner, standard=found.standard, initial=initial)
    if bound is None or not form.is_valid():
        return _form(request, found.learner, form, standing=found)
    try:
        show_more(request_id=pk, proof=form.proof(), by=request.user, now=timezone.now())
    except NotNow:
        messages.info(request, _("Your teacher was first. This is how it stands."))
    return redirect("try_request", pk=pk)


@allow(LEARNER)
@require_POST
def try_act(request: Request, pk: int) -> HttpResponse:
    """do: withdraw, give_back, or take (place: a free one)."""
    found = _own(request, pk)
    act, now = request.POST.get("do"), timezone.now()
    if act == "withdraw":
        withdraw(request_id=found.pk, now=now)
        messages.info(request, _("You took it back. You can ask again when you like."))
    elif act == "give_back":
        give_place_back(request_id=found.pk, now=now)
        messages.info(request, _("You gave the place back. Your teacher sees that you still want to try."))
    elif act == "take":
        place = whole_number(request.POST.get("place", ""))
        try:
            take_place(request_id=found.pk, place_id=place or 0, now=now)
        except (NotNow, TryPlace.DoesNotExist):
            messages.info(request, _("This place is taken by now. You still wait for one."))
    return redirect("try_request", pk=pk)


def _own(request: Request, pk: int) -> TryRequest:
    rows = TryRequest.objects.visible_to(request.user).select_related("learner", "standard")
    return get_object_or_404(rows, pk=pk, learner_id=request.user.access.learner_id)
