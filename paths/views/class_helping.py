"""The teacher's page of a class: who offers help and who asks for it, pairs, what is shared and told; two switches."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assessments.views.sections import pick_section, remember_section
from lrm.http import Request
from lrm.looked import looked_at
from lrm.numbers import whole_number
from lrm.policy import ADMINS, TEACHER, allow
from paths.forms.peers import DecideForm, PairForm
from paths.models import PeerClass, PeerMatch, PeerReport, SharedMoment
from paths.models.peer import led_by
from paths.services.errors import NotNow, UuidTaken
from paths.services.peers import notes, pairs, reports
from paths.services.peers.reading import ClassPairs, Wanted, read_class, waiting_reports
from profiles.models import Section

RUNNERS = (TEACHER, *ADMINS)
SHARED_SHOWN = 20
SWITCHES = {
    "pairs_on": {"pairs_on": True},
    "pairs_off": {"pairs_on": False},
    "cheers_on": {"cheers_on": True},
    "cheers_off": {"cheers_on": False},
}


@allow(*RUNNERS)
@require_GET
def class_helping(request: Request) -> HttpResponse:
    """The class used last, or the first one."""
    section = pick_section(request, None, _sections(request))
    if section is None:
        return render(request, "assessments/no_section.html")
    return redirect("section_helping", pk=section.pk)


@allow(*RUNNERS)
@require_http_methods(["GET", "POST"])
def section_helping(request: Request, pk: int) -> HttpResponse:
    """POST: make a pair."""
    request.nav = "learners"
    section = get_object_or_404(led_by(request.user).select_related("roster"), pk=pk)
    remember_section(request, section.pk)
    room = PeerClass.objects.filter(section=section).first() or PeerClass(section=section)
    found = read_class(section, request.user, today=timezone.localdate())
    looked_at(request, found.learner_ids)
    refused = None
    if request.method == "POST":
        refused = _pair(request, section, found)
        if refused is None:
            return redirect("section_helping", pk=section.pk)
    told = waiting_reports(request.user, section)
    shared = SharedMoment.objects.visible_to(request.user).filter(section=section)
    moments = list(shared.select_related("learner", "goal", "standard")[:SHARED_SHOWN])
    looked_at(request, {moment.learner_id for moment in moments} | _told_about(told))
    context = {
        "section": section,
        "sections": _sections(request),
        "room": room,
        "wanted": [_part(each, found, refused) for each in found.wanted],
        "found": found,
        "told": told,
        "moments": moments,
    }
    return render(request, "paths/class_helping.html", context, status=422 if refused else 200)


def _sections(request: Request) -> list[Section]:
    """For the switcher."""
    return list(led_by(request.user).filter(archived_at=None).select_related("roster", "course", "session"))


def _part(wanted: Wanted, found: ClassPairs, refused: PairForm | None) -> dict:
    """form: to make a pair, None where nobody could be paired."""
    names = {note.learner_id: note.learner.name for note in (*wanted.wishes, *wanted.offers)}
    said = [(names[pair.helper], names[pair.asker], pair.met) for pair in wanted.pairs]
    is_refused = refused is not None and refused.data.get("standard") == str(wanted.standard.pk)
    return {
        "wanted": wanted,
        "pairs": said,
        "form": refused if is_refused else _form(wanted, found) if wanted.wishes and wanted.offers else None,
    }


def _form(wanted: Wanted, found: ClassPairs, data=None) -> PairForm | None:
    """Of those who are in no pair; the first suggestion is picked."""
    askers = [(note.learner_id, note.learner.name) for note in wanted.wishes if note.learner_id not in found.busy]
    helpers = [(note.learner_id, note.learner.name) for note in wanted.offers if note.learner_id not in found.busy]
    if not askers or not helpers:
        return None
    first = wanted.pairs[0] if wanted.pairs else None
    initial = {"asker": first.asker, "helper": first.helper} if first else {}
    return PairForm(
        data,
        standard=wanted.standard,
        askers=askers,
        helpers=helpers,
        today=timezone.localdate(),
        initial=initial,
    )


def _pair(request: Request, section: Section, found: ClassPairs) -> PairForm | None:
    """The form where it was refused; None where there is nothing more to show of it."""
    try:
        made = PeerMatch.objects.led_by(request.user).filter(section=section, uuid=UUID(request.POST.get("uuid", "")))
        if made.exists():  # a double click
            return None
    except ValueError:
        pass  # the form says so
    standard = whole_number(request.POST.get("standard", ""))
    wanted = next((each for each in found.wanted if each.standard.pk == standard), None)
    form = _form(wanted, found, request.POST) if wanted else None
    if form is None:
        messages.info(request, _("Nothing was changed. Nobody could be paired for this any more."))
        return None
    if not form.is_valid():
        return form
    data = form.cleaned_data
    try:
        pairs.make_pair(
            section=section,
            standard_id=data["standard"],
            helper_id=data["helper"],
            asker_id=data["asker"],
            meeting=form.meeting(),
            uuid=data["uuid"],
            by=request.user,
            now=timezone.now(),
        )
    except pairs.KeptApart:
        form.add_error("helper", _("These two are kept apart by a wish for groups. Pick somebody else."))
        return form
    except (NotNow, UuidTaken, pairs.TakenAlready):
        messages.info(request, _("Nothing was changed. This is how it stands now."))
        return None
    messages.success(request, _("Both are asked on their own pages. It begins when both say yes."))
    return None


@allow(*RUNNERS)
@require_POST
def helping_switch(request: Request, pk: int) -> HttpResponse:
    """do: a key of SWITCHES."""
    section = get_object_or_404(led_by(request.user), pk=pk)
    change = SWITCHES.get(request.POST.get("do", ""))
    if change is not None:
        notes.set_class(section=section, by=request.user, now=timezone.now(), **change)
    return redirect("section_helping", pk=pk)


@allow(*RUNNERS)
@require_POST
def pair_end(request: Request, pk: int) -> HttpResponse:
    match = get_object_or_404(PeerMatch.objects.led_by(request.user), pk=pk)
    looked_at(request, [match.helper_id, match.asker_id])
    pairs.stop(match=match, by=request.user, now=timezone.now(), as_staff=True)
    return redirect("section_helping", pk=match.section_id)


@allow(*RUNNERS)
@require_POST
def peer_report_decide(request: Request, pk: int) -> HttpResponse:
    """do: end or keep; answer: a line to whoever told."""
    rows = PeerReport.objects.visible_to(request.user).select_related("match", "moment")
    report = get_object_or_404(rows, pk=pk)
    looked_at(request, _told_about([report]))
    about = report.match or report.moment
    form = DecideForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was decided. Choose one of the two, with a line of at most 500 letters."))
    else:
        data = form.cleaned_data
        found = reports.decide(
            report=report, end=data["do"] == "end", answer=data["answer"], by=request.user, now=timezone.now()
        )
        if found.decided_by_id != request.user.pk:
            messages.info(request, _("Somebody else had decided already. Their decision stands."))
    return redirect("section_helping", pk=about.section_id)  # type: ignore[union-attr]  # of one or the other


def _told_about(told: list[PeerReport]) -> set[int]:
    found = set()
    for report in told:
        if report.match:
            found |= {report.match.helper_id, report.match.asker_id}
        if report.moment:
            found.add(report.moment.learner_id)
    return found
