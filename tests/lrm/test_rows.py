import pytest
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


def test_address_is_what_reverse_says():
    for route, ids in (("receipt", (12, 3405)), ("learner", (10,)), ("today", ())):
        assert address(route, *ids) == reverse(route, args=ids)


def test_address_of_no_route_is_refused():
    with pytest.raises(NoReverseMatch):
        address("no_such_route", 1)
