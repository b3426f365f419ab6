"""School-wide mastery for administrators: from a school to a standard to the list of students in two clicks."""

from dataclasses import replace

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments.forms.school import read_asked, read_schools, read_section
from assessments.models import SectionStandard
from assessments.school_drawing import (
    Address,
    draw_line,
    draw_orders,
    draw_panel,
    say_counted,
    say_figures,
    say_methods,
    say_scope,
)
from assessments.services.parked import count_parked
from assessments.services.policies import Policies
from assessments.services.published import read_published
from assessments.services.school_counts import ClosedDay
from assessments.services.school_page import (
    ORDERS,
    Asked,
    Column,
    Line,
    Matrix,
    NotYet,
    not_yet_secure,
    not_yet_secure_then,
    read_matrix,
    standards_of,
    taught_subjects,
)
from lrm.as_of import AsOf, read_as_of
from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import DISTRICT_ADMIN, SCHOOL_ADMIN, allow
from profiles.models import Learner, Section
from standards.models import Subject

MOST_LISTED = 100
MOST_THEN = 20_000
"""Learners whose history one page walks for a closed day: about a second. Beyond, a school is to be chosen."""


@allow(SCHOOL_ADMIN, DISTRICT_ADMIN)
@require_safe
def school(request: Request) -> HttpResponse:
    """?subject, ?school, ?grade, ?section choose; ?at=row.domain[.standard] opens the panel; ?order sorts its list.

    ?as_of= shows the end of a closed day.
    """
    request.nav = "school"
    past = read_as_of(request, leave_out=("at", "order"))
    try:
        read = read_page(request)
    except TooMany as many:
        return render(request, "assessments/school.html", _shell(request, past) | {"choose": many.choices})
    if read is None:
        return render(request, "assessments/school.html", _shell(request, past))
    matrix, subjects, sections = read
    asked, address, at = matrix.asked, Address(matrix.asked), request.GET.get("at", "")
    panel = _panel(request, matrix, address, at) if at else {}
    if request.htmx and panel:
        return render(request, "assessments/school_panel.html", panel)
    published = None
    if not request.user.access.is_district_admin and asked.past is None:
        published = read_published(request.user, asked, matrix.columns)
    context = {
        "asked": asked,
        "scope": say_scope(asked),
        "subjects": [{"row": row, "url": address.to(subject=row.pk, section="")} for row in subjects],
        "schools": [{"row": row, "url": address.to(school=row.pk, section="")} for row in asked.schools],
        "all_schools_url": address.to(school="", section=""),
        "grades": [{"code": code, "url": address.to(grade=code, section="")} for code in matrix.grades],
        "all_grades_url": address.to(grade="", section=""),
        "sections": [{"row": row, "url": address.to(section=row.pk)} for row in sections],
        "all_sections_url": address.to(section=""),
        "csv_url": address.to("school_csv"),
        "matrix": matrix,
        "counted": say_counted(matrix.columns),
        "lines": [draw_line(line, matrix, address, at) for line in matrix.lines],
        "figures": say_figures(matrix.total()),
        "published": published,
        "methods": say_methods(matrix.columns),
    }
    return render(request, "assessments/school.html", _shell(request, past) | context | panel)


def _shell(request: Request, past: AsOf) -> dict:
    return {"as_of": timezone.localtime(), "past": past, "parked": count_parked(request.user)}


class TooMany(Exception):
    """A closed day of more learners than one page works out. choices: [{name, url}] of their schools."""

    def __init__(self, choices: list[dict]):
        super().__init__(choices)
        self.choices = choices


def read_page(request: Request) -> tuple[Matrix, list[Subject], list[Section]] | None:
    """The matrix that the address asks for, with what else could be chosen; None where nothing is taught yet.

    Raises TooMany.
    """
    subjects = taught_subjects(request.user.district_id)
    schools = read_schools(request)
    if not subjects or not schools:
        return None
    asked = read_asked(request, subjects=subjects, schools=schools)
    sections = _sections(request, asked)
    asked = replace(asked, section=read_section(request, sections), past=_closed_day(request, asked))
    policies = Policies(request.user.district_id)
    return read_matrix(asked, policies, sections, today=timezone.localdate()), subjects, sections


def _closed_day(request: Request, asked: Asked) -> ClosedDay | None:
    """The day of ?as_of= and the schools by which the account sees it. Raises TooMany."""
    day = read_as_of(request).day
    if day is None:
        return None
    schools = [asked.school] if asked.school else list(asked.schools)
    here = Learner.objects.filter(home_school__in=schools, left_on__isnull=True)
    if asked.school is None and len(schools) > 1 and here.count() > MOST_THEN:
        address = Address(replace(asked, past=ClosedDay(day, timezone.localdate())))
        raise TooMany([{"name": row.name, "url": address.to(school=row.pk)} for row in schools])
    access = request.user.access
    return ClosedDay(day, timezone.localdate(), None if access.is_district_admin else sorted(access.school_ids))


def _sections(request: Request, asked: Asked) -> list[Section]:
    """Classes of the chosen school that teach the subject, tutoring blocks left out; none without a school."""
    if asked.school is None:
        return []
    taught = SectionStandard.objects.filter(section=OuterRef("pk"), standard__subject=asked.subject)
    return list(
        Section.objects.visible_to(request.user)
        .filter(Exists(taught), roster__school=asked.school, archived_at__isnull=True, block__isnull=True)
        .select_related("roster")
    )


def _panel(request: Request, matrix: Matrix, address: Address, at: str) -> dict:
    """Context of the panel for "row.domain" or "row.domain.standard". Raises Http404 for what is not on the page."""
    line, column, standard_id = read_at(matrix, at)
    tally = line.tallies[matrix.columns.index(column)]
    standards = standards_of(matrix, line, column)
    context = {"panel": draw_panel(line, column, tally, standards, address, standard_id)}
    if not standard_id:
        return context
    chosen = next((row for row in standards if str(row.standard_id) == standard_id), None)
    if chosen is None:
        raise Http404("No such standard in this cell.")
    order = read_order(request)
    found = read_list(request, line, column, chosen.standard_id, order, matrix.asked.past)
    return context | {
        "chosen": chosen,
        "learners": found[:MOST_LISTED],
        "found": len(found),
        "more": max(len(found) - MOST_LISTED, 0),
        "orders": draw_orders(address, at, order),
        "list_csv_url": address.to("school_list_csv", at=at, order=order),
    }


def read_at(matrix: Matrix, at: str) -> tuple[Line, Column, str]:
    """Row, column and standard (its id as text, or "") of an address. Raises Http404."""
    row, _dot, rest = at.partition(".")
    domain, _dot, standard_id = rest.partition(".")
    line, column = matrix.line(row), matrix.column(domain)
    if line is None or column is None:
        raise Http404("No such cell.")
    return line, column, standard_id


def read_order(request: Request) -> str:
    order = request.GET.get("order", "")
    return order if order in ORDERS else ORDERS[0]


def read_list(
    request: Request, line: Line, column: Column, standard_id: int, order: str, past: ClosedDay | None
) -> list[NotYet]:
    """The learners of a row who are not yet at mastery, all of them noted as looked at."""
    account, level = request.user, column.mastery_level
    if past is None:
        found = not_yet_secure(account, line, standard_id, level, today=timezone.localdate(), order=order)
    else:
        found = not_yet_secure_then(account, line, standard_id, level, past=past, order=order)
    looked_at(request, [row.learner.pk for row in found])
    return found
