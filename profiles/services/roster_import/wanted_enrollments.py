"""Enrollments of a package as wishes; a line that contradicts what people are is refused."""

from collections.abc import Mapping
from dataclasses import replace

from lrm.problems import Problem
from profiles.models import Account, Enrollment
from profiles.oneroster.package import ACTIVE, Roster, Row
from profiles.oneroster.references import refuse
from profiles.oneroster.words import roster_problem
from profiles.services.roster_import.wishes import STUDENT, EnrollmentWish, Wanted, replace_rows


def add_enrollments(roster: Roster, wanted: Wanted, known: Mapping[str, frozenset[str]]) -> None:
    leads = {
        row["classSourcedId"] for row in roster.active("enrollments") if row["role"] == "teacher" and row["primary"]
    }
    names = {row.sourced_id: row.name for row in roster["users"]}
    kept = []
    for row in roster["enrollments"]:
        if row.status != ACTIVE:
            kept.append(row)
            continue
        problem = _unknown(row, wanted, known) or _contradiction(row, wanted)
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
        if row["classSourcedId"] in wanted.spared["sections"] or row["userSourcedId"] in wanted.spared["people"]:
            # waits for the line that it depends on
            wanted.spared["enrollments"].add(row.sourced_id)
            continue
        wanted.enrollments[row.sourced_id] = EnrollmentWish(
            key=row.sourced_id,
            roster=row["classSourcedId"],
            person=row["userSourcedId"],
            is_learner=row["role"] == STUDENT,
            role=_role(row, leads),
            starts_on=row["beginDate"],
            ends_on=row["endDate"],
            row=row,
        )
    replace_rows(roster, "enrollments", kept)


def _unknown(row: Row, wanted: Wanted, known: Mapping[str, frozenset[str]]) -> Problem | None:
    """Where a package leaves classes.csv or users.csv out, the district has to know them."""
    entity = "learners" if row["role"] == STUDENT else "accounts"
    for column, kind, spared, file in (
        ("classSourcedId", "rosters", "sections", "classes.csv"),
        ("userSourcedId", entity, "people", "users.csv"),
    ):
        key = row[column]
        if spared in wanted.present or key in wanted[kind] or key in known[kind]:
            continue
        return roster_problem("dangling", field=column, value=key, params={"file": file})
    return None


def _contradiction(row: Row, wanted: Wanted) -> Problem | None:
    """A person enrolled as what they are not: rights and marks hang on it."""
    person = row["userSourcedId"]
    if row["role"] == "administrator":
        details = {"file": row.file, "line": row.line, "field": "role", "value": row["role"], "who": row.name}
        return roster_problem("no_class_role", blocking=False, **details)
    if person in wanted.spared["people"] or "people" not in wanted.present:
        return None
    if row["role"] == STUDENT:
        is_wrong = person not in wanted["learners"]
    else:
        account = wanted["accounts"].get(person)
        is_wrong = account is None or account.values["kind"] != Account.Kind.STAFF
    return roster_problem("other_role", field="role", value=row["role"]) if is_wrong else None


def _role(row: Row, leads: set[str]) -> str:
    if row["role"] == STUDENT:
        return str(Enrollment.Role.LEARNER)
    if row["role"] in ("aide", "proctor"):
        return str(Enrollment.Role.AIDE)
    is_second = row["classSourcedId"] in leads and not row["primary"]
    return str(Enrollment.Role.CO_TEACHER if is_second else Enrollment.Role.TEACHER)
