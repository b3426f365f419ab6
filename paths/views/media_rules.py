"""Whether learners of a school may hand in sound and video: the school says so, here."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lrm.http import Request
from lrm.policy import ADMINS, allow
from paths.models import MediaRule
from profiles.models import School


@allow(*ADMINS)
@require_http_methods(["GET", "POST"])
def media_rules(request: Request) -> HttpResponse:
    """POST: school, and `audio`, `video` where they are allowed."""
    schools = _schools(request)
    request.nav = "school"
    if request.method == "GET":
        rows = schools.select_related("media_rule", "media_rule__changed_by").order_by("name")
        return render(request, "paths/media_rules.html", {"schools": rows})
    pk = request.POST.get("school", "")
    school = get_object_or_404(schools, pk=int(pk) if pk.isdecimal() and len(pk) <= 18 else 0)
    MediaRule.objects.update_or_create(
        school=school,
        defaults={
            "allows_audio": request.POST.get("audio") == "1",
            "allows_video": request.POST.get("video") == "1",
            "changed_by": request.user,
            "changed_at": timezone.now(),
        },
    )
    messages.success(request, _("Saved for %(school)s.") % {"school": school.name})
    return redirect("media_rules")


def _schools(request: Request) -> QuerySet[School]:
    """Those that the account administers."""
    access = request.user.access
    schools = School.objects.filter(left_on__isnull=True)
    return schools if access.is_district_admin else schools.filter(pk__in=access.school_ids)
