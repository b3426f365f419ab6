"""The sign-in page, its two doors, and the way out."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from profiles.middleware import COOKIE
from profiles.models import Account, Learner, SignInAttempt
from tests.factories.profiles import (
    PASSWORD,
    enroll,
    make_account,
    make_district,
    make_learner,
    make_roster,
    make_school,
    make_teacher,
)

pytestmark = pytest.mark.django_db
CODE = "CDFHJK"


@pytest.fixture(autouse=True)
def _no_limits_from_other_tests():
    cache.clear()


@pytest.fixture
def learner():
    roster = make_roster(class_code=CODE)
    learner = make_learner(roster.school, number="4711", given_name="Quokkaana")
    enroll(learner, roster)
    return learner


def enter(client, code=CODE, number="4711", **extra):
    return client.post("/sign-in/", {"class_code": code, "number": number}, **extra)


def test_page_names_the_only_school_and_no_child(client, learner):
    text = client.get("/sign-in/").content.decode()
    assert f"Welcome to <span>{learner.home_school.name}.</span>" in text
    assert "Quokkaana" not in text
    assert CODE not in text


def test_page_of_two_schools_names_the_district_and_of_two_districts_nobody(client, learner):
    make_school(learner.district, name="Other School")
    assert f"Welcome to <span>{learner.district.name}.</span>" in client.get("/sign-in/").content.decode()
    make_district(name="Elsewhere")
    text = client.get("/sign-in/").content.decode()
    assert "Welcome." in text
    assert "Elsewhere" not in text


@pytest.mark.parametrize(("code", "number"), [(CODE, "4711"), ("cdf-hjk", " 4711 "), ("c d f h j k", "4 7 1 1")])
def test_code_and_number_open_the_learners_door(client, learner, code, number):
    answer = enter(client, code, number)
    assert (answer.status_code, answer["Location"]) == (302, "/welcome/")
    account = Learner._base_manager.get(pk=learner.pk).account
    assert client.session["_auth_user_id"] == str(account.pk)
    assert account.roles == {"learner"}


@pytest.mark.parametrize(
    ("code", "number", "message"),
    [
        ("", "4711", "Type the six letters of your class."),
        ("CDF", "4711", "A class code has six letters."),
        (CODE, "", "Type the four digits of your number."),
        (CODE, "47", "Your number has four digits."),
        (CODE, "४७११", "Your number has four digits."),
        (CODE, "4712", "This code and this number do not go together."),
        ("XXXXXX", "4711", "This code and this number do not go together."),
    ],
)
def test_what_does_not_fit_is_said_and_opens_nothing(client, learner, code, number, message):
    answer = enter(client, code, number)
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_what_was_typed_is_not_lost(client, learner):
    text = enter(client, CODE, "47").content.decode()
    assert f'value="{CODE}"' in text
    assert 'value="47"' in text


@pytest.mark.parametrize(("code", "number", "field"), [("XX", "4711", "class_code"), (CODE, "47", "number")])
def test_refused_door_opens_at_the_field_that_was_wrong(client, learner, code, number, field):
    focused = re.findall(r"<input[^>]*autofocus[^>]*>", enter(client, code, number).content.decode())
    assert [re.search(r'name="(\w+)"', each)[1] for each in focused] == [field]


def test_learners_door_leads_home_whatever_page_was_open_before(client, learner):
    """On a shared device that page may be of the child who sat there before."""
    assert client.post("/sign-in/?next=/goals/7/", {"class_code": CODE, "number": "4711"})["Location"] == "/welcome/"


def test_learner_whose_account_is_closed_is_not_let_in(client, learner):
    account = make_account(learner.district, kind=Account.Kind.LEARNER, email=None, is_active=False)
    Learner._base_manager.filter(pk=learner.pk).update(account=account)
    assert enter(client).status_code == 422


def test_guessing_codes_from_one_address_has_to_wait(client, learner):
    for _ in range(10):
        assert enter(client, "XXXXXX").status_code == 422
    answer = enter(client)
    assert answer.status_code == 429
    assert "Wait 10 minutes" in answer.content.decode()
    assert SignInAttempt.objects.count() == 10
    assert enter(type(client)()).status_code == 302


def test_guessing_is_open_again_after_ten_minutes(client, learner):
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        for _ in range(10):
            enter(client, "XXXXXX")
    with time_machine.travel(start + timedelta(minutes=9, seconds=59), tick=False):
        assert "Wait 1 minute," in enter(client).content.decode()
    with time_machine.travel(start + timedelta(minutes=10), tick=False):
        assert enter(client).status_code == 302


def test_a_whole_class_that_types_right_behind_one_address_is_never_stopped(client):
    roster = make_roster(class_code=CODE)
    for n in range(30):
        enroll(make_learner(roster.school, number=f"{2000 + n}"), roster)
    answers = [enter(type(client)(), CODE, f"{2000 + n}").status_code for n in range(30)]
    assert answers == [302] * 30


def test_learners_session_ends_with_the_browser_and_after_twenty_quiet_minutes(client, learner):
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        enter(client)
        assert client.cookies["sessionid"]["max-age"] == ""
        assert client.cookies[COOKIE]["max-age"] == ""
        assert client.cookies[COOKIE]["httponly"] is True
    with time_machine.travel(start + timedelta(minutes=19), tick=False):
        assert client.get("/sign-in/")["Location"] == "/"
    with time_machine.travel(start + timedelta(minutes=38), tick=False):
        assert client.get("/sign-in/")["Location"] == "/"
    with time_machine.travel(start + timedelta(minutes=58, seconds=1), tick=False):
        assert client.get("/sign-in/").status_code == 200
        assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("forged", ["", "nonsense", "x:y:z"])
def test_stamp_that_is_forged_or_taken_away_ends_the_session(client, learner, forged):
    enter(client)
    client.cookies[COOKIE] = forged
    assert client.get("/sign-in/").status_code == 200
    assert "_auth_user_id" not in client.session


def test_stamp_of_another_session_ends_the_session(client, learner):
    enter(client)
    other = type(client)()
    enter(other)
    client.cookies[COOKIE] = other.cookies[COOKIE].value
    assert client.get("/sign-in/").status_code == 200


def test_staff_sessions_do_not_end_when_quiet(client):
    client.force_login(make_teacher())
    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        assert client.get("/sign-in/")["Location"] == "/"
    assert COOKIE not in client.cookies


def test_grown_up_signs_in_with_email_and_password_and_goes_on(client):
    account = make_teacher(email="delgado@example.org")
    account.set_password(PASSWORD)
    account.save()
    answer = client.post("/sign-in/email/", {"login": "Delgado@Example.org", "password": PASSWORD, "next": "/wall/"})
    assert (answer.status_code, answer["Location"]) == (302, "/wall/")
    assert client.session["_auth_user_id"] == str(account.pk)
    assert client.session.get_expire_at_browser_close() is True


def test_older_learner_with_an_address_gets_the_quiet_session_too(client):
    make_account(email="ana@example.org", password=PASSWORD, kind=Account.Kind.LEARNER)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client.post("/sign-in/email/", {"login": "ana@example.org", "password": PASSWORD})
        assert "_auth_user_id" in client.session
        clock.shift(timedelta(minutes=20, seconds=1))
        assert client.get("/sign-in/").status_code == 200


def test_grown_up_is_not_sent_to_another_site(client):
    account = make_account(email="delgado@example.org", password=PASSWORD)
    data = {"login": account.email, "password": PASSWORD, "next": "https://elsewhere.example/"}
    assert client.post("/sign-in/email/", data)["Location"] == "/welcome/"


def test_wrong_password_and_unknown_address_read_the_same(client):
    make_account(email="delgado@example.org", password=PASSWORD)
    pages = [
        client.post("/sign-in/email/", {"login": login, "password": "not this one"})
        for login in ("delgado@example.org", "nobody@example.org")
    ]
    assert [page.status_code for page in pages] == [422, 422]
    said = [re.findall(r'role="alert">.*?</div>', page.content.decode(), re.S) for page in pages]
    assert said[0] == said[1] != []
    assert re.findall(r'name="(\w+)"[^>]*autofocus', pages[0].content.decode()) == ["password"]


def test_guessing_passwords_of_one_account_is_stopped(client):
    make_account(email="delgado@example.org", password=PASSWORD)
    for _ in range(5):
        client.post("/sign-in/email/", {"login": "delgado@example.org", "password": "not this one"})
    client.post("/sign-in/email/", {"login": "delgado@example.org", "password": PASSWORD})
    assert "_auth_user_id" not in client.session


def test_account_without_a_password_is_not_opened_by_an_empty_one(client):
    make_account(email="delgado@example.org")
    assert client.post("/sign-in/email/", {"login": "delgado@example.org", "password": "!"}).status_code == 422


def test_closed_account_meets_its_page(client):
    make_account(email="delgado@example.org", password=PASSWORD, is_active=False)
    client.post("/sign-in/email/", {"login": "delgado@example.org", "password": PASSWORD})
    assert "_auth_user_id" not in client.session


def test_password_is_chosen_through_the_mail(client, mailoutbox):
    account = make_account(email="delgado@example.org")
    assert client.post("/password/reset/", {"email": "delgado@example.org"})["Location"] == "/password/reset/sent/"
    (message,) = mailoutbox
    assert message.subject == "Choose a password for LRM"
    link = re.search(r"http://testserver(/\S+)", message.body).group(1)
    page = client.get(link, follow=True)
    address = page.redirect_chain[-1][0]
    assert client.post(address, {"password1": "short", "password2": "short"}).status_code == 200
    answer = client.post(address, {"password1": PASSWORD, "password2": PASSWORD})
    assert answer["Location"] == "/password/reset/done/"
    account.refresh_from_db()
    assert account.password.startswith("argon2")
    assert "used up" in client.get(link, follow=True).content.decode()


def test_password_mail_to_an_unknown_address_is_not_sent_and_not_betrayed(client):
    assert client.post("/password/reset/", {"email": "nobody@example.org"})["Location"] == "/password/reset/sent/"
    assert mail.outbox == []


def test_nobody_signs_up_by_themselves(client):
    assert client.get("/accounts/signup/").status_code == 404


def test_sign_out_leaves_nothing_on_a_shared_device(client, learner):
    enter(client)
    answer = client.post("/sign-out/")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert {name for name, cookie in client.cookies.items() if cookie.value} == {"lrm_browser"}
    assert answer["Cache-Control"] == "no-store, private"
    assert client.cookies["sessionid"].value == ""
    assert client.cookies[COOKIE].value == ""
    assert "_auth_user_id" not in client.session


def test_page_that_emptied_the_browser_itself_spares_what_a_colleague_could_not_send(client, learner):
    enter(client)
    assert client.post("/sign-out/", {"spares": "1"})["Clear-Site-Data"] == '"cache"'


def test_sign_out_by_a_link_is_refused(client):
    client.force_login(make_teacher())
    assert client.get("/sign-out/").status_code == 405
    assert "_auth_user_id" in client.session


def test_language_is_kept_with_the_account(client):
    teacher = make_teacher()
    client.force_login(teacher)
    answer = client.post("/language/", {"language": "es", "next": "/sign-in/"})
    assert answer["Location"] == "/sign-in/"
    teacher.refresh_from_db()
    assert teacher.language == "es"


def test_unknown_language_changes_nothing(client):
    teacher = make_teacher()
    client.force_login(teacher)
    client.post("/language/", {"language": "tlh"})
    teacher.refresh_from_db()
    assert teacher.language == ""


def demo_district():
    return make_district(is_demo=True, key="demo")


@pytest.mark.parametrize("role", ["teacher", "student", "family", "principal"])
def test_demo_has_four_doors(client, role):
    account = make_account(demo_district(), key=f"demo-{role}")
    assert reverse("demo_enter", args=[role]) in client.get("/sign-in/").content.decode()
    assert client.post(f"/demo/enter/{role}/")["Location"] == "/"
    assert client.session["_auth_user_id"] == str(account.pk)


def test_real_district_has_no_demo_doors(client):
    """That both never share a database is kept by the database itself; see profiles/migrations."""
    make_district()
    assert "/demo/enter/" not in client.get("/sign-in/").content.decode()


def test_demo_doors_do_not_open_an_account_of_a_real_district(client):
    make_account(make_district(), key="demo-teacher")
    assert client.post("/demo/enter/teacher/").status_code == 404


def test_demo_door_that_does_not_exist_is_not_found(client):
    demo_district()
    assert client.post("/demo/enter/superuser/").status_code == 404
