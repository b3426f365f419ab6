"""The entry grid: one assessment, learners by standards; saved cell by cell with script, as one form without."""

import json
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assessments.models import Assessment, Mastery, ResultNote
from assessments.services.entering import (
    EXCUSED,
    NOT_SEEN,
    Outcome,
    Typed,
    open_assessment,
    read_cells,
    save_cells,
    text_of,
)
from assessments.services.page_policies import PagePolicies
from assessments.services.policies import Policies
from assessments.services.results import write_note
from assessments.views.sections import remember_section
from lrm.days import said_short
from lrm.http import Request
from lrm.looked import looked_at
from lrm.numbers import whole_number
from lrm.policy import TEACHER, allow
from profiles.class_order import class_order
from profiles.models import Section
from profiles.models.support import said, supports_of
from standards.models import Standard

MOST_CELLS = 5000
MOST_ATTEMPTS = 99


def _open_to(request: Request):
    """Assessments of sections that the account teaches today; whoever does not teach them gets 404."""
    return Assessment.objects.filter(section__in=Section.objects.taught_by(request.user)).select_related(
        "section__roster", "section__district"
    )


@allow(TEACHER)
@require_http_methods(["GET", "HEAD", "POST"])
def assessment_enter(request: Request, pk: int) -> HttpResponse:
    """GET: the grid. POST: the whole grid as a plain form; what could not be saved comes back as it was typed."""
    request.nav = "enter"
    assessment = get_object_or_404(_open_to(request), pk=pk)
    outcomes: list[Outcome] = []
    if request.method == "POST":
        typed = _typed_in_form(request)
        outcomes = save_cells(assessment=assessment, typed=typed, by=request.user, source="form")
        if all(outcome.state == "saved" for outcome in outcomes):
            messages.success(request, _("Saved."))
            return redirect(request.get_full_path())
    remember_section(request, assessment.section_id)
    context = _grid(request, assessment, outcomes)
    return render(request, "assessments/entry.html", context, status=422 if outcomes else 200)


@allow(TEACHER)
@require_POST
def assessment_cells(request: Request, pk: int) -> JsonResponse:
    """JSON in: {"cells": [{learner, standard, text, replaces, attempt}]}. JSON out: one outcome a cell, in order."""
    assessment = open_assessment(request.user, pk)
    if assessment is None:
        raise Http404
    try:
        typed = [_typed(cell) for cell in json.loads(request.body)["cells"]]
    except (ValueError, KeyError, TypeError, OverflowError):
        return JsonResponse({"why": _("This was not understood. Nothing was saved.")}, status=400)
    if len(typed) > MOST_CELLS:
        return JsonResponse({"why": _("Too many cells at once. Nothing was saved.")}, status=400)
    outcomes = save_cells(assessment=assessment, typed=typed, by=request.user, source="grid")
    looked_at(request, {outcome.typed.learner_id for outcome in outcomes if outcome.state != "refused"})
    return JsonResponse({"cells": [_said(outcome) for outcome in outcomes]})


@allow(TEACHER)
@require_POST
def result_note(request: Request, pk: int) -> HttpResponse:
    """One line of feedback on a cell: learner, standard, text; empty takes the line back."""
    assessment = get_object_or_404(_open_to(request), pk=pk)
    learner, standard = (whole_number(request.POST.get(name, "")) for name in ("learner", "standard"))
    text = request.POST.get("text", "").replace("\0", "").strip()
    on_roster = assessment.section.roster.enrollments.of_learners().filter(learner_id=learner or 0)
    column = assessment.columns.filter(standard_id=standard or 0)
    if learner is None or standard is None or not on_roster.exists() or not column.exists():
        return JsonResponse({"why": _("This cell is not on the grid.")}, status=404)
    if len(text) > 280:
        return JsonResponse({"why": _("At most 280 characters; this has %(n)s.") % {"n": len(text)}}, status=422)
    write_note(assessment=assessment, learner_id=learner, standard_id=standard, text=text, by=request.user)
    looked_at(request, [int(learner)])
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"text": text})
    messages.success(request, _("Saved. The student sees this line on the result."))
    return redirect("assessment_enter", pk=pk)


def _typed(cell: dict) -> Typed:
    """Raises ValueError, KeyError, TypeError or OverflowError for anything that is no cell."""
    replaces = cell.get("replaces")
    typed = Typed(
        learner_id=int(cell["learner"]),
        standard_id=int(cell["standard"]),
        text=str(cell["text"]),
        replaces=None if replaces is None else int(replaces),
        attempt=int(cell.get("attempt", 1)),
    )
    _check(typed)
    return typed


def _check(typed: Typed) -> None:
    """Numbers that the database has no room for are nobody's."""
    ids = (typed.learner_id, typed.standard_id, typed.replaces or 0)
    if not all(0 <= pk < 2**63 for pk in ids) or not 1 <= typed.attempt <= MOST_ATTEMPTS:
        raise ValueError("no such cell")


def _typed_in_form(request: Request) -> list[Typed]:
    """Cells of the form whose text is not what the page showed: was.L.S is "record:attempt:text".

    A cell in conflict comes back with what its writer saw first, so that it stays in conflict until use.L.S answers.
    """
    found = []
    for name in request.POST:
        text = request.POST.get(name, "")
        prefix, _dot, at = name.partition(".")
        learner, _dot, standard = at.partition(".")
        if prefix != "c" or not all(pk.isdecimal() and len(pk) < 19 for pk in (learner, standard)):
            continue
        record, _colon, rest = request.POST.get(f"was.{at}", "").partition(":")
        attempt_text, _colon, before = rest.partition(":")
        tries = whole_number(attempt_text)
        attempt = 1 if tries is None else min(tries, MOST_ATTEMPTS - 1)
        answer = request.POST.get(f"use.{at}")  # which of the two counts: asked where somebody else was first
        if answer == "theirs" or (answer is None and text.strip() == before):
            continue
        if answer == "mine":
            record = request.POST.get(f"tip.{at}", "")
        elif answer == "both":
            record, attempt = "", attempt + 1
        replaces = int(record) if record.isdecimal() and len(record) < 19 else None
        found.append(Typed(int(learner), int(standard), text, replaces, attempt))
    return found


def _said(outcome: Outcome) -> dict:
    said: dict = {"state": outcome.state, "id": outcome.id, "why": outcome.why}
    if outcome.theirs is not None:
        said["theirs"] = {
            "id": outcome.theirs.id,
            "text": text_of(outcome.theirs),
            "by": outcome.theirs.recorded_by,
            "at": _moment(outcome.theirs.recorded_at),
        }
    return said


def _grid(request: Request, assessment: Assessment, outcomes: list[Outcome]) -> dict:
    """Everything that the template shows; typed text that was not saved stands in its cell again."""
    today = timezone.localdate()
    section = assessment.section
    columns = list(assessment.columns.select_related("standard").order_by("position"))
    frameworks = [column.standard.framework_id for column in columns]
    policies = PagePolicies(Policies(section.district_id), frameworks, on=today)
    enrolled = section.roster.enrollments.of_learners().on(today).select_related("learner")
    listed = list(enrolled.annotate(support_rows=supports_of("learner", on=today)))
    supports = {row.learner_id: said(row.support_rows) for row in listed}
    learners = sorted({row.learner_id: row.learner for row in listed}.values(), key=class_order)
    some = _some(request, learners)
    learners = some or learners
    ids = [learner.pk for learner in learners]
    cells = read_cells(assessment, ids)
    notes = {
        (learner, standard): text
        for learner, standard, text in ResultNote.objects.filter(assessment=assessment)
        .order_by("created_at", "pk")
        .values_list("learner_id", "standard_id", "text")
    }
    levels = {
        (learner, standard): level
        for learner, standard, level in Mastery.objects.filter(
            learner__in=ids, standard__in=[column.standard_id for column in columns]
        ).values_list("learner_id", "standard_id", "shown_level")
    }
    troubled = {
        (outcome.typed.learner_id, outcome.typed.standard_id): outcome
        for outcome in outcomes
        if outcome.state != "saved"
    }
    looked_at(request, ids)
    rows = [
        {
            "number": number,
            "learner": learner,
            "supports": supports[learner.pk],
            "was": levels.get((learner.pk, columns[0].standard_id)) if columns else None,
            "cells": [
                _cell(learner, column.standard, cells, notes, troubled, assessment, levels) for column in columns
            ],
        }
        for number, learner in enumerate(learners, start=1)
    ]
    return {
        "assessment": assessment,
        "section": section,
        "columns": [
            {
                "standard": column.standard,
                "rubric": [{"level": level, "text": text} for level, text in enumerate(column.rubric, start=1) if text],
            }
            for column in columns
        ],
        "rows": rows,
        "is_some": bool(some),
        "was_code": columns[0].standard.label if columns else "",
        "words": [policies.word(level) for level in range(1, policies.levels + 1)],
        "top": f"{assessment.points_possible.normalize():f}" if assessment.points_possible else "",
        "conflicts": [cell for row in rows for cell in row["cells"] if cell["theirs"]],
        "refused": [cell for row in rows for cell in row["cells"] if cell["why"]],
        "groups_url": reverse("section_groups", args=[section.pk]),
    }


def _some(request: Request, learners: list) -> list:
    """Those of the class whom ?of= names ("12.7.31"), as for a re-assessment of a few; empty: the whole class."""
    wanted = set(map(whole_number, request.GET.get("of", "").split(".")))
    return [learner for learner in learners if learner.pk in wanted]


def _cell(learner, standard: Standard, cells, notes, troubled, assessment: Assessment, levels) -> dict:
    standing = cells.get((learner.pk, standard.pk))
    trouble = troubled.get((learner.pk, standard.pk))
    saved = standing.text if standing else ""
    text = trouble.typed.text if trouble else saved
    cell = {
        "at": f"{learner.pk}.{standard.pk}",
        "learner": learner,
        "standard": standard,
        "text": text,
        "saved": saved,
        "id": standing.id if standing else "",
        "attempt": standing.attempt if standing else 1,
        "level": text if assessment.points_possible is None and text in {"1", "2", "3", "4"} else "",
        "state": _state(standing, trouble),
        "note": notes.get((learner.pk, standard.pk), ""),
        "shown": levels.get((learner.pk, standard.pk)) or "",
        "why": trouble.why if trouble else "",
        "theirs": trouble.theirs if trouble else None,
    }
    cell["was"] = f"{cell['id']}:{cell['attempt']}:{saved}"
    if cell["theirs"]:
        theirs = text_of(trouble.theirs)
        cell |= {
            "was": f"{trouble.typed.replaces or ''}:{trouble.typed.attempt}:?",  # a question mark equals no text
            "mine_said": _spoken(text),
            "theirs_said": _spoken(theirs),
            "theirs_at": _moment(trouble.theirs.recorded_at),
            "theirs_by": trouble.theirs.recorded_by or _("Somebody"),
            "may_count_both": text[:1].isdecimal() and theirs[:1].isdecimal(),
        }
    return cell


def _moment(at: datetime) -> str:
    """Day and time: "today, 10:42"."""
    local = timezone.localtime(at)
    return f"{said_short(local)}, {time_format(local, 'G:i')}"


def _spoken(text: str) -> str:
    return {"": _("empty"), EXCUSED: _("excused"), NOT_SEEN: _("not seen")}.get(text.strip(), text)


def _state(standing, trouble) -> str:
    if trouble:
        return "conflict" if trouble.theirs else "unsaved"
    if standing is None or not standing.text:
        return ""
    return {EXCUSED: "excused", NOT_SEEN: "not-seen"}.get(standing.text, "saved")
