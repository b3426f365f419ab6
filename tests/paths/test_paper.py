"""Paper: cards and tickets in the order of the grid, with a code for each learner, and nothing about levels."""

import re

import pytest
from django.urls import reverse

from lrm.qr import qr_drawing
from tests.budgets import assert_statements
from tests.factories.assessments import give, make_assessment, work_off
from tests.factories.paths import make_goal

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessment(classroom):
    for name in ("Zoe", "Aba", "Mia"):
        classroom.classmate(given_name=name)
    return make_assessment(classroom.section, classroom.standards[:2], title="Exit ticket")


def names_on(page):
    return [line["learner"].first_name for line in page.context["lines"]]


def test_lines_on_paper_are_the_lines_of_the_grid(classroom, teacher, assessment):
    grid = teacher.get(reverse("assessment_enter", args=[assessment.pk]))
    url = reverse("assessment_paper", args=[assessment.pk])
    for form in ("tickets", "list", "nonsense"):
        page = teacher.get(url, {"as": form})
        assert names_on(page) == [row["learner"].first_name for row in grid.context["rows"]]
        assert [line["number"] for line in page.context["lines"]] == [row["number"] for row in grid.context["rows"]]


def test_code_of_a_ticket_opens_the_cell_of_its_learner(classroom, teacher, assessment):
    page = teacher.get(reverse("assessment_paper", args=[assessment.pk]))
    grid = teacher.get(reverse("assessment_enter", args=[assessment.pk])).content.decode()
    for line in page.context["lines"]:
        cell = f"c.{line['learner'].pk}.{classroom.standards[0].pk}"
        assert f'id="{cell}"' in grid
        address = f"http://testserver{reverse('assessment_enter', args=[assessment.pk])}#{cell}"
        assert line["code"] == qr_drawing(address)


def test_paper_shows_no_level_and_no_result(classroom, teacher, assessment):
    give(assessment, classroom.learner, classroom.standards[0], 2)
    work_off()
    before = teacher.get(reverse("assessment_paper", args=[assessment.pk])).content
    give(assessment, classroom.learner, classroom.standards[1], 4)
    work_off()
    after = teacher.get(reverse("assessment_paper", args=[assessment.pk])).content
    without_token = [re.sub(rb'csrf-token" content="[^"]*"|nonce="[^"]*"', b"", page) for page in (before, after)]

    assert without_token[0] == without_token[1]
    assert b"data-level" not in before


def test_goal_cards_hold_the_goal_or_room_for_one(classroom, teacher):
    classroom.classmate(given_name="Zoe")
    make_goal(classroom.learner, what="An older goal")
    goal = make_goal(classroom.learner, what="I read a clock", steps=("Ask", "Read"))
    draft = make_goal(classroom.learner, what="Still a draft", state="draft")
    page = teacher.get(reverse("section_goal_cards", args=[classroom.section.pk]))

    assert [card["goal"] for card in page.context["cards"]] == [goal, None]
    words = page.content.decode()
    assert "I read a clock" in words
    assert words.count('data-state="room"') == 3
    assert draft.what not in words


def test_goal_cards_cost_the_same_for_a_class_as_for_one(classroom, teacher):
    url = reverse("section_goal_cards", args=[classroom.section.pk])
    make_goal(classroom.learner, steps=("Ask", "Read"))
    teacher.get(url)
    for _again in range(2):
        with assert_statements(exactly=9):
            teacher.get(url)
        for _ in range(3):
            make_goal(classroom.classmate(), steps=("Ask", "Read"))


def test_goal_cards_without_a_class_in_the_address_are_of_the_last_one(classroom, teacher):
    answer = teacher.get(reverse("goal_cards"))

    assert answer.url == reverse("section_goal_cards", args=[classroom.section.pk])
