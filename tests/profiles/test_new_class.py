"""A class made by hand: there with its subject and teacher, once; taken away again only while nobody has used it."""

from uuid import uuid4

import pytest

from lrm.scope import district_scope, unscoped
from profiles.models import Course, Enrollment, Roster, RosterAct, Section
from tests.factories.assessments import make_assessment
from tests.factories.profiles import (
    enroll,
    make_account,
    make_course,
    make_district,
    make_learner,
    make_roster,
    make_school,
    make_school_admin,
    make_section,
    make_teacher,
)
from tests.factories.standards import make_framework, make_standard

pytestmark = pytest.mark.django_db
NEW = "/students/new-class/"


@pytest.fixture
def roster():
    roster = make_roster(title="5 Maple")
    with district_scope(roster.district_id):
        yield roster


@pytest.fixture
def admin(roster, client):
    account = make_school_admin(roster.school)
    client.force_login(account)
    return account


def asked(roster, **more):
    return {
        "title": "Choir",
        "school": roster.school_id,
        "session": roster.session_id,
        "course": "another",
        "subject": "Music",
        "uuid": str(uuid4()),
        **more,
    }


def made():
    return Roster.objects.exclude(title="5 Maple").get()


def test_class_is_made_once_with_its_subject_and_its_teacher(client, roster, admin):
    rosa = make_account(roster.district, email="rosa@lakeside.example")
    form = asked(roster, teacher="ROSA@lakeside.example", grade="05")
    for _ in range(2):
        assert client.post(NEW, form).status_code == 302
    choir, section = made(), Section.objects.get(title="Choir")
    assert (choir.key, choir.grade, choir.school, choir.session) == (None, "05", roster.school, roster.session)
    assert (section.roster, section.course.title, section.course.school) == (choir, "Music", roster.school)
    assert Enrollment.objects.get(roster=choir, account=rosa).role == "teacher"
    client.force_login(rosa)
    assert "Choir" in client.get(f"/rosters/{choir.pk}/").content.decode()


def test_subject_that_is_here_is_used_and_one_of_the_two_is_needed(client, roster, admin):
    course = make_course(roster.district, title="Art")
    client.post(NEW, asked(roster, course=course.pk, subject=""))
    assert Section.objects.get(roster=made()).course == course
    for wrong in (
        {"subject": ""},
        {"course": ""},
        {"course": course.pk},
        {"title": " "},
        {"teacher": "nobody@lakeside.example"},
    ):
        assert client.post(NEW, asked(roster, **wrong)).status_code == 422
    assert Roster.objects.count() == 2


def test_other_schools_and_teachers_make_none(client, roster, admin):
    elsewhere = make_school(roster.district)
    assert client.post(NEW, asked(roster, school=elsewhere.pk)).status_code == 422
    client.force_login(make_teacher(roster))
    assert client.post(NEW, asked(roster)).status_code == 404
    assert Roster.objects.count() == 1


def test_id_of_another_district_s_class_makes_nothing(client, roster, admin):
    with unscoped("a class of another district"):
        foreign = make_roster(make_school(make_district()))
    assert client.post(NEW, asked(roster, uuid=str(foreign.uuid))).status_code == 422
    assert not Roster.objects.filter(title="Choir").exists()


def test_class_that_nobody_has_used_is_taken_away_without_a_trace(client, roster, admin):
    make_account(roster.district, email="rosa@lakeside.example")
    client.post(NEW, asked(roster, teacher="rosa@lakeside.example"))
    choir = made()
    assert "Take the class away" in client.get(f"/rosters/{choir.pk}/settings/").content.decode()
    client.post(f"/rosters/{choir.pk}/remove/")
    rows = (Roster.objects.get(), Section.objects.count(), Course.objects.filter(title="Music").count())
    assert (*rows, RosterAct.objects.count()) == (roster, 0, 0, 0)


@pytest.mark.parametrize("use", ["learner", "work"])
def test_class_in_use_stays(client, roster, admin, use):
    client.post(NEW, asked(roster))
    choir = made()
    if use == "learner":
        enroll(make_learner(roster.school), choir)
    else:
        make_assessment(choir.sections.get(), [make_standard(make_framework(roster.district))])
    assert "Take the class away" not in client.get(f"/rosters/{choir.pk}/settings/").content.decode()
    answer = client.post(f"/rosters/{choir.pk}/remove/", follow=True)
    assert "so the class stays" in answer.content.decode()
    assert Roster.objects.filter(pk=choir.pk).exists()


def test_class_of_a_file_and_one_of_another_school_are_not_taken_away_here(client, roster, admin):
    section = make_section(make_roster(roster.school, key="k1"))
    other = make_roster(make_school(roster.district), key=None)
    for pk in (section.roster_id, other.pk):
        assert client.post(f"/rosters/{pk}/remove/").status_code == 404
