"""Coverage: what classes have taught and assessed of a framework, who reads it, and what a figure opens."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment, SectionStandard
from assessments.services.ledger import Kind
from assessments.services.results import record_results
from lrm.scope import district_scope
from paths.services.coverage import GROUP, PATH, PLANNED, PRE, WORK, read_coverage, read_missing, read_touched
from profiles.models import Enrollment, Section
from standards.models import Framework
from tests.budgets import assert_statements
from tests.factories.assessments import entry, give, make_assessment, make_group, make_result, work_off
from tests.factories.classes import join, learners_of
from tests.factories.paths import make_path
from tests.factories.profiles import (
    make_district_admin,
    make_roster,
    make_school,
    make_school_admin,
    make_section,
    make_teacher,
)
from tests.factories.standards import make_framework, make_standard

pytestmark = pytest.mark.django_db


class Place:
    """A class of four with a teacher, beside another of the same course; a framework of five standards."""

    def __init__(self):
        self.school = make_school(name="Alder Creek")
        self.section = self._section("5 Larch")
        self.course = self.section.course
        self.other = self._section("5 Spruce", course=self.course)
        self.teacher = make_teacher(self.section.roster)
        self.framework = make_framework(self.school.district, title="State mathematics")
        self.domain = make_standard(self.framework, code="5.NF", short_title="Fractions", is_leaf=False)
        self.standards = [make_standard(self.framework, domain=self.domain, grades=["05"]) for _ in range(5)]
        self.learners = join(self.section.roster, 4)

    def _section(self, title, **fields):
        return make_section(make_roster(self.school, grade="05"), title=title, **fields)

    def assess(self, standards, results, *, section=None, **fields):
        assessment = make_assessment(section or self.section, standards, **fields)
        for learner, standard in results:
            make_result(assessment, learner, standard, 3)
        return assessment

    def read(self, *sections):
        ids = [section.pk for section in sections or (self.section,)]
        touched = read_touched(ids, zone="America/New_York", today=timezone.localdate())
        return read_coverage(self.framework.pk, ids, touched, today=timezone.localdate()), touched, ids


@pytest.fixture
def place():
    found = Place()
    with district_scope(found.school.district_id):
        yield found


def test_taught_means_a_group_a_path_or_an_assessment_and_no_plan_and_no_pre_assessment(place):
    by_group, by_path, by_work, before, planned = place.standards
    make_group(place.section, by_group, place.learners[:2])
    path = make_path(place.learners[0], steps=("One",), section=place.section)
    path.steps.update(standard=by_path)
    place.assess([by_work], [])
    place.assess([before], [(place.learners[0], before)], kind=Assessment.Kind.PRE)
    SectionStandard.objects.filter(standard=before).delete()
    SectionStandard.objects.create(section=place.section, standard=planned, position=0)
    lines, _touched, _ids = place.read()
    assert [(set(line.touches), line.is_taught, line.is_assessed) for line in lines] == [
        ({GROUP}, True, False),
        ({PATH}, True, False),
        ({WORK, PLANNED}, True, False),
        ({PRE}, False, True),
        ({PLANNED}, False, False),
    ]
    assert [line.is_waiting for line in lines] == [True, True, True, False, False]


def test_students_with_a_result_are_those_on_the_list_today_and_others_are_left_out(place):
    standard = place.standards[0]
    place.assess([standard], [(learner, standard) for learner in place.learners[:3]])
    Enrollment.objects.filter(learner=place.learners[0]).update(ends_on=timezone.localdate() - timedelta(days=1))
    line, *_rest = place.read()[0]
    assert (line.learners, line.assessed, line.left) == (3, 2, 1)


def test_result_that_was_taken_back_is_none(place):
    standard = place.standards[0]
    assessment = make_assessment(place.section, [standard])
    given = give(assessment, place.learners[0], standard, 3, by=place.teacher)
    assert place.read()[0][0].assessed == 1
    taken_back = entry(place.learners[0], standard, kind=Kind.CLEARED, replaces=given)
    record_results(assessment=assessment, entries=[taken_back], by=place.teacher)
    line = place.read()[0][0]
    assert (line.assessed, line.is_assessed, line.is_waiting) == (0, False, True)


def test_assessment_of_a_day_to_come_and_one_put_away_without_results_teach_nothing(place):
    today = timezone.localdate()
    place.assess([place.standards[0]], [], given_on=today + timedelta(days=2))
    place.assess([place.standards[1]], [], archived_at=timezone.now())
    place.assess([place.standards[2]], [(place.learners[0], place.standards[2])], archived_at=timezone.now())
    assert [line.is_taught for line in place.read()[0]] == [False, False, True, False, False]


def test_classes_together_count_a_student_once_and_only_where_a_class_works_on_it(place):
    first, second, *_rest = place.standards
    Enrollment.objects.create(
        roster=place.other.roster, learner=place.learners[0], role="learner", starts_on=timezone.localdate()
    )
    others = join(place.other.roster, 2)
    place.assess([first], [(place.learners[0], first)])
    place.assess([first], [(others[0], first)], section=place.other)
    place.assess([second], [(others[0], second)], section=place.other)
    lines, touched, ids = place.read(place.section, place.other)
    assert [(line.assessed, line.learners) for line in lines[:2]] == [(2, 6), (1, 3)]
    admin = make_school_admin(place.school)
    missing = read_missing(admin, second.pk, ids, touched, today=timezone.localdate())
    assert {learner.pk for learner in missing} == {place.learners[0].pk, others[1].pk}


def test_page_says_first_what_to_do_and_a_teacher_can_assess_it_from_there(place, as_account):
    waiting, done, *_rest = place.standards
    make_group(place.section, waiting, place.learners)
    place.assess([done], [(learner, done) for learner in place.learners])
    page = as_account(place.teacher).get(reverse("coverage"))
    text = page.content.decode()
    assert text.index("What to do next") < text.index("Students with a result")
    first = page.context["advice"][0]
    assert waiting.label in first["text"]
    assert first["url"] == f"{reverse('assessment_new', args=[place.section.pk])}?standards={waiting.pk}"
    values = {figure["name"]: figure["value"] for figure in page.context["figures"]}
    assert values == {
        "standards": 5,
        "taught": 2,
        "assessed": 1,
        "never assessed": 4,
        "taught, never assessed": 1,
    }
    only = as_account(place.teacher).get(reverse("coverage"), {"show": "waiting"})
    assert [row["line"].standard_id for domain in only.context["domains"] for row in domain["rows"]] == [waiting.pk]


def test_domains_of_one_name_say_their_grades(place, as_account):
    assert [each["name"] for each in as_account(place.teacher).get(reverse("coverage")).context["domains"]] == [
        "Fractions"
    ]
    older = make_standard(place.framework, code="6.NF", short_title="Fractions", is_leaf=False)
    make_standard(place.framework, domain=older, grades=["06", "07"])
    page = as_account(place.teacher).get(reverse("coverage"), {"grade": "all"})
    assert [each["name"] for each in page.context["domains"]] == ["Fractions, Grade 5", "Fractions, Grade 6 to Grade 7"]


def test_file_has_the_lines_of_the_page_in_its_order(place, as_account):
    other = make_standard(place.framework, code="5.G", short_title="Geometry", is_leaf=False)
    for number in range(3):  # standards of two domains in turn
        make_standard(place.framework, domain=(place.domain, other)[number % 2], grades=["05"])
    client = as_account(place.teacher)
    domains = client.get(reverse("coverage")).context["domains"]
    told = csv.DictReader(io.StringIO(client.get(reverse("coverage_csv")).content.decode("utf-8-sig")))
    assert [(row["Domain"], row["Standard"]) for row in told] == [
        (domain["name"], row["line"].label) for domain in domains for row in domain["rows"]
    ]


def test_figure_opens_who_has_no_result_and_that_is_noted(place, as_account):
    standard = place.standards[0]
    place.assess([standard], [(place.learners[0], standard)])
    client = as_account(place.teacher)
    page = client.get(reverse("coverage"))
    url = page.context["domains"][0]["rows"][0]["url"]
    panel = client.get(url, headers={"hx-request": "true"})
    assert [learner.pk for learner in panel.context["missing"]] == sorted(
        (learner.pk for learner in place.learners[1:]),
        key=lambda pk: next((row.given_name, row.family_name, pk) for row in place.learners if row.pk == pk),
    )
    assert place.learners[1].name in panel.content.decode()
    answer = client.get(panel.context["list_csv_url"])
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == [learner.name for learner in panel.context["missing"]]
    for at in ("0", "x", "999999999"):
        assert client.get(reverse("coverage"), {"at": at}).status_code == 404


def test_teacher_reads_own_classes_and_administrators_one_school_at_a_time(place, as_account):
    far = make_section(make_roster(make_school(place.school.district, name="Birchwood"), grade="05"))
    place.assess([place.standards[0]], [])
    client = as_account(place.teacher)
    assert [row.pk for row in client.get(reverse("coverage")).context["scope"].chosen] == [place.section.pk]
    for section in (place.other, far):
        assert client.get(reverse("coverage"), {"section": section.pk}).status_code == 404
    admin = as_account(make_school_admin(place.school))
    assert {row.pk for row in admin.get(reverse("coverage")).context["scope"].chosen} == {
        place.section.pk,
        place.other.pk,
    }
    one = admin.get(reverse("coverage"), {"course": place.course.pk})
    assert one.context["title"] == f"{place.course.title}, Alder Creek"
    assert admin.get(reverse("coverage"), {"section": far.pk}).status_code == 404
    whole = as_account(make_district_admin(place.school.district))
    chosen = whole.get(reverse("coverage"), {"school": far.roster.school_id})
    assert [row.pk for row in chosen.context["scope"].chosen] == [far.pk]


def test_frameworks_stand_under_who_issued_them_and_the_one_in_use_comes_first(place, as_account):
    federal = make_framework(place.school.district, title="National", issued_by=Framework.IssuedBy.FEDERAL)
    make_standard(federal)
    Framework.objects.filter(pk=place.framework.pk).update(issued_by="state")
    place.assess(place.standards[:1], [])
    page = as_account(place.teacher).get(reverse("coverage"))
    menu = next(menu for menu in page.context["menus"] if menu["name"] == "Framework")
    assert menu["chosen"] == "State mathematics"
    assert [item.get("heading") or item["name"] for item in menu["items"]] == [
        "State",
        "State mathematics",
        "Federal",
        "National",
    ]


def test_issuer_is_said_by_the_district_and_nothing_else_is_taken(place, as_account):
    client = as_account(make_district_admin(place.school.district))
    url = reverse("framework_issuer", args=[place.framework.uuid])
    client.post(url, {"issued_by": "local"})
    client.post(url, {"issued_by": "galactic"})
    place.framework.refresh_from_db()
    assert place.framework.issued_by == "local"


def test_file_says_what_the_page_shows(place, as_account):
    standard = place.standards[0]
    place.assess([standard], [(place.learners[0], standard)])
    client = as_account(place.teacher)
    page = client.get(reverse("coverage"))
    rows = list(csv.DictReader(io.StringIO(client.get(page.context["csv_url"]).content.decode("utf-8-sig"))))
    shown = [row for domain in page.context["domains"] for row in domain["rows"]]
    assert [(row["Standard"], row["Taught"], row["Assessed"]) for row in rows] == [
        (row["line"].label, row["taught"], row["assessed"]) for row in shown
    ]
    assert [(row["Students"], row["With a result"]) for row in rows[:1]] == [("4", "1")]


def test_who_has_no_result_is_told_by_why_on_page_panel_and_file(place, as_account):
    standard = place.standards[0]
    join(place.section.roster, 1)
    ana, ben, cam, dan, _eve = learners_of(place.section)
    ticket = make_assessment(place.section, [standard])
    give(ticket, ana, standard, 3)
    give(ticket, ben, standard, None)
    give(ticket, cam, standard, None, kind=Kind.NOT_SEEN)
    Enrollment.objects.create(roster=place.other.roster, learner=dan, role="learner", starts_on=timezone.localdate())
    give(make_assessment(place.other, [standard]), dan, standard, 2)
    work_off()
    client = as_account(make_school_admin(place.school))
    query = {"section": place.section.pk, "at": standard.pk}
    said = "1 no result yet, 1 excused, 1 not seen, 1 a level or result from elsewhere"

    page = client.get(reverse("coverage"), query)
    text = " ".join(page.content.decode().split())
    rows = list(csv.DictReader(io.StringIO(client.get(page.context["csv_url"]).content.decode("utf-8-sig"))))

    assert f"<b>4</b> <small>{said}</small>" in text
    assert f"4 of 5 places: each student once for each standard that a class of theirs works on. {said}." in text
    assert f"4 students are left out: {said}. As of today" in text
    assert {name.removeprefix("Left out"): n for name, n in rows[0].items() if name.startswith("Left out")} == {
        "": "4",
        ": no result yet": "1",
        ": excused": "1",
        ": not seen": "1",
        ": a level or result from elsewhere": "1",
    }
    assert rows[0]["On none of the lists today"] == "0"


def test_statements_are_as_many_for_many_classes_and_students(place, as_account):
    client = as_account(make_school_admin(place.school))
    place.assess(place.standards, [(learner, place.standards[0]) for learner in place.learners[1:]])
    client.get(reverse("coverage"))
    with assert_statements(at_most=13) as few:
        client.get(reverse("coverage"), {"at": place.standards[0].pk})
    for number in range(4):
        section = make_section(make_roster(place.school, grade="05"), title=f"Class {number}")
        join(section.roster, 100)
        place.assess(place.standards, [(row, place.standards[0]) for row in learners_of(section)[:5]], section=section)
    with assert_statements(exactly=len(few)):
        page = client.get(reverse("coverage"), {"at": place.standards[0].pk})
    assert page.context["domains"][0]["rows"][0]["line"].learners == 404
    assert Section.objects.count() == 6


def test_page_without_classes_or_standards_says_what_is_missing(as_account):
    school = make_school()
    admin = as_account(make_school_admin(school))
    assert "No classes yet" in admin.get(reverse("coverage")).content.decode()
    make_section(make_roster(school))
    assert "No standards yet" in admin.get(reverse("coverage")).content.decode()
    assert admin.get(reverse("coverage_csv")).status_code == 404


def test_teachers_find_it_from_standards_and_from_the_wall(client):
    place = Place()
    give(make_assessment(place.section, place.standards[:1]), place.learners[0], place.standards[0], 3)
    work_off()
    client.force_login(place.teacher)

    tree = client.get(reverse("standards")).content.decode()
    assert f'href="{reverse("coverage")}?framework={place.framework.pk}"' in tree
    make_framework(place.school.district, title="State English")
    assert f'href="{reverse("coverage")}"' in client.get(reverse("standards")).content.decode()
    wall = client.get(reverse("section_wall", args=[place.section.pk])).content.decode()
    assert f'href="{reverse("coverage")}?section={place.section.pk}"' in wall
