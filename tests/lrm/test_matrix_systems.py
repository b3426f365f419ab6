"""Every operation of the API as systems ask it, with their tokens, against expectations written by hand."""

import pytest

from tests.lrm.matrix_expectations import EXPECTATIONS
from tests.lrm.matrix_expectations.people import SYSTEMS
from tests.lrm.matrix_expectations.systems import ROWS
from tests.lrm.matrix_rows import GET
from tests.lrm.matrix_walk import REFUSED, Case, Walker, cases, faults, route_of
from tests.routes import routes

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("matrix")]


def test_every_operation_says_what_systems_may():
    operations = {route.name for route in routes() if route.address.startswith("api/")} - {"api_schema"}
    assert {key for key in EXPECTATIONS if route_of(key) in operations} == ROWS.keys()


def test_systems_meet_what_the_table_says(walker: Walker):
    visits = [walker.visit(case) for case in cases(ROWS, {*SYSTEMS, "stranger"})]
    assert {visit.case.persona for visit in visits} >= SYSTEMS
    assert [fault for visit in visits for fault in faults(visit)] == []


def test_a_token_opens_no_page(walker: Walker):
    """A sample: whichever page it is, TokenMiddleware passes the token over before any view is asked."""
    for name in ("groups", "learners", "integrations", "webhooks"):
        row = EXPECTATIONS[name]
        for persona in sorted(SYSTEMS):
            visit = walker.visit(Case(name, row, persona, "own", GET, REFUSED))
            assert (visit.status, visit.leaks, visit.writes) == (302, (), ()), (name, persona)
