"""School-wide mastery for administrators: from a school to a standard to the list of students in two clicks."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments.left_out_words import say_students
from assessments.school_choices import draw_chips, draw_menus, draw_narrower
from assessments.school_drawing import (
    Address,
    draw_line,
    draw_orders,
    draw_panel,
    say_counted,
    say_figures,
    say_methods,
    say_scope,
    say_then,
)
from assessments.school_next import draw_next, draw_ways, take_to_check_in
from assessments.school_parts import draw_parts
from assessments.school_terms_drawing import draw_terms
from assessments.services.parked import count_parked
from assessments.services.published import read_beside, say_beyond
from assessments.services.school_asked import Asked, Column, Line, Matrix
from assessments.services.school_lists import ORDERS, NotYet, not_yet_secure, not_yet_secure_then
from assessments.services.school_page import standards_of
from assessments.views.school_reading import TooMany, read_page, reads_whole_counts
from lrm.as_of import AsOf, read_as_of
from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import DISTRICT_ADMIN, SCHOOL_ADMIN, allow
from profiles.models import Account

MOST_LISTED = 100


@allow(SCHOOL_ADMIN, DISTRICT_ADMIN)
@require_safe
@reads_whole_counts
def school(request: Request) -> HttpResponse:
    """The filters of SchoolFilters narrow; ?at=row.domain[.standard] opens the panel; ?order sorts its list."""
    request.nav = "school"
    past = read_as_of(request, leave_out=("at", "order"))
    try:
        read = read_page(request)
    except TooMany as many:
        return render(
            request,
            "assessments/school.html",
            _shell(request, past) | {"choose": many.choices, "counting": many.counting},
        )
    if read is None:
        return render(request, "assessments/school.html", _shell(request, past))
    matrix, asked = read.matrix, read.matrix.asked
    address, at = Address(asked.filters), request.GET.get("at", "")
    panel = _panel(request, matrix, address, at) if at else {}
    if request.htmx and not request.htmx.boosted and panel:
        return render(request, "assessments/school_panel.html", panel)
    terms = draw_terms(matrix, read.terms) if read.terms else None
    lines = [draw_line(line, matrix, address, at) for line in matrix.lines]
    for line, over in zip(lines, terms["rows"] if terms else [], strict=False):
        line["terms"] = over
    context = {
        "asked": asked,
        "scope": say_scope(asked),
        "menus": draw_menus(asked, read.choices, matrix.grades, address),
        "narrower": draw_narrower(asked, read.choices, matrix.branches, address),
        "chips": draw_chips(asked, matrix.branches, address),
        "advice": draw_next(matrix, lines[0]["cells"]) if lines and asked.past is None else [],
        "ways": draw_ways(asked, address, timezone.localdate()),
        "check_in_url": take_to_check_in(asked),
        "kept": asked.filters.but(**dict.fromkeys(IN_FORM, "")).chosen,
        "latest": past.latest,
        "then_refused": read.refused,
        "narrowed": asked.grade or asked.subgroup or asked.teacher or asked.section,
        "everybody_url": address.to(grade="", subgroup="", teacher="", section=""),
        "csv_url": address.to("school_csv"),
        "board_url": address.to("school_board"),
        "matrix": matrix,
        "counted": say_counted(matrix.columns),
        "lines": lines,
        "figures": say_figures(matrix.total()),
        "methods": say_methods(matrix.columns),
        "methods_then": say_methods(matrix.columns, matrix.then_policies) if matrix.then_policies else "",
        "terms": terms,
        "counting": read.counting,
    }
    published = None
    if not request.user.access.is_district_admin:
        context["beyond"] = say_beyond(asked)
        if not context["beyond"]:
            published = read_beside(asked, matrix.columns, read.others)
    parts = draw_parts(matrix, lines, published, has_terms=bool(terms and terms["rows"]))
    context |= {"published": published, **parts}
    return render(request, "assessments/school.html", _shell(request, past) | context | panel)


IN_FORM = ("branch", "subgroup", "teacher", "section", "compare", "over")
"""Filters that the form behind "Narrow" sends; the others go along hidden."""


def _shell(request: Request, past: AsOf) -> dict:
    return {"as_of": timezone.localtime(), "past": past, "parked": count_parked(request.user)}


def _panel(request: Request, matrix: Matrix, address: Address, at: str) -> dict:
    """Context of the panel for "row.domain" or "row.domain.standard". Raises Http404 for what is not on the page."""
    line, column, standard_id = read_at(matrix, at)
    place = matrix.columns.index(column)
    tally, then = line.tallies[place], ""
    if matrix.then_policies:
        then = say_then(line.then[place], matrix.then_policies[place].scale.mastery_level)
    standards = standards_of(matrix, line, column, today=timezone.localdate())
    past = matrix.asked.past
    context = {
        "panel": draw_panel(line, column, tally, standards, address, standard_id, then=then),
        "as_of": timezone.localtime(),
        "day": past.day if past else None,
        "panel_check_in_url": take_to_check_in(matrix.asked, line, column),
    }
    if not standard_id:
        return context
    chosen = next((row for row in standards if str(row.standard_id) == standard_id), None)
    if chosen is None:
        raise Http404("No such standard in this cell.")
    order = read_order(request)
    found = read_list(request.user, line, column, chosen.standard_id, order, matrix.asked)
    listed = found[:MOST_LISTED]
    looked_at(request, [row.learner.pk for row in listed])
    return context | {
        "chosen": chosen,
        "chosen_left_out": say_students(chosen.tally.reasons),
        "learners": listed,
        "found": len(found),
        "more": max(len(found) - MOST_LISTED, 0),
        "orders": draw_orders(address, at, order),
        "list_csv_url": address.to("school_list_csv", at=at, order=order),
    }


def read_at(matrix: Matrix, at: str) -> tuple[Line, Column, str]:
    """Row, column and standard (its id as text, or "") of an address. Raises Http404."""
    row, _dot, rest = at.partition(".")
    domain, _dot, standard_id = rest.partition(".")
    line, place = matrix.line(row), matrix.place_of(domain, standard_id)
    if line is None or place is None:
        raise Http404("No such cell.")
    return line, matrix.columns[place], standard_id


def read_order(request: Request) -> str:
    order = request.GET.get("order", "")
    return order if order in ORDERS else ORDERS[0]


def read_list(account: Account, line: Line, column: Column, standard_id: int, order: str, asked: Asked) -> list[NotYet]:
    """The learners of a row who are not yet at mastery. Whoever shows them notes that they are looked at."""
    level, subgroup = column.mastery_level, asked.subgroup_id
    if asked.past is None:
        today = timezone.localdate()
        return not_yet_secure(account, line, standard_id, level, today=today, subgroup=subgroup, order=order)
    return not_yet_secure_then(account, line, standard_id, level, past=asked.past, subgroup=subgroup, order=order)
