"""Steps shown already are offered as done: never forced, each answered by the learner, always taken back."""

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment, MasteryPolicy
from paths.models import Step
from paths.services import placement
from paths.services.path_pages import paths_of
from paths.services.waiting.home import read_at_home
from tests.budgets import assert_statements
from tests.factories.assessments import make_assessment, make_result
from tests.factories.paths import make_mastery, make_path

NOW = timezone.now()
TODAY = timezone.localdate


@pytest.fixture
def path(classroom):
    """Steps on the three standards of the class: shown by a pre-assessment, shown otherwise, and not shown."""
    return planned(classroom, classroom.learner)


def planned(classroom, learner):
    path = make_path(learner)
    for step, standard, level in zip(path.steps.all(), classroom.standards, (3, 4, 2), strict=True):
        Step.objects.filter(pk=step.pk).update(standard=standard)
        make_mastery(learner, standard, level)
    pre = make_assessment(classroom.section, classroom.standards, kind=Assessment.Kind.PRE)
    make_result(pre, learner, classroom.standards[0], 3)
    make_result(pre, learner, classroom.standards[2], 2)
    other = make_assessment(classroom.section, classroom.standards)
    make_result(other, learner, classroom.standards[1], 4)
    return path


def offered(learner):
    found = placement.offered_to_skip(learner, paths_of(learner), today=TODAY())
    return list(Step.objects.filter(pk__in=found).order_by("position").values_list("title", flat=True))


def test_offered_to_skip_is_what_a_pre_assessment_has_shown(classroom, path):
    assert offered(classroom.learner) == ["First"]


def test_offered_to_skip_is_also_what_a_teacher_offers(classroom, path):
    second = path.steps.get(title="Second")

    assert placement.offer_steps(step_ids=[second.pk], by=classroom.teacher, now=NOW) == 1
    assert offered(classroom.learner) == ["First", "Second"]

    assert placement.withdraw_offers(step_ids=[second.pk]) == 1
    assert offered(classroom.learner) == ["First"]


def test_skip_step_is_done_until_it_is_taken_back(classroom, path):
    first = path.steps.get(title="First")

    assert placement.skip_step(step=first, by=classroom.account, now=NOW)
    assert [step.state for step in paths_of(classroom.learner)[0].steps] == ["done", "now", "open"]
    assert offered(classroom.learner) == []

    placement.undo_placement(step=first)
    assert [step.state for step in paths_of(classroom.learner)[0].steps] == ["now", "open", "open"]
    assert offered(classroom.learner) == ["First"]


def at_home(classroom):
    found = read_at_home(classroom.learner, classroom.account, today=TODAY())
    return [line.reason for line in found.lines if line.button == "Choose"]


def test_home_says_what_a_pre_assessment_has_shown_until_it_is_answered(classroom, path):
    first = path.steps.get(title="First")
    assert at_home(classroom) == ["“First”. Skip it or do it anyway."]

    MasteryPolicy.objects.create(district=classroom.district, starts_on=TODAY(), mastery_level=4)
    assert at_home(classroom) == offered(classroom.learner) == []

    MasteryPolicy.objects.update(withdrawn_at=NOW)
    # From which level a standard counts as met is not a school's to say, whatever its line holds.
    school = classroom.section.roster.school
    MasteryPolicy.objects.create(district=classroom.district, school=school, starts_on=TODAY(), mastery_level=4)
    assert at_home(classroom) == ["“First”. Skip it or do it anyway."]
    placement.keep_step(step=first)
    assert at_home(classroom) == []
    placement.undo_placement(step=first)
    placement.skip_step(step=first, by=classroom.account, now=NOW)
    assert at_home(classroom) == []


def test_home_says_nothing_of_a_choice_that_is_not_made(classroom, path):
    path.parts = [{"kind": "choice", "title": "", "pick": 1}]
    path.save(update_fields=["parts"])
    assert at_home(classroom) == offered(classroom.learner) == []

    path.steps.filter(title="First").update(chosen_at=NOW)
    assert at_home(classroom) == ["“First”. Skip it or do it anyway."]
    assert offered(classroom.learner) == ["First"]


def test_keep_step_is_not_asked_again_until_it_is_taken_back(classroom, path):
    first = path.steps.get(title="First")

    placement.keep_step(step=first)
    assert offered(classroom.learner) == []
    placement.undo_placement(step=first)
    assert offered(classroom.learner) == ["First"]


def test_skip_step_that_is_done_keeps_its_day(classroom, path):
    first = path.steps.get(title="First")
    Step.objects.filter(pk=first.pk).update(done_at=NOW, done_by=classroom.teacher)

    assert not placement.skip_step(step=first, by=classroom.account, now=timezone.now())
    first.refresh_from_db()
    assert (first.done_at, first.placement) == (NOW, "")


def test_withdraw_offers_leaves_what_a_learner_has_answered(classroom, path):
    second = path.steps.get(title="Second")
    placement.offer_steps(step_ids=[second.pk], by=classroom.teacher, now=NOW)
    placement.skip_step(step=second, by=classroom.account, now=NOW)

    assert placement.withdraw_offers(step_ids=[second.pk]) == 0
    assert placement.offer_steps(step_ids=[second.pk], by=classroom.teacher, now=NOW) == 0


@pytest.mark.parametrize("many", [1, 4])
def test_placement_of_class_costs_five_statements_however_many(classroom, many):
    learners = [classroom.classmate() for _ in range(many)]
    for learner in learners:
        planned(classroom, learner)

    with assert_statements(exactly=5):
        rows = placement.placement_of_class(
            classroom.section, learners, district_id=classroom.district.pk, today=TODAY()
        )

    assert [(row.learner, [(step.title, pre) for step, pre in row.steps]) for row in rows] == [
        (learner, [("First", True), ("Second", False)]) for learner in learners
    ]


@pytest.fixture
def learner(classroom, as_account):
    return as_account(classroom.account)


def test_my_path_asks_and_takes_each_answer(classroom, learner, path):
    first = path.steps.get(title="First")
    url = reverse("step_placement", args=[first.pk])
    question = "You already showed this. Skip it or do it anyway?"

    assert learner.get(reverse("my_path")).content.decode().count(question) == 1
    page = learner.post(url, {"do": "keep"}, follow=True).content.decode()
    assert (question in page, "Skip it after all" in page) == (False, True)
    page = learner.post(url, {"do": "skip"}, follow=True).content.decode()
    assert "You showed this before, so you skipped it." in page
    learner.post(reverse("step_done", args=[first.pk]), {"done": "0"})
    assert question in learner.get(reverse("my_path")).content.decode()


def test_step_that_is_not_offered_cannot_be_skipped(classroom, learner, path):
    third = path.steps.get(title="Third")

    page = learner.post(reverse("step_placement", args=[third.pk]), {"do": "skip"}, follow=True).content.decode()

    assert "This step is not offered to skip anymore." in page
    third.refresh_from_db()
    assert (third.done_at, third.placement) == (None, "")


def test_teacher_offers_to_the_class_and_takes_it_back(classroom, as_account, learner, path):
    second = path.steps.get(title="Second")
    teacher, url = as_account(classroom.teacher), reverse("section_placement", args=[classroom.section.pk])

    page = teacher.get(url).content.decode()
    assert "offered, after the pre-assessment" in page
    page = teacher.post(url, {"do": "offer", "step": [second.pk]}, follow=True).content.decode()
    assert "1 step is offered to skip." in page
    assert "“Second” and 1 more. Skip them or do them anyway." in learner.get(reverse("home")).content.decode()

    teacher.post(url, {"do": "withdraw", "step": [second.pk]})
    second.refresh_from_db()
    assert second.offered_at is None


def test_teacher_never_offers_a_step_that_is_not_shown_or_of_another_class(classroom, as_account, path, stranger):
    third = path.steps.get(title="Third")
    url = reverse("section_placement", args=[classroom.section.pk])

    as_account(classroom.teacher).post(url, {"do": "offer", "step": [third.pk]})
    assert as_account(stranger).post(url, {"do": "offer", "step": [third.pk]}).status_code == 404

    third.refresh_from_db()
    assert third.offered_at is None
