"""Who sees it differently: results, learners and teachers side by side, the biggest differences first."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from assessments.services.policies import Policies
from assessments.services.views_of import read_views
from assessments.views.sections import sections_of
from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import STAFF, allow
from profiles.models import Section

SHOW = {
    "": _("All"),
    "apart": _("Differ"),
    "lower": _("Sees less than the level"),
    "higher": _("Sees more than the level"),
}


@allow(*STAFF)
@require_safe
def section_views(request: Request, pk: int) -> HttpResponse:
    """?show= a key of SHOW."""
    request.nav = "wall"
    visible = Section.objects.visible_to(request.user).select_related("roster")
    section = get_object_or_404(visible, pk=pk)
    today = timezone.localdate()
    policies = Policies(section.district_id)
    views = read_views(section, policies=policies, on=today)
    looked_at(request, {row.learner.pk for row in views})
    show = request.GET.get("show", "")
    show = show if show in SHOW else ""
    counts = {key: sum(_is_shown(row, key) for row in views) for key in SHOW}
    context = {
        "section": section,
        "sections": sections_of(request, pk),
        "rows": [row for row in views if _is_shown(row, show)],
        "total": len(views),
        "filters": [
            {"key": key, "word": word, "count": counts[key], "current": key == show} for key, word in SHOW.items()
        ],
        "show": show,
    }
    return render(request, "assessments/section_views.html", context)


def _is_shown(row, key: str) -> bool:
    return key == "" or (key == "apart" and row.gap > 0) or row.direction == key
