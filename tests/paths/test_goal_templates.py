"""Goals that a teacher offers: a draft of the learner's own, never live over their head."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Group, GroupMember
from paths.models import Goal, GoalTemplate
from paths.services.goal_templates import (
    TemplateChanged,
    TemplateWords,
    offer_goal,
    offers_of,
    save_template,
    take_offer_back,
)
from tests.budgets import assert_statements
from tests.factories.profiles import make_learner, make_teacher

NOW = timezone.now()
State = Goal.State


@pytest.fixture
def template(classroom):
    words = TemplateWords(
        what="I can read a clock …",
        why="Buses do not wait.",
        steps=("Ask for a clock", "Read ten"),
        days=10,
        standard_ids=(classroom.standards[0].pk,),
    )
    return save_template(words=words, by=classroom.teacher, now=NOW)


def offer(classroom, template, *learners, now=None):
    ids = [learner.pk for learner in learners or (classroom.learner,)]
    return offer_goal(template_id=template.pk, learner_ids=ids, by=classroom.teacher, now=now or NOW)


def test_offer_gives_a_draft_with_words_steps_standards_and_day(classroom, template):
    offer(classroom, template)

    goal = Goal.objects.get()
    assert (goal.state, goal.what, goal.due_on) == (
        State.DRAFT,
        "I can read a clock …",
        timezone.localdate() + timedelta(days=10),
    )
    assert [step.text for step in goal.steps.all()] == ["Ask for a clock", "Read ten"]
    assert list(goal.standards.all()) == [classroom.standards[0]]


def test_offered_draft_is_read_by_the_learner_alone(classroom, template):
    offer(classroom, template)

    readers = (classroom.account, classroom.teacher, classroom.guardian(), classroom.classmate().account)
    assert [Goal.objects.visible_to(reader).count() for reader in readers] == [1, 0, 0, 0]


def test_learner_makes_the_offer_their_own_and_then_it_waits_for_a_yes(classroom, template, me):
    offer(classroom, template)
    goal = Goal.objects.get()
    page = me.get(reverse("goals")).content.decode()
    assert "For you to make your own" in page
    form = me.get(reverse("goal_edit", args=[goal.pk])).content.decode()
    assert f"{classroom.teacher.name} began this goal for you." in form

    values = {"what": "I read the kitchen clock.", "standards": [classroom.standards[0].pk], "do": "save"}
    me.post(reverse("goal_edit", args=[goal.pk]), values | {"uuid": str(goal.uuid), "version": 1})

    goal.refresh_from_db()
    assert (goal.state, goal.what, goal.author) == (State.LIVE, "I read the kitchen clock.", classroom.account)
    assert list(Goal.objects.awaiting_review()) == [goal]


def test_learner_without_an_account_finds_the_offer_once_there_is_one(classroom, template, as_account):
    learner = classroom.classmate()
    account, learner.account = learner.account, None
    learner.save()
    offer(classroom, template, learner)
    learner.account = account
    learner.save()
    goal = Goal.objects.get()

    values = {"uuid": str(goal.uuid), "version": 1, "what": "Mine now.", "do": "save"}
    as_account(account).post(reverse("goal_edit", args=[goal.pk]), values)

    goal.refresh_from_db()
    assert (goal.state, goal.author) == (State.LIVE, account)


def test_learner_may_say_that_it_is_not_for_them(classroom, template, me):
    offer(classroom, template)

    me.post(reverse("goal_discard", args=[Goal.objects.get().pk]))

    assert list(Goal.objects.all()) == []


def test_offer_twice_gives_one(classroom, template):
    assert [len(offer(classroom, template)) for _ in range(2)] == [1, 0]
    assert Goal.objects.count() == 1


def test_offer_to_learners_of_others_gives_nothing(classroom, template, stranger):
    given = offer_goal(template_id=template.pk, learner_ids=[classroom.learner.pk], by=stranger, now=NOW)

    assert (given, list(Goal.objects.all())) == ([], [])


def test_offer_to_a_class_costs_what_one_costs(classroom, template):
    first = classroom.classmate()
    others = [classroom.classmate() for _ in range(20)]
    with assert_statements(at_most=8):
        offer(classroom, template, first)
    with assert_statements(at_most=8):
        offer(classroom, template, *others)


def test_offer_is_taken_back_from_those_who_have_not_begun(classroom, template, me):
    offer(classroom, template, classroom.learner, classroom.classmate(), classroom.classmate())
    begun = Goal.objects.get(learner=classroom.learner)
    url = reverse("goal_draft", args=[classroom.learner.pk])
    me.post(url, {"uuid": str(begun.uuid), "version": 1, "what": "Mine now."})
    (found,) = offers_of([template], classroom.teacher)[template.pk]
    assert (found.given, found.taken, found.untouched) == (3, 0, 2)

    assert take_offer_back(template=template, at=found.at, by=classroom.teacher) == 2
    assert [goal.what for goal in Goal.objects.all()] == ["Mine now."]


def test_template_that_another_window_changed_is_not_overwritten(classroom, template):
    def save(text):
        words = TemplateWords(what=text)
        return save_template(words=words, by=classroom.teacher, now=NOW, template_id=template.pk, version=1)

    save("First.")
    with pytest.raises(TemplateChanged):
        save("Second.")
    assert GoalTemplate.objects.get().what == "First."


def test_template_is_written_and_offered_to_a_class_in_the_browser_of_a_teacher(classroom, teacher):
    answer = teacher.post(reverse("goal_template_new"), {"what": "I can …", "steps": "One\nTwo", "days": "5"})
    template = GoalTemplate.objects.get()
    assert answer.url == reverse("goal_template_give", args=[template.pk])

    page = teacher.get(answer.url).content.decode()
    chosen = re.findall(r'name="learners"\s+value="(\d+)"\s+checked', page)
    answer = teacher.post(answer.url, {"learners": chosen}, follow=True)

    assert "Offered to 1 student" in answer.content.decode()
    assert Goal.objects.get().learner == classroom.learner


def test_group_ticks_its_members_only(classroom, template, teacher):
    today = timezone.localdate()
    group = Group.objects.create(
        section=classroom.section,
        letter="B",
        purpose=Group.Purpose.PRACTISE,
        focus=classroom.standards[0],
        starts_on=today,
        ends_on=today,
    )
    GroupMember.objects.create(group=group, learner=classroom.learner)
    classroom.classmate()

    page = teacher.get(reverse("goal_template_give", args=[template.pk]), {"group": group.pk}).content.decode()

    assert re.findall(r'name="learners"\s+value="(\d+)"\s+checked', page) == [str(classroom.learner.pk)]
    assert page.count('name="learners"') == 2


def test_colleague_offers_what_is_shared_and_changes_nothing_of_it(classroom, template, as_account):
    colleague = as_account(make_teacher(classroom.roster))
    give, edit = (reverse(f"goal_template_{act}", args=[template.pk]) for act in ("give", "edit"))
    assert colleague.get(give).status_code == 404

    GoalTemplate.objects.update(is_shared=True)
    assert (colleague.get(give).status_code, colleague.get(edit).status_code) == (200, 404)


@pytest.mark.parametrize("values", [{}, {"what": ""}, {"what": "I can.", "days": "0"}, {"what": "x" * 281}])
def test_template_that_cannot_be_kept_says_why(teacher, values):
    assert teacher.post(reverse("goal_template_new"), values).status_code == 422
    assert list(GoalTemplate.objects.all()) == []


def test_template_is_put_away_and_comes_back(template, teacher):
    url = reverse("goal_template_away", args=[template.pk])
    teacher.post(url)
    assert "No goals to offer yet" in teacher.get(reverse("goal_templates")).content.decode()
    teacher.post(url, {"away": "0"})
    assert "No goals to offer yet" not in teacher.get(reverse("goal_templates")).content.decode()


def test_offering_tells_whom_it_left_out_and_why(classroom, template, teacher):
    has = classroom.learner
    offer_goal(template_id=template.pk, learner_ids=[has.pk], by=classroom.teacher, now=NOW)
    stranger = make_learner(classroom.school)

    page = teacher.post(
        reverse("goal_template_give", args=[template.pk]), {"learners": [has.pk, stranger.pk]}, follow=True
    )

    assert [str(said) for said in page.context["messages"]] == [
        "1 student has it already.",
        "1 student is not in a class of yours, and was left out.",
    ]
