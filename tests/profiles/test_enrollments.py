"""Enrollments by hand: added once, ended by date, taken back, renewed, and told to whoever listens."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone

from lrm.scope import district_scope
from profiles.models import Enrollment, Learner
from profiles.services import enrollments
from tests.factories.profiles import enroll, make_learner, make_roster, make_school, make_teacher

pytestmark = pytest.mark.django_db


@pytest.fixture
def roster():
    roster = make_roster()
    with district_scope(roster.district_id):
        yield roster


@pytest.fixture
def teacher(roster):
    return make_teacher(roster)


@pytest.fixture
def heard(monkeypatch):
    """What listeners were told, and whether a transaction was open."""
    calls = []
    monkeypatch.setattr(enrollments, "ON_CHANGE", [lambda *told: calls.append((*told, connection.in_atomic_block))])
    return calls


def today():
    return timezone.localdate()


def rows(roster):
    return list(
        Enrollment.objects.of_learners()
        .filter(roster=roster)
        .order_by("pk")
        .values_list("learner", "starts_on", "ends_on")
    )


def new_child(roster, teacher, **fields):
    values = {"uuid": uuid4(), "given_name": "Ana", "family_name": "Ruiz", "grade": "05", **fields}
    return enrollments.add_new_learner(roster=roster, by=teacher, starts_on=today(), **values)


def test_enroll_twice_equals_once(roster, teacher, heard):
    learner = make_learner(roster.school)
    first = enrollments.enroll(learner=learner, roster=roster, by=teacher, starts_on=today())
    assert enrollments.enroll(learner=learner, roster=roster, by=teacher, starts_on=today()) == first
    assert rows(roster) == [(learner.pk, today(), None)]
    assert heard == [([learner.pk], roster.pk, today(), True)]


def test_enroll_gives_a_number_for_signing_in(roster, teacher):
    learner = make_learner(roster.school)
    enrollments.enroll(learner=learner, roster=roster, by=teacher, starts_on=today())
    assert len(Learner.objects.get(pk=learner.pk).number) == 4


def test_enroll_brings_back_somebody_who_had_left_the_district(roster, teacher):
    learner = make_learner(roster.school, left_on=today() - timedelta(days=30))
    enrollments.enroll(learner=learner, roster=roster, by=teacher, starts_on=today())
    assert Learner.objects.get(pk=learner.pk).left_on is None


def test_enroll_before_the_last_day_goes_on_instead_of_a_second_row(roster, teacher):
    learner = make_learner(roster.school)
    standing = enroll(learner, roster, ends_on=today() + timedelta(days=7))
    enrollments.enroll(learner=learner, roster=roster, by=teacher, starts_on=today())
    assert rows(roster) == [(learner.pk, standing.starts_on, None)]


def test_new_learner_sent_twice_is_one_learner(roster, teacher):
    uuid = uuid4()
    first = new_child(roster, teacher, uuid=uuid)
    assert new_child(roster, teacher, uuid=uuid) == first
    assert len(rows(roster)) == 1
    assert (first.home_school_id, first.district_id) == (roster.school_id, roster.district_id)


def test_two_new_learners_without_a_key_are_two(roster, teacher):
    assert new_child(roster, teacher) != new_child(roster, teacher)


def test_new_learner_with_a_key_of_somebody_else_changes_nothing(roster, teacher):
    make_learner(make_school(roster.district), key="S-7")
    with pytest.raises(enrollments.KeyTaken):
        new_child(roster, teacher, key="S-7")
    assert rows(roster) == []


def test_withdraw_ends_the_day_before_and_keeps_the_row(roster, teacher, heard):
    learner = make_learner(roster.school)
    enrollment = enroll(learner, roster)
    before = enrollments.withdraw(enrollment=enrollment, by=teacher, from_day=today())
    assert before is None
    assert rows(roster) == [(learner.pk, enrollment.starts_on, today() - timedelta(days=1))]
    assert heard == [([learner.pk], roster.pk, today(), True)]
    assert not Learner.objects.enrolled_in(roster.pk, on=today()).exists()


def test_withdraw_twice_says_so(roster, teacher):
    enrollment = enroll(make_learner(roster.school), roster)
    enrollments.withdraw(enrollment=enrollment, by=teacher, from_day=today())
    with pytest.raises(enrollments.NotEnrolled):
        enrollments.withdraw(enrollment=enrollment, by=teacher, from_day=today())


def test_withdraw_before_the_first_day_is_refused(roster, teacher):
    enrollment = enroll(make_learner(roster.school), roster)
    with pytest.raises(enrollments.DateOutOfRange) as refused:
        enrollments.withdraw(enrollment=enrollment, by=teacher, from_day=enrollment.starts_on - timedelta(days=1))
    assert refused.value.first == enrollment.starts_on


def test_staff_are_not_withdrawn_as_learners(roster, teacher):
    own = Enrollment.objects.get(account=teacher)
    with pytest.raises(enrollments.NotEnrolled):
        enrollments.withdraw(enrollment=own, by=teacher, from_day=today())


def test_withdrawal_taken_back_restores_the_last_day_that_was_there(roster, teacher, heard):
    planned = today() + timedelta(days=30)
    enrollment = enroll(make_learner(roster.school), roster, ends_on=planned)
    before = enrollments.withdraw(enrollment=enrollment, by=teacher, from_day=today())
    ended_on = today() - timedelta(days=1)
    assert enrollments.take_withdrawal_back(enrollment=enrollment, by=teacher, ended_on=ended_on, before=before)
    enrollment.refresh_from_db()
    assert enrollment.ends_on == planned
    assert [told[2] for told in heard] == [today(), today()]


def test_withdrawal_is_not_taken_back_over_a_newer_change(roster, teacher):
    learner = make_learner(roster.school)
    enrollment = enroll(learner, roster)
    enrollments.withdraw(enrollment=enrollment, by=teacher, from_day=today())
    enrollments.enroll(learner=learner, roster=roster, by=teacher, starts_on=today())
    ended_on = today() - timedelta(days=1)
    assert not enrollments.take_withdrawal_back(enrollment=enrollment, by=teacher, ended_on=ended_on, before=None)
    assert rows(roster) == [(learner.pk, enrollment.starts_on, ended_on), (learner.pk, today(), None)]


def test_error_of_a_listener_undoes_the_change(roster, teacher, monkeypatch):
    def refuse(learner_ids, roster_id, on):
        raise RuntimeError("the outbox is full")

    monkeypatch.setattr(enrollments, "ON_CHANGE", [refuse])
    with pytest.raises(RuntimeError, match="outbox"), transaction.atomic():
        new_child(roster, teacher)
    assert rows(roster) == []
    assert not Learner.objects.filter(family_name="Ruiz").exists()
