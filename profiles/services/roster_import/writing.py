"""Rows of one kind, set-wise: new ones by COPY with fresh keys, changed ones by one update from a copy beside them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import connection, models

from lrm.text_copy import copy_rows, new_ids
from profiles.models import District
from profiles.services.roster_import.entities import Entity
from profiles.services.roster_import.journal import Journal
from profiles.services.roster_import.stored import Kept
from profiles.services.roster_import.wishes import Wish

DEFAULTS: dict[str, dict[str, Any]] = {
    "accounts": {"email": None},
    "learners": {"preferred_name": "", "grade": "", "account": None},
    "sessions": {"parent": None},
}
"""What a new row gets in columns that a package may be silent about."""
Ids = dict[str, dict[str, int]]
"""Entity -> key -> primary key."""


def write_entity(
    entity: Entity,
    wishes: Sequence[Wish],
    stored: Mapping[str, Kept],
    *,
    district: District,
    ids: Ids,
    journal: Journal,
) -> None:
    """Insert or update; `ids` then holds every key of the entity."""
    ids[entity.name] = {key: kept.pk for key, kept in stored.items()}
    table = entity.model._meta.db_table
    new = [wish for wish in wishes if wish.key not in stored]
    ids[entity.name].update(zip((wish.key for wish in new), new_ids(table, len(new)), strict=True))
    insert_new(entity.model, _inserted(entity, new, district, ids))
    journal.add(entity.name, (ids[entity.name][wish.key] for wish in new))
    changed = [wish for wish in wishes if wish.key in stored]
    journal.remember(entity.name, [stored[wish.key].pk for wish in changed])
    columns = [*entity.columns, *(f"{column}_id" for column in entity.links)]
    update_rows(table, columns, _updated(entity, changed, stored, ids))


def _inserted(entity: Entity, wishes: Iterable[Wish], district: District, ids: Ids) -> Iterator[dict[str, Any]]:
    for wish in wishes:
        values = DEFAULTS.get(entity.name, {}) | wish.values
        row = {"id": ids[entity.name][wish.key], "district_id": district.pk, "key": wish.key}
        row |= {column: values[column] for column in entity.columns}
        row |= {f"{column}_id": ids[target].get(values[column]) for column, target in entity.links.items()}
        if entity.name == "accounts":
            row["password"] = "!"  # noqa: S105 (signs in by address and link, or by a single sign-on)
        yield row


def _updated(entity: Entity, wishes: Iterable[Wish], stored: Mapping[str, Kept], ids: Ids) -> Iterator[list[Any]]:
    for wish in wishes:
        kept = stored[wish.key]
        values = kept.values | wish.values
        row = [kept.pk, *(values[column] for column in entity.columns)]
        for column, target in entity.links.items():
            # what the package is silent about stays, also a link to a row that has no key
            row.append(ids[target].get(values[column]) if column in wish.values else kept.link_ids[column])
        yield row


def insert_new(model: type[models.Model], rows: Iterable[dict[str, Any]]) -> None:
    """Rows as dicts of the same columns; columns that a dict leaves away get the model's own default."""
    rows = iter(rows)
    first = next(rows, None)
    if first is None:
        return
    fill = _defaults_of(model, first)
    names = [*first, *fill]

    def every() -> Iterator[list[Any]]:
        yield [*first.values(), *(make() for make in fill.values())]
        for row in rows:
            yield [*row.values(), *(make() for make in fill.values())]

    copy_rows(model._meta.db_table, names, every())


def _defaults_of(model: type[models.Model], row: Mapping[str, Any]) -> dict[str, Callable[[], Any]]:
    """Column -> its default, of columns that have to be filled and that neither the row nor the database fills."""
    return {
        str(field.column): field.get_default
        for field in model._meta.concrete_fields
        if field.column not in row and not field.null and not field.has_db_default()
    }


def update_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """rows: the primary key, then the columns."""
    rows = iter(rows)
    first = next(rows, None)
    if first is None:
        return
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS roster_incoming")
        cursor.execute(
            f"CREATE TEMP TABLE roster_incoming ON COMMIT DROP AS SELECT id, {', '.join(columns)} FROM {table}"
            " WITH NO DATA"
        )

    def every() -> Iterator[Sequence[Any]]:
        yield first
        yield from rows

    copy_rows("roster_incoming", ("id", *columns), every())
    sets = ", ".join(f"{column} = i.{column}" for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} t SET {sets} FROM roster_incoming i WHERE t.id = i.id")
