"""The life of a goal: draft, live, agreed, reached, kept; words are never lost."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from paths.models import Goal, GoalRevision
from paths.services import goals
from paths.services.errors import GoalChanged, NotNow, UuidTaken
from paths.services.goal_words import GoalWords, StepWords, words_of
from tests.factories.paths import make_goal

State = Goal.State
NOW = timezone.now()


def words(what="I can read a clock.", **fields):
    return GoalWords(what=what, **fields)


def changes(goal):
    return [row.what_changed for row in GoalRevision.objects.filter(goal=goal).order_by("pk")]


def test_write_goal_is_live_and_needs_nobody(classroom):
    goal = goals.write_goal(learner=classroom.learner, uuid=uuid.uuid4(), words=words(), by=classroom.account, now=NOW)

    assert (goal.state, goal.agreed_at) == (State.LIVE, None)
    assert list(Goal.objects.awaiting_review()) == []


def test_write_goal_towards_a_standard_waits_for_review(classroom):
    goal = goals.write_goal(
        learner=classroom.learner,
        uuid=uuid.uuid4(),
        words=words(standard_ids=(classroom.standards[0].pk,)),
        by=classroom.account,
        now=NOW,
    )

    assert list(Goal.objects.awaiting_review()) == [goal]


def test_write_goal_of_a_teacher_is_agreed_at_once(classroom):
    goal = goals.write_goal(
        learner=classroom.learner,
        uuid=uuid.uuid4(),
        words=words(standard_ids=(classroom.standards[0].pk,)),
        by=classroom.teacher,
        now=NOW,
    )

    assert (goal.agreed_by, goal.author) == (classroom.teacher, classroom.teacher)


def test_write_goal_twice_makes_one(classroom):
    form = {"learner": classroom.learner, "uuid": uuid.uuid4(), "by": classroom.account, "now": NOW}

    first = goals.write_goal(words=words(), **form)
    second = goals.write_goal(words=words("I press twice."), **form)

    assert first == second
    assert Goal.objects.get().what == "I can read a clock."


def test_write_goal_finishes_the_draft_with_the_same_form(classroom):
    form = {"learner": classroom.learner, "uuid": uuid.uuid4(), "by": classroom.account}
    goals.save_draft(words=words("I can"), **form)
    goals.save_draft(words=words("I can read", steps=(StepWords(None, "Ask"),)), **form)

    goals.write_goal(words=words(), now=NOW, **form)

    goal = Goal.objects.get()
    assert (goal.what, goal.state, goal.steps.count()) == ("I can read a clock.", State.LIVE, 0)


def test_save_draft_after_the_goal_is_live_changes_nothing(classroom):
    """An autosave may arrive after the form was sent."""
    form = {"learner": classroom.learner, "uuid": uuid.uuid4(), "by": classroom.account}
    goals.write_goal(words=words(), now=NOW, **form)

    goals.save_draft(words=words("I can re"), **form)

    assert Goal.objects.get().what == "I can read a clock."


def test_save_draft_with_an_identifier_of_another_learner_is_refused(classroom):
    other = make_goal(classroom.classmate())

    with pytest.raises(UuidTaken):
        goals.save_draft(learner=classroom.learner, uuid=other.uuid, words=words(), by=classroom.account)


def test_draft_is_seen_by_its_writer_only(classroom):
    goal = goals.save_draft(learner=classroom.learner, uuid=uuid.uuid4(), words=words(), by=classroom.account)

    assert list(Goal.objects.visible_to(classroom.account)) == [goal]
    assert list(Goal.objects.visible_to(classroom.teacher)) == []
    assert list(Goal.objects.visible_to(classroom.guardian())) == []


def test_revise_goal_keeps_the_old_words_and_the_ticks_of_steps_that_stay(classroom):
    goal = make_goal(classroom.learner, what="Old", steps=("One", "Two", "Three"), done_when="A\nB", met=["A", "B"])
    one, two, _three = goal.steps.all()
    goals.tick_step(step=two, done=True, now=NOW)

    goals.revise_goal(
        goal_id=goal.pk,
        version=1,
        words=words(
            "New",
            done_when="A\nC",
            steps=(StepWords(two.pk, "Two, slowly"), StepWords(None, "Four"), StepWords(one.pk, "One")),
        ),
        by=classroom.account,
        now=NOW,
    )

    goal.refresh_from_db()
    assert [(step.text, step.done_at is not None) for step in goal.steps.all()] == [
        ("Two, slowly", True),
        ("Four", False),
        ("One", False),
    ]
    assert (goal.what, goal.version, goal.met) == ("New", 2, ["A"])
    revision = GoalRevision.objects.get(goal=goal)
    assert (revision.by, revision.what_changed) == (classroom.account, "words")
    assert revision.before == {"what": "Old", "done_when": "A\nB", "steps": ["One", "Two", "Three"]}


def test_revise_goal_with_the_same_words_changes_nothing(classroom):
    goal = make_goal(classroom.learner, steps=("One",))

    goals.revise_goal(goal_id=goal.pk, version=1, words=words_of(goal), by=classroom.account, now=NOW)

    goal.refresh_from_db()
    assert (goal.version, changes(goal)) == (1, [])


def test_revise_goal_from_two_windows_refuses_the_second_and_keeps_the_first(classroom):
    goal = make_goal(classroom.learner)
    goals.revise_goal(goal_id=goal.pk, version=1, words=words("First window"), by=classroom.account, now=NOW)

    with pytest.raises(GoalChanged) as refused:
        goals.revise_goal(goal_id=goal.pk, version=1, words=words("Second window"), by=classroom.teacher, now=NOW)

    assert (refused.value.current.what, refused.value.current.version) == ("First window", 2)
    assert Goal.objects.get().what == "First window"


def test_revise_goal_by_the_learner_asks_for_agreement_again(classroom):
    goal = make_goal(classroom.learner, standards=(classroom.standards[0],), agreed_at=NOW, agreed_by=classroom.teacher)

    goals.revise_goal(
        goal_id=goal.pk,
        version=1,
        words=words(standard_ids=(classroom.standards[0].pk,)),
        by=classroom.account,
        now=NOW,
    )

    assert list(Goal.objects.awaiting_review()) == [goal]


@pytest.mark.parametrize("who", ["learner_steps", "teacher_words"])
def test_revise_goal_keeps_the_agreement_where_it_was_not_about_that(classroom, who):
    standard = classroom.standards[0]
    goal = make_goal(classroom.learner, what="Old", standards=(standard,), agreed_at=NOW, agreed_by=classroom.teacher)
    steps, what, by = ((StepWords(None, "A step"),), "Old", classroom.account)
    if who == "teacher_words":
        steps, what, by = ((), "New", classroom.teacher)

    goals.revise_goal(
        goal_id=goal.pk, version=1, words=words(what, standard_ids=(standard.pk,), steps=steps), by=by, now=NOW
    )

    goal.refresh_from_db()
    assert goal.agreed_by == classroom.teacher


def test_revise_goal_with_a_step_of_another_goal_leaves_that_one_alone(classroom):
    other = make_goal(classroom.classmate(), steps=("Theirs",))
    foreign = other.steps.get()
    goal = make_goal(classroom.learner)

    goals.revise_goal(
        goal_id=goal.pk,
        version=1,
        words=words(steps=(StepWords(foreign.pk, "Mine"),)),
        by=classroom.account,
        now=NOW,
    )

    assert [step.text for step in other.steps.all()] == ["Theirs"]
    assert [step.text for step in goal.steps.all()] == ["Mine"]


def test_close_goal_as_reached_waits_for_the_nod(classroom):
    goal = make_goal(classroom.learner)

    goals.close_goal(goal_id=goal.pk, reached=True, because="", by=classroom.account, now=NOW)
    assert list(Goal.objects.awaiting_review()) == [goal]


def test_close_goal_twice_closes_once(classroom):
    goal = make_goal(classroom.learner)
    for _ in range(2):
        goals.close_goal(goal_id=goal.pk, reached=True, because="", by=classroom.account, now=NOW)

    assert changes(goal) == ["reached"]


def test_close_goal_that_is_not_reached_keeps_what_got_in_the_way_and_comes_back(classroom):
    goal = make_goal(classroom.learner)
    goals.close_goal(goal_id=goal.pk, reached=False, because="I was sick.", by=classroom.account, now=NOW)

    later = timezone.localdate() + timedelta(days=20)
    goals.reopen_goal(goal_id=goal.pk, by=classroom.account, now=NOW, due_on=later)

    goal.refresh_from_db()
    assert (goal.state, goal.missed_because, goal.due_on) == (State.LIVE, "", later)
    assert GoalRevision.objects.get(what_changed="reopened").before["missed_because"] == "I was sick."


def test_reopen_goal_that_is_confirmed_is_refused(classroom):
    goal = make_goal(classroom.learner, state=State.ACHIEVED, achieved_at=NOW, confirmed_at=NOW)

    with pytest.raises(NotNow):
        goals.reopen_goal(goal_id=goal.pk, by=classroom.account, now=NOW)


def test_keep_for_later_and_bring_back_returns_a_reached_goal_as_reached(classroom):
    goal = make_goal(classroom.learner, state=State.ACHIEVED, achieved_at=NOW, confirmed_at=NOW)

    goals.keep_for_later(goal_id=goal.pk, by=classroom.account, now=NOW)
    assert goals.reopen_goal(goal_id=goal.pk, by=classroom.account, now=NOW).state == State.ACHIEVED


def test_tick_criterion_holds_for_lines_that_stand(classroom):
    goal = make_goal(classroom.learner, done_when="One\nTwo")

    goals.tick_criterion(goal_id=goal.pk, text="Two", met=True)
    goals.tick_criterion(goal_id=goal.pk, text="Three", met=True)

    goal.refresh_from_db()
    assert goal.met == ["Two"]


def test_tick_step_again_keeps_the_first_day(classroom):
    goal = make_goal(classroom.learner, steps=("One",))
    step = goal.steps.get()

    goals.tick_step(step=step, done=True, now=NOW - timedelta(days=3))
    goals.tick_step(step=step, done=True, now=NOW)

    step.refresh_from_db()
    assert step.done_at == NOW - timedelta(days=3)


def test_discard_draft_never_removes_a_live_goal(classroom):
    live = make_goal(classroom.learner)
    draft = make_goal(classroom.learner, state=State.DRAFT)

    goals.discard_draft(goal=live)
    goals.discard_draft(goal=draft)

    assert list(Goal.objects.all()) == [live]
