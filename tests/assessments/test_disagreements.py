"""Newer results that disagree with a teacher's level are told to staff wherever it is shown, and change nothing."""

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.mastery.sureness import NEWER_RESULTS_DISAGREE
from assessments.models import Mastery
from assessments.services import overrides
from assessments.services.disagreements import read_disagreements
from assessments.services.policies import Policies
from profiles.services import objections
from tests.budgets import assert_statements
from tests.factories.assessments import give, make_assessment, work_off

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(taught):
    """One is set to 4 and then gets twelve 1s, two is set to 4 and gets two 1s, three is set to 4 and gets 4s."""
    first = taught.standards[0]
    for learner in taught.learners:
        overrides.set_level(learner=learner, standard=first, level=4, reason="Seen", by=taught.teacher)
    for number in range(12):
        assessment = make_assessment(taught.section, [first])
        for learner, mark in zip(taught.learners, (1, 1, 4), strict=True):
            if learner is taught.learners[1] and number >= 2:
                continue
            give(assessment, learner, first, mark, at=timezone.now())
    work_off()
    return taught


def test_only_a_level_that_newer_results_contradict_is_found(full):
    one, _two, _three = full.learners
    first = full.standards[0]

    found = read_disagreements(
        [learner.pk for learner in full.learners], [first.pk], policies=Policies(full.section.district_id)
    )

    assert found == {(one.pk, first.pk)}
    assert set(Mastery.objects.values_list("shown_level", flat=True)) == {4}


def test_it_is_said_to_staff_on_wall_views_and_receipt_and_to_nobody_else(full, as_account):
    one, first = full.learners[0], full.standards[0]
    client = as_account(full.teacher)
    receipt = reverse("receipt", args=[one.pk, first.pk])

    wall = client.get(reverse("section_wall", args=[full.section.pk])).content.decode()
    views = client.get(reverse("section_views", args=[full.section.pk])).content.decode()

    said = f"{one.name}, {first.code}, 4 Extending, set by a teacher, newer results disagree"
    assert (wall.count("data-newer"), said in wall) == (1, True)
    assert views.count("newer results disagree") == 1
    assert "Newer results disagree." in client.get(receipt).content.decode()
    assert "ewer results disagree" not in as_account(one.account).get(receipt).content.decode()


def test_wall_with_levels_that_results_contradict_keeps_to_its_statements(full, as_account):
    client = as_account(full.teacher)
    client.get(reverse("section_wall", args=[full.section.pk]))

    with assert_statements(at_most=14):
        client.get(reverse("section_wall", args=[full.section.pk]))


def test_of_whoever_objects_to_what_a_machine_works_out_nothing_is_said(full, as_account):
    one, teacher = full.learners[0], as_account(full.teacher)
    page, api = (reverse(route, args=[one.pk, full.standards[0].pk]) for route in ("receipt", "api_receipt"))
    assert teacher.get(api).json()["sureness"]["reason"] == NEWER_RESULTS_DISAGREE
    pairs = [learner.pk for learner in full.learners], [full.standards[0].pk]
    policies = Policies(full.section.district_id)
    objections.object_to(full.learners[0], by=full.teacher, words="")
    assert read_disagreements(*pairs, policies=policies) == frozenset()
    assert "ewer results disagree" not in teacher.get(page).content.decode()
    assert teacher.get(api).json()["sureness"] is None
    objections.take_back(full.learners[0], by=full.teacher)
    assert len(read_disagreements(*pairs, policies=policies)) == 1
