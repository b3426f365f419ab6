"""Setting one level on many cells of a wall at once, with one reason, and taking the whole act back."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from assessments.choice_html import choice_cells
from assessments.models import Mastery
from assessments.services import overrides
from assessments.services.errors import ResultsRefused
from assessments.services.overrides import Chosen, TakenFirst
from assessments.services.page_policies import PagePolicies
from assessments.services.policies import Policies
from assessments.services.walls import Wall, read_wall
from assessments.views.sections import taught_section
from lrm.http import Request
from lrm.looked import looked_at
from lrm.numbers import whole_number
from lrm.policy import TEACHER, allow
from profiles.models import Section

UNDO_URL = "levels_undo_url"
CHOICE = "choice."


@allow(TEACHER)
@require_http_methods(["GET", "HEAD", "POST"])
def section_levels(request: Request, pk: int) -> HttpResponse:
    """The wall with a box in each cell, one level and one reason for all that are ticked.

    cell: "learner.standard.record in force when the page was made", once for each ticked cell. On the page that asks
    about cells which somebody else set meanwhile, choice.N holds such a cell where one's own level counts, "" where
    the other one stays.
    """
    request.nav = "wall"
    sections, section = taught_section(request, pk)
    if section is None:
        raise Http404
    sort = request.GET.get("sort", "name")[:20]
    found = read_wall(section, Policies(section.district_id), on=timezone.localdate(), sort=sort)
    looked_at(request, [row.learner.pk for row in found.rows])
    page = {"section": section, "sections": sections, "wall": found, "sort": sort, **_words(found.policies)}
    if request.method == "POST":
        return _set(request, section, found, page)
    return render(request, "assessments/levels.html", page | _drawn(request, found, set()))


def _set(request: Request, section: Section, found: Wall, page: dict) -> HttpResponse:
    learners = {row.learner.pk: row.learner for row in found.rows}
    standards = {column.standard.pk: column.standard for column in found.columns}
    chosen, all_read = _chosen(request)
    cells = [cell for cell in chosen if cell.learner_id in learners and cell.standard_id in standards]
    typed = {
        "typed_level": request.POST.get("level", ""),
        "typed_reason": request.POST.get("reason", "").replace("\0", ""),
    }
    problem = ""
    if not all_read or len(cells) < len(chosen):
        problem = _("Some of the ticked cells are not on this wall any more. Look at the others, and set them again.")
    elif not cells and any(name.startswith(CHOICE) for name in request.POST):
        messages.info(request, _("Nothing was changed."))
        return redirect("section_wall", pk=section.pk)
    elif not cells:
        problem = _("Tick at least one cell first.")
    elif (top := _top(found, cells)) < (level := whole_number(typed["typed_level"]) or 0) <= found.policies.levels:
        facts = {"level": level, "top": top}
        problem = _("The scale of a ticked standard ends at %(top)s, so %(level)s cannot be set there.") % facts
    else:
        try:
            batch = overrides.set_levels(
                cells=cells,
                standards=[standards[pk] for pk in {cell.standard_id for cell in cells}],
                level=level,
                reason=typed["typed_reason"],
                by=request.user,
                district_id=section.district_id,
            )
        except TakenFirst as refused:
            return _ask(request, refused, cells, learners, standards, found, page | typed)
        except overrides.ReasonMissing:
            problem = _("Say why, in at most 500 characters. It stays with each level.")
        except ResultsRefused:
            problem = _("Pick a level first.")
        else:
            if batch.changed:
                request.session[UNDO_URL] = reverse("undo_levels", args=[section.pk, batch.uuid])
            return redirect("section_wall", pk=section.pk)
    drawn = _drawn(request, found, {cell.pair for cell in cells})
    return render(request, "assessments/levels.html", page | typed | drawn | {"problem": problem}, status=422)


def _chosen(request: Request) -> tuple[list[Chosen], bool]:
    """The ticked cells, each once, and whether every one of them could be read."""
    answers = [value for name, value in request.POST.items() if name.startswith(CHOICE) and value]
    found, all_read = {}, True
    for value in [*request.POST.getlist("cell"), *answers]:
        parts = [whole_number(part) for part in str(value).split(".")]
        numbers = [part for part in parts if part is not None]
        if not len(parts) == len(numbers) == 3:
            all_read = False
            continue
        cell = Chosen(*numbers)
        found[cell.pair] = cell
    return list(found.values()), all_read


def _ask(request: Request, refused: TakenFirst, cells, learners, standards, found: Wall, page: dict) -> HttpResponse:
    """Somebody else was first on some cells: both values, who, when and why; nothing was stored."""
    taken = {one.cell.pair for one in refused.taken}
    level = int(page["typed_level"])
    policy_of = {pk: found.policies.of(standard.framework_id) for pk, standard in standards.items()}
    rows = [
        {
            "name": f"{CHOICE}{number}",
            "learner": learners[one.cell.learner_id],
            "standard": standards[one.cell.standard_id],
            "theirs": one.standing,
            "word": policy_of[one.cell.standard_id].word(one.standing.level),
            "my_word": policy_of[one.cell.standard_id].word(level),
            "mine": f"{one.cell.learner_id}.{one.cell.standard_id}.{one.standing.record}",
        }
        for number, one in enumerate(refused.taken)
    ]
    context = page | {
        "rows": rows,
        "rest": [f"{c.learner_id}.{c.standard_id}.{c.seen}" for c in cells if c.pair not in taken],
        "level": level,
    }
    return render(request, "assessments/levels_taken.html", context, status=409)


@allow(TEACHER)
@require_POST
def undo_levels(request: Request, pk: int, batch: UUID) -> HttpResponse:
    """Take back every level of one's own act; an act of somebody else, or an old one, is not there."""
    section = get_object_or_404(Section.objects.taught_by(request.user).select_related("roster"), pk=pk)
    # Also those who left the class since: an act is taken back whole.
    learners = section.roster.enrollments.of_learners().values_list("learner_id", flat=True)
    act = overrides.newest_act(learners, by=request.user, batch=batch)
    if act is None:
        messages.info(request, _("There is nothing left to undo."))
    else:
        n = overrides.undo_levels(act=act, by=request.user)
        said = ngettext("Undone: %(n)s cell stands as before.", "Undone: %(n)s cells stand as before.", n) % {"n": n}
        messages.success(request, said)
    return redirect("section_wall", pk=section.pk)


def _top(found: Wall, cells: list[Chosen]) -> int:
    """The highest level that every one of the ticked standards has."""
    ticked = {cell.standard_id for cell in cells}
    return min(column.policy.scale.levels for column in found.columns if column.standard.pk in ticked)


def _words(policies: PagePolicies) -> dict:
    return {
        "levels": [{"level": level, "word": policies.word(level)} for level in range(1, policies.levels + 1)],
    }


def _drawn(request: Request, found: Wall, ticked: set[tuple[int, int]]) -> dict:
    learners = [row.learner.pk for row in found.rows]
    seen = {
        (learner, standard): record or 0
        for learner, standard, record in Mastery.objects.filter(
            learner__in=learners, override_id__isnull=False
        ).values_list("learner_id", "standard_id", "override_id")
    }
    act = overrides.newest_act(learners, by=request.user)
    return {
        "rows": [
            {"row": row, "cells": choice_cells(row, found.columns, seen=seen, ticked=ticked)} for row in found.rows
        ],
        "act": act,
        "act_word": found.policies.word(act.level) if act else "",
    }
