"""What a package says about the district, in our own words; no database here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from lrm.problems import Problem
from profiles.models import Account, Enrollment
from profiles.oneroster.fields import V1P2
from profiles.oneroster.package import ACTIVE, Roster, Row
from profiles.oneroster.references import refuse
from profiles.oneroster.words import roster_problem

STUDENT = "student"
STAFF = frozenset({"teacher", "aide", "proctor", "counselor"})
FAMILY = frozenset({"parent", "guardian", "relative"})
SCHOOL_ADMINS = frozenset({"principal", "siteAdministrator", "administrator"})
DISTRICT_ADMINS = frozenset({"districtAdministrator"})
ADMINS = SCHOOL_ADMINS | DISTRICT_ADMINS | {"systemAdministrator"}
OWN_COURSE = "class:"
"""Prefix of the key of a course that a class without one gets."""


@dataclass(slots=True)
class Wish:
    """One row of ours as the package wants it: values by column, links by key. A column left out stays as it is."""

    key: str
    values: dict[str, Any]
    row: Row


@dataclass(slots=True)
class EnrollmentWish:
    """is_learner tells whose key `person` is; ends_on None is open."""

    key: str
    roster: str
    person: str
    is_learner: bool
    role: str
    starts_on: date | None
    ends_on: date | None
    row: Row


@dataclass(slots=True)
class Wanted:
    """wishes: entity -> key -> wish. present: entities that the package tells about completely.

    spared: entity -> keys of lines with a problem or left out; an unreadable line is not a departure.
    administrators: (person, is of the district, key of the school or "").    guardians: (guardian, learner, relation).
    """

    wishes: dict[str, dict[str, Wish]] = field(default_factory=dict)
    enrollments: dict[str, EnrollmentWish] = field(default_factory=dict)
    administrators: list[tuple[str, bool, str]] = field(default_factory=list)
    guardians: list[tuple[str, str, str]] = field(default_factory=list)
    present: set[str] = field(default_factory=set)
    spared: dict[str, set[str]] = field(default_factory=dict)

    def __getitem__(self, entity: str) -> dict[str, Wish]:
        return self.wishes.setdefault(entity, {})


FILE_OF = {"schools": "orgs", "sessions": "academicSessions", "courses": "courses", "sections": "classes"}


def wanted_of(roster: Roster, *, known: Mapping[str, frozenset[str]]) -> Wanted:
    """Turn rows into wishes; lines that contradict one another get a problem in the roster.

    known: entity -> keys that the district has already, for packages that leave a file out.
    """
    wanted = Wanted()
    for entity, file in FILE_OF.items():
        if file in roster.present:
            wanted.present.add(entity)
        wanted.spared[entity] = _spared(roster, file)
    wanted.spared["people"] = _spared(roster, "users")
    wanted.spared["enrollments"] = _spared(roster, "enrollments")
    if "users" in roster.present:
        wanted.present.add("people")
    if "enrollments" in roster.present:
        wanted.present.add("enrollments")
    _add_schools(roster, wanted)
    _add_sessions(roster, wanted)
    _add_courses(roster, wanted)
    _add_classes(roster, wanted, known)
    _add_people(roster, wanted, known)
    _add_enrollments(roster, wanted, known)
    return wanted


def _spared(roster: Roster, file: str) -> set[str]:
    return set(roster.seen.get(file, ())) | roster.gone.get(file, set())


def _replace_rows(roster: Roster, file: str, kept: list[Row]) -> None:
    if file in roster.rows:
        roster.rows[file] = kept


def _add_schools(roster: Roster, wanted: Wanted) -> None:
    """Schools; a department where classes or people belong to it and to no school above it."""
    used = {row["schoolSourcedId"] for row in roster.active("classes")}
    used |= {org for row in roster.active("users") for org in row["orgSourcedIds"] or ()}
    used |= {row["orgSourcedId"] for row in roster.active("roles")}
    for row in roster.active("orgs"):
        if row["type"] == "school" or (row["type"] == "department" and row.sourced_id in used):
            values = {"name": row["name"][:200], "kind": row["type"], "left_on": None}
            wanted["schools"][row.sourced_id] = Wish(row.sourced_id, values, row)


def _add_sessions(roster: Roster, wanted: Wanted) -> None:
    listed = {row.sourced_id for row in roster.active("academicSessions")}
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


def _first(values: Iterable[str] | None) -> str:
    return next(iter(values or ()), "")


def _add_courses(roster: Roster, wanted: Wanted) -> None:
    for row in roster.active("courses"):
        org = row["orgSourcedId"]
        values = {
            "title": row["title"][:200],
            "code": (row["courseCode"] or "")[:64],
            "subject": _first(row["subjects"])[:100],
            "grade": _first(row["grades"])[:16],
            "school": org if org in wanted["schools"] else None,
        }
        wanted["courses"][row.sourced_id] = Wish(row.sourced_id, values, row)


def _add_classes(roster: Roster, wanted: Wanted, known: Mapping[str, frozenset[str]]) -> None:
    kept = []
    for row in roster["classes"]:
        if row.status != ACTIVE:
            kept.append(row)
            continue
        school = row["schoolSourcedId"]
        session = _session_of(row, wanted, known)
        if school not in wanted["schools"] and school not in known["schools"]:
            refuse(roster, row, roster_problem("no_school", field="schoolSourcedId", value=school or ""))
            wanted.spared["sections"].add(row.sourced_id)
            continue
        if session is None:
            value = ",".join(row["termSourcedIds"])
            refuse(roster, row, roster_problem("no_term", field="termSourcedIds", value=value))
            wanted.spared["sections"].add(row.sourced_id)
            continue
        kept.append(row)
        title, grade = row["title"][:200], _first(row["grades"])[:16]
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
    _replace_rows(roster, "classes", kept)


def _session_of(row: Row, wanted: Wanted, known: Mapping[str, frozenset[str]]) -> str | None:
    """The term of a class; of several the one that they are all part of, else the first to begin."""
    terms = [key for key in row["termSourcedIds"] if key in wanted["sessions"] or key in known["sessions"]]
    if len(terms) < 2 or any(key not in wanted["sessions"] for key in terms):
        return _first(terms) or None
    wishes = [wanted["sessions"][key] for key in terms]
    parents = {wish.values.get("parent") for wish in wishes}
    if len(parents) == 1 and (parent := parents.pop()):
        return parent
    return min(wishes, key=lambda wish: (wish.values["starts_on"], wish.key)).key


def _course_of(row: Row, wanted: Wanted, known: Mapping[str, frozenset[str]], roster: Roster) -> str:
    """The course of a class; where the package does not have it, one with the title of the class is made."""
    written = row["courseSourcedId"]
    if written and (written in wanted["courses"] or written in known["courses"]):
        return written
    key = written or OWN_COURSE + row.sourced_id
    values = {
        "title": row["title"][:200],
        "code": (row["classCode"] or "")[:64],
        "subject": _first(row["subjects"])[:100],
        "grade": _first(row["grades"])[:16],
        "school": row["schoolSourcedId"] if row["schoolSourcedId"] in wanted["schools"] else None,
    }
    if key not in known["courses"]:
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


def _roles(roster: Roster) -> dict[str, list[tuple[str, str]]]:
    """Person -> (role, org) in order of weight: users.csv of 1.1, roles.csv of 1.2 with the primary role first."""
    found: dict[str, list[tuple[str, str]]] = {}
    if roster.version != V1P2:
        for row in roster.active("users"):
            found[row.sourced_id] = [(row["role"], org) for org in row["orgSourcedIds"] or ("",)]
        return found
    primary_first = sorted(roster.active("roles"), key=lambda row: row["roleType"] != "primary")
    for row in primary_first:
        found.setdefault(row["userSourcedId"], []).append((row["role"], row["orgSourcedId"]))
    return found


def _add_people(roster: Roster, wanted: Wanted, known: Mapping[str, frozenset[str]]) -> None:
    roles = _roles(roster)
    schools = wanted["schools"].keys() | known["schools"]
    districts = {row.sourced_id for row in roster.active("orgs") if row["type"] in ("district", "local")}
    addresses: dict[str, Row] = {}
    kept = []
    for row in roster["users"]:
        if row.status != ACTIVE:
            kept.append(row)
            continue
        mine = roles.get(row.sourced_id, [])
        names = {role for role, _ in mine}
        if STUDENT in names:
            homes = [row["primaryOrgSourcedId"], *(org for role, org in mine if role == STUDENT)]
            home = next((org for org in homes if org in schools), None)
            if home is None:
                refuse(roster, row, roster_problem("no_school", field="orgSourcedIds", value=homes[-1] or ""))
                wanted.spared["people"].add(row.sourced_id)
                continue
            wanted["learners"][row.sourced_id] = _learner(row, home)
        email = _email(roster, row, addresses)
        if email or names - {STUDENT}:
            wanted["accounts"][row.sourced_id] = _account(row, names, email)
        if row.sourced_id in wanted["learners"] and row.sourced_id in wanted["accounts"]:
            wanted["learners"][row.sourced_id].values["account"] = row.sourced_id
        wanted.administrators += _administration(row, mine, schools, districts)
        kept.append(row)
    _replace_rows(roster, "users", kept)
    wanted.guardians = _guardians(roster, wanted, roles)


def _learner(row: Row, home: str) -> Wish:
    values = {
        "given_name": row["givenName"][:100],
        "family_name": row["familyName"][:100],
        "home_school": home,
        "left_on": None,
    }
    # What the package is silent about stays as somebody wrote it here.
    if row["grades"]:
        values["grade"] = row["grades"][0][:16]
    if row["preferredGivenName"]:
        values["preferred_name"] = row["preferredGivenName"][:100]
    return Wish(row.sourced_id, values, row)


def _account(row: Row, roles: set[str], email: str) -> Wish:
    if roles & (STAFF | ADMINS):
        kind = Account.Kind.STAFF
    else:
        kind = Account.Kind.LEARNER if STUDENT in roles else Account.Kind.GUARDIAN
    values: dict[str, Any] = {
        "kind": str(kind),
        "given_name": row["givenName"][:100],
        "family_name": row["familyName"][:100],
        "is_active": row["enabledUser"] is not False,
    }
    if email:
        values["email"] = email
    return Wish(row.sourced_id, values, row)


def _email(roster: Roster, row: Row, addresses: dict[str, Row]) -> str:
    """The address to sign in with; "" with a note where it is none or another person's too."""
    address = row["email"] or ""
    if not address:
        return ""
    code, params = "", {}
    try:
        validate_email(address)
    except ValidationError:
        code = "no_address"
    owner = addresses.setdefault(address.lower(), row)
    if not code and owner is not row:
        code, params = "address_shared", {"who": owner.name, "first": owner.line}
    if not code:
        return address
    roster.problems.append(
        roster_problem(
            code,
            file=row.file,
            line=row.line,
            field="email",
            value=address,
            who=row.name,
            blocking=False,
            params=params,
        )
    )
    return ""


def _administration(
    row: Row, mine: list[tuple[str, str]], schools: Iterable[str], districts: Iterable[str]
) -> list[tuple[str, bool, str]]:
    found = []
    for role, org in mine:
        if role in DISTRICT_ADMINS or (role == "administrator" and org in districts):
            found.append((row.sourced_id, True, ""))
        elif role in SCHOOL_ADMINS and org in schools:
            found.append((row.sourced_id, False, org))
    return found


def _guardians(
    roster: Roster, wanted: Wanted, roles: Mapping[str, list[tuple[str, str]]]
) -> list[tuple[str, str, str]]:
    """Pairs that agentSourcedIds names, from either side, where one is family and the other learns."""
    relations = {person: next((role for role, _ in mine if role in FAMILY), "") for person, mine in roles.items()}
    pairs = {}
    for row in roster.active("users"):
        for agent in row["agentSourcedIds"] or ():
            for guardian, learner in ((agent, row.sourced_id), (row.sourced_id, agent)):
                if relations.get(guardian) and guardian in wanted["accounts"] and learner in wanted["learners"]:
                    pairs[guardian, learner] = relations[guardian]
    return [(guardian, learner, relation) for (guardian, learner), relation in sorted(pairs.items())]


def _add_enrollments(roster: Roster, wanted: Wanted, known: Mapping[str, frozenset[str]]) -> None:
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
    _replace_rows(roster, "enrollments", kept)


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
