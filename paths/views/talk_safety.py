"""Telling a grown-up about a message, taking words off the page, and the grown-ups' list."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import EVERYBODY, GUARDIAN, LEARNER, STAFF, TEACHER, allow
from paths.forms.talks import DecideForm, HideForm, ReportForm
from paths.models import Message, MessageReport, Talk
from paths.services.talks import safety
from paths.views.shared import ME, SHELLS, note_look, viewer_of
from paths.views.talks import page_of

REPORTS_A_PAGE = 50


@allow(LEARNER, GUARDIAN, TEACHER)
@require_http_methods(["GET", "POST"])
def message_report(request: Request, pk: int) -> HttpResponse:
    """Tell a grown-up about a message of a conversation that the account is in."""
    rows = Message.objects.filter(talk__in=Talk.objects.open_to(request.user), hidden_at=None)
    message = get_object_or_404(rows.exclude(author=request.user).select_related("talk__learner", "author"), pk=pk)
    note_look(request, message.talk.learner_id)
    form = ReportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        safety.report_message(message=message, why=form.cleaned_data["why"], by=request.user, now=timezone.now())
        messages.success(request, _("A grown-up of the school will read it. It was right to tell."))
        return redirect("talk", pk=message.talk_id)
    return _show(request, "paths/message_report.html", message, form)


@allow(*EVERYBODY)
@require_http_methods(["GET", "POST"])
def message_hide(request: Request, pk: int) -> HttpResponse:
    """Take words off the page: one's own for a quarter of an hour, those of learners and families as staff."""
    rows = Message.objects.hideable_by(request.user).select_related("talk__learner", "author")
    message = get_object_or_404(rows, pk=pk)
    note_look(request, message.talk.learner_id)
    is_own = message.author_id == request.user.pk
    form = HideForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and (is_own or form.is_valid()):
        because = "" if is_own else form.cleaned_data["because"]
        safety.hide_message(message=message, because=because, by=request.user, now=timezone.now())
        messages.info(
            request, _("Taken back.") if is_own else _("Hidden. The school’s administrators can still read it.")
        )
        return redirect("talk", pk=message.talk_id)
    return _show(request, "paths/message_hide.html", message, form, is_own=is_own)


@allow(*STAFF)
@require_GET
def talk_reports(request: Request) -> HttpResponse:
    """What somebody told a grown-up: what waits first, the longest waiting on top."""
    request.nav = "talks"
    page = page_of(request)
    start = (page - 1) * REPORTS_A_PAGE
    rows = (
        MessageReport.objects.visible_to(request.user)
        .select_related("message__talk__learner", "message__author", "by", "decided_by")
        .order_by("decided_at", "at", "pk")
    )
    found = list(rows.filter(decided_at=None)[start : start + REPORTS_A_PAGE])
    done = list(rows.exclude(decided_at=None).order_by("-decided_at")[:REPORTS_A_PAGE]) if page == 1 else []
    looked_at(request, {report.message.talk.learner_id for report in (*found, *done)})
    return render(request, "paths/talk_reports.html", {"found": found, "done": done, "page": page})


@allow(*STAFF)
@require_POST
def report_decide(request: Request, pk: int) -> HttpResponse:
    """do: hide or keep; answer: a line to whoever told."""
    rows = MessageReport.objects.visible_to(request.user).select_related("message__talk")
    report = get_object_or_404(rows, pk=pk)
    note_look(request, report.message.talk.learner_id)
    form = DecideForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was decided. Choose one of the two, with a line of at most 500 letters."))
        return redirect("talk_reports")
    decided = safety.decide_report(
        report=report,
        hide=form.cleaned_data["do"] == "hide",
        answer=form.cleaned_data["answer"],
        by=request.user,
        now=timezone.now(),
    )
    if decided.decided_by_id != request.user.pk:
        messages.info(request, _("Somebody else had decided already. Their decision stands."))
    return redirect("talk_reports")


def _show(request: Request, template: str, message: Message, form, **context) -> HttpResponse:
    learner = message.talk.learner
    viewer = viewer_of(request, learner)
    request.nav = "talks"
    values = {"message": message, "talk": message.talk, "form": form, "is_me": viewer == ME, "shell": SHELLS[viewer]}
    return render(request, template, values | context, status=422 if form.errors else 200)
