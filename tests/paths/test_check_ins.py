"""Check-ins and reflections: sent twice is once, and no line is lost."""

import uuid

import pytest
from django.utils import timezone

from paths.models import CheckIn, Goal, Reflection
from paths.services import check_ins
from paths.services.errors import UuidTaken
from tests.factories.paths import make_check_in, make_goal

NOW = timezone.now()


def tap(goal, form, confidence=3, text="", seen_text=""):
    return check_ins.check_in(
        goal=goal, uuid=form, confidence=confidence, text=text, seen_text=seen_text, by=goal.author, now=NOW
    )


def said():
    return sorted((row.confidence, row.text) for row in CheckIn.objects.all())


def test_check_in_twice_with_one_form_is_one(classroom):
    goal, form = make_goal(classroom.learner), uuid.uuid4()
    tap(goal, form, 4, "Better.")
    tap(goal, form, 4, "Better.")

    assert said() == [(4, "Better.")]


def test_check_in_again_with_the_same_form_corrects_it(classroom):
    goal, form = make_goal(classroom.learner), uuid.uuid4()
    tap(goal, form, 4)
    tap(goal, form, 2, "Not so sure now.")

    assert said() == [(2, "Not so sure now.")]


def test_check_in_after_an_answer_is_a_new_one(classroom):
    goal, form = make_goal(classroom.learner), uuid.uuid4()
    row = tap(goal, form, 4, "Better.")
    check_ins.reply(to=row, text="Which one?", by=classroom.teacher, now=NOW)

    tap(goal, form, 2, "The second.", seen_text="Better.")

    assert said() == [(2, "The second."), (4, "Better.")]


def test_check_in_from_two_windows_keeps_both_lines(classroom):
    goal, form = make_goal(classroom.learner), uuid.uuid4()
    tap(goal, form, 4)
    tap(goal, form, 4, "From the first window.")
    tap(goal, form, 3, "From the second window.")

    assert said() == [(3, "From the second window."), (4, "From the first window.")]


def test_check_in_with_the_identifier_of_another_goal_is_refused(classroom):
    other = make_check_in(make_goal(classroom.classmate()))

    with pytest.raises(UuidTaken):
        tap(make_goal(classroom.learner), other.uuid)

    assert CheckIn.objects.get() == other


def test_check_in_answers_a_question(classroom):
    goal = make_goal(classroom.learner, standards=(classroom.standards[0],), asked_at=NOW)

    tap(goal, uuid.uuid4(), 3, "By Friday.")

    assert list(Goal.objects.awaiting_review()) == [goal]


def reflect(goal, form, text, *, is_draft, helped=()):
    return check_ins.save_reflection(
        goal=goal, uuid=form, helped=helped, text=text, is_draft=is_draft, by=goal.author, now=NOW
    )


def test_reflection_grows_as_a_draft_and_is_sent_once(classroom):
    goal, form = make_goal(classroom.learner), uuid.uuid4()
    reflect(goal, form, "Draw", is_draft=True)
    reflect(goal, form, "Drawing helped.", is_draft=False, helped=["again", "drawing", "nonsense"])

    row = Reflection.objects.get()
    assert (row.text, row.helped, row.is_draft) == ("Drawing helped.", ["drawing", "again"], False)


def test_reflection_that_was_sent_stays_as_it_was_read(classroom):
    """A late autosave, or a second click, does not change what the teacher reads."""
    goal, form = make_goal(classroom.learner), uuid.uuid4()
    reflect(goal, form, "Drawing helped.", is_draft=False)
    reflect(goal, form, "Draw", is_draft=True)
    reflect(goal, form, "Something else.", is_draft=False)

    row = Reflection.objects.get()
    assert (row.text, row.is_draft) == ("Drawing helped.", False)
