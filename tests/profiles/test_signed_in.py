"""Where somebody is signed in: listed in words, ended from elsewhere."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from lrm.scope import district_scope
from profiles import devices
from profiles.models import AccountEvent, SignedIn
from tests.factories.profiles import PASSWORD, make_roster, make_school_admin, make_teacher

pytestmark = pytest.mark.django_db

PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/19.1 Mobile/15E148 Safari/604.1"
)
LAPTOP = "Mozilla/5.0 (X11; CrOS x86_64 16181.61) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36"


@pytest.fixture
def teacher():
    roster = make_roster()
    with district_scope(roster.district_id):
        yield make_teacher(roster, email="rosa@example.org", password=PASSWORD)


def sign_in(account, agent=LAPTOP, address="203.0.113.9"):
    client = Client(headers={"User-Agent": agent}, REMOTE_ADDR=address)
    assert client.post("/sign-in/email/", {"login": account.email, "password": PASSWORD}).status_code == 302
    return client


def is_in(client) -> bool:
    return client.get("/students/").status_code == 200


def test_devices_are_listed_in_words_with_the_network_and_this_one_marked(teacher):
    sign_in(teacher, PHONE, "198.51.100.7")
    text = sign_in(teacher).get("/account/").content.decode()
    assert "Chrome on Chromebook <span" in text
    assert "Safari on iPhone" in text
    assert ("203.0.…" in text, "198.51.…" in text, "198.51.100.7" in text) == (True, True, False)
    assert text.count("this one") == 1


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (PHONE, "Safari on iPhone"),
        (LAPTOP, "Chrome on Chromebook"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/141.0 Safari/537.36 Edg/141.0", "Edge on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:143.0) Gecko/20100101 Firefox/143.0", "Firefox on Mac"),
        ("curl/8.5", "A browser that does not say what it is"),
        ("", "A browser that does not say what it is"),
    ],
)
def test_browser_in_words(agent, said):
    assert devices.said(*devices.name_of(agent)) == said


def test_one_of_them_is_ended_and_the_others_go_on(teacher):
    phone, laptop = sign_in(teacher, PHONE), sign_in(teacher)
    row = SignedIn.objects.get(system="iPhone")
    answer = laptop.post(f"/account/sign-out/{row.pk}/", follow=True)
    assert "Signed out there." in answer.content.decode()
    assert (is_in(phone), is_in(laptop)) == (False, True)
    assert laptop.post(f"/account/sign-out/{row.pk}/").status_code == 404


def test_all_others_are_ended_at_once(teacher):
    first, second, here = sign_in(teacher), sign_in(teacher, PHONE), sign_in(teacher)
    assert "Signed out in 2 places." in here.post("/account/sign-out/", follow=True).content.decode()
    assert [is_in(client) for client in (first, second, here)] == [False, False, True]
    assert "Nobody was signed in there anymore." in here.post("/account/sign-out/", follow=True).content.decode()


def test_this_one_is_not_ended_by_the_list(teacher):
    here = sign_in(teacher)
    here.post(f"/account/sign-out/{SignedIn.objects.get().pk}/")
    assert is_in(here)


def test_list_forgets_what_is_over(teacher):
    gone = sign_in(teacher)
    gone.post("/sign-out/")
    assert sign_in(teacher).get("/account/").content.decode().count("Chrome on Chromebook</th>") == 0
    assert SignedIn.objects.count() == Session.objects.filter(expire_date__isnull=False).count() == 1


def test_new_password_ends_the_others_and_keeps_this_one_on_the_list(teacher):
    there, here = sign_in(teacher, PHONE), sign_in(teacher)
    new = "another long enough password"
    here.post("/account/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert (is_in(there), is_in(here)) == (False, True)
    text = here.get("/account/").content.decode()
    assert ("Safari on iPhone" in text, text.count("this one")) == (False, 1)


def test_administrator_signs_somebody_out_everywhere_and_it_is_noted(teacher):
    phone, laptop = sign_in(teacher, PHONE), sign_in(teacher)
    office = Client()
    office.force_login(make_school_admin(teacher.enrollments.get().roster.school))
    office.post(f"/staff/{teacher.pk}/change/", {"act": "sign_out"})
    assert (is_in(phone), is_in(laptop)) == (False, False)
    assert [event.kind for event in AccountEvent.objects.filter(account=teacher)] == ["signed_out"]
