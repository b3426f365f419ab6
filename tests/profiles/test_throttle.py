"""Guessing at sign-in is stopped, and nobody who sits beside the one who guesses."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings as site
from django.test import Client
from django.utils import timezone

from profiles.known_browser import COOKIE
from profiles.models import SignInAttempt
from profiles.services import throttle
from profiles.services.throttle import Guesser, Wait
from tests.factories.profiles import PASSWORD, enroll, make_account, make_learner, make_roster, make_school

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 10, 13, 14, 0, tzinfo=UTC)
CODES = ["CDFHJK", "DFHJKM", "FHJKMN", "HJKMNP", "JKMNPR", "KMNPRT", "MNPRTV", "NPRTVW"]
SCHOOL = "192.0.2.1"


def classes(*, codes=CODES, size=25):
    """{class code: numbers}, all at one school."""
    school, found = make_school(), {}
    for n, code in enumerate(codes):
        roster = make_roster(school, class_code=code)
        found[code] = [f"{1000 + 100 * n + i}" for i in range(size)]
        for number in found[code]:
            enroll(make_learner(school, number=number), roster)
    return found


def enter(client, code, number, address=SCHOOL):
    answer = client.post("/sign-in/", {"class_code": code, "number": number}, REMOTE_ADDR=address)
    return answer.status_code


def grown_up(client, email, password=PASSWORD, address=SCHOOL):
    answer = client.post("/sign-in/email/", {"login": email, "password": password}, REMOTE_ADDR=address)
    return answer.status_code


def again(client):
    """The same browser on the next day: signed out, its own cookie kept."""
    client.post("/sign-out/")
    assert "_auth_user_id" not in client.session
    return client


def fail(times, *, key="pat@example.org", door="password", address=SCHOOL, browser=None, earner="", now=NOW):
    """Tries that did not fit; each from a browser of its own unless one is named."""
    for n in range(times):
        by = Guesser(address=address, browser=browser or f"{address} {now} {n}", earner=earner)
        throttle.begin(door=door, key=key, by=by, now=now)


def waits(*, key="pat@example.org", door="password", address=SCHOOL, browser="mine", earner="", now=NOW):
    """How long a try has to wait; None where it is let through, and then it fits."""
    try:
        by = Guesser(address=address, browser=browser, earner=earner)
        throttle.begin(door=door, key=key, by=by, now=now).fitted()
    except Wait as wait:
        return wait.until - now
    return None


@pytest.mark.parametrize("redis", ["there", "away"])
def test_two_hundred_students_behind_one_address_and_somebody_who_guesses(redis, settings):
    if redis == "away":
        nowhere = site.CACHES["shared"] | {"LOCATION": "redis://127.0.0.1:1/0"}
        settings.CACHES = site.CACHES | {"shared": nowhere}
    rooms = classes() if redis == "there" else classes(codes=CODES[:2], size=11)
    guesser, guesses, students = Client(), [], []
    for i in range(len(rooms[CODES[0]])):
        for code, numbers in rooms.items():
            students.append(enter(Client(), code, numbers[i]))
        guesses.append(enter(guesser, CODES[0], f"{9000 + i}"))
    assert guesses == [422] * 10 + [429] * (len(guesses) - 10)
    assert students == [302] * sum(map(len, rooms.values()))
    assert enter(guesser, CODES[0], rooms[CODES[0]][0]) == 429, "a guess that fits is not looked at either"


def test_whoever_throws_cookies_away_is_stopped_at_that_class_and_address():
    rooms = classes(codes=CODES[:2], size=2)
    mine, (first, second) = Client(), rooms.values()
    assert enter(mine, CODES[0], first[0]) == 302
    guesses = [enter(Client(), CODES[0], f"{9000 + n}") for n in range(32)]
    assert guesses == [422] * 30 + [429] * 2
    assert enter(again(mine), CODES[0], first[0]) == 302, "a device of the class goes on"
    assert enter(again(mine), CODES[0], first[1]) == 302, "for everybody in it"
    assert enter(Client(), CODES[1], second[0]) == 302, "and so do other classes"
    assert enter(Client(), CODES[0], first[0], address="198.51.100.7") == 302, "and the class from home"


def test_a_student_who_guesses_with_the_own_card_gets_no_new_guesses_by_signing_in_again():
    ((number, *_),) = classes(codes=CODES[:1], size=1).values()
    guesses = []
    for n in range(40):
        if n % 8 == 0:  # a new browser, made known with the own card
            guesser = Client()
            assert enter(guesser, CODES[0], number) == 302
            again(guesser)
        guesses.append(enter(guesser, CODES[0], f"{9000 + n}"))
    # Twenty on browsers that the own card has opened; from then on they count among strangers.
    assert guesses.count(422) == 20 + 20
    assert SignInAttempt.objects.filter(earner_hash="").count() == 20
    guesses = [enter(Client(), CODES[0], f"{8000 + n}") for n in range(12)]
    assert guesses == [422] * 10 + [429] * 2


def test_a_colleague_under_attack_goes_on_in_the_own_browser_and_everybody_else_does_too():
    make_account(email="pat@example.org", password=PASSWORD)
    make_account(email="kim@example.org", password=PASSWORD)
    mine = Client()
    assert grown_up(mine, "pat@example.org") == 302
    guesses = [grown_up(Client(), "pat@example.org", "not this one") for _ in range(7)]
    assert guesses == [422] * 5 + [429] * 2
    assert grown_up(again(mine), "Pat@example.org") == 302
    assert grown_up(Client(), "kim@example.org") == 302
    assert grown_up(Client(), "pat@example.org") == 429
    assert grown_up(Client(), "pat@example.org", address="198.51.100.7") == 302


def test_the_page_says_how_long_to_wait_and_what_else_to_do():
    fail(5, now=timezone.now())
    answer = Client().post("/sign-in/email/", {"login": "pat@example.org", "password": PASSWORD}, REMOTE_ADDR=SCHOOL)
    assert "Too many tries. Wait 5 minutes, or get a new password." in answer.content.decode()


def test_an_account_that_does_not_exist_waits_like_one_that_does():
    make_account(email="pat@example.org")
    for email in ("pat@example.org", "nobody@example.org"):
        fail(5, key=email)
        assert waits(key=email) == timedelta(minutes=5)


def test_somebody_spread_over_addresses_is_slowed_and_the_owner_is_not_kept_out_for_long():
    for n in range(50):
        fail(1, address=f"203.0.113.{n}", now=NOW + timedelta(seconds=n))
    later = NOW + timedelta(minutes=1)
    assert waits(address="198.51.100.7", now=later) == timedelta(minutes=9)
    assert waits(address="198.51.100.7", browser="known", earner="pat", now=later) is None
    assert waits(address="198.51.100.7", now=NOW + timedelta(minutes=10)) is None


def test_a_new_password_through_the_mail_ends_the_waiting(client, mailoutbox):
    make_account(email="pat@example.org")
    with time_machine.travel(NOW, tick=False):
        fail(5)
        assert grown_up(client, "pat@example.org") == 429
        client.post("/password/reset/", {"email": "pat@example.org"})
        link = next(word for word in mailoutbox[0].body.split() if word.startswith("http://testserver"))
        page = client.get(link.removeprefix("http://testserver"), follow=True)
        client.post(page.redirect_chain[-1][0], {"password1": PASSWORD, "password2": PASSWORD})
        assert grown_up(client, "pat@example.org") == 302


def test_one_address_that_tries_many_accounts_is_stopped_for_strangers_alone():
    for n in range(100):
        fail(1, key=f"person{n}@example.org", browser=f"{n}")
    assert waits() == timedelta(minutes=10)
    assert waits(browser="known", earner="pat") is None
    assert waits(address="198.51.100.7") is None


def test_tries_at_the_same_moment_do_not_slip_past_each_other():
    """None of them is decided yet, and they count."""
    fail(5)
    assert waits() == timedelta(minutes=5)


def test_wait_ends_when_there_is_room_for_one_more():
    fail(1, now=NOW - timedelta(minutes=4))
    fail(4)
    assert waits() == timedelta(minutes=1)
    assert waits(now=NOW + timedelta(minutes=1)) is None


def test_what_was_refused_does_not_make_the_wait_longer():
    fail(5)
    for seconds in (60, 120, 240):
        assert waits(now=NOW + timedelta(seconds=seconds)) == timedelta(minutes=5) - timedelta(seconds=seconds)
    assert SignInAttempt.objects.count() == 5


def test_addresses_of_one_household_count_as_one_and_different_ones_do_not():
    for n in range(5):
        fail(1, address=f"2001:db8:1:2::{n}")
    assert waits(address="2001:db8:1:2:ffff::1") == timedelta(minutes=5)
    assert waits(address="2001:db8:1:3::1") is None


def test_doors_are_counted_apart():
    fail(5, key="CDFHJK")
    assert waits(key="CDFHJK", door="class_code") is None


def test_attempts_name_nobody_and_are_forgotten_after_a_day():
    fail(1, now=NOW - timedelta(days=1, seconds=1))
    fail(1)
    kept = SignInAttempt.objects.get()
    assert kept.at == NOW
    marks = [kept.address_hash, kept.key_hash, kept.browser_hash]
    assert [len(mark) for mark in marks] == [64] * 3
    assert not {SCHOOL, "pat@example.org"} & set(marks)


@pytest.mark.parametrize("cookie", ["", "nonsense", "x:y:z"])
def test_cookie_that_was_changed_is_a_strangers(client, cookie):
    make_account(email="pat@example.org", password=PASSWORD)
    grown_up(client, "pat@example.org")
    again(client).cookies[COOKIE] = cookie
    fail(5, now=timezone.now())
    assert grown_up(client, "pat@example.org") == 429


def test_cookie_of_a_browser_names_nobody_and_is_not_for_scripts(client):
    make_account(email="pat@example.org", password=PASSWORD)
    grown_up(client, "pat@example.org")
    cookie = client.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert "pat" not in cookie.value
