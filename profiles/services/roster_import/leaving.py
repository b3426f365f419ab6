"""Who and what would leave, and whether that is too much at once."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q

from profiles.models import AdminRole
from profiles.oneroster.package import ACTIVE
from profiles.oneroster.words import roster_problem
from profiles.services.roster_import.plan import Brake, Leaving, RosterPlan, full_name
from profiles.services.roster_import.stored import Kept, KeptEnrollment


def find_leaving(plan: RosterPlan) -> None:
    """What a complete file does not have any more, and what a file of changes says to take away.

    A class or a person that a file of changes takes away takes the enrollments along that came from packages.
    """
    wanted, stored = plan.wanted, plan.stored
    add = plan.leaving.append
    for key, kept in stored["schools"].items():
        if wanted.may_leave("schools", key) and key not in wanted["schools"] and kept.values["left_on"] is None:
            add(Leaving("schools", kept.pk, kept.values["name"], key))
    closing, going = set(), set()
    for key, kept in stored["sections"].items():
        is_gone = wanted.may_leave("sections", key) and key not in wanted["sections"]
        if is_gone and kept.values["archived_at"] is None and not _is_over(plan, key, kept.values["session"]):
            add(Leaving("sections", kept.pk, kept.values["title"], key))
            closing.add(kept.values["roster"])
    for key, kept in stored["learners"].items():
        if wanted.may_leave("people", key) and key not in wanted["learners"] and kept.values["left_on"] is None:
            add(Leaving("learners", kept.pk, full_name(kept.values), key))
            going.add(key)
    accounts: dict[str, Kept] = {}
    for key, kept in stored["accounts"].items():
        # a learner's account goes and stays with the learner
        is_gone = wanted.may_leave("people", key) and key not in wanted["accounts"] and key not in stored["learners"]
        if is_gone and kept.values["is_active"]:
            accounts[key] = kept
    for key in _administrators(plan, accounts):
        accounts.pop(key)
    for key, kept in accounts.items():
        add(Leaving("accounts", kept.pk, full_name(kept.values), key))
        going.add(key)
    changed = {kept.pk for _, kept in (*plan.enrollments_changed, *plan.enrollments_joined)}
    for key, row in stored.enrollments.items():
        is_gone = wanted.may_leave("enrollments", key) or (
            key not in wanted.spared["enrollments"] and (row.roster in closing or row.person in going)
        )
        is_here = row.ends_on is None or row.ends_on >= plan.today
        if is_gone and is_here and key not in wanted.enrollments and row.pk not in changed:
            add(Leaving("enrollments", row.pk, _enrollment_name(plan, row), key))
    _tell_unknown(plan)


def _administrators(plan: RosterPlan, accounts: Mapping[str, Kept]) -> list[str]:
    """Whose accounts stay: those who administer the district. Whoever takes the file over is one of them, and nobody
    but they could undo it."""
    if not accounts:
        return []
    roles = AdminRole.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=plan.today),
        kind=AdminRole.Kind.DISTRICT,
        account_id__in=[kept.pk for kept in accounts.values()],
    )
    here = set(roles.values_list("account_id", flat=True))
    staying = [key for key, kept in accounts.items() if kept.pk in here]
    for key in staying:
        who = full_name(accounts[key].values)
        details = {"file": "users.csv", "field": "sourcedId", "value": key, "who": who}
        plan.roster.problems.append(roster_problem("administrator_stays", blocking=False, **details))
    return staying


def _tell_unknown(plan: RosterPlan) -> None:
    """Lines of a delta that take away what is not here: told, since the sender may mean another id."""
    keys = {"orgs": "schools", "classes": "sections", "enrollments": None, "users": None}
    for file, entity in keys.items():
        if file not in plan.roster.deltas:
            continue
        for row in plan.roster[file]:
            if row.status == ACTIVE or _is_here(plan, file, entity, row.sourced_id):
                continue
            details = {"file": row.file, "line": row.line, "field": "sourcedId", "value": row.sourced_id}
            plan.roster.problems.append(roster_problem("nothing_to_delete", blocking=False, who=row.name, **details))


def _is_here(plan: RosterPlan, file: str, entity: str | None, key: str) -> bool:
    if file == "users":
        return key in plan.stored["learners"] or key in plan.stored["accounts"]
    if file == "enrollments":
        return key in plan.stored.enrollments
    return key in plan.stored[entity or ""]


def _is_over(plan: RosterPlan, key: str, session: str | None) -> bool:
    """Classes of terms that are over are not in an export any more; one that is named leaves all the same."""
    if key in plan.wanted.named.get("sections", ()):
        return False
    kept = plan.stored["sessions"].get(session) if session else None
    return kept is not None and kept.values["ends_on"] < plan.today


def _enrollment_name(plan: RosterPlan, row: KeptEnrollment) -> str:
    kept = plan.stored["rosters"].get(row.roster or "")
    person = plan.person(row.person or "", is_learner=row.is_learner)
    return f"{person}, {kept.values['title'] if kept else row.roster}"


def brakes_of(plan: RosterPlan, limit: float) -> list[Brake]:
    """One brake for people, one for classes, one for enrollments: a missing file must not hide among the others."""
    stored, today = plan.stored, plan.today
    known = {
        "people": _present(stored["learners"].values(), "left_on", None)
        + _present(
            (kept for key, kept in stored["accounts"].items() if key not in stored["learners"]), "is_active", True
        ),
        "sections": _present(
            (kept for key, kept in stored["sections"].items() if not _is_over(plan, key, kept.values["session"])),
            "archived_at",
            None,
        ),
        "enrollments": sum(row.ends_on is None or row.ends_on >= today for row in stored.enrollments.values()),
    }
    gone = dict.fromkeys(known, 0)
    for one in plan.leaving:
        what = "people" if one.what in ("learners", "accounts") else one.what
        if what in gone:
            gone[what] += 1
    return [Brake(what, gone[what], known[what], limit) for what in known]


def _present(rows: Iterable[Any], column: str, value: Any) -> int:
    return sum(kept.values[column] == value for kept in rows)
