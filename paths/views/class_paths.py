"""The paths of a class on one page: who is where, and who could use a look."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from assessments.views.sections import pick_section, sections_of
from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import ADMINS, TEACHER, allow
from paths.services.class_paths import paths_of_class
from paths.services.where import worked_last
from profiles.models import Learner


@allow(TEACHER, *ADMINS)
@require_GET
def class_paths(request: Request, pk: int | None = None) -> HttpResponse:
    request.nav = "learners"
    sections = sections_of(request, pk)
    section = pick_section(request, pk, sections)
    if section is None:
        return render(request, "assessments/no_section.html")
    if pk is None:
        return redirect("section_paths", pk=section.pk)
    today = timezone.localdate()
    learners = Learner.objects.served_by(request.user).enrolled_in(section.roster_id, on=today).by_name()
    rows = paths_of_class(section, list(learners), today=today)
    worked = worked_last([row.shown.path.pk for row in rows if row.shown])
    looked_at(request, [row.learner.pk for row in rows])
    context = {
        "section": section,
        "sections": sections,
        "rows": [(row, worked.get(row.shown.path.pk) if row.shown else None) for row in rows],
        "n_look": sum(row.wants_look for row in rows),
        "n_with": len({row.learner.pk for row in rows if row.shown}),
        "n_learners": len({row.learner.pk for row in rows}),
    }
    return render(request, "paths/class_paths.html", context)
