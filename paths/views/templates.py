"""Templates of paths: written, shared, given to a class, a group or some students, and brought up to date."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_list_or_404, get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assessments.models import Group
from lrm.form_fields import rebase
from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import ADMINS, TEACHER, allow
from paths.forms.parts import cover_initial, part_initial
from paths.forms.plan_forms import PlanForms
from paths.forms.templates import GiveForm, TemplateForm, TemplateStepFormSet, template_rows
from paths.models import Path, PathTemplate
from paths.services import templates
from paths.services.errors import TemplateChanged, UuidTaken
from paths.services.offers import standards_for_account
from profiles.models import Enrollment, Learner, Roster, School, Section

AUTHORS = (TEACHER, *ADMINS)
SECTIONS_AT_MOST = 60
ACT = "path_template_act"  # in the session: the last act of giving, for its Undo


@allow(*AUTHORS)
@require_GET
def path_templates(request: Request) -> HttpResponse:
    """What one has written and what the school shares, with how many students have it. ?away=1: those put away."""
    request.nav = "learners"
    away = request.GET.get("away") == "1"
    mine = Path.objects.editable_by(request.user).filter(archived_at__isnull=True)
    found = (
        PathTemplate.objects.visible_to(request.user)
        .filter(archived_at__isnull=not away)
        .select_related("author", "school")
        .annotate(n_steps=Count("steps", distinct=True), n_have=Count("paths", filter=Q(paths__in=mine), distinct=True))
    )
    return render(request, "paths/templates.html", {"templates": found, "away": away})


@allow(*AUTHORS)
@require_http_methods(["GET", "POST"])
def path_template_new(request: Request) -> HttpResponse:
    schools = _schools(request)
    form = TemplateForm(request.POST or None, schools=schools, initial={"uuid": uuid4()})
    plan = _forms(request, form)
    if request.method == "POST" and plan.is_valid():
        try:
            template = templates.write_template(
                **{name: form.cleaned_data[name] for name in ("school", "title", "is_shared", "uuid")},
                steps=plan.step_plans,
                outline=plan.outline,
                by=request.user,
            )
        except UuidTaken:
            raise Http404 from None
        return redirect("path_template_give", pk=template.pk)
    return _show(request, plan)


@allow(*AUTHORS)
@require_http_methods(["GET", "POST"])
def path_template(request: Request, pk: int) -> HttpResponse:
    """Change a template: nobody's path changes by it. A save that came second keeps what was typed and says so."""
    template = get_object_or_404(PathTemplate.objects.editable_by(request.user), pk=pk)
    values = {
        "title": template.title,
        "school": template.school_id,
        "is_shared": template.is_shared,
        "version": template.version,
    }
    form = TemplateForm(request.POST or None, initial=values, schools=School.objects.filter(pk=template.school_id))
    plan = _forms(
        request, form, rows=template_rows(template), parts=part_initial(template), cover=cover_initial(template)
    )
    if request.method == "POST" and plan.is_valid():
        try:
            changed = templates.change_template(
                template_id=template.pk,
                version=form.cleaned_data["version"] or 0,
                title=form.cleaned_data["title"],
                is_shared=form.cleaned_data["is_shared"],
                steps=plan.step_plans,
                outline=plan.outline,
            )
        except TemplateChanged as stale:
            rebase(form, "version", stale.current.version)
            return _show(request, plan, template=stale.current, is_stale=True, status=409)
        messages.info(request, _("Saved. Paths that students have already stay as they are."))
        return redirect("path_template", pk=changed.pk)
    mine = Path.objects.editable_by(request.user).filter(pk__in=templates.holders(template).values("pk"))
    older = mine.filter(template_version__lt=template.version)
    return _show(
        request,
        plan,
        template=template,
        n_have=mine.count(),
        n_older=older.count(),
        n_fresh=templates.untouched(older).count(),
    )


@allow(*AUTHORS)
@require_POST
def path_template_update(request: Request, pk: int) -> HttpResponse:
    """Bring the paths up to date that nobody has begun, of one's own students."""
    template = get_object_or_404(PathTemplate.objects.visible_to(request.user), pk=pk)
    changed = templates.update_untouched(template=template, paths=Path.objects.editable_by(request.user))
    looked_at(request, [path.learner_id for path in changed])
    said = ngettext("%(count)s path is up to date now.", "%(count)s paths are up to date now.", len(changed))
    messages.info(request, said % {"count": len(changed)})
    return redirect("path_template", pk=template.pk)


@allow(*AUTHORS)
@require_POST
def path_template_archive(request: Request, pk: int) -> HttpResponse:
    """Take it off the list (away=1), or bring it back (away=0)."""
    template = get_object_or_404(PathTemplate.objects.editable_by(request.user), pk=pk)
    templates.archive(template=template, now=None if request.POST.get("away") == "0" else timezone.now())
    return redirect("path_templates")


@allow(*AUTHORS)
@require_http_methods(["GET", "POST"])
def path_template_give(request: Request, pk: int) -> HttpResponse:
    """Choose who gets it. ?section= of one's classes, ?group= one of its groups; do=look shows who gets what first."""
    template = get_object_or_404(PathTemplate.objects.visible_to(request.user), pk=pk)
    sections = _sections(request)
    section = _chosen(sections, request.GET.get("section"))
    learners = _learners(request, section)
    groups = list(_groups(section))
    group = _chosen(groups, request.GET.get("group"))
    form = GiveForm(request.POST or None, initial={"act": uuid4(), "starts_on": timezone.localdate()})
    form.may_give_to(learners)
    shown = list(learners)
    looked_at(request, [learner.pk for learner in shown])
    context = {"template": template, "section": section, "sections": sections, "groups": groups, "group": group}
    is_given = request.method == "POST" and form.is_valid()
    if is_given and request.POST.get("do") != "look":
        given = templates.give_template(
            template=template,
            learners=list(form.cleaned_data["learners"]),
            act=form.cleaned_data["act"],
            starts_on=form.cleaned_data["starts_on"],
            by=request.user,
            now=timezone.now(),
            section=section,
        )
        _say_given(request, given)
        return redirect(request.get_full_path())
    has = set(templates.holders(template).filter(learner__in=shown).values_list("learner_id", flat=True))
    members = {member.learner_id for member in group.members.all()} if group else None
    usual = [
        str(learner.pk) for learner in shown if learner.pk not in has and (members is None or learner.pk in members)
    ]
    picked = {str(value) for value in form["learners"].value() or (() if form.is_bound else usual)}
    rows = [{"learner": one, "chosen": str(one.pk) in picked, "has": one.pk in has} for one in shown]
    if is_given:
        first = form.cleaned_data["starts_on"]
        context |= {"looked": [row for row in rows if row["chosen"]], "starts_on": first}
    plans, outline = templates.plan_of(template, starts_on=form.cleaned_data["starts_on"] if is_given else None)
    context |= {"form": form, "rows": rows, "plans": plans, "outline": outline, "undo": request.session.pop(ACT, None)}
    request.nav = "learners"
    return render(request, "paths/template_give.html", context, status=422 if form.errors else 200)


@allow(*AUTHORS)
@require_POST
def path_template_take_back(request: Request, act_uuid: UUID) -> HttpResponse:
    """Undo of giving, by whoever gave."""
    get_list_or_404(Path.objects.editable_by(request.user), act=act_uuid, assigned_by=request.user)
    gone, stay = templates.take_back(act=act_uuid, by=request.user)
    looked_at(request, [learner.pk for learner in stay])
    said = ngettext("%(count)s path is taken back.", "%(count)s paths are taken back.", gone) % {"count": gone}
    if stay:
        names = ", ".join(learner.name for learner in stay)
        said += " " + _("These have begun and keep theirs: %(names)s.") % {"names": names}
    messages.info(request, said)
    return redirect("path_templates")


def _say_given(request: Request, given: templates.Given) -> None:
    count = len(given.paths)
    said = ngettext("%(count)s student has the path now.", "%(count)s students have the path now.", count)
    said = said % {"count": count}
    if given.had:
        names = ", ".join(learner.name for learner in given.had)
        said += " " + _("These had it already and keep theirs: %(names)s.") % {"names": names}
    if count:
        request.session[ACT] = {"act": str(given.act), "text": said}
    else:
        messages.info(request, said)


def _schools(request: Request) -> QuerySet[School]:
    access = request.user.access
    if access.is_district_admin:
        return School.objects.all()
    taught = Roster.objects.filter(pk__in=access.roster_ids).values("school")
    return School.objects.filter(Q(pk__in=taught) | Q(pk__in=access.school_ids))


def _sections(request: Request) -> list[Section]:
    """Those that the account teaches; of an administrator who teaches none, those of the schools."""
    sections = Section.objects.filter(archived_at=None).select_related("roster")
    taught = list(sections.taught_by(request.user))
    return taught or list(sections.visible_to(request.user)[:SECTIONS_AT_MOST])


def _learners(request: Request, section: Section | None) -> QuerySet[Learner]:
    enrolled = Enrollment.objects.on(timezone.localdate()).of_learners()
    if section is None:
        return Learner.objects.none()
    enrolled = enrolled.filter(roster=section.roster_id)
    return Learner.objects.served_by(request.user).filter(pk__in=enrolled.values("learner")).by_name()


def _groups(section: Section | None) -> QuerySet[Group]:
    """That are on today."""
    running = Group.objects.filter(section=section, closed_at__isnull=True, ends_on__gte=timezone.localdate())
    return running.select_related("focus").prefetch_related("members").order_by("letter")


def _chosen(rows: list, pk: str | None):
    """The row with this id, else the first of sections; None where there is none."""
    found = next((row for row in rows if str(row.pk) == pk), None)
    return found or (rows[0] if rows and isinstance(rows[0], Section) else None)


def _forms(request: Request, form: TemplateForm, **initial) -> PlanForms:
    return PlanForms(
        request.POST if request.method == "POST" else None,
        form=form,
        account=request.user,
        offered=standards_for_account(request.user),
        step_forms=TemplateStepFormSet,
        **initial,
    )


def _show(request: Request, plan: PlanForms, *, status: int = 200, **context) -> HttpResponse:
    request.nav = "learners"
    refused = plan.form.is_bound and not context.get("is_stale")
    return render(
        request,
        "paths/template_form.html",
        {"plan": plan, "form": plan.form, "back": reverse("path_templates"), **context},
        status=422 if refused else status,
    )
