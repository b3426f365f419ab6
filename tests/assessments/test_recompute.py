"""The line from a result to its projection, in one process."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.models import Mastery, MasteryDay, RollupDelta, StaleMark, StaleSection
from assessments.models.rollup import ScopeKind
from assessments.services import recompute, rollups
from lrm.scope import unscoped
from profiles.services import enrollments
from tests.factories.assessments import days_ago, give, make_assessment, work_off
from tests.factories.profiles import enroll, make_learner, make_roster, make_section
from tests.factories.standards import make_framework, make_standard

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    section = make_section()
    framework = make_framework(section.district)
    learner = make_learner(section.roster.school)
    enroll(learner, section.roster)
    with unscoped("tests read what was written"):
        yield section, framework, learner


def mastery(learner, standard):
    return Mastery.objects.get(learner=learner, standard=standard)


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_constant_marks_show_their_level(scene, level):
    section, framework, learner = scene
    standard = make_standard(framework)
    for n in range(1, 21):
        give(make_assessment(section, [standard], given_on=days_ago(40 - n).date()), learner, standard, level)
        work_off()
        row = mastery(learner, standard)
        assert (row.shown_level, row.value_micro, row.n) == (level, level * 1_000_000, n)


def test_result_elsewhere_changes_no_shown_level(scene):
    section, framework, learner = scene
    first, second = make_standard(framework), make_standard(framework)
    give(make_assessment(section, [first]), learner, first, 3)
    work_off()
    before = mastery(learner, first).value_micro, mastery(learner, first).shown_level
    give(make_assessment(section, [second]), learner, second, 1)
    work_off()
    assert (mastery(learner, first).value_micro, mastery(learner, first).shown_level) == before


def test_reassessment_replaces_earlier_tries(scene):
    section, framework, learner = scene
    standard = make_standard(framework)
    for days in (9, 6):
        give(make_assessment(section, [standard], given_on=days_ago(days).date()), learner, standard, 1)
    give(make_assessment(section, [standard], kind="reassessment"), learner, standard, 4)
    work_off()
    row = mastery(learner, standard)
    assert (row.shown_level, row.value_micro, row.n, row.trend) == (4, 4_000_000, 1, 1)


def test_decaying_average_of_the_picture(scene):
    section, framework, learner = scene
    standard = make_standard(framework)
    for days, points in ((21, 2), (14, 1), (7, 3), (0, 4)):
        give(make_assessment(section, [standard], given_on=days_ago(days).date()), learner, standard, points)
    work_off()
    assert mastery(learner, standard).value_micro == 3_447_875
    ends = MasteryDay.objects.filter(learner=learner, standard=standard).order_by("day")
    assert list(ends.values_list("shown_level", flat=True)) == [2, 1, 2, 3]


def test_recompute_deletes_its_marks_and_touches_the_section(scene):
    section, framework, learner = scene
    standard = make_standard(framework)
    give(make_assessment(section, [standard]), learner, standard, 3)
    assert StaleMark.objects.count() == 1
    work_off()
    assert StaleMark.objects.count() == 0
    assert list(StaleSection.objects.values_list("section_id", flat=True)) == [section.pk]


def test_marks_for_the_future_wait(scene):
    section, framework, learner = scene
    standard = make_standard(framework)
    give(make_assessment(section, [standard]), learner, standard, 3)
    StaleMark.objects.update(due_at=timezone.now() + timedelta(hours=1))
    assert recompute.recompute_due(StaleMark.Lane.LIVE) == 0
    assert not Mastery.objects.exists()


def counted(kind: int) -> dict:
    """(standard, level) -> n, folded plus pending, of one kind of scope."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT scope_id, standard_id, level, sum(n)::int FROM ("
            " SELECT scope_id, standard_id, level, n FROM assessments_rollup WHERE kind = %(k)s UNION ALL"
            " SELECT scope_id, standard_id, level, n FROM assessments_rollupdelta WHERE kind = %(k)s) x"
            " GROUP BY 1, 2, 3 HAVING sum(n) <> 0",
            {"k": int(kind)},
        )
        return {(scope, standard, level): n for scope, standard, level, n in cursor.fetchall()}


def test_rollups_follow_levels_and_enrollments(scene):
    section, framework, learner = scene
    standard = make_standard(framework)
    school, roster = learner.home_school_id, section.roster_id
    first = give(make_assessment(section, [standard], given_on=days_ago(3).date()), learner, standard, 2)
    work_off()
    assert first
    assert counted(ScopeKind.ROSTER) == {(roster, standard.pk, 2): 1}
    assert rollups.fold() == 3
    give(make_assessment(section, [standard]), learner, standard, 4)
    work_off()
    assert counted(ScopeKind.SCHOOL) == {(school, standard.pk, 3): 1}
    other = make_roster(section.roster.school)
    learner.enrollments.update(ends_on=timezone.localdate() - timedelta(days=1))
    enroll(learner, other)
    enrollments.enrollment_changed([learner.pk], other.pk, timezone.localdate())
    work_off()
    assert counted(ScopeKind.ROSTER) == {(other.pk, standard.pk, 3): 1}
    assert counted(ScopeKind.SCHOOL) == {(school, standard.pk, 3): 1}
    rollups.fold()
    assert not RollupDelta.objects.exists()
    assert counted(ScopeKind.DISTRICT) == {(learner.district_id, standard.pk, 3): 1}


def test_arrival_order_changes_nothing(scene):
    section, framework, learner = scene
    one, two = make_standard(framework), make_standard(framework)
    assessments = [
        (make_assessment(section, [one, two], given_on=days_ago(days).date()), points)
        for days, points in ((12, 1), (9, 4), (4, 2), (1, 3))
    ]
    for assessment, points in assessments:
        give(assessment, learner, one, points)
        work_off()
    for assessment, points in reversed(assessments):
        give(assessment, learner, two, points)
        work_off()
    assert mastery(learner, one).value_micro == mastery(learner, two).value_micro


def test_statements_of_a_block_do_not_grow_with_its_learners(scene):
    section, framework, learner = scene
    standards = [make_standard(framework) for _ in range(3)]
    class_list = [learner, *(make_learner(section.roster.school) for _ in range(11))]
    for one in class_list[1:]:
        enroll(one, section.roster)
    asked = []
    for days, learners in ((9, class_list), (6, class_list[:1]), (3, class_list)):
        assessment = make_assessment(section, standards, given_on=days_ago(days).date())
        for one in learners:
            for standard in standards:
                give(assessment, one, standard, 1 + (one.pk + days) % 4)
        with CaptureQueriesContext(connection) as captured:
            recompute.recompute_due(StaleMark.Lane.LIVE)
        asked.append(len(captured))
    assert asked[1] == asked[2] <= 19
