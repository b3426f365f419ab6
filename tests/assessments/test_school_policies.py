"""A school with a method and cut points of its own: whose levels they make, on which days, and on every surface."""

from decimal import Decimal
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.models import Mastery, MasteryDay, MasteryPolicy, ModelState, StaleMark
from assessments.services import overrides, rebuilding
from assessments.services.disagreements import read_disagreements
from assessments.services.group_starts import read_starts
from assessments.services.impact_histories import read_about, read_blocks
from assessments.services.needs import read_needs
from assessments.services.policies import Policies
from assessments.services.policy_changes import (
    PolicyRefused,
    begin_policy,
    next_line,
    restore_policy,
    withdraw_policy,
)
from assessments.services.policy_preview import try_policy
from assessments.services.receipts import read_account
from profiles.models import HomeSchool, Learner
from profiles.services.class_moves import transfer
from profiles.services.roster_acts import undo
from tests.assessments.school_place import rows_of
from tests.assessments.school_policy_place import in_days, line
from tests.factories.assessments import give, make_assessment, work_off
from tests.factories.profiles import make_district_admin
from tests.factories.standards import make_framework, make_standard
from tests.fresh_code import with_fresh_code


@pytest.fixture
def admin(taught):
    return make_district_admin(taught.section.district)


def home_of(taught):
    return taught.section.roster.school


def shown(taught, standard=0):
    rows = Mastery.objects.filter(learner__in=taught.learners, standard=taught.standards[standard])
    levels = {row.learner_id: row.shown_level for row in rows}
    return [levels[learner.pk] for learner in taught.learners]


def as_rebuilt(taught):
    """A rebuild from the ledger leaves every row as it stands."""

    def rows():
        of_class = {"learner__in": taught.learners}
        levels = Mastery.objects.filter(**of_class).values_list(
            "learner", "standard", "value_micro", "shown_level", "n", "method", "policy_id", "trend"
        )
        days = MasteryDay.objects.filter(**of_class).values_list(
            "learner", "standard", "day", "value_micro", "shown_level", "n", "method", "policy_id"
        )
        states = ModelState.objects.filter(**of_class).values_list("learner", "subject", "beliefs")
        return set(levels), set(days), {(who, what, bytes(said)) for who, what, said in states}

    before = rows()
    assert all(before)
    rebuilding.rebuild(taught.section.district)
    assert rows() == before


def refused(act, *args, **fields) -> str:
    with pytest.raises(PolicyRefused) as why:
        act(*args, **fields)
    return why.value.code


def moved(taught, learner, school, days):
    """At home there since so many days ago."""
    Learner.objects.filter(pk=learner.pk).update(home_school=school)
    HomeSchool.objects.filter(learner=learner, starts_on=in_days(0)).update(starts_on=in_days(-days))
    subject = taught.standards[0].subject_id
    StaleMark.objects.bulk_create(StaleMark(learner_id=each.pk, subject_id=subject) for each in taught.learners)
    work_off()


# Whose levels


def test_line_is_for_those_who_are_at_home_there(mixed, admin, birch):
    assert shown(mixed) == [2, 2, 2]
    begin_policy(line(birch), by=admin)
    work_off()
    assert shown(mixed) == [2, 2, 4]
    as_rebuilt(mixed)


def test_cut_points_are_the_schools_and_the_mark_is_the_districts(mixed, admin, birch):
    assert shown(mixed, 1) == [2, 2, 2]
    begin_policy(line(birch, method="decaying", cuts=[0.2, 0.4, 0.9], mastery_level=2), by=admin)
    work_off()
    assert shown(mixed, 1) == [2, 2, 3]
    found = Policies(birch.district_id).on(None, in_days(0), school_id=birch.pk)
    assert (found.scale.mastery_level, found.scale.cuts) == (3, (0.2, 0.4, 0.9))
    as_rebuilt(mixed)


def test_just_those_are_marked_whose_home_it_is(mixed, admin, birch):
    assert begin_policy(line(birch), by=admin) == 1
    assert set(StaleMark.objects.values_list("learner_id", flat=True)) == {mixed.learners[2].pk}
    work_off()
    assert begin_policy(line(home_of(mixed)), by=admin) == 2


def test_who_comes_first(mixed, admin, birch):
    """The school's for the framework, the school's for all, the framework's, the district's."""
    framework, day = mixed.standards[0].framework, in_days(0)
    on = lambda: Policies(birch.district_id).on(framework.pk, day, school_id=birch.pk).method.name
    says = {"district": birch.district, "starts_on": day, "newest_weight": Decimal("0.65"), "times": 3, "whole": False}
    begin_policy(MasteryPolicy(method="mean", **says), by=admin)
    assert on() == "mean"
    begin_policy(MasteryPolicy(method="mode", framework=framework, **says), by=admin)
    assert on() == "mode"
    begin_policy(line(birch, method="latest"), by=admin)
    assert on() == "latest"
    begin_policy(line(birch, method="highest", framework=framework), by=admin)
    assert on() == "highest"
    begin_policy(line(birch, method="", framework=framework), by=admin)
    assert on() == "latest"
    begin_policy(line(birch, method=""), by=admin)
    assert on() == "mode"
    work_off()
    as_rebuilt(mixed)


def test_line_for_one_framework_leaves_the_others_alone(mixed, admin, birch):
    other = make_standard(make_framework(birch.district))
    give(make_assessment(mixed.section, [other], given_on=in_days(-3)), mixed.learners[2], other, 4)
    give(make_assessment(mixed.section, [other], given_on=in_days(-2)), mixed.learners[2], other, 1)
    work_off()
    begin_policy(line(birch, framework=other.framework), by=admin)
    work_off()
    assert shown(mixed) == [2, 2, 2]
    assert Mastery.objects.get(standard=other).shown_level == 4


def test_what_the_district_says_of_everything_else_holds_at_the_school(mixed, admin, birch):
    begin_policy(line(birch, exact_matches=True, minimum_n=30, parent_rule="met", level_words=["a", "b"]), by=admin)
    policies = Policies(birch.district_id)
    found, usual = (policies.on(None, in_days(0), school_id=school) for school in (birch.pk, None))
    assert (found.exact_matches, found.minimum_n, found.parent_rule) == (False, 10, "")
    assert found.words == usual.words
    assert (policies.minimum_n(in_days(0)), policies.matched_into()) == (10, None)


def test_line_rests_while_the_district_has_another_number_of_levels(mixed, admin, birch):
    begin_policy(line(birch), by=admin)
    work_off()
    shorter = MasteryPolicy(
        district=birch.district, starts_on=in_days(0), newest_weight=Decimal("0.65"), times=3, whole=False,
        method="latest", cuts=[0.5, 0.8], level_words=["a", "b", "c"], mastery_level=2,
    )  # fmt: skip
    begin_policy(shorter, by=admin)
    work_off()
    assert shown(mixed) == [1, 1, 1]
    as_rebuilt(mixed)
    assert refused(begin_policy, line(birch, method="mean"), by=admin) == "levels"
    begin_policy(line(birch, method="highest", cuts=[0.4, 0.7]), by=admin)
    work_off()
    assert shown(mixed) == [1, 1, 3]


# Days and moves


def test_day_that_is_over_keeps_the_school_of_that_day(mixed, admin, birch):
    ana, first = mixed.learners[0], mixed.standards[0]
    line(birch, starts_on=in_days(-30)).save(force_insert=True)
    moved(mixed, ana, birch, 8)
    days = MasteryDay.objects.filter(learner=ana, standard=first).order_by("day")
    levels = {row.day: (row.shown_level, row.method) for row in days}
    assert levels == {
        in_days(-20): (4, "decaying"),
        in_days(-12): (4, "decaying"),
        in_days(-8): (4, "highest"),
        in_days(-4): (4, "highest"),
    }
    assert shown(mixed)[:2] == [4, 2]
    accounts = [read_account(ana, first, past=in_days(-days)) for days in (10, 8)]
    assert [(account.policy.method.name, account.school) for account in accounts] == [
        ("decaying", ""),
        ("highest", "Birch"),
    ]
    moved(mixed, ana, home_of(mixed), 2)
    assert shown(mixed)[:2] == [2, 2]
    assert MasteryDay.objects.get(learner=ana, standard=first, day=in_days(-4)).method == "highest"
    as_rebuilt(mixed)


def test_move_marks_whoever_moves_and_its_undo_too(mixed, admin, birch):
    begin_policy(line(birch), by=admin)
    work_off()
    act = transfer(learners=[mixed.learners[0]], to=birch, by=admin, from_day=in_days(0), uuid=uuid4())
    work_off()
    assert shown(mixed) == [4, 2, 4]
    undo(act, by=admin)
    work_off()
    assert shown(mixed) == [2, 2, 4]
    as_rebuilt(mixed)


def test_move_of_who_is_in_no_class_marks_too_and_so_does_its_undo(mixed, admin, birch):
    """No class list says that somebody has gone whom nobody has on one."""
    ana = mixed.learners[0]
    ana.enrollments.all().delete()
    begin_policy(line(birch), by=admin)
    work_off()
    act = transfer(learners=[ana], to=birch, by=admin, from_day=in_days(0), uuid=uuid4())
    work_off()
    assert shown(mixed) == [4, 2, 4]
    undo(act, by=admin)
    work_off()
    assert shown(mixed) == [2, 2, 4]
    as_rebuilt(mixed)


def test_line_to_come_wakes_its_learners_on_its_day_and_can_be_withdrawn(mixed, admin, birch):
    policy = line(birch, starts_on=in_days(5))
    assert begin_policy(policy, by=admin) == 1
    [mark] = StaleMark.objects.filter(due_at__gt=timezone.now())
    assert (mark.learner_id, timezone.localdate(mark.due_at)) == (mixed.learners[2].pk, in_days(5))
    withdraw_policy(policy, by=admin)
    assert Policies(birch.district_id).on(None, in_days(6), school_id=birch.pk).policy_id is None
    restore_policy(policy)
    assert Policies(birch.district_id).on(None, in_days(6), school_id=birch.pk).policy_id == policy.pk
    assert StaleMark.objects.filter(due_at__gt=timezone.now()).count() == 1


def test_who_comes_while_the_line_is_being_saved_is_marked_once_it_stands(
    mixed, admin, birch, django_capture_on_commit_callbacks
):
    """Whoever's move was not committed when marks were made is looked for once more after the end of the save."""
    ana = mixed.learners[0]
    with django_capture_on_commit_callbacks() as later:
        begin_policy(line(birch), by=admin)
    Learner.objects.filter(pk=ana.pk).update(home_school=birch)
    StaleMark.objects.all().delete()
    for callback in later:
        callback()
    assert set(StaleMark.objects.values_list("learner_id", flat=True)) == {ana.pk}


# Trying


@pytest.mark.parametrize("method", MasteryPolicy.Method.values)
def test_trial_says_what_workers_store(mixed, admin, birch, method):
    was = shown(mixed), shown(mixed, 1)
    policy = line(birch, method=method, times=2, cuts=[0.2, 0.45, 0.7])
    tried = try_policy(policy, by=admin, today=in_days(0)).part(seconds=60)
    begin_policy(policy, by=admin)
    work_off()
    cam = mixed.learners[2].pk
    assert (shown(mixed)[:2], shown(mixed, 1)[:2]) == (was[0][:2], was[1][:2])
    now = {
        standard.pk: levels[2]
        for standard, levels in zip(mixed.standards, (shown(mixed), shown(mixed, 1)), strict=True)
    }
    before = {standard.pk: levels[2] for standard, levels in zip(mixed.standards, was, strict=True)}
    changed = {(cam, pk): level for pk, level in now.items() if level != before[pk]}
    assert {(c.learner_id, c.standard_id): c.after for c in tried.changes} == changed
    assert (tried.walked, tried.figures.students) == (1, 1)


def test_trial_of_the_end_of_a_line_says_who_goes_back_to_the_district(mixed, admin, birch):
    begin_policy(line(birch), by=admin)
    work_off()
    tried = try_policy(line(birch, method=""), by=admin, today=in_days(0)).part(seconds=60)
    assert [(c.learner_id, c.before, c.after) for c in tried.changes] == [(mixed.learners[2].pk, 4, 2)]
    begin_policy(line(birch, method=""), by=admin)
    work_off()
    assert shown(mixed) == [2, 2, 2]


def test_trial_of_the_district_leaves_schools_with_their_own_way_alone(mixed, admin, birch):
    begin_policy(line(birch), by=admin)
    work_off()
    usual = MasteryPolicy(
        district=birch.district,
        starts_on=in_days(0),
        newest_weight=Decimal("0.65"),
        times=3,
        whole=False,
        method="latest",
    )
    tried = try_policy(usual, by=admin, today=in_days(0)).part(seconds=60)
    assert {c.learner_id for c in tried.changes} == {mixed.learners[0].pk, mixed.learners[1].pk}
    begin_policy(usual, by=admin)
    work_off()
    assert shown(mixed) == [1, 1, 4]


# Refused


def test_a_school_has_no_number_of_levels_of_its_own(mixed, admin, birch):
    assert refused(begin_policy, line(birch, cuts=[0.5, 0.8]), by=admin) == "levels"


def test_the_same_again_is_refused_and_so_is_ending_nothing(mixed, admin, birch):
    assert refused(begin_policy, line(birch, method=""), by=admin) == "same"
    begin_policy(line(birch), by=admin)
    assert refused(begin_policy, line(birch, minimum_n=20), by=admin) == "same"


def test_line_that_has_begun_stays_whose_it_is(mixed, admin, birch):
    policy = line(birch)
    begin_policy(policy, by=admin)
    refused_by_database = pytest.raises(DatabaseError)
    with refused_by_database, transaction.atomic():
        MasteryPolicy.objects.filter(pk=policy.pk).update(school=home_of(mixed))


def test_form_begins_with_what_holds_at_the_school(mixed, admin, birch):
    begin_policy(line(birch, cuts=[0.3, 0.6, 0.9]), by=admin)
    found = next_line(birch, None, in_days(0))
    assert (found.method, found.cuts, found.school) == ("highest", [0.3, 0.6, 0.9], birch)
    assert next_line(home_of(mixed), None, in_days(0)).method == "decaying"


# Surfaces


def test_every_surface_tells_the_same_of_two_schools_of_unlike_methods(mixed, admin, birch, as_account):
    """The wall, the account, the API and the file; the sentence on the account says whose way it is."""
    line(birch, cuts=[0.2, 0.4, 0.9]).save(force_insert=True)
    moved(mixed, mixed.learners[1], birch, 8)
    moved(mixed, mixed.learners[2], birch, 9)
    client = as_account(mixed.teacher)
    page = client.get(reverse("section_wall", args=[mixed.section.pk]))
    wall = page.context["wall"]
    on_wall = {row.learner.pk: [cell.level for cell in row.cells] for row in wall.rows}
    expected = {learner.pk: [shown(mixed)[i], shown(mixed, 1)[i]] for i, learner in enumerate(mixed.learners)}
    assert on_wall == expected == dict(zip((each.pk for each in mixed.learners), ([2, 2], [4, 3], [4, 3]), strict=True))
    for learner in mixed.learners:
        for standard, level in zip(mixed.standards, expected[learner.pk], strict=True):
            account = read_account(learner, standard)
            assert (account.shown_level, account.receipt.shown_level, account.is_current) == (level, level, True)
            told = client.get(reverse("receipt", args=[learner.pk, standard.pk]))
            assert ("as Birch has decided" in told.text) == (learner != mixed.learners[0])
    as_rebuilt(mixed)


def test_how_sure_and_disagreements_go_by_the_scale_of_the_school(mixed, admin, birch):
    """45 % five times after a teacher's 4: above the mark where level 3 begins at 20 %."""
    _first, second = mixed.standards
    for learner in mixed.learners[1:]:
        overrides.set_level(learner=learner, standard=second, level=4, reason="Seen.", by=mixed.teacher)
    line(birch, method="decaying", cuts=[0.05, 0.10, 0.95]).save(force_insert=True)
    for days in range(30):
        fields = {"title": f"Quiz {days}", "scale": "points", "points_possible": 100}
        assessment = make_assessment(mixed.section, [second], given_on=in_days(0), **fields)
        for learner in mixed.learners[1:]:
            give(assessment, learner, second, 20, at=timezone.now())
    work_off()
    pairs = read_disagreements(
        [learner.pk for learner in mixed.learners], [second.pk], policies=Policies(birch.district_id)
    )
    assert pairs == {(mixed.learners[1].pk, second.pk)}


def test_results_of_a_guest_are_read_on_the_scale_of_the_own_school(mixed, admin, birch):
    """For groups, the start of one, and impact: 45 % is a 3 there, a mark of 4 is .95 of the whole."""
    ana, _ben, cam = mixed.learners
    first, second = mixed.standards
    begin_policy(line(birch, method="decaying", cuts=[0.2, 0.4, 0.9]), by=admin)
    work_off()
    policies, today = Policies(birch.district_id), in_days(0)
    needs = read_needs(mixed.section, policies, on=today, chosen=[first.pk, second.pk])
    column = [standard.pk for standard in needs.standards].index(second.pk)
    rows = {learner.pk: row for row, learner in enumerate(needs.learners)}
    assert [[one.level for one in needs.known.results[rows[who.pk], column]] for who in (ana, cam)] == [[2], [3]]
    starts = read_starts(
        mixed.section.roster_id, {ana.pk: first.pk, cam.pk: first.pk}, policies=policies, on=today, at=timezone.now()
    )
    assert [starts[who.pk]["first_mean_micro"] for who in (ana, cam)] == [683333, 666667]
    [block] = read_blocks(
        read_about([first.pk]),
        school_ids=[birch.pk, home_of(mixed).pk],
        fewest=1,
        policies=policies,
        zone=ZoneInfo("UTC"),
        today=today,
        tell=lambda done, of: None,
    )
    assert [block.score[block.rows[who.pk, first.pk]].tolist() for who in (ana, cam)] == [
        pytest.approx([0.925, 0.925, 0.2]),
        pytest.approx([0.95, 0.95, 0.1]),
    ]


# Cost


def test_district_without_such_lines_asks_for_no_home_school(mixed, admin, birch):
    def statements():
        StaleMark.objects.create(learner_id=mixed.learners[2].pk, subject_id=mixed.standards[0].subject_id)
        with CaptureQueriesContext(
            connection,
        ) as found:
            work_off()
        return sum("profiles_homeschool" in each["sql"] for each in found), len(found)

    asked, before = statements()
    assert asked == 0
    begin_policy(line(birch), by=admin)
    work_off()
    asked, after = statements()
    assert after - before <= 1


# Figures of several schools


def test_figures_say_which_schools_have_a_way_of_their_own(place, story, district_admin):
    """On the page, and in the file row by row: of the district, of either school, of an earlier day."""
    place.teach(place.other, 2)
    line(place.school, starts_on=in_days(-20)).save(force_insert=True)
    usual, own = "Newest counts most, 65 %", "Highest"
    page = district_admin.get("/school/", {"compare": in_days(-30).isoformat()})
    assert page.context["methods"] == f"{usual}; {own} (Alder Creek)"
    assert page.context["methods_then"] == usual
    rows = rows_of(with_fresh_code(district_admin).get(reverse("school_csv")))
    said = {row["Row"]: row["Method"] for row in rows}
    assert said["Birchwood"] == usual
    assert said["Alder Creek"] == own
    assert f"{usual}; {own} (Alder Creek)" in said.values()
    only = district_admin.get("/school/", {"school": place.school.pk})
    assert only.context["methods"] == own
