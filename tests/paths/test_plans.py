"""Paths: assigned to many at once, ordered by the learner, ticked; two windows lose nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from paths.models import Path, Step
from paths.services import plans
from paths.services.errors import PathChanged
from paths.services.learner_page import paths_of
from paths.services.plans import StepPlan
from tests.budgets import assert_statements
from tests.factories.paths import make_path

NOW = timezone.now()


def titles(path):
    return list(path.steps.order_by("position").values_list("title", flat=True))


def positions(path):
    return list(path.steps.order_by("position").values_list("position", flat=True))


def assign(classroom, learners, **fields):
    steps = [StepPlan("Watch", kind="watch", link="https://example.org/"), StepPlan("Try", minutes_expected=10)]
    return plans.assign_path(learners=learners, title="Clocks", steps=steps, by=classroom.teacher, now=NOW, **fields)


def test_assign_path_gives_each_learner_a_path_of_their_own(classroom):
    other = classroom.classmate()

    mine, theirs = assign(classroom, [classroom.learner, other], section=classroom.section)
    plans.move_step(step=mine.steps.get(position=1), places=1)

    assert titles(mine) == ["Try", "Watch"]
    assert titles(theirs) == ["Watch", "Try"]
    assert (theirs.learner, theirs.assigned_by) == (other, classroom.teacher)


def test_assign_path_costs_the_same_for_one_and_for_many(classroom):
    many = [classroom.classmate() for _ in range(5)]

    with assert_statements(exactly=2):
        assign(classroom, [classroom.learner])
    with assert_statements(exactly=2):
        assign(classroom, many)


@pytest.mark.parametrize(
    ("title", "places", "expected"),
    [
        ("First", 1, ["Second", "First", "Third"]),
        ("Third", -1, ["First", "Third", "Second"]),
        ("First", -1, ["First", "Second", "Third"]),
        ("Third", 1, ["First", "Second", "Third"]),
        ("First", 9, ["Second", "Third", "First"]),
    ],
)
def test_move_step_goes_one_place_and_stops_at_the_ends(classroom, title, places, expected):
    path = make_path(classroom.learner)

    plans.move_step(step=path.steps.get(title=title), places=places)

    assert (titles(path), positions(path)) == (expected, [1, 2, 3])


def test_order_steps_writes_the_whole_order(classroom):
    path = make_path(classroom.learner)
    first, second, third = path.steps.all()

    changed = plans.order_steps(path_id=path.pk, version=1, step_ids=[third.pk, first.pk, second.pk])

    assert (titles(path), changed.version) == (["Third", "First", "Second"], 2)


def test_order_steps_of_a_path_that_has_changed_is_refused(classroom):
    path = make_path(classroom.learner)
    first, second, third = path.steps.all()
    plans.move_step(step=third, places=-1)

    with pytest.raises(PathChanged):
        plans.order_steps(path_id=path.pk, version=1, step_ids=[second.pk, first.pk, third.pk])

    assert titles(path) == ["First", "Third", "Second"]


def test_order_steps_with_steps_of_another_path_is_refused(classroom):
    path, other = make_path(classroom.learner), make_path(classroom.classmate())
    first, second, _third = path.steps.all()

    with pytest.raises(PathChanged):
        plans.order_steps(path_id=path.pk, version=1, step_ids=[first.pk, second.pk, other.steps.first().pk])


def test_change_path_keeps_the_ticks_of_steps_that_stay(classroom):
    path = make_path(classroom.learner)
    first, second, _third = path.steps.all()
    plans.tick_step(step=second, done=True, by=classroom.account, now=NOW)

    plans.change_path(
        path_id=path.pk,
        version=1,
        title="Clocks and time",
        steps=[StepPlan("Second, again", id=second.pk), StepPlan("New"), StepPlan("First", id=first.pk)],
    )

    shown = paths_of(classroom.learner)[0]
    assert shown.path.title == "Clocks and time"
    assert [(step.title, step.state) for step in shown.steps] == [
        ("Second, again", "done"),
        ("New", "now"),
        ("First", "open"),
    ]


def test_change_path_from_two_windows_refuses_the_second(classroom):
    path = make_path(classroom.learner)
    plans.move_step(step=path.steps.first(), places=1)

    with pytest.raises(PathChanged) as refused:
        plans.change_path(path_id=path.pk, version=1, title="Late", steps=[StepPlan("Only")])

    assert refused.value.current.version == 2
    assert Step.objects.filter(path=path).count() == 3


def test_tick_step_again_keeps_the_first_day_and_person(classroom):
    step = make_path(classroom.learner).steps.first()

    plans.tick_step(step=step, done=True, by=classroom.account, now=NOW - timedelta(days=2))
    plans.tick_step(step=step, done=True, by=classroom.teacher, now=NOW)

    step.refresh_from_db()
    assert (step.done_at, step.done_by) == (NOW - timedelta(days=2), classroom.account)


def test_put_away_takes_the_path_off_the_page_and_keeps_it(classroom):
    path = make_path(classroom.learner)

    plans.put_away(path=path, now=NOW)
    assert paths_of(classroom.learner) == []

    plans.bring_back(path=Path.objects.get(pk=path.pk))
    assert [shown.path for shown in paths_of(classroom.learner)] == [path]


@pytest.mark.parametrize(
    ("link", "shown"),
    [("https://example.org/a", "https://example.org/a"), ("javascript:alert(1)", ""), ("ftp://example.org/", "")],
)
def test_web_link_is_only_what_a_browser_opens_as_a_page(link, shown):
    assert Step(link=link).web_link == shown
