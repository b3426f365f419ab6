"""Work: a learner's list, one piece, its words, its replies. Files are served by work_files.py."""

import uuid

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lrm.form_fields import rebase
from lrm.http import Request
from lrm.numbers import whole_number
from lrm.policy import EVERYBODY, LEARNER, TEACHER, allow
from paths.forms.work import ReplyForm, WorkWordsForm
from paths.models import Artifact
from paths.services import artifacts
from paths.services.artifacts import ArtifactChanged
from paths.services.errors import UuidTaken
from paths.services.offers import standards_for_learner
from paths.services.work_page import work_of, work_page
from paths.views.shared import FAMILY, ME, SHELLS, STAFF, note_look, seen_learner, viewer_of
from profiles.models import Learner
from standards.models import Standard


@allow(LEARNER)
@require_GET
def my_work(request: Request) -> HttpResponse:
    return redirect("learner_work", pk=request.user.access.learner_id)


@allow(*EVERYBODY)
@require_GET
def learner_work(request: Request, pk: int) -> HttpResponse:
    """?page= from 1. ?away= a piece that was just put away: Undo is offered."""
    learner = seen_learner(request, pk)
    viewer = shown_to(request, learner)
    page = request.GET.get("page", "")
    shown = work_of(learner, request.user, page=max(int(page), 1) if page.isdecimal() and len(page) <= 4 else 1)
    away = request.GET.get("away", "")
    just_away = next((piece for piece in shown.put_away if str(piece.pk) == away), None)
    request.nav = nav_of(viewer)
    return render(
        request,
        "paths/learner_work.html",
        {
            "learner": learner,
            "shown": shown,
            "just_away": just_away,
            "may_hand_in": viewer == ME or is_teacher(request, viewer),
            "may_talk": request.user.access.may_talk,
            **about_viewer(viewer),
        },
    )


@allow(*EVERYBODY)
@require_GET
def work(request: Request, pk: int) -> HttpResponse:
    """One piece with what was said about it. A draft opens in the form where it is written."""
    artifact = _seen(request, pk)
    if artifact.is_draft:
        return redirect(reverse("hand_in", args=[artifact.learner_id]) + f"?draft={pk}")
    viewer = shown_to(request, artifact.learner)
    request.nav = nav_of(viewer)
    return render(
        request,
        "paths/work.html",
        {
            "page": work_page(artifact, request.user),
            "may_talk": request.user.access.may_talk and not artifact.withdrawn_at,
            "artifact": artifact,
            "learner": artifact.learner,
            "may_edit": viewer == ME or (artifact.by_id == request.user.pk and is_teacher(request, viewer)),
            "may_reply": is_teacher(request, viewer),
            "fresh_uuid": uuid.uuid4(),
            **about_viewer(viewer),
        },
    )


@allow(LEARNER, TEACHER)
@require_http_methods(["GET", "POST"])
def work_edit(request: Request, pk: int) -> HttpResponse:
    """Change the words. A save that came second keeps what was typed and shows what stands."""
    artifact = _editable(request, pk)
    if artifact.is_draft:
        return redirect(reverse("hand_in", args=[artifact.learner_id]) + f"?draft={pk}")
    if request.method == "GET":
        return _show_words(request, artifact, WorkWordsForm.opened(artifact, account=request.user))
    form = WorkWordsForm(request.POST, account=request.user)
    if form.is_valid() and not artifact.stored and not (form.words().text.strip() or form.words().link):
        form.add_error("text", _("Write a few words or add a link. You can also put the piece away."))
    if not form.is_valid():
        return _show_words(request, artifact, form, status=422)
    try:
        artifacts.change_words(
            artifact_id=pk,
            version=form.cleaned_data["version"] or 0,
            words=form.words(),
            by=request.user,
            now=timezone.now(),
        )
    except ArtifactChanged as changed:
        rebase(form, "version", changed.current.version)
        return _show_words(request, artifact, form, stands=changed.current, status=409)
    return redirect("work", pk=pk)


@allow(LEARNER, TEACHER)
@require_POST
def work_put_away(request: Request, pk: int) -> HttpResponse:
    """Put a piece away (away=1), throw a draft away, or bring a piece back (away=0)."""
    artifact = _editable(request, pk)
    home = reverse("learner_work", args=[artifact.learner_id])
    if request.POST.get("away") == "0":
        artifacts.bring_back(artifact=artifact, by=request.user)
        return redirect(home)
    artifacts.put_away(artifact=artifact, by=request.user, now=timezone.now())
    if artifact.pk is None:  # it was a draft
        messages.info(request, _("The words that you had not handed in are gone."))
        return redirect(home)
    return redirect(f"{home}?away={pk}")


@allow(TEACHER)
@require_POST
def work_reply(request: Request, pk: int) -> HttpResponse:
    rows = Artifact.objects.visible_to(request.user).handed_in()
    artifact = get_object_or_404(rows.filter(learner__in=Learner.objects.served_by(request.user)), pk=pk)
    note_look(request, artifact.learner_id)
    form = ReplyForm(request.POST)
    if form.is_valid() and form.cleaned_data["text"].strip():
        try:
            artifacts.reply(artifact=artifact, **form.cleaned_data, by=request.user, now=timezone.now())
        except UuidTaken:
            raise Http404 from None
    else:
        messages.error(request, _("Your answer was not kept. Write a line of at most 500 letters."))
    return redirect(reverse("work", args=[pk]) + "#replies")


def shown_to(request: Request, learner: Learner) -> str:
    """ME, FAMILY or STAFF, of a learner whom the account may see. A parent who teaches the child is staff here."""
    viewer = viewer_of(request, learner)
    if viewer == FAMILY and Learner.objects.served_by(request.user).filter(pk=learner.pk).exists():
        return STAFF
    return viewer


def is_teacher(request: Request, viewer: str) -> bool:
    return viewer == STAFF and TEACHER in request.user.roles


def about_viewer(viewer: str) -> dict:
    return {"viewer": viewer, "is_me": viewer == ME, "shell": SHELLS[viewer]}


def nav_of(viewer: str) -> str:
    return "my_work" if viewer == ME else "learners" if viewer == STAFF else "home"


def _seen(request: Request, pk: int) -> Artifact:
    rows = Artifact.objects.visible_to(request.user).select_related("learner", "by", "goal", "project", "step__path")
    artifact = get_object_or_404(rows, pk=pk)
    note_look(request, artifact.learner_id)
    return artifact


def _editable(request: Request, pk: int) -> Artifact:
    artifact = get_object_or_404(Artifact.objects.editable_by(request.user).select_related("learner"), pk=pk)
    note_look(request, artifact.learner_id)
    return artifact


def _show_words(
    request: Request, artifact: Artifact, form: WorkWordsForm, *, stands: Artifact | None = None, status: int = 200
) -> HttpResponse:
    viewer = shown_to(request, artifact.learner)
    request.nav = nav_of(viewer)
    context = {
        "form": form,
        "artifact": artifact,
        "learner": artifact.learner,
        "stands": stands,
        **choices_of(request, form, artifact.learner),
        **about_viewer(viewer),
    }
    return render(request, "paths/work_edit.html", context, status=status)


def choices_of(request: Request, form: forms.Form, learner: Learner) -> dict:
    """offered: standards of the learner's classes, with whether each is chosen. others: what else is chosen."""
    offered = standards_for_learner(learner)
    chosen = {str(value) for value in (form["standards"].value() or [])}
    others = [pk for pk in chosen - {str(standard.pk) for standard in offered} if whole_number(pk)]
    return {
        "offered": [{"standard": standard, "chosen": str(standard.pk) in chosen} for standard in offered],
        "others": Standard.objects.visible_to(request.user).in_force().filter(pk__in=others) if others else [],
    }
