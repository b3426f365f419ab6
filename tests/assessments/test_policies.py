"""A policy that begins on a day: tried without a trace, written, withdrawn, and days before it left as they were."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import timezone

from assessments.models import Mastery, MasteryDay, MasteryPolicy, ParentPoints, StaleMark
from assessments.services import policy_preview, rebuilding
from assessments.services.parents import read_parents
from assessments.services.policies import Policies
from assessments.services.policy_changes import PolicyRefused, begin_policy, restore_policy, withdraw_policy
from assessments.services.policy_preview import Change, Figures, try_policy
from standards.models import Standard
from tests.assessments.policy_place import in_days, policy_for, rows_everywhere, today
from tests.factories.assessments import give, make_assessment, work_off
from tests.factories.profiles import enroll, make_district_admin, make_learner, make_school, make_school_admin
from tests.factories.standards import make_framework, make_standard

METHODS = MasteryPolicy.Method


@pytest.fixture
def admin(taught):
    return make_district_admin(taught.section.district)


def shown(taught):
    return {
        (row.learner_id, row.standard_id): row.shown_level
        for row in Mastery.objects.filter(learner__in=taught.learners)
    }


# Trying


def test_trial_names_the_levels_that_change_and_stores_nothing(marked, admin):
    ana, ben, cam = marked.learners
    first, _second = marked.standards
    before = rows_everywhere()
    part = try_policy(policy_for(marked), by=admin, today=today()).part(seconds=60)
    assert part.changes == [Change(ana.pk, first.pk, 2, 4), Change(ben.pk, first.pk, 3, 4)]
    assert part.figures == Figures(students=3, changed=2, changes=2, met_before=2, met_after=3)
    assert (part.walked, part.last, part.is_end) == (3, cam.pk, True)
    assert rows_everywhere() == before


@pytest.mark.parametrize("method", METHODS.values)
def test_trial_says_what_workers_store_once_it_has_begun(marked, admin, method):
    was = shown(marked)
    policy = policy_for(
        marked, starts_on=today(), method=method, times=2, newest_weight=Decimal("0.90"), mastery_level=2
    )
    tried = try_policy(policy, by=admin, today=today()).part(seconds=60)
    begin_policy(policy, by=admin)
    work_off()
    changed = {pair: level for pair, level in shown(marked).items() if level != was[pair]}
    assert {(c.learner_id, c.standard_id): c.after for c in tried.changes} == changed
    assert {(c.learner_id, c.standard_id): c.before for c in tried.changes} == {pair: was[pair] for pair in changed}


def test_trial_in_parts_adds_up_to_the_whole(marked, admin, monkeypatch):
    trial = try_policy(policy_for(marked), by=admin, today=today())
    whole = trial.part(seconds=60)
    monkeypatch.setattr(policy_preview, "LEARNERS_A_BLOCK", 1)
    figures, changes, after, walked = Figures(), [], 0, 0
    for _ in range(10):
        part = trial.part(after=after, seconds=0)
        figures, changes, after = figures + part.figures, changes + part.changes, part.last
        walked += part.walked
        if part.is_end:
            break
    assert (figures, changes, walked) == (whole.figures, whole.changes, trial.count())


@pytest.mark.parametrize(("rule", "needed", "met"), [("met", None, 1), ("lowest", None, 1), ("points", 1, 2)])
def test_trial_counts_the_standards_above_that_are_met(marked, admin, rule, needed, met):
    """By the highest level Ana has 4 on the first of two, Ben 4 and 3 by his teacher, Cam a 2 on the second."""
    parent = make_standard(marked.standards[0].framework, is_leaf=False)
    ids = [standard.pk for standard in marked.standards]
    Standard.objects.filter(pk__in=ids).update(parent=parent)
    ParentPoints.objects.create(
        parent=parent, starts_on=today(), needed=needed, children=ids, points=[1, 1], required=[False, False]
    )
    figures = try_policy(policy_for(marked, parent_rule=rule), by=admin, today=today()).part(seconds=60).figures
    assert (figures.above_before, figures.above_after) == (0, met)
    begin_policy(policy_for(marked, parent_rule=rule, starts_on=today()), by=admin)
    work_off()
    by_page = 0
    for learner in marked.learners:
        rows = Mastery.objects.filter(learner=learner, shown_level__isnull=False)
        levels = {row.standard_id: (row.shown_level, None if row.override_id else row.value_micro) for row in rows}
        above = read_parents(levels, Policies(marked.section.district_id), day=today())
        by_page += sum(one.is_met for one in above)
    assert by_page == met


def test_trial_for_a_framework_leaves_others_out_and_a_frameworks_own_policy_stands(marked, admin):
    other = make_framework(marked.section.district)
    elsewhere = make_standard(other)
    for days, points in ((3, 4), (2, 1)):
        assessment = make_assessment(marked.section, [elsewhere], given_on=in_days(-days))
        give(assessment, marked.learners[0], elsewhere, points)
    work_off()
    of_other = try_policy(policy_for(marked, framework=other), by=admin, today=today()).part(seconds=60)
    assert of_other.changes == [Change(marked.learners[0].pk, elsewhere.pk, 2, 4)]
    assert of_other.figures.students == 1
    begin_policy(policy_for(marked, framework=other, method="latest", starts_on=today()), by=admin)
    of_all = try_policy(policy_for(marked), by=admin, today=today()).part(seconds=60)
    assert elsewhere.pk not in {change.standard_id for change in of_all.changes}


def test_trial_shows_a_principal_the_own_school_only(marked):
    away = make_school(marked.section.district)
    child = make_learner(away)
    enroll(child, marked.section.roster)
    give(make_assessment(marked.section, marked.standards, given_on=in_days(-1)), child, marked.standards[0], 2)
    work_off()
    principal = make_school_admin(away)
    assert try_policy(policy_for(marked), by=principal, today=today()).part(seconds=60).figures.students == 1
    admin = make_district_admin(marked.section.district)
    trial = try_policy(policy_for(marked), by=admin, today=today(), school_id=away.pk)
    assert trial.part(seconds=60).figures.students == 1


# Writing


def test_policy_marks_pairs_whose_first_state_is_being_computed(taught, admin):
    give(make_assessment(taught.section, taught.standards), taught.learners[0], taught.standards[0], 3)
    assert begin_policy(policy_for(taught, starts_on=today()), by=admin) == 1
    lanes = StaleMark.objects.order_by("pk").values_list("learner_id", "lane")
    assert list(lanes) == [(taught.learners[0].pk, lane) for lane in StaleMark.Lane]


def test_withdrawal_on_the_eve_marks_the_morning_which_may_come_before_it(marked, admin):
    policy = policy_for(marked, starts_on=in_days(1))
    begin_policy(policy, by=admin)
    StaleMark.objects.all().delete()
    withdraw_policy(policy, by=admin)
    due = [timezone.localdate(due_at) for due_at in StaleMark.objects.values_list("due_at", flat=True)]
    assert due == [policy.starts_on] * 3


def test_policy_changes_levels_from_its_day_on_and_days_before_stay(marked, admin):
    earlier = MasteryDay.objects.filter(day__lt=today()).order_by("learner_id", "standard_id", "day")
    was = list(earlier.values_list("pk", "shown_level", "policy_id"))
    policy = policy_for(marked, starts_on=today())
    assert begin_policy(policy, by=admin) == 3
    work_off()
    ana, first = marked.learners[0], marked.standards[0]
    assert shown(marked)[ana.pk, first.pk] == 4
    assert list(earlier.all().values_list("pk", "shown_level", "policy_id")) == was
    newest = MasteryDay.objects.get(learner=ana, standard=first, day=today())
    assert (newest.policy_id, newest.shown_level) == (policy.pk, 4)
    rows = list(MasteryDay.objects.order_by("pk").values_list())
    rebuilding.rebuild(marked.section.district)
    assert list(MasteryDay.objects.order_by("pk").values_list()) == rows


def test_policy_to_come_is_marked_for_its_morning_and_changes_nothing_yet(marked, admin):
    was = shown(marked)
    policy = policy_for(marked)
    begin_policy(policy, by=admin)
    work_off()
    due = set(StaleMark.objects.values_list("learner_id", "due_at"))
    assert {learner for learner, _ in due} == {learner.pk for learner in marked.learners}
    assert {timezone.localdate(due_at) for _, due_at in due} == {policy.starts_on}
    assert shown(marked) == was


def refused(act, *args, **kwargs):
    with pytest.raises(PolicyRefused) as refusal:
        act(*args, **kwargs)
    return refusal.value.code


def test_policy_that_cannot_begin_is_refused_and_not_stored(marked, admin):
    begin_policy(policy_for(marked), by=admin)
    assert refused(begin_policy, policy_for(marked, starts_on=in_days(-1)), by=admin) == "begun"
    assert refused(begin_policy, policy_for(marked, method="mean"), by=admin) == "taken"
    assert refused(begin_policy, policy_for(marked, starts_on=in_days(20)), by=admin) == "same"
    assert MasteryPolicy.objects.count() == 1


def test_newer_policy_of_today_takes_the_place_of_the_one_before(marked, admin):
    begin_policy(policy_for(marked, starts_on=today()), by=admin)
    begin_policy(policy_for(marked, starts_on=today(), method="latest"), by=admin)
    work_off()
    assert shown(marked)[marked.learners[0].pk, marked.standards[0].pk] == 1


def test_withdrawn_policy_has_no_effect_and_may_come_back(marked, admin):
    policy = policy_for(marked)
    begin_policy(policy, by=admin)
    withdraw_policy(policy, by=admin)
    district = marked.section.district_id
    assert Policies(district).on(None, in_days(30)).policy_id is None
    assert refused(withdraw_policy, policy, by=admin) == "gone"
    restore_policy(policy)
    assert Policies(district).on(None, in_days(30)).policy_id == policy.pk
    assert refused(restore_policy, policy) == "gone"


@pytest.mark.parametrize("exact_matches", [False, True])
def test_policy_put_back_twice_waits_with_each_mark_once(marked, admin, exact_matches):
    policy = policy_for(marked, exact_matches=exact_matches)
    begin_policy(policy, by=admin)
    waiting = StaleMark.objects.count()
    for _time in range(2):
        withdraw_policy(policy, by=admin)
        restore_policy(policy)
    assert StaleMark.objects.count() == waiting > 0


def test_minimum_is_the_largest_of_any_policy_in_force(marked):
    framework = marked.standards[0].framework
    policy_for(marked, starts_on=in_days(-9), minimum_n=12).save()
    policy_for(marked, starts_on=in_days(-5), minimum_n=20, framework=framework).save()
    policies = Policies(marked.section.district_id)
    assert [policies.minimum_n(in_days(-days)) for days in (10, 9, 5)] == [10, 12, 20]


def test_policy_that_has_begun_is_not_withdrawn(marked, admin):
    policy = policy_for(marked, starts_on=today())
    begin_policy(policy, by=admin)
    assert refused(withdraw_policy, policy, by=admin) == "begun"


def test_withdrawn_policy_does_not_come_back_beside_another_of_its_day(marked, admin):
    policy = policy_for(marked)
    begin_policy(policy, by=admin)
    withdraw_policy(policy, by=admin)
    begin_policy(policy_for(marked, method="mean"), by=admin)
    assert refused(restore_policy, policy) == "taken"


def test_trial_stands_among_policies_without_changing_them(marked):
    policies = Policies(marked.section.district_id)
    tried = replace(policies.on(None, today()), policy_id=0)
    assert policies.with_trial(None, tried, today()).on(None, today()).policy_id == 0
    assert policies.on(None, today()).policy_id is None
