"""One import that was taken over: what it did, who said so, and putting it back."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import DISTRICT_ADMIN, allow
from profiles.models import RosterImport
from profiles.services.roster_import import undoing, working
from profiles.services.roster_import.names import named_rows
from profiles.services.roster_import.undo_plan import END, LEFT, PUT_BACK, REMOVE


@allow(DISTRICT_ADMIN)
@require_safe
def roster_import_one(request: Request, uuid: UUID) -> HttpResponse:
    return _one(request, _visible(request, uuid))


def _one(request: Request, row: RosterImport, *, looks: bool = False) -> HttpResponse:
    """looks: to say what an undo would do."""
    job = working.job_of_undo(row)
    context: dict[str, Any] = {"row": row, "job": job, "is_at_work": job is not None and not job.is_over}
    if row.undone_at is not None:
        summary = row.undo_summary
        counts = {name: summary[name] for name in ("put_back", "removed", "ended", "left")}
        left, ended = summary["left_rows"], summary["ended_rows"]
        context |= {"counts": counts, "left": named_rows(left), "ended": named_rows(ended)}
        looked_at(request, _learners([*left, *ended]))
    elif looks and row.can_be_undone and not context["is_at_work"]:
        plan = undoing.look_at_undo(row)
        counts = {"put_back": plan.total(PUT_BACK), "removed": plan.total(REMOVE), "ended": plan.total(END)}
        context |= {
            "counts": counts | {"left": plan.total(*LEFT)},
            "left": named_rows(plan.left),
            "ended": named_rows(plan.ended),
        }
        looked_at(request, _learners([*plan.left, *plan.ended]))
    request.nav = "roster_import"
    return render(request, "profiles/roster_import_one.html", context)


@allow(DISTRICT_ADMIN)
@require_safe
def roster_import_undo_progress(request: Request, uuid: UUID) -> HttpResponse:
    """How far the undo is; once it is over, the page itself is asked for again."""
    row = _visible(request, uuid)
    job = working.job_of_undo(row)
    answer = render(request, "profiles/roster_import_undo_progress.html", {"row": row, "job": job})
    if job is None or job.is_over:
        answer["HX-Refresh"] = "true"
    return answer


@allow(DISTRICT_ADMIN)
@require_POST
def roster_import_undo(request: Request, uuid: UUID) -> HttpResponse:
    """First what it would do, then the undo itself."""
    row = _visible(request, uuid)
    if request.POST.get("does") != "undo":
        return _one(request, row, looks=True)
    try:
        working.undo(row, by=request.user)
    except working.NotNow as refused:
        messages.error(request, str(refused))
    return redirect("roster_import_one", row.uuid)


def _learners(rows: Iterable[Sequence[Any]]) -> list[int]:
    return [row[1] for row in rows if row[0] == "learners"]


def _visible(request: Request, uuid: UUID) -> RosterImport:
    people = ("district", "account", "released_by", "undone_by")
    return get_object_or_404(RosterImport.objects.visible_to(request.user).select_related(*people), uuid=uuid)
