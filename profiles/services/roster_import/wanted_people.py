"""People of a package as wishes: who learns, who signs in, who administers, who is family of whom."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from profiles.models import Account
from profiles.oneroster.package import ACTIVE, Roster, Row
from profiles.oneroster.references import refuse
from profiles.oneroster.words import roster_problem
from profiles.services.roster_import.known import Known
from profiles.services.roster_import.wanted_roles import add_roles_alone, administration_of, roles_of
from profiles.services.roster_import.wishes import (
    ADMINS,
    FAMILY,
    STAFF,
    STUDENT,
    Wanted,
    Wish,
    replace_rows,
)

LONGEST_ADDRESS = 254


def add_people(roster: Roster, wanted: Wanted, known: Known) -> None:
    roles = roles_of(roster, known)
    schools = wanted["schools"].keys() | (known.schools - _leaving_schools(roster))
    districts = {row.sourced_id for row in roster.active("orgs") if row["type"] in ("district", "local")}
    addresses: dict[str, Row] = {}
    kept = []
    for row in roster["users"]:
        if row.status != ACTIVE:
            kept.append(row)
            continue
        mine = roles.get(row.sourced_id, [])
        names = {role for role, _ in mine}
        if not names:
            refuse(roster, row, roster_problem("no_role", field="sourcedId", value=row.sourced_id))
            wanted.spared["people"].add(row.sourced_id)
            continue
        if STUDENT in names:
            homes = [row["primaryOrgSourcedId"], *(org for role, org in mine if role == STUDENT)]
            home = next((org for org in homes if org in schools), "")
            # Changes about somebody who is here may leave the school away; it stays as it is.
            if not home and not (row.sourced_id in known.learners and not any(homes)):
                refuse(roster, row, roster_problem("no_school", field="orgSourcedIds", value=homes[-1] or ""))
                wanted.spared["people"].add(row.sourced_id)
                continue
            wanted["learners"][row.sourced_id] = _learner(row, home)
        email = _email(roster, row, addresses)
        if email or names - {STUDENT} or ("users" in roster.deltas and row.sourced_id in known.kinds):
            wanted["accounts"][row.sourced_id] = _account(row, names, email)
        if row.sourced_id in wanted["learners"] and row.sourced_id in wanted["accounts"]:
            wanted["learners"][row.sourced_id].values["account"] = row.sourced_id
        wanted.administrators += administration_of(row.sourced_id, mine, schools, districts)
        kept.append(row)
    replace_rows(roster, "users", kept)
    if not roster.is_complete("users"):
        add_roles_alone(roster, wanted, known, schools, districts)
    wanted.guardians = _guardians(roster, wanted, roles, known)


def _leaving_schools(roster: Roster) -> set[str]:
    return {row.sourced_id for row in roster["orgs"] if row.status != ACTIVE}


def _learner(row: Row, home: str) -> Wish:
    values = {"given_name": row["givenName"][:100], "family_name": row["familyName"][:100], "left_on": None}
    if home:
        values["home_school"] = home
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
    if len(address) > LONGEST_ADDRESS:
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


def _guardians(
    roster: Roster, wanted: Wanted, roles: Mapping[str, list[tuple[str, str]]], known: Known
) -> list[tuple[str, str, str]]:
    """Pairs that agentSourcedIds names, from either side, where one is family and the other learns."""
    relations = {person: next((role for role, _ in mine if role in FAMILY), "") for person, mine in roles.items()}
    accounts, learners = set(wanted["accounts"]), set(wanted["learners"])
    if "users" in roster.deltas:
        family = {key for key, kind in known.kinds.items() if kind == Account.Kind.GUARDIAN}
        relations = dict.fromkeys(family, "guardian") | {person: role for person, role in relations.items() if role}
        accounts, learners = accounts | family, learners | known.learners
    pairs = {}
    for row in roster.active("users"):
        for agent in row["agentSourcedIds"] or ():
            for guardian, learner in ((agent, row.sourced_id), (row.sourced_id, agent)):
                if relations.get(guardian) and guardian in accounts and learner in learners:
                    pairs[guardian, learner] = relations[guardian]
    return [(guardian, learner, relation) for (guardian, learner), relation in sorted(pairs.items())]
