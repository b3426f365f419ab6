"""Files with names of many students open right after a second step, a teacher's own class always."""

from uuid import uuid4

import pytest
from django.urls import reverse

from assessments.models import CalibrationVersion
from lrm.scope import district_scope
from profiles.models import BulkExport, Upload
from tests.factories.profiles import enroll, make_district_admin, make_learner, make_section, make_teacher
from tests.factories.standards import make_framework, make_standard
from tests.fresh_code import with_fresh_code
from tests.profiles.oneroster.packages import V1P1, zipped

pytestmark = pytest.mark.django_db
ASKED = "/account/second-step/?next="


@pytest.fixture
def section():
    section = make_section()
    with district_scope(section.district_id):
        enroll(make_learner(section.roster.school), section.roster)
        yield section


@pytest.fixture
def office(section):
    return make_district_admin(section.district)


@pytest.fixture
def ids_of(section, office):
    """{route: ids of something that is there}."""
    standard = make_standard(make_framework(section.district))
    calibration = CalibrationVersion._base_manager.create(
        subject=standard.subject,
        version="c0ffee",
        **{"standards": [standard.pk], "offsets": [0.5], "has_items": [False]},
        **{"items": [], "difficulties": [], "difficulty_variances": [], "item_variance": 1.0},
    )
    upload = Upload.objects.create(
        district=section.district, account=office, name="roster.zip", kind=Upload.Kind.ROSTER, data=zipped(V1P1)
    )
    return {
        "calibration_csv": [calibration.pk],
        "roster_import_report": [upload.uuid],
        "roster_import_refused": [upload.uuid],
    }


@pytest.mark.parametrize(
    "route",
    ["school_list_csv", "policy_csv", "calibration_csv", "roster_import_report", "roster_import_refused", "gradebook"],
)
def test_administrator_shows_the_phone_first(office, ids_of, as_account, route):
    client = as_account(office)
    address = reverse(route, args=ids_of.get(route, []))
    assert client.get(address).headers.get("Location", "").startswith(ASKED)
    assert not with_fresh_code(client).get(address).headers.get("Location", "").startswith(ASKED)


@pytest.mark.parametrize("route", ["roster_import_report", "roster_import_refused"])
def test_what_is_not_there_is_said_before_anything_is_asked(office, as_account, route):
    assert as_account(office).get(reverse(route, args=[uuid4()])).status_code == 404


def test_class_is_taken_along_by_its_teacher_and_by_others_with_the_phone(section, as_account):
    address = reverse("section_wall_csv", args=[section.pk])
    assert as_account(make_teacher(section.roster)).get(address)["Content-Type"].startswith("text/csv")
    office = as_account(make_district_admin(section.district))
    assert office.get(address)["Location"].startswith(ASKED)
    assert with_fresh_code(office).get(address)["Content-Type"].startswith("text/csv")


@pytest.mark.parametrize("route", ["groups_csv", "groups_ended_csv", "section_wall_csv"])
def test_who_administers_shows_the_phone_for_classes_of_their_own_too(route, section, as_account):
    """They could put themselves on the staff of one class after the other."""
    office = make_district_admin(section.district)
    enroll(office, section.roster)
    client, address = as_account(office), reverse(route, args=[section.pk])
    assert client.get(address)["Location"].startswith(ASKED)
    assert with_fresh_code(client).get(address)["Content-Type"].startswith("text/csv")
    assert BulkExport.objects.get().what == route
