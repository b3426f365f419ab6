"""Statements and bytes of the pages that a class is worked on with; docs and architecture hold the limits."""

import json
import re

import pytest
from django.urls import reverse

from assessments.models import Group, GroupSuggestion
from assessments.services.boards import start_board
from lrm.scope import district_scope
from tests.budgets import assert_statements
from tests.factories.assessments import make_assessment
from tests.factories.classes import give_levels, join, learners_of, make_class
from tests.factories.profiles import make_district_admin, make_school, make_school_admin, make_teacher
from tests.factories.standards import make_framework, make_standard
from tests.weights import get_weighed

pytestmark = pytest.mark.django_db


@pytest.fixture
def school(db):
    return make_school()


@pytest.fixture
def standards(school):
    framework = make_framework(school.district)
    domains = [
        make_standard(framework, is_leaf=False, code=f"5.D{number}", short_title=f"Domain of numbers {number}")
        for number in range(5)
    ]
    return [
        make_standard(framework, domain=domains[number // 8], short_title=f"Fractions as division, part {number}")
        for number in range(40)
    ]


def class_of(school, standards, learners, as_account):
    """A section, and a client of its teacher who has been on a page of the section before."""
    section = make_class(school, standards, learners=learners)
    give_levels(learners_of(section), standards)
    client = as_account(make_teacher(section.roster))
    client.get(reverse("section_wall", args=[section.pk]))
    return section, client


@pytest.mark.parametrize("learners", [30, 300])
def test_wall_of_forty_standards_costs_at_most_fourteen_statements(school, standards, as_account, learners):
    section, client = class_of(school, standards, learners, as_account)

    with assert_statements(at_most=14):
        client.get(reverse("section_wall", args=[section.pk]))


def test_wall_costs_the_same_for_30_and_300_learners(school, standards, as_account):
    section, client = class_of(school, standards, 30, as_account)
    url = reverse("section_wall", args=[section.pk])
    with assert_statements(at_most=14) as few:
        client.get(url)
    give_levels(join(section.roster, 270), standards)

    with assert_statements(exactly=len(few)):
        client.get(url)


def test_wall_of_30_by_40_weighs_at_most_200_kilobytes_and_24_on_the_wire(school, standards, as_account):
    section, client = class_of(school, standards, 30, as_account)

    page, decoded, sent = get_weighed(client, reverse("section_wall", args=[section.pk]))

    assert len(page.context["wall"].rows) == 30
    assert (decoded <= 200_000, sent <= 24_000) == (True, True), (decoded, sent)


def test_asking_a_wall_for_changes_costs_at_most_three_statements(school, standards, as_account):
    section, client = class_of(school, standards, 30, as_account)
    page = client.get(reverse("section_wall", args=[section.pk])).content.decode()
    url = re.search(r'data-version-url="([^"]+)"', page)[1]
    with assert_statements(at_most=3):
        first = client.get(url)

    with assert_statements(at_most=3):
        again = client.get(url, headers={"if-none-match": first["ETag"]})

    assert again.status_code == 304


def cells(learners, standard):
    rows = [{"learner": learner.pk, "standard": standard.pk, "text": "3"} for learner in learners]
    return json.dumps({"cells": rows})


def save(client, assessment, learners, standard):
    url = reverse("assessment_cells", args=[assessment.pk])
    answer = client.post(url, cells(learners, standard), content_type="application/json")
    assert {cell["state"] for cell in answer.json()["cells"]} == {"saved"}


def test_saving_one_result_costs_at_most_ten_statements(school, standards, as_account):
    section, client = class_of(school, standards, 30, as_account)
    assessment = make_assessment(section, standards[:2])
    learners = learners_of(section)
    save(client, assessment, learners[:1], standards[0])

    with assert_statements(at_most=10):
        save(client, assessment, learners[1:2], standards[0])


def test_saving_a_class_set_costs_at_most_fourteen_statements_and_does_not_grow(school, standards, as_account):
    section, client = class_of(school, standards, 30, as_account)
    assessment = make_assessment(section, standards[:2])
    learners = learners_of(section)
    with assert_statements(at_most=14) as three:
        save(client, assessment, learners[:3], standards[0])

    with assert_statements(len(three)):
        save(client, assessment, learners, standards[1])


def accept(client, section):
    with district_scope(section.district_id):
        board = start_board(section)
    url = reverse("groups_decide", args=[section.pk])
    return lambda: client.post(url, {"act": "accept", "version": board.version})


@pytest.mark.parametrize("learners", [12, 30])
def test_accepting_groups_costs_at_most_fourteen_statements(school, standards, as_account, learners):
    section, client = class_of(school, standards[:6], learners, as_account)
    act = accept(client, section)

    with assert_statements(at_most=14):
        act()

    assert GroupSuggestion._base_manager.get(section=section).state == GroupSuggestion.State.ACCEPTED
    assert Group._base_manager.filter(section=section).exists()


def test_accepting_groups_again_costs_no_more_for_more_learners(school, standards, as_account):
    section, client = class_of(school, standards[:6], 12, as_account)
    accept(client, section)()
    act = accept(client, section)
    with assert_statements(at_most=14) as few:
        act()
    give_levels(join(section.roster, 18), standards[:6])
    act = accept(client, section)

    with assert_statements(len(few)):
        act()


@pytest.mark.parametrize("make_admin", [make_school_admin, make_district_admin])
def test_school_page_costs_at_most_fourteen_statements_and_does_not_grow(school, standards, as_account, make_admin):
    other = make_school(school.district)
    first = make_class(school, standards, learners=30)
    give_levels(learners_of(first), standards, counted=True)
    client = as_account(make_admin(school if make_admin is make_school_admin else school.district))
    urls = ["", "?grade=05", f"?school={school.pk}&grade=05"]
    urls.append(f"?school={school.pk}&at=g05.{standards[0].framework_id}-{standards[0].domain_id}.{standards[0].pk}")
    client.get(reverse("school"))
    few = {}
    for query in urls:
        with assert_statements(at_most=14) as captured:
            assert client.get(reverse("school") + query).status_code == 200
        few[query] = len(captured)
    give_levels(join(first.roster, 470), standards[:1])
    give_levels(learners_of(make_class(other, standards, learners=500)), standards, counted=True)

    for query in urls:
        with assert_statements(exactly=few[query]):
            assert client.get(reverse("school") + query).status_code == 200


def test_school_page_of_a_thousand_learners_weighs_at_most_150_kilobytes(school, standards, as_account):
    for _ in range(10):
        section = make_class(school, standards, learners=100)
    give_levels(learners_of(section), standards, counted=True)
    client = as_account(make_school_admin(school))

    _page, decoded, sent = get_weighed(client, reverse("school") + "?grade=05")

    assert (decoded <= 150_000, sent <= 20_000) == (True, True), (decoded, sent)
