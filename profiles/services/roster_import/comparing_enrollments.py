"""Which lines of enrollments.csv are new, changed or the same."""

from datetime import date

from profiles.oneroster.references import refuse
from profiles.oneroster.words import roster_problem
from profiles.services.roster_import.entities import LABELS
from profiles.services.roster_import.plan import CHANGED, NEW, SAME, RosterPlan
from profiles.services.roster_import.stored import KeptEnrollment
from profiles.services.roster_import.wishes import EnrollmentWish, replace_rows


def compare_enrollments(plan: RosterPlan) -> None:
    refused = set()
    taken: set[int] = set()
    for wish in plan.wanted.enrollments.values():
        kept = plan.stored.enrollments.get(wish.key) or _by_hand(plan, wish, taken)
        other = _in_the_way(plan, wish, kept)
        if other is not None and kept is None and plan.wanted.may_leave("enrollments", other.key or ""):
            kept, other = other, None  # the same place under another id
            taken.add(kept.pk)
        if other is not None and not plan.wanted.may_leave("enrollments", other.key or ""):
            refused.add(wish.key)
            params = {"key": other.key or "\u2013"}
            details = {"field": "userSourcedId", "value": wish.person, "who": plan.person(wish.person, is_learner=True)}
            refuse(plan.roster, wish.row, roster_problem("enrolled_already", params=params, **details))
            continue
        _compare(plan, wish, kept)
    if refused:
        for key in refused:
            del plan.wanted.enrollments[key]
        plan.wanted.spared["enrollments"] |= refused
        replace_rows(
            plan.roster,
            "enrollments",
            [row for row in plan.roster["enrollments"] if row.sourced_id not in refused],
        )


def _by_hand(plan: RosterPlan, wish: EnrollmentWish, taken: set[int]) -> KeptEnrollment | None:
    """An open enrollment that somebody made here, and that the package now has too."""
    loose = plan.stored.loose.get((wish.roster, wish.person))
    if loose is None or loose.is_learner != wish.is_learner or loose.pk in taken:
        return None
    taken.add(loose.pk)
    return loose


def _in_the_way(plan: RosterPlan, wish: EnrollmentWish, kept: KeptEnrollment | None) -> KeptEnrollment | None:
    """Another open enrollment of the learner in the class that this package does not speak of by a line of its own."""
    if not wish.is_learner or wish.ends_on is not None:
        return None
    open_ones = plan.stored.open_places.get((wish.roster, wish.person), ())
    for other in open_ones:
        if (kept is None or other.pk != kept.pk) and other.key not in plan.wanted.enrollments:
            return other
    return None


def _compare(plan: RosterPlan, wish: EnrollmentWish, kept: KeptEnrollment | None) -> None:
    wish.starts_on = wish.starts_on or (kept.starts_on if kept else _first_day(plan, wish))
    if kept is None:
        plan.enrollments_new.append(wish)
        plan.verdicts.judge(wish.row, NEW)
        return
    found = [
        (label, before, after)
        for label, before, after in (
            ("roster", kept.roster, wish.roster),
            ("role", kept.role, wish.role),
            ("starts_on", kept.starts_on, wish.starts_on),
            ("ends_on", kept.ends_on, wish.ends_on),
        )
        if before != after
    ]
    is_changed = bool(found) or kept.person != wish.person or kept.key != wish.key
    if is_changed:
        plan.enrollments_changed.append((wish, kept))
    for column, before, after in found:
        entity = "sections" if column == "roster" else "rosters"
        shown = [plan.shown(entity, column, value) for value in (before, after)]
        plan.note(wish.row, LABELS[column], *shown, who=plan.person(wish.person, is_learner=wish.is_learner))
    plan.verdicts.judge(wish.row, CHANGED if is_changed else SAME)


def _first_day(plan: RosterPlan, wish: EnrollmentWish) -> date:
    """Where the line gives no first day: that of the class's term, or today for somebody who joins later."""
    class_wish = plan.wanted["rosters"].get(wish.roster)
    kept = plan.stored["rosters"].get(wish.roster)
    session = class_wish.values["session"] if class_wish else kept.values["session"] if kept else None
    key = session or ""
    session_wish, session_kept = plan.wanted["sessions"].get(key), plan.stored["sessions"].get(key)
    if session_wish is not None:
        first = session_wish.values["starts_on"]
    else:
        first = session_kept.values["starts_on"] if session_kept else plan.today
    is_joining = wish.roster in plan.stored["rosters"] and first < plan.today
    return plan.today if is_joining else first
