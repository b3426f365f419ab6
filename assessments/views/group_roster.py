"""Who is in which group, for the wall of the room and for a projector."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from assessments.services.group_rosters import read_group_roster
from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import TEACHER, allow
from profiles.models import Section

FIRST, FULL, HIDDEN = "", "full", "hidden"
NAMES = {FIRST: _("First names"), FULL: _("Full names"), HIDDEN: _("Hidden")}


@allow(TEACHER)
@require_safe
def group_roster(request: Request, pk: int) -> HttpResponse:
    """?names= a key of NAMES.

    Screen names of the class screen are not among them: who sits at which table would tell whose they are.
    """
    section = get_object_or_404(Section.objects.taught_by(request.user).select_related("block"), pk=pk)
    groups = read_group_roster(section, on=timezone.localdate())
    names = request.GET.get("names", FIRST)
    names = names if names in NAMES else FIRST
    if names != HIDDEN:
        looked_at(request, [person.pk for group in groups for person in group.people])
    context = {
        "section": section,
        "groups": groups,
        "names": names,
        "choices": [
            {"word": word, "url": f"?{urlencode({'names': key})}", "current": key == names}
            for key, word in NAMES.items()
        ],
    }
    return render(request, "assessments/group_roster.html", context)
