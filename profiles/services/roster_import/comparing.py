"""Which lines are new, changed or the same: places and people."""

from profiles.oneroster.words import roster_problem
from profiles.services.roster_import.entities import ENTITIES, LABELS
from profiles.services.roster_import.plan import CHANGED, NEW, SAME, RosterPlan

PEOPLE = ("learners", "accounts")


def compare_entities(plan: RosterPlan) -> None:
    _settle_addresses(plan)
    for name in ENTITIES:
        _compare(plan, name)


def _settle_addresses(plan: RosterPlan) -> None:
    """An address belongs to one account: adopt one of the same kind that was made by hand, else go without.

    A learner's account from the first sign-in with a class code is adopted too.
    """
    for wish in plan.wanted["accounts"].values():
        learner = plan.stored["learners"].get(wish.key)
        own = learner.link_ids["account"] if learner and learner.values["account"] is None else None
        if own is not None and wish.key not in plan.stored["accounts"]:
            plan.adopted.append((own, wish.key))
        owner = plan.stored.addresses.get(wish.values.get("email", "").lower())
        if owner is None:
            continue
        pk, key, kind = owner
        if key == wish.key:
            continue
        is_ours_by_hand = key is None and kind == wish.values["kind"] and wish.key not in plan.stored["accounts"]
        if is_ours_by_hand and own in (None, pk):
            plan.adopted += [] if own == pk else [(pk, wish.key)]
            continue
        del wish.values["email"]
        row = wish.row
        details = {"file": row.file, "line": row.line, "field": "email", "value": row["email"], "who": row.name}
        plan.roster.problems.append(roster_problem("address_taken", blocking=False, **details))


def _compare(plan: RosterPlan, name: str) -> None:
    writes = plan.writes.setdefault(name, [])
    adopted = {key for _, key in plan.adopted} if name == "accounts" else set()
    for wish in plan.wanted[name].values():
        kept = plan.stored[name].get(wish.key)
        if kept is None:
            verdict = CHANGED if wish.key in adopted else NEW
            writes.append(wish)
        else:
            found = [
                (column, kept.values[column], value)
                for column, value in wish.values.items()
                if kept.values[column] != value
            ]
            verdict = CHANGED if found else SAME
            if found:
                writes.append(wish)
            for column, before, after in found:
                shown = [plan.shown(name, column, value) for value in (before, after)]
                who = plan.person(wish.key, is_learner=name == "learners") if name in PEOPLE else ""
                plan.note(wish.row, LABELS[column], *shown, who=who)
        plan.verdicts.judge(wish.row, verdict)
