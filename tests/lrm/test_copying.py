"""Rows as records: what goes in by COPY comes out by COPY, empty columns and texts of any length included."""

import uuid
from datetime import UTC, datetime

import numpy as np
import pytest
from django.db import connection

from lrm.copying import DAY_2000, MICROS_2000, NO_INSTANT, as_arrays, insert_records, matches, read_records

pytestmark = pytest.mark.django_db

ROW = np.dtype(
    [("number", "i8"), ("small", "i2"), ("day", "i4"), ("at", "i8"), ("word", "S8"), ("share", "f8"), ("yes", "?")]
)
MISSING = {"small": -1, "at": NO_INSTANT}
DAY, INSTANT = 9_000, 777_000_000_123_456
ROWS = [
    (2**60, 7, DAY, INSTANT, b"decaying", 0.1, True),
    (2, -1, DAY, NO_INSTANT, b"", -0.5, False),
    (3, -1, DAY + 1, INSTANT, "été".encode(), 1e300, True),
]
READ = (
    "SELECT number, coalesce(small, -1::smallint), day - DATE '2000-01-01', coalesce(at, 'infinity'),"
    " rpad(word, 8, ' '), share, yes FROM copied WHERE number > %(above)s ORDER BY number"
)


@pytest.fixture
def copied():
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE copied (number bigint, small smallint, day date, at timestamptz, word text,"
            " share float8, yes boolean)"
        )
        yield cursor


def test_records_go_in_as_the_database_means_them(copied):
    insert_records("copied", np.array(ROWS, ROW), MISSING)
    copied.execute("SELECT * FROM copied ORDER BY number DESC")
    rows = copied.fetchall()
    at = datetime.fromtimestamp((INSTANT + MICROS_2000) // 1_000_000, UTC).replace(microsecond=123_456)
    assert [row[:2] for row in rows] == [(2**60, 7), (3, None), (2, None)]
    assert [row[2].toordinal() for row in rows] == [DAY_2000 + DAY, DAY_2000 + DAY + 1, DAY_2000 + DAY]
    assert [row[3] for row in rows] == [at, at, None]
    assert [row[4:] for row in rows] == [("decaying", 0.1, True), ("été", 1e300, True), ("", -0.5, False)]


def test_records_come_out_as_they_went_in(copied):
    plain = np.array([row for row in ROWS if row[4].isascii()], ROW)
    insert_records("copied", plain, MISSING)
    found = read_records(READ, {"above": 0}, ROW)
    found["word"] = np.char.rstrip(found["word"])
    assert found.tolist() == sorted(plain.tolist())
    assert len(read_records(READ, {"above": 2**61}, ROW)) == 0


def test_no_records_are_no_copy(copied):
    insert_records("copied", np.empty(0, ROW), MISSING)
    copied.execute("SELECT count(*) FROM copied")
    assert copied.fetchone() == (0,)


def test_uuids_come_as_sixteen_bytes():
    one = uuid.uuid4()
    found = read_records("SELECT %(one)s::uuid", {"one": str(one)}, np.dtype([("one", "V16")]))
    assert found["one"][0].tobytes() == one.bytes


@pytest.mark.parametrize("query", ["SELECT NULL::bigint", "SELECT 1::int", "SELECT 1::bigint, 2::bigint"])
def test_columns_that_do_not_fit_are_refused(query):
    with pytest.raises(ValueError, match="fit"):
        read_records(query, {}, np.dtype([("number", "i8")]))


def test_arrays_for_unnest_name_what_is_missing(copied):
    arrays = as_arrays(np.array(ROWS[:2], ROW)[["number", "small", "word"]], MISSING)
    copied.execute(
        "SELECT * FROM unnest(%(number)s::bigint[], %(small)s::smallint[], %(word)s::text[]) AS w (a, b, c)", arrays
    )
    assert copied.fetchall() == [(2**60, 7, "decaying"), (2, None, "")]


def test_matches_finds_the_place_of_the_same_key():
    key = np.dtype([("a", "i8"), ("b", "i4")])
    wanted = np.array([(1, 1), (5, 2), (1, 2)], key)
    standing = np.array([(1, 2), (7, 7), (1, 1)], key)
    assert matches(wanted, standing, ("a", "b")).tolist() == [2, -1, 0]
    assert matches(wanted, standing[:0], ("a", "b")).tolist() == [-1, -1, -1]
    assert matches(wanted[:0], standing, ("a", "b")).tolist() == []
