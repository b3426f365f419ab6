"""What is done on the page of a project: the plan, time, the end, and a teacher's answers."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lrm.form_fields import typed
from lrm.http import Request
from lrm.policy import LEARNER, TEACHER, allow
from paths.forms.goals import LineForm
from paths.forms.projects import EndForm, TimeForm
from paths.models import Project, ProjectEvent, ProjectStep, ProjectTime
from paths.services import project_ends as ends
from paths.services import projects as services
from paths.services.errors import NotNow, UuidTaken
from paths.services.project_page import project_page
from paths.views.projects import project_context
from paths.views.shared import ME, note_look

What = ProjectEvent.What


@allow(LEARNER)
@require_POST
def project_step(request: Request, pk: int, step: int) -> HttpResponse:
    """Tick a line of the plan (done=1), or take the tick back (done=0)."""
    project = _own(request, pk)
    found = get_object_or_404(ProjectStep.objects.filter(project=project), pk=step)
    services.tick_step(step=found, done=request.POST.get("done") == "1", now=timezone.now())
    return _back(project, "plan")


@allow(LEARNER)
@require_POST
def project_time(request: Request, pk: int) -> HttpResponse:
    """Note time. What was refused comes back with what was typed."""
    project = _own(request, pk)
    form = TimeForm(request.POST)
    if not form.is_valid():
        return _again(request, project, time_form=form)
    try:
        ends.log_time(project=project, **form.cleaned_data, now=timezone.now())
    except NotNow:
        messages.info(request, _("Time is kept while a project goes on. This one waits for a teacher or is done."))
    except UuidTaken:
        raise Http404 from None
    return _back(project, "time")


@allow(LEARNER)
@require_POST
def project_time_out(request: Request, pk: int, time: int) -> HttpResponse:
    """Take a line of the time out (out=1), or put it back (out=0)."""
    project = _own(request, pk)
    found = get_object_or_404(ProjectTime.objects.filter(project=project), pk=time)
    try:
        ends.take_out_time(time=found, out=request.POST.get("out") == "1", now=timezone.now())
    except NotNow:
        messages.info(request, _("An adult has confirmed this time, so it stays. Talk to your teacher."))
    return _back(project, "time")


@allow(TEACHER)
@require_POST
def project_time_confirm(request: Request, pk: int, time: int) -> HttpResponse:
    """Confirm a line (confirmed=1), for another adult where `name` says so; or take that back (confirmed=0)."""
    project = _decided(request, pk)
    found = get_object_or_404(ProjectTime.objects.filter(project=project, withdrawn_at__isnull=True), pk=time)
    ends.confirm_time(
        time=found,
        confirmed=request.POST.get("confirmed") == "1",
        name=typed(request.POST, "name", most=120),
        by=request.user,
        now=timezone.now(),
    )
    return _back(project, "time")


@allow(LEARNER)
@require_POST
def project_end(request: Request, pk: int) -> HttpResponse:
    """Look back, and say which levels the work shows."""
    project = _own(request, pk)
    page = project_page(project, request.user, today=timezone.localdate())
    form = EndForm(request.POST, standards=page.standards)
    if not form.is_valid():
        return _again(request, project, end_form=form)
    try:
        ends.propose_end(
            project_id=pk,
            uuid=form.cleaned_data["uuid"],
            reflection=form.cleaned_data["reflection"],
            levels=form.levels(),
            by=request.user,
            now=timezone.now(),
        )
        messages.success(request, _("It is sent. You and your teacher decide together."))
    except NotNow:
        messages.info(request, _("A project ends when it goes on. This one waits for a teacher or is done."))
    except UuidTaken:
        raise Http404 from None
    return _back(project, "end")


@allow(LEARNER)
@require_POST
def project_put_away(request: Request, pk: int) -> HttpResponse:
    """Take it off the list (away=1), throw a draft away, or bring it back (away=0)."""
    project = _own(request, pk)
    services.put_away(project_id=pk, away=request.POST.get("away") == "1", by=request.user, now=timezone.now())
    return redirect(reverse("learner_projects", args=[project.learner_id]))


@allow(TEACHER)
@require_POST
def project_decide(request: Request, pk: int) -> HttpResponse:
    """do: agree, ask, later; at the end end_agree, talk; or take_back. `text` is needed for ask, later and talk."""
    project = _decided(request, pk)
    form, act = LineForm(request.POST), request.POST.get("do")
    if not form.is_valid():
        return _refuse(request, project, _("This line is too long. Write at most 500 letters."))
    text = form.cleaned_data["text"].strip()
    if act in ("ask", "later", "talk") and not text:
        return _refuse(request, project, _("Write a line first. The student reads it on the project."))
    values = {"project_id": pk, "by": request.user}
    said = {"text": text, "now": timezone.now()}
    try:
        if act == "agree":
            services.agree(**values, **said)
        elif act == "ask":
            services.ask(**values, **said)
        elif act == "later":
            services.keep_for_later(**values, **said)
        elif act in ("end_agree", "talk"):
            ends.answer_end(**values, **said, agrees=act == "end_agree")
        elif act == "take_back" and project.state == Project.State.DONE:
            ends.take_back_end(project_id=pk)
        elif act == "take_back":
            services.take_back(**values, now=timezone.now())
        else:
            return _refuse(request, project, _("Nothing was changed. Choose what to do with the project."))
    except NotNow:
        if not _is_same(request, project, act):
            return _refuse(request, project, _("It has changed in the meantime. This is how it stands."))
    return _back(project, "decide")


def _is_same(request: Request, project: Project, act: str | None) -> bool:
    """The same answer of the same person, sent twice."""
    last = project.events.order_by("-at", "-pk").first()
    said = {"agree": What.AGREED, "ask": What.ASKED, "later": What.LATER}.get(act or "")
    return last is not None and last.by_id == request.user.pk and last.what == said


def _refuse(request: Request, project: Project, problem: str) -> HttpResponse:
    messages.error(request, problem)
    return _back(project, "decide")


def _own(request: Request, pk: int) -> Project:
    return get_object_or_404(Project.objects.owned_by(request.user).select_related("learner"), pk=pk)


def _decided(request: Request, pk: int) -> Project:
    project = get_object_or_404(Project.objects.decided_by(request.user), pk=pk)
    note_look(request, project.learner_id)
    return project


def _back(project: Project, part: str) -> HttpResponse:
    return redirect(reverse("project", args=[project.pk]) + f"#{part}")


def _again(request: Request, project: Project, **forms) -> HttpResponse:
    """The page with what was typed and what is wrong about it."""
    request.nav = "my_path"
    page = project_page(project, request.user, today=timezone.localdate())
    context = project_context(request, page, ME, may_decide=False, **forms)
    return render(request, "paths/project.html", context, status=422)
