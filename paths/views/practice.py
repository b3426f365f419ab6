"""Practice: which share of the learners has a live goal, a check-in, a choice, a conference, an answer."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lrm.csv_answers import answer_csv
from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import ADMINS, allow
from paths import practice_page as page
from paths.forms.practice import PracticeScope, is_too_many, read_scope, refuse_too_many
from paths.subgroup_words import say_where
from paths.views.practice_reading import PracticeRead, ask_for_school, context_of, read_for
from profiles.models import Learner
from profiles.second_step import give_out

MOST_LISTED = 100


@dataclass(frozen=True)
class _Practice:
    read: PracticeRead
    lines: list[page.PracticeLine]


@allow(*ADMINS)
@require_safe
def practice(request: Request) -> HttpResponse:
    """?school and ?by choose; ?at=row.measure opens who is missing."""
    request.nav = "school"
    scope = read_scope(request)
    if (choice := ask_for_school(request, scope, "practice")) is not None:
        return choice
    found, at = _read(request, scope), request.GET.get("at", "")
    panel = _panel(request, found, at) if at else {}
    if request.htmx and panel:
        return render(request, "paths/practice_panel.html", panel)
    context = context_of(found.read, "practice", has_figures=bool(found.read.practice.rows)) | {
        "headings": [page.HEADINGS[measure] for measure in page.MEASURES],
        "lines": found.lines if found.read.practice.rows else [],
        "advice": page.advice(scope, found.lines[0]),
    }
    return render(request, "paths/practice.html", context | panel)


@allow(*ADMINS)
@require_safe
def practice_csv(request: Request) -> HttpResponse:
    """A line for each figure of the page."""
    found = _found(request)
    if isinstance(found, HttpResponse):
        return found
    now = timezone.localtime().isoformat(timespec="minutes")
    rows = page.csv_rows(found.read.scope, found.lines, now=now)
    return answer_csv(f"{slugify(say_where(found.read.scope))}-practice-{timezone.localdate().isoformat()}", rows)


@allow(*ADMINS)
@require_safe
def practice_list_csv(request: Request) -> HttpResponse:
    """The list of ?at=row.measure."""
    found = _found(request)
    if isinstance(found, HttpResponse):
        return found
    line, cell = _listed(found, request.GET.get("at", ""))
    return give_out(request, lambda: _list(request, line, cell))


def _list(request: Request, line: page.PracticeLine, cell: page.PracticeCell) -> HttpResponse:
    rows: list[list[object]] = [[_("Student"), _("Key"), str(page.LISTS[cell.measure])]]
    rows += [[learner.name, learner.key or "", line.name] for learner in _missing(request, cell)]
    return answer_csv(f"{slugify(line.name)}-{cell.measure}-{timezone.localdate().isoformat()}", rows)


def _found(request: Request) -> _Practice | HttpResponse:
    scope = read_scope(request)
    return refuse_too_many() if is_too_many(scope) else _read(request, scope)


def _read(request: Request, scope: PracticeScope) -> _Practice:
    read = read_for(request, scope)
    at = request.GET.get("at", "")
    return _Practice(read, page.draw_lines(scope, read.practice, at, minimums=read.minimums))


def _listed(found: _Practice, at: str) -> tuple[page.PracticeLine, page.PracticeCell]:
    """A figure whose learners may be listed. Raises Http404 for what is not on the page."""
    key, _dot, measure = at.rpartition(".")
    line = next((line for line in found.lines if line.key == key), None)
    cell = line.cell(measure) if line else None
    if line is None or cell is None or cell.found is None:
        raise Http404("No such figure.")
    return line, cell


def _missing(request: Request, cell: page.PracticeCell, most: int | None = None) -> list[Learner]:
    """Who is missing, by name, the first of them where `most` is given; noted as looked at. One statement."""
    assert cell.found is not None
    learners = list(Learner.objects.visible_to(request.user).filter(pk__in=cell.found.missing).by_name()[:most])
    looked_at(request, [learner.pk for learner in learners])
    return learners


def _panel(request: Request, found: _Practice, at: str) -> dict:
    line, cell = _listed(found, at)
    return {
        "cell": cell,
        "line": line,
        "measure": page.HEADINGS[cell.measure],
        "panel_left_out": page.say_outside(line),
        "now": timezone.localtime(),
        "heading": page.LISTS[cell.measure],
        "missing": _missing(request, cell, MOST_LISTED),
        "back_url": found.read.scope.to("practice"),
        "list_csv_url": found.read.scope.to("practice_list_csv", at=at),
    }
