"""Places for staff: opened with seats and a time, who is where, and closed again."""

from uuid import uuid4

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from assessments.views.sections import pick_section, sections_of
from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import ADMINS, TEACHER, allow
from paths.forms.places import OpeningForm, PlaceForm, SeatsForm
from paths.models import Opening, Place
from paths.models.place import schools_of
from paths.services import places, where
from profiles.models import Learner, School, Section

STAFF = (TEACHER, *ADMINS)
CLOSED = "opening_closed"  # in the session: the opening closed last, for Undo
WEEKS_SAID = 3


@allow(*STAFF)
@require_http_methods(["GET", "POST"])
def class_places(request: Request, pk: int | None = None) -> HttpResponse:
    """Who is where now, for a class; POST: do=open a place, or do=name a new one."""
    request.nav = "learners"
    sections = sections_of(request, pk)
    section = pick_section(request, pk, sections)
    if section is None:
        return render(request, "assessments/no_section.html")
    if pk is None:
        return redirect("section_places", pk=section.pk)
    do = request.POST.get("do")
    opening = _opening_form(request, section, request.POST if do == "open" else None)
    naming = _place_form(request, section, request.POST if do == "name" else None)
    if do == "open" and opening.is_valid():
        _open(request, opening)
        return redirect("section_places", pk=section.pk)
    if do == "name" and naming.is_valid():
        data = naming.cleaned_data
        # A double click names it once.
        Place.objects.get_or_create(school=data["school"], name=data["name"], defaults={"kind": data["kind"]})
        return redirect("section_places", pk=section.pk)
    now = timezone.now()
    on = timezone.localdate()
    learners = list(Learner.objects.served_by(request.user).enrolled_in(section.roster_id, on=on).by_name())
    here = Opening.objects.visible_to(request.user).filter(place__school_id=section.roster.school_id)
    shown = where.openings_on_page(here, learners, now=now)
    looked_at(request, [learner.pk for learner in learners])
    editable = set(
        Opening.objects.editable_by(request.user)
        .filter(pk__in=[each.opening.pk for each in shown])
        .values_list("pk", flat=True)
    )
    wanted = {each.opening.section_id for each in shown}
    context = {
        "titles": set(Section.objects.visible_to(request.user).filter(pk__in=wanted).values_list("pk", flat=True)),
        "section": section,
        "sections": sections,
        "shown": shown,
        "editable": editable,
        "nowhere": where.nowhere(shown, learners),
        "is_running": any(each.opening.is_running for each in shown),
        "opening": opening,
        "naming": naming,
        "has_places": _places_of(request, section).exists(),
        "closed": request.session.pop(CLOSED, None),
        "now": now,
    }
    return render(request, "paths/class_places.html", context, status=422 if do else 200)


@allow(*STAFF)
@require_POST
def opening_change(request: Request, pk: int) -> HttpResponse:
    """do=close, do=open (undo of closing), or do=seats with seats=."""
    opening = get_object_or_404(Opening.objects.editable_by(request.user).select_related("place"), pk=pk)
    do = request.POST.get("do")
    if do == "close":
        places.close(opening=opening, now=timezone.now())
        request.session[CLOSED] = {"pk": opening.pk, "text": _("%(place)s is closed.") % {"place": opening.place.name}}
    elif do == "open":
        gone = places.open_again(opening=opening)
        seen = set(
            Learner.objects.served_by(request.user).filter(pk__in=[one.pk for one in gone]).values_list("pk", flat=True)
        )
        looked_at(request, seen)
        if gone:
            names = ", ".join(one.name for one in gone if one.pk in seen)
            messages.info(request, _("These chose another place meanwhile: %(names)s.") % {"names": names or len(gone)})
    elif do == "seats":
        form = SeatsForm(request.POST)
        if form.is_valid():
            try:
                places.change_seats(opening=opening, seats=form.cleaned_data["seats"])
            except places.SeatsTaken as refused:
                messages.info(request, _("%(n)s seats are taken, so there cannot be fewer.") % {"n": refused.taken})
        else:
            messages.info(request, _("A place has 1 to 60 seats."))
    return redirect("class_places")


def _open(request: Request, form: OpeningForm) -> None:
    data = form.cleaned_data
    openings = places.open_place(
        place=data["place"],
        section=data["section"],
        starts_at=form.starts_at,
        ends_at=form.ends_at,
        seats=data["seats"],
        weeks=data["weeks"],
        uuid=data["uuid"],
        by=request.user,
    )
    said = ngettext("%(place)s is open.", "%(place)s is open in %(n)s weeks.", len(openings))
    said = said % {"place": data["place"].name, "n": len(openings)}
    there = dict.fromkeys(group for opening in openings[:WEEKS_SAID] for group in places.groups_there(opening))
    named = Section.objects.visible_to(request.user).filter(pk__in=[group.section_id for group in there])
    title_of = dict(named.values_list("pk", "title"))
    for group in there:
        if group.section_id in title_of:
            said += " " + _("Group %(letter)s of %(section)s meets there then (%(time)s).") % {
                "letter": group.letter,
                "section": title_of[group.section_id],
                "time": group.time_text,
            }
        else:
            said += " " + _("A group of another class meets there then.")
    messages.info(request, said)


def _places_of(request: Request, section: Section) -> QuerySet[Place]:
    """What can be opened for a class: places of its school."""
    here = Place.objects.editable_by(request.user).filter(archived_at__isnull=True)
    return here.filter(school=section.roster.school_id)


def _opening_form(request: Request, section: Section, data) -> OpeningForm:
    mine = Section.objects.taught_by(request.user).filter(archived_at__isnull=True)
    sections = mine if mine.exists() else Section.objects.filter(pk=section.pk)
    initial = {"uuid": uuid4(), "section": section.pk, "day": timezone.localdate()}
    return OpeningForm(
        data,
        initial=initial,
        places=_places_of(request, section),
        sections=sections.select_related("roster"),
        auto_id="open_%s",
    )


def _place_form(request: Request, section: Section, data) -> PlaceForm:
    schools = School.objects.filter(schools_of(request.user))
    return PlaceForm(data, initial={"school": section.roster.school_id}, schools=schools, auto_id="place_%s")
