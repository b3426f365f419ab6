"""Writing a goal, and changing its words: drafts and unsaved words stay with whoever typed them."""

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lrm.form_fields import rebase
from lrm.http import Request
from lrm.numbers import whole_number
from lrm.policy import LEARNER, TEACHER, allow
from paths.forms.goals import GoalForm, with_step_moved
from paths.models import Goal, GoalEdit
from paths.services import goals as goal_services
from paths.services.errors import GoalChanged, UuidTaken
from paths.services.goal_edits import drop_typing, keep_typing, typing_of
from paths.services.offers import standards_for_learner
from paths.services.starters import starters_for
from paths.views.shared import ME, SHELLS, note_look, served_learner, viewer_of
from profiles.models import Learner
from standards.models import Standard

PICKED = "picker-back"  # the page that finds standards without script comes back with the form
MOVED = "move"  # a step was moved without script


@allow(LEARNER)
@require_http_methods(["GET", "POST"])
def goal_new(request: Request) -> HttpResponse:
    learner = get_object_or_404(Learner.objects.visible_to(request.user), pk=request.user.access.learner_id)
    return _write(request, learner)


@allow(TEACHER)
@require_http_methods(["GET", "POST"])
def learner_goal_new(request: Request, pk: int) -> HttpResponse:
    """A goal that a teacher writes with a learner."""
    return _write(request, served_learner(request, pk))


def _write(request: Request, learner: Learner) -> HttpResponse:
    if request.method == "GET":
        return _show_form(request, learner, GoalForm.opened(account=request.user))
    is_draft = request.POST.get("do") == "draft"
    if PICKED in request.POST or MOVED in request.POST:
        data = with_step_moved(request.POST)
        return _show_form(request, learner, GoalForm(data, account=request.user, is_draft=True))
    form = GoalForm(request.POST, account=request.user, is_draft=is_draft)
    if not form.is_valid():
        return _show_form(request, learner, form, status=422)
    return _store(request, learner, form, is_draft=is_draft)


def _store(request: Request, learner: Learner, form: GoalForm, *, is_draft: bool) -> HttpResponse:
    values = {"learner": learner, "uuid": form.cleaned_data["uuid"], "words": form.words(), "by": request.user}
    try:
        if not is_draft:
            found = goal_services.write_goal(**values, now=timezone.now())
            return redirect("goal", pk=found.pk)
        if form.is_empty():
            messages.info(request, _("There were no words yet, so nothing was kept."))
        else:
            goal_services.save_draft(**values)
            messages.info(request, _("Kept. Only you can see it until you finish it."))
    except UuidTaken:
        raise Http404 from None
    return redirect(_home_of(request, learner))


@allow(LEARNER, TEACHER)
@require_POST
def goal_draft(request: Request, pk: int) -> HttpResponse:
    """Autosave: keeps what is typed as a draft of its writer. Answers JSON: saved, url of the draft.

    pk: the learner. Words that could not be stored answer 422 and stay on the screen.
    """
    own = request.user.access.learner_id == pk
    people = Learner.objects.visible_to(request.user) if own else Learner.objects.served_by(request.user)
    learner = get_object_or_404(people, pk=pk)
    form = GoalForm(request.POST, account=request.user, is_draft=True)
    if not form.is_valid():
        return JsonResponse({"saved": False}, status=422)
    if form.is_empty():
        return JsonResponse({"saved": False})
    try:
        kept = goal_services.save_draft(
            learner=learner, uuid=form.cleaned_data["uuid"], words=form.words(), by=request.user
        )
    except UuidTaken:
        raise Http404 from None
    return JsonResponse({"saved": True, "url": reverse("goal_edit", args=[kept.pk])})


@allow(LEARNER, TEACHER)
@require_http_methods(["GET", "POST"])
def goal_edit(request: Request, pk: int) -> HttpResponse:
    """Change the words of a goal, or finish a draft.

    A save that came second shows both texts and keeps what was typed.
    """
    found = get_object_or_404(Goal.objects.editable_by(request.user).select_related("learner"), pk=pk)
    note_look(request, found.learner_id)
    if request.method == "GET":
        kept = typing_of(found, request.user) if found.state != Goal.State.DRAFT else None
        form = _kept_form(request, found, kept) if kept else GoalForm.opened(account=request.user, goal=found)
        return _show_form(request, found.learner, form, goal=found, kept=kept)
    if PICKED in request.POST or MOVED in request.POST:
        data = with_step_moved(request.POST)
        form = GoalForm(data, account=request.user, goal=found, is_draft=found.state == Goal.State.DRAFT)
        return _show_form(request, found.learner, form, goal=found)
    is_draft = found.state == Goal.State.DRAFT
    keeps_draft = is_draft and request.POST.get("do") == "draft"
    form = GoalForm(request.POST, account=request.user, goal=found, is_draft=keeps_draft)
    if not form.is_valid():
        return _show_form(request, found.learner, form, goal=found, status=422)
    if is_draft:
        form.cleaned_data["uuid"] = found.uuid
        return _store(request, found.learner, form, is_draft=keeps_draft)
    try:
        goal_services.revise_goal(
            goal_id=found.pk,
            version=form.cleaned_data["version"] or 0,
            words=form.words(),
            by=request.user,
            now=timezone.now(),
        )
    except GoalChanged as changed:
        found = changed.current
        rebase(form, "version", found.version)
        return _show_form(
            request,
            found.learner,
            form,
            goal=found,
            stands=GoalForm.opened(account=request.user, goal=found),
            status=409,
        )
    drop_typing(goal=found, by=request.user)
    return redirect("goal", pk=pk)


def _kept_form(request: Request, goal: Goal, kept: GoalEdit) -> GoalForm:
    """The form as it was typed and not saved; saving it builds on the wording that it was typed over."""
    data = QueryDict(mutable=True)
    for name, values in kept.typed.items():
        data.setlist(name, values)
    data["uuid"], data["version"] = str(goal.uuid), str(kept.version)
    return GoalForm(data, account=request.user, goal=goal)


@allow(LEARNER, TEACHER)
@require_POST
def goal_typing(request: Request, pk: int) -> HttpResponse:
    """Autosave of a rewording: kept for its author alone until it is saved, or thrown away (do=drop). Answers JSON."""
    found = get_object_or_404(Goal.objects.editable_by(request.user).exclude(state=Goal.State.DRAFT), pk=pk)
    note_look(request, found.learner_id)
    if request.POST.get("do") == "drop":
        drop_typing(goal=found, by=request.user)
        return redirect("goal_edit", pk=pk)
    form = GoalForm(request.POST, account=request.user, goal=found, is_draft=True)
    if not form.is_valid():
        return JsonResponse({"saved": False}, status=422)
    version = min(form.cleaned_data["version"] or found.version, found.version)
    keep_typing(goal=found, typed=form.typed(), version=version, by=request.user, now=timezone.now())
    return JsonResponse({"saved": True})


@allow(LEARNER, TEACHER)
@require_POST
def goal_discard(request: Request, pk: int) -> HttpResponse:
    """Throw a draft away; nobody else has seen it."""
    found = get_object_or_404(Goal.objects.editable_by(request.user), pk=pk, state=Goal.State.DRAFT)
    note_look(request, found.learner_id)
    goal_services.discard_draft(goal=found)
    messages.info(request, _("The unfinished goal is gone."))
    return redirect(_home_of(request, found.learner))


def _show_form(
    request: Request,
    learner: Learner,
    form: GoalForm,
    *,
    goal: Goal | None = None,
    stands: GoalForm | None = None,
    kept: GoalEdit | None = None,
    status: int = 200,
) -> HttpResponse:
    """stands: what another window has saved, shown beside what was typed.  kept: typed before and not saved."""
    viewer = viewer_of(request, learner, ())
    is_me = viewer == ME
    request.nav = "goals" if is_me else "learners"
    offered = standards_for_learner(learner)
    chosen = {str(value) for value in (form["standards"].value() or [])}
    others = [pk for pk in chosen - {str(standard.pk) for standard in offered} if whole_number(pk)]
    context = {
        "form": form,
        "goal": goal,
        "learner": learner,
        "is_me": is_me,
        "shell": SHELLS["me" if is_me else "staff"],
        "offered": [{"standard": standard, "chosen": str(standard.pk) in chosen} for standard in offered],
        "others": Standard.objects.visible_to(request.user).in_force().filter(pk__in=others) if others else [],
        "stands": stands,
        "kept": kept,
        "starters": starters_for(learner) if is_me else {},
        "is_draft": goal is None or goal.state == Goal.State.DRAFT,
    }
    return render(request, "paths/goal_form.html", context, status=status)


def _home_of(request: Request, learner: Learner) -> str:
    return reverse("goals") if request.user.access.learner_id == learner.pk else reverse("learner", args=[learner.pk])
