"""The wall as a file that a spreadsheet opens: the same levels as on the page, one row a learner."""

from defusedcsv import csv
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.services.policies import Policies
from assessments.services.walls import NO_RESULT, read_wall
from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import DISTRICT_ADMIN, SCHOOL_ADMIN, TEACHER, allow
from profiles.models import Section


@allow(TEACHER, SCHOOL_ADMIN, DISTRICT_ADMIN)
@require_safe
def wall_csv(request: Request, pk: int) -> HttpResponse:
    section = get_object_or_404(Section.objects.visible_to(request.user).select_related("roster"), pk=pk)
    today = timezone.localdate()
    found = read_wall(section, Policies(section.district_id).on(None, today), on=today, sort="name")
    looked_at(request, [row.learner.pk for row in found.rows])
    name = f"{slugify(section.title)}-{today.isoformat()}.csv"
    response = HttpResponse(
        content_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
    response.write("\ufeff")  # spreadsheets take a file without the mark for another encoding
    writer = csv.writer(response)
    writer.writerow([_("Student"), _("Key"), *(column.standard.label for column in found.columns)])
    for row in found.rows:
        levels = ["" if cell.level == NO_RESULT else cell.level for cell in row.cells]
        writer.writerow([row.learner.name, row.learner.key or "", *levels])
    return response
