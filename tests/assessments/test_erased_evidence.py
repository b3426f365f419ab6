"""Scores of an erased learner stay under a key without a name: counts of the past and a rebuild are as they were."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from assessments.models import Evidence, EvidenceErasure, Mastery, MasteryDay, Rollup, StaleMark
from assessments.services import rollups
from assessments.services.rebuilding import check, rebuild
from assessments.services.school_counts import ClosedDay, Places, read_counts
from profiles.models import Enrollment, Erasure, Learner
from profiles.services.erasures.erasing import NAMELESS, erase
from tests.factories.assessments import days_ago, give_all, make_assessment, work_off
from tests.factories.profiles import make_district_admin

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def assessed(taught, settings, tmp_path):
    """Ten days ago everybody had results; five days ago the first learner has left."""
    settings.ERASED_ROOT = tmp_path
    taught.join(3)
    today = timezone.localdate()
    Enrollment.objects.filter(learner__in=taught.learners).update(starts_on=today - timedelta(days=60))
    assessment = make_assessment(taught.section, taught.standards, given_on=today - timedelta(days=10))
    levels = [
        (each, standard, 1 + place % 4) for place, each in enumerate(taught.learners) for standard in taught.standards
    ]
    give_all(assessment, levels, at=days_ago(10))
    leaving = taught.learners[0]
    last = today - timedelta(days=5)
    Enrollment.objects.filter(learner=leaving).update(ends_on=last)
    Learner.objects.filter(pk=leaving.pk).update(left_on=last)
    work_off()
    rollups.fold()
    return taught


def figures(taught):
    """What the school is told: of now, and of a day on which the learner was here."""
    today, district = timezone.localdate(), taught.section.district
    roster = taught.section.roster
    places = Places(taught.standards[0].subject_id, (roster.school_id,), (roster.pk,))
    past = ClosedDay(day=today - timedelta(days=8), today=today)
    levels = sorted(MasteryDay.objects.values_list("standard_id", "day", "shown_level", "value_micro", "n"))
    rollup = sorted(
        Rollup.objects.filter(n__gt=0).values_list("kind", "scope_id", "grade", "standard_id", "level", "n")
    )
    return (
        read_counts(places, today=today),
        read_counts(places, today=today, past=past),
        levels,
        rollup,
        check(district).lines,
    )


def erased(learner):
    row = Erasure.objects.create(
        district_id=learner.district_id, learner=learner, learner_uuid=learner.uuid, alone_from=timezone.localdate()
    )
    erase(row, tell=lambda said: None, finish=lambda: None)
    return row


def test_figures_of_today_and_of_the_past_and_a_rebuild_are_as_they_were(assessed):
    learner = assessed.learners[0]
    learner.refresh_from_db()
    before = figures(assessed)
    assert before[1].learners  # the learner is counted on the closed day
    assert before[-1] == []
    records = Evidence.objects.filter(learner=learner).count()
    assert records == len(assessed.standards)
    erased(learner)
    assert figures(assessed) == before
    rebuild(assessed.section.district)
    rollups.fold()
    assert figures(assessed) == before
    key = Learner.objects.get(erased_at__isnull=False)
    assert (key.given_name, key.family_name, key.key, key.account) == (NAMELESS, "", None, None)
    assert key.uuid != learner.uuid
    assert Evidence.objects.filter(learner=key).count() == records
    audit = EvidenceErasure.objects.get()
    assert (audit.key_id, audit.records) == (key.pk, records)


def test_no_right_to_see_learners_reaches_the_key(assessed):
    learner = assessed.learners[0]
    learner.refresh_from_db()
    erased(learner)
    key = Learner.objects.get(erased_at__isnull=False)
    admin = make_district_admin(assessed.section.district)
    for right in ("visible_to", "served_by", "administered_by", "noted_by"):
        assert not getattr(Learner.objects, right)(admin).filter(pk=key.pk).exists(), right


def test_work_that_is_still_to_be_done_goes_along(assessed):
    learner = assessed.learners[0]
    learner.refresh_from_db()
    StaleMark.objects.create(learner_id=learner.pk, subject_id=assessed.standards[0].subject_id)
    erased(learner)
    key = Learner.objects.get(erased_at__isnull=False)
    assert StaleMark.objects.get().learner_id == key.pk
    Mastery.objects.filter(learner=key).update(shown_level=None)
    work_off()
    assert check(assessed.section.district).lines == []


def test_the_database_moves_evidence_to_a_key_without_a_name_only(assessed):
    first, second = assessed.learners[:2]
    with connection.cursor() as cursor:
        for source, to in ((first.pk, second.pk), (second.pk, first.pk), (first.pk, first.pk)):
            with pytest.raises(ProgrammingError, match="nowhere else"), transaction.atomic():
                cursor.execute("SELECT erase_evidence(%s, %s)", [source, to])
        erased(Learner.objects.get(pk=first.pk))
        with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
            cursor.execute("UPDATE assessments_evidence SET points = 1")  # the permission ended with the function
