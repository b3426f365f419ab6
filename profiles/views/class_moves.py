"""Several students at once: another class, another school, withdrawn; and those who are in no class."""

from collections.abc import Iterable
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lrm.chosen import read_chosen
from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import ADMINS, STAFF, allow
from profiles.forms.classes import LEAVE, FromDayForm, MoveForm
from profiles.models import Enrollment, Learner, Roster, RosterAct, School
from profiles.services import class_moves
from profiles.services.class_codes import NoFreeNumber
from profiles.services.roster_acts import ChangedMeanwhile, DoneAlready
from profiles.views.meanwhile import changed_meanwhile
from profiles.views.roster_history import toast_of

MOST = 200
"""More than any class has; a longer list of ids is no page of ours."""


@allow(*STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def roster_move(request: Request, pk: int) -> HttpResponse:
    """Ask where the chosen go and from which day; then move them."""
    source, rows = _chosen(request, pk)
    form = _move_form(request, source)
    if request.method == "POST" and form.is_valid() and rows:
        guests = [row.learner.name for row in rows if row.learner and row.learner.home_school_id != source.school_id]
        if not guests or isinstance(form.cleaned_data["target"], Roster):
            return _take(request, source, lambda: _move(request, source, form.cleaned_data))
        text = _("%(names)s: at home at another school, which says where they go. Withdraw them from this class.")
        form.add_error("target", text % {"names": ", ".join(guests)})
    return _page(request, "profiles/move.html", source, rows, form)


@allow(*STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def roster_withdraw(request: Request, pk: int) -> HttpResponse:
    """Ask from which day on the chosen are not in the class; then withdraw them."""
    source, rows = _chosen(request, pk)
    form = FromDayForm(request.POST or None, roster=source, today=timezone.localdate())
    if request.method == "POST" and form.is_valid() and rows:
        said = form.cleaned_data
        return _take(
            request,
            source,
            lambda: class_moves.withdraw_several(
                seen=_seen(request.POST), source=source, by=request.user, from_day=said["from_day"], uuid=said["uuid"]
            ),
        )
    return _page(request, "profiles/withdraw_several.html", source, rows, form)


@allow(*ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def without_class(request: Request) -> HttpResponse:
    """Students who are in no class: new from another school, or withdrawn and not placed yet.

    ?school: one of those that one administers. Where students of several wait, one of them is chosen first: at the
    turn of a year these are all students of a district, and all its classes to choose from.
    """
    request.nav = "learners"
    today, mine = timezone.localdate(), _schools(request)
    counts = class_moves.count_without_class(on=today)
    waiting = [school for school in mine if counts.get(school.pk)]
    school = read_chosen(request, "school", mine)
    if school not in waiting:
        school = waiting[0] if len(waiting) == 1 else None
    found = class_moves.without_class(on=today).filter(home_school__in=[each.pk for each in mine])
    chosen = list(found.filter(pk__in=_ids(request.POST.getlist("learners"))[:MOST]))
    if request.method == "POST":
        if not chosen:
            messages.error(request, _("Tick somebody first. Those who are gone from this list are in a class by now."))
            return redirect(_back(request, None))
        school = school or chosen[0].home_school
    elif school is None:
        choose = [{"name": f"{each.name} ({counts[each.pk]})", "url": f"?school={each.pk}"} for each in waiting]
        return render(request, "profiles/without_class.html", {"choose": choose, "toast": toast_of(request)})
    rosters = list(
        _classes(request, today=today).filter(school__in={each.home_school_id for each in chosen} or [school])
    )
    form = MoveForm(request.POST or None, source=None, rosters=rosters, schools=(), may_leave=True, today=today)
    if form.is_valid():
        said = form.cleaned_data
        return _take(request, None, lambda: _place(request, chosen, said))
    shown = list(found.filter(home_school=school)[:MOST])
    looked_at(request, [learner.pk for learner in shown])
    context = {
        "learners": shown,
        "more": counts.get(school.pk, 0) - len(shown),
        "school": school,
        "ticked": {learner.pk for learner in chosen},
        "menus": [_school_menu(school, waiting)] if len(waiting) > 1 else [],
        "form": form,
        "toast": toast_of(request),
    }
    return render(request, "profiles/without_class.html", context, status=422 if form.errors else 200)


def _schools(request: Request) -> list[School]:
    """Those that one administers, by name."""
    access = request.user.access
    schools = School.objects.filter(district=request.user.district_id)
    return list(schools if access.is_district_admin else schools.filter(pk__in=access.school_ids))


def _school_menu(school: School, waiting: Iterable[School]) -> dict:
    items = [{"name": each.name, "url": f"?school={each.pk}", "current": each == school} for each in waiting]
    return {"name": _("School"), "chosen": school.name, "items": items}


def _chosen(request: Request, pk: int) -> tuple[Roster, list[Enrollment]]:
    """The rows that the address or the form names, as they stand now; those that are over are left out."""
    source = get_object_or_404(Roster.objects.editable_by(request.user).select_related("school", "session"), pk=pk)
    asked = list(_seen(request.POST)) if request.method == "POST" else _ids(request.GET.getlist("e"))
    rows = Enrollment.objects.of_learners().filter(roster=source, pk__in=asked[:MOST]).select_related("learner")
    found = list(rows.order_by("learner__given_name", "learner__family_name", "pk"))
    looked_at(request, [row.learner_id for row in found if row.learner_id is not None])
    if request.method == "POST" and not found:
        raise Http404("None of these is on this roster.")
    return source, found


def _ids(texts: Iterable[str]) -> list[int]:
    return [int(text) for text in texts if text.isdecimal() and len(text) < 19]


def _seen(data: QueryDict) -> class_moves.Seen:
    """What the form showed: "17:2026-10-13", "18:" for one without a last day."""
    seen: class_moves.Seen = {}
    for text in data.getlist("row")[:MOST]:
        pk, _colon, last = text.partition(":")
        try:
            seen[int(pk[:18])] = date.fromisoformat(last) if last else None
        except ValueError:
            continue
    return seen


def _classes(request: Request, *, today: date):
    return (
        Roster.objects.editable_by(request.user)
        .filter(session__ends_on__gte=today)
        .select_related("session")
        .order_by("-session__starts_on", "title", "pk")
    )


def _move_form(request: Request, source: Roster) -> MoveForm:
    today = timezone.localdate()
    access = request.user.access
    administers = access.is_district_admin or source.school_id in access.school_ids
    # Which other schools there are is the district's to know; who administers several sees these.
    others = School.objects.filter(district=source.district_id, left_on__isnull=True).exclude(pk=source.school_id)
    if not access.is_district_admin:
        others = others.filter(pk__in=access.school_ids)
    return MoveForm(
        request.POST or None,
        source=source,
        rosters=list(_classes(request, today=today).filter(school=source.school_id).exclude(pk=source.pk)),
        schools=list(others) if administers else (),
        may_leave=administers,
        today=today,
    )


def _move(request: Request, source: Roster, said: dict) -> RosterAct | None:
    target, day, uuid = said["target"], said["from_day"], said["uuid"]
    seen = _seen(request.POST)
    if isinstance(target, Roster):
        return class_moves.move(seen=seen, source=source, to=target, by=request.user, from_day=day, uuid=uuid)
    class_moves.check(seen, source)
    learners = list(Learner.objects.administered_by(request.user).filter(enrollments__in=list(seen)).distinct())
    if target == LEAVE:
        return class_moves.leave(learners=learners, by=request.user, from_day=day, uuid=uuid)
    return class_moves.transfer(learners=learners, to=target, by=request.user, from_day=day, uuid=uuid)


def _place(request: Request, chosen: list[Learner], said: dict) -> RosterAct | None:
    target, day, uuid = said["target"], said["from_day"], said["uuid"]
    if target == LEAVE:
        return class_moves.leave(learners=chosen, by=request.user, from_day=day, uuid=uuid)
    return class_moves.place(learners=chosen, to=target, by=request.user, from_day=day, uuid=uuid)


def _take(request: Request, source: Roster | None, step) -> HttpResponse:
    """Take a step and go back to the list, with what can be undone."""
    uuid: UUID | None = None
    try:
        act = step()
        uuid = act.uuid if act else None
    except DoneAlready as done:
        uuid = done.act.uuid
    except ChangedMeanwhile:
        changed_meanwhile(request)
    except NoFreeNumber:
        messages.error(request, _("The school has used all its sign-in numbers. Ask the person who looks after LRM."))
    return redirect(_back(request, source, **({"done": str(uuid)} if uuid else {})))


def _back(request: Request, source: Roster | None, **said: str) -> str:
    """The list from which a step was taken: of a class, or of those who are in none."""
    if source is None and (school := request.GET.get("school", "")):
        said = {"school": school, **said}
    page = reverse("roster", args=[source.pk]) if source else reverse("without_class")
    return f"{page}?{urlencode(said)}" if said else page


def _page(request: Request, template: str, source: Roster, rows: list[Enrollment], form) -> HttpResponse:
    request.nav = "learners"
    context = {
        "roster": source,
        "rows": [{"row": row, "seen": f"{row.pk}:{row.ends_on.isoformat() if row.ends_on else ''}"} for row in rows],
        "form": form,
        "today": timezone.localdate(),
    }
    name = f"{template}#form" if request.htmx else template
    return render(request, name, context, status=422 if form.errors else 200)
