"""Files with names of many students open right after a second step, a teacher's own class always."""

from uuid import uuid4

import pytest
from django.urls import reverse

from lrm.scope import district_scope
from tests.factories.profiles import enroll, make_district_admin, make_learner, make_section, make_teacher
from tests.fresh_code import with_fresh_code

pytestmark = pytest.mark.django_db
ASKED = "/account/second-step/?next="


@pytest.fixture
def section():
    section = make_section()
    with district_scope(section.district_id):
        enroll(make_learner(section.roster.school), section.roster)
        yield section


@pytest.mark.parametrize(
    ("route", "ids"),
    [
        ("school_list_csv", []),
        ("policy_csv", []),
        ("calibration_csv", [1]),
        ("roster_import_report", [uuid4()]),
        ("roster_import_refused", [uuid4()]),
        ("gradebook", []),
    ],
)
def test_administrator_shows_the_phone_first(section, as_account, route, ids):
    office = as_account(make_district_admin(section.district))
    address = reverse(route, args=ids)
    assert office.get(address).headers.get("Location", "").startswith(ASKED)
    assert not with_fresh_code(office).get(address).headers.get("Location", "").startswith(ASKED)


def test_class_is_taken_along_by_its_teacher_and_by_others_with_the_phone(section, as_account):
    address = reverse("section_wall_csv", args=[section.pk])
    assert as_account(make_teacher(section.roster)).get(address)["Content-Type"].startswith("text/csv")
    office = as_account(make_district_admin(section.district))
    assert office.get(address)["Location"].startswith(ASKED)
    assert with_fresh_code(office).get(address)["Content-Type"].startswith("text/csv")
