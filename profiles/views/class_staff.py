"""Who teaches a class: putting somebody on its staff until a day, and ending it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lrm.http import Request
from lrm.policy import STAFF, allow
from profiles.forms.classes import LastDayForm, StaffForm
from profiles.models import Enrollment, Roster
from profiles.services import class_staff, roster_page
from profiles.services.roster_acts import ChangedMeanwhile, DoneAlready
from profiles.views.meanwhile import changed_meanwhile


def _done(roster_id: int, uuid: UUID | None) -> HttpResponse:
    address = reverse("roster_settings", args=[roster_id])
    return redirect(f"{address}?done={uuid}" if uuid else address)


@allow(*STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def roster_staff_add(request: Request, pk: int) -> HttpResponse:
    """A co-teacher, an aide, or a substitute whose rights end with a day."""
    roster = get_object_or_404(Roster.objects.editable_by(request.user).select_related("school", "session"), pk=pk)
    today = timezone.localdate()
    roles = class_staff.may_appoint(request.user, roster)
    form = StaffForm(
        request.POST or None,
        roster=roster,
        people=list(class_staff.staff_to_choose(roster, on=today)),
        sections=roster_page.sections_of(roster, account=request.user),
        roles=roles,
        may_name=Enrollment.Role.TEACHER in roles,
        today=today,
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            act = class_staff.appoint(
                roster=roster,
                section=said["section"],
                account=said["person"],
                role=said["role"],
                starts_on=said["starts_on"],
                ends_on=said["ends_on"],
                by=request.user,
                uuid=said["uuid"],
            )
        except DoneAlready as done:
            return _done(pk, done.act.uuid)
        except class_staff.HasRole:
            text = _("%(name)s has this role here already on these days.") % {"name": said["person"].name}
            form.add_error("role", text)
        else:
            return _done(pk, act.uuid)
    request.nav = "learners"
    template = "profiles/staff_add.html#form" if request.htmx else "profiles/staff_add.html"
    return render(request, template, {"roster": roster, "form": form}, status=422 if form.errors else 200)


@allow(*STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def enrollment_last_day(request: Request, pk: int) -> HttpResponse:
    """Until when somebody is on the staff of a class; a day that is past takes the role away at once."""
    rows = Enrollment.objects.of_staff().filter(roster__in=Roster.objects.editable_by(request.user))
    row = get_object_or_404(rows.select_related("account", "section", "roster__session"), pk=pk)
    may_end = class_staff.may_end(request.user, row)
    today = timezone.localdate()
    form = LastDayForm(request.POST or None, row=row, today=today)
    if request.method == "POST" and may_end and form.is_valid():
        said = form.cleaned_data
        try:
            act = class_staff.set_last_day(
                row=row, seen=said["seen"], ends_on=said["ends_on"], by=request.user, uuid=said["uuid"]
            )
        except DoneAlready as done:
            return _done(row.roster_id, done.act.uuid)
        except ChangedMeanwhile:
            changed_meanwhile(request)
            return _done(row.roster_id, None)
        return _done(row.roster_id, act.uuid if act else None)
    request.nav = "learners"
    template = "profiles/staff_last_day.html#form" if request.htmx else "profiles/staff_last_day.html"
    context = {"row": row, "form": form, "may_end": may_end, "today": today}
    return render(request, template, context, status=422 if request.method == "POST" else 200)
