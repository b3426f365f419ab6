"""Check-ins of data meetings: the list, saving one, changing who is in it, sharing it, removing it. For staff only."""

from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.forms.school import read_schools
from assessments.school_filters import SchoolFilters
from lrm.form_fields import rebase
from lrm.http import Request
from lrm.looked import looked_at
from lrm.numbers import whole_number
from lrm.policy import STAFF, allow
from paths import check_in_page as page
from paths.forms.data_check_ins import CheckInForm, first_values
from paths.models import DataCheckIn
from paths.services import data_check_ins as services
from paths.services.check_in_choices import kept, read_choices
from paths.services.check_in_grid import MOST, learners_of
from profiles.models import Account, School

MOST_NAMED = 12


@allow(*STAFF)
@require_safe
def data_check_ins(request: Request) -> HttpResponse:
    """One's own and those that colleagues share. ?removed= names one that was removed just now, for its Undo."""
    enter(request)
    found = list(DataCheckIn.objects.visible_to(request.user).select_related("owner"))
    standing = [row for row in found if row.removed_at is None]
    removed = [row for row in found if row.removed_at is not None and row.owner_id == request.user.pk]
    counts = services.count_decisions(request.user, [row.pk for row in standing])
    lines = [{"check_in": row, "open": still, "n": n} for row in standing for still, n in [counts.get(row.pk, (0, 0))]]
    undo = next((row for row in removed if str(row.uuid) == request.GET.get("removed")), None)
    to_do = services.to_do(request.user)
    looked_at(request, [row.learner_id for row in to_do if row.learner_id])
    context = {
        "lines": lines,
        "to_do": [{"decision": row, "url": page.Looked(row.check_in).to(at=page.at_of(row))} for row in to_do],
        "left_behind": services.left_behind(request.user),
        "removed": removed,
        "undo": undo,
        "administers": bool(read_schools(request)),
    }
    return render(request, "paths/data_check_ins.html", context)


@allow(*STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def data_check_in_new(request: Request) -> HttpResponse:
    """The address may say what it is narrowed to. act=look says who would be in it; nothing is saved."""
    enter(request)
    first: dict[str, Any] = {"uuid": uuid4(), "held_on": timezone.localdate(), "columns": page.USUAL}
    form = _form(request, first | kept(SchoolFilters.parse(request.GET)), named=[])
    if _is_sent(request) and form.is_valid() and _fits(request, form):
        try:
            made = services.save_check_in(uuid=form.cleaned_data["uuid"], by=request.user, **form.values())
        except services.Taken:
            raise Http404 from None
        return redirect("data_check_in", made.uuid)
    return _edit_page(request, form, None)


@allow(*STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def data_check_in_change(request: Request, uuid: UUID) -> HttpResponse:
    enter(request)
    check_in = get_object_or_404(DataCheckIn.objects.owned_by(request.user).standing(), uuid=uuid)
    named = [person for person in services.people_of(check_in) if person.pk != request.user.pk]
    form = _form(request, first_values(check_in, named) | kept(SchoolFilters.parse(check_in.filters)), named=named)
    if _is_sent(request) and form.is_valid() and _fits(request, form):
        try:
            services.change_check_in(check_in, version=form.cleaned_data["version"] or 0, **form.values())
        except services.ChangedSince:
            check_in.refresh_from_db()
            form.add_error(None, _("This was changed in another window. Save again, and yours takes its place."))
            rebase(form, "version", check_in.version)
            return _edit_page(request, form, check_in, status=409)
        return redirect("data_check_in", check_in.uuid)
    return _edit_page(request, form, check_in)


@allow(*STAFF)
@require_POST
def data_check_in_remove(request: Request, uuid: UUID) -> HttpResponse:
    """act: restore puts it back; anything else takes it off the lists of all who read it."""
    enter(request)
    check_in = get_object_or_404(DataCheckIn.objects.owned_by(request.user), uuid=uuid)
    back = request.POST.get("act") == "restore"
    services.remove(check_in, away=not back, now=timezone.now())
    if back:
        return redirect("data_check_in", check_in.uuid)
    return redirect(f"{reverse('data_check_ins')}?removed={check_in.uuid}")


def enter(request: Request) -> None:
    """Raises Http404 for who only stands in for somebody: what is here is for staff who stay."""
    if not request.user.access.may_note:
        raise Http404("Nobody about whom notes are read.")
    access = request.user.access
    request.nav = "school" if access.school_ids or access.is_district_admin else "learners"


def _is_sent(request: Request) -> bool:
    return request.method == "POST" and request.POST.get("act") != "look"


def _form(request: Request, first: dict[str, Any], *, named: list[Account]) -> CheckInForm:
    """Bound where it was sent to be saved; a look keeps what was typed without judging it."""
    today, schools = timezone.localdate(), read_schools(request)
    if request.method == "POST" and not _is_sent(request):
        lists = {name: request.POST.getlist(name) for name in ("columns", "people")}
        first = first | {name: request.POST[name] for name in request.POST if name not in lists} | lists
    source = request.POST if request.method == "POST" else first
    asked = SchoolFilters.parse({name: str(source.get(name, "")) for name in source})
    return CheckInForm(
        request.POST if _is_sent(request) else None,
        account=request.user,
        people=services.colleagues_of(request.user, _school(schools, asked), today=today),
        named=[*named, *_ticked(request)],
        may_name=bool(schools),
        columns=[(key, str(name)) for key, name in page.COLUMNS.items()],
        choices=read_choices(request.user, schools, asked, today=today),
        today=today,
        initial=first,
    )


def _ticked(request: Request) -> list[Account]:
    """Whom a district's administrator has ticked: another school, chosen since, lists other colleagues first."""
    if not request.user.access.is_district_admin:
        return []
    ids = [pk for text in request.POST.getlist("people") if (pk := whole_number(text)) is not None]
    staff = Account.objects.filter(district_id=request.user.district_id, kind=Account.Kind.STAFF, is_active=True)
    return list(staff.filter(pk__in=ids))


def _school(schools: list[School], asked: SchoolFilters) -> School | None:
    return next((row for row in schools if str(row.pk) == asked.school), None)


def _fits(request: Request, form: CheckInForm) -> bool:
    """Whether a grid can show who would be in it; else the form says so."""
    n = learners_of(request.user, form.asked(), today=timezone.localdate()).count()
    if n > MOST:
        said = _("These are %(n)s students; a grid shows %(most)s at most. Narrow it by school, grade or class.")
        form.add_error(None, said % {"n": n, "most": MOST})
    return n <= MOST


def _edit_page(request: Request, form: CheckInForm, check_in: DataCheckIn | None, *, status: int = 200) -> HttpResponse:
    learners = learners_of(request.user, form.asked(), today=timezone.localdate())
    n = learners.count()
    named = list(learners.by_name()[:MOST_NAMED])
    looked_at(request, [learner.pk for learner in named])
    context = {
        "form": form,
        "check_in": check_in,
        "n": n,
        "most": MOST,
        "is_wide": n > MOST,
        "named": named,
        "more": n - len(named),
    }
    return render(
        request, "paths/data_check_in_edit.html", context, status=422 if form.errors and status == 200 else status
    )
