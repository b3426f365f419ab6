"""Rows of any columns into a table by COPY in its text form, a bounded piece at a time."""

import io
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import islice
from typing import Any

from django.db import connection

from lrm.acting import signed

PIECE = 20_000
"""Rows held as text at once."""
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def field(value: Any) -> str:
    """One value as COPY reads it. Text must hold no NUL, which PostgreSQL cannot store."""
    kind = type(value)
    if kind is int:
        return str(value)
    if value is None:
        return "\\N"
    if value is True:
        return "t"
    if value is False:
        return "f"
    if isinstance(value, str):
        is_plain = "\\" not in value and "\t" not in value and "\n" not in value and "\r" not in value
        return value if is_plain else value.translate(_ESCAPES)
    return value.isoformat() if isinstance(value, date) else str(value)


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Append rows; names of table and columns are trusted. Constraints are checked as for any COPY."""
    statement = signed(f"COPY {table} ({', '.join(columns)}) FROM STDIN")
    lines = ("\t".join([field(value) for value in row]) + "\n" for row in rows)
    with connection.cursor() as cursor:
        while piece := "".join(islice(lines, PIECE)):
            cursor.copy_expert(statement, io.StringIO(piece))


def new_ids(table: str, count: int) -> list[int]:
    """So many fresh primary keys, as the table's own sequence would give them."""
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
        return [pk for (pk,) in cursor.fetchall()]
