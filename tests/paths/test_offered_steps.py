"""Suggested steps: read from what is known, put on the path or aside by a person, and taken back."""

import pytest
from django.urls import reverse
from django.utils import timezone

from paths.models import DismissedStep, Path, Step
from paths.next_steps import Reason
from paths.services import offered_steps as offers
from paths.services import plans
from standards.models import Association
from tests.budgets import assert_statements
from tests.factories.paths import make_entry, make_goal, make_mastery, make_path, make_template

NOW = timezone.now()


@pytest.fixture
def template(classroom):
    """Steps A, B and C on the three standards of the class."""
    return make_template(
        classroom.school, steps=("A", "B", "C"), standards=tuple(classroom.standards), title="Bridges", is_shared=True
    )


def offered(classroom):
    found = offers.offered_steps(classroom.learner, today=timezone.localdate())
    return [(each.step.title, each.reason, each.about) for each in found]


def precedes(first, then):
    Association._base_manager.create(
        framework=first.framework, uuid=first.uuid, kind=Association.PRECEDES, origin=first, destination=then
    )


def test_offered_steps_come_with_their_reasons(classroom, template):
    first, second, third = classroom.standards
    make_goal(classroom.learner, standards=(third,), what="I compare fractions")
    make_mastery(classroom.learner, first, 2)
    precedes(third, second)

    assert offered(classroom) == [
        ("C", Reason.GOAL, "I compare fractions"),
        ("A", Reason.BEGUN, "2 Building"),
    ]


def test_offered_steps_quote_the_learners_own_words_only(classroom, template):
    make_entry(classroom.learner, kind="interest", text="How bridges stay up")
    make_entry(classroom.learner, kind="interest", text="Bridges, says the teacher", author=classroom.teacher)

    assert {(reason, about) for _title, reason, about in offered(classroom)} == {
        (Reason.INTEREST, "How bridges stay up")
    }


def test_offered_steps_leave_out_what_is_met_on_a_path_or_of_a_template_that_is_not_shared(classroom, template):
    first, second, _third = classroom.standards
    make_mastery(classroom.learner, first, 3)
    path = make_path(classroom.learner, steps=("B",))
    Step.objects.filter(path=path).update(standard=second)
    make_template(classroom.school, steps=("Secret",), author=classroom.teacher)

    assert [title for title, _reason, _about in offered(classroom)] == ["C"]


@pytest.mark.parametrize("many", [1, 8])
def test_offered_steps_cost_the_same_however_many(classroom, template, many):
    make_entry(classroom.learner, kind="interest", text="How bridges stay up")
    for _ in range(many):
        make_template(classroom.school, standards=tuple(classroom.standards), is_shared=True)
        make_goal(classroom.learner, standards=(classroom.standards[0],))

    with assert_statements(exactly=8):
        offered(classroom)


def take(classroom, step):
    return offers.take_step(learner=classroom.learner, offered=step, by=classroom.account, now=NOW)


def test_take_step_twice_is_on_the_path_once_and_put_back_takes_it_off(classroom, template):
    path = make_path(classroom.learner)
    step = template.steps.first()

    taken = take(classroom, step)
    assert take(classroom, step) == taken
    assert [each.title for each in path.steps.all()] == ["First", "Second", "Third", "A"]

    assert offers.put_back(step=taken)
    assert path.steps.count() == 3
    assert "A" in [title for title, _reason, _about in offered(classroom)]


def test_take_step_prefers_the_path_on_the_same_standard(classroom, template):
    near, newest = make_path(classroom.learner), make_path(classroom.learner)
    Step.objects.filter(path=near, position=1).update(standard=classroom.standards[0])
    first, second, _third = template.steps.all()

    assert (take(classroom, first).path, take(classroom, second).path) == (near, newest)


def test_take_step_without_a_path_begins_one_and_put_back_ends_it(classroom, template):
    taken = take(classroom, template.steps.first())
    assert taken.path.learner == classroom.learner

    assert offers.put_back(step=taken)
    assert not Path.objects.exists()


def test_put_back_of_a_step_that_is_done_is_refused(classroom, template):
    taken = take(classroom, template.steps.first())
    plans.tick_step(step=taken, done=True, by=classroom.account, now=NOW)

    assert not offers.put_back(step=taken)
    assert Step.objects.filter(pk=taken.pk).exists()


@pytest.fixture
def learner(classroom, as_account):
    return as_account(classroom.account)


def test_page_takes_puts_aside_and_takes_back(classroom, learner, template):
    url = reverse("next_steps", args=[classroom.learner.pk])
    a, b, _c = template.steps.all()

    page = learner.post(url, {"do": "take", "step": a.pk}, follow=True).content.decode()
    assert "“A” is on the path “My own steps”." in page
    learner.post(url, {"do": "aside", "step": b.pk})
    assert [title for title, _reason, _about in offered(classroom)] == ["C"]

    learner.post(url, {"do": "put_back", "step": Step.objects.get().pk})
    learner.post(url, {"do": "offer_again", "step": DismissedStep.objects.get().pk})
    assert [title for title, _reason, _about in offered(classroom)] == ["A", "B", "C"]


def test_page_refuses_a_step_that_is_not_on_offer(classroom, learner, template):
    hidden = make_template(classroom.school, author=classroom.teacher).steps.first()

    page = learner.post(
        reverse("next_steps", args=[classroom.learner.pk]), {"do": "take", "step": hidden.pk}, follow=True
    ).content.decode()

    assert "This step is not on offer anymore." in page
    assert not Step.objects.exists()


def test_page_never_puts_back_what_a_teacher_planned(classroom, learner, template):
    path = make_path(classroom.learner)

    learner.post(reverse("next_steps", args=[classroom.learner.pk]), {"do": "put_back", "step": path.steps.first().pk})

    assert path.steps.count() == 3


def test_my_path_says_how_many_there_are_to_choose_from(learner, template):
    assert "Something else? Choose from 3 steps or add your own" in learner.get(reverse("my_path")).content.decode()


def test_teacher_takes_a_step_for_the_learner(classroom, as_account, template):
    teacher = as_account(classroom.teacher)
    url = reverse("next_steps", args=[classroom.learner.pk])

    assert classroom.learner.first_name in teacher.get(url).content.decode()
    teacher.post(url, {"do": "take", "step": template.steps.first().pk})

    assert Step.objects.get().path.learner == classroom.learner
