"""Paths: assigned to many at once, ordered by the learner, ticked; two windows lose nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from paths.models import Path, Step
from paths.sequencing import Hold, Part, PartKind
from paths.services import plans
from paths.services.errors import BoardIsFull, PathChanged, PlanRefused, StepHeld, StepWaits
from paths.services.path_pages import paths_of
from paths.services.plans import Outline, StepPlan
from tests.budgets import assert_statements
from tests.factories.paths import make_board, make_path

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


WAITING = [StepPlan("Watch"), StepPlan("Try", waits_for=(0,)), StepPlan("Tell")]


def assign_one(classroom, steps, **fields):
    (path,) = plans.assign_path(
        learners=[classroom.learner], title="Clocks", steps=steps, by=classroom.teacher, now=NOW, **fields
    )
    return path


def shown_states(learner):
    return [(step.title, step.state, step.waits_on) for step in paths_of(learner)[0].steps]


def test_assign_path_ties_waits_to_the_steps_of_each_learner(classroom):
    other = classroom.classmate()
    plans.assign_path(learners=[classroom.learner, other], title="Clocks", steps=WAITING, by=classroom.teacher, now=NOW)

    expected = [("Watch", "now", []), ("Try", "waiting", ["Watch"]), ("Tell", "open", [])]
    assert shown_states(classroom.learner) == expected
    assert shown_states(other) == expected


def test_assign_path_that_leaves_a_standard_out_is_refused_and_stores_nothing(classroom):
    first, second, _third = (standard.pk for standard in classroom.standards)
    steps = [StepPlan("A", standard_id=first), StepPlan("B", standard_id=second), StepPlan("C", standard_id=first)]

    with pytest.raises(PlanRefused) as refused:
        assign_one(classroom, steps, outline=Outline((Part(PartKind.CHOICE, pick=2),)))

    assert [(problem.steps, problem.standard) for problem in refused.value.problems] == [((0, 2), second)]
    assert not Path.objects.exists()


def test_assign_path_keeps_its_parts_and_targets(classroom):
    first, second, _third = (standard.pk for standard in classroom.standards)
    steps = [StepPlan("A", standard_id=first), StepPlan("B", standard_id=second), StepPlan("End", part=1)]
    parts = (Part(PartKind.CHOICE, "Your pick", 1), Part(PartKind.PLAYLIST))

    path = assign_one(classroom, steps, outline=Outline(parts, covers_all=False))

    found = Path.objects.get(pk=path.pk)
    assert (tuple(found.outline), found.covers_all, list(found.targets.all())) == (parts, False, [])
    (shown,) = paths_of(classroom.learner)
    assert (shown.done, shown.total, shown.choice.part.title) == (0, 2, "Your pick")


def test_tick_step_that_waits_is_refused_for_the_learner_and_open_to_the_teacher(classroom):
    step = assign_one(classroom, WAITING).steps.get(title="Try")

    with pytest.raises(StepWaits) as refused:
        plans.tick_step(step=step, done=True, by=classroom.account, now=NOW)
    assert [other.title for other in refused.value.others] == ["Watch"]

    plans.tick_step(step=step, done=True, by=classroom.teacher, now=NOW)
    step.refresh_from_db()
    assert step.done_by == classroom.teacher


def test_move_step_before_the_one_that_it_waits_for_is_refused(classroom):
    path = assign_one(classroom, WAITING)

    with pytest.raises(StepHeld) as held:
        plans.move_step(step=path.steps.get(title="Try"), places=-1, keeps_fixed=True)

    assert (held.value.hold, held.value.by.title) == (Hold.WAITS, "Watch")
    assert titles(path) == ["Watch", "Try", "Tell"]


def test_move_step_that_the_teacher_fixed_is_refused_for_the_learner_only(classroom):
    path = assign_one(classroom, [StepPlan("A", is_fixed=True), StepPlan("B"), StepPlan("C")])
    fixed = path.steps.get(title="A")

    with pytest.raises(StepHeld) as held:
        plans.move_step(step=fixed, places=1, keeps_fixed=True)
    assert held.value.hold == Hold.FIXED

    plans.move_step(step=fixed, places=1)
    assert titles(path) == ["B", "A", "C"]


def test_order_steps_across_parts_is_refused(classroom):
    path = assign_one(classroom, [StepPlan("A"), StepPlan("B", part=1)], outline=Outline((Part(), Part())))
    first, second = path.steps.all()

    with pytest.raises(StepHeld) as held:
        plans.order_steps(path_id=path.pk, version=1, step_ids=[second.pk, first.pk])

    assert held.value.hold == Hold.PART


def chosen(path):
    return list(path.steps.filter(chosen_at__isnull=False).values_list("title", flat=True))


def test_choose_step_fills_the_board_and_swaps(classroom):
    path = make_board(classroom.learner, pick=2)
    a, b, c = path.steps.all()
    for step in (a, b, b):
        plans.choose_step(step=step, now=NOW)

    with pytest.raises(BoardIsFull):
        plans.choose_step(step=c, now=NOW)
    with pytest.raises(BoardIsFull):
        plans.tick_step(step=c, done=True, by=classroom.account, now=NOW)
    assert chosen(path) == ["A", "B"]

    plans.choose_step(step=c, now=NOW, instead_of=a.pk)
    assert chosen(path) == ["B", "C"]


def test_choose_step_never_gives_up_one_that_is_done_or_of_another_path(classroom):
    path, other = make_board(classroom.learner), make_board(classroom.classmate())
    a, b, _c = path.steps.all()
    foreign = other.steps.first()
    plans.choose_step(step=foreign, now=NOW)
    plans.tick_step(step=a, done=True, by=classroom.account, now=NOW)

    for given_up in (a.pk, foreign.pk):
        with pytest.raises(BoardIsFull):
            plans.choose_step(step=b, now=NOW, instead_of=given_up)

    assert (chosen(path), chosen(other)) == (["A"], ["A"])


def test_give_up_choice_puts_the_step_back_unless_it_is_done(classroom):
    path = make_board(classroom.learner, pick=2)
    a, b, _c = path.steps.all()
    plans.choose_step(step=a, now=NOW)
    plans.tick_step(step=b, done=True, by=classroom.account, now=NOW)

    for step in (a, b):
        plans.give_up_choice(step=step)

    assert chosen(path) == ["B"]


def test_change_path_keeps_choices_and_ties_waits_anew(classroom):
    path = assign_one(classroom, WAITING)
    watch, attempt, tell = path.steps.all()

    plans.change_path(
        path_id=path.pk,
        version=1,
        title="Clocks",
        steps=[StepPlan("Tell", id=tell.pk), StepPlan("Try", id=attempt.pk, waits_for=(0,))],
    )

    assert shown_states(classroom.learner) == [("Tell", "now", []), ("Try", "waiting", ["Tell"])]
    assert not Step.objects.filter(pk=watch.pk).exists()
