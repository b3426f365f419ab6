"""What of rows that many share is one learner's, and how it is cut out. Loaded by the app; see lrm/records."""

from collections.abc import Iterator
from typing import Any

from django.db import connection, models

from assessments.models import Evidence, GroupSuggestion, MarkFailure, OverrideReason, StaleMark
from lrm.records import cut, move, part
from profiles.models import Learner


@part("assessments.OverrideReason")
def reasons(learner: Learner) -> Iterator[dict[str, Any]]:
    """Why a teacher set a level."""
    rows = Evidence.objects.filter(learner=learner, kind__in=[Evidence.Kind.OVERRIDE_SET, Evidence.Kind.OVERRIDE_LIFT])
    at = dict(rows.values_list("pk", "recorded_at"))
    for pk, text in OverrideReason.objects.filter(evidence_id__in=at).values_list("evidence_id", "text"):
        yield {"at": at[pk], "text": text}


@part("assessments.GroupSuggestion")
def suggestions(learner: Learner) -> Iterator[dict[str, Any]]:
    """Where boards of the learner's classes had the learner, and why; nobody else's place."""
    rosters = learner.enrollments.values("roster_id")  # type: ignore[attr-defined]  # a related name
    rows = GroupSuggestion.objects.filter(section__roster_id__in=rosters).select_related("section").order_by("pk")
    for row in rows.iterator(chunk_size=200):
        for place in places_of(row.board, learner.pk):
            yield {"at": row.created_at, "class": row.section.title, "state": row.get_state_display(), **place}


def places_of(board: dict[str, Any], learner_id: int) -> Iterator[dict[str, Any]]:
    """The learner's own entries of a board (assessments/services/board_facts.py)."""
    for group in board.get("groups", []):
        for member in group.get("members", []):
            if member.get("learner") == learner_id:
                yield {"group": group.get("letter"), "purpose": group.get("purpose"), "why": _own(member)}
    for member in board.get("own", []):
        if member.get("learner") == learner_id:
            yield {"group": "own path", "why": _own(member)}


def _own(member: dict[str, Any]) -> dict[str, Any]:
    """Reasons may hold whom somebody was kept apart from or together with."""
    reasons = [{name: each for name, each in reason.items() if name != "with"} for reason in member.get("reasons", [])]
    return {name: value for name, value in member.items() if name != "learner"} | {"reasons": reasons}


LISTS = {"absent", "left_out", "learners", "with"}
"""Names of lists of learners' ids on a board and in its settings."""


def without(said: Any, learner_id: int) -> Any:
    """A board, or its settings, in which nothing is about the learner."""
    if isinstance(said, list):
        kept = [each for each in said if not (isinstance(each, dict) and each.get("learner") == learner_id)]
        return [without(each, learner_id) for each in kept]
    if isinstance(said, dict):
        return {
            name: [each for each in value if each != learner_id]
            if name in LISTS and isinstance(value, list)
            else without(value, learner_id)
            for name, value in said.items()
        }
    return said


@cut("assessments.GroupSuggestion")
def from_boards(leaving: Any) -> int:
    """Boards of the learner's classes, those of the past too: nobody is there any more."""
    found = 0
    rows = GroupSuggestion.objects.filter(section__roster__enrollments__in=leaving.enrollment_ids).distinct()
    for row in list(rows.only("board", "settings")):
        board, settings = row.board, row.settings
        for pk in leaving.ids:
            board, settings = without(board, pk), without(settings, pk)
        if (board, settings) != (row.board, row.settings):
            row.board, row.settings = board, settings
            row.save(update_fields=["board", "settings"])
            found += 1
    return found


@cut("assessments.OverrideReason")
def from_reasons(leaving: Any) -> int:
    """The words go; that a level was set stays with the scores."""
    records = Evidence.objects.filter(learner__in=leaving.ids).values_list("pk", flat=True)
    gone, _each = OverrideReason.objects.filter(evidence_id__in=list(records)).delete()
    return gone


@cut("assessments.MarkFailure")
def from_failures(leaving: Any) -> int:
    gone, _each = MarkFailure.objects.filter(learner_id__in=leaving.ids).delete()
    return gone


@move("assessments.Evidence")
def move_evidence(model: type[models.Model], source: int, to: int) -> int:
    """By the database's own function; marks of work that is still to be done go along."""
    StaleMark.objects.filter(learner_id=source).update(learner_id=to)
    with connection.cursor() as cursor:
        cursor.execute("SELECT erase_evidence(%s, %s)", [source, to])
        return cursor.fetchone()[0]
