from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from lrm.scope import district_scope, unscoped
from profiles.models import District, Learner, Roster
from profiles.services import class_codes
from tests.factories.profiles import enroll, make_learner, make_roster, make_school

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 10, 13, 14, 0, tzinfo=UTC)


@pytest.fixture
def roster():
    roster = make_roster()
    with district_scope(roster.district_id):
        yield roster


def test_code_is_six_letters_that_no_child_confuses(roster):
    code = class_codes.renew_class_code(roster=roster)
    assert len(code) == 6
    assert set(code) <= set("CDFHJKMNPRTVWX")
    assert Roster.objects.get(pk=roster.pk).class_code == code


def test_renewed_code_stops_the_old_one(roster):
    learner = make_learner(roster.school, number="4711")
    enroll(learner, roster)
    old = class_codes.renew_class_code(roster=roster)
    new = class_codes.renew_class_code(roster=roster)
    now = timezone.now()
    assert class_codes.learner_with(class_code=old, number="4711", now=now) is None
    assert class_codes.learner_with(class_code=new, number="4711", now=now) == learner


def test_code_of_another_roster_is_not_given_twice(roster, monkeypatch):
    taken = make_roster(roster.school, class_code="CCCCCC")
    letters = iter("CCCCCC" + "DDDDDD")
    monkeypatch.setattr(class_codes.secrets, "choice", lambda alphabet: next(letters))
    assert class_codes.renew_class_code(roster=roster) == "DDDDDD"
    assert Roster.objects.get(pk=taken.pk).class_code == "CCCCCC"


def test_give_numbers_keeps_a_number_that_is_there(roster):
    first, second = make_learner(roster.school, number="1000"), make_learner(roster.school)
    class_codes.give_numbers([first.pk, second.pk])
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.number == "1000"
    assert len(second.number) == 4
    assert second.number != "1000"


def test_give_numbers_when_the_school_has_none_left(roster, monkeypatch):
    monkeypatch.setattr(class_codes, "NUMBERS", range(1000, 1001))
    make_learner(roster.school, number="1000")
    late = make_learner(roster.school)
    with pytest.raises(class_codes.NoFreeNumber):
        class_codes.give_numbers([late.pk])
    late.refresh_from_db()
    assert late.number is None


def test_one_number_twice_in_a_school_is_refused_by_the_database(roster):
    make_learner(roster.school, number="1000")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_learner(roster.school, number="1000")


def test_learner_with_number_of_another_class_is_nobody(roster):
    code = class_codes.renew_class_code(roster=roster)
    other = make_roster(roster.school)
    enroll(make_learner(roster.school, number="4711"), other)
    assert class_codes.learner_with(class_code=code, number="4711", now=timezone.now()) is None


def test_guest_and_own_learner_with_one_number_means_the_own(roster):
    code = class_codes.renew_class_code(roster=roster)
    guest = make_learner(make_school(roster.district), number="4711")
    own = make_learner(roster.school, number="4711")
    enroll(guest, roster)
    enroll(own, roster)
    assert class_codes.learner_with(class_code=code, number="4711", now=timezone.now()) == own


@pytest.mark.parametrize("hours", [0, 5])
def test_last_day_counts_by_the_districts_calendar(roster, hours):
    """At 10 p.m. in New York the date in UTC is tomorrow's, and the learner's last day is not over."""
    District.objects.update(time_zone="America/New_York")
    code = class_codes.renew_class_code(roster=roster)
    learner = make_learner(roster.school, number="4711")
    enroll(learner, roster, starts_on=NOW.date() - timedelta(days=30), ends_on=NOW.date())
    evening = datetime(2026, 10, 14, 2, 0, tzinfo=UTC) - timedelta(hours=hours)
    assert class_codes.learner_with(class_code=code, number="4711", now=evening) == learner
    assert class_codes.learner_with(class_code=code, number="4711", now=evening + timedelta(days=1)) is None


def test_learner_who_left_the_district_is_nobody(roster):
    code = class_codes.renew_class_code(roster=roster)
    enroll(make_learner(roster.school, number="4711", left_on=timezone.localdate()), roster)
    assert class_codes.learner_with(class_code=code, number="4711", now=timezone.now()) is None


def test_account_of_learner_is_made_once(roster):
    learner = make_learner(roster.school, given_name="Ana", preferred_name="Anita")
    first = class_codes.account_of_learner(learner)
    assert class_codes.account_of_learner(learner) == first
    assert (first.kind, first.email, first.given_name, first.has_usable_password()) == ("learner", None, "Anita", False)
    with unscoped("look at what was stored"):
        assert Learner.objects.get(pk=learner.pk).account == first
