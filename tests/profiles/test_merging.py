"""Two rows of one child made one and two again: nothing of either is lost, whatever table it is in."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.models import Evidence, Mastery, OverrideReason
from assessments.services import overrides
from lrm.scope import district_scope, unscoped
from profiles.models import Account, Enrollment, Learner, LearnerMerge, StaffNote, ToldApart
from profiles.services import duplicates, merging
from profiles.services.roster_acts import ChangedMeanwhile
from tests.budgets import statements
from tests.factories.any_row import make_any
from tests.factories.assessments import days_ago, give, make_assessment, work_off
from tests.factories.profiles import (
    enroll,
    make_district_admin,
    make_guardian,
    make_learner,
    make_roster,
    make_school,
    make_school_admin,
    make_section,
)
from tests.factories.standards import make_framework, make_standard

pytestmark = pytest.mark.django_db

APPS = ("profiles", "standards", "assessments", "paths")


@pytest.fixture
def roster():
    roster = make_roster(title="5 Maple")
    with district_scope(roster.district_id):
        yield roster


@pytest.fixture
def admin(roster, client):
    account = make_school_admin(roster.school)
    client.force_login(account)
    return account


@pytest.fixture
def two(roster):
    """One child, here twice: kept, merged."""
    names = {"given_name": "Nia", "family_name": "Adler"}
    return make_learner(roster.school, key="S-1", **names), make_learner(roster.school, key="S-01", **names)


def merge(two, by):
    return merging.merge(kept=two[0], merged=two[1], by=by, uuid=uuid4())


def learner_links():
    """(model, foreign key to a learner) of every table of ours."""
    return [
        (model, field)
        for model in apps.get_models()
        if model._meta.app_label in APPS
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.related_model is Learner
    ]


def test_every_link_to_a_learner_is_moved_or_says_why_not():
    moved = {(model._meta.label, field.name) for model, field in merging.links_to(Learner)}
    others = {
        (model._meta.label, getattr(model, "merging", None))
        for model, field in learner_links()
        if (model._meta.label, field.name) not in moved
    }
    assert others == {
        ("assessments.Evidence", "appended"),
        ("assessments.Mastery", "rebuilt"),
        ("assessments.MasteryDay", "rebuilt"),
        ("assessments.ModelState", "rebuilt"),
        ("profiles.AuditEntry", "stays"),
        ("profiles.Erasure", "stays"),
        ("profiles.HomeSchool", "stays"),
        ("profiles.LearnerMerge", "stays"),
        ("profiles.ToldApart", "stays"),
    }


def test_learners_are_named_without_a_foreign_key_only_where_merging_knows():
    """Marks are worked off; the log of looks is read for both ids; in a plan the class's way counts; what a token may
    read on a day is a number."""
    named = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in APPS
        for field in model._meta.concrete_fields
        if "learner" in field.name and not field.is_relation and not isinstance(field, models.BooleanField)
    }
    assert named == {
        "assessments.StaleMark.learner_id",
        "assessments.MarkFailure.learner_id",
        "profiles.AccessLog.learner_ids",
        "profiles.ApiToken.learners_per_day",
        "profiles.Erasure.learner_uuid",
        "profiles.RollOver.learners",
    }


def test_rows_of_both_are_the_kept_ones_and_come_apart_again(two, admin):
    kept, merged = two
    note = make_any(StaffNote, {Learner: merged}, uuid=uuid4())
    own = make_any(StaffNote, {Learner: kept}, uuid=uuid4())
    guardian = make_guardian(merged)
    step = merge(two, admin)
    assert set(StaffNote.objects.filter(learner=kept)) == {own, note}
    assert kept.guardianships.get().account == guardian
    merging.part(step, by=admin)
    assert StaffNote.objects.get(learner=merged) == note
    assert StaffNote.objects.get(learner=kept) == own
    assert merged.guardianships.get().account == guardian


def test_what_both_have_of_one_kind_stays_apart(two, admin):
    kept, merged = two
    guardian = make_guardian(merged)
    kept.guardianships.create(account=guardian, relation="mother", starts_on=timezone.localdate())
    lines = {line.what: line for line in duplicates.lines_of(kept, merged)}
    assert (lines["Family"].kept, lines["Family"].merged, lines["Family"].apart) == (1, 1, 1)
    step = merge(two, admin)
    assert kept.guardianships.count() == 1
    assert list(step.apart) == ["profiles.Guardianship.learner"]


def test_one_class_has_the_child_once_from_the_first_day_of_both(two, roster, admin):
    kept, merged = two
    first = timezone.localdate() - timedelta(days=80)
    row, other = enroll(kept, roster), enroll(merged, roster, starts_on=first)
    elsewhere = enroll(merged, make_roster(roster.school, session=roster.session))
    step = merge(two, admin)
    on = Enrollment.objects.on(timezone.localdate()).of_learners()
    assert sorted(on.values_list("learner", "roster", "starts_on")) == sorted(
        [(kept.pk, roster.pk, first), (kept.pk, elsewhere.roster_id, elsewhere.starts_on)]
    )
    merging.part(step, by=admin)
    standing = set(on.values_list("pk", "learner", "starts_on"))
    assert standing == {
        (row.pk, kept.pk, row.starts_on),
        (other.pk, merged.pk, first),
        (elsewhere.pk, merged.pk, elsewhere.starts_on),
    }


def test_person_is_here_under_one_id_and_both_come_back(two, admin):
    kept, merged = two
    step = merge(two, admin)
    for row in two:
        row.refresh_from_db()
    assert (kept.left_on, merged.left_on, merged.number) == (None, timezone.localdate(), None)
    merging.part(step, by=admin)
    for row in two:
        row.refresh_from_db()
    assert (kept.key, merged.key, merged.left_on) == ("S-1", "S-01", None)


def test_kept_one_without_an_id_takes_over_the_other_s(two, admin):
    kept, merged = two
    Learner.objects.filter(pk=kept.pk).update(key=None)
    kept.refresh_from_db()
    step = merge(two, admin)
    kept.refresh_from_db()
    assert kept.key == "S-01"
    merging.part(step, by=admin)
    for row in two:
        row.refresh_from_db()
    assert (kept.key, merged.key) == (None, "S-01")


@pytest.mark.parametrize("kept_has_one", [False, True])
def test_account_with_an_address_signs_in_as_the_kept_one(two, roster, admin, kept_has_one):
    kept, _ = two
    merged = make_learner(roster.school, account=True)
    Account.objects.filter(pk=merged.account_id).update(email="nia@example.org")
    if kept_has_one:
        kept = make_learner(roster.school, account=True)
    before = kept.account_id
    merged.refresh_from_db()
    step = merge((kept, merged), admin)
    kept.refresh_from_db()
    assert kept.account_id == merged.account_id
    assert kept.account.is_active
    merging.part(step, by=admin)
    kept.refresh_from_db()
    assert kept.account_id == before
    assert Account.objects.get(pk=merged.account_id).is_active


def test_merged_twice_by_one_form_is_once_and_a_merged_row_is_not_merged_again(two, roster, admin):
    uuid = uuid4()
    steps = {merging.merge(kept=two[0], merged=two[1], by=admin, uuid=uuid).pk for _ in range(2)}
    assert len(steps) == 1
    with pytest.raises(merging.NotTwo):
        merging.merge(kept=make_learner(roster.school), merged=two[1], by=admin, uuid=uuid4())


def test_undo_is_refused_twice_and_after_thirty_days(two, admin):
    step = merge(two, admin)
    LearnerMerge.objects.filter(pk=step.pk).update(at=timezone.now() - timedelta(days=31))
    with pytest.raises(ChangedMeanwhile):
        merging.part(step, by=admin)
    LearnerMerge.objects.filter(pk=step.pk).update(at=timezone.now())
    merging.part(step, by=admin)
    with pytest.raises(ChangedMeanwhile):
        merging.part(step, by=admin)


@pytest.fixture
def results(two, roster, admin):
    """A cell that both have, one that only the other has, and a level that a teacher has set for the other."""
    section = make_section(roster)
    framework = make_framework(section.district)
    shared, single = make_standard(framework), make_standard(framework)
    first, second = make_assessment(section, [shared, single]), make_assessment(section, [shared, single])
    for learner in two:
        enroll(learner, roster)
    give(first, two[0], shared, 2, at=days_ago(9))
    give(first, two[1], shared, 4, at=days_ago(9))
    give(second, two[1], single, 3, at=days_ago(3))
    work_off()
    return shared, single


def levels(learner):
    return dict(Mastery.objects.filter(learner=learner).values_list("standard", "shown_level"))


def test_results_of_both_count_for_the_kept_one_and_levels_are_worked_out_anew(two, admin, results):
    kept, merged = two
    before = levels(kept), levels(merged)
    shown = list(Mastery.objects.filter(learner=merged).order_by("standard").values_list("standard", "value_micro"))
    step = merge(two, admin)
    work_off()
    assert levels(merged) == {}
    assert levels(kept).keys() == before[0].keys() | before[1].keys()
    assert levels(kept)[results[1].pk] == before[1][results[1].pk]
    merging.part(step, by=admin)
    work_off()
    assert (levels(kept), levels(merged)) == before
    assert (
        list(Mastery.objects.filter(learner=merged).order_by("standard").values_list("standard", "value_micro"))
        == shown
    )


def test_ledger_is_only_appended_to(two, admin, results):
    before = list(Evidence.objects.order_by("id").values())
    step = merge(two, admin)
    merging.part(step, by=admin)
    assert list(Evidence.objects.order_by("id").values())[: len(before)] == before


def test_result_corrected_since_goes_back_as_it_was_corrected(two, roster, admin, results):
    kept, merged = two
    step = merge(two, admin)
    copy = Evidence.objects.get(learner=kept, standard=results[1])
    give(copy.assessment, kept, results[1], 1, replaces=copy.pk)
    merging.part(step, by=admin)
    work_off()
    superseded = Evidence.objects.exclude(supersedes_id=None).values("supersedes_id")
    tips = Evidence.objects.filter(learner=merged, standard=results[1]).exclude(pk__in=superseded)
    assert [row.points for row in tips] == [1]
    assert not levels(kept).keys() & {results[1].pk}


def test_level_set_by_a_teacher_goes_with_its_reason(two, admin, results):
    kept, merged = two
    with unscoped("the service reads the district of the learner"):
        overrides.set_level(learner=merged, standard=results[1], level=4, reason="Showed it aloud", by=admin)
    merge(two, admin)
    work_off()
    assert levels(kept)[results[1].pk] == 4
    record = Evidence.objects.get(learner=kept, kind="set")
    assert OverrideReason.objects.get(evidence_id=record.pk).text == "Showed it aloud"


def test_likely_pairs_are_found_by_name_and_nearly_equal_id(two, roster, admin):
    make_learner(roster.school, given_name="ADLER", family_name="nía", key="x")
    make_learner(roster.school, given_name="Theo", family_name="Marsh", key="T 7")
    make_learner(roster.school, given_name="Teo", family_name="Marsch", key="t-007")
    make_learner(make_school(roster.district), given_name="Nia", family_name="Adler")
    found = [(pair.kept.family_name, pair.merged.family_name, pair.why) for pair in duplicates.likely_pairs(admin)]
    assert found == [
        ("Adler", "Adler", "the same name"),
        ("Adler", "nía", "the same name"),
        ("Marsh", "Marsch", "the same ID but for zeros and signs"),
    ]


def test_of_a_whole_district_only_those_shown_are_read_as_rows(two, roster, admin):
    """Whatever its size, all are compared by five values each, and at most 200 become objects."""

    def ask() -> int:
        with CaptureQueriesContext(connection) as captured:
            found.append(duplicates.likely_pairs(admin))
        sent = statements(captured)
        whole = [sql for sql in sent if '"profiles_learner"."uuid"' in sql]
        assert len(whole) == 1
        assert '"profiles_learner"."id" IN (' in whole[0]
        return len(sent)

    found: list[list[duplicates.Pair]] = []
    duplicates.likely_pairs(admin)  # whose rights are read once
    alone = ask()
    Learner.objects.bulk_create(
        Learner(
            district=roster.district,
            home_school=roster.school,
            given_name=f"Nia {n}",
            family_name="Adler",
            key=f"{k}-{n}",
        )
        for n in range(60)
        for k in "abc"
    )
    assert ask() == alone
    assert (len(found[0]), len(found[1])) == (1, duplicates.SHOWN)
    assert found[1] == sorted(found[1], key=lambda pair: (pair.kept.name, pair.kept.pk, pair.merged.pk))


def test_pages_show_the_pair_make_one_and_two_again(client, two, admin):
    page = client.get("/students/duplicates/").content.decode()
    assert f"?kept={two[0].pk}&amp;merged={two[1].pk}" in page
    assert client.get("/students/merge/", {"kept": two[0].pk, "merged": two[1].pk}).status_code == 200
    data = {"kept": two[0].pk, "merged": two[1].pk, "uuid": uuid4()}
    page = client.post("/students/merge/", data, follow=True).content.decode()
    assert "is one child now" in page
    step = LearnerMerge.objects.get()
    page = client.post(f"/learner-merges/{step.uuid}/undo/", follow=True).content.decode()
    assert "are two again" in page
    assert "Changed meanwhile" in client.post(f"/learner-merges/{step.uuid}/undo/", follow=True).content.decode()


def test_administrator_merges_nobody_of_another_school(client, two, roster, admin):
    stranger = make_learner(make_school(roster.district))
    data = {"kept": two[0].pk, "merged": stranger.pk, "uuid": uuid4()}
    assert client.post("/students/merge/", data).status_code == 404
    assert client.get("/students/merge/", data).status_code == 404
    client.force_login(make_district_admin(roster.district))
    assert client.post("/students/merge/", data).status_code == 302


@pytest.mark.parametrize("method", ["get", "post"])
def test_one_child_is_not_merged_with_itself_and_the_search_is_still_there(client, two, admin, method):
    data = {"kept": two[0].pk, "merged": two[0].pk, "uuid": uuid4(), "q": two[0].given_name}
    page = getattr(client, method)("/students/merge/", data, follow=True)
    assert page.redirect_chain == [(f"/students/duplicates/?q={two[0].given_name}", 302)]
    assert "Choose two: one to keep, and another one to merge into it." in page.content.decode()
    assert not LearnerMerge.objects.exists()


def suggested(admin):
    return [(pair.kept, pair.merged) for pair in duplicates.likely_pairs(admin)]


def test_two_who_were_told_apart_are_not_suggested_until_that_is_taken_back(two, admin, client):
    assert suggested(admin) == [two]
    answer = client.post("/students/told-apart/", {"one": two[1].pk, "other": two[0].pk}, follow=True)
    client.post("/students/told-apart/", {"one": two[0].pk, "other": two[1].pk})
    assert (suggested(admin), ToldApart.objects.count()) == ([], 1)
    row = ToldApart.objects.get()
    assert (row.one, row.other, row.by) == (*two, admin)
    undo = f"/students/told-apart/{row.uuid}/undo/"
    assert undo in answer.content.decode()
    client.post(undo)
    assert (suggested(admin), client.post(undo).status_code) == ([two], 404)


def test_third_of_one_name_is_held_against_those_who_are_left(two, roster, admin):
    third = make_learner(roster.school, given_name="Nia", family_name="Adler", key="T-9")
    duplicates.tell_apart(*two, by=admin)
    assert suggested(admin) == [(two[0], third)]
    duplicates.tell_apart(third, two[0], by=admin)
    assert suggested(admin) == [(two[1], third)]


def test_pair_of_another_school_is_nobody_s_to_tell_apart(two, roster, client):
    client.force_login(make_school_admin(make_school(roster.district)))
    assert client.post("/students/told-apart/", {"one": two[0].pk, "other": two[1].pk}).status_code == 404
    assert not ToldApart.objects.exists()
