from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.urls import NoReverseMatch, reverse

from lrm.addresses import address
from lrm.rows import read
from lrm.scope import UnscopedQuery, district_scope

pytestmark = pytest.mark.django_db


def test_read_names_columns_and_knows_the_open_district():
    with district_scope(7):
        (row,) = read("SELECT %(district)s AS district, %(word)s AS word", word="five")

    assert (row.district, row.word) == (7, "five")


def test_read_outside_a_scope_is_refused():
    with pytest.raises(UnscopedQuery):
        read("SELECT 1 AS one")


def prepared():
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        return [statement for (statement,) in cursor.fetchall()]


VALUES = {
    "small": 3,
    "large": 2**40,
    "yes": True,
    "word": "it's 100 %",
    "nothing": None,
    "day": date(2026, 11, 22),
    "moment": datetime(2026, 11, 22, 8, tzinfo=UTC),
    "exact": Decimal("1.25"),
    "key": UUID(int=7),
    "ids": [1, 2],
    "long_ids": [1, 2**40],
    "words": ["a", "b"],
    "days": [date(2026, 11, 22)],
    "none": [],
}
EVERYTHING = """
SELECT %(small)s + 1 AS small, %(large)s AS large, %(yes)s AS yes, %(word)s || '%%' AS word, %(nothing)s AS nothing,
       %(day)s - 21 AS day, %(moment)s - interval '1 day' AS moment, %(exact)s AS exact, %(key)s AS key,
       %(ids)s AS ids, %(long_ids)s AS long_ids, %(words)s AS words, %(days)s AS days, 1 = ANY(%(none)s) AS none
"""


@pytest.mark.parametrize("pooled", [False, True])
def test_read_gives_values_the_same_types_prepared_and_plain(settings, pooled):
    settings.DATABASE_POOLED = pooled
    known = len(prepared())
    statement = EVERYTHING + f"-- {pooled}"
    with district_scope(7):
        for _again in range(8):  # past the sixth, from which on one plan may serve all values
            (row,) = read(statement, **VALUES)

    assert (row.small, row.large, row.yes) == (4, 2**40, True)
    assert (row.word, row.nothing) == ("it's 100 %%", None)
    assert (row.day, row.moment) == (date(2026, 11, 1), datetime(2026, 11, 21, 8, tzinfo=UTC))
    assert (row.exact, row.key) == (Decimal("1.25"), UUID(int=7))
    assert (row.ids, row.long_ids, row.words, row.days) == ([1, 2], [1, 2**40], ["a", "b"], [date(2026, 11, 22)])
    assert row.none is False
    assert len(prepared()) - known == (0 if pooled else 1)


def test_read_prepares_a_statement_once_for_each_kind_of_values():
    statement = "SELECT %(n)s AS one_of_this_test"
    with district_scope(7):
        for n in (1, 2, 3, "four", "five", [6], [7, 8]):
            (row,) = read(statement, n=n)
            assert row.one_of_this_test == n

    assert sum("one_of_this_test" in known for known in prepared()) == 3


def test_read_of_what_cannot_be_prepared_is_sent_as_it_is():
    with district_scope(7):
        (row,) = read("SELECT 2 IN %(found)s AS is_found", found=(1, 2))

    assert row.is_found


@pytest.mark.django_db(transaction=True)
def test_read_after_the_connection_was_lost_and_after_a_rollback_prepares_anew():
    statement = "SELECT %(n)s AS after_a_loss"
    with district_scope(7):
        with transaction.atomic():
            assert read(statement, n=1)[0].after_a_loss == 1
            transaction.set_rollback(True)
        assert read(statement, n=2)[0].after_a_loss == 2
        connection.close()
        assert read(statement, n=3)[0].after_a_loss == 3


def test_address_is_what_reverse_says():
    for route, ids in (("receipt", (12, 3405)), ("learner", (10,)), ("today", ())):
        assert address(route, *ids) == reverse(route, args=ids)


def test_address_of_no_route_is_refused():
    with pytest.raises(NoReverseMatch):
        address("no_such_route", 1)
