"""Projects: lists, the proposal, the page of one. Acts on that page stand in project_acts.py."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from lrm.form_fields import rebase
from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import EVERYBODY, LEARNER, TEACHER, allow
from paths.forms.projects import EndForm, ProjectForm, TimeForm
from paths.models import Project
from paths.services import projects as services
from paths.services.errors import NotNow, UuidTaken
from paths.services.project_page import hours_said, project_page, projects_of, projects_taught, sections_to_enter
from paths.services.projects import ProjectChanged
from paths.views.shared import ME, STAFF, note_look, seen_learner
from paths.views.work import about_viewer, choices_of, is_teacher, shown_to
from profiles.models import Learner

State = Project.State


@allow(LEARNER, TEACHER)
@require_GET
def projects(request: Request) -> HttpResponse:
    """A learner's own; a teacher's, of all learners whom they teach."""
    if TEACHER not in request.user.roles:
        return learner_projects(request, request.user.access.learner_id)
    lists = projects_taught(request.user)
    looked_at(request, {project.learner_id for part in lists.parts for project in part.projects})
    request.nav = "goals"
    return render(request, "paths/projects_taught.html", {"lists": lists})


@allow(*EVERYBODY)
@require_GET
def learner_projects(request: Request, pk: int) -> HttpResponse:
    learner = seen_learner(request, pk)
    viewer = shown_to(request, learner)
    request.nav = "my_path" if viewer == ME else "learners" if viewer == STAFF else "home"
    lists = projects_of(learner, request.user)
    return render(request, "paths/projects.html", {"learner": learner, "lists": lists, **about_viewer(viewer)})


@allow(LEARNER)
@require_http_methods(["GET", "POST"])
def project_new(request: Request) -> HttpResponse:
    """A proposal. do=draft keeps what is typed (answers JSON), do=later keeps it and leaves."""
    learner = get_object_or_404(Learner.objects.visible_to(request.user), pk=request.user.access.learner_id)
    if request.method == "GET":
        return _show_form(request, learner, ProjectForm.opened(account=request.user))
    return _write(request, learner, None)


@allow(LEARNER)
@require_http_methods(["GET", "POST"])
def project_edit(request: Request, pk: int) -> HttpResponse:
    """Go on with a draft, answer a question, or say the project anew. A save that came second keeps what was typed."""
    project = get_object_or_404(Project.objects.owned_by(request.user).select_related("learner"), pk=pk)
    if project.state not in services.CHANGEABLE:
        messages.info(request, _("This project is being decided, so its words stay as they are."))
        return redirect("project", pk=pk)
    if request.method == "GET":
        return _show_form(request, project.learner, ProjectForm.opened(account=request.user, project=project))
    if project.state == State.DRAFT:
        return _write(request, project.learner, project)
    if "picker-back" in request.POST:
        form = ProjectForm(request.POST, account=request.user, project=project, is_draft=True)
        return _show_form(request, project.learner, form)
    form = ProjectForm(request.POST, account=request.user, project=project)
    if not form.is_valid():
        return _show_form(request, project.learner, form, status=422)
    try:
        services.change(
            project_id=pk,
            version=form.cleaned_data["version"] or 0,
            words=form.words(),
            answer=form.cleaned_data["answer"],
            by=request.user,
            now=timezone.now(),
        )
    except ProjectChanged as changed:
        rebase(form, "version", changed.current.version)
        stands = ProjectForm.opened(account=request.user, project=changed.current)
        return _show_form(request, project.learner, form, stands=stands, status=409)
    except NotNow:
        messages.info(request, _("This project is being decided, so its words stay as they are."))
        return redirect("project", pk=pk)
    messages.success(request, _("Your teachers can look at it now."))
    return redirect("project", pk=pk)


@allow(*EVERYBODY)
@require_GET
def project(request: Request, pk: int) -> HttpResponse:
    found = get_object_or_404(Project.objects.visible_to(request.user).select_related("learner", "decided_by"), pk=pk)
    if found.state == State.DRAFT:
        return redirect("project_edit", pk=pk)
    note_look(request, found.learner_id)
    viewer = shown_to(request, found.learner)
    request.nav = "my_path" if viewer == ME else "learners" if viewer == STAFF else "home"
    page = project_page(found, request.user, today=timezone.localdate())
    may_decide = is_teacher(request, viewer)
    return render(request, "paths/project.html", project_context(request, page, viewer, may_decide=may_decide))


def project_context(request: Request, page, viewer: str, *, may_decide: bool, **forms) -> dict:
    """forms: time_form, end_form with what was typed, where something was refused."""
    found = page.project
    fresh = {"uuid": uuid.uuid4(), "on": timezone.localdate()}
    return {
        "page": page,
        "project": found,
        "learner": found.learner,
        "may_decide": may_decide,
        "waits": may_decide and found.state in services.TO_DECIDE,
        "sections": sections_to_enter(found, request.user) if may_decide and found.state == State.DONE else [],
        "hours": hours_said(page.minutes),
        "hours_confirmed": hours_said(page.minutes_confirmed),
        "time_form": TimeForm(initial=fresh),
        "end_form": EndForm(initial={"uuid": uuid.uuid4()}, standards=page.standards),
        **about_viewer(viewer),
        **forms,
    }


def _write(request: Request, learner: Learner, project: Project | None) -> HttpResponse:
    act = request.POST.get("do")
    is_draft = act in ("draft", "later") or "picker-back" in request.POST
    form = ProjectForm(request.POST, account=request.user, project=project, is_draft=is_draft)
    if "picker-back" in request.POST:
        return _show_form(request, learner, form)
    if not form.is_valid():
        if act == "draft":
            return JsonResponse({"saved": False}, status=422)
        return _show_form(request, learner, form, status=422)
    values = {
        "learner": learner,
        "uuid": project.uuid if project else form.cleaned_data["uuid"],
        "words": form.words(),
        "by": request.user,
        "now": timezone.now(),
    }
    try:
        if not is_draft:
            found = services.propose(**values)
            messages.success(request, _("It is sent. Your teachers can look at it now."))
            return redirect("project", pk=found.pk)
        if not form.is_empty():
            services.save_draft(**values)
    except UuidTaken:
        raise Http404 from None
    if act == "draft":
        return JsonResponse({"saved": not form.is_empty()})
    messages.info(request, _("Kept. Only you can see it until you send it."))
    return redirect("projects")


def _show_form(
    request: Request, learner: Learner, form: ProjectForm, *, stands: ProjectForm | None = None, status: int = 200
) -> HttpResponse:
    request.nav = "my_path"
    project = form.project
    context = {
        "form": form,
        "project": project,
        "learner": learner,
        "stands": stands,
        "is_draft": project is None or project.state == State.DRAFT,
        "is_running": project is not None and project.state == State.RUNNING,
        "question": project.events.filter(what="asked").first() if project and project.state == State.ASKED else None,
        **choices_of(request, form, learner),
        **about_viewer(ME),
    }
    return render(request, "paths/project_form.html", context, status=status)
