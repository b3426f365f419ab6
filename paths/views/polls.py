"""Polls and suggestions: lists, asking, answering, results, what came of it."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assessments.models import Group
from lrm.file_store import StorageTrouble
from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import ADMINS, LEARNER, TEACHER, allow
from paths.forms.polls import AnswerForm, AskForm, EndForm, SuggestForm, UnmaskForm
from paths.forms.work import accepted, storage_words
from paths.models import Poll, PollAnswer, PollFile, PollHand, Unmasking
from paths.services.errors import NotNow, UuidTaken
from paths.services.hand_in_limits import OverLimit, kinds_allowed
from paths.services.polls import acts, files
from paths.services.polls.results import LEAST, shown_results
from paths.services.talks.circle import read_circle
from profiles.models import Learner, School, Section

MOST_SHOWN = 60
RUNNERS = (TEACHER, *ADMINS)
ARRIVED = "#kept"  # tells the page that the drawing which waits in the browser has come in


@allow(LEARNER, *RUNNERS)
@require_GET
def polls(request: Request) -> HttpResponse:
    """A learner's: what is open first, then what came of the others. Staff: what waits for its ending first."""
    request.nav = "talks"
    today = timezone.localdate()
    learner_id = request.user.access.learner_id
    rows = Poll.objects.visible_to(request.user).select_related("section", "group__focus", "school")
    if learner_id is not None:
        mine = PollHand.objects.filter(poll=OuterRef("pk"), learner=learner_id)
        found = list(rows.annotate(is_answered=Exists(mine))[:MOST_SHOWN])
        context = {
            "open": [poll for poll in found if poll.takes_answers(today)],
            "over": [poll for poll in found if not poll.takes_answers(today) and poll.kind != Poll.Kind.SUGGESTION],
            "own": [poll for poll in found if poll.kind == Poll.Kind.SUGGESTION],
            "told": _told(request),
        }
        return render(request, "paths/polls_mine.html", context)
    found = list(rows.annotate(n=Count("answers")).select_related("created_by")[:MOST_SHOWN])
    looked_at(request, _authors(found))
    context = {
        "waiting": [poll for poll in found if poll.ended_at is None and not poll.takes_answers(today)],
        "open": [poll for poll in found if poll.takes_answers(today)],
        "over": [poll for poll in found if poll.ended_at is not None],
        "unmaskings": list(Unmasking.objects.agreeable_by(request.user).select_related("poll", "answer", "asked_by")),
    }
    return render(request, "paths/polls.html", context)


@allow(*RUNNERS)
@require_http_methods(["GET", "POST"])
def poll_new(request: Request) -> HttpResponse:
    """Ask a class, a group or a school."""
    request.nav = "talks"
    audiences = _audiences(request)
    form = AskForm(
        request.POST if request.method == "POST" else None,
        audiences=list(audiences.items()),
        today=timezone.localdate(),
    )
    if request.method == "POST" and form.is_valid() and _school_takes(form):
        values = {name: form.cleaned_data[name] for name in ("uuid", "kind", "question", "options", "is_anonymous")}
        try:
            found = acts.ask(
                **values,
                **_named(form.cleaned_data["audience"]),
                open_until=form.cleaned_data["open_until"],
                by=request.user,
                now=timezone.now(),
            )
        except UuidTaken:
            raise Http404 from None
        return redirect("poll", pk=found.pk)
    status = 422 if form.errors else 200
    return render(request, "paths/poll_new.html", {"form": form, "audiences": audiences}, status=status)


@allow(LEARNER, *RUNNERS)
@require_http_methods(["GET", "POST"])
def poll(request: Request, pk: int) -> HttpResponse:
    """POST: the learner's answer. After the last day what may be shown of the answers, and what came of it."""
    request.nav = "talks"
    found = get_object_or_404(
        Poll.objects.visible_to(request.user).select_related("section", "group__focus", "school", "created_by"), pk=pk
    )
    learner_id = request.user.access.learner_id
    if learner_id is None:
        if request.method == "POST":
            raise Http404
        return _run_page(request, found)
    today = timezone.localdate()
    hand = PollHand.objects.select_related("answer").filter(poll=found, learner=learner_id).first()
    given = hand.answer if hand else None
    given_file = PollFile.objects.filter(answer=given).first() if given else None
    allowed = files.kinds_for(found)
    form = AnswerForm(
        *((request.POST, request.FILES) if request.method == "POST" else ()),
        poll=found,
        allowed=allowed,
        has_file=given_file is not None,
        trouble=getattr(request, "upload_trouble", ""),
        initial={"text": given.text if given else ""},
    )
    if request.method == "POST":
        if found.kind == Poll.Kind.SUGGESTION:
            raise Http404
        if form.is_valid():
            return _answer(request, found, form)
    picked = request.POST.getlist("choice") if form.is_bound else [str(n) for n in given.choices] if given else []
    context = {
        "poll": found,
        "form": form,
        "choices": [(str(n), text, str(n) in picked) for n, text in enumerate(found.options)],
        "is_open": found.takes_answers(today),
        "given": given,
        "given_file": given_file,
        "takes": next(iter(allowed), "") if found.takes_answers(today) else "",
        "accept": accepted(allowed),
        "store": f"{request.user.uuid}.{found.pk}",
        "results": _results(found, today),
        "words": _words(found, today),
        "told": [row for row in _told(request) if row.poll_id == found.pk],
        "least": LEAST,
    }
    return render(request, "paths/poll_mine.html", context, status=422 if form.errors else 200)


@allow(LEARNER)
@require_http_methods(["GET", "POST"])
def suggest(request: Request) -> HttpResponse:
    """A learner's own idea for a class."""
    request.nav = "talks"
    learner = get_object_or_404(Learner.objects.visible_to(request.user), pk=request.user.access.learner_id)
    classes = [each for each in read_circle(learner, on=timezone.localdate()).classes if each.adults]
    form = SuggestForm(
        request.POST if request.method == "POST" else None, sections=[(str(each.pk), each.said) for each in classes]
    )
    if request.method == "POST" and form.is_valid():
        section = Section.objects.select_related("roster").get(pk=int(form.cleaned_data["section"]))
        values = {name: form.cleaned_data[name] for name in ("uuid", "text", "is_anonymous")}
        try:
            acts.suggest(**values, section=section, by=request.user, now=timezone.now())
        except UuidTaken:
            raise Http404 from None
        messages.success(request, _("Your idea is sent. You will read here what came of it."))
        return redirect("polls")
    context = {"form": form, "classes": classes}
    return render(request, "paths/suggest.html", context, status=422 if form.errors else 200)


@allow(*RUNNERS)
@require_POST
def poll_end(request: Request, pk: int) -> HttpResponse:
    """do=stop: take no more answers; else ending and text: what came of it, which ends the poll."""
    found = _run(request, pk)
    today = timezone.localdate()
    if request.POST.get("do") == "stop":
        acts.stop_asking(poll=found, today=today)
        return redirect("poll", pk=pk)
    form = EndForm(request.POST)
    if not form.is_valid():
        return _run_page(request, found, problem=" ".join(str(each) for some in form.errors.values() for each in some))
    try:
        acts.end(poll=found, **form.cleaned_data, by=request.user, now=timezone.now(), today=today)
    except NotNow:
        messages.error(request, _("Answers still come in. Stop asking first."))
    return redirect("poll", pk=pk)


@allow(*RUNNERS)
@require_POST
def poll_unmask(request: Request, pk: int) -> HttpResponse:
    """Ask that an anonymous answer (answer=its uuid) or suggestion is opened. An administrator has to agree."""
    found = _run(request, pk)
    form = UnmaskForm(request.POST)
    if not found.is_anonymous:
        raise Http404
    answer = None
    if found.kind != Poll.Kind.SUGGESTION:
        answer = get_object_or_404(PollAnswer.objects.filter(poll=found), uuid=_uuid(request.POST.get("answer", "")))
    if form.is_valid():
        acts.ask_to_unmask(poll=found, answer=answer, why=form.cleaned_data["why"], by=request.user, now=timezone.now())
        messages.info(request, _("Asked. An administrator of the school has to agree; the student is told."))
    else:
        messages.error(request, str(form.errors["why"][0]))
    return redirect("poll", pk=pk)


@allow(*ADMINS)
@require_POST
def unmasking_agree(request: Request, pk: int) -> HttpResponse:
    row = get_object_or_404(Unmasking.objects.agreeable_by(request.user).select_related("poll"), pk=pk)
    acts.agree_to_unmask(unmasking=row, by=request.user, now=timezone.now())
    return redirect("poll", pk=row.poll_id)


def _answer(request: Request, found: Poll, form: AnswerForm) -> HttpResponse:
    learner = get_object_or_404(Learner.objects.visible_to(request.user), pk=request.user.access.learner_id)
    back = reverse("poll", args=[found.pk])
    values = {"choices": form.places(), "text": form.cleaned_data["text"], "today": timezone.localdate()}
    try:
        if form.taken:
            files.answer_with_file(
                poll=found, learner=learner, file=form.taken, today=timezone.localdate(), now=timezone.now()
            )
            back += ARRIVED
        elif not form.has_file:
            acts.answer(poll=found, learner=learner, **values)
        messages.success(request, _("Your answer is kept. You can change it as long as the poll is open."))
    except NotNow:
        messages.error(request, _("This poll is over, so it takes no more answers."))
    except OverLimit as over:
        messages.error(request, over.message)
    except StorageTrouble:
        messages.error(request, storage_words())
    return redirect(back)


def _run_page(request: Request, found: Poll, *, problem: str = "") -> HttpResponse:
    today = timezone.localdate()
    hands = []
    if not found.is_anonymous:
        hands = list(
            PollHand.objects.filter(poll=found)
            .select_related("learner", "answer", "answer__file")
            .order_by("learner__given_name")
        )
        looked_at(request, {hand.learner_id for hand in hands})
    opened = []
    for row in Unmasking.objects.filter(poll=found).select_related("answer", "asked_by", "agreed_by", "poll"):
        learner = acts.unmasked_learner(row, to=request.user)
        if learner is not None:
            looked_at(request, [learner.pk])
        opened.append({"row": row, "learner": learner})
    if found.kind == Poll.Kind.SUGGESTION and not found.is_anonymous:
        looked_at(request, _authors([found]))
    context = {
        "poll": found,
        "is_open": found.takes_answers(today),
        "n": found.answers.count(),
        "least": LEAST,
        "results": _results(found, today),
        "words": _words(found, today),
        "hands": [
            {"learner": hand.learner, "said": _said(found, hand.answer), "answer": hand.answer} for hand in hands
        ],
        "opened": opened,
        "agreeable": set(Unmasking.objects.agreeable_by(request.user).filter(poll=found).values_list("pk", flat=True)),
        "endings": Poll.Ending.choices,
        "problem": problem,
        "typed": request.POST.get("text", "") if problem else "",
    }
    return render(request, "paths/poll.html", context, status=422 if problem else 200)


def _school_takes(form: AskForm) -> bool:
    """Whether the school that is asked has turned on what the answers are made of; else the form says how."""
    wanted = files.KIND_OF.get(form.cleaned_data["kind"])
    school = _named(form.cleaned_data["audience"])["school"]
    if wanted is None or wanted in kinds_allowed(school.pk):
        return True
    form.add_error("kind", _("Sound or video is off at this school. An administrator can turn it on."))
    return False


def _results(found: Poll, today) -> list | None:
    """Once no answer can come any more: two looks at a poll that is open would tell what came between them."""
    if not found.options or found.takes_answers(today):
        return None
    answers = list(found.answers.values_list("choices", flat=True))
    many = found.kind == Poll.Kind.SEVERAL
    return shown_results(found.options, answers, is_anonymous=found.is_anonymous, many=many)


def _words(found: Poll, today) -> list[PollAnswer]:
    """Words that were said, or drawings, in an order that tells nothing; none below LEAST."""
    if found.kind not in (Poll.Kind.WORDS, Poll.Kind.DRAWING) or found.takes_answers(today):
        return []
    rows = list(found.answers.order_by("uuid"))
    return rows if len(rows) >= LEAST else []


def _said(found: Poll, answer: PollAnswer) -> str:
    return answer.text or ", ".join(found.options[n] for n in answer.choices if n < len(found.options))


def _told(request: Request) -> list[Unmasking]:
    """Answers of the learner that two adults have opened."""
    rows = Unmasking.objects.told_to(request.user).select_related("poll", "asked_by", "agreed_by")
    return list(rows.order_by("-agreed_at")[:20])


def _run(request: Request, pk: int) -> Poll:
    return get_object_or_404(Poll.objects.run_by(request.user).select_related("section", "school"), pk=pk)


def _authors(found: list[Poll]) -> set[int]:
    """Learners whose suggestions stand there by name."""
    accounts = [p.created_by_id for p in found if p.kind == Poll.Kind.SUGGESTION and not p.is_anonymous]
    return set(Learner.objects.filter(account__in=accounts).values_list("pk", flat=True)) if accounts else set()


def _audiences(request: Request) -> dict[str, str]:
    """What the account may ask: {"section:1": title}. Groups are those that are on."""
    access = request.user.access
    found: dict[str, str] = {}
    if access.stays:
        # A substitute of one class who stays in another asks the other.
        rosters = [roster for roster, roles in access.staff_roles.items() if roles - {"substitute"}]
        sections = Section.objects.taught_by(request.user).filter(archived_at=None, roster__in=rosters)
        for section in sections.order_by("title", "pk"):
            found[f"section:{section.pk}"] = section.title
        groups = Group.objects.filter(section__in=sections, closed_at=None).select_related("focus", "section")
        for group in groups.order_by("section__title", "letter"):
            facts = {"title": group.section.title, "letter": group.letter, "focus": group.focus.heading}
            found[f"group:{group.pk}"] = _("%(title)s, group %(letter)s: %(focus)s") % facts
    schools = School.objects.filter(Q(pk__in=access.school_ids) if not access.is_district_admin else Q())
    if access.school_ids or access.is_district_admin:
        found |= {f"school:{school.pk}": _("All of %(name)s") % {"name": school.name} for school in schools}
    return found


def _named(audience: str) -> dict:
    """Of a value that the form has checked against `_audiences`."""
    kind, _colon, pk = audience.partition(":")
    if kind == "school":
        return {"school": School.objects.get(pk=int(pk)), "section": None, "group": None}
    group = Group.objects.select_related("section__roster__school").get(pk=int(pk)) if kind == "group" else None
    section = group.section if group else Section.objects.select_related("roster__school").get(pk=int(pk))
    return {"school": section.roster.school, "section": section, "group": group}


def _uuid(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        raise Http404 from None
