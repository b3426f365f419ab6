"""Results from a file: choose it, look at what would be stored, store all of it or nothing."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from defusedcsv import csv
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.forms.results_file import ResultsFileForm
from assessments.results_csv.reader import ResultsFile, read_results
from assessments.services.errors import ResultsRefused
from assessments.services.results_file import NEW, SAME, ResultsFileRefused, import_results, plan_results
from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import STAFF, allow
from lrm.uploads import say_trouble
from profiles.models import Section, Upload
from profiles.services import uploads
from profiles.services.uploads import GONE

SHOWN = 100


def _of_waiting(view: Callable[[Request, Section, Upload], HttpResponse]) -> Callable[..., HttpResponse]:
    """For what is done with a file that waits, which the view gets; of one that does not any more it is said why."""

    @wraps(view)
    def found(request: Request, pk: int, uuid: UUID) -> HttpResponse:
        section = _section(request, pk)
        mine = Upload.objects.visible_to(request.user).filter(kind=Upload.Kind.RESULTS)
        upload = get_object_or_404(mine, uuid=uuid)
        if upload.applied_at is not None:
            messages.info(request, _("The file was stored already."))
            return redirect("section_enter", section.pk)
        if upload.data is None:
            messages.error(request, GONE)
            return redirect("section_results_import", section.pk)
        if upload.decisions["section"] != section.pk:
            raise Http404
        return view(request, section, upload)

    return found


@allow(*STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def section_results_import(request: Request, pk: int) -> HttpResponse:
    section = _section(request, pk)
    is_sent = request.method == "POST"
    form = ResultsFileForm(request.POST, request.FILES) if is_sent else ResultsFileForm()
    say_trouble(request, form, "file")
    if is_sent and form.is_valid():
        asked = form.cleaned_data
        decisions = {
            "section": section.pk,
            "date_order": asked["date_order"],
            "default_kind": asked["default_kind"],
        }
        upload = uploads.keep(files=[asked["file"]], kind=Upload.Kind.RESULTS, by=request.user, decisions=decisions)
        return redirect("section_results_check", section.pk, upload.uuid)
    context = {"section": section, "form": form}
    return _page(request, "assessments/results_file.html", context, status=422 if form.errors else 200)


@allow(*STAFF)
@require_safe
@_of_waiting
def section_results_check(request: Request, section: Section, upload: Upload) -> HttpResponse:
    plan = plan_results(_read(upload), section=section)
    looked_at(request, plan.learners)
    blocking = plan.file.blocking
    context = {
        "section": section,
        "upload": upload,
        "plan": plan,
        "new": plan.count(NEW),
        "same": plan.count(SAME),
        "problems": blocking[:SHOWN],
        "problems_more": max(0, len(blocking) - SHOWN),
        "notes": [problem for problem in plan.file.problems if not problem.blocking],
        "asks_order": any(problem.code == "slashed_date" for problem in blocking),
        "may_apply": not blocking and bool(plan.count(NEW)),
    }
    return _page(request, "assessments/results_file_check.html", context)


@allow(*STAFF)
@require_POST
@_of_waiting
def section_results_apply(request: Request, section: Section, upload: Upload) -> HttpResponse:
    try:
        plan = import_results(_read(upload), section=section, by=request.user)
    except ResultsFileRefused:
        messages.error(request, _("Some lines still stop the file. Nothing was stored."))
        return redirect("section_results_check", section.pk, upload.uuid)
    except ResultsRefused:
        said = _("Somebody stored a result for one of these in the same moment. Nothing of the file was stored.")
        messages.error(request, said)
        return redirect("section_results_check", section.pk, upload.uuid)
    number = plan.count(NEW)
    uploads.done(upload, summary={"new": number, "same": plan.count(SAME), "assessments": len(plan.sittings)})
    said = ngettext("%(count)s result was stored.", "%(count)s results were stored.", number)
    messages.success(request, said % {"count": number} if number else _("No change: everything was so already."))
    return redirect("section_enter", section.pk)


@allow(*STAFF)
@require_POST
@_of_waiting
def section_results_discard(request: Request, section: Section, upload: Upload) -> HttpResponse:
    """Throw the file away, or with date_order read it anew."""
    order = request.POST.get("date_order", "")
    if order in ("mdy", "dmy"):
        uploads.decide(upload, date_order=order)
        return redirect("section_results_check", section.pk, upload.uuid)
    upload.delete()
    messages.success(request, _("The file was thrown away. Nothing has been stored."))
    return redirect("section_results_import", section.pk)


@allow(*STAFF)
@require_safe
@_of_waiting
def section_results_refused(request: Request, section: Section, upload: Upload) -> HttpResponse:
    """The lines that stop the file, with cause and way out, as CSV; formulas in cells are defused."""
    plan = plan_results(_read(upload), section=section)
    looked_at(request, plan.learners)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="lines-to-correct.csv"'
    answer.write("\ufeff")
    writer = csv.writer(answer)
    writer.writerow(["line", "who", "column", "value", "why", "what to do", "likely meant"])
    for problem in plan.file.blocking:
        writer.writerow(
            [
                *(problem.line or "", problem.who, problem.field, problem.value),
                *(problem.why, problem.fix, problem.suggestion),
            ]
        )
    return answer


def _section(request: Request, pk: int) -> Section:
    sections = Section.objects.visible_to(request.user).select_related("roster", "session")
    return get_object_or_404(sections, pk=pk, archived_at__isnull=True)


def _read(upload: Upload) -> ResultsFile:
    held = upload.decisions
    return read_results(
        uploads.content(upload), date_order=held.get("date_order", ""), default_kind=held["default_kind"]
    )


def _page(request: Request, template: str, context: dict, status: int = 200) -> HttpResponse:
    request.nav = "enter"
    return render(request, template, context, status=status)
