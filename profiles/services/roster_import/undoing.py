"""Put an import back: what nobody has changed since, and nothing that anybody has made."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from profiles.models import Account, ImportedRows, RosterImport
from profiles.models.roster_import import UNDO_DAYS
from profiles.services.roster_import.affected import Affected, day_after
from profiles.services.roster_import.one_at_a_time import lock
from profiles.services.roster_import.places import PLACES, Place
from profiles.services.roster_import.undo_plan import END, LEFT, PUT_BACK, REMOVE, UndoPlan, derived_on, judge


class UndoRefused(ValueError):
    """Nothing was changed. The message says why."""


@transaction.atomic
def look_at_undo(row: RosterImport) -> UndoPlan:
    """What `undo` would do now. Writes nothing. Raises UndoRefused."""
    _check(row)
    return judge(row)


@transaction.atomic
def undo(row: RosterImport, *, by: Account | None) -> UndoPlan:
    """Put the import back and return what was done. Raises UndoRefused: it was undone already, or is too old."""
    lock(row.district_id)
    row.refresh_from_db()
    _check(row)
    zone = ZoneInfo(row.district.time_zone)
    today = datetime.now(zone).date()
    plan = judge(row)
    affected = _affected_by_enrollments(today)
    _end(today)
    _remove("enrollments")
    for name, place in PLACES.items():
        if name != "accounts":
            _put_back(place)
    for name in ("guardianships", "admin_roles", "learners", "accounts"):
        _remove(name)
    _put_back(PLACES["accounts"])
    for name in ("sections", "rosters", "courses", "sessions", "schools", "stamps"):
        _remove(name)
    _keep_those_who_stay(affected)
    affected.tell(zone)
    row.undone_at, row.undone_by = timezone.now(), by
    row.undo_summary = {
        "put_back": plan.total(PUT_BACK),
        "removed": plan.total(REMOVE),
        "ended": plan.total(END),
        "left": plan.total(*LEFT),
        "left_rows": [list(one) for one in plan.left],
        "ended_rows": [list(one) for one in plan.ended],
    }
    row.save(update_fields=["undone_at", "undone_by", "undo_summary"])
    ImportedRows.objects.filter(roster_import=row).delete()
    return plan


def forget_old() -> int:
    """Drop what imports of more than 30 days ago have kept; how many imports that were."""
    old = ImportedRows.objects.filter(roster_import__applied_at__lt=timezone.now() - UNDO_DAYS)
    count = old.values("roster_import").distinct().count()
    old.delete()
    return count


def _check(row: RosterImport) -> None:
    if row.undone_at is not None:
        raise UndoRefused(_("This import was undone already."))
    if not row.can_be_undone:
        raise UndoRefused(_("An import can be undone for 30 days, and this one is older."))


def _execute(statement: str, values: list | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or [])


def _affected_by_enrollments(today: date) -> Affected:
    """Learners, rosters and days of the enrollments that are put back, ended or taken away, before and after."""
    affected = Affected(today)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.learner_id, e.roster_id, e.starts_on, (u.before ->> 'learner_id')::bigint,"
            " (u.before ->> 'roster_id')::bigint, (u.before ->> 'starts_on')::date, (u.before ->> 'ends_on')::date"
            " FROM roster_undo u JOIN profiles_enrollment e ON e.id = u.id"
            " WHERE u.place = 'enrollments' AND u.verdict IN ('put_back', 'remove', 'end')"
        )
        for learner, roster, starts_on, old_learner, old_roster, old_start, old_end in cursor.fetchall():
            affected.add(learner, starts_on, roster=roster)
            affected.add(old_learner, old_start, day_after(old_end), roster=old_roster)
        cursor.execute("SELECT id FROM roster_undo WHERE place = 'learners' AND verdict IN ('put_back', 'end')")
        for (learner,) in cursor.fetchall():
            affected.add(learner)
    return affected


def _keep_those_who_stay(affected: Affected) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM profiles_learner WHERE id = ANY(%s)", [list(affected.learners)])
        learners = {pk for (pk,) in cursor.fetchall()}
        cursor.execute("SELECT id FROM profiles_roster WHERE id = ANY(%s)", [list(affected.rosters)])
        affected.keep_only(learners, {pk for (pk,) in cursor.fetchall()})


def _put_back(place: Place) -> None:
    names = [f'"{column}"' for column in place.columns]
    values = [f"b.{name}" for name in names]
    if place.name == "learners":  # a number of the school that somebody else has by now is not taken away again
        values = [_free_number(name) if name == 'b."number"' else name for name in values]
    if place.name == "enrollments":  # one open enrollment a learner and roster, also while they change places
        _execute(
            "UPDATE profiles_enrollment e SET ends_on = starts_on FROM roster_undo u WHERE u.place = 'enrollments'"
            " AND u.verdict = 'put_back' AND e.id = u.id AND e.ends_on IS NULL"
        )
    _execute(
        f"UPDATE {place.table} t SET ({', '.join(names)}) = ROW({', '.join(values)})"
        f" FROM roster_undo u, jsonb_populate_record(NULL::{place.table}, u.before) b"
        " WHERE u.place = %s AND u.verdict = 'put_back' AND t.id = u.id",
        [place.name],
    )


def _free_number(name: str) -> str:
    return (
        f"CASE WHEN EXISTS (SELECT FROM profiles_learner o WHERE o.home_school_id = b.home_school_id"
        f" AND o.number = {name} AND o.id <> u.id) THEN NULL ELSE {name} END"
    )


def _remove(name: str) -> None:
    place = PLACES[name]
    ids = "(SELECT id FROM roster_undo WHERE place = %s AND verdict = 'remove')"
    for table, column in derived_on(place.model):
        _execute(f"DELETE FROM {table} WHERE {column} IN {ids}", [name])
    _execute(f"DELETE FROM {place.table} WHERE id IN {ids}", [name])


def _end(today: date) -> None:
    """What the import made and something hangs on leaves as if a package did not have it any more."""
    yesterday = today - timedelta(days=1)
    for name, sets, values in _endings(today, yesterday):
        _execute(
            f"UPDATE {PLACES[name].table} t SET {sets} FROM roster_undo u"
            " WHERE u.place = %s AND u.verdict = 'end' AND t.id = u.id",
            [*values, name],
        )


def _endings(today: date, yesterday: date) -> Iterable[tuple[str, str, list]]:
    return (
        ("enrollments", "ends_on = least(ends_on, %s)", [yesterday]),
        ("learners", "left_on = coalesce(left_on, %s)", [today]),
        ("accounts", "is_active = false", []),
        ("sections", "archived_at = coalesce(archived_at, now())", []),
        ("schools", "left_on = coalesce(left_on, %s)", [today]),
    )
