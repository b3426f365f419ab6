"""Statements that are written out, for pages that are asked for all day.

Putting a statement together from querysets costs several times what the database takes for it, anew in every
request. Rights stay where they are: what an account may see comes from `visible_to` and from its access, and these
statements only follow the ids that it gave.
"""

from collections import namedtuple
from functools import cache
from typing import Any

from django.db import connection

from lrm import prepared
from lrm.scope import current_district_id


def read(statement: str, **values: Any) -> list[Any]:
    """The rows as named tuples, by the names of their columns. `json` comes parsed, `jsonb` as text.

    %(district)s is the district of the open scope. Raises UnscopedQuery where none is open, as querysets do.
    """
    values["district"] = current_district_id()
    with connection.cursor() as cursor:
        prepared.execute(cursor, statement, values)
        row = _row_of(tuple(column.name for column in cursor.description))
        return [row._make(found) for found in cursor.fetchall()]


@cache
def _row_of(names: tuple[str, ...]) -> Any:
    return namedtuple("Row", names)
