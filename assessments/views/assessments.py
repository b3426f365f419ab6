"""Assessments of a section: the list, a new one, changing one, putting one away."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.forms.assessment import AssessmentForm
from assessments.models import Assessment, Evidence, SectionStandard
from assessments.services import assessments as services
from assessments.services.results import LEVELS
from assessments.views.sections import taught_section
from lrm.http import Request
from lrm.numbers import whole_number
from lrm.policy import TEACHER, allow
from profiles.models import Section
from standards.models import Standard

MOST_LISTED = 60
MOST_RUBRIC = 300


@allow(TEACHER)
@require_safe
def enter(request: Request, pk: int | None = None) -> HttpResponse:
    """The assessments of a section, newest first. ?put_away=1 lists those put away."""
    request.nav = "enter"
    sections, section = taught_section(request, pk)
    if section is None:
        return render(request, "assessments/no_section.html")
    if pk is None:
        return redirect("section_enter", pk=section.pk)
    put_away = request.GET.get("put_away") == "1"
    found = list(
        Assessment.objects.filter(section=section, archived_at__isnull=not put_away)
        .order_by("-given_on", "-pk")
        .prefetch_related("columns__standard")[:MOST_LISTED]
    )
    entered = services.count_entered([assessment.pk for assessment in found])
    learners = section.roster.enrollments.of_learners().on(timezone.localdate()).count()
    lines = [
        {
            "assessment": assessment,
            "n": entered.get(assessment.pk, 0),
            "to_go": max(learners - entered.get(assessment.pk, 0), 0),
        }
        for assessment in found
    ]
    context = {"section": section, "sections": sections, "lines": lines, "put_away": put_away, "learners": learners}
    return render(request, "assessments/assessments.html", context)


@allow(TEACHER)
@require_http_methods(["GET", "HEAD", "POST"])
def assessment_new(request: Request, pk: int) -> HttpResponse:
    request.nav = "enter"
    section = get_object_or_404(Section.objects.taught_by(request.user).select_related("session", "roster"), pk=pk)
    if request.method == "POST":
        chosen = request.POST.getlist("standards")
        form = AssessmentForm(request.POST, account=request.user, standard_ids=chosen)
        if form.is_valid():
            key = form.cleaned_data["uuid"]
            if key and Assessment._base_manager.filter(uuid=key).exclude(section=section).exists():
                key = None  # made up, or carried over from another class: this is a new one
            assessment = services.create_assessment(section=section, by=request.user, key=key, **_fields(form))
            return redirect("assessment_enter", pk=assessment.pk)
    else:
        # Another page may say what is to be recorded; which of it is in force here the form looks up.
        asked = [pk for pk in request.GET.getlist("standards") if pk.isdecimal() and len(pk) <= 18]
        chosen = asked or [str(pk) for pk in services.standards_used_last(section)]
        title = request.GET.get("title", "")[:100] or _("Exit ticket")
        form = AssessmentForm(account=request.user, standard_ids=[], initial={"title": title})
    return _render_form(request, form, section, chosen, None)


@allow(TEACHER)
@require_http_methods(["GET", "HEAD", "POST"])
def assessment_edit(request: Request, pk: int) -> HttpResponse:
    request.nav = "enter"
    assessment = get_object_or_404(_taught(request), pk=pk)
    has_results = Evidence.objects.filter(assessment=assessment).exists()
    initial = {
        name: getattr(assessment, name)
        for name in ("title", "kind", "given_on", "scale", "points_possible", "weight", "counts_earlier")
    }
    if request.method == "POST":
        chosen = request.POST.getlist("standards")
        form = AssessmentForm(
            request.POST, account=request.user, standard_ids=chosen, has_results=has_results, initial=initial
        )
        if form.is_valid():
            fields = _fields(form)
            fields["scale"] = Assessment.Scale.LEVELS if fields["points_possible"] is None else Assessment.Scale.POINTS
            try:
                services.change_assessment(assessment, **fields)
                for column in assessment.columns.all():
                    _write_rubric(request, assessment, column.standard_id)
            except services.StandardInUse as refused:
                names = ", ".join(standard.label for standard in refused.standards)
                form.add_error(
                    None, _("Results stand on %(names)s, so it stays on this assessment.") % {"names": names}
                )
            else:
                messages.success(request, _("Changed."))
                return redirect("assessment_enter", pk=assessment.pk)
    else:
        chosen = [str(pk) for pk in assessment.columns.values_list("standard_id", flat=True)]
        form = AssessmentForm(account=request.user, standard_ids=[], has_results=has_results, initial=initial)
    return _render_form(request, form, assessment.section, chosen, assessment)


@allow(TEACHER)
@require_POST
def assessment_archive(request: Request, pk: int) -> HttpResponse:
    """act: away or back."""
    assessment = get_object_or_404(_taught(request), pk=pk)
    away = request.POST.get("act") != "back"
    services.archive_assessment(assessment, archived=away)
    messages.success(request, _("Put away. Its results keep counting.") if away else _("Brought back."))
    return redirect("section_enter", pk=assessment.section_id)


def _write_rubric(request: Request, assessment: Assessment, standard_id: int) -> None:
    """Sentences come as rubric.<standard>, one a level; a column that the form did not have keeps its own."""
    sentences = request.POST.getlist(f"rubric.{standard_id}")
    if len(sentences) == LEVELS:
        services.write_rubric(assessment, standard_id, [s.replace("\0", "")[:MOST_RUBRIC] for s in sentences])


def _taught(request: Request):
    return Assessment.objects.filter(section__in=Section.objects.taught_by(request.user)).select_related(
        "section__session", "section__roster"
    )


def _fields(form: AssessmentForm) -> dict:
    names = ("title", "kind", "given_on", "points_possible", "weight", "counts_earlier", "standards")
    return {name: form.cleaned_data[name] for name in names}


def _render_form(
    request: Request, form: AssessmentForm, section: Section, chosen: list[str], assessment: Assessment | None
) -> HttpResponse:
    ids = [pk for pk in map(whole_number, chosen) if pk]
    found = Standard.objects.visible_to(request.user).in_bulk(ids)
    taught = Standard.objects.in_force().filter(
        pk__in=SectionStandard.objects.filter(section=section).values("standard_id")
    )
    context = {
        "form": form,
        "section": section,
        "assessment": assessment,
        "chosen": [found[pk] for pk in ids if pk in found],
        "offered": taught.exclude(pk__in=ids).order_by("framework_id", "position"),
        "rubrics": _rubrics(assessment),
        "more_is_open": any(form[name].errors for name in ("scale", "points_possible", "weight", "counts_earlier")),
    }
    return render(request, "assessments/assessment_form.html", context, status=422 if form.errors else 200)


def _rubrics(assessment: Assessment | None) -> list[dict]:
    """What each level looks like, for the form that changes an assessment."""
    if assessment is None:
        return []
    return [
        {
            "standard": column.standard,
            "lines": [
                {"level": level, "text": column.rubric[level - 1] if level <= len(column.rubric) else ""}
                for level in range(1, LEVELS + 1)
            ],
        }
        for column in assessment.columns.select_related("standard")
    ]
