"""The school-wide page as files that a spreadsheet opens: the same figures as on the page."""

from collections.abc import Iterable

from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments import left_out_words
from assessments.receipt_words import say_method
from assessments.school_drawing import Address, draw_line, say_counted, say_methods, say_scope
from assessments.school_terms_drawing import draw_row
from assessments.services.published import read_beside, say_beyond, say_hidden
from assessments.services.school_asked import Asked, Matrix
from assessments.services.school_counts import ClosedDay
from assessments.services.school_terms import Terms
from assessments.views.school import read_at, read_list, read_order
from assessments.views.school_reading import Page, TooMany, read_page, reads_whole_counts
from lrm.as_of import read_as_of
from lrm.csv_answers import answer_csv
from lrm.http import Request
from lrm.looked import looked_at
from lrm.numbers import whole_number
from lrm.policy import DISTRICT_ADMIN, SCHOOL_ADMIN, allow
from profiles.models import Account
from profiles.second_step import bulk_export


@allow(SCHOOL_ADMIN, DISTRICT_ADMIN)
@require_safe
@reads_whole_counts
def school_csv(request: Request) -> HttpResponse:
    """One line for each figure of the page: row, column, students, share, results at each level, and what is left
    out, by reason.

    Where days are compared, those of the other day and the difference; of the terms, a line for each month and one
    for the day of the page, with the change since the first month.
    """
    read = _read(request)
    if isinstance(read, HttpResponse):
        return read
    matrix = read.matrix
    rows = [_heading(matrix, read.terms), *_figures(matrix), *_terms(matrix, read.terms), *_others(request.user, read)]
    asked = matrix.asked
    return _file(f"{slugify(say_scope(asked))}-{slugify(asked.subject.title)}", rows, asked.past)


def _top(matrix: Matrix) -> int:
    return max((column.policy.scale.levels for column in matrix.columns), default=4)


def _now(asked: Asked) -> str:
    return asked.past.day.isoformat() if asked.past else timezone.localtime().isoformat(timespec="minutes")


def _heading(matrix: Matrix, terms: Terms | None) -> list[object]:
    word = say_counted(matrix.columns)["word"]
    heading: list[object] = [_("Row"), _("Domain"), _("Code"), _("Students"), _("%(counted)s, %%") % {"counted": word}]
    heading.append(_("Results"))
    heading += [_("Level %(n)s") % {"n": level} for level in range(_top(matrix), 0, -1)]
    heading += [*left_out_words.headings(), _("As of"), _("Method"), _("Narrowed to")]
    if matrix.then_policies or (terms and terms.months):
        heading.append(_("Change, points"))
    if matrix.then_policies:
        heading += [
            _("%(counted)s then, %%") % {"counted": word},
            _("Results then"),
            _("Compared with"),
            _("Method then"),
        ]
        heading += [_("%(heading)s, then") % {"heading": each} for each in left_out_words.headings()]
    return heading


def _figures(matrix: Matrix) -> Iterable[list[object]]:
    asked, address = matrix.asked, Address(matrix.asked.filters)
    narrowed = _narrowed(asked)
    for line in matrix.lines:
        for place, cell in enumerate(draw_line(line, matrix, address, "")["cells"]):
            levels = [cell.tally.levels.get(level, 0) for level in range(_top(matrix), 0, -1)]
            row = [line.name, cell.column.name, cell.column.code, line.learners, _plain(cell.share), cell.results]
            row += [*levels, *left_out_words.columns(cell.tally.reasons)]
            row += [_now(asked), say_method(cell.column.policy.within(line.school_ids)), narrowed]
            if cell.tally_then is not None and asked.then:
                row += [_plain(cell.points), _plain(cell.share_then), cell.tally_then.results]
                row += [asked.then.day.isoformat(), say_method(matrix.then_policies[place].within(line.school_ids))]
                row += left_out_words.columns(cell.tally_then.reasons)
            yield row


def _terms(matrix: Matrix, terms: Terms | None) -> Iterable[list[object]]:
    """The ends of months and the day of the page, all columns together."""
    if terms is None or not terms.months:
        return
    name = _("All domains")
    if matrix.asked.branch:
        name = next(column.name for column in matrix.branches if column.key == matrix.asked.branch)
    blank = ["" for _level in range(_top(matrix))]
    for line in matrix.lines:
        for month, point in zip(terms.months, terms.points[line.key], strict=True):
            row = [line.name, name, "", point.learners, _plain(point.share), point.tally.results, *blank]
            row += left_out_words.columns(point.tally.reasons)
            policies = [policy.within(line.school_ids) for policy in terms.policies[month.day]]
            method = say_methods(terms.columns, policies)
            yield [*row, month.day.isoformat(), method, _narrowed(matrix.asked)]
        drawn = draw_row(line, terms.points[line.key], matrix)
        now = drawn.now
        row = [line.name, name, "", now.learners, _plain(now.share), now.tally.results, *blank]
        row += left_out_words.columns(now.tally.reasons)
        method = say_methods(matrix.columns, [column.policy.within(line.school_ids) for column in matrix.columns])
        yield [*row, _now(matrix.asked), method, _narrowed(matrix.asked), _plain(drawn.moved)]


def _others(account: Account, page: Page) -> Iterable[list[object]]:
    """Schools whose students the account may not list, as published."""
    if account.access.is_district_admin:
        return
    matrix = page.matrix
    if beyond := say_beyond(matrix.asked):
        blank = ["" for _level in range(_top(matrix) + 4 + len(left_out_words.headings()))]
        yield [_("Other schools"), beyond, *blank, _now(matrix.asked)]
        return
    published = read_beside(matrix.asked, matrix.columns, page.others)
    if published is None:
        return
    blank = ["" for _level in range(_top(matrix) + len(left_out_words.headings()))]
    for other in published.lines:
        for column, cell in zip(matrix.columns, other.cells, strict=True):
            said = say_hidden(cell) if cell.hidden else _exact(cell.share)
            day = cell.day or published.day
            row = [other.name, column.name, column.code, "", said, cell.results, *blank, day]
            named = {school.pk: school.name for school in (*matrix.asked.schools, *page.others)}
            here = {int(other.key): other.name} if other.key.isdecimal() else named
            method = say_method(page.policies.mixed(column.domains[0][0], day, here))
            yield [*row, method, _narrowed(matrix.asked)]


def _plain(number: int | None) -> int | str:
    return "" if number is None else number


def _exact(said: str) -> int | str:
    """A share that is told exactly as a number, as those of the own schools are; "≤ 5 %" stays words."""
    number = said.removesuffix(" %")
    return int(number) if number.isdecimal() else said


def _narrowed(asked: Asked) -> str:
    """Grade, subgroup, teacher and class, so that a line says what it counts wherever it is pasted."""
    said = [asked.subject.title, asked.grade, asked.subgroup, asked.teacher and asked.teacher.name, asked.section]
    return ", ".join(str(each) for each in said if each)


@allow(SCHOOL_ADMIN, DISTRICT_ADMIN)
@require_safe
@bulk_export
@reads_whole_counts
def school_list_csv(request: Request) -> HttpResponse:
    """The list of ?at=row.domain.standard, in its order."""
    read = _read(request)
    if isinstance(read, HttpResponse):
        return read
    line, column, asked_for = read_at(read.matrix, request.GET.get("at", ""))
    standard_id = whole_number(asked_for)
    if standard_id is None:
        raise Http404("No such standard.")
    asked = read.matrix.asked
    past = asked.past
    found = read_list(request.user, line, column, standard_id, read_order(request), asked)
    looked_at(request, [row.learner.pk for row in found])
    heading = [_("Student"), _("Key"), _("Class"), _("Level"), _("Last change") if past else _("Newest result")]
    rows: list[list[object]] = [[*heading, _("As of")]]
    for row in found:
        newest = row.newest.isoformat() if row.newest else ""
        rows.append([row.learner.name, row.learner.key or "", row.class_title, row.level, newest, _now(asked)])
    return _file(f"{slugify(line.name)}-not-yet-secure", rows, past)


def _read(request: Request) -> Page | HttpResponse:
    """The page, or why there is no file of it. Raises Http404 where nothing is taught yet."""
    refused = read_as_of(request).refused
    read = None
    try:
        read = read_page(request)
    except TooMany:
        refused = _("So many students are counted by a worker first, or for one school at a time: open the page.")
    if refused := refused or (read.refused if read else ""):
        return HttpResponseBadRequest(refused, content_type="text/plain; charset=utf-8")
    if read is None:
        raise Http404("No subject is taught yet.")
    return read


def _file(name: str, rows: Iterable[list], past: ClosedDay | None) -> HttpResponse:
    today = (past.day if past else timezone.localdate()).isoformat()
    return answer_csv(f"{name}-{today}", rows)
