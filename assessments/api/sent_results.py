"""Results that a program sends: read as rows of a results file, refused by their place in the list, stored as one."""

from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import ErrorDetail, ValidationError

from assessments.models import Assessment
from assessments.results_csv.reader import ResultRow, ResultsFile, outcome_problem, refuse_repeats
from assessments.results_csv.words import row_problem
from lrm.problems import Problem

# A file is read by its lines and chosen again; here the same is said of places in a list.
WORDS = {
    "twice": lambda: _("Result %(first)s of the list has the same learner, standard, assessment and day."),
    "kinds_differ": lambda: _("Result %(first)s of the list gives the same assessment another kind."),
    "scales_differ": lambda: _("Result %(first)s of the list gives the same assessment another scale."),
}
FIELDS = {"score": "points", "excused": "is_excused"}
"""Columns of a file -> fields of a request."""


def rows_of_assessment(sent: Sequence[Mapping[str, Any]], assessment: Assessment) -> ResultsFile:
    """As a file of one assessment."""
    read = ResultsFile(line_count=len(sent))
    for place, one in enumerate(sent):
        if "points" in one and assessment.points_possible is None:
            details = {"line": place, "field": "score", "value": str(one["points"])}
            read.problems.append(row_problem("scale_stands", params={"scale": "1-4"}, **details))
            continue
        moment = one.get("observed_at")
        local = None if moment is None else timezone.localtime(moment)
        more: dict[str, Any] = {
            "assessment": assessment.title,
            "observed_on": assessment.given_on if local is None else local.date(),
            "observed_time": None if local is None else local.time(),
            "kind": assessment.kind,
        }
        _add(read, place, one, possible=assessment.points_possible, **more)
    refuse_repeats(read)
    return read


def rows_of_section(sent: Sequence[Mapping[str, Any]]) -> ResultsFile:
    """As a file in which each line names its assessment."""
    read = ResultsFile(line_count=len(sent))
    for place, one in enumerate(sent):
        more: dict[str, Any] = {"assessment": one["assessment"], "observed_on": one["given_on"], "kind": one["kind"]}
        _add(read, place, one, possible=one.get("possible"), observed_time=None, **more)
    refuse_repeats(read)
    return read


def refusal_of(problems: Sequence[Problem], *, day: str) -> ValidationError:
    """Each problem with its place: errors of results.17.standard.    day: the field that says when."""
    fields = FIELDS | {"observed": day}
    said: dict[int, dict[str, list[ErrorDetail]]] = {}
    for problem in problems:
        words = WORDS.get(problem.code)
        why = problem.why if words is None else words() % problem.params
        of_row = said.setdefault(problem.line or 0, {})
        of_row.setdefault(fields.get(problem.field, problem.field), []).append(ErrorDetail(why, problem.code))
    return ValidationError({"results": said})


def _add(
    read: ResultsFile,
    place: int,
    one: Mapping[str, Any],
    *,
    possible: Any,
    assessment: str,
    observed_on: Any,
    observed_time: time | None,
    kind: str,
) -> None:
    outcome = {"score": one.get("points"), "possible": possible, "level": one.get("level")}
    values = outcome | {"excused": one["is_excused"]}
    if outcome["score"] is None:
        values["possible"] = None
    texts = {name: "" if value is None else str(value) for name, value in values.items()}
    if (problem := outcome_problem(place, values, texts)) is not None:
        read.problems.append(problem)
        return
    read.rows.append(
        ResultRow(
            line=place,
            learner=one["learner"],
            standard=one["standard"],
            assessment=assessment,
            observed_on=observed_on,
            observed_time=observed_time,
            points=values["score"],
            possible=values["possible"],
            level=values["level"],
            kind=kind,
            is_excused=values["excused"],
            item=one["item"],
            attempt=one["attempt"],
            comment=one["comment"],
            replaces=one.get("replaces"),
        )
    )
