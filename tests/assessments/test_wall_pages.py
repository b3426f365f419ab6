"""The wall, its file and its small question: who may see them, and that they say the same."""

import csv
import io
from datetime import timedelta

import pytest
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.models import MarkFailure, Mastery, StaleMark
from assessments.services.policies import Policies
from assessments.services.walls import read_wall
from assessments.views import sections
from assessments.views.changes import SALT
from profiles.models import Roster, Section
from tests.budgets import statements
from tests.factories.assessments import days_ago, give, make_assessment, work_off
from tests.factories.profiles import (
    make_district_admin,
    make_guardian,
    make_learner,
    make_roster,
    make_school,
    make_school_admin,
    make_section,
    make_teacher,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(taught):
    first, second = taught.standards
    assessment = make_assessment(taught.section, taught.standards, given_on=days_ago(3).date())
    give(assessment, taught.learners[0], first, 1)
    give(assessment, taught.learners[1], second, 4)
    work_off()
    return taught


def wall_of(taught, name="section_wall"):
    return reverse(name, args=[taught.section.pk])


@pytest.mark.parametrize("name", ["section_wall", "section_wall_csv", "section_groups", "section_enter"])
@pytest.mark.parametrize("who", ["teacher beside", "teacher elsewhere", "learner", "guardian"])
def test_wall_groups_and_entry_are_not_there_for_strangers(full, as_account, name, who):
    accounts = {
        "teacher beside": lambda: make_teacher(make_roster(full.section.roster.school)),
        "teacher elsewhere": lambda: make_teacher(),
        "learner": lambda: full.learners[0].account,
        "guardian": lambda: make_guardian(full.learners[0]),
    }
    assert as_account(full.teacher).get(wall_of(full, name)).status_code == 200
    assert as_account(accounts[who]()).get(wall_of(full, name)).status_code == 404


def test_administrator_sees_the_wall_but_enters_nothing(full, as_account):
    client = as_account(make_school_admin(full.section.roster.school))

    assert client.get(wall_of(full)).status_code == 200
    assert client.get(wall_of(full, "section_enter")).status_code == 404


def test_file_has_the_levels_of_the_page(full, as_account):
    answer = as_account(full.teacher).get(wall_of(full, "section_wall_csv"))

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    first, second = full.standards
    one, two, three = full.learners
    assert rows == [
        ["Student", "Key", first.code, second.code],
        [one.name, one.key, "1", ""],
        [two.name, two.key, "", "4"],
        [three.name, three.key, "", ""],
    ]


def test_counts_of_the_legend_add_up_to_learners_times_standards(full):
    found = read_wall(full.section, Policies(full.section.district_id), on=days_ago(0).date())

    assert sum(found.counts.values()) == len(full.learners) * len(full.standards)
    assert found.counts == {0: 4, 1: 1, 4: 1}


def test_learner_who_has_left_is_not_on_the_wall(full, as_account):
    gone = full.learners[0]
    gone.enrollments.update(ends_on=days_ago(1).date())

    page = as_account(full.teacher).get(wall_of(full)).content.decode()

    assert gone.name not in page
    assert full.learners[1].name in page


def test_receipt_of_somebody_elses_learner_stays_closed(full, as_account):
    stranger = make_learner()

    page = as_account(full.teacher).get(f"{wall_of(full)}?at={stranger.pk}.{full.standards[0].pk}")

    assert page.status_code == 200
    assert stranger.name not in page.content.decode()


@pytest.mark.parametrize(
    "query", ["at=²", "at=1", "at=99999999999999999999999.1", "sort=²", "sort=99999999999999999999"]
)
def test_addresses_that_mean_nothing_show_the_wall(full, as_account, query):
    assert as_account(full.teacher).get(f"{wall_of(full)}?{query}").status_code == 200


def test_version_is_told_to_the_holder_of_the_ticket_only(full, as_account):
    ticket = signing.dumps([full.teacher.pk, full.section.roster_id], salt=SALT)
    address = reverse("class_version", args=[ticket])
    client = as_account(full.teacher)

    answer = client.get(address)
    assert answer.status_code == 200
    assert client.get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert as_account(full.co_teacher).get(address).status_code == 404
    give(make_assessment(full.section, full.standards), full.learners[2], full.standards[0], 2)
    work_off()

    later = client.get(address, headers={"If-None-Match": answer["ETag"]})
    assert later.status_code == 200
    assert int(later.content) > int(answer.content)
    assert Mastery.objects.filter(learner=full.learners[2]).count() == 1


def test_wall_says_that_levels_are_updating_while_results_wait(full, as_account):
    client = as_account(full.teacher)
    said = "Levels are updating"
    assert client.get(wall_of(full)).context["is_updating"] is False
    give(make_assessment(full.section, full.standards), full.learners[0], full.standards[0], 1)

    page = client.get(wall_of(full))

    text_of = lambda page: " ".join(page.content.decode().split())
    assert page.context["is_updating"] is True
    assert f'<p class="hint" data-updating >{said}' in text_of(page)
    work_off()
    assert f'<p class="hint" data-updating hidden>{said}' in text_of(client.get(wall_of(full)))


def test_wall_does_not_wait_for_what_is_parked_or_due_tomorrow(full, as_account):
    learner, subject = full.learners[0].pk, full.standards[0].subject_id
    StaleMark.objects.create(learner_id=learner, subject_id=subject, due_at=timezone.now() + timedelta(days=1))
    assert as_account(full.teacher).get(wall_of(full)).context["is_updating"] is False
    give(make_assessment(full.section, full.standards), full.learners[0], full.standards[0], 1)
    MarkFailure.objects.create(learner_id=learner, subject_id=subject, times=MarkFailure.PARKED_AT)

    assert as_account(full.teacher).get(wall_of(full)).context["is_updating"] is False


def test_administrator_of_many_classes_switches_among_those_of_the_school(full, as_account):
    """What the page holds and asks for does not grow with the district."""

    def ask() -> tuple[str, int]:
        with CaptureQueriesContext(connection) as captured:
            page = client.get(wall_of(full)).content.decode()
        return page, len(statements(captured))

    def fill(classes: int) -> None:
        rosters = Roster.objects.bulk_create(
            Roster(district=school.district, school=school, session=here.session, title=f"Elsewhere {n}")
            for n in range(classes)
        )
        Section.objects.bulk_create(
            Section(
                district=school.district, roster=row, session=here.session, course=full.section.course, title=row.title
            )
            for row in rosters
        )

    here = full.section.roster
    school = make_school(here.district)
    beside = make_section(make_roster(here.school, session=here.session), title="Beside")
    client = as_account(make_district_admin(here.district))
    fill(sections.MANY - 2)
    assert "Elsewhere 0" in ask()[0], "as many as there is room for"
    fill(1)
    page, sent = ask()
    fill(3 * sections.MANY)
    assert ask()[1] == sent
    for shown in (page, ask()[0]):
        assert "Elsewhere" not in shown
        assert beside.title in shown
    assert client.get(reverse("wall"))["Location"] == wall_of(full), "the class used last"
