"""Every file that leaves LRM says what is in it; of records of many none leaves without a brake (docs/privacy.md).

The brake: a second step of the last minutes, a limit by the hour, and a line that administrators are told of.
"""

import pytest
from django.test import Client

from tests.lrm.conftest import Walk
from tests.lrm.matrix_expectations import EXPECTATIONS
from tests.lrm.matrix_rows import GET, POST
from tests.lrm.matrix_scene import Scene
from tests.lrm.matrix_walk import ALLOWED, Case, Visit, Walker, route_of
from tests.routes import routes

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("matrix"), pytest.mark.timeout(1200)]

ASKED = ("/account/second-step/", "/account/2fa/reauthenticate/")
STAFF = ("district_admin", "school_admin", "teacher")

MANY = {
    *("audit_csv", "calibration_csv", "data_check_in_csv", "gradebook", "policy_csv"),
    *("practice_list_csv", "roster_import_refused", "roster_import_report", "school_list_csv"),
}
"""Records of many: always with the brake."""
OF_A_CLASS = {"coverage_list_csv", "section_wall_csv"}
"""Of a class, or of several: with the brake, but for whoever teaches them all."""
OWN_CLASS = {"groups_csv", "groups_ended_csv", "section_results_refused"}
"""Of one class, for whoever teaches it and nobody else; the lines of a file that they have sent are theirs too."""
ONE_PERSON = {"adult_copy_zip", "binder_zip", "copy_zip"}
"""Of one person; staff are counted."""
ONE_PIECE = {"poll_file", "work_file"}
"""A piece of work or an answer, as it was handed in."""
NOBODY = {
    *("coverage_csv", "equity_csv", "framework_file", "impact_csv", "practice_csv", "school_csv"),
    *("school_groups_csv", "standards_import_csv"),
}
"""Figures and standards: nobody is named."""
DECLARED = MANY | OF_A_CLASS | OWN_CLASS | ONE_PERSON | ONE_PIECE | NOBODY


def files(walk: Walk) -> list[Visit]:
    return [visit for visit in walk.visits if visit.is_file]


def test_every_file_is_declared(walk: Walk):
    found = {visit.case.route for visit in files(walk)}
    assert found - DECLARED == set(), "Say above what is in it; records of many stand under bulk_export or give_out."
    assert found >= MANY | OF_A_CLASS | OWN_CLASS | NOBODY, "The walk met them all."


def test_what_is_declared_is_there():
    assert {route.name for route in routes()} >= DECLARED


def test_figures_name_no_learner(walk: Walk):
    named = {str(visit.case) for visit in files(walk) if visit.case.route in NOBODY and visit.learners_seen}
    assert named == set()


def test_each_file_of_many_is_written_down(walk: Walk):
    silent = {
        str(visit.case)
        for visit in files(walk)
        if visit.case.route in MANY and "profiles_bulkexport" not in visit.writes
    }
    assert silent == set()


@pytest.mark.parametrize("route", sorted(MANY | OF_A_CLASS | {"copy_zip"}))
def test_without_a_fresh_second_step_there_is_no_file(route: str, walker: Walker):
    (row,) = [row for key, row in EXPECTATIONS.items() if route_of(key) == route]
    for verb in {GET, POST} & row.verbs.keys():
        persona = next(each for each in STAFF if each in row.verbs[verb]["own"])
        late = Client(raise_request_exception=False)
        late.force_login(walker.scene.people[persona])
        careful = Walker(Scene(walker.scene.objects, {}))
        careful.clients[persona] = late
        answer = careful.visit(Case(route, row, persona, "own", verb, ALLOWED))
        assert (answer.status, answer.is_file) == (302, False), route
        assert answer.location.startswith(ASKED), answer.location
