"""Which lines of enrollments.csv are new, changed or the same."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from profiles.oneroster.references import refuse
from profiles.oneroster.words import roster_problem
from profiles.services.roster_import.entities import LABELS
from profiles.services.roster_import.plan import CHANGED, NEW, SAME, RosterPlan
from profiles.services.roster_import.stored import KeptEnrollment
from profiles.services.roster_import.wishes import EnrollmentWish, replace_rows


def compare_enrollments(plan: RosterPlan) -> None:
    refused = set()
    taken: set[int] = set()
    candidates = _may_take_another_id(plan)
    for wish in plan.wanted.enrollments.values():
        kept = plan.stored.enrollments.get(wish.key)
        if kept is None and _is_in_force(plan, wish):
            kept = _by_hand(plan, wish, taken) or _under_another_id(wish, candidates, taken)
        for other in _in_the_way(plan, wish, kept, taken):
            if other.key is not None and not plan.wanted.may_leave("enrollments", other.key):
                if wish.ends_on is None:
                    refused.add(wish.key)
                    params = {"key": other.key}
                    who = plan.person(wish.person, is_learner=True)
                    details = {"field": "userSourcedId", "value": wish.person, "who": who}
                    refuse(plan.roster, wish.row, roster_problem("enrolled_already", params=params, **details))
            elif kept is not None:
                taken.add(other.pk)
                plan.enrollments_joined.append((wish, other))
                first = date_format(other.starts_on, "DATE_FORMAT")
                said = [_("one of its own, from %(day)s") % {"day": first}, _("part of this one")]
                plan.note(wish.row, LABELS["place"], *said, who=plan.person(wish.person, is_learner=True))
        if wish.key not in refused:
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


def _is_in_force(plan: RosterPlan, row: EnrollmentWish | KeptEnrollment) -> bool:
    """Today or later; what is over is history, and stays what it was."""
    return row.ends_on is None or row.ends_on >= plan.today


def _by_hand(plan: RosterPlan, wish: EnrollmentWish, taken: set[int]) -> KeptEnrollment | None:
    """An open enrollment that somebody made here, and that the package now has too."""
    loose = plan.stored.loose.get((wish.roster, wish.person))
    if loose is None or loose.is_learner != wish.is_learner or loose.pk in taken:
        return None
    taken.add(loose.pk)
    return loose


def _may_take_another_id(plan: RosterPlan) -> dict[tuple, list[KeptEnrollment]]:
    """(roster, person, is a learner) -> enrollments in force that would leave: the source may have renamed them."""
    if plan.stored.enrollments.keys() <= plan.wanted.enrollments.keys():
        return {}
    found: dict[tuple, list[KeptEnrollment]] = {}
    for key, row in plan.stored.enrollments.items():
        if key not in plan.wanted.enrollments and _is_in_force(plan, row) and plan.wanted.may_leave("enrollments", key):
            found.setdefault((row.roster, row.person, row.is_learner), []).append(row)
    return found


def _under_another_id(
    wish: EnrollmentWish, candidates: dict[tuple, list[KeptEnrollment]], taken: set[int]
) -> KeptEnrollment | None:
    """The same place under the id that the source gave it before; of several the one that is most alike."""
    here = [row for row in candidates.get((wish.roster, wish.person, wish.is_learner), ()) if row.pk not in taken]
    if not here:
        return None
    first = wish.starts_on

    def likeness(row: KeptEnrollment) -> tuple:
        return row.ends_on is not None, row.role != wish.role, first is not None and row.starts_on != first, row.pk

    found = min(here, key=likeness)
    taken.add(found.pk)
    return found


def _in_the_way(
    plan: RosterPlan, wish: EnrollmentWish, kept: KeptEnrollment | None, taken: set[int]
) -> list[KeptEnrollment]:
    """Another open enrollment of the learner in the class that this package does not speak of by a line of its own."""
    if not wish.is_learner or not _is_in_force(plan, wish):
        return []
    return [
        other
        for other in plan.stored.open_places.get((wish.roster, wish.person), ())
        if other.pk not in taken and (kept is None or other.pk != kept.pk)
        if other.key is None or other.key not in plan.wanted.enrollments
    ]


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
    if kept.key not in (None, wish.key):
        found.append(("key", kept.key, wish.key))
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
