"""Conversations: the list, one of them, what is new in it, and what is sent."""

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lrm.form_fields import rebase, typed
from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import EVERYBODY, GUARDIAN, LEARNER, TEACHER, allow
from lrm.policy import STAFF as STAFF_ROLES
from paths.forms.talks import MessageForm
from paths.models import Artifact, MessageReport, Talk
from paths.services.errors import UuidTaken
from paths.services.talks import acts, widening
from paths.services.talks.circle import read_circle, said_readers
from paths.services.talks.reading import Thread, list_talks, read_thread
from paths.views.shared import ME, SHELLS, STAFF, note_look, seen_learner, viewer_of
from profiles.models import Learner

MEMBERS = (LEARNER, GUARDIAN, TEACHER)


@allow(*EVERYBODY)
@require_GET
def talks(request: Request) -> HttpResponse:
    """Everything that the account reads, what is new first. ?page= from 1."""
    request.nav = "talks"
    found = list_talks(Talk.objects.visible_to(request.user), request.user, page=page_of(request))
    own = request.user.access.learner_id
    looked_at(request, found.learner_ids - {own})
    is_staff = bool(request.user.roles & set(STAFF_ROLES))
    request.unread_talks = sum(line.unread for line in found.lines)
    context = {
        "found": found,
        "own": own,
        "children": children_of(request) if not is_staff and own is None else (),
        "reports": MessageReport.objects.visible_to(request.user).waiting().count() if is_staff else 0,
        "is_staff": is_staff,
        "shell": SHELLS[STAFF if is_staff else ME],
    }
    return render(request, "paths/talks.html", context)


@allow(*EVERYBODY)
@require_GET
def learner_talks(request: Request, pk: int) -> HttpResponse:
    """Conversations around one learner."""
    learner = seen_learner(request, pk)
    request.nav = "talks"
    viewer = viewer_of(request, learner)
    found = list_talks(
        Talk.objects.visible_to(request.user).filter(learner=learner), request.user, page=page_of(request)
    )
    context = {
        "learner": learner,
        "found": found,
        "own": request.user.access.learner_id,
        "is_staff": viewer == STAFF,
        "viewer": viewer,
        "shell": SHELLS[viewer],
    }
    return render(request, "paths/learner_talks.html", context)


@allow(*EVERYBODY)
@require_http_methods(["GET", "POST"])
def talk(request: Request, pk: int) -> HttpResponse:
    """One conversation. POST says something in it. ?before= and ?after= ids of messages walk through a long one."""
    found = shown_talk(request, pk)
    form = None
    status = 200
    if request.method == "POST":
        member = open_talk(request, pk)
        form = MessageForm(request.POST)
        if form.is_valid():
            try:
                _send(request, member, form)
            except UuidTaken:
                raise Http404 from None
            except acts.AudienceChanged:
                found = shown_talk(request, pk)
                rebase(form, "readers", found.audience)
                form.add_error("text", _("More people read this now: look above. Your words are not sent yet."))
                return show_talk(request, found, form=form, status=409)
            return redirect(reverse("talk", args=[pk]) + "#write")
        status = 422
    return show_talk(request, found, form=form, status=status)


def _send(request: Request, talk: Talk, form: MessageForm) -> None:
    words = form.cleaned_data
    acts.send_message(
        talk=talk,
        text=words["text"],
        uuid=words["uuid"],
        by=request.user,
        now=timezone.now(),
        audience=words["readers"],
    )


def show_talk(request: Request, found: Talk, *, form: MessageForm | None, status: int) -> HttpResponse:
    circle = read_circle(found.learner, on=timezone.localdate())
    viewer = viewer_of(request, found.learner, circle.roster_ids)
    adults = circle.readers_of(found)
    is_member = is_open(request, found, {adult.account_id for adult in adults})
    if form is None and is_member:
        draft = acts.draft_of(learner_id=found.learner_id, key=acts.draft_key(found), account=request.user)
        form = MessageForm.opened(found, draft)
    request.nav = "talks"
    thread = _thread(request, found)
    asked = next((row for row in thread.widenings if not row.at and not row.declined_at), None)
    asked_for = widening.new_readers(found, circle, asked.to) if asked and viewer == ME else []
    context = {
        "talk": found,
        "learner": found.learner,
        "thread": thread,
        "offers": widening.offers(found, circle, request.user, thread.widenings) if is_member else [],
        "asked": asked,
        "asked_for": asked_for,
        "asked_shown": widening.key_of(asked_for),
        "work": _work_of(request, found),
        "readers": said_readers(found.learner, adults, to=request.user) if is_member else "",
        "adults": adults,
        "is_member": is_member,
        "form": form,
        "viewer": viewer,
        "is_me": viewer == ME,
        "shell": SHELLS[viewer],
    }
    return render(request, "paths/talk.html", context, status=status)


@allow(*EVERYBODY)
@require_GET
def talk_news(request: Request, pk: int) -> HttpResponse:
    """The newest messages as they stand. 304 where the conversation is as the ETag that was sent says."""
    found = shown_talk(request, pk)
    etag = f'"{found.version}"'
    if request.headers.get("If-None-Match") == etag:
        answer = HttpResponse(status=304)
    else:
        answer = render(request, "paths/parts/talk_messages.html", {"thread": _thread(request, found), "talk": found})
    answer["ETag"] = etag
    answer["Cache-Control"] = "no-cache, private"
    return answer


@allow(*MEMBERS)
@require_POST
def talk_seen(request: Request, pk: int) -> HttpResponse:
    """up_to: id of the last message that was on the screen."""
    found = open_talk(request, pk)
    up_to = request.POST.get("up_to", "")
    if up_to.isdecimal() and len(up_to) < 19:
        acts.mark_seen(talk=found, account=request.user, up_to=int(up_to))
    if request.POST.get("by") == "script":
        return HttpResponse(status=204)
    return redirect("talk", pk=pk)


@allow(*MEMBERS)
@require_POST
def talk_draft(request: Request, pk: int) -> HttpResponse:
    """Keep what is being written in a conversation; only its writer reads it again. JSON: saved."""
    found = open_talk(request, pk)
    text = typed(request.POST, "text", most=4000)
    acts.keep_draft(learner=found.learner, key=acts.draft_key(found), text=text, by=request.user, now=timezone.now())
    return JsonResponse({"saved": True})


def _work_of(request: Request, found: Talk) -> Artifact | None:
    """The piece of work that it is about, where the reader may see it: being in a talk gives no right to the piece."""
    if found.artifact_id is None:
        return None
    return Artifact.objects.visible_to(request.user).filter(pk=found.artifact_id).first()


def _thread(request: Request, found: Talk) -> Thread:
    administers = (
        found.has_record and Learner.objects.administered_by(request.user).filter(pk=found.learner_id).exists()
    )
    teaches = TEACHER in request.user.roles and found.learner_id != request.user.access.learner_id
    may_hide = teaches and Learner.objects.served_by(request.user).filter(pk=found.learner_id).exists()
    return read_thread(
        found,
        request.user,
        may_report=not administers or Talk.objects.open_to(request.user).filter(pk=found.pk).exists(),
        may_hide=may_hide,
        reads_hidden=administers,
        now=timezone.now(),
        before=_id(request, "before"),
        after=_id(request, "after"),
    )


def is_open(request: Request, found: Talk, adult_ids: set[int]) -> bool:
    return found.learner_id == request.user.access.learner_id or request.user.pk in adult_ids


def shown_talk(request: Request, pk: int) -> Talk:
    """A conversation that the account may read, or 404."""
    rows = Talk.objects.visible_to(request.user).select_related(
        "learner", "section", "goal", "step", "standard", "group__focus"
    )
    found = get_object_or_404(rows, pk=pk)
    note_look(request, found.learner_id)
    return found


def open_talk(request: Request, pk: int) -> Talk:
    """A conversation in which the account writes, or 404."""
    found = get_object_or_404(Talk.objects.open_to(request.user).select_related("learner"), pk=pk)
    note_look(request, found.learner_id)
    return found


def children_of(request: Request) -> list[Learner]:
    wards = Learner.objects.visible_to(request.user).filter(pk__in=request.user.access.ward_ids)
    found = list(wards.by_name())
    looked_at(request, [child.pk for child in found])
    return found


def page_of(request: Request) -> int:
    """?page=, from 1; anything else is the first."""
    page = request.GET.get("page", "")
    return max(1, int(page)) if page.isdecimal() and len(page) < 6 else 1


def _id(request: Request, name: str) -> int | None:
    value = request.GET.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 19 else None
