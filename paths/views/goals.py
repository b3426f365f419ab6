"""Goals: the learner's list, the teacher's queue, the form, the page of one goal."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assessments.services.policies import Policies
from lrm.form_fields import rebase
from lrm.http import Request
from lrm.policy import EVERYBODY, LEARNER, TEACHER, allow
from paths.forms.goals import GoalForm
from paths.models import Goal, Reflection
from paths.services import goals as goal_services
from paths.services.errors import GoalChanged, UuidTaken
from paths.services.goal_page import GoalPage, goal_page
from paths.services.learner_page import goals_with_progress, progress_of
from paths.services.offers import standards_for_learner
from paths.services.work_page import work_for_goal
from paths.views.goal_review import review_queue
from paths.views.shared import ME, SHELLS, note_look, served_learner, viewer_of
from profiles.models import Learner
from standards.models import Standard

SECTIONS = (
    (Goal.State.LIVE, gettext_lazy("Now")),
    (Goal.State.DRAFT, gettext_lazy("Not finished")),
    (Goal.State.MISSED, gettext_lazy("Not reached yet")),
    (Goal.State.ACHIEVED, gettext_lazy("Reached")),
    (Goal.State.ARCHIVED, gettext_lazy("Kept for later")),
)

PICKED = "picker-back"  # the page that finds standards without script comes back with the form
FACES = (
    (1, gettext_lazy("not yet")),
    (2, gettext_lazy("a little")),
    (3, gettext_lazy("half")),
    (4, gettext_lazy("mostly")),
    (5, gettext_lazy("very")),
)


@allow(LEARNER, TEACHER)
@require_GET
def goals(request: Request) -> HttpResponse:
    """A learner's own goals by state; a teacher's queue of goals to review."""
    if TEACHER in request.user.roles:
        return review_queue(request)
    request.nav = "goals"
    rows = goals_with_progress(Goal.objects.visible_to(request.user).filter(learner=request.user.access.learner_id))
    found: dict[str, list] = {}
    for goal in rows:
        found.setdefault(goal.state, []).append(progress_of(goal))
    sections = [{"state": state, "title": title, "goals": found[state]} for state, title in SECTIONS if state in found]
    return render(request, "paths/goals.html", {"sections": sections})


@allow(*EVERYBODY)
@require_GET
def goal(request: Request, pk: int) -> HttpResponse:
    """One goal: read by whoever may see the learner, written on by the learner, answered by the teachers."""
    found = get_object_or_404(
        Goal.objects.visible_to(request.user).select_related("learner", "agreed_by", "confirmed_by"), pk=pk
    )
    if found.state == Goal.State.DRAFT:
        return redirect("goal_edit", pk=pk)
    note_look(request, found.learner_id)
    viewer = viewer_of(request, found.learner, ())
    served = viewer != ME and Learner.objects.served_by(request.user).filter(pk=found.learner_id).exists()
    request.nav = "goals" if viewer == ME else "learners" if served else "home"
    page = goal_page(
        found,
        policies=Policies(request.user.district_id),
        today=timezone.localdate(),
        for_learner=viewer == ME,
        show_all="all" in request.GET,
    )
    return render(
        request,
        "paths/goal.html",
        {
            "page": page,
            "goal": found,
            "viewer": viewer,
            "is_me": viewer == ME,
            "waits": _waits(found, page),
            "faces": [{"value": n, "word": word, "chosen": _is_todays(page, n)} for n, word in FACES],
            "helped": _helped(page),
            "teacher": found.agreed_by,
            "work": work_for_goal(found, request.user),
            "is_served": served,
            "shell": SHELLS["staff" if served else viewer],
            "fresh_uuid": uuid.uuid4(),
        },
    )


def _waits(goal: Goal, page: GoalPage) -> bool:
    """A teacher can say something about it: yes, a question, the nod."""
    if goal.state == Goal.State.ACHIEVED:
        return goal.confirmed_at is None
    return goal.state == Goal.State.LIVE and goal.agreed_at is None and bool(page.standards)


def _is_todays(page: GoalPage, confidence: int) -> bool:
    return page.todays is not None and page.todays.confidence == confidence


def _helped(page: GoalPage) -> list[dict]:
    chosen = page.draft.helped if page.draft else []
    return [{"value": value, "label": label, "chosen": value in chosen} for value, label in Reflection.Helped.choices]


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
    if PICKED in request.POST:
        return _show_form(request, learner, GoalForm(request.POST, account=request.user, is_draft=True))
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
        return _show_form(request, found.learner, GoalForm.opened(account=request.user, goal=found), goal=found)
    if PICKED in request.POST:
        form = GoalForm(request.POST, account=request.user, goal=found, is_draft=True)
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
    return redirect("goal", pk=pk)


@allow(LEARNER, TEACHER)
@require_POST
def goal_discard(request: Request, pk: int) -> HttpResponse:
    """Throw a draft away; nobody else has seen it."""
    found = get_object_or_404(
        Goal.objects.editable_by(request.user), pk=pk, state=Goal.State.DRAFT, author=request.user
    )
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
    status: int = 200,
) -> HttpResponse:
    """stands: what another window has saved, shown beside what was typed."""
    viewer = viewer_of(request, learner, ())
    is_me = viewer == ME
    request.nav = "goals" if is_me else "learners"
    offered = standards_for_learner(learner)
    chosen = {str(value) for value in (form["standards"].value() or [])}
    others = [pk for pk in chosen - {str(standard.pk) for standard in offered} if pk.isdecimal()]
    context = {
        "form": form,
        "goal": goal,
        "learner": learner,
        "is_me": is_me,
        "shell": SHELLS["me" if is_me else "staff"],
        "offered": [{"standard": standard, "chosen": str(standard.pk) in chosen} for standard in offered],
        "others": Standard.objects.visible_to(request.user).in_force().filter(pk__in=others) if others else [],
        "stands": stands,
        "is_draft": goal is None or goal.state == Goal.State.DRAFT,
    }
    return render(request, "paths/goal_form.html", context, status=status)


def _home_of(request: Request, learner: Learner) -> str:
    return reverse("goals") if request.user.access.learner_id == learner.pk else reverse("learner", args=[learner.pk])
