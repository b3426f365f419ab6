"""Units of impact from the ledger: who starts when, what was expected then, and whose results count as later ones."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from assessments.models import Group, GroupMember
from assessments.services import boards
from assessments.services.impact_groups import read_groups_began
from assessments.services.impact_histories import Expected, read_about, read_blocks
from assessments.services.impact_months import month_number, read_months
from assessments.services.impact_units import MICRO, Began, read_units
from assessments.services.policies import Policies
from profiles.services import objections
from tests.budgets import assert_statements
from tests.factories.assessments import days_ago, give, make_assessment

pytestmark = pytest.mark.django_db

ZONE = ZoneInfo("America/New_York")


def results(taught, standard, *given, learners=None):
    """given: (days ago, points of each learner, None for no result)."""
    for days, points in given:
        assessment = make_assessment(taught.section, [standard], given_on=days_ago(days).date())
        for learner, mark in zip(learners or taught.learners, points, strict=True):
            if mark is not None:
                give(assessment, learner, standard, mark, at=days_ago(days))


def group(taught, standard, learners, *, days, purpose="reteach", **kept):
    """One that was accepted so many days ago and began that day."""
    at = days_ago(days)
    found = Group.objects.create(
        section=taught.section,
        letter="A",
        purpose=purpose,
        focus=standard,
        starts_on=timezone.localdate(at, timezone=ZONE),
        ends_on=timezone.localdate() + timedelta(days=3),
        created_at=at,
    )
    GroupMember.objects.bulk_create(GroupMember(group=found, learner=learner, **kept) for learner in learners)
    return found


def began(taught, *standards, purpose="", since=90, only_blocks=False):
    today = timezone.localdate()
    return read_groups_began(
        [standard.pk for standard in standards],
        school_ids=[taught.section.roster.school_id],
        purpose=purpose,
        only_blocks=only_blocks,
        since=today - timedelta(days=since),
        until=today,
        zone=ZONE.key,
        today=today,
    )


def found(taught, rows):
    return read_units(
        rows,
        school_ids=[taught.section.roster.school_id],
        policies=Policies(taught.section.district_id),
        zone=ZONE,
        today=timezone.localdate(),
        tell=lambda done, total: None,
    )


def by_learner(taught, units):
    return {
        next(n for n, learner in enumerate(taught.learners) if learner.pk == pk): row
        for row, pk in enumerate(units.learner.tolist())
    }


def test_unit_is_three_later_results_beside_what_was_expected_at_the_start(taught):
    standard, _ = taught.standards
    results(
        taught,
        standard,
        (30, (1, 1, 2)),
        (25, (2, 1, 2)),
        (9, (3, 2, 3)),
        (8, (3, 1, 2)),
        (7, (4, 2, 3)),
        (2, (1, 1, 1)),
    )
    group(taught, standard, taught.learners[:1], days=20)

    got = found(taught, began(taught, standard))

    at = by_learner(taught, got.units)
    assert got.units.is_treated[[at[0], at[1], at[2]]].tolist() == [True, False, False]
    # First three after the start: 3, 3, 4 are .75, .75 and .925; the fourth does not count.
    assert got.units.observed[at[0]] == pytest.approx((0.75 + 0.75 + 0.925) / 3)
    assert got.units.first[at[0]] == pytest.approx((0.2 + 0.525) / 2)
    assert got.units.first[at[2]] == pytest.approx(0.525)
    assert (got.began, got.without_later, got.elsewhere, got.replayed) == (1, 0, 0, 3)
    assert set(got.units.section.tolist()) == {taught.section.pk}
    assert set(got.school.tolist()) == {taught.section.roster.school_id}


def test_replay_gives_what_is_kept_at_acceptance(grouped):
    board = boards.current_board(grouped.section)
    boards.accept_board(section=grouped.section, version=board.version, by=grouped.teacher)
    members = list(GroupMember.objects.select_related("group__focus"))
    for standard in grouped.standards:  # later results, which must not move it
        assessment = make_assessment(grouped.section, [standard])
        for learner in grouped.learners:
            give(assessment, learner, standard, 4, at=timezone.now())
    about = read_about({member.group.focus_id for member in members})
    policies = Policies(grouped.section.district_id)
    [block] = read_blocks(
        about,
        school_ids=[grouped.section.roster.school_id],
        fewest=1,
        policies=policies,
        zone=ZONE,
        today=timezone.localdate(),
        tell=lambda done, total: None,
    )
    then, now = Expected(block, about, policies, ZONE), Expected(block, about, policies, ZONE)
    for member in members:
        then.ask(member.learner_id, member.group.focus_id, member.group.created_at)
        now.ask(member.learner_id, member.group.focus_id, timezone.now())
    kept = [member.expected_micro / MICRO for member in members]
    assert len(members) == 12
    assert then.read().tolist() == pytest.approx(kept, abs=2 / MICRO)
    assert (now.read() > [value + 0.01 for value in kept]).all()


def test_what_was_kept_at_acceptance_is_what_counts(taught):
    standard, _ = taught.standards
    results(taught, standard, (30, (1, 1, 2)), (9, (3, 2, 3)), (8, (3, 1, 2)), (7, (4, 2, 3)))
    group(taught, standard, taught.learners[:1], days=20, expected_micro=512_000, first_mean_micro=300_000)
    got = found(taught, began(taught, standard))
    row = by_learner(taught, got.units)[0]
    assert (got.units.expected[row], got.units.first[row]) == (0.512, 0.3)
    assert got.replayed == 2
    objections.object_to(taught.learners[0], by=taught.teacher, words="")
    without = found(taught, began(taught, standard) or [Began(0, standard.pk, days_ago(20), days_ago(20).date())])
    assert began(taught, standard) == []
    assert without.units.learner.tolist() == [learner.pk for learner in taught.learners[1:]]


def test_results_of_the_first_day_and_fewer_than_three_are_none(taught):
    standard, _ = taught.standards
    results(taught, standard, (30, (1, 1, 2)), (20, (3, 3, 3)), (8, (3, 1, 2)), (7, (4, None, 3)), (6, (4, 2, 3)))
    group(taught, standard, taught.learners[:2], days=20)
    got = found(taught, began(taught, standard))
    assert sorted(by_learner(taught, got.units)) == [0, 2]
    assert (got.began, got.without_later) == (2, 1)
    row = by_learner(taught, got.units)[0]
    assert got.units.observed[row] == pytest.approx((0.75 + 0.925 + 0.925) / 3)


def test_who_had_it_at_another_time_is_compared_with_nobody(taught):
    standard, _ = taught.standards
    results(taught, standard, (80, (1, 1, 2)), (9, (3, 2, 3)), (8, (3, 1, 2)), (7, (4, 2, 3)))
    group(taught, standard, taught.learners[:1], days=20)
    group(taught, standard, taught.learners[1:2], days=60)
    got = found(taught, began(taught, standard, since=30))
    assert sorted(by_learner(taught, got.units)) == [0, 2]
    assert got.elsewhere == 1
    assert found(taught, began(taught, standard)).elsewhere == 0


def test_group_of_another_purpose_is_not_without_a_group(taught):
    standard, _ = taught.standards
    results(taught, standard, (30, (1, 1, 2)), (9, (3, 2, 3)), (8, (3, 1, 2)), (7, (4, 2, 3)))
    group(taught, standard, taught.learners[:1], days=20)
    group(taught, standard, taught.learners[1:2], days=20, purpose="extend")
    got = found(taught, began(taught, standard, purpose="reteach"))
    assert sorted(by_learner(taught, got.units)) == [0, 2]
    assert found(taught, began(taught, standard, only_blocks=True)).began == 0


def test_who_begins_after_the_third_result_was_without_until_then(taught):
    standard, _ = taught.standards
    results(taught, standard, (30, (1, 1, 2)), (9, (3, 2, 3)), (8, (3, 1, 2)), (7, (4, 2, 3)))
    group(taught, standard, taught.learners[:1], days=20)
    group(taught, standard, taught.learners[1:2], days=5)
    rows = began(taught, standard)
    # Asked about, it starts with its own group, and has no three results since.
    assert sorted(by_learner(taught, found(taught, rows).units)) == [0, 2]
    own = taught.learners[1].pk
    got = found(taught, [replace(one, is_asked=one.learner_id != own) for one in rows])
    assert sorted(by_learner(taught, got.units)) == [0, 1, 2]
    assert not got.units.is_treated[by_learner(taught, got.units)[1]]


def test_nobody_began_with_anything(taught):
    got = found(taught, [])
    assert (len(got.units), got.began, got.elsewhere) == (0, 0, 0)


def test_statements_are_as_many_whatever_the_number_of_learners(taught):
    standard, _ = taught.standards
    results(taught, standard, (30, (1, 1, 2)), (9, (3, 2, 3)), (8, (3, 1, 2)), (7, (4, 2, 3)))
    group(taught, standard, taught.learners[:1], days=20)
    rows = began(taught, standard)
    with assert_statements(at_most=6) as few:
        assert len(found(taught, rows).units) == 3
    new = taught.join(9)
    results(taught, standard, *((days, [2] * 9) for days in (30, 9, 8, 7)), learners=new)
    with assert_statements(len(few)):
        assert len(found(taught, rows).units) == 12


def test_months_have_their_own_start_and_the_month_of_the_roll_out_is_left_out(taught):
    standard, _ = taught.standards
    today = timezone.localdate()
    first = today.replace(day=1)
    before = (first - timedelta(days=1)).replace(day=1)
    long_before = (before - timedelta(days=1)).replace(day=1)
    for month in (long_before, before):
        ago = [(today - month).days - n for n in (4, 8, 12)]
        results(taught, standard, *((days, (2, 3, 1)) for days in ago))
    school = taught.section.roster.school_id

    def months(day=None):
        return read_months(
            [standard.pk],
            school_ids=[school],
            began={} if day is None else {school: day},
            since=long_before,
            until=today,
            policies=Policies(taught.section.district_id),
            zone=ZONE,
            today=today,
            tell=lambda done, total: None,
        )

    found = months().monthly
    assert found.month.tolist() == [month_number(long_before), month_number(before)]
    assert (found.n.tolist(), found.learners) == ([[3.0, 3.0]], 3)
    # Nothing is known of them, and the standard has no domain: .6249 is expected.
    assert found.mean[0, 0] == pytest.approx((0.525 + 0.75 + 0.2) / 3 - 0.6249, abs=1e-4)
    assert abs(found.mean[0, 1]) < abs(found.mean[0, 0])
    assert months(day=before).monthly.began.tolist() == [month_number(before)]
    later = months(day=before + timedelta(days=3))
    assert (later.split, months().split, later.few) == (3, 0, 0)
    results(taught, standard, (0, (2, 2, None)))
    assert months().few == 2
    assert later.monthly.month.tolist() == [month_number(long_before)]
