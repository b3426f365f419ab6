"""Enrollments of a package as wishes; a line that contradicts what people are is refused."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lrm.problems import Problem
from profiles.models import Account, Enrollment
from profiles.oneroster.package import ACTIVE, Roster, Row
from profiles.oneroster.references import refuse
from profiles.oneroster.words import roster_problem
from profiles.services.roster_import.known import Known
from profiles.services.roster_import.wishes import STUDENT, EnrollmentWish, Wanted, replace_rows


def add_enrollments(roster: Roster, wanted: Wanted, known: Known) -> None:
    leads = {
        row["classSourcedId"] for row in roster.active("enrollments") if row["role"] == "teacher" and row["primary"]
    }
    if "enrollments" in roster.deltas:
        named = wanted.named["enrollments"]
        leads |= {key for key, leading in known.leads.items() if leading - named}
    names = {row.sourced_id: row.name for row in roster["users"]}
    kept = []
    waiting_classes, waiting_people = wanted.spared["sections"], wanted.spared["people"]
    for row in roster["enrollments"]:
        if row.status != ACTIVE:
            kept.append(row)
            continue
        values = row.values
        problem = None if _fits(values, wanted) else _unknown(row, wanted, known) or _contradiction(row, wanted, known)
        if problem is not None:
            problem = replace(problem, who=names.get(row["userSourcedId"], row.name))
            if problem.blocking:
                refuse(roster, row, problem)
                wanted.spared["enrollments"].add(row.sourced_id)
                continue
            roster.problems.append(problem)
            kept.append(row)
            continue
        kept.append(row)
        if values["classSourcedId"] in waiting_classes or values["userSourcedId"] in waiting_people:
            # waits for the line that it depends on
            wanted.spared["enrollments"].add(row.sourced_id)
            continue
        wanted.enrollments[row.sourced_id] = EnrollmentWish(
            key=row.sourced_id,
            roster=values["classSourcedId"],
            person=values["userSourcedId"],
            is_learner=values["role"] == STUDENT,
            role=_role(row, leads),
            starts_on=values.get("beginDate"),
            ends_on=values.get("endDate"),
            row=row,
        )
    replace_rows(roster, "enrollments", kept)


def _fits(values: Mapping[str, Any], wanted: Wanted) -> bool:
    """A student of the package in a class of the package, as nearly all lines are: nothing more has to be asked."""
    return (
        values["role"] == STUDENT
        and values["userSourcedId"] in wanted["learners"]
        and values["classSourcedId"] in wanted["rosters"]
    )


def _unknown(row: Row, wanted: Wanted, known: Known) -> Problem | None:
    """Where a package leaves classes.csv or users.csv out, or they hold changes only, the district has to know them."""
    key = row["classSourcedId"]
    is_told = "sections" in wanted.present or key in wanted["rosters"] or key in wanted.spared["sections"]
    if not is_told and key not in known.rosters:
        return roster_problem("dangling", field="classSourcedId", value=key, params={"file": "classes.csv"})
    key = row["userSourcedId"]
    is_told = "people" in wanted.present or _is_wanted(key, wanted) or key in wanted.spared["people"]
    if not is_told and key not in known.learners and key not in known.kinds:
        return roster_problem("dangling", field="userSourcedId", value=key, params={"file": "users.csv"})
    return None


def _is_wanted(person: str, wanted: Wanted) -> bool:
    return person in wanted["learners"] or person in wanted["accounts"]


def _contradiction(row: Row, wanted: Wanted, known: Known) -> Problem | None:
    """A person enrolled as what they are not: rights and marks hang on it."""
    person = row["userSourcedId"]
    if row["role"] == "administrator":
        details = {"file": row.file, "line": row.line, "field": "role", "value": row["role"], "who": row.name}
        return roster_problem("no_class_role", blocking=False, **details)
    if person in wanted.spared["people"]:
        return None
    may_be_here = "people" not in wanted.present and not _is_wanted(person, wanted)
    if row["role"] == STUDENT:
        is_right = person in wanted["learners"] or (may_be_here and person in known.learners)
    else:
        account = wanted["accounts"].get(person)
        kind = account.values["kind"] if account else known.kinds.get(person) if may_be_here else None
        is_right = kind == Account.Kind.STAFF
    return None if is_right else roster_problem("other_role", field="role", value=row["role"])


def _role(row: Row, leads: set[str]) -> str:
    if row["role"] == STUDENT:
        return str(Enrollment.Role.LEARNER)
    if row["role"] in ("aide", "proctor"):
        return str(Enrollment.Role.AIDE)
    is_second = row["classSourcedId"] in leads and not row["primary"]
    return str(Enrollment.Role.CO_TEACHER if is_second else Enrollment.Role.TEACHER)
