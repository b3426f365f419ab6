"""People of a package as wishes: who learns, who signs in, who administers, who is family of whom."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from profiles.models import Account
from profiles.oneroster.fields import V1P2
from profiles.oneroster.package import ACTIVE, Roster, Row
from profiles.oneroster.references import refuse
from profiles.oneroster.words import roster_problem
from profiles.services.roster_import.wishes import (
    ADMINS,
    DISTRICT_ADMINS,
    FAMILY,
    SCHOOL_ADMINS,
    STAFF,
    STUDENT,
    Wanted,
    Wish,
    replace_rows,
)


def add_people(roster: Roster, wanted: Wanted, known: Mapping[str, frozenset[str]]) -> None:
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
    replace_rows(roster, "users", kept)
    wanted.guardians = _guardians(roster, wanted, roles)


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
