"""Projections equal the ledger, and a rebuild mends what does not."""

import pytest
from django.db import connection

from assessments.models import Mastery, MasteryDay, Rollup, StaleMark
from assessments.services import rebuilding, rollups
from lrm.scope import district_scope
from tests.factories.assessments import days_ago, give, make_assessment, work_off
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
        for i, learner in enumerate(learners):
            for j, standard in enumerate(standards):
                give(assessment, learner, standard, 1 + (i + j + days) % 4)
    with district_scope(section.district_id):
        work_off()
        rollups.fold()
        yield section


def test_check_finds_no_difference_after_work(section):
    found = rebuilding.check(section.district)
    assert (found.pairs, found.lines, found.rounding) == (12, [], 0)


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
