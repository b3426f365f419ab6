"""A learner's page of helping each other: what they offer and ask for, and the pairs that they are in."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lrm.http import Request
from lrm.policy import GUARDIAN, LEARNER, allow
from paths.forms.peers import NoteForm, TellForm, ThanksForm
from paths.models import PeerMatch, PeerNote, PeerReport
from paths.services.errors import NotNow, UuidTaken
from paths.services.peers import notes, pairs, reports
from paths.services.peers.reading import own_pair, read_own
from paths.views.shared import note_look
from profiles.models import Learner, Section
from standards.models import Standard

TOLD_SHOWN = 5


@allow(LEARNER)
@require_http_methods(["GET", "POST"])
def my_helping(request: Request) -> HttpResponse:
    """POST: an offer or a wish."""
    request.nav = "talks"
    learner = _me(request)
    classes = list(notes.classes_of(learner).filter(peer_class__pairs_on=True).select_related("roster"))
    offered = notes.offered_in(classes)
    form = NoteForm(request.POST if request.method == "POST" else None, offered=_choices(offered))
    if request.method == "POST" and form.is_valid():
        return _say(request, learner, classes, form)
    context = {
        "own": read_own(learner, request.user, today=timezone.localdate(), with_names=True),
        "classes": classes,
        "offered": offered,
        "form": form,
        "kinds": PeerNote.Kind.choices,
        "picked": str(form["kind"].value() or ""),
        "told": _answers(request),
    }
    return render(request, "paths/my_helping.html", context, status=422 if form.errors else 200)


def _say(request: Request, learner: Learner, classes: list[Section], form: NoteForm) -> HttpResponse:
    section_id, standard_id = form.ids()
    try:
        notes.say(
            learner=learner,
            section=next(section for section in classes if section.pk == section_id),
            standard_id=standard_id,
            kind=form.cleaned_data["kind"],
            text=form.cleaned_data["text"],
            uuid=form.cleaned_data["uuid"],
            now=timezone.now(),
        )
    except UuidTaken:
        raise Http404 from None
    except NotNow:
        messages.info(request, _("Your class does not do this right now. Ask your teacher."))
    else:
        messages.success(request, _("It is kept. Your teacher can find you a partner."))
    return redirect("my_helping")


@allow(GUARDIAN)
@require_GET
def learner_helping(request: Request, pk: int) -> HttpResponse:
    """The same for the family to read; the partner is a classmate without a name."""
    learner = get_object_or_404(Learner.objects.visible_to(request.user), pk=pk, pk__in=request.user.access.ward_ids)
    note_look(request, learner.pk)
    request.nav = "home"
    own = read_own(learner, request.user, today=timezone.localdate(), with_names=False)
    return render(request, "paths/learner_helping.html", {"learner": learner, "own": own})


@allow(LEARNER)
@require_POST
def note_take_back(request: Request, pk: int) -> HttpResponse:
    note = get_object_or_404(PeerNote.objects.of(request.user), pk=pk)
    notes.take_back(note=note, now=timezone.now())
    messages.info(request, _("Taken back. You can write it again when you like."))
    return redirect("my_helping")


@allow(LEARNER)
@require_POST
def pair_act(request: Request, pk: int) -> HttpResponse:
    """do: yes, not_now, stop, done (the asker has got the help) or thanks (of the asker, with text)."""
    match = get_object_or_404(PeerMatch.objects.of(request.user), pk=pk)
    do, now, me = request.POST.get("do"), timezone.now(), _me(request)
    is_asker = match.asker_id == me.pk
    try:
        if do in ("yes", "not_now"):
            pairs.answer(match=match, learner=me, yes=do == "yes", now=now)
        elif do == "stop":
            pairs.stop(match=match, by=request.user, now=now)
            messages.info(request, _("It is over. Thank you for saying so."))
        elif do == "done" and is_asker:
            pairs.done(match=match, by=request.user, now=now)
            messages.success(request, _("Good. You can thank your partner now."))
        elif do == "thanks" and is_asker:
            _thank(request, match)
    except NotNow:
        messages.info(request, _("This has changed. Here is how it stands now."))
    return redirect("my_helping")


def _thank(request: Request, match: PeerMatch) -> None:
    form = ThanksForm(request.POST)
    if form.is_valid():
        pairs.thank(match=match, text=form.cleaned_data["text"], now=timezone.now())
        messages.success(request, _("Sent. Your partner and your teacher can read it."))
    else:
        messages.error(request, " ".join(str(each) for each in form.errors["text"]))


@allow(LEARNER)
@require_http_methods(["GET", "POST"])
def pair_tell(request: Request, pk: int) -> HttpResponse:
    """Tell a grown-up about a pair that one is or was in."""
    rows = PeerMatch.objects.of(request.user).select_related("helper", "asker", "standard", "section")
    match = get_object_or_404(rows, pk=pk)
    request.nav = "talks"
    form = TellForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reports.tell(match=match, why=form.cleaned_data["why"], by=request.user, now=timezone.now())
        messages.success(request, _("A grown-up of the school will read it. It was right to tell."))
        return redirect("my_helping")
    pair = own_pair(match, _me(request), is_on=False, with_name=True)
    context = {"form": form, "pair": pair, "back": "my_helping"}
    return render(request, "paths/peer_tell.html", context, status=422 if form.errors else 200)


def _me(request: Request) -> Learner:
    return get_object_or_404(Learner.objects.visible_to(request.user), pk=request.user.access.learner_id)


def _choices(offered: list[tuple[Section, list[Standard]]]) -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (section.title, [(f"{section.pk}-{standard.pk}", standard.heading) for standard in standards])
        for section, standards in offered
    ]


def _answers(request: Request) -> list[PeerReport]:
    """What came of what the learner has told a grown-up."""
    return list(
        PeerReport.objects.filter(by=request.user).exclude(decided_at=None).order_by("-decided_at")[:TOLD_SHOWN]
    )
