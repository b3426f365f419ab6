"""Rows of PostgreSQL to NumPy records and back, by COPY in its binary form: no text is parsed or formatted.

A record's fields stand for columns of fixed size: i2, i4, i8 and f8 for the numbers, ? for boolean, V16 for uuid, S for
text. Dates are days (i4) and instants microseconds (i8), both since 2000, as PostgreSQL counts them.
"""

import io
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

DAY_2000 = date(2000, 1, 1).toordinal()
MICROS_2000 = 946_684_800_000_000
"""From the start of 1970 to the start of 2000."""
NO_INSTANT = np.iinfo(np.int64).max
"""How an instant of 'infinity' arrives."""

_SIGNATURE = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_END = b"\xff\xff"
Records = NDArray[np.void]


def read_records(query: str, parameters: Mapping[str, Any], dtype: np.dtype) -> Records:
    """The rows of a SELECT. Its columns are the fields of `dtype`, in order, and of their size; none is NULL.

    A text is padded by the query to the size of its field.
    Raises ValueError where a column does not fit its field.
    """
    received = io.BytesIO()
    with connection.cursor() as cursor:
        words = cursor.cursor.mogrify(query, parameters).decode()
        cursor.copy_expert(f"COPY ({words}) TO STDOUT (FORMAT binary)", received)
    wire = _wire({name: _field(dtype, name) for name in dtype.names or ()})
    length = received.tell() - len(_SIGNATURE) - len(_END)
    if length % wire.itemsize:
        raise ValueError(f"The columns of the query do not fit the fields {dtype.names}.")
    arrived = np.frombuffer(received.getbuffer(), wire, length // wire.itemsize, len(_SIGNATURE))
    records = np.empty(len(arrived), dtype)
    for name in dtype.names or ():
        if not (arrived[f"{name} length"] == wire[name].itemsize).all():
            raise ValueError(f"The column {name} does not fit its field, or is NULL.")
        records[name] = arrived[name]
    return records


def insert_records(table: str, records: Records, missing: Mapping[str, Any]) -> None:
    """Append records to a table whose columns have the names of their fields.

    missing: field -> the value that stands for NULL.
    """
    if not len(records):
        return
    parts = [_SIGNATURE, *_tuples(records, missing), _END]
    names = ", ".join(records.dtype.names or ())
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN (FORMAT binary)", io.BytesIO(b"".join(parts)))


def as_arrays(records: Records, missing: Mapping[str, Any]) -> dict[str, str]:
    """Field -> literal of a PostgreSQL array, for unnest. missing: field -> the value that stands for NULL."""
    found = {}
    for name in records.dtype.names or ():
        none = missing.get(name)
        quoted = records.dtype[name].kind == "S"
        words = (
            "NULL" if value == none else f'"{value.decode()}"' if quoted else str(value)
            for value in records[name].tolist()
        )
        found[name] = "{" + ",".join(words) + "}"
    return found


def matches(wanted: Records, standing: Records, fields: tuple[str, ...]) -> NDArray[np.int64]:
    """(wanted,) the place in `standing` of the record with the same key, -1 without. Keys are unique in each."""
    found = np.full(len(wanted), -1, dtype=np.int64)
    if not len(wanted) or not len(standing):
        return found
    keys = [np.concatenate((wanted[name], standing[name])) for name in fields]
    order = np.lexsort(keys[::-1])
    twice = np.ones(len(order) - 1, dtype=bool)
    for key in keys:
        in_order = key[order]
        twice &= in_order[1:] == in_order[:-1]
    # The sort is stable, so of two equal keys the wanted one comes first.
    found[order[:-1][twice]] = order[1:][twice] - len(wanted)
    return found


def _tuples(records: Records, missing: Mapping[str, Any]) -> Iterator[bytes]:
    """Rows with the same columns empty and the same texts have one size, and go out as one array."""
    shape = np.zeros(len(records), dtype=np.int64)
    for name in records.dtype.names or ():
        if name in missing:
            shape = shape * 2 + (records[name] == missing[name])
        if records.dtype[name].kind == "S":
            words, which = np.unique(records[name], return_inverse=True)
            shape = shape * len(words) + which
    for one in np.unique(shape):
        alike = records[shape == one]
        kinds: dict[str, np.dtype | None] = {}
        for name in records.dtype.names or ():
            if name in missing and alike[name][0] == missing[name]:
                kinds[name] = None
            elif records.dtype[name].kind == "S":
                kinds[name] = np.dtype(f"S{len(alike[name][0])}")
            else:
                kinds[name] = _field(records.dtype, name)
        wire = _wire(kinds)
        rows = np.zeros(len(alike), wire)
        rows["fields"] = len(kinds)
        for name, kind in kinds.items():
            rows[f"{name} length"] = -1 if kind is None else kind.itemsize
            if kind is not None and kind.itemsize:
                rows[name] = alike[name]
        yield rows.tobytes()


def _wire(kinds: Mapping[str, np.dtype | None]) -> np.dtype:
    """One tuple: how many fields, then the length and the bytes of each; None is NULL, which has no bytes."""
    fields: list[tuple[str, Any]] = [("fields", ">i2")]
    for name, kind in kinds.items():
        fields.append((f"{name} length", ">i4"))
        if kind is not None and kind.itemsize:
            fields.append((name, kind))
    return np.dtype(fields)


def _field(dtype: np.dtype, name: str) -> np.dtype:
    return dtype[name].newbyteorder(">")
