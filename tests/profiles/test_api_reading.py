"""Schools, classes, people and standards in the API: what pages show, to whom they show it, filtered and in pages."""

from datetime import timedelta

import pytest
from django.utils import timezone

from lrm.api.scopes import GROUPS_READ, STANDARDS_READ
from lrm.scope import district_scope
from profiles.models import AccessLog, Enrollment
from tests.asking import Program, errors_of, fits, problem_of
from tests.budgets import assert_statements
from tests.factories.profiles import (
    enroll,
    make_district_admin,
    make_learner,
    make_roster,
    make_school,
    make_school_admin,
    make_section,
    make_teacher,
)
from tests.factories.standards import make_framework, make_prerequisite, make_standard

pytestmark = pytest.mark.django_db


@pytest.fixture
def section(db):
    made = make_section(make_roster(title="5 Maple"))
    with district_scope(made.district_id):
        yield made


@pytest.fixture
def teacher(section):
    return make_teacher(section.roster)


def ids(answer, name):
    return [row["id"] for row in fits(answer, name)["results"]]


def test_teacher_reads_the_own_class_and_no_other(section, teacher):
    learner, elsewhere = make_learner(section.roster.school), make_learner(section.roster.school)
    enrollment = enroll(learner, section.roster)
    other = make_section(make_roster(section.roster.school))
    enroll(elsewhere, other.roster)
    program = Program(teacher)
    assert ids(program.get("api_schools"), "PaginatedSchoolList") == [section.roster.school_id]
    assert ids(program.get("api_rosters"), "PaginatedRosterList") == [section.roster_id]
    assert ids(program.get("api_sections"), "PaginatedSectionList") == [section.pk]
    assert ids(program.get("api_learners"), "PaginatedLearnerList") == [learner.pk]
    people = fits(program.get("api_enrollments"), "PaginatedEnrollmentList")["results"]
    assert {(row["role"], row["learner"], row["name"]) for row in people} == {
        ("learner", learner.pk, learner.name),
        ("teacher", None, teacher.name),
    }
    assert enrollment.pk in {row["id"] for row in people}
    assert fits(program.get("api_section", section.pk), "Section")["roster_id"] == section.roster_id
    for route, pk in (("api_section", other.pk), ("api_roster", other.roster_id), ("api_learner", elsewhere.pk)):
        assert problem_of(program.get(route, pk)) == (404, "not_found")
    assert ids(program.get("api_learners", section=other.pk), "PaginatedLearnerList") == []
    assert AccessLog.objects.filter(route="api_enrollments", learner_ids=[learner.pk]).exists()


def test_administrators_read_their_schools(section):
    school = section.roster.school
    far = make_section(make_roster(make_school(section.district)))
    principal, district = make_school_admin(school), make_district_admin(section.district)
    assert ids(Program(principal).get("api_sections"), "PaginatedSectionList") == [section.pk]
    assert ids(Program(district).get("api_sections"), "PaginatedSectionList") == [far.pk, section.pk]
    found = Program(district).get("api_schools", key=school.key)
    assert [row["key"] for row in fits(found, "PaginatedSchoolList")["results"]] == [school.key]


def test_learners_are_found_by_class_key_grade_and_name(section):
    school = section.roster.school
    ana = make_learner(school, given_name="Ana", family_name="Ruiz", grade="05", key="a-1")
    ben = make_learner(school, given_name="Ben", family_name="Anders", preferred_name="Benny", grade="06", key="b-2")
    gone = make_learner(school, left_on=timezone.localdate())
    enroll(ana, section.roster)
    program = Program(make_school_admin(school))
    for asked, expected in (
        ({}, [ana, ben]),
        ({"roster": section.roster_id}, [ana]),
        ({"section": section.pk}, [ana]),
        ({"key": "b-2"}, [ben]),
        ({"grade": "05"}, [ana]),
        ({"search": "an"}, [ana, ben]),
        ({"search": "benny and"}, [ben]),
        ({"search": "an", "grade": "06"}, [ben]),
        ({"school": school.pk + 1}, []),
        ({"has_left": "true"}, [gone]),
    ):
        assert ids(program.get("api_learners", **asked), "PaginatedLearnerList") == [row.pk for row in expected], asked


def test_enrollments_are_those_of_a_day_where_one_is_asked_for(section, teacher):
    today = timezone.localdate()
    learner = make_learner(section.roster.school)
    old = enroll(learner, section.roster, starts_on=today - timedelta(days=60), ends_on=today - timedelta(days=30))
    new = enroll(learner, section.roster, starts_on=today)
    program = Program(teacher)
    all_of_it = program.get("api_enrollments", learner=learner.pk)
    assert ids(all_of_it, "PaginatedEnrollmentList") == [new.pk, old.pk]
    on_it = program.get("api_enrollments", learner=learner.pk, on=str(today - timedelta(days=40)))
    assert ids(on_it, "PaginatedEnrollmentList") == [old.pk]
    assert ids(program.get("api_enrollments", role="teacher"), "PaginatedEnrollmentList") == list(
        Enrollment.objects.filter(account=teacher).values_list("pk", flat=True)
    )


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"secton": "1"}, "secton"),
        ({"roster": "0"}, "roster"),
        ({"roster": "9" * 30}, "roster"),
        ({"roster": "a"}, "roster"),
        ({"has_left": "maybe"}, "has_left"),
        ({"search": "\0"}, "search"),
        ({"limit": "101"}, "limit"),
        ({"cursor": "bm9uc2Vuc2U="}, "cursor"),
    ],
)
def test_filter_that_is_none_is_refused_by_its_name(section, teacher, asked, field):
    assert {found for found, _ in errors_of(Program(teacher).get("api_learners", **asked))} == {field}


def test_address_of_one_thing_takes_no_filter(section, teacher):
    assert errors_of(Program(teacher).get("api_section", section.pk, limit=3))[0][0] == "limit"


def test_pages_follow_each_other_and_cost_the_same(section, teacher):
    for _ in range(5):
        enroll(make_learner(section.roster.school), section.roster)
    program = Program(teacher)
    first = program.get("api_learners", limit=2)
    found, answer = [], first
    while True:
        told = fits(answer, "PaginatedLearnerList")
        found += [row["id"] for row in told["results"]]
        if not told["next"]:
            break
        with assert_statements(exactly=4):  # token, rights, page, who looked
            answer = program.follow(told["next"])
    assert (found, len(found)) == (sorted(found), 5)
    assert program.get("api_learners", limit=2, etag=first["ETag"]).status_code == 304


def test_scope_opens_what_it_says_and_sections_with_it(section, teacher):
    program = Program(teacher, GROUPS_READ)
    assert program.get("api_sections").status_code == 200
    refused = program.get("api_learners")
    assert (*problem_of(refused), refused.json()["scope"]) == (403, "missing_scope", "rosters:read")
    assert Program(teacher, STANDARDS_READ).get("api_standards").status_code == 200


def test_standards_are_found_by_framework_code_words_and_change(section, teacher):
    now = timezone.now()
    framework = make_framework(section.district, imported_at=now - timedelta(days=9))
    later = make_framework(section.district, imported_at=now - timedelta(days=1))
    first = make_standard(framework, code="5.NF.1", statement="Add fractions")
    second = make_standard(framework, code="5.NF.2", statement="Solve word problems", parent=first, is_leaf=True)
    retired = make_standard(framework, code="5.OLD", retired_at=now)
    third = make_standard(later, code="5.nf.1", statement="Add fractions again")
    abroad = make_standard(make_framework(make_school().district))
    tie = make_prerequisite(first, second)
    program = Program(teacher)
    for asked, expected in (
        ({}, [first, second, third]),
        ({"framework": framework.pk}, [first, second]),
        ({"code": "5.NF.1"}, [first, third]),
        ({"uuid": str(second.uuid)}, [second]),
        ({"parent": first.pk}, [second]),
        ({"search": "5.nf.2"}, [second]),
        ({"is_retired": "true"}, [retired]),
        ({"changed_since": (now - timedelta(days=2)).isoformat()}, [retired, third]),
        ({"framework": abroad.framework_id}, []),
    ):
        assert ids(program.get("api_standards", **asked), "PaginatedStandardList") == [row.pk for row in expected], (
            asked
        )
    told = fits(program.get("api_standard", first.pk), "StandardInFull")
    assert [(row["uuid"], row["origin"], row["destination"]) for row in told["associations"]] == [
        (str(tie.uuid), first.pk, second.pk)
    ]
    assert problem_of(program.get("api_standard", abroad.pk)) == (404, "not_found")
    changed = program.get("api_frameworks", changed_since=(now - timedelta(days=2)).isoformat())
    assert ids(changed, "PaginatedFrameworkList") == [later.pk]
    assert errors_of(program.get("api_frameworks", changed_since="2026-11-23")) == [("changed_since", "moment")]
    assert fits(program.get("api_framework", framework.pk), "Framework")["standards"] == 2
