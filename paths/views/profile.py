"""The profile in the learner's own words: read by the circle, written by the learner, or visibly by a teacher."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from lrm.form_fields import rebase
from lrm.http import Request
from lrm.policy import EVERYBODY, LEARNER, TEACHER, allow
from paths.forms.entries import EntryForm, EntryTextForm
from paths.views.shared import SHELLS, STAFF, note_look, seen_learner, viewer_of
from profiles.models import Learner, ProfileEntry
from profiles.services import entries
from profiles.services.entries import EntryChanged
from profiles.services.shown_to_families import reads_own_words, shows_own_words

Kind = ProfileEntry.Kind
QUESTIONS = {
    Kind.STRENGTH: gettext_lazy("What can you do well? What do friends ask you about?"),
    Kind.NEED: gettext_lazy("When do you get stuck? What takes you long?"),
    Kind.INTEREST: gettext_lazy("What do you like to do, read or talk about?"),
    Kind.MOTIVATION: gettext_lazy("What makes you want to start? What do you want to be able to do?"),
    Kind.ASPIRATION: gettext_lazy("What do you want to do one day? Who do you want to be?"),
    Kind.LEARNS_BEST: gettext_lazy("Where, how and with whom do you learn best?"),
}


@dataclass(frozen=True)
class Wording:
    """An entry's newest wording with the ones before it, newest first."""

    entry: ProfileEntry
    earlier: list[ProfileEntry]


@dataclass(frozen=True)
class Prompt:
    kind: str
    heading: str
    question: str
    wordings: list[Wording]
    put_away: list[Wording]
    form: EntryForm


@allow(*EVERYBODY)
@require_http_methods(["GET", "POST"])
def profile(request: Request, pk: int) -> HttpResponse:
    """Prompts, what stands under each, its history, and what was put away; a form for each prompt to who may write."""
    learner = seen_learner(request, pk)
    if not reads_own_words(learner, request.user):
        raise Http404
    may_write = _may_write(request, learner)
    refused: EntryForm | None = None
    if request.method == "POST":
        if not may_write:
            raise Http404
        form = EntryForm(request.POST)
        if form.is_valid():
            entries.add_entry(learner=learner, **form.cleaned_data, by=request.user, now=timezone.now())
            return redirect(reverse("profile", args=[pk]) + f"#{form.cleaned_data['kind']}")
        refused = form
    viewer = viewer_of(request, learner)
    request.nav = "learners" if viewer == STAFF else "home"
    context = {
        "learner": learner,
        "prompts": _prompts(learner, refused, request.GET),
        "may_write": may_write,
        "to_family": shows_own_words(learner, request.user.district),
        "viewer": viewer,
        "shell": SHELLS[viewer],
    }
    return render(request, "paths/profile.html", context, status=422 if refused else 200)


@allow(LEARNER, TEACHER)
@require_http_methods(["GET", "POST"])
def entry_edit(request: Request, pk: int) -> HttpResponse:
    """A new wording. Where another window was first, both texts are shown and what was typed stays."""
    entry = _writable(request, pk)
    newest = entries.newest_of(entry)
    stands = None
    if request.method == "POST":
        form = EntryTextForm(request.POST)
        if form.is_valid():
            based_on = _wording_in(newest, form.cleaned_data["seen"])
            try:
                entries.revise_entry(
                    entry=based_on, text=form.cleaned_data["text"], by=request.user, now=timezone.now()
                )
                return redirect(reverse("profile", args=[entry.learner_id]) + f"#{entry.kind}")
            except EntryChanged as changed:
                stands = changed.newest
                rebase(form, "seen", stands.pk)
    else:
        form = EntryTextForm(initial={"seen": newest.pk, "text": newest.text})
    viewer = viewer_of(request, entry.learner)
    request.nav = "learners" if viewer == STAFF else "home"
    context = {
        "entry": newest,
        "learner": entry.learner,
        "form": form,
        "stands": stands,
        "question": QUESTIONS[Kind(entry.kind)],
        "viewer": viewer,
        "shell": SHELLS[viewer],
    }
    status = 409 if stands else 422 if form.errors else 200
    return render(request, "paths/entry_form.html", context, status=status)


@allow(LEARNER, TEACHER)
@require_POST
def entry_put_away(request: Request, pk: int) -> HttpResponse:
    """Put an entry away (away=1), or bring it back (away=0). It stays in the history."""
    entry = entries.newest_of(_writable(request, pk))
    if request.POST.get("away") == "0":
        entries.restore_entry(entry=entry)
    else:
        entries.archive_entry(entry=entry)
        messages.info(request, _("Put away. You find it under “Put away” and can bring it back."))
    return redirect(reverse("profile", args=[entry.learner_id]) + f"#{entry.kind}")


def _may_write(request: Request, learner: Learner) -> bool:
    """The learner; or who teaches the learner, by name."""
    if request.user.access.learner_id == learner.pk:
        return True
    return TEACHER in request.user.roles and Learner.objects.served_by(request.user).filter(pk=learner.pk).exists()


def _writable(request: Request, pk: int) -> ProfileEntry:
    found = get_object_or_404(ProfileEntry.objects.visible_to(request.user).select_related("learner"), pk=pk)
    if not (_may_write(request, found.learner) and reads_own_words(found.learner, request.user)):
        raise Http404
    note_look(request, found.learner_id)
    return found


def _wording_in(newest: ProfileEntry, pk: int) -> ProfileEntry:
    """The wording with this id in the history of the entry; the newest where the id is not of it."""
    return ProfileEntry.objects.filter(learner=newest.learner_id, kind=newest.kind, pk=pk).first() or newest


def _prompts(learner: Learner, refused: EntryForm | None, asked: dict) -> list[Prompt]:
    """asked: kind and text that a link suggests; they stand in the form until the learner keeps them."""
    rows = list(ProfileEntry.objects.filter(learner=learner).select_related("author"))
    by_id = {row.pk: row for row in rows}
    replaced = {row.replaces_id for row in rows if row.replaces_id}
    current: dict[str, list[Wording]] = {}
    away: dict[str, list[Wording]] = {}
    for row in rows:
        if row.pk in replaced:
            continue
        earlier, older = [], row.replaces_id
        while older:
            earlier.append(by_id[older])
            older = by_id[older].replaces_id
        (away if row.archived_at else current).setdefault(row.kind, []).append(Wording(row, earlier))
    prompts = []
    for kind in Kind:
        form = (
            refused
            if refused and refused.data.get("kind") == kind
            else EntryForm(
                initial={"kind": kind, "text": asked.get("text", "")[:500] if asked.get("kind") == kind else ""},
                auto_id=f"id_{kind}_%s",
            )
        )
        prompts.append(
            Prompt(kind.value, str(kind.label), str(QUESTIONS[kind]), current.get(kind, []), away.get(kind, []), form)
        )
    return prompts
