"""The wall as a file that a spreadsheet opens: the same levels as on the page, one row a learner.

With ?as_of= it is that of a closed day, and says so in its name and in a column.
"""

from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.services.walls import NO_RESULT
from assessments.views.wall import read_shown
from lrm.as_of import read_as_of
from lrm.csv_answers import answer_csv
from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import DISTRICT_ADMIN, SCHOOL_ADMIN, TEACHER, allow
from profiles.models import Section
from profiles.second_step import give_out, give_to_teacher


@allow(TEACHER, SCHOOL_ADMIN, DISTRICT_ADMIN)
@require_safe
def wall_csv(request: Request, pk: int) -> HttpResponse:
    """A teacher takes the own class along; whoever could take one class after the other shows the phone first."""
    section = get_object_or_404(Section.objects.visible_to(request.user).select_related("roster"), pk=pk)
    if section.roster_id in request.user.access.roster_ids:
        return give_to_teacher(request, lambda: _wall(request, section))
    return give_out(request, lambda: _wall(request, section))


def _wall(request: Request, section: Section) -> HttpResponse:
    past = read_as_of(request)
    if past.refused:
        return HttpResponseBadRequest(past.refused, content_type="text/plain; charset=utf-8")
    found = read_shown(request, section, past.day, sort="name")
    looked_at(request, [row.learner.pk for row in found.rows])
    heading = [_("Student"), _("Key"), *(column.standard.label for column in found.columns)]
    rows: list[list[object]] = [[*heading, _("As of")] if past.day else [*heading]]
    for row in found.rows:
        levels = ["" if cell.level == NO_RESULT else cell.level for cell in row.cells]
        line: list[object] = [row.learner.name, row.learner.key or "", *levels]
        rows.append([*line, past.day.isoformat()] if past.day else line)
    return answer_csv(f"{slugify(section.title)}-{(past.day or timezone.localdate()).isoformat()}", rows)
