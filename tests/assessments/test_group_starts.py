"""What is kept of each member as a group starts: read once, at acceptance."""

from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone

from assessments.mastery import calibration, tree
from assessments.mastery.rounding import to_micro
from assessments.mastery.scale import DEFAULT_SCALE, Scale
from assessments.mastery.tree_reading import read_pair
from assessments.models import GroupMember, Mastery, ModelState
from assessments.services import boards, calibrations
from assessments.services.group_starts import band_of, mean_scores, read_starts
from assessments.services.policies import Policies
from tests.factories.assessments import days_ago, give, make_assessment, work_off

pytestmark = pytest.mark.django_db

KEPT = ("expected_micro", "first_mean_micro", "first_band", "start_level", "start_value_micro", "start_policy_id")


def starts(taught, learners, standard, *, at=None):
    return read_starts(
        taught.section.roster_id,
        {learner.pk: standard.pk for learner in learners},
        policies=Policies(taught.section.district_id),
        on=timezone.localdate(),
        at=at or timezone.now(),
    )


def estimate(learner, standard, at, offset=tree.DEFAULT_OFFSET):
    """The belief as the whole state gives it."""
    row = ModelState.objects.filter(learner=learner, subject=standard.subject_id).first()
    state = tree.LearnerState.from_bytes(row.beliefs) if row else tree.new_state()
    now = (at - timezone.datetime(1970, 1, 1, tzinfo=at.tzinfo)) / timedelta(days=1)
    domain = standard.domain_id or -1
    found = read_pair(state, standard=standard.pk, domain=domain, now=now, scale=DEFAULT_SCALE, offset=offset)
    return to_micro(found.estimate)


def test_accepting_keeps_what_is_known_of_each_member(grouped):
    board = boards.current_board(grouped.section)
    boards.accept_board(section=grouped.section, version=board.version, by=grouped.teacher)

    members = list(GroupMember.objects.select_related("group__focus", "learner"))
    assert len(members) == sum(len(entry["members"]) for entry in board.board["groups"]) > 0
    levels = {(row.learner_id, row.standard_id): row for row in Mastery.objects.all()}
    for member in members:
        focus = member.group.focus
        shown = levels[member.learner_id, focus.pk]
        assert abs(member.expected_micro - estimate(member.learner, focus, member.group.created_at)) <= 1
        assert (member.start_level, member.start_value_micro) == (shown.shown_level, shown.value_micro)
        # One mark each: the middle of its band, and that band.
        assert member.first_band == shown.level
        assert member.first_mean_micro == {1: 200_000, 2: 525_000, 3: 750_000, 4: 925_000}[shown.level]
        assert member.model_version == "tree-1"


def test_start_reads_the_last_three_results_that_stand(taught):
    standard, other = taught.standards
    learner = taught.learners[0]
    for days, points in ((9, 1), (8, 1), (7, 4)):
        give(make_assessment(taught.section, [standard], given_on=days_ago(days).date()), learner, standard, points)
    quiz = make_assessment(taught.section, [standard], given_on=days_ago(5).date(), scale="points", points_possible=10)
    wrong = give(quiz, learner, standard, 2)
    give(quiz, learner, standard, 6, replaces=wrong)
    give(make_assessment(taught.section, [other]), learner, other, 1)
    work_off()

    start = starts(taught, [learner], standard)[learner.pk]

    assert start["first_mean_micro"] == to_micro((0.2 + 0.925 + 0.6) / 3)
    assert start["first_band"] == 2


def test_start_without_a_result_has_an_expectation_only(taught):
    """Nobody has seen the learner on it: other work says something, and without any the usual does."""
    standard, other = taught.standards
    one, two = taught.learners[:2]
    give(make_assessment(taught.section, [other]), one, other, 4)
    work_off()
    at = timezone.now()

    found = starts(taught, [one, two], standard, at=at)

    empty = dict.fromkeys(KEPT[1:])
    for learner in (one, two):
        assert found[learner.pk] == {
            "expected_micro": estimate(learner, standard, at),
            **empty,
            "model_version": "tree-1",
        }
    assert found[one.pk]["expected_micro"] > found[two.pk]["expected_micro"]


def test_start_is_read_with_the_calibration_in_force_and_names_it(taught):
    standard = taught.standards[0]
    give(make_assessment(taught.section, [standard]), taught.learners[0], standard, 2)
    work_off()
    hard = calibration.Calibration(
        standard=np.array([standard.pk]),
        offset=np.array([-2.0]),
        has_items=np.array([False]),
        item=np.array([], dtype=np.int64),
        difficulty=np.array([]),
        difficulty_variance=np.array([]),
        item_variance=0.6,
    )
    at = timezone.now()
    usual = starts(taught, taught.learners, standard, at=at)
    calibrations.start_version(calibrations.store(standard.subject, hard), starts_on=timezone.localdate())

    found = starts(taught, taught.learners, standard, at=at)

    for learner in taught.learners:
        start = found[learner.pk]
        assert start["expected_micro"] == estimate(learner, standard, at, offset=-2.0)
        assert start["expected_micro"] < usual[learner.pk]["expected_micro"]
        assert start["model_version"] == f"t1-{hard.version}"


def test_start_of_a_learner_who_is_not_on_the_roster_is_not_read(taught):
    gone = taught.learners[0]
    gone.enrollments.update(ends_on=timezone.localdate() - timedelta(days=1))

    assert set(starts(taught, taught.learners, taught.standards[0])) == {x.pk for x in taught.learners[1:]}


def test_bands_are_four_and_begin_at_the_default_cuts():
    assert [band_of(mean) for mean in (0.0, 0.3999, 0.4, 0.6499, 0.65, 0.8499, 0.85, 1.0)] == [1, 1, 2, 2, 3, 3, 4, 4]


def test_means_are_of_each_list_on_its_own_scale():
    three = Scale(cuts=(0.5, 0.8), mastery_level=2)
    found = mean_scores(
        [[], [[1.0, None], [3.0, 4.0]], [[3.0, None]], [[9.0, 8.0]]], [DEFAULT_SCALE, DEFAULT_SCALE, three, three]
    )
    assert found == [None, pytest.approx((0.2 + 0.75) / 2), pytest.approx(0.9), 1.0]
