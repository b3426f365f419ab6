"""A child who is here under two ids of the student information system is one child: a package may name either."""

from dataclasses import replace

from profiles.models import District, Enrollment, LearnerMerge
from profiles.oneroster.package import ACTIVE, Roster, Row
from profiles.services.roster_import.wishes import replace_rows


def other_ids(district: District) -> dict[str, str]:
    """Id of a learner who was merged away -> id of the one that was kept."""
    rows = LearnerMerge._base_manager.filter(district=district, undone_at=None)
    rows = rows.exclude(merged__key=None).exclude(kept__key=None)
    pairs = rows.values_list("merged__key", "kept__key")
    direct = {merged: kept for merged, kept in pairs if merged and kept}
    return {key: _last(key, direct) for key in direct}


def name_as_one(roster: Roster, ids: dict[str, str]) -> None:
    """Let every line say the id that was kept. A second line about the same child, or its class, is passed over."""
    if not ids:
        return
    here = {row.sourced_id for row in roster["users"]}
    users: dict[str, Row] = {}
    for row in roster["users"]:
        kept = ids.get(row.sourced_id, row.sourced_id)
        # The second id may be given up there; the child stays.
        if kept != row.sourced_id and (kept in here or kept in users or row.status != ACTIVE):
            continue
        agents = tuple(ids.get(agent, agent) for agent in row["agentSourcedIds"] or ())
        values = {**row.values, "agentSourcedIds": agents} if agents else row.values
        users[kept] = replace(row, sourced_id=kept, values=values)
    replace_rows(roster, "users", list(users.values()))
    replace_rows(roster, "roles", _renamed(list(roster["roles"]), ids, once=False))
    own = {row.sourced_id for row in roster["enrollments"] if row["userSourcedId"] not in ids}
    rows = _renamed(list(roster["enrollments"]), ids, once=True)
    replace_rows(roster, "enrollments", _as_standing(rows, own, set(ids.values())))


def _renamed(rows: list[Row], ids: dict[str, str], *, once: bool) -> list[Row]:
    own = {(row["classSourcedId"], row["userSourcedId"]) for row in rows if row["userSourcedId"] not in ids}
    found = []
    for row in rows:
        kept = ids.get(row["userSourcedId"] or "")
        if kept is None:
            found.append(row)
            continue
        if once and (row["classSourcedId"], kept) in own:
            continue
        found.append(replace(row, values={**row.values, "userSourcedId": kept}))
    return found


def _as_standing(rows: list[Row], own: set[str], people: set[str]) -> list[Row]:
    """A line about a class in which the child stands by the other id's line goes on with that enrollment."""
    standing = Enrollment._base_manager.filter(learner__key__in=people, ends_on=None).exclude(key=None)
    keys = {
        (class_key, person): key
        for class_key, person, key in standing.values_list("roster__key", "learner__key", "key")
        if key is not None and key not in own
    }
    return [
        row
        if row.sourced_id in own
        else replace(row, sourced_id=keys.pop((row["classSourcedId"], row["userSourcedId"]), row.sourced_id))
        for row in rows
    ]


def _last(key: str, direct: dict[str, str]) -> str:
    seen = {key}
    while direct[key] in direct and direct[key] not in seen:
        key = direct[key]
        seen.add(key)
    return direct[key]
