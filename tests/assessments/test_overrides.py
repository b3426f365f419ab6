"""A teacher's own level has the last word until it is lifted, taken back or ends."""

from contextlib import closing
from datetime import timedelta

import psycopg2
import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from assessments.models import Mastery, OverrideReason, StaleMark
from assessments.services import overrides
from assessments.services.errors import ScoreOutOfRange
from assessments.services.standing import LOCK
from lrm.scope import unscoped
from tests.factories.assessments import days_ago, give, make_assessment, work_off
from tests.factories.profiles import enroll, make_learner, make_section, make_teacher
from tests.factories.standards import make_framework, make_standard

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    section = make_section()
    standard = make_standard(make_framework(section.district))
    learner = make_learner(section.roster.school)
    enroll(learner, section.roster)
    teacher = make_teacher(section.roster)
    with unscoped("tests read what was written"):
        give(make_assessment(section, [standard], given_on=days_ago(5).date()), learner, standard, 2)
        yield learner, standard, teacher, section


def shown():
    work_off()
    return Mastery.objects.values_list("shown_level", "level", flat=False).first()


def test_level_set_is_shown_and_results_stand_beside(scene):
    learner, standard, teacher, section = scene
    record = overrides.set_level(learner=learner, standard=standard, level=3, reason=" Explained it. ", by=teacher)
    assert shown() == (3, 2)
    assert OverrideReason.objects.get(evidence_id=record).text == "Explained it."
    give(make_assessment(section, [standard]), learner, standard, 1)
    assert shown() == (3, 1)


def test_level_set_twice_alike_is_set_once(scene):
    learner, standard, teacher, _ = scene
    again = [
        overrides.set_level(learner=learner, standard=standard, level=level, reason=reason, by=teacher)
        for level, reason in [(3, "Seen"), (3, "Seen "), (3, "Seen twice"), (4, "Seen twice")]
    ]
    assert [record == again[0] for record in again] == [True, True, False, False]
    assert len(set(again)) == OverrideReason.objects.count() == 3

    overrides.lift_level(learner=learner, standard=standard, by=teacher)
    assert overrides.set_level(learner=learner, standard=standard, level=4, reason="Seen twice", by=teacher) > again[3]


def test_lifted_level_lets_results_decide(scene):
    learner, standard, teacher, _ = scene
    overrides.set_level(learner=learner, standard=standard, level=4, reason="Seen", by=teacher)
    overrides.lift_level(learner=learner, standard=standard, by=teacher)
    assert shown() == (2, 2)
    with pytest.raises(overrides.NothingToLift):
        overrides.lift_level(learner=learner, standard=standard, by=teacher)


def test_withdrawn_level_uncovers_the_one_before(scene):
    learner, standard, teacher, _ = scene
    overrides.set_level(learner=learner, standard=standard, level=4, reason="Seen", by=teacher)
    overrides.set_level(learner=learner, standard=standard, level=1, reason="Wrong child", by=teacher)
    overrides.withdraw_level(learner=learner, standard=standard, by=teacher)
    assert shown() == (4, 2)


def test_level_without_results_is_shown_and_gone_when_lifted(scene):
    learner, standard, teacher, _ = scene
    other = make_standard(standard.framework)
    overrides.set_level(learner=learner, standard=other, level=3, reason="Seen at home", by=teacher)
    work_off()
    assert Mastery.objects.get(standard=other).shown_level == 3
    overrides.lift_level(learner=learner, standard=other, by=teacher)
    work_off()
    assert Mastery.objects.get(standard=other).shown_level is None


def test_level_with_an_end_wakes_the_worker_on_that_day(scene):
    learner, standard, teacher, _ = scene
    ends_at = timezone.now() + timedelta(days=3)
    overrides.set_level(learner=learner, standard=standard, level=4, reason="For now", by=teacher, ends_at=ends_at)
    assert shown() == (4, 2)
    mark = StaleMark.objects.get()
    assert mark.due_at.date() == ends_at.date()
    assert mark.due_at > timezone.now()


@pytest.mark.parametrize(("level", "reason", "error"), [(5, "x", ScoreOutOfRange), (3, "  ", overrides.ReasonMissing)])
def test_nonsense_is_refused(scene, level, reason, error):
    learner, standard, teacher, _ = scene
    with pytest.raises(error):
        overrides.set_level(learner=learner, standard=standard, level=level, reason=reason, by=teacher)


@pytest.mark.django_db(transaction=True)
def test_undo_waits_for_whoever_sets_a_level_on_the_cell(scene):
    """Else a level that somebody sets alike at this moment is taken for the one that is being undone."""
    learner, standard, teacher, _ = scene
    cells = [overrides.Chosen(learner.pk, standard.pk)]
    overrides.set_levels(
        cells=cells, standards=[standard], level=3, reason="Seen", by=teacher, district_id=learner.district_id
    )
    act = overrides.newest_act([learner.pk], by=teacher)

    @transaction.atomic
    def undo_impatiently():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '50ms'")
        return overrides.undo_levels(act=act, by=teacher)

    with closing(psycopg2.connect(**connection.get_connection_params())) as other:
        other.cursor().execute(LOCK, [[learner.pk * 31 + standard.pk]])
        with pytest.raises(OperationalError, match="lock timeout"):
            undo_impatiently()
    assert undo_impatiently() == 1
