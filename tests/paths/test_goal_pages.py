"""Goals in the browser's eyes: forms, the page, two windows, who sees what."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.services.policies import Policies
from paths.models import CheckIn, Goal, Reflection
from paths.services.goal_page import goal_page
from profiles.models import Guardianship
from tests.factories.paths import make_check_in, make_goal, make_mastery, make_reflection
from tests.factories.profiles import make_district, make_guardian, make_learner
from tests.factories.standards import make_framework, make_standard

State = Goal.State


def form_of(**fields):
    return {"uuid": str(uuid.uuid4()), "what": "I can read a clock.", "do": "save", **fields}


def test_new_goal_is_live_and_leads_to_its_page(classroom, me):
    answer = me.post(
        reverse("goal_new"),
        form_of(
            why="To be on time.",
            done_when="I read ten clocks\n\n  I wrote one down ",
            due_on=(timezone.localdate() + timedelta(days=9)).isoformat(),
            standards=[classroom.standards[1].pk],
            step_text=["Ask for a clock", "", "Read it"],
            step_id=["", "", ""],
        ),
    )

    goal = Goal.objects.get()
    assert answer.url == reverse("goal", args=[goal.pk])
    assert (goal.state, goal.author) == (State.LIVE, classroom.account)
    assert goal.done_when == "I read ten clocks\nI wrote one down"
    assert [step.text for step in goal.steps.all()] == ["Ask for a clock", "Read it"]
    assert list(goal.standards.all()) == [classroom.standards[1]]


def test_new_goal_without_a_sentence_is_refused_and_keeps_what_was_typed(me):
    answer = me.post(reverse("goal_new"), form_of(what=" ", why="Because.", step_text=["One"], step_id=[""]))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Write your goal in one sentence." in page
    assert "Because." in page
    assert 'value="One"' in page
    assert not Goal.objects.exists()


def test_new_goal_until_a_day_that_is_over_is_refused(me):
    answer = me.post(reverse("goal_new"), form_of(due_on="2020-01-01"))

    assert answer.status_code == 422
    assert "Pick a day that is still to come." in answer.content.decode()


def test_new_goal_with_a_standard_of_another_district_is_refused(me):
    foreign = make_standard(make_framework(make_district()))

    assert me.post(reverse("goal_new"), form_of(standards=[foreign.pk])).status_code == 422


def test_draft_is_kept_while_typing_and_nobody_else_meets_it(classroom, me, teacher):
    values = form_of(what="I can")
    url = reverse("goal_draft", args=[classroom.learner.pk])

    assert me.post(url, values).json()["saved"] is True
    assert me.post(url, values | {"what": "I can read"}).json()["saved"] is True

    draft = Goal.objects.get()
    assert (draft.what, draft.state) == ("I can read", State.DRAFT)
    assert "I can read" in me.get(reverse("goals")).content.decode()
    for address in (reverse("goal", args=[draft.pk]), reverse("goal_edit", args=[draft.pk])):
        assert teacher.get(address).status_code == 404
    assert "I can read" not in teacher.get(reverse("learner", args=[classroom.learner.pk])).content.decode()


def test_draft_without_a_word_is_not_kept(classroom, me):
    answer = me.post(reverse("goal_draft", args=[classroom.learner.pk]), form_of(what=""))

    assert answer.json() == {"saved": False}
    assert not Goal.objects.exists()


def test_draft_for_another_learner_is_not_there(classroom, me):
    other = classroom.classmate()

    assert me.post(reverse("goal_draft", args=[other.pk]), form_of()).status_code == 404
    assert not Goal.objects.exists()


def test_draft_that_is_finished_is_the_same_goal(classroom, me):
    values = form_of(what="I can")
    me.post(reverse("goal_draft", args=[classroom.learner.pk]), values)
    draft = Goal.objects.get()

    me.post(reverse("goal_edit", args=[draft.pk]), form_of())

    assert [(goal.pk, goal.state, goal.what) for goal in Goal.objects.all()] == [
        (draft.pk, State.LIVE, "I can read a clock.")
    ]


def test_draft_is_thrown_away_by_its_writer_only(classroom, me, teacher):
    draft = make_goal(classroom.learner, state=State.DRAFT)
    live = make_goal(classroom.learner)

    assert teacher.post(reverse("goal_discard", args=[draft.pk])).status_code == 404
    assert me.post(reverse("goal_discard", args=[live.pk])).status_code == 404
    me.post(reverse("goal_discard", args=[draft.pk]))

    assert list(Goal.objects.all()) == [live]


def test_edit_from_two_windows_shows_both_texts_and_loses_neither(classroom, me):
    goal = make_goal(classroom.learner, what="As it was")
    url = reverse("goal_edit", args=[goal.pk])
    me.post(url, form_of(version="1", what="From the first window"))

    second = form_of(version="1", what="From the second window")
    answer = me.post(url, second)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "From the second window" in page
    assert "From the first window" in page
    assert Goal.objects.get().what == "From the first window"

    assert 'name="version" value="2"' in page
    me.post(url, second | {"version": "2"})
    goal.refresh_from_db()
    assert goal.what == "From the second window"
    assert [row.before["what"] for row in goal.revisions.all()] == ["From the first window", "As it was"]


def test_check_in_twice_is_one_and_can_be_changed_today(classroom, me):
    goal = make_goal(classroom.learner)
    url, form = reverse("goal_check_in", args=[goal.pk]), str(uuid.uuid4())

    for _ in range(2):
        me.post(url, {"uuid": form, "confidence": "4", "text": ""})
    page = me.get(reverse("goal", args=[goal.pk])).content.decode()

    assert [(row.confidence, row.by) for row in CheckIn.objects.all()] == [(4, classroom.account)]
    assert f'value="{form}"' in page
    assert "Saved for today." in page


@pytest.mark.parametrize("values", [{"confidence": "6"}, {"confidence": ""}, {"confidence": "3", "text": "x" * 281}])
def test_check_in_out_of_range_is_refused_with_a_message(classroom, me, values):
    goal = make_goal(classroom.learner)

    answer = me.post(reverse("goal_check_in", args=[goal.pk]), {"uuid": str(uuid.uuid4()), **values}, follow=True)

    assert "Your check-in was not kept." in answer.content.decode()
    assert not CheckIn.objects.exists()


def test_reflection_draft_is_read_by_its_writer_only(classroom, me, teacher):
    goal = make_goal(classroom.learner)
    values = {"uuid": str(uuid.uuid4()), "text": "Drawing it", "helped": ["drawing"]}

    assert me.post(reverse("goal_reflect", args=[goal.pk]), values | {"do": "draft"}).json() == {"saved": True}

    assert "Drawing it" in me.get(reverse("goal", args=[goal.pk])).content.decode()
    assert "Drawing it" not in teacher.get(reverse("goal", args=[goal.pk])).content.decode()

    me.post(reverse("goal_reflect", args=[goal.pk]), values | {"text": "Drawing it helped."})
    assert "Drawing it helped." in teacher.get(reverse("goal", args=[goal.pk])).content.decode()
    assert Reflection.objects.get().is_draft is False


def test_reflection_of_nothing_is_refused_with_a_way_out(classroom, me):
    goal = make_goal(classroom.learner)

    answer = me.post(reverse("goal_reflect", args=[goal.pk]), {"uuid": str(uuid.uuid4()), "text": " "}, follow=True)

    assert "Pick what helped you, or write a line about it." in answer.content.decode()
    assert not Reflection.objects.exists()


@pytest.mark.parametrize(("level", "is_met"), [(None, False), (2, False), (3, True)])
def test_goal_page_ticks_a_line_that_names_its_standard_by_the_level(classroom, level, is_met):
    named, other = classroom.standards[:2]
    goal = make_goal(
        classroom.learner, standards=(named, other), done_when=f"{named.short_title} is Secure\nI taught it"
    )
    if level:
        make_mastery(classroom.learner, named, level)

    page = goal_page(goal, policies=Policies(classroom.district.pk), today=timezone.localdate(), for_learner=True)

    assert [(line.text, line.own, line.is_met) for line in page.criteria] == [
        (f"{named.short_title} is Secure", False, is_met),
        ("I taught it", True, False),
        (other.short_title, False, False),
        ("I wrote what helped me", False, False),
        ("My teacher confirms it", False, False),
    ]


def test_close_asks_one_question_and_the_goal_comes_back(classroom, me):
    goal = make_goal(classroom.learner)
    me.post(reverse("goal_close", args=[goal.pk]), {"reached": "0", "because": "I was sick."})

    assert "I was sick." in me.get(reverse("goal", args=[goal.pk])).content.decode()

    me.post(reverse("goal_reopen", args=[goal.pk]))
    goal.refresh_from_db()
    assert goal.state == State.LIVE


def test_keep_for_later_moves_the_goal_to_its_own_place(classroom, me):
    goal = make_goal(classroom.learner)

    page = me.post(reverse("goal_keep", args=[goal.pk]), follow=True).content.decode()

    assert "Kept for later" in page
    assert goal.what in page


@pytest.mark.parametrize(
    "name", ["goal_check_in", "goal_reflect", "goal_criterion", "goal_close", "goal_keep", "goal_reopen"]
)
def test_acts_of_the_learner_are_not_there_for_others(classroom, as_account, name):
    goal = make_goal(classroom.learner)
    url = reverse(name, args=[goal.pk])

    for account in (classroom.teacher, classroom.guardian(), classroom.classmate().account):
        assert as_account(account).post(url, {"reached": "1"}).status_code == 404

    goal.refresh_from_db()
    assert goal.state == State.LIVE


def test_goal_page_is_read_by_the_family_without_anything_to_change(classroom, as_account):
    goal = make_goal(classroom.learner, steps=("One",), done_when="Two")
    make_check_in(goal, text="On the way.")
    make_reflection(goal)

    page = as_account(classroom.guardian()).get(reverse("goal", args=[goal.pk])).content.decode()

    assert "On the way." in page
    assert "Drawing it helped." in page
    assert "check-in/" not in page
    assert "reply/" not in page


def test_goal_page_is_not_there_for_strangers(classroom, stranger, as_account):
    goal = make_goal(classroom.learner)
    url = reverse("goal", args=[goal.pk])

    elsewhere = make_guardian(make_learner(classroom.school))
    for account in (stranger, classroom.classmate().account, elsewhere):
        assert as_account(account).get(url).status_code == 404


def test_teacher_answers_a_check_in_and_the_learner_reads_it(classroom, me, teacher):
    row = make_check_in(make_goal(classroom.learner), text="Slower but right.")

    teacher.post(reverse("check_in_reply", args=[row.pk]), {"text": "A good trade."})

    assert "A good trade." in me.get(reverse("goal", args=[row.goal_id])).content.decode()


def test_teacher_of_another_class_who_is_the_parent_reads_but_does_not_review(classroom, stranger, as_account):
    """A guardian's rights do not turn into a teacher's by teaching somewhere else."""
    Guardianship.objects.create(
        account=stranger,
        learner=classroom.learner,
        starts_on=timezone.localdate() - timedelta(days=9),
        confirmed_at=timezone.now(),
    )
    goal = make_goal(classroom.learner, standards=(classroom.standards[0],))
    client = as_account(stranger)

    assert client.get(reverse("goal", args=[goal.pk])).status_code == 200
    assert client.post(reverse("goal_review", args=[goal.pk]), {"do": "agree"}).status_code == 404
    assert client.get(reverse("goal_edit", args=[goal.pk])).status_code == 404


def test_goal_of_a_learner_written_by_the_teacher_is_agreed(classroom, teacher, me):
    teacher.post(
        reverse("learner_goal_new", args=[classroom.learner.pk]), form_of(standards=[classroom.standards[0].pk])
    )

    goal = Goal.objects.get()
    assert (goal.agreed_by, goal.learner) == (classroom.teacher, classroom.learner)
    assert goal.what in me.get(reverse("goals")).content.decode()


def test_form_that_comes_back_from_finding_standards_is_shown_and_saves_nothing(classroom, me):
    elsewhere = make_standard(make_framework(classroom.district), code="7.RP.1")

    answer = me.post(
        reverse("goal_new"),
        {**form_of(why="To be on time."), "do": "", "picker-back": "/goals/new/", "standards": [elsewhere.pk]},
    )

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "To be on time." in page
    assert f'name="standards" value="{elsewhere.pk}" checked' in page
    assert not Goal.objects.exists()
