"""Enrollments of a plan, set-wise."""

from collections.abc import Iterator
from typing import Any

from django.db import connection

from lrm.text_copy import new_ids
from profiles.models import Enrollment
from profiles.services.roster_import.affected import Affected, day_after
from profiles.services.roster_import.journal import Journal
from profiles.services.roster_import.plan import RosterPlan
from profiles.services.roster_import.wishes import EnrollmentWish
from profiles.services.roster_import.writing import Ids, insert_new, update_rows

COLUMNS = ("key", "roster_id", "learner_id", "account_id", "role", "starts_on", "ends_on")


def write_enrollments(plan: RosterPlan, ids: Ids, *, affected: Affected, journal: Journal) -> None:
    _join(plan, ids, affected, journal)
    _change(plan, ids, affected, journal)
    fresh = new_ids(Enrollment._meta.db_table, len(plan.enrollments_new))
    insert_new(Enrollment, _new_rows(plan, fresh, ids, affected))
    journal.add("enrollments", fresh)


def _join(plan: RosterPlan, ids: Ids, affected: Affected, journal: Journal) -> None:
    """A second place goes into the one of the package: it ends before it begins, so that no day counts twice."""
    pks = [other.pk for _wish, other in plan.enrollments_joined]
    journal.remember("enrollments", pks)
    for wish, other in plan.enrollments_joined:
        affected.add(ids["learners"][wish.person], other.starts_on, roster=ids["rosters"][wish.roster])
    if pks:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE profiles_enrollment SET ends_on = least(starts_on, %s) - 1 WHERE id = ANY(%s)",
                [plan.today, pks],
            )


def _change(plan: RosterPlan, ids: Ids, affected: Affected, journal: Journal) -> None:
    pks = [kept.pk for _wish, kept in plan.enrollments_changed]
    journal.remember("enrollments", pks)
    rows = []
    for wish, kept in plan.enrollments_changed:
        row = _row(wish, ids)
        rows.append([kept.pk, *row.values()])
        for roster in {row["roster_id"], ids["rosters"].get(kept.roster or "", row["roster_id"])}:
            affected.add(row["learner_id"], wish.starts_on, day_after(wish.ends_on), roster=roster)
        if kept.is_learner:
            affected.add(ids["learners"].get(kept.person or ""))
    if rows:
        # One open enrollment a learner and roster: none of these is open while they change places.
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE profiles_enrollment SET ends_on = starts_on WHERE id = ANY(%s) AND ends_on IS NULL", [pks]
            )
        update_rows(Enrollment._meta.db_table, COLUMNS, rows)


def _new_rows(plan: RosterPlan, fresh: list[int], ids: Ids, affected: Affected) -> Iterator[dict[str, Any]]:
    for pk, wish in zip(fresh, plan.enrollments_new, strict=True):
        row = {"id": pk} | _row(wish, ids)
        affected.add(row["learner_id"], wish.starts_on, day_after(wish.ends_on), roster=row["roster_id"])
        yield row


def _row(wish: EnrollmentWish, ids: Ids) -> dict[str, Any]:
    return {
        "key": wish.key,
        "roster_id": ids["rosters"][wish.roster],
        "learner_id": ids["learners"][wish.person] if wish.is_learner else None,
        "account_id": None if wish.is_learner else ids["accounts"][wish.person],
        "role": wish.role,
        "starts_on": wish.starts_on,
        "ends_on": wish.ends_on,
    }
