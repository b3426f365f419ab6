"""The print of a table: how many rows, and a sum that changes with any of their values and not with their order."""

from django.db.backends.utils import CursorWrapper
from psycopg2 import sql

Prints = dict[str, tuple[int, str]]
"""By table: rows, and the sum of the 64-bit hashes of their text, in decimal digits."""

# So that the same value has the same text on every server.
SAME_TEXT = {
    "TimeZone": "UTC",
    "DateStyle": "ISO, MDY",
    "IntervalStyle": "postgres",
    "bytea_output": "hex",
    "extra_float_digits": "1",
}


def prints_of(cursor: CursorWrapper) -> Prints:
    """Of all tables of the site, parts of partitioned ones each by itself. Call within a transaction."""
    for name, value in SAME_TEXT.items():
        cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
    found = {}
    for table in tables(cursor):
        # Not ORM: what is counted here are rows of every model, and of tables that have none.
        cursor.execute(
            sql.SQL(
                "SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text FROM ONLY {} t"
            ).format(sql.Identifier(table))
        )
        count, total = cursor.fetchone()
        found[table] = (count, total)
    return found


def tables(cursor: CursorWrapper, *, kinds: str = "r") -> list[str]:
    """By name. kinds: r for tables with rows of their own, p for those that are only made of parts."""
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relkind = ANY(%s) AND relnamespace = 'public'::regnamespace"
        " ORDER BY relname",
        [[*kinds]],
    )
    return [name for (name,) in cursor.fetchall()]


def differences(wanted: Prints, found: Prints) -> list[str]:
    """In words, a line for each table that is not as it was; [] where all are."""
    lines = [f"{table}: is missing" for table in sorted(wanted.keys() - found.keys())]
    lines += [f"{table}: was not in the backup" for table in sorted(found.keys() - wanted.keys())]
    for table in sorted(wanted.keys() & found.keys()):
        if wanted[table] == found[table]:
            continue
        rows = (wanted[table][0], found[table][0])
        lines.append(f"{table}: {rows[1]} rows, {rows[0]} wanted" if rows[0] != rows[1] else f"{table}: other values")
    return lines
