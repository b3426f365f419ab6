"""What a teacher says to goals that wait: one or thirty in one act, taken back in one go, nobody overruled unseen."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from paths.models import Feedback, Goal, GoalRevision, ReviewLater
from paths.services import goals
from paths.services.goal_words import GoalWords
from paths.services.review_queue import goals_to_review
from paths.services.reviewing import Chosen, review_goals, said_in, undo_review
from tests.budgets import assert_statements
from tests.factories.paths import make_goal
from tests.factories.profiles import make_teacher

State = Goal.State
NOW = timezone.now()


@pytest.fixture
def waiting(classroom):
    return make_goal(classroom.learner, standards=(classroom.standards[0],))


def say(classroom, *goals, do="yes", by=None, now=NOW, **values):
    chosen = [Chosen(goal.pk, goal.updated_at) for goal in goals]
    return review_goals(chosen=chosen, do=do, by=by or classroom.teacher, now=now, **values)


def changes(goal):
    return [row.what_changed for row in GoalRevision.objects.filter(goal=goal).order_by("pk")]


def lines():
    return [row.text for row in Feedback.objects.order_by("pk")]


def test_yes_agrees_with_live_goals_and_confirms_reached_ones(classroom, waiting):
    reached = make_goal(classroom.learner, state=State.ACHIEVED, achieved_at=NOW)

    found = say(classroom, waiting, reached, text="Go on.")

    waiting.refresh_from_db()
    reached.refresh_from_db()
    assert (waiting.agreed_by, reached.confirmed_by) == (classroom.teacher, classroom.teacher)
    assert said_in(found.act, classroom.teacher) == {"agreed": 1, "confirmed": 1}
    assert lines() == ["Go on.", "Go on."]
    assert list(Goal.objects.awaiting_review()) == []


def test_question_leaves_the_queue_until_the_learner_answers(classroom, waiting):
    say(classroom, waiting, do="ask", text="By when?")
    assert list(Goal.objects.awaiting_review()) == []

    words = GoalWords(what="I can read a clock by May.", standard_ids=(classroom.standards[0].pk,))
    goals.revise_goal(goal_id=waiting.pk, version=1, words=words, by=classroom.account, now=NOW)
    assert list(Goal.objects.awaiting_review()) == [waiting]


@pytest.mark.parametrize("do", ["", "delete", "ask"])
def test_unknown_act_or_question_without_words_is_refused(classroom, waiting, do):
    with pytest.raises(ValueError):
        say(classroom, waiting, do=do)


def test_same_form_twice_is_one_act(classroom, waiting):
    act = uuid.uuid4()
    found = [say(classroom, waiting, text="Go on.", act=act) for _ in range(2)]

    assert [[goal.pk for goal in each.done] for each in found] == [[waiting.pk]] * 2
    assert changes(waiting) == ["agreed"]
    assert lines() == ["Go on."]


def test_line_of_a_goal_stands_in_place_of_the_line_to_all(classroom, waiting):
    other = make_goal(classroom.learner, standards=(classroom.standards[0],))
    chosen = [Chosen(waiting.pk, line="Your drawing first."), Chosen(other.pk)]

    found = review_goals(chosen=chosen, do="yes", by=classroom.teacher, now=NOW, text="Go on.")

    said = dict(Feedback.objects.values_list("goal", "text"))
    assert said == {waiting.pk: "Your drawing first.", other.pk: "Go on."}
    undo_review(act=found.act, by=classroom.teacher, now=NOW)
    assert lines() == []


def test_goal_that_a_colleague_decided_meanwhile_is_left_alone(classroom, waiting):
    colleague = make_teacher(classroom.roster)
    say(classroom, waiting, by=colleague)

    found = say(classroom, waiting, text="A line.")

    waiting.refresh_from_db()
    assert (found.done, found.changed, waiting.agreed_by) == ([], [waiting], colleague)
    assert lines() == []


def test_goal_that_the_learner_reworded_meanwhile_is_not_agreed_unread(classroom, waiting):
    goals.revise_goal(
        goal_id=waiting.pk,
        version=1,
        words=GoalWords(what="I do less.", standard_ids=(classroom.standards[0].pk,)),
        by=classroom.account,
        now=NOW,
    )

    assert [goal.what for goal in say(classroom, waiting).changed] == ["I do less."]
    waiting.refresh_from_db()
    assert waiting.agreed_at is None


def test_question_of_a_colleague_is_told_before_a_yes(classroom, waiting):
    say(classroom, waiting, do="ask", text="Which clocks?", by=make_teacher(classroom.roster))

    assert say(classroom, waiting).changed == [waiting]
    waiting.refresh_from_db()
    assert say(classroom, waiting).done == [waiting]


@pytest.mark.parametrize(("do", "state"), [("agree", State.ARCHIVED), ("confirm", State.LIVE), ("ask", State.MISSED)])
def test_goal_in_another_state_is_left_alone(classroom, do, state):
    goal = make_goal(classroom.learner, state=state, standards=(classroom.standards[0],))

    assert say(classroom, goal, do=do, text="Why?").changed == [goal]
    assert changes(goal) == []


def test_one_undo_takes_back_the_whole_act_and_its_lines(classroom):
    several = [make_goal(classroom.classmate(), standards=(classroom.standards[0],)) for _ in range(3)]
    earlier = make_goal(classroom.learner, standards=(classroom.standards[0],))
    say(classroom, earlier, text="Stays.", now=NOW - timedelta(minutes=1))
    found = say(classroom, *several, text="Goes.")

    undone = undo_review(act=found.act, by=classroom.teacher, now=NOW)

    assert {goal.pk for goal in undone.done} == {goal.pk for goal in several}
    assert {goal.pk for goal in Goal.objects.awaiting_review()} == {goal.pk for goal in several}
    assert lines() == ["Stays."]
    assert [changes(goal) for goal in several] == [["agreed", "not_agreed"]] * 3


def test_undo_leaves_what_the_learner_has_built_on(classroom, waiting):
    found = say(classroom, waiting)
    goals.close_goal(goal_id=waiting.pk, reached=True, because="", by=classroom.account, now=NOW)

    undone = undo_review(act=found.act, by=classroom.teacher, now=NOW)

    waiting.refresh_from_db()
    assert (undone.done, undone.stands) == ([], [waiting])
    assert waiting.agreed_by == classroom.teacher


def test_undo_of_a_question_takes_the_question_away(classroom, waiting):
    found = say(classroom, waiting, do="ask", text="Hm?")
    undo_review(act=found.act, by=classroom.teacher, now=NOW)

    assert list(Goal.objects.awaiting_review()) == [waiting]
    assert lines() == []


def test_undo_of_somebody_elses_act_changes_nothing(classroom, waiting):
    found = say(classroom, waiting)
    undone = undo_review(act=found.act, by=make_teacher(classroom.roster), now=NOW)

    waiting.refresh_from_db()
    assert (undone.done, waiting.agreed_by) == ([], classroom.teacher)


def test_later_is_of_one_teacher_and_ends_when_the_goal_changes(classroom, waiting):
    def is_later(account):
        return [card.is_later for card in goals_to_review(account)]

    colleague = make_teacher(classroom.roster)
    say(classroom, waiting, do="later", now=timezone.now())
    assert (is_later(classroom.teacher), is_later(colleague)) == ([True], [False])

    goals.revise_goal(
        goal_id=waiting.pk,
        version=1,
        words=GoalWords(what="Now in other words.", standard_ids=(classroom.standards[0].pk,)),
        by=classroom.account,
        now=timezone.now(),
    )
    assert is_later(classroom.teacher) == [False]


def test_later_is_taken_back(classroom, waiting):
    found = say(classroom, waiting, do="later")
    assert [goal.pk for goal in undo_review(act=found.act, by=classroom.teacher, now=NOW).done] == [waiting.pk]
    assert list(ReviewLater.objects.all()) == []


def test_goals_of_other_classes_are_left_out(classroom, waiting, stranger):
    found = say(classroom, waiting, by=stranger)
    assert (found.done, found.changed) == ([], [])


def test_act_on_thirty_goals_costs_what_one_costs(classroom):
    def cost(n, at_most):
        goals = [make_goal(classroom.classmate(), standards=(classroom.standards[0],)) for _ in range(n)]
        with assert_statements(at_most=at_most):
            found = say(classroom, *goals, text="Yes.", act=uuid.uuid4())
        with assert_statements(at_most=at_most):
            undo_review(act=found.act, by=classroom.teacher, now=NOW)

    cost(1, 10)
    cost(30, 10)
