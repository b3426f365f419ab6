"""Statements that PostgreSQL reads and plans once a connection, and not once a request.

For the long statements of pages, reading and planning took three quarters of their time. Which plan serves from the
sixth time on, one made for the values or one for all, PostgreSQL decides by their costs (plan_cache_mode auto).
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import connection

PLACE = re.compile(r"%\((\w+)\)s")
INTEGER = range(-(2**31), 2**31)
KINDS = ((bool, "boolean"), (UUID, "uuid"), (date, "date"), (Decimal, "numeric"), (float, "numeric"))

_names: WeakKeyDictionary[Any, dict[tuple[str, tuple[str, ...]], str]] = WeakKeyDictionary()


def execute(cursor: Any, statement: str, values: Mapping[str, Any]) -> None:
    """As `cursor.execute`, for a statement that is asked again and again; its values have the same types.

    Where a pooler hands out connections by the transaction (DATABASE_POOLED), and for values that are no number, text,
    date, identifier or list of these, it is `cursor.execute`.
    """
    order, with_numbers = _numbered(statement)
    types = tuple(_type_of(values[name]) for name in order)
    if settings.DATABASE_POOLED or "" in types:
        cursor.execute(statement, values)
        return
    prepared = _names.setdefault(connection.connection, {})
    name = prepared.get((statement, types))
    if name is None:
        name = f"lrm_{len(prepared)}"
        declared = f" ({', '.join(types)})" if types else ""
        # Beside the counted statements of a request: it is sent once in the life of a connection.
        with connection.connection.cursor() as plain:
            plain.execute(f"PREPARE {name}{declared} AS {with_numbers}")
        prepared[statement, types] = name
    places = f" ({', '.join(['%s'] * len(order))})" if order else ""
    cursor.execute(f"EXECUTE {name}{places}", [values[name] for name in order])


@cache
def _numbered(statement: str) -> tuple[list[str], str]:
    """The names of the values in the order of their numbers, and the statement with $1, $2 .. for them."""
    order = list(dict.fromkeys(PLACE.findall(statement)))
    numbers = {name: f"${number}" for number, name in enumerate(order, 1)}
    return order, PLACE.sub(lambda found: numbers[found[1]], statement).replace("%%", "%")


def _type_of(value: Any) -> str:
    """The type that the value has as psycopg writes it out; "unknown" is told by its place, "" is none of ours."""
    if isinstance(value, list):
        kinds = {_type_of(entry) for entry in value} - {"unknown"}
        if kinds <= {"integer", "bigint"} and kinds:
            return f"{max(kinds, key=['integer', 'bigint'].index)}[]"
        if not kinds:
            return "text[]" if any(isinstance(entry, str) for entry in value) else "unknown"
        return f"{kinds.pop()}[]" if len(kinds) == 1 and not kinds & {""} else ""
    if value is None or isinstance(value, str):
        return "unknown"
    if isinstance(value, datetime):
        return "timestamptz" if value.tzinfo else "timestamp"
    if isinstance(value, int) and not isinstance(value, bool):
        return "integer" if value in INTEGER else "bigint"
    return next((name for kind, name in KINDS if isinstance(value, kind)), "")
