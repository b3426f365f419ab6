"""Badges of the youngest: made, scanned, revoked; where and when they work."""

import base64
import importlib
import re
from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.test import Client
from django.utils import timezone
from django.utils.crypto import salted_hmac

from lrm.scope import district_scope
from profiles.models import Badge, Device, Learner, SignInPolicy
from profiles.services import badges
from profiles.services.sealed_rows import reseal_all
from tests.factories.profiles import (
    enroll,
    make_district_admin,
    make_learner,
    make_roster,
    make_school_admin,
    make_teacher,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def roster():
    roster = make_roster()
    with district_scope(roster.district_id):
        yield roster


@pytest.fixture
def child(roster):
    learner = make_learner(roster.school, given_name="Amara")
    enroll(learner, roster)
    return learner


@pytest.fixture
def teacher(roster, as_account):
    return as_account(make_teacher(roster))


@pytest.fixture
def badge(roster, child):
    badges.make_badges([child], by=make_teacher(roster))
    return Badge.objects.get()


def scan(badge, client=None, *, written=None):
    client = client or Client()
    if written is None:
        written = badges.written_on(badge)
    return client, client.post("/badge/", {"badge": written})


def account_in(client):
    return client.session.get("_auth_user_id")


def rules(roster, **fields):
    SignInPolicy.objects.update_or_create(district=roster.district, defaults=fields)


def test_teacher_makes_the_badges_of_a_class_and_prints_them(roster, child, teacher):
    enroll(make_learner(roster.school, given_name="Ben"), roster)
    text = teacher.get(f"/rosters/{roster.pk}/badges/").content.decode()
    assert "Make 2 badges" in text
    teacher.post(f"/rosters/{roster.pk}/badges/change/", {"act": "make"})
    text = teacher.get(f"/rosters/{roster.pk}/badges/").content.decode()
    assert text.count('class="qr"') == 2
    assert re.findall(r'badge-name">(\w+)<', text) == ["Amara", "Ben"]
    assert not any(badge.key in text for badge in Badge.objects.all()), "the square alone holds it"


def test_children_of_one_name_are_told_apart_on_their_badges(roster, child, teacher):
    for family in ("Diaz", "Okafor", "Onyango"):
        enroll(make_learner(roster.school, given_name="Chidi", family_name=family), roster)
    teacher.post(f"/rosters/{roster.pk}/badges/change/", {"act": "make"})
    text = teacher.get(f"/rosters/{roster.pk}/badges/").content.decode()
    assert re.findall(r'badge-name">([^<]+)<', text) == ["Amara", "Chidi D.", "Chidi Okafor", "Chidi Onyango"]


def test_making_twice_makes_one_each(roster, child):
    by = make_teacher(roster)
    assert [badges.make_badges([child], by=by) for _ in range(2)] == [1, 0]
    assert Badge.objects.filter(revoked_at__isnull=True).count() == 1


def test_scanned_badge_opens_the_pages_of_that_learner(badge, child):
    client, answer = scan(badge)
    assert (answer.status_code, answer["Location"]) == (302, "/welcome/")
    learner = Learner.objects.get(pk=child.pk)
    assert account_in(client) == str(learner.account_id)
    assert learner.account.roles == {"learner"}
    assert client.session["quiet_minutes"] == 20
    assert Badge.objects.get().last_used_on == timezone.localdate()


def test_square_holds_its_secret_behind_the_part_that_browsers_send(badge, child, roster, teacher, monkeypatch):
    drawn = []
    monkeypatch.setattr("profiles.views.badges.qr_drawing.__wrapped__", lambda text: drawn.append(text) or {"size": 1})
    teacher.get(f"/rosters/{roster.pk}/badges/")
    assert drawn == [f"http://testserver/badge/#{badges.written_on(badge)}"]


def test_page_of_a_badge_says_nothing_and_needs_no_script_for_another_way_in(client, badge, child):
    text = client.get("/badge/").content.decode()
    assert "Type my class code" in text
    assert "Amara" not in text


@pytest.mark.parametrize("change", ["", "A" * 26, "short", "longer", "\u0661" * 26])
def test_what_is_no_badge_opens_nothing(badge, change):
    written = {"short": badges.written_on(badge)[:-1], "longer": badges.written_on(badge) + "A"}.get(change, change)
    client, answer = scan(badge, written=written)
    assert answer.status_code == 422
    assert "This badge does not work anymore. Ask your teacher for a new one." in answer.content.decode()
    assert account_in(client) is None


def test_who_reads_the_database_alone_cannot_make_a_square(badge):
    client, answer = scan(badge, written=badge.key + badge.key)
    assert (answer.status_code, account_in(client)) == (422, None)


def test_printed_badge_outlives_the_key_that_sealed_it(badge, roster, settings):
    printed = badges.written_on(badge)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 50, [settings.SECRET_KEY]
    assert reseal_all().lost == []
    settings.SECRET_KEY_FALLBACKS = []
    badge.refresh_from_db()
    assert badges.written_on(badge) == printed
    settings.SECRET_KEY = "m" * 50
    assert badges.written_on(badge) == ""
    assert account_in(scan(badge, written=printed)[0]) is not None
    sheet = Client()
    sheet.force_login(badge.made_by)
    assert "cannot be printed again" in sheet.get(f"/rosters/{roster.pk}/badges/").text


def test_migration_keeps_what_was_printed_with_the_key_alone(badge):
    other = base64.b32encode(salted_hmac("profiles.badge", badge.key, algorithm="sha256").digest()).decode()[:13]
    Badge.objects.update(rest="", digest="")
    migration = importlib.import_module("profiles.migrations.0022_keep_both_halves_of_badges")
    with connection.schema_editor() as editor:
        migration.keep_what_is_printed(apps, editor)
    badge.refresh_from_db()
    assert badges.written_on(badge) == badge.key + other
    assert scan(badge)[1].status_code == 302


def test_one_click_revokes_a_badge_and_ends_what_it_opened(roster, badge, teacher):
    client, _ = scan(badge)
    assert client.get("/badge/").status_code == 200
    answer = teacher.post(f"/badges/{badge.pk}/revoke/", {"roster": roster.pk})
    assert answer["Location"] == f"/rosters/{roster.pk}/badges/"
    assert client.get("/goals/").status_code == 302
    assert scan(badge)[1].status_code == 422
    teacher.post(f"/rosters/{roster.pk}/badges/change/", {"act": "make"})
    assert scan(Badge.objects.get(revoked_at__isnull=True))[1].status_code == 302
    assert scan(badge)[1].status_code == 422


def test_one_click_revokes_those_of_a_class(roster, badge, teacher):
    other = make_roster(roster.school)
    neighbor = make_learner(roster.school)
    enroll(neighbor, other)
    badges.make_badges([neighbor], by=make_teacher(other))
    assert (
        "1 badge opens nothing"
        in teacher.post(f"/rosters/{roster.pk}/badges/change/", {"act": "revoke"}, follow=True).content.decode()
    )
    assert list(Badge.objects.filter(revoked_at__isnull=True).values_list("learner_id", flat=True)) == [neighbor.pk]


def test_child_who_left_the_class_or_the_district_is_not_let_in(badge, child):
    child.enrollments.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert scan(badge)[1].status_code == 422
    child.enrollments.update(ends_on=None)
    Learner.objects.filter(pk=child.pk).update(left_on=timezone.localdate())
    assert scan(badge)[1].status_code == 422


@pytest.mark.parametrize(
    ("weekday", "hour", "opens"),
    [(1, time(14), True), (1, time(7, 59), False), (1, time(8), True), (1, time(15), False), (5, time(14), False)],
)
def test_hours_and_days_are_the_districts(roster, badge, weekday, hour, opens):
    today = timezone.localdate()
    moment = datetime.combine(today + timedelta(days=weekday - today.weekday()), hour, UTC)
    rules(roster, badge_from="08:00", badge_until="15:00", badge_days=[1, 2, 3, 4, 5])
    with time_machine.travel(moment, tick=False):
        client, answer = scan(badge)
        assert (account_in(client) is not None) is opens
    if not opens:
        assert "Your badge is asleep. From 8 a.m. to 3 p.m. on school days it works." in answer.content.decode()


def test_badges_can_be_off(roster, badge):
    rules(roster, badges=False)
    assert "Your school does not use badges." in scan(badge)[1].content.decode()


def test_devices_of_the_school_alone_where_the_rules_say_so(roster, badge, as_account):
    rules(roster, badge_registered_only=True)
    tablet = as_account(make_school_admin(roster.school))
    assert tablet.post("/staff/devices/", {"name": ""}).status_code == 302
    assert Device.objects.count() == 0
    tablet.post("/staff/devices/", {"name": "Cart 3, tablet 12"})
    assert "This browser is on the list." in tablet.get("/staff/devices/").content.decode()
    tablet.post("/sign-out/")
    assert "This is not one of them." in scan(badge)[1].content.decode()
    assert scan(badge, tablet)[1].status_code == 302
    tablet.post("/sign-out/")
    Device.objects.update(revoked_at=timezone.now())
    assert scan(badge, tablet)[1].status_code == 422


def test_grown_up_who_scans_a_badge_stays_signed_in(badge, teacher):
    before = account_in(teacher)
    assert "A grown-up is signed in here" in scan(badge, teacher)[1].content.decode()
    assert account_in(teacher) == before


def test_next_child_s_badge_takes_the_place_of_the_one_before(roster, badge, child):
    other = make_learner(roster.school)
    enroll(other, roster)
    badges.make_badges([other], by=make_teacher(roster))
    client, _ = scan(badge)
    scan(Badge.objects.get(learner=other), client)
    assert account_in(client) == str(Learner.objects.get(pk=other.pk).account_id)


def test_somebody_who_tries_badges_all_day_has_to_wait(badge):
    client = Client()
    answers = [client.post("/badge/", {"badge": "A" * 26}).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]
    assert scan(badge)[1].status_code == 302


def test_rules_that_cannot_be_are_said(roster, as_account):
    office = as_account(make_district_admin(roster.district))
    sent = {"second_step_for": "admins", "grace_days": 7, "badges": "on", "badge_days": [1]}
    answer = office.post("/staff/sign-in/", sent | {"badge_from": "15:00", "badge_until": "08:00"})
    assert "before the time from which they work" in answer.content.decode()
    answer = office.post("/staff/sign-in/", {**sent, "badge_days": []})
    assert "Tick a day" in answer.content.decode()
    assert office.post("/staff/sign-in/", sent).status_code == 302
    assert SignInPolicy.objects.get().badge_days == [1]
