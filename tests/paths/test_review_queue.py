"""Thirty goals reviewed on one page."""

import pytest
from django.urls import reverse
from django.utils import timezone

from paths.models import Feedback, Goal
from tests.budgets import assert_statements
from tests.factories.paths import make_goal, make_reflection
from tests.factories.profiles import make_school_admin

State = Goal.State


@pytest.fixture
def teacher(classroom, as_account):
    return as_account(classroom.teacher)


@pytest.fixture
def waiting(classroom):
    return make_goal(classroom.learner, standards=(classroom.standards[0],), steps=("One", "Two"))


def review(client, goal, *, fragment=False, **values):
    headers = {"HX-Request": "true"} if fragment else {}
    return client.post(reverse("goal_review", args=[goal.pk]), values, headers=headers)


def test_queue_shows_what_waits_and_nothing_else(classroom, teacher, waiting):
    reached = make_goal(classroom.learner, state=State.ACHIEVED, achieved_at=timezone.now())
    make_reflection(reached, text="I drew it first.")
    quiet = [
        make_goal(classroom.learner),
        make_goal(classroom.learner, state=State.DRAFT, standards=(classroom.standards[0],)),
        make_goal(classroom.learner, standards=(classroom.standards[0],), agreed_at=timezone.now()),
        make_goal(classroom.learner, standards=(classroom.standards[0],), asked_at=timezone.now()),
    ]

    page = teacher.get(reverse("goals")).content.decode()

    assert [goal.what in page for goal in (waiting, reached)] == [True, True]
    assert "I drew it first." in page
    assert [goal.what in page for goal in quiet] == [False] * 4


def test_queue_costs_the_same_for_one_and_for_thirty(classroom, teacher, waiting):
    teacher.get(reverse("goals"))  # the first answer also stamps the session
    with assert_statements(exactly=6):
        teacher.get(reverse("goals"))
    for _ in range(29):
        make_goal(classroom.classmate(), standards=tuple(classroom.standards), steps=("One", "Two"))

    with assert_statements(exactly=6):
        page = teacher.get(reverse("goals")).content.decode()

    assert page.count('class="review-card"') == 30


def test_queue_is_of_the_own_classes_only(waiting, stranger, as_account, teacher):
    assert waiting.what in teacher.get(reverse("goals")).content.decode()
    assert waiting.what not in as_account(stranger).get(reverse("goals")).content.decode()


def test_queue_is_not_there_for_an_administrator_without_a_class(classroom, waiting, as_account):
    assert as_account(make_school_admin(classroom.school)).get(reverse("goals")).status_code == 404


def test_agree_with_a_line_answers_with_the_card_and_an_undo(waiting, teacher, classroom):
    card = review(teacher, waiting, fragment=True, do="agree", text="Go on.").content.decode()

    waiting.refresh_from_db()
    assert waiting.agreed_by == classroom.teacher
    assert Feedback.objects.get().text == "Go on."
    assert 'value="undo"' in card

    card = review(teacher, waiting, fragment=True, do="undo").content.decode()
    waiting.refresh_from_db()
    assert waiting.agreed_at is None
    assert 'value="agree"' in card


def test_agree_without_script_goes_back_to_the_queue(waiting, teacher):
    answer = review(teacher, waiting, do="agree")

    assert answer.url == reverse("goals")
    assert f"Agreed with {waiting.learner.first_name}." in teacher.get(answer.url).content.decode()


def test_ask_without_a_question_is_refused(waiting, teacher):
    answer = review(teacher, waiting, fragment=True, do="ask", text="")

    waiting.refresh_from_db()
    assert (answer.status_code, waiting.asked_at) == (422, None)
    assert "Write your question first." in answer.content.decode()


def test_ask_puts_the_question_on_the_goal(waiting, teacher, classroom, as_account):
    review(teacher, waiting, do="ask", text="Which clocks?")

    assert waiting.what not in teacher.get(reverse("goals")).content.decode()
    assert "Which clocks?" in as_account(classroom.account).get(reverse("goal", args=[waiting.pk])).content.decode()


def test_confirm_is_the_nod_at_the_end(classroom, teacher):
    goal = make_goal(classroom.learner, state=State.ACHIEVED, achieved_at=timezone.now())

    review(teacher, goal, do="confirm")

    goal.refresh_from_db()
    assert goal.confirmed_by == classroom.teacher


def test_review_of_a_goal_that_the_learner_closed_meanwhile_says_so(waiting, teacher):
    Goal.objects.filter(pk=waiting.pk).update(state=State.ARCHIVED)

    answer = review(teacher, waiting, fragment=True, do="agree", text="A long line that stays.")

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "in the meantime" in page
    assert "A long line that stays." in page


@pytest.mark.parametrize("act", ["", "delete"])
def test_review_without_a_known_act_changes_nothing(waiting, teacher, act):
    answer = review(teacher, waiting, fragment=True, do=act)

    waiting.refresh_from_db()
    assert (answer.status_code, waiting.agreed_at) == (422, None)


def test_review_by_a_stranger_is_not_there(waiting, stranger, as_account, classroom):
    assert review(as_account(stranger), waiting, do="agree").status_code == 404
    assert review(as_account(classroom.account), waiting, do="agree").status_code == 404
    waiting.refresh_from_db()
    assert waiting.agreed_at is None
