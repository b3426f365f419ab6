"""Pace: what a path keeps of it, who comes up on Today, and the class on one page."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from paths.models import Path
from paths.pace import add_weekdays, weekdays_between
from paths.sequencing import Part, PartKind
from paths.services import plans
from paths.services.class_paths import paths_of_class
from paths.services.plans import Outline, StepPlan
from tests.budgets import assert_statements

TODAY = timezone.localdate
SEQUENCE = Outline()


def days_ago(n):
    noon = datetime.combine(TODAY() - timedelta(days=n), datetime.min.time(), ZoneInfo("America/New_York"))
    return noon + timedelta(hours=12)


def assign(classroom, learner, *titles, ago=0, outline=SEQUENCE, **step):
    steps = [StepPlan(title, **step) for title in titles or ("Watch", "Try")]
    (path,) = plans.assign_path(
        learners=[learner], title="Clocks", steps=steps, by=classroom.teacher, now=days_ago(ago), outline=outline
    )
    return path


def kept(path):
    found = Path.objects.get(pk=path.pk)
    return found.now_since, found.planned_days, found.look_on


def test_pace_is_kept_from_the_first_day_on(classroom):
    since = TODAY() - timedelta(days=4)

    path = assign(classroom, classroom.learner, ago=4, minutes_expected=35)

    assert kept(path) == (since, 2, add_weekdays(since, 5))


def test_pace_begins_anew_with_each_tick_and_ends_with_the_last(classroom):
    path = assign(classroom, classroom.learner, ago=9)
    first, second = path.steps.all()

    plans.tick_step(step=first, done=True, by=classroom.account, now=days_ago(3))
    assert kept(path)[0] == TODAY() - timedelta(days=3)
    plans.tick_step(step=first, done=False, by=classroom.account, now=days_ago(2))
    assert kept(path)[0] == TODAY() - timedelta(days=9)
    for step in (first, second):
        plans.tick_step(step=step, done=True, by=classroom.account, now=days_ago(1))
    assert kept(path) == (None, None, None)


def test_pace_of_a_choice_runs_too(classroom):
    path = assign(classroom, classroom.learner, "A", "B", ago=5, outline=Outline((Part(PartKind.CHOICE, pick=1),)))
    assert kept(path)[:2] == (TODAY() - timedelta(days=5), 3)

    plans.choose_step(step=path.steps.first(), now=days_ago(1))
    assert kept(path)[:2] == (TODAY() - timedelta(days=1), 3)


def rows(classroom, *learners):
    found = paths_of_class(classroom.section, [classroom.learner, *learners], today=TODAY())
    return [(row.learner, row.number if row.shown else None, row.wants_look) for row in found]


def test_class_paths_begin_with_who_could_use_a_look_and_end_with_who_has_none(classroom):
    slow, slower, none = classroom.classmate(), classroom.classmate(), classroom.classmate()
    assign(classroom, classroom.learner)
    assign(classroom, slow, ago=20)
    path = assign(classroom, slower, ago=60)
    plans.tick_step(step=path.steps.first(), done=True, by=slower.account, now=days_ago(40))

    assert rows(classroom, slow, slower, none) == [
        (slower, 2, True),
        (slow, 1, True),
        (classroom.learner, 1, False),
        (none, None, False),
    ]


@pytest.mark.parametrize("many", [1, 6])
def test_class_paths_cost_one_statement_however_many(classroom, many):
    learners = [classroom.classmate() for _ in range(many)]
    for learner in learners:
        assign(classroom, learner)

    with assert_statements(exactly=1):
        paths_of_class(classroom.section, learners, today=TODAY())


def test_class_paths_page_says_days_and_plan(classroom, teacher):
    path = assign(classroom, classroom.learner, ago=20, minutes_expected=60)
    days = weekdays_between(kept(path)[0], TODAY())

    page = teacher.get(reverse("section_paths", args=[classroom.section.pk])).content.decode()

    assert f"for {days} days, planned 3" in page
    assert "1 could use a look." in page


def test_today_shows_each_slow_path_and_several_as_one_line(classroom, teacher):
    assign(classroom, classroom.learner, ago=20)
    assign(classroom, classroom.classmate())

    page = teacher.get(reverse("today")).content.decode()
    assert page.count("</strong> could use a look") == 1
    assert f"<strong>{classroom.learner.name}</strong> could use a look at the path" in page

    for _ in range(3):
        assign(classroom, classroom.classmate(), ago=20)
    page = teacher.get(reverse("today")).content.decode()
    assert "<strong>4 paths</strong> could use a look" in page
    assert f'href="{reverse("class_paths")}"' in page


def test_path_that_is_put_away_never_comes_up(classroom, teacher):
    path = assign(classroom, classroom.learner, ago=20)
    plans.put_away(path=path, now=timezone.now())

    assert "could use a look" not in teacher.get(reverse("today")).content.decode()


def test_my_path_says_since_when_gently_and_what_is_ahead_of_plan(classroom, as_account):
    path = assign(classroom, classroom.learner, ago=20, due_on=add_weekdays(TODAY(), 2))
    learner = as_account(classroom.account)
    assert "You are on this step since" not in learner.get(reverse("my_path")).content.decode()

    Path.objects.filter(pk=path.pk).update(look_on=TODAY())
    assert "Ask for help, or try another step." in learner.get(reverse("my_path")).content.decode()

    plans.tick_step(step=path.steps.first(), done=True, by=classroom.account, now=timezone.now())
    page = learner.get(reverse("my_path")).content.decode()
    assert "2 days ahead of plan" in page
    assert "You are on this step since" not in page
