"""Projections equal the ledger, and a rebuild mends what does not."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
import pytest
from django.db import connection

from assessments.mastery.tree import LearnerState
from assessments.mastery.tree_level import TreeMethod
from assessments.models import Mastery, MasteryDay, MasteryPolicy, ModelState, Rollup, RollupDay, RollupDelta, StaleMark
from assessments.services import rebuilding, rollups
from lrm.scope import district_scope
from tests.factories.assessments import days_ago, give_all, make_assessment, work_off
from tests.factories.profiles import enroll, make_learner, make_section
from tests.factories.standards import make_framework, make_standard

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def section():
    section = make_section()
    framework = make_framework(section.district)
    standards = [make_standard(framework) for _ in range(3)]
    learners = [make_learner(section.roster.school) for _ in range(4)]
    for learner in learners:
        enroll(learner, section.roster)
    for days in (20, 11, 3):
        assessment = make_assessment(section, standards, given_on=days_ago(days).date())
        give_all(
            assessment,
            [
                (learner, standard, 1 + (i + j + days) % 4)
                for i, learner in enumerate(learners)
                for j, standard in enumerate(standards)
            ],
        )
    with district_scope(section.district_id):
        work_off()
        rollups.fold()
        yield section


@contextmanager
def held(learner: int, subject: int) -> Iterator[None]:
    """The pair is in the hands of another worker."""
    other = psycopg2.connect(**connection.get_connection_params())
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock((%s::bigint << 20) | %s::bigint)", [learner, subject])
        yield
    finally:
        other.close()


def test_check_finds_no_difference_after_work(section):
    found = rebuilding.check(section.district)
    assert (found.pairs, found.lines, found.rounding) == (12, [], 0)


def test_tree_as_level_method_is_rebuilt_as_it_was_worked_in(section):
    """From a day in the middle on: a rebuild changes the later days only, and finds whole learners in every block."""
    before = list(MasteryDay.objects.filter(day__lt=days_ago(10).date()).order_by("pk").values_list("pk", "method"))
    MasteryPolicy.objects.create(district=section.district, starts_on=days_ago(10).date(), method="tree")
    assert rebuilding.check(section.district).lines != []
    rebuilding.rebuild(section.district)
    assert rebuilding.check(section.district).lines == []
    later = MasteryDay.objects.filter(day__gte=days_ago(10).date())
    assert set(later.values_list("method", "method_version")) == {("tree", TreeMethod().version)}
    earlier = MasteryDay.objects.filter(day__lt=days_ago(10).date()).order_by("pk").values_list("pk", "method")
    assert list(earlier) == before
    assert set(Mastery.objects.values_list("method", flat=True)) == {"tree"}


def test_check_names_what_differs_and_rebuild_mends_it(section):
    row = Mastery.objects.order_by("learner_id", "standard_id").first()
    key = (row.learner_id, row.standard_id)
    Mastery.objects.filter(pk=key).update(shown_level=4, value_micro=row.value_micro + 2)
    MasteryDay.objects.filter(learner_id=row.learner_id).delete()
    Rollup.objects.filter(kind=0).delete()
    found = rebuilding.check(section.district)
    assert len([line for line in found.lines if line.startswith("mastery")]) == 1
    assert len([line for line in found.lines if line.startswith("day")]) >= 3
    assert any(line.startswith("rollup kind 0") for line in found.lines)
    assert rebuilding.rebuild(section.district) == 4
    assert rebuilding.check(section.district).lines == []


def test_check_names_a_state_that_is_not_what_the_ledger_gives(section):
    learner, subject = rebuilding.every_pair(section.district)[0]
    row = ModelState.objects.get(pk=(learner, subject))
    state = LearnerState.from_bytes(row.beliefs)
    state.m += 0.01
    ModelState.objects.filter(pk=(learner, subject)).update(beliefs=state.to_bytes())
    assert rebuilding.check(section.district).lines == [
        f"state: learner {learner}, subject {subject}: stored by tree-1, computed by tree-1, not the same"
    ]
    rebuilding.rebuild(section.district)
    assert rebuilding.check(section.district).lines == []


def test_day_of_another_version_is_a_difference_and_is_written_anew(section):
    """Whoever changes a method changes its version, and a rebuild brings the days along."""
    MasteryDay.objects.update(method_version="0")
    days = MasteryDay.objects.count()
    assert len([line for line in rebuilding.check(section.district).lines if "method_version 0" in line]) == days
    rebuilding.rebuild(section.district)
    assert list(MasteryDay.objects.values_list("method_version", flat=True)) == ["1"] * days


def test_value_a_millionth_apart_is_rounding(section):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE assessments_mastery SET value_micro = value_micro + 1 WHERE value_micro % 10 <> 9")
        changed = cursor.rowcount
    found = rebuilding.check(section.district)
    assert (found.lines, found.rounding) == ([], changed)


def test_rebuild_of_what_is_right_writes_nothing(section):
    before = dict(Mastery.objects.values_list("pk", "computed_at"))
    rebuilding.rebuild(section.district)
    assert dict(Mastery.objects.values_list("pk", "computed_at")) == before
    assert not StaleMark.objects.exists()


def test_workers_rebuild_what_one_process_does(section, monkeypatch):
    before = list(Mastery.objects.order_by("pk").values_list("pk", "value_micro", "shown_level", "n"))
    days = list(MasteryDay.objects.order_by("pk").values_list("pk", "value_micro", "shown_level"))
    for model in (Mastery, MasteryDay, ModelState, Rollup, RollupDelta, RollupDay):
        model.objects.all().delete()
    monkeypatch.setattr(rebuilding, "BLOCK", 1)
    monkeypatch.setattr(rebuilding, "BLOCKS_A_WORKER", 1)
    seen = []
    assert rebuilding.rebuild(section.district, workers=2, progress=lambda done, of: seen.append((done, of))) == 4
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert list(Mastery.objects.order_by("pk").values_list("pk", "value_micro", "shown_level", "n")) == before
    assert list(MasteryDay.objects.order_by("pk").values_list("pk", "value_micro", "shown_level")) == days
    assert rebuilding.check(section.district).lines == []


def test_evidence_that_comes_during_a_rebuild_keeps_its_mark(section):
    """A pair that somebody else holds is left alone, and marked for the workers."""
    learner, subject = rebuilding.every_pair(section.district)[0]
    Mastery.objects.filter(learner_id=learner).delete()
    with held(learner, subject):
        rebuilding.rebuild(section.district)
        assert not Mastery.objects.filter(learner_id=learner).exists()
    work_off()
    assert rebuilding.check(section.district).lines == []
