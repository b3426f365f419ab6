"""Which school was home on which day: kept by the database, whoever writes a learner."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from lrm.scope import district_scope
from profiles.models import HomeSchool, Learner
from profiles.services import merging
from profiles.services.class_moves import transfer
from profiles.services.roster_acts import undo
from tests.factories.profiles import make_district_admin, make_learner, make_school

pytestmark = pytest.mark.django_db


@pytest.fixture
def maple():
    school = make_school(name="Maple")
    with district_scope(school.district_id):
        yield school


@pytest.fixture
def birch(maple):
    return make_school(maple.district, name="Birch")


@pytest.fixture
def ana(maple):
    """Here for a year."""
    return make_learner(maple, created_at=timezone.now() - timedelta(days=366))


def move(learner, school):
    Learner.objects.filter(pk=learner.pk).update(home_school=school)


def schools_of(learner) -> list[tuple]:
    """(name, first day), oldest first."""
    rows = HomeSchool.objects.filter(learner=learner).select_related("school")
    found = [(row.school.name if row.school else None, row.starts_on) for row in rows]
    return sorted(found, key=lambda row: (row[1] is not None, row[1]))


def back_date(learner, days):
    """As if the newest home school had begun so many days ago."""
    newest = HomeSchool.objects.filter(learner=learner, starts_on__isnull=False).latest("starts_on")
    newest.starts_on = timezone.localdate() - timedelta(days=days)
    newest.save()


def test_first_school_stands_since_the_beginning(maple, birch):
    rows = Learner.objects.bulk_create(
        Learner(district_id=maple.district_id, home_school=school, given_name="Ana", family_name="Ruiz")
        for school in (maple, birch)
    )
    assert [schools_of(row) for row in rows] == [[("Maple", None)], [("Birch", None)]]


def test_move_begins_on_the_day_on_which_it_is_written(ana, birch):
    move(ana, birch)
    assert schools_of(ana) == [("Maple", None), ("Birch", timezone.localdate())]


def test_day_is_that_of_the_district(ana, birch):
    """Of two zones a day apart one has another day than UTC at any time."""
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        ana.district.time_zone = zone
        ana.district.save()
        HomeSchool.objects.filter(learner=ana, starts_on__isnull=False).delete()
        Learner.objects.filter(pk=ana.pk).update(home_school=ana.home_school)
        with connection.cursor() as cursor:  # the transaction's own clock may be a moment behind the statement's
            cursor.execute("SELECT statement_timestamp() AT TIME ZONE %s", [zone])
            (before,) = cursor.fetchone()
            move(ana, birch)
            cursor.execute("SELECT statement_timestamp() AT TIME ZONE %s", [zone])
            (after,) = cursor.fetchone()
        assert schools_of(ana)[-1][1] in {before.date(), after.date()}


def test_second_move_of_a_day_replaces_the_first_and_back_is_as_if_nothing_was(ana, maple, birch):
    cedar = make_school(maple.district, name="Cedar")
    move(ana, birch)
    move(ana, cedar)
    assert schools_of(ana) == [("Maple", None), ("Cedar", timezone.localdate())]
    move(ana, maple)
    assert schools_of(ana) == [("Maple", None)]


def test_moving_back_on_a_later_day_keeps_the_days_between(ana, maple, birch):
    move(ana, birch)
    back_date(ana, 7)
    move(ana, maple)
    today = timezone.localdate()
    assert schools_of(ana) == [("Maple", None), ("Birch", today - timedelta(days=7)), ("Maple", today)]


def test_who_was_entered_today_has_no_day_at_the_school_of_the_mistake(maple, birch):
    ana = make_learner(maple)
    move(ana, birch)
    assert schools_of(ana) == [("Birch", None)]


def test_what_a_clock_that_was_ahead_has_written_gives_way(ana, maple, birch):
    move(ana, birch)
    back_date(ana, -3)
    move(ana, maple)
    assert schools_of(ana) == [("Maple", None)]


def test_saving_anything_else_writes_nothing(ana):
    ana.given_name = "Anna"
    ana.save()
    Learner.objects.filter(pk=ana.pk).update(home_school=ana.home_school, grade="06")
    assert schools_of(ana) == [("Maple", None)]


def test_learner_without_a_first_row_gets_it_with_the_first_move(ana, birch):
    """As while the migrations run: the table is there, what is known is not in it yet."""
    HomeSchool.objects.filter(learner=ana).delete()
    move(ana, birch)
    assert schools_of(ana) == [("Maple", None), ("Birch", timezone.localdate())]


def test_refused_move_leaves_nothing(ana):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    refused = pytest.raises(IntegrityError)
    with refused, transaction.atomic():
        Learner.objects.filter(pk=ana.pk).update(home_school=0)
    assert schools_of(ana) == [("Maple", None)]


def test_transfer_and_its_undo(ana, birch):
    office = make_district_admin(ana.district)
    act = transfer(learners=[ana], to=birch, by=office, from_day=timezone.localdate(), uuid=uuid4())
    assert schools_of(ana)[-1] == ("Birch", timezone.localdate())
    undo(act, by=office)
    assert schools_of(ana) == [("Maple", None)]


def test_merged_child_keeps_the_days_of_the_row_that_stays(ana, birch):
    twin = make_learner(birch, created_at=ana.created_at)
    step = merging.merge(kept=ana, merged=twin, by=make_district_admin(ana.district), uuid=uuid4())
    assert (schools_of(ana), schools_of(twin)) == ([("Maple", None)], [("Birch", None)])
    merging.part(step, by=step.by)
    assert (schools_of(ana), schools_of(twin)) == ([("Maple", None)], [("Birch", None)])


def test_days_of_a_school_that_is_not_there_any_more_are_of_no_school(ana, maple):
    cedar = make_school(maple.district, name="Cedar")
    move(ana, cedar)
    back_date(ana, 7)
    move(ana, maple)
    cedar.delete()
    assert [name for name, _day in schools_of(ana)] == ["Maple", None, "Maple"]


def test_zone_of_a_district_decides_the_day_at_an_instant():
    """What the trigger computes is what Django computes."""
    at = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT (%s::timestamptz AT TIME ZONE 'America/Chicago')::date", [at])
        (day,) = cursor.fetchone()
    assert day == at.astimezone(ZoneInfo("America/Chicago")).date()
