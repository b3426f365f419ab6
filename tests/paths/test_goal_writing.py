"""Writing a goal: beginnings of sentences, steps in order, and words that come back to whoever typed them."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from paths.models import CheckIn, Goal, GoalEdit, StarterSet
from paths.services import goals
from paths.services.goal_history import readings_of
from paths.services.goal_words import GoalWords, StepWords
from paths.services.starters import StartersChanged, default_lines, save_starters, starters_for
from paths.starter_words import DEFAULTS, band_of
from tests.factories.paths import make_goal, make_reflection
from tests.factories.profiles import make_district_admin

NOW = timezone.now()
State = Goal.State


@pytest.fixture
def goal(classroom):
    return make_goal(classroom.learner, steps=("One", "Two", "Three"))


def typed(goal, **values):
    steps = list(goal.steps.all())
    return {
        "uuid": str(goal.uuid),
        "version": goal.version,
        "what": goal.what,
        "step_id": [step.pk for step in steps],
        "step_text": [step.text for step in steps],
        **values,
    }


def open_form(client, goal):
    return client.get(reverse("goal_edit", args=[goal.pk])).content.decode()


@pytest.mark.parametrize(
    ("grade", "band"),
    [("PK", "k2"), ("KG", "k2"), ("02", "k2"), ("3", "g35"), ("", "g35"), ("08", "g68"), ("12", "g912")],
)
def test_band_follows_the_grade(grade, band):
    assert band_of(grade) == band


def test_every_band_has_beginnings_for_every_part():
    assert {band: set(parts) for band, parts in DEFAULTS.items()} == {
        band: set(StarterSet.Part) for band in StarterSet.Band
    }


def test_form_shows_the_beginnings_of_the_age(classroom, me):
    classroom.learner.grade = "07"
    classroom.learner.save()

    page = me.get(reverse("goal_new")).content.decode()

    assert [line in page for line in default_lines("g68", "what")] == [True] * 3
    assert [line in page for line in default_lines("k2", "why")] == [False] * 2


def test_beginnings_of_the_district_stand_before_ours_and_go_back(classroom):
    admin = make_district_admin(classroom.district)
    band = band_of(classroom.learner.grade)
    key, ours = (band, "what"), "\n".join(default_lines(band, "what"))

    assert save_starters(lines={key: "We will …\nWe can …"}, seen={key: ours}, by=admin, now=NOW) == 1
    assert starters_for(classroom.learner)["what"] == ["We will …", "We can …"]

    save_starters(lines={key: ""}, seen={key: "We will …\nWe can …"}, by=admin, now=NOW)
    assert starters_for(classroom.learner)["what"] == default_lines(band, "what")
    assert list(StarterSet.objects.all()) == []


def test_beginnings_that_another_window_changed_are_not_overwritten(classroom):
    admin = make_district_admin(classroom.district)
    key = ("k2", "why")
    ours = "\n".join(default_lines(*key))
    save_starters(lines={key: "Theirs …"}, seen={key: ours}, by=admin, now=NOW)

    with pytest.raises(StartersChanged) as refused:
        save_starters(lines={key: "Mine …"}, seen={key: ours}, by=admin, now=NOW)

    assert refused.value.keys == [key]
    assert StarterSet.objects.get().lines == "Theirs …"


def test_step_is_moved_without_script_and_nothing_typed_is_lost(goal, me):
    page = me.post(reverse("goal_edit", args=[goal.pk]), typed(goal, what="Half typed", move="up-2")).content.decode()

    assert "Half typed" in page
    assert page.index('value="One"') < page.index('value="Three"') < page.index('value="Two"')
    assert [step.text for step in goal.steps.all()] == ["One", "Two", "Three"]


@pytest.mark.parametrize("move", ["up-0", "down-2", "up-9", "sideways", "up-x"])
def test_step_that_cannot_move_stays(goal, me, move):
    page = me.post(reverse("goal_edit", args=[goal.pk]), typed(goal, move=move)).content.decode()

    assert page.index('value="One"') < page.index('value="Two"') < page.index('value="Three"')


def test_moved_steps_keep_their_ticks(classroom, goal, me):
    first = goal.steps.first()
    goals.tick_step(step=first, done=True, now=NOW)
    steps = list(goal.steps.all())

    me.post(
        reverse("goal_edit", args=[goal.pk]),
        typed(goal, step_id=[steps[2].pk, steps[0].pk], step_text=["Three", "One"]),
    )

    assert [(step.text, step.done_at) for step in goal.steps.all()] == [("Three", None), ("One", NOW)]


def test_words_that_were_not_saved_come_back_to_their_author_alone(classroom, goal, me, as_account):
    me.post(reverse("goal_typing", args=[goal.pk]), typed(goal, what="Not saved yet"))

    goal.refresh_from_db()
    assert goal.what != "Not saved yet"
    assert "Not saved yet" in open_form(me, goal)
    assert "Not saved yet" not in open_form(as_account(classroom.teacher), goal)
    assert "Not saved yet" not in me.get(reverse("goal", args=[goal.pk])).content.decode()


def test_words_that_were_saved_or_thrown_away_do_not_come_back(goal, me):
    me.post(reverse("goal_typing", args=[goal.pk]), typed(goal, what="First"))
    me.post(reverse("goal_edit", args=[goal.pk]), typed(goal, what="Second"))
    assert list(GoalEdit.objects.all()) == []

    goal.refresh_from_db()
    me.post(reverse("goal_typing", args=[goal.pk]), typed(goal, what="Third"))
    me.post(reverse("goal_typing", args=[goal.pk]), {"do": "drop"})
    assert "Third" not in open_form(me, goal)


def test_unsaved_words_over_a_goal_that_changed_meanwhile_show_both(classroom, goal, me):
    me.post(reverse("goal_typing", args=[goal.pk]), typed(goal, what="Typed before"))
    old = goal.version
    goals.revise_goal(
        goal_id=goal.pk, version=old, words=GoalWords(what="Saved by the teacher"), by=classroom.teacher, now=NOW
    )

    answer = me.post(reverse("goal_edit", args=[goal.pk]), typed(goal, what="Typed before", version=old))

    page = answer.content.decode()
    assert answer.status_code == 409
    assert ["Typed before" in page, "Saved by the teacher" in page] == [True, True]


def test_goal_reads_as_it_did_at_each_time(classroom):
    words = GoalWords(what="First", why="Because", done_when="A", steps=(StepWords(None, "One"),))
    goal = goals.write_goal(learner=classroom.learner, uuid=uuid.uuid4(), words=words, by=classroom.account, now=NOW)
    second = GoalWords(what="Second", standard_ids=(classroom.standards[0].pk,))
    goals.revise_goal(goal_id=goal.pk, version=1, words=second, by=classroom.teacher, now=NOW)

    found = readings_of(Goal.objects.get(pk=goal.pk))

    label = classroom.standards[0].label
    assert [(row.what, row.why, row.done_when, row.steps, row.standards) for row in found] == [
        ("Second", "", (), (), (label,)),
        ("First", "Because", ("A",), ("One",), ()),
    ]
    assert [row.by for row in found] == [classroom.teacher, classroom.account]


def test_history_is_read_by_learner_teacher_and_family(classroom, goal, me, as_account, stranger):
    goals.revise_goal(goal_id=goal.pk, version=1, words=GoalWords(what="Other"), by=classroom.account, now=NOW)
    url = reverse("goal_history", args=[goal.pk])

    readers = [me, as_account(classroom.teacher), as_account(classroom.guardian())]
    assert [goal.what in reader.get(url).content.decode() for reader in readers] == [True] * 3
    assert as_account(stranger).get(url).status_code == 404


def test_check_in_says_how_far_it_is(classroom, goal, me):
    values = {"uuid": str(uuid.uuid4()), "confidence": "4"}
    me.post(reverse("goal_check_in", args=[goal.pk]), values | {"progress": "3"})
    me.post(reverse("goal_check_in", args=[goal.pk]), values)

    assert [(row.confidence, row.progress) for row in CheckIn.objects.all()] == [(4, 3)]


@pytest.mark.parametrize("progress", ["0", "6", "x"])
def test_check_in_with_another_progress_is_refused(goal, me, progress):
    values = {"uuid": str(uuid.uuid4()), "confidence": "4", "progress": progress}
    me.post(reverse("goal_check_in", args=[goal.pk]), values)

    assert list(CheckIn.objects.all()) == []


def test_goal_is_closed_with_what_helped_in_one_go(goal, me):
    values = {"uuid": str(uuid.uuid4()), "helped": ["again"], "text": "I drew it.", "do": "close"}
    for _ in range(2):
        me.post(reverse("goal_reflect", args=[goal.pk]), values)

    goal.refresh_from_db()
    assert (goal.state, [row.text for row in goal.reflections.all()]) == (State.ACHIEVED, ["I drew it."])


def test_goal_is_not_closed_as_reached_without_a_word_of_what_helped(goal, me):
    answer = me.post(reverse("goal_close", args=[goal.pk]), {"reached": "1"}, follow=True)
    goal.refresh_from_db()
    assert goal.state == State.LIVE
    assert "Say first what helped you." in answer.content.decode()

    make_reflection(goal)
    me.post(reverse("goal_close", args=[goal.pk]), {"reached": "1"})
    goal.refresh_from_db()
    assert goal.state == State.ACHIEVED
