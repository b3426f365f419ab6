"""Results on an exact match count where the policy says so, once each, and are labelled as such."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Mastery, MasteryDay, MasteryPolicy, ModelState, StaleMark
from assessments.receipt_words import say_lines
from assessments.services import overrides, rebuilding
from assessments.services.ledger import Kind
from assessments.services.policy_changes import begin_policy
from assessments.services.policy_preview import try_policy
from assessments.services.receipts import read_account, read_sureness
from assessments.services.results import record_results
from lrm.scope import district_scope
from standards.models import Association
from tests.factories.assessments import days_ago, entry, give, make_assessment, work_off
from tests.factories.profiles import enroll, make_district_admin, make_learner, make_section, make_teacher
from tests.factories.standards import make_framework, make_standard, make_subject


def match(one, other):
    Association._base_manager.create(
        framework=one.framework, uuid=uuid.uuid4(), kind=Association.EXACT_MATCH_OF, origin=one, destination=other
    )


class Scene:
    """A state's standard, the same one of a district's framework, and through that one a third, in another subject."""

    def __init__(self):
        self.section = make_section()
        self.district = self.section.district
        state, own, third = (make_framework(self.district, title=title) for title in ("State", "Own", "Third"))
        self.state, self.own = make_standard(state), make_standard(own)
        self.third = make_standard(third, subject=make_subject(self.district, "Thinking"))
        match(self.own, self.state)
        match(self.third, self.own)
        self.learner = make_learner(self.section.roster.school)
        enroll(self.learner, self.section.roster)

    def give(self, standard, points, days=0):
        assessment = make_assessment(self.section, [standard], given_on=days_ago(days).date())
        give(assessment, self.learner, standard, points)
        return assessment

    def let_count(self, **fields):
        fields = {"starts_on": days_ago(30).date(), "exact_matches": True} | fields
        return MasteryPolicy.objects.create(district=self.district, **fields)

    def level(self, standard):
        row = Mastery.objects.filter(learner=self.learner, standard=standard).first()
        return row and row.shown_level


@pytest.fixture
def scene(db):
    made = Scene()
    with district_scope(made.district.pk):
        yield made


def test_matches_do_not_count_where_nobody_says_so(scene):
    scene.give(scene.state, 4)
    assert StaleMark.objects.count() == 1
    work_off()
    assert (scene.level(scene.state), scene.level(scene.own), scene.level(scene.third)) == (4, None, None)


def test_matches_count_in_every_direction_and_through_others_also_in_another_subject(scene):
    scene.let_count()
    scene.give(scene.state, 4, days=1)
    work_off()
    assert (scene.level(scene.state), scene.level(scene.own), scene.level(scene.third)) == (4, 4, 4)
    scene.give(scene.third, 1)
    work_off()
    assert {scene.level(one) for one in (scene.state, scene.own, scene.third)} == {2}


def test_framework_may_let_them_count_for_itself_alone(scene):
    scene.let_count(framework=scene.own.framework)
    scene.give(scene.state, 4, days=1)
    scene.give(scene.own, 1)
    work_off()
    assert (scene.level(scene.state), scene.level(scene.own)) == (4, 2)


def test_result_reaches_a_standard_once_and_its_own_mark_comes_first(scene):
    scene.let_count()
    assessment = make_assessment(scene.section, [scene.state, scene.own])
    give(assessment, scene.learner, scene.state, 4)
    give(assessment, scene.learner, scene.own, 2)
    work_off()
    assert (scene.level(scene.state), scene.level(scene.own)) == (4, 2)
    assert Mastery.objects.get(standard=scene.third).n == 1


def test_cleared_result_leaves_its_matches_too(scene):
    scene.let_count()
    assessment = scene.give(scene.state, 4)
    work_off()
    tip = scene.learner.evidence.get()
    taken_back = entry(scene.learner, scene.state, kind=Kind.CLEARED, replaces=tip.pk)
    record_results(assessment=assessment, entries=[taken_back], by=None)
    work_off()
    assert {scene.level(one) for one in (scene.state, scene.own, scene.third)} == {None}


def test_level_that_a_teacher_sets_stays_on_its_standard(scene):
    scene.let_count()
    scene.give(scene.state, 4)
    overrides.set_level(
        learner=scene.learner, standard=scene.state, level=1, reason="Saw it.", by=make_teacher(scene.section.roster)
    )
    work_off()
    assert (scene.level(scene.state), scene.level(scene.own)) == (1, 4)


def test_receipt_names_the_standard_and_its_framework(scene, as_account):
    scene.let_count()
    scene.give(scene.state, 4, days=1)
    scene.give(scene.own, 2)
    work_off()
    account = read_account(scene.learner, scene.own)
    assert account.is_current
    assert [line["matched"] for line in say_lines(account, exact=True)["counted"]] == [
        "",
        f"on {scene.state.label} of State, an exact match",
    ]
    address = reverse("receipt", args=[scene.learner.pk, scene.own.pk])
    page = as_account(make_teacher(scene.section.roster)).get(address).content.decode()
    assert "of State, an exact match" in page


def test_model_learns_from_a_match_once(scene):
    scene.let_count()
    scene.give(scene.state, 4)
    work_off()
    with_match = ModelState.objects.get(subject=scene.state.subject).beliefs
    MasteryPolicy.objects.all().delete()
    rebuilding.rebuild(scene.district)
    assert ModelState.objects.get(subject=scene.state.subject).beliefs == with_match
    assert scene.level(scene.own) is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("method", ["decaying", "tree"])
def test_matches_count_from_the_day_of_the_policy_on_and_a_rebuild_agrees(method):
    scene = Scene()
    with district_scope(scene.district.pk):
        scene.let_count(method=method, exact_matches=False)
        scene.give(scene.state, 4, days=9)
        scene.give(scene.own, 1, days=7)
        work_off()
        before = scene.level(scene.own)
        admin = make_district_admin(scene.district)
        trial = MasteryPolicy(
            district=scene.district,
            starts_on=timezone.localdate(),
            method=method,
            exact_matches=True,
            times=3,
            whole=False,
        )
        seen = try_policy(trial, by=admin, today=timezone.localdate()).part(seconds=60)
        begin_policy(trial, by=admin)
        work_off()
        assert rebuilding.check(scene.district).lines == []
        assert scene.level(scene.third) is not None
        assert scene.level(scene.own) == scene.level(scene.state)
        changes = {change.standard_id: change.after for change in seen.changes}
        assert scene.third.pk in changes
        assert changes == {
            one.pk: scene.level(one) for one in (scene.state, scene.own, scene.third) if one.pk in changes
        }
        closed = MasteryDay.objects.filter(standard=scene.own, day__lt=timezone.localdate())
        assert list(closed.values_list("shown_level", "n")) == [(before, 1)]
        assert not MasteryDay.objects.filter(standard=scene.third, day__lt=timezone.localdate()).exists()
        account = read_account(scene.learner, scene.own)
        assert (account.is_current, len(account.lines)) == (True, 2)
        assert read_sureness(scene.learner, scene.own, account).results == 2
        past = read_account(scene.learner, scene.own, past=timezone.localdate() - timedelta(days=1))
        assert (past.is_current, len(past.lines)) == (True, 1)
