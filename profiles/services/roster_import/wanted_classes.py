"""Schools, sessions, courses and classes of a package as wishes."""

from datetime import date

from profiles.oneroster.package import ACTIVE, Roster, Row
from profiles.oneroster.references import refuse
from profiles.oneroster.words import roster_problem
from profiles.services.roster_import.known import Known
from profiles.services.roster_import.wishes import Wanted, Wish, first, replace_rows

OWN_COURSE = "class:"
"""Prefix of the key of a course that a class without one gets."""


def add_schools(roster: Roster, wanted: Wanted, known: Known) -> None:
    """Schools; a department where classes or people belong to it and to no school above it."""
    used = {row["schoolSourcedId"] for row in roster.active("classes")}
    used |= {org for row in roster.active("users") for org in row["orgSourcedIds"] or ()}
    used |= {row["orgSourcedId"] for row in roster.active("roles")}
    if "orgs" in roster.deltas:
        used |= known.schools  # whoever belongs to it need not be among the changes
    for row in roster.active("orgs"):
        if row["type"] == "school" or (row["type"] == "department" and row.sourced_id in used):
            values = {"name": row["name"][:200], "kind": row["type"], "left_on": None}
            wanted["schools"][row.sourced_id] = Wish(row.sourced_id, values, row)


def add_sessions(roster: Roster, wanted: Wanted, known: Known) -> None:
    listed = {row.sourced_id for row in roster.active("academicSessions")}
    if "academicSessions" in roster.deltas:
        listed |= known.sessions.keys()
    for row in roster.active("academicSessions"):
        parent = row["parentSourcedId"]
        values = {
            "title": row["title"][:200],
            "kind": row["type"],
            "starts_on": row["startDate"],
            "ends_on": row["endDate"],
            "school_year": row["schoolYear"] or row["endDate"].year,
        }
        if parent not in wanted.spared["sessions"]:
            values["parent"] = parent if parent in listed and parent != row.sourced_id else None
        wanted["sessions"][row.sourced_id] = Wish(row.sourced_id, values, row)


def add_courses(roster: Roster, wanted: Wanted, known: Known) -> None:
    for row in roster.active("courses"):
        org = row["orgSourcedId"]
        values = {
            "title": row["title"][:200],
            "code": (row["courseCode"] or "")[:64],
            "subject": first(row["subjects"])[:100],
            "grade": first(row["grades"])[:16],
            "school": org if _is_school(org, wanted, known) else None,
        }
        wanted["courses"][row.sourced_id] = Wish(row.sourced_id, values, row)


def _is_school(org: str | None, wanted: Wanted, known: Known) -> bool:
    return org in wanted["schools"] or ("schools" not in wanted.present and org in known.schools)


def add_classes(roster: Roster, wanted: Wanted, known: Known) -> None:
    kept = []
    for row in roster["classes"]:
        if row.status != ACTIVE:
            kept.append(row)
            continue
        school = row["schoolSourcedId"]
        session = _session_of(row, wanted, known)
        if not _is_school(school, wanted, known):
            refuse(roster, row, roster_problem("no_school", field="schoolSourcedId", value=school or ""))
            wanted.spared["sections"].add(row.sourced_id)
            continue
        if session is None:
            value = ",".join(row["termSourcedIds"])
            refuse(roster, row, roster_problem("no_term", field="termSourcedIds", value=value))
            wanted.spared["sections"].add(row.sourced_id)
            continue
        kept.append(row)
        title, grade = row["title"][:200], first(row["grades"])[:16]
        wanted["rosters"][row.sourced_id] = Wish(
            row.sourced_id,
            {
                "title": title,
                "is_homeroom": row["classType"] == "homeroom",
                "grade": grade,
                "school": school,
                "session": session,
            },
            row,
        )
        course = _course_of(row, wanted, known, roster)
        values = {"title": title, "archived_at": None, "roster": row.sourced_id, "course": course, "session": session}
        wanted["sections"][row.sourced_id] = Wish(row.sourced_id, values, row)
    replace_rows(roster, "classes", kept)


def _session_of(row: Row, wanted: Wanted, known: Known) -> str | None:
    """The term of a class; of several the one that they are all part of, else the first to begin."""
    terms = {key: found for key in row["termSourcedIds"] if (found := _term(key, wanted, known)) is not None}
    if len(terms) < 2:
        return first(terms) or None
    parents = {parent for parent, _starts_on in terms.values()}
    if len(parents) == 1 and (parent := parents.pop()):
        return parent
    return min(terms, key=lambda key: (terms[key][1], key))


def _term(key: str, wanted: Wanted, known: Known) -> tuple[str | None, date] | None:
    """The parent and the first day of a session, as the package or else the district has it."""
    wish = wanted["sessions"].get(key)
    if wish is None:
        return known.sessions.get(key)
    of_old, _starts_on = known.sessions.get(key, (None, None))
    return wish.values.get("parent", of_old), wish.values["starts_on"]


def _course_of(row: Row, wanted: Wanted, known: Known, roster: Roster) -> str:
    """The course of a class; where the package does not have it, one with the title of the class is made."""
    written = row["courseSourcedId"]
    if written and (written in wanted["courses"] or written in known.courses):
        return written
    key = written or (OWN_COURSE + row.sourced_id)[:255]
    values = {
        "title": row["title"][:200],
        "code": (row["classCode"] or "")[:64],
        "subject": first(row["subjects"])[:100],
        "grade": first(row["grades"])[:16],
        "school": row["schoolSourcedId"] if _is_school(row["schoolSourcedId"], wanted, known) else None,
    }
    if key not in known.courses:
        wanted["courses"][key] = Wish(key, values, row)
        roster.problems.append(
            roster_problem(
                "own_course",
                file=row.file,
                line=row.line,
                field="courseSourcedId",
                value=written or "",
                who=row.name,
                blocking=False,
            )
        )
    return key
