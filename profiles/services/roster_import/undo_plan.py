"""What an undo of an import would do to each row: put back, take away, let leave, or leave alone and say why."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.apps import apps
from django.db import connection, models

from lrm.changes import DERIVED
from profiles.models import RosterImport
from profiles.services.roster_import.places import PLACES, Place

PUT_BACK, REMOVE, END = "put_back", "remove", "end"
CHANGED, GONE, IN_THE_WAY = "changed", "gone", "in_the_way"
LEFT = (CHANGED, GONE, IN_THE_WAY)
PARENTS = ("learners", "accounts", "sections", "rosters", "courses", "sessions", "schools")
"""Places whose rows other rows lean on, those first that lean on others."""
SHOWN = 500


@dataclass(slots=True)
class UndoPlan:
    """counts: (place, verdict) -> rows. left: (place, primary key, why), the first 500 of what stays as it is.

    ended: likewise (place, primary key), rows that the import made and that something hangs on by now.
    """

    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    left: list[tuple[str, int, str]] = field(default_factory=list)
    ended: list[tuple[str, int]] = field(default_factory=list)

    def total(self, *verdicts: str) -> int:
        return sum(number for (_place, verdict), number in self.counts.items() if verdict in verdicts)


def judge(row: RosterImport) -> UndoPlan:
    """Fill the temporary table roster_undo, a row each, and count. The transaction drops it."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS roster_undo")
        cursor.execute(
            "CREATE TEMP TABLE roster_undo ON COMMIT DROP AS"
            " SELECT r.place, u.id, u.after, r.befores -> (u.nth - 1)::int AS before,"
            " CASE WHEN r.befores IS NULL THEN 'remove' ELSE 'put_back' END AS verdict"
            " FROM profiles_importedrows r, unnest(r.ids, r.afters) WITH ORDINALITY AS u(id, after, nth)"
            " WHERE r.roster_import_id = %s",
            [row.pk],
        )
        cursor.execute("CREATE UNIQUE INDEX ON roster_undo (place, id)")
        cursor.execute("ANALYZE roster_undo")
    for place in PLACES.values():
        _leave_what_changed(place)
        _leave_what_lost_its_ground(place)
    _leave_taken_addresses()
    _leave_taken_places()
    for name in ("enrollments", "guardianships", "admin_roles", "learners", "accounts"):
        _end_what_is_used(PLACES[name])
    _end_places_of_the_used()
    for name in PARENTS:
        while _end_what_is_used(PLACES[name]):
            pass
    return _counted()


def _execute(statement: str, values: list | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or [])
        return cursor.rowcount


def _leave_what_changed(place: Place) -> None:
    """Rows that somebody, or a later import, has changed or taken away since."""
    _execute(
        f"UPDATE roster_undo u SET verdict = CASE WHEN t.id IS NULL THEN 'gone' ELSE 'changed' END"
        f" FROM roster_undo v LEFT JOIN {place.table} t ON t.id = v.id"
        f" WHERE u.place = %s AND v.place = u.place AND v.id = u.id"
        f" AND (t.id IS NULL OR {place.fingerprint('t')} <> u.after)",
        [place.name],
    )


def _leave_what_lost_its_ground(place: Place) -> None:
    """Rows that would lean on a row again that is not there any more."""
    for relation in place.model._meta.concrete_fields:
        if relation.related_model is None or relation.column not in place.columns:
            continue
        target = relation.related_model._meta.db_table
        _execute(
            "UPDATE roster_undo u SET verdict = 'gone' WHERE u.place = %s AND u.verdict = 'put_back'"
            f" AND u.before ->> '{relation.column}' IS NOT NULL"
            f" AND NOT EXISTS (SELECT FROM {target} t WHERE t.id = (u.before ->> '{relation.column}')::bigint)",
            [place.name],
        )


def _leave_taken_addresses() -> None:
    """An address that another account signs in with by now, and keeps."""
    _execute(
        "UPDATE roster_undo u SET verdict = 'in_the_way' WHERE u.place = 'accounts' AND u.verdict = 'put_back'"
        " AND EXISTS (SELECT FROM profiles_account a"
        " WHERE lower(a.email) = lower(u.before ->> 'email') AND a.id <> u.id)"
    )


def _leave_taken_places() -> None:
    """A place on a class list that the learner has again, by another enrollment that stays."""
    _execute(
        "UPDATE roster_undo u SET verdict = 'in_the_way' WHERE u.place = 'enrollments' AND u.verdict = 'put_back'"
        " AND u.before ->> 'ends_on' IS NULL AND u.before ->> 'role' = 'learner' AND EXISTS ("
        " SELECT FROM profiles_enrollment e LEFT JOIN roster_undo o ON o.place = 'enrollments' AND o.id = e.id"
        " WHERE e.learner_id = (u.before ->> 'learner_id')::bigint AND e.roster_id = (u.before ->> 'roster_id')::bigint"
        " AND e.role = 'learner' AND e.ends_on IS NULL AND e.id <> u.id"
        " AND coalesce(o.verdict, 'changed') IN ('changed', 'gone', 'in_the_way'))"
    )


def _end_what_is_used(place: Place) -> int:
    """Rows that the import made and that something hangs on which stays. How many were found."""
    found = 0
    for table, column, child in _leaning_on(place):
        stays = ""
        if child is not None:  # what goes with it, or leans on something else once it is put back, does not count
            stays = (
                f" AND NOT EXISTS (SELECT FROM roster_undo c WHERE c.place = '{child.name}' AND c.id = r.id AND"
                " (c.verdict = 'remove' OR (c.verdict = 'put_back'"
                f" AND (c.before ->> '{column}') IS DISTINCT FROM u.id::text)))"
            )
        found += _execute(
            "UPDATE roster_undo u SET verdict = 'end' WHERE u.place = %s AND u.verdict = 'remove'"
            f" AND EXISTS (SELECT FROM {table} r WHERE r.{column} = u.id{stays})",
            [place.name],
        )
    return found


def _end_places_of_the_used() -> None:
    """Whoever stays because of their work keeps the history of their classes; it ends and does not vanish."""
    _execute(
        "UPDATE roster_undo u SET verdict = 'end' FROM profiles_enrollment e WHERE u.place = 'enrollments'"
        " AND u.verdict = 'remove' AND e.id = u.id AND EXISTS (SELECT FROM roster_undo p WHERE p.verdict = 'end'"
        " AND ((p.place = 'learners' AND p.id = e.learner_id) OR (p.place = 'accounts' AND p.id = e.account_id)))"
    )


def _leaning_on(place: Place) -> Iterator[tuple[str, str, Place | None]]:
    """Table and column of everything that may refer to a row of the place, and the place that it is itself."""
    of_model = {one.model: one for one in PLACES.values()}
    for relation in place.model._meta.get_fields(include_hidden=True):  # also those that have no name on this side
        if not isinstance(relation, models.ForeignObjectRel) or relation.many_to_many:
            continue
        model = relation.related_model
        # What points without a constraint, as the account of changes does, outlives the row.
        if model._meta.label not in DERIVED and getattr(relation.field, "db_constraint", True):
            yield model._meta.db_table, str(relation.field.column), of_model.get(model)


def derived_on(model: type[models.Model]) -> Iterator[tuple[str, str]]:
    """Table and column of rows that go along."""
    for label in sorted(DERIVED):
        for relation in apps.get_model(label)._meta.concrete_fields:
            if relation.is_relation and relation.related_model is model and getattr(relation, "db_constraint", True):
                yield apps.get_model(label)._meta.db_table, relation.column


def _counted() -> UndoPlan:
    plan = UndoPlan()
    with connection.cursor() as cursor:
        cursor.execute("SELECT place, verdict, count(*) FROM roster_undo GROUP BY place, verdict")
        plan.counts = {(place, verdict): number for place, verdict, number in cursor.fetchall()}
        cursor.execute(
            "SELECT place, id, verdict FROM roster_undo WHERE verdict = ANY(%s) AND place <> 'stamps'"
            " ORDER BY place, id LIMIT %s",
            [list(LEFT), SHOWN],
        )
        plan.left = cursor.fetchall()
        cursor.execute("SELECT place, id FROM roster_undo WHERE verdict = 'end' ORDER BY place, id LIMIT %s", [SHOWN])
        plan.ended = cursor.fetchall()
    return plan
