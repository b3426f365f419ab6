"""Thirty goals reviewed on one page."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from paths.models import Feedback, Goal
from tests.budgets import assert_statements
from tests.factories.paths import make_goal, make_mastery, make_reflection
from tests.factories.profiles import make_school_admin, make_teacher

State = Goal.State


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


def test_queue_costs_the_same_for_three_hundred(classroom, teacher, waiting):
    teacher.get(reverse("goals"))
    copies = [
        Goal(learner=classroom.learner, author=classroom.account, state=State.LIVE, what=f"Goal {n}.")
        for n in range(299)
    ]
    through = Goal.standards.through
    through.objects.bulk_create(
        through(goal=goal, standard=classroom.standards[0]) for goal in Goal.objects.bulk_create(copies)
    )

    with assert_statements(exactly=6):
        page = teacher.get(reverse("goals")).content.decode()

    assert page.count('class="review-card"') == 300


def test_card_says_all_that_a_decision_needs(classroom, teacher):
    goal = make_goal(
        classroom.learner,
        standards=(classroom.standards[0],),
        steps=("Ask for a clock", "Read ten"),
        why="Buses do not wait.",
        done_when="I read ten clocks",
        due_on=timezone.localdate() + timedelta(days=3),
    )
    make_mastery(classroom.learner, classroom.standards[0], 2)

    page = teacher.get(reverse("goals")).content.decode()

    wanted = (goal.what, goal.why, "I read ten clocks", "Ask for a clock", "Read ten", classroom.standards[0].label)
    assert [words in page for words in wanted] == [True] * 6
    assert 'data-level="2"' in page


def chosen(*goals):
    return [f"{goal.pk}~{goal.updated_at.isoformat()}" for goal in goals]


def test_yes_to_the_chosen_is_one_act_with_one_undo_without_script(classroom, teacher):
    goals = [make_goal(classroom.classmate(), standards=(classroom.standards[0],)) for _ in range(3)]

    answer = teacher.post(reverse("goals_review"), {"do": "yes", "goal": chosen(*goals[:2])}, follow=True)

    page = answer.content.decode()
    assert "You said yes to 2 goals." in page
    assert [goal.what in page for goal in goals] == [False, False, True]

    act = re.search(r'name="act" value="([^"]+)"', page)[1]
    page = teacher.post(reverse("goals_review_undo"), {"act": act}, follow=True).content.decode()
    assert "Taken back. 2 goals wait again." in page
    assert [goal.what in page for goal in goals] == [True] * 3


def test_yes_to_the_chosen_takes_the_line_of_each_along(classroom, teacher):
    one, two = (make_goal(classroom.learner, standards=(classroom.standards[0],)) for _ in range(2))
    values = {"do": "yes", "goal": [str(one.pk), str(two.pk)], f"line-{two.pk}": "Start with the clock."}

    assert teacher.post(reverse("goals_review"), values | {f"line-{two.pk}": "x" * 501}).status_code == 302
    assert not Goal.objects.filter(agreed_at__isnull=False).exists()

    teacher.post(reverse("goals_review"), values)
    assert Goal.objects.filter(agreed_at__isnull=False).count() == 2
    assert list(Feedback.objects.values_list("goal", "text")) == [(two.pk, "Start with the clock.")]


def test_yes_to_the_chosen_tells_what_somebody_else_decided(classroom, teacher, as_account):
    goals = [make_goal(classroom.classmate(), standards=(classroom.standards[0],)) for _ in range(2)]
    read = chosen(*goals)
    colleague = make_teacher(classroom.roster)
    review(as_account(colleague), goals[0], do="agree")

    page = teacher.post(reverse("goals_review"), {"do": "yes", "goal": read}, follow=True).content.decode()

    assert "You said yes to 1 goal." in page
    assert f"{goals[0].learner.name}: {colleague.name} said yes to this goal in the meantime." in page


@pytest.mark.parametrize("values", [{}, {"do": "yes"}, {"goal": "x~y"}, {"do": "ask", "goal": "9"}])
def test_yes_to_nothing_says_so(teacher, waiting, values):
    page = teacher.post(reverse("goals_review"), values, follow=True).content.decode()

    assert [sentence in page for sentence in ("You said yes", waiting.what)] == [False, True]


def test_yes_to_goals_of_another_class_changes_nothing(waiting, stranger, as_account):
    page = as_account(stranger).post(reverse("goals_review"), {"do": "yes", "goal": chosen(waiting)}, follow=True)

    waiting.refresh_from_db()
    assert waiting.agreed_at is None
    assert "1 goal is no longer yours to review" in page.content.decode()


def test_later_moves_the_goal_to_the_end_of_the_page(waiting, teacher):
    review(teacher, waiting, do="later")

    page = teacher.get(reverse("goals")).content.decode()
    assert "1 goal that you keep for later" in page
    assert "Nothing waits for you." in page


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
    assert "data-take-back" in card

    act = re.search(r'name="act" value="([^"]+)"', card)[1]
    values = {"act": act, "goal": waiting.pk}
    card = teacher.post(reverse("goals_review_undo"), values, headers={"HX-Request": "true"}).content.decode()
    waiting.refresh_from_db()
    assert waiting.agreed_at is None
    assert 'value="agree"' in card
    assert list(Feedback.objects.all()) == []


def test_agree_without_script_goes_back_to_the_queue(waiting, teacher):
    answer = review(teacher, waiting, do="agree")

    page = teacher.get(answer.url).content.decode()
    assert answer.url.startswith(reverse("goals"))
    assert "You said yes to 1 goal." in page

    teacher.post(reverse("goals_review_undo"), {"act": re.search(r'name="act" value="([^"]+)"', page)[1]})
    waiting.refresh_from_db()
    assert waiting.agreed_at is None


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
