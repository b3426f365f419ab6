"""A learner's week: a tap a thing, nothing planned by somebody else, what is fixed beside it."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from paths.models import Step, WeekItem
from paths.services import weeks
from paths.services.weeks import monday_of, read_week
from tests.budgets import assert_statements
from tests.factories.paths import make_goal, make_path

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(classroom):
    return reverse("learner_week", args=[classroom.learner.pk])


@pytest.fixture
def monday():
    return monday_of(timezone.localdate())


def planned(classroom):
    """[(weekday, kind, text)] of this week."""
    days = read_week(classroom.learner, today=timezone.localdate())
    return [(day.day.weekday(), item.kind, item.text) for day in days for item in day.items]


@pytest.mark.parametrize(
    ("today", "monday"),
    [
        (date(2026, 11, 16), date(2026, 11, 16)),
        (date(2026, 11, 20), date(2026, 11, 16)),
        (date(2026, 11, 21), date(2026, 11, 23)),  # Saturday plans the next one
        (date(2026, 11, 22), date(2026, 11, 23)),
        (date(2026, 12, 31), date(2026, 12, 28)),
    ],
)
def test_week_is_this_one_and_at_its_end_the_next(today, monday):
    assert monday_of(today) == monday


def test_step_stands_on_one_day_and_moves_with_one_tap(classroom, me, url, monday):
    step = make_path(classroom.learner, steps=("Watch it", "Try it")).steps.first()
    for number in (0, 3):
        me.post(url, {"act": "step", "step": step.pk, "day": str(monday + timedelta(days=number))})

    assert planned(classroom) == [(3, "step", "Watch it")]
    page = me.get(url).content.decode()
    (pressed,) = re.findall(r'id="put-(\d+)-(\d)"\s+aria-pressed="true"', page)
    assert pressed == (str(step.pk), "4")


def test_own_words_come_once_however_often_the_form_is_sent(classroom, me, url, monday):
    form = {"act": "words", "text": "Build my bridge", "day": str(monday), "uuid": str(uuid4())}
    for _again in range(2):
        me.post(url, form)
    item = WeekItem.objects.get()
    assert planned(classroom) == [(0, "words", "Build my bridge")]
    me.post(url, {"act": "tick", "item": item.pk})
    item.refresh_from_db()
    assert item.done_at
    me.post(url, {"act": "off", "item": item.pk})
    assert planned(classroom) == []


def test_goal_and_done_step_stand_there_by_themselves(classroom, monday, me):
    make_goal(classroom.learner, what="I read a clock", due_on=monday + timedelta(days=4))
    step = make_path(classroom.learner, steps=("Watch it",)).steps.get()
    weeks.plan_step(step=step, day=monday, by=classroom.account)
    Step.objects.filter(pk=step.pk).update(done_at=timezone.now())

    assert planned(classroom) == [(0, "step", "Watch it"), (4, "goal", "I read a clock")]
    page = me.get(reverse("home"))
    assert [(item.text, item.is_done) for item in page.context["week"][0].items] == [("Watch it", True)]
    assert re.search(r'data-kind="step"\s+data-state="done"', page.content.decode())


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"day": "2020-01-06"}, "Pick a day of this week."),
        ({"day": "soon"}, "Pick a day of this week."),
        ({"text": " \0"}, "Write what you want to do."),
        ({"text": "x" * 121}, "Say it in 120 letters or fewer."),
    ],
)
def test_mistake_says_what_to_do_and_changes_nothing(classroom, me, url, monday, wrong, said):
    answer = me.post(url, {"act": "words", "text": "Build", "day": str(monday)} | wrong, follow=True)

    assert said in answer.content.decode()
    assert not WeekItem.objects.exists()


def test_full_day_and_step_of_somebody_else_are_refused(classroom, me, url, monday):
    theirs = make_path(classroom.classmate()).steps.first()
    assert me.post(url, {"act": "step", "step": theirs.pk, "day": str(monday)}).status_code == 404
    for number in range(weeks.MOST_A_DAY + 1):
        answer = me.post(url, {"act": "words", "text": f"Thing {number}", "day": str(monday)}, follow=True)
    assert "This day is full." in answer.content.decode()
    assert WeekItem.objects.count() == weeks.MOST_A_DAY


def test_teacher_and_family_read_the_week_and_nobody_plans_it_for_the_learner(classroom, as_account, url, monday):
    weeks.plan_words(uuid=uuid4(), text="Build my bridge", day=monday, by=classroom.account)
    for who in (classroom.teacher, classroom.guardian()):
        client = as_account(who)
        page = client.get(url).content.decode()
        assert "Build my bridge" in page
        assert "Take off" not in page
        assert client.post(url, {"act": "words", "text": "More", "day": str(monday)}).status_code == 404


def test_week_costs_the_same_for_much_as_for_little(classroom, me, url, monday):
    for _again in range(2):
        make_path(classroom.learner)
        me.get(url)
        with assert_statements(exactly=6):
            me.get(url)
        for number in range(5):
            weeks.plan_words(uuid=uuid4(), text=f"Thing {number}", day=monday, by=classroom.account)
