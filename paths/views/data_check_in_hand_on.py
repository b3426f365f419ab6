"""Giving a check-in to another owner: by who has it, and by administrators where that account has ended."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.forms.school import read_schools
from assessments.school_filters import SchoolFilters
from lrm.http import Request
from lrm.policy import STAFF, allow
from paths.forms.data_check_ins import HandOnForm
from paths.models import DataCheckIn
from paths.services import data_check_ins as services
from paths.views.data_check_ins import enter
from profiles.models import Account


@allow(*STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def data_check_in_hand_on(request: Request, uuid: UUID) -> HttpResponse:
    enter(request)
    rows = DataCheckIn.objects.handed_on_by(request.user).standing().select_related("owner")
    check_in = get_object_or_404(rows, uuid=uuid)
    schools = read_schools(request)
    people = _people(request, check_in, schools)
    sent = request.POST if request.method == "POST" else None
    form = HandOnForm(sent, account=request.user, people=people, may_name=bool(schools))
    status = 200
    if request.method == "POST":
        if form.is_valid():
            to = form.cleaned_data["to"]
            try:
                services.hand_on(check_in, to=to, by=request.user)
            except services.ChangedSince:
                messages.error(request, _("Somebody was quicker: this check-in has changed hands, or is removed."))
                return redirect("data_check_ins")
            messages.success(request, _("%(name)s has it now, and can hand it back.") % {"name": to.name})
            return redirect("data_check_ins")
        status = 422
    context = {"check_in": check_in, "form": form, "is_mine": check_in.owner_id == request.user.pk}
    return render(request, "paths/data_check_in_hand_on.html", context, status=status)


def _people(request: Request, check_in: DataCheckIn, schools: list) -> list[Account]:
    """Whoever reads it first, then colleagues; whoever asks too, where it is not theirs."""
    asked = SchoolFilters.parse(check_in.filters).school
    school = next((row for row in schools if str(row.pk) == asked), None)
    colleagues = services.colleagues_of(request.user, school, today=timezone.localdate())
    found = {person.pk: person for person in (*services.people_of(check_in), request.user, *colleagues)}
    found.pop(check_in.owner_id, None)
    return list(found.values())
