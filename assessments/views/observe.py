"""Observation at a table, made for a phone: who, what level, how it went. The second tap has saved already."""

import json
from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.services import observing
from assessments.services.entering import Outcome
from assessments.services.observing import DAYS_BACK, Seen
from assessments.services.page_policies import PagePolicies
from assessments.services.policies import Policies
from assessments.views.sections import taught_section
from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import TEACHER, allow
from profiles.models import Section
from standards.models import Standard

MOST_AT_ONCE = 500
MOST_NOTE = 280
HOW = (
    gettext_lazy("with a drawing"),
    gettext_lazy("with a prompt"),
    gettext_lazy("told a friend how"),
    gettext_lazy("fixed own slip"),
)


@allow(TEACHER)
@require_safe
def observe(request: Request) -> HttpResponse:
    """The page of the section last used."""
    request.nav = "enter"
    _sections, section = taught_section(request, None)
    if section is None:
        return render(request, "assessments/no_section.html")
    return redirect("section_observe", pk=section.pk)


@allow(TEACHER)
@require_http_methods(["GET", "HEAD", "POST"])
def section_observe(request: Request, pk: int) -> HttpResponse:
    """GET: ?standard, ?group (id), ?learner (whose sheet is open), ?saved (the attempt that was just saved).

    POST: one thing seen (learner, standard, text, attempt, replaces) as a plain form, or again with how it went: how,
    or note, own words, which count first, since Enter in their field presses a button too.
    """
    request.nav = "enter"
    sections, section = taught_section(request, pk)
    assert section is not None  # one that is not there raised 404
    today = timezone.localdate()
    groups = observing.running_groups(section, on=today)
    asked = request.POST if request.method == "POST" else request.GET
    group = next((group for group in groups if str(group.pk) == asked.get("group")), None)
    offered = observing.standards_offered(section, groups)
    standard = _chosen(asked.get("standard", ""), offered, group, section, groups)
    if request.method == "POST":
        return _save_form(request, section, standard, group)
    if standard is None:
        return render(request, "assessments/observe.html", {"section": section, "sections": sections})
    lesson = observing.read_lesson(section, standard, group=group, today=today)
    looked_at(request, {person.learner.pk for person in lesson.people} | {line.learner.pk for line in lesson.lines})
    policies = PagePolicies(Policies(section.district_id), [standard.framework_id], on=today)
    opened = next((p for p in lesson.people if str(p.learner.pk) == request.GET.get("learner")), None)
    column = lesson.assessment.columns.first() if lesson.assessment else None
    rubric = (column.rubric if column else None) or standard.rubric or []
    context = {
        "section": section,
        "sections": sections,
        "groups": groups,
        "group": group,
        "standard": standard,
        "standards": offered,
        "lesson": lesson,
        "levels": [
            {"level": level, "word": policies.word(level), "text": rubric[level - 1] if level <= len(rubric) else ""}
            for level in range(1, policies.levels + 1)
        ],
        "opened": opened,
        "saved": _saved(lesson, opened, request.GET.get("saved", "")),
        "how": HOW,
    }
    return render(request, "assessments/observe.html", context)


@allow(TEACHER)
@require_POST
def observe_seen(request: Request, pk: int) -> JsonResponse:
    """JSON in: {"who", "seen": [{learner, standard, text, attempt, replaces, ago, how}]}, ago: seconds. Out: outcomes.

    who: whose page saw it (Account.uuid). On a shared phone somebody else may have signed in since, who sends nothing
    of a colleague's.
    """
    section = get_object_or_404(Section.objects.taught_by(request.user).select_related("session", "roster"), pk=pk)
    try:
        sent = json.loads(request.body)
        wanted, who = [_seen(entry) for entry in sent["seen"]], str(sent.get("who") or request.user.uuid)
    except (ValueError, KeyError, TypeError, OverflowError, AttributeError):
        return JsonResponse({"why": _("This was not understood. Nothing was saved.")}, status=400)
    if who != str(request.user.uuid):
        return JsonResponse({"why": _("Somebody else is signed in now. Nothing was saved.")}, status=409)
    if len(wanted) > MOST_AT_ONCE:
        return JsonResponse({"why": _("Too many at once. Nothing was saved.")}, status=400)
    groups = observing.running_groups(section, on=timezone.localdate())
    standards = {standard.pk: standard for standard in observing.standards_offered(section, groups)}
    answers = []
    for seen in wanted:
        standard = standards.get(seen.standard_id)
        if standard is None:
            answers.append({"state": "refused", "why": _("This class does not work on that standard now.")})
            continue
        outcome = observing.record_seen(section=section, standard=standard, seen=seen, by=request.user)
        answers.append(_said(outcome))
    saved = (seen for seen, said in zip(wanted, answers, strict=True) if said["state"] == "saved")
    looked_at(request, {seen.learner_id for seen in saved})
    return JsonResponse({"seen": answers})


def _chosen(asked: str, offered: list[Standard], group, section: Section, groups: list) -> Standard | None:
    """The standard asked for, else the group's focus, the one observed last, that of a running group, or the first."""
    wanted = [asked]
    if group:
        wanted.append(str(group.focus_id))
    wanted += [str(observing.observed_last(section)), *(str(running.focus_id) for running in groups)]
    by_id = {str(standard.pk): standard for standard in offered}
    return next((by_id[pk] for pk in wanted if pk in by_id), offered[0] if offered else None)


def _save_form(request: Request, section: Section, standard: Standard | None, group) -> HttpResponse:
    back = {"standard": standard.pk if standard else "", "group": group.pk if group else ""}
    try:
        seen = _seen(request.POST.dict())
    except (ValueError, KeyError, TypeError, OverflowError):
        messages.error(request, _("Nothing was saved: choose a name and a level."))
        return redirect(_address(section, back))
    if standard is None or standard.pk != seen.standard_id:
        messages.error(request, _("Nothing was saved: this class does not work on that standard now."))
        return redirect(_address(section, back))
    outcome = observing.record_seen(section=section, standard=standard, seen=seen, by=request.user)
    if outcome.state == "saved":
        looked_at(request, [seen.learner_id])
        if seen.how:
            messages.success(request, _("Saved. The student sees this line on the result."))
        elif seen.text:
            back |= {"learner": seen.learner_id, "saved": outcome.typed.attempt}
        else:
            messages.success(request, _("Taken back."))
    else:
        messages.error(request, outcome.why or _("Somebody else changed this meanwhile. Look, then try again."))
    return redirect(_address(section, back) + ("#sheet" if "saved" in back else ""))


def _address(section: Section, facts: dict) -> str:
    return reverse("section_observe", args=[section.pk]) + "?" + urlencode({k: v for k, v in facts.items() if v})


def _seen(entry: dict) -> Seen:
    """Raises ValueError, KeyError, TypeError or OverflowError for anything that nobody can have seen."""
    replaces = entry.get("replaces")
    ago = timedelta(seconds=float(entry.get("ago") or 0))
    seen = Seen(
        learner_id=int(entry["learner"]),
        standard_id=int(entry["standard"]),
        text=str(entry.get("text", "")).strip(),
        attempt=1 if entry.get("attempt") in (None, "") else int(entry["attempt"]),
        replaces=int(replaces) if replaces else None,
        ago=ago,
        how=str(entry.get("note") or entry.get("how") or "").replace("\0", "").strip(),
    )
    ids = (seen.learner_id, seen.standard_id, seen.replaces or 0)
    if not all(0 <= pk < 2**63 for pk in ids) or not 1 <= seen.attempt <= observing.MOST_TRIES:
        raise ValueError("no such place")
    if not timedelta(0) <= ago <= timedelta(days=DAYS_BACK):
        raise ValueError("too long ago, or still to come")
    if seen.text not in {"", ".", "1", "2", "3", "4"}:
        raise ValueError("no level")
    if len(seen.how) > MOST_NOTE:
        raise ValueError("a longer line than a result has room for")
    return seen


def _said(outcome: Outcome) -> dict:
    """attempt: where it stands, which may be a later one than was asked for."""
    why = outcome.why
    if outcome.state == "conflict":
        why = _("Somebody else changed this meanwhile. Load the page again and look.")
    at = time_format(timezone.localtime(), "G:i")
    return {"state": outcome.state, "id": outcome.id, "attempt": outcome.typed.attempt, "why": why, "at": at}


def _saved(lesson: observing.Lesson, opened: observing.Person | None, attempt: str) -> observing.Line | None:
    """What has just been saved, where the page says so."""
    if opened is None:
        return None
    mine = [line for line in lesson.lines if line.learner.pk == opened.learner.pk and str(line.attempt) == attempt]
    return mine[0] if mine else None
