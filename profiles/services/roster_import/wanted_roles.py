"""Roles of a package: who somebody is, from users.csv of 1.1 or roles.csv of 1.2, and lines about roles alone."""

from collections.abc import Collection

from profiles.models import Account
from profiles.oneroster.fields import V1P2
from profiles.oneroster.package import ACTIVE, Roster, Row
from profiles.oneroster.references import refuse
from profiles.oneroster.words import roster_problem
from profiles.services.roster_import.known import Known
from profiles.services.roster_import.wishes import DISTRICT_ADMINS, SCHOOL_ADMINS, STUDENT, Wanted, Wish, replace_rows

_ROLE_OF_KIND = {Account.Kind.STAFF: "teacher", Account.Kind.GUARDIAN: "guardian", Account.Kind.LEARNER: STUDENT}
"""What somebody is who is here already; the org is left away, so nothing follows from it but the kind."""


def roles_of(roster: Roster, known: Known) -> dict[str, list[tuple[str, str]]]:
    """Person -> (role, org) in order of weight: users.csv of 1.1, roles.csv of 1.2 with the primary role first.

    Where roles.csv holds changes only, whoever is here stays what they are, unless a role of theirs is taken away and
    another given.
    """
    found: dict[str, list[tuple[str, str]]] = {}
    if roster.version != V1P2:
        for row in roster.active("users"):
            found[row.sourced_id] = [(row["role"], org) for org in row["orgSourcedIds"] or ("",)]
        return found
    primary_first = sorted(roster.active("roles"), key=lambda row: row["roleType"] != "primary")
    for row in primary_first:
        found.setdefault(row["userSourcedId"], []).append((row["role"], row["orgSourcedId"]))
    if not roster.is_complete("roles"):
        replaced = {row["userSourcedId"] for row in roster["roles"] if row.status != ACTIVE}
        for row in roster.active("users"):
            key = row.sourced_id
            if key not in found or key not in replaced:
                found[key] = found.get(key, []) + _standing(key, known)
    return {person: mine for person, mine in found.items() if mine}


def _standing(key: str, known: Known) -> list[tuple[str, str]]:
    kind = known.kinds.get(key)
    if key in known.learners and kind in (None, Account.Kind.LEARNER):
        return [(STUDENT, "")]
    standing = [(_ROLE_OF_KIND[Account.Kind(kind)], "")] if kind else []
    return [*standing, (STUDENT, "")] if key in known.learners else standing


def administration_of(
    person: str, mine: list[tuple[str, str]], schools: Collection[str], districts: Collection[str]
) -> list[tuple[str, bool, str]]:
    found = []
    for role, org in mine:
        if role in DISTRICT_ADMINS or (role == "administrator" and org in districts):
            found.append((person, True, ""))
        elif role in SCHOOL_ADMINS and org in schools:
            found.append((person, False, org))
    return found


def add_roles_alone(
    roster: Roster, wanted: Wanted, known: Known, schools: Collection[str], districts: Collection[str]
) -> None:
    """Lines of roles.csv about people without a line in users.csv: the school moves, and administrators are named."""
    in_users = {row.sourced_id for row in roster["users"]} | wanted.spared["people"]
    kept = []
    for row in roster["roles"]:
        person = row["userSourcedId"]
        if row.status != ACTIVE:
            if person not in in_users:
                _note(roster, row, "role_taken_away")
        elif person not in in_users:
            if person not in known.learners and person not in known.kinds:
                params = {"file": "users.csv"}
                refuse(roster, row, roster_problem("dangling", field="userSourcedId", value=person, params=params))
                continue
            _use_alone(roster, row, wanted, known, schools, districts)
        kept.append(row)
    replace_rows(roster, "roles", kept)


def _use_alone(
    roster: Roster, row: Row, wanted: Wanted, known: Known, schools: Collection[str], districts: Collection[str]
) -> None:
    person, role, org = row["userSourcedId"], row["role"], row["orgSourcedId"]
    if role == STUDENT and person in known.learners and org in schools:
        if row["roleType"] == "primary":
            wanted["learners"][person] = Wish(person, {"home_school": org}, row)
        return
    named = administration_of(person, [(role, org)], schools, districts) if person in known.kinds else []
    wanted.administrators += named
    if not named and role not in {standing for standing, _org in _standing(person, known)}:
        _note(roster, row, "role_without_user")


def _note(roster: Roster, row: Row, code: str) -> None:
    details = {"file": row.file, "line": row.line, "field": "role", "value": row["role"] or "", "who": row.name}
    roster.problems.append(roster_problem(code, blocking=False, **details))
