"""Meetings of a teacher with a learner: the class's list, one learner's list, the page of one."""

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from lrm.form_fields import rebase
from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import EVERYBODY, LEARNER, TEACHER, allow
from paths.forms.conferences import MeetForm, NextStepForm, NotesForm, PointForm
from paths.models import Conference, ConferenceStaffNotes, Goal, NextStep, TalkPoint
from paths.services.conferences import acts
from paths.services.conferences.agenda import agenda_of
from paths.services.conferences.item import POINT, VIEW
from paths.services.conferences.reading import conferences_of_class
from paths.services.errors import NotNow, UuidTaken
from paths.views.shared import FAMILY, ME, SHELLS, STAFF, note_look, viewer_of
from profiles.models import Learner, Section
from profiles.services.shown_to_families import shows_own_views


@allow(TEACHER)
@require_GET
def conferences(request: Request) -> HttpResponse:
    """?section= one that the account teaches; the first one otherwise. Who had no meeting this term comes first."""
    request.nav = "learners"
    taught = Section.objects.taught_by(request.user).filter(archived_at=None)
    sections = list(taught.select_related("session").order_by("title", "pk"))
    asked = request.GET.get("section", "")
    section = next((each for each in sections if str(each.pk) == asked), sections[0] if sections else None)
    stays = request.user.access.stays
    lines = (
        conferences_of_class(section, account_id=request.user.pk, on=timezone.localdate()) if section and stays else []
    )
    looked_at(request, [line.learner_id for line in lines])
    context = {
        "sections": sections,
        "section": section,
        "lines": lines,
        "due": sum(line.is_due for line in lines),
        "today": timezone.localdate(),
    }
    return render(request, "paths/conferences.html", context)


@allow(*EVERYBODY)
@require_GET
def learner_conferences(request: Request, pk: int) -> HttpResponse:
    """A learner's meetings and the points that wait for one. ?point= words that a link suggests."""
    learner = _learner(request, pk)
    viewer = viewer_of(request, learner)
    rows = Conference.objects.visible_to(request.user).filter(learner=learner).select_related("teacher")
    rows = rows.prefetch_related("next_steps")
    found = list(rows[:60])
    request.nav = "learners" if viewer == STAFF else "talks"
    context = {
        "learner": learner,
        "open": [row for row in found if row.held_at is None],
        "held": [row for row in found if row.held_at is not None],
        "agenda": agenda_of(learner, reader=request.user, now=timezone.now(), today=timezone.localdate())
        if viewer != FAMILY
        else [],
        "form": PointForm.opened(request.GET.get("point", "")[:280]),
        "meet": MeetForm(initial={"planned_on": timezone.localdate()}),
        "may_change": _may_change(request),
        "may_lead": viewer == STAFF and request.user.access.stays,
        "viewer": viewer,
        "is_me": viewer == ME,
        "shell": SHELLS[viewer],
    }
    return render(request, "paths/learner_conferences.html", context)


@allow(TEACHER)
@require_POST
def conference_new(request: Request, pk: int) -> HttpResponse:
    """Prepare a meeting with a learner whom the account teaches; one that is open gets the day."""
    learner = _taught(request, pk)
    form = MeetForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for error in form.errors["planned_on"]))
        return redirect("learner_conferences", pk=pk)
    found = acts.prepare(learner=learner, planned_on=form.cleaned_data["planned_on"], by=request.user)
    return redirect("conference", pk=found.pk)


@allow(*EVERYBODY)
@require_GET
def conference(request: Request, pk: int) -> HttpResponse:
    return _page(request, _seen(request, pk))


@allow(TEACHER)
@require_POST
def conference_notes(request: Request, pk: int) -> HttpResponse:
    """Notes of both kinds as they are typed. From script JSON: version, or 409 with what another window has saved."""
    found = _led(request, pk)
    by_script = request.POST.get("by") == "script"
    form = NotesForm(request.POST)
    if not form.is_valid():
        return JsonResponse({}, status=422) if by_script else _page(request, found, notes=form, status=422)
    try:
        saved = acts.save_notes(conference=found, **form.cleaned_data)
    except acts.NotesChanged as changed:
        if by_script:
            return JsonResponse({"version": changed.current.version}, status=409)
        rebase(form, "version", changed.current.version)
        return _page(request, changed.current, notes=form, stands=True, status=409)
    if by_script:
        return JsonResponse({"version": saved.version})
    return redirect("conference", pk=pk)


@allow(TEACHER)
@require_POST
def conference_step(request: Request, pk: int) -> HttpResponse:
    """Write down what was agreed: what, who, by when."""
    found = _led(request, pk)
    form = NextStepForm(request.POST)
    if not form.is_valid():
        return _page(request, found, step_form=form, status=422)
    try:
        acts.add_step(conference=found, **form.cleaned_data, now=timezone.now())
    except UuidTaken:
        raise Http404 from None
    return redirect(reverse("conference", args=[pk]) + "#agreed")


@allow(TEACHER)
@require_POST
def conference_close(request: Request, pk: int) -> HttpResponse:
    found = _led(request, pk)
    agenda = agenda_of(found.learner, reader=request.user, now=timezone.now(), today=timezone.localdate())
    acts.close(conference=found, agenda=agenda, now=timezone.now())
    messages.info(request, _("The talk is over. %(name)s reads what was agreed.") % {"name": found.learner.first_name})
    return redirect("conference", pk=pk)


@allow(TEACHER)
@require_POST
def conference_reopen(request: Request, pk: int) -> HttpResponse:
    found = _led(request, pk)
    try:
        acts.reopen(conference=found)
    except NotNow:
        messages.error(request, _("The next talk is open already, so this one stays as it is."))
    return redirect("conference", pk=pk)


@allow(LEARNER, TEACHER)
@require_POST
def next_step(request: Request, pk: int) -> HttpResponse:
    """do: agree, not_agree (the learner), done, open (who leads, or the learner), remove, goal (who leads; goal=id)."""
    step = get_object_or_404(
        NextStep.objects.filter(conference__in=Conference.objects.visible_to(request.user)).select_related(
            "conference__learner"
        ),
        pk=pk,
    )
    meeting = step.conference
    is_me = meeting.learner_id == request.user.access.learner_id
    leads = Conference.objects.led_by(request.user).filter(pk=meeting.pk).exists()
    do = request.POST.get("do", "")
    allowed = (is_me and do in {"agree", "not_agree", "done", "open"}) or (
        leads and do in {"done", "open", "remove", "goal"}
    )
    if not (is_me or leads):
        raise Http404
    note_look(request, meeting.learner_id)
    if allowed:
        _act(request, step, do)
    else:
        messages.error(request, _("Nothing was changed. Choose one of the buttons."))
    return redirect(reverse("conference", args=[meeting.pk]) + "#agreed")


def _act(request: Request, step: NextStep, do: str) -> None:
    now = timezone.now()
    try:
        if do in {"agree", "not_agree"}:
            acts.agree(step=step, agreed=do == "agree", now=now)
        elif do in {"done", "open"}:
            acts.tick(step=step, done=do == "done", now=now)
        elif do == "remove":
            acts.remove_step(step=step)
        else:
            asked = request.POST.get("goal", "")
            goals = Goal.objects.editable_by(request.user).filter(learner=step.conference.learner_id).live()
            goal = goals.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 19 else None
            if goal is None:
                raise NotNow
            acts.make_goal_step(step=step, goal=goal, by=request.user, now=now)
    except NotNow:
        messages.error(request, _("That cannot be done now. This is how it stands."))


@allow(LEARNER, TEACHER)
@require_POST
def talk_point_new(request: Request, pk: int) -> HttpResponse:
    """Add to the next talk: by the learner, or by who teaches the learner."""
    learner = get_object_or_404(_with_points(request), pk=pk)
    note_look(request, pk)
    form = PointForm(request.POST)
    if form.is_valid():
        try:
            acts.add_point(learner=learner, **form.cleaned_data, by=request.user, now=timezone.now())
        except UuidTaken:
            raise Http404 from None
        messages.info(request, _("It is on the list for the next talk."))
    else:
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    back = request.POST.get("back", "")
    meeting = Conference.objects.visible_to(request.user).filter(learner=learner)
    if back.isdecimal() and len(back) < 19 and meeting.filter(pk=int(back)).exists():
        return redirect("conference", pk=int(back))
    return redirect("learner_conferences", pk=pk)


@allow(LEARNER, TEACHER)
@require_POST
def talk_point_put_away(request: Request, pk: int) -> HttpResponse:
    """Off the list (away=1), or back on it (away=0)."""
    rows = TalkPoint.objects.visible_to(request.user).filter(learner__in=_with_points(request))
    point = get_object_or_404(rows, pk=pk)
    note_look(request, point.learner_id)
    acts.put_point_away(point=point, away=request.POST.get("away") != "0", now=timezone.now())
    return redirect("learner_conferences", pk=point.learner_id)


def _page(
    request: Request,
    found: Conference,
    *,
    notes: NotesForm | None = None,
    stands: bool = False,
    step_form: NextStepForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """stands: another window has saved the notes first; what stands is shown beside what was typed."""
    learner = found.learner
    viewer = viewer_of(request, learner)
    teaches = viewer == STAFF and TEACHER in request.user.roles
    leads = teaches and Conference.objects.led_by(request.user).filter(pk=found.pk).exists()
    beside = (
        ConferenceStaffNotes.objects.visible_to(request.user).filter(conference=found).first()
        if viewer == STAFF
        else None
    )
    agenda = found.agenda
    if found.held_at is None and viewer != FAMILY:
        agenda = agenda_of(learner, reader=request.user, now=timezone.now(), today=timezone.localdate())
    elif viewer == FAMILY:
        left_out = {POINT} if shows_own_views(learner, request.user.district) else {POINT, VIEW}
        agenda = [item for item in agenda if item.get("kind") not in left_out]
    if leads and notes is None:
        staff = beside.text if beside else ""
        notes = NotesForm(initial={"version": found.version, "notes": found.notes, "staff": staff})
    steps = list(found.next_steps.select_related("goal_step"))
    request.nav = "learners" if viewer == STAFF else "talks"
    context = {
        "conference": found,
        "learner": learner,
        "agenda": agenda,
        "notes": notes,
        "stands": stands,
        "staff_notes": beside,
        "steps": steps,
        "waits": any(step.agreed_at is None for step in steps),
        "step_form": step_form or NextStepForm.opened(),
        "point_form": PointForm.opened(),
        "goals": Goal.objects.editable_by(request.user).filter(learner=learner).live() if leads and steps else (),
        "leads": leads,
        "may_change": _may_change(request),
        "viewer": viewer,
        "is_me": viewer == ME,
        "shell": SHELLS[viewer],
    }
    return render(request, "paths/conference.html", context, status=status)


def _may_change(request: Request) -> bool:
    """Whether the account takes points off a list that it reads. Administrators read it only."""
    return not {LEARNER, TEACHER}.isdisjoint(request.user.roles)


def _with_points(request: Request):
    """Learners with whose points the account has to do: oneself, and those whom it teaches to stay."""
    access = request.user.access
    if TEACHER in request.user.roles:
        return Learner.objects.noted_by(request.user)
    return Learner.objects.visible_to(request.user).filter(pk=access.learner_id)


def _learner(request: Request, pk: int) -> Learner:
    """Of whose meetings the account may read: neither of strangers nor as a substitute."""
    access = request.user.access
    if pk == access.learner_id or pk in access.ward_ids:
        rows = Learner.objects.visible_to(request.user)
    else:
        rows = Learner.objects.noted_by(request.user)
    found = get_object_or_404(rows, pk=pk)
    note_look(request, pk)
    return found


def _taught(request: Request, pk: int) -> Learner:
    found = get_object_or_404(Learner.objects.noted_by(request.user), pk=pk)
    note_look(request, pk)
    return found


def _seen(request: Request, pk: int) -> Conference:
    rows = Conference.objects.visible_to(request.user).select_related("learner", "teacher")
    found = get_object_or_404(rows, pk=pk)
    note_look(request, found.learner_id)
    return found


def _led(request: Request, pk: int) -> Conference:
    rows = Conference.objects.led_by(request.user).select_related("learner", "teacher")
    found = get_object_or_404(rows, pk=pk)
    note_look(request, found.learner_id)
    return found
