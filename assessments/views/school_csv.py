"""The school-wide page as files that a spreadsheet opens: the same figures as on the page."""

from collections.abc import Iterable

from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.school_drawing import say_counted, say_scope
from assessments.services.published import read_published, say_hidden
from assessments.services.school_counts import ClosedDay
from assessments.services.school_page import Matrix
from assessments.views.school import TooMany, read_at, read_list, read_order, read_page
from lrm.as_of import read_as_of
from lrm.csv_answers import answer_csv
from lrm.http import Request
from lrm.numbers import whole_number
from lrm.policy import DISTRICT_ADMIN, SCHOOL_ADMIN, allow
from profiles.second_step import bulk_export


@allow(SCHOOL_ADMIN, DISTRICT_ADMIN)
@require_safe
def school_csv(request: Request) -> HttpResponse:
    """One line for each cell: row, domain, students, share, results at each level, not assessed."""
    read = _read(request)
    if isinstance(read, HttpResponse):
        return read
    matrix = read
    levels = max((column.policy.scale.levels for column in matrix.columns), default=4)
    heading = [
        _("Row"),
        _("Domain"),
        _("Code"),
        _("Students"),
        _("%(counted)s, %%") % {"counted": say_counted(matrix.columns)["word"]},
        _("Results"),
    ]
    heading += [_("Level %(n)s") % {"n": level} for level in range(levels, 0, -1)]
    rows: list[list[object]] = [[*heading, _("Not assessed"), _("As of")]]
    past = matrix.asked.past
    now = past.day.isoformat() if past else timezone.localtime().isoformat(timespec="minutes")
    for line in matrix.lines:
        for column, tally in zip(matrix.columns, line.tallies, strict=True):
            share = tally.share(column.mastery_level)
            counted = [tally.levels.get(level, 0) for level in range(levels, 0, -1)]
            figures = [line.learners, "" if share is None else share, tally.results, *counted, tally.not_assessed]
            rows.append([line.name, column.name, column.code, *figures, now])
    published = None
    if past is None and not request.user.access.is_district_admin:
        published = read_published(request.user, matrix.asked, matrix.columns)
    if published is not None:
        blank = ["" for _level in range(levels + 1)]
        for other in published.lines:
            for column, cell in zip(matrix.columns, other.cells, strict=True):
                said = say_hidden(cell) if cell.hidden else cell.share
                rows.append([other.name, column.name, column.code, "", said, cell.results, *blank, published.day])
    return _file(f"{slugify(say_scope(matrix.asked))}-{slugify(matrix.asked.subject.title)}", rows, past)


@allow(SCHOOL_ADMIN, DISTRICT_ADMIN)
@require_safe
@bulk_export
def school_list_csv(request: Request) -> HttpResponse:
    """The list of ?at=row.domain.standard, in its order."""
    matrix = _read(request)
    if isinstance(matrix, HttpResponse):
        return matrix
    line, column, asked = read_at(matrix, request.GET.get("at", ""))
    standard_id = whole_number(asked)
    if standard_id is None:
        raise Http404("No such standard.")
    past = matrix.asked.past
    found = read_list(request, line, column, standard_id, read_order(request), past)
    heading = [_("Student"), _("Key"), _("Class"), _("Level"), _("Last change") if past else _("Newest result")]
    rows: list[list[object]] = [[*heading, _("As of")] if past else [*heading]]
    for row in found:
        newest = row.newest.isoformat() if row.newest else ""
        cells = [row.learner.name, row.learner.key or "", row.class_title, row.level, newest]
        rows.append([*cells, past.day.isoformat()] if past else cells)
    return _file(f"{slugify(line.name)}-not-yet-secure", rows, past)


def _read(request: Request) -> Matrix | HttpResponse:
    """The matrix, or why there is no file of it. Raises Http404 where nothing is taught yet."""
    refused = read_as_of(request).refused
    try:
        read = read_page(request)
    except TooMany:
        refused = _("An earlier day of so many students is worked out for one school at a time. Choose a school.")
    if refused:
        return HttpResponseBadRequest(refused, content_type="text/plain; charset=utf-8")
    if read is None:
        raise Http404("No subject is taught yet.")
    return read[0]


def _file(name: str, rows: Iterable[list], past: ClosedDay | None) -> HttpResponse:
    today = (past.day if past else timezone.localdate()).isoformat()
    return answer_csv(f"{name}-{today}", rows)
