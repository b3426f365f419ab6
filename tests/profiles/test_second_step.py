"""The second step of signing in: set up, asked for, required of administrators, used once, lost and taken away."""

import base64
import hmac
import re
import struct
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from lrm.policy import STAFF, allow
from lrm.scope import district_scope
from profiles.models import AccountEvent, SecondStepAsk, SignInPolicy
from profiles.second_step import recent_mfa
from tests.factories.profiles import (
    PASSWORD,
    make_district,
    make_district_admin,
    make_guardian,
    make_learner,
    make_roster,
    make_school_admin,
    make_teacher,
)
from tests.fresh_code import with_fresh_code

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 10, 13, 14, 0, 10, tzinfo=UTC)


def code_at(secret: str, moment: datetime) -> str:
    """RFC 6238 with SHA-1, six digits and half a minute."""
    count = struct.pack(">Q", int(moment.timestamp()) // 30)
    digest = hmac.new(base64.b32decode(secret), count, "sha1").digest()
    at = digest[-1] & 15
    number = struct.unpack(">I", digest[at : at + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def roster(clock):
    roster = make_roster()
    with district_scope(roster.district_id):
        yield roster


@pytest.fixture
def principal(roster):
    return make_school_admin(roster.school, email="ines@example.org", password=PASSWORD)


def sign_in(account, client=None):
    client = client or Client()
    answer = client.post("/sign-in/email/", {"login": account.email, "password": PASSWORD})
    return client, answer


def set_up(client) -> str:
    """The secret."""
    page = client.get("/account/second-step/").content.decode()
    secret = re.search(r'<code class="ltr">([A-Z2-7 ]+)</code>', page)[1].replace(" ", "")
    answer = client.post("/account/second-step/", {"code": code_at(secret, timezone.now())})
    assert answer["Location"] == "/account/second-step/codes/"
    return secret


def emergency_codes(client) -> list[str]:
    return re.findall(r"<code>(\d{8})</code>", client.get("/account/second-step/codes/").content.decode())


def test_setting_it_up_shows_a_square_a_key_and_ten_emergency_codes(principal):
    client, _ = sign_in(principal)
    page = client.get("/account/second-step/").content.decode()
    assert 'class="qr"' in page
    secret = set_up(client)
    assert len(set(emergency_codes(client))) == 10
    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in stored
    assert "10 emergency codes are left" in client.get("/account/").content.decode()


def test_after_the_password_comes_the_code(principal, clock):
    client, _ = sign_in(principal)
    secret = set_up(client)
    clock.shift(60)
    client, answer = sign_in(principal)
    assert answer["Location"] == "/sign-in/code/"
    assert "_auth_user_id" not in client.session
    assert client.get("/students/").status_code == 302
    assert "code from your phone" in client.get("/sign-in/code/").content.decode()
    answer = client.post("/sign-in/code/", {"code": "000000"})
    assert answer.status_code == 422
    answer = client.post("/sign-in/code/", {"code": code_at(secret, timezone.now())})
    assert (answer.status_code, client.session["_auth_user_id"]) == (302, str(principal.pk))


@pytest.mark.parametrize(("seconds", "fits"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_clock_of_a_phone_may_be_half_a_minute_off(principal, clock, seconds, fits):
    client, _ = sign_in(principal)
    secret = set_up(client)
    clock.shift(600)
    client, _ = sign_in(principal)
    client.post("/sign-in/code/", {"code": code_at(secret, timezone.now() + timedelta(seconds=seconds))})
    assert ("_auth_user_id" in client.session) is fits


def test_code_that_was_used_opens_nothing_again(principal, clock):
    client, _ = sign_in(principal)
    secret = set_up(client)
    clock.shift(60)
    code = code_at(secret, timezone.now())
    client, _ = sign_in(principal)
    assert client.post("/sign-in/code/", {"code": code}).status_code == 302
    client, _ = sign_in(principal)
    assert client.post("/sign-in/code/", {"code": code}).status_code == 422


def test_emergency_code_opens_once(principal):
    client, _ = sign_in(principal)
    set_up(client)
    code = emergency_codes(client)[3]
    client, _ = sign_in(principal)
    assert client.post("/sign-in/code/", {"code": f"{code[:4]} {code[4:]}"}).status_code == 302
    client, _ = sign_in(principal)
    assert client.post("/sign-in/code/", {"code": code}).status_code == 422


def test_guessing_codes_has_to_wait(principal, clock):
    client, _ = sign_in(principal)
    secret = set_up(client)
    clock.shift(60)
    client, _ = sign_in(principal, Client())
    for _ in range(5):
        assert client.post("/sign-in/code/", {"code": "000000"}).status_code == 422
    answer = client.post("/sign-in/code/", {"code": code_at(secret, timezone.now())})
    assert "Too many codes that did not fit. Wait 5 minutes." in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_administrator_is_asked_once_after_signing_in_and_has_days_of_grace(principal):
    client, answer = sign_in(principal)
    assert client.get(answer["Location"])["Location"] == "/account/second-step/"
    assert "You have 7 days" in client.get("/account/second-step/").content.decode()
    assert client.get("/students/").status_code == 200
    assert SecondStepAsk.objects.get().asked_on == timezone.localdate()


def test_days_of_grace_count_from_the_first_time(principal, clock):
    sign_in(principal)
    clock.shift(timedelta(days=7))
    client, _ = sign_in(principal)
    for path in ("/students/", "/", "/staff/", "/account/"):
        assert client.get(path)["Location"] == "/account/second-step/"
    assert client.post("/staff/invite/", {})["Location"] == "/account/second-step/"
    fragment = client.get("/students/", headers={"HX-Request": "true"})
    assert (fragment.status_code, fragment["HX-Redirect"]) == (204, "/account/second-step/")
    assert client.get("/api/v1/schema/").status_code == 403
    set_up(client)
    assert client.get("/students/").status_code == 200


def test_district_says_whom_and_how_long(roster, principal):
    kim = make_district_admin(roster.district, email="kim@example.org", password=PASSWORD)
    teacher = make_teacher(roster, email="rosa@example.org", password=PASSWORD)
    client, _ = sign_in(teacher)
    assert client.get("/students/").status_code == 200
    client, _ = sign_in(kim)
    client.get("/students/")
    sent = {"second_step_for": "staff", "badge_days": [1]}
    assert client.post("/staff/sign-in/", sent | {"grace_days": 61}).status_code == 422
    assert client.post("/staff/sign-in/", sent | {"grace_days": 0}).status_code == 302
    assert SignInPolicy.objects.get().district == roster.district
    client, _ = sign_in(teacher)
    assert client.get("/students/")["Location"] == "/account/second-step/"


def test_families_and_the_demo_are_not_asked(roster):
    guardian = make_guardian(make_learner(roster.school), email="mom@example.org", password=PASSWORD)
    client, _ = sign_in(guardian)
    assert "second_step_due" not in client.session
    assert client.get("/account/").status_code == 200


def test_demo_s_principal_has_no_phone():
    account = make_district_admin(make_district(is_demo=True), email="demo@example.org", password=PASSWORD)
    client, _ = sign_in(account)
    assert "second_step_due" not in client.session


def test_another_phone_takes_the_old_one_s_place(principal, clock):
    client, _ = sign_in(principal)
    old = set_up(client)
    assert client.post("/account/second-step/other/").status_code == 302
    assert client.get("/students/")["Location"] == "/account/second-step/", "the role still needs one"
    new = set_up(client)
    assert new != old
    assert client.get("/students/").status_code == 200


def test_changing_it_asks_for_the_password_when_signing_in_was_long_ago(principal, clock):
    client, _ = sign_in(principal)
    clock.shift(16 * 60)
    answer = client.get("/account/second-step/")
    assert answer["Location"].startswith("/account/password/again/")
    assert client.post(answer["Location"], {"password": "not this one"}).status_code == 422
    assert client.post(answer["Location"], {"password": PASSWORD})["Location"] == "/account/second-step/"
    set_up(client)


def test_administrator_takes_a_lost_one_away_and_it_is_noted(roster, principal):
    client, _ = sign_in(principal)
    set_up(client)
    kim = make_district_admin(roster.district, given_name="Kim", family_name="Ortega")
    office = Client()
    office.force_login(kim)
    with_fresh_code(office)
    assert (
        "Taken away"
        in office.post(f"/staff/{principal.pk}/change/", {"act": "reset_step"}, follow=True).content.decode()
    )
    assert Authenticator.objects.count() == 0
    (event,) = AccountEvent.objects.filter(account=principal)
    assert (event.kind, event.by) == ("step_reset", kim)
    assert client.get("/staff/")["Location"].startswith("/sign-in/")  # whoever was signed in so is not anymore
    again, answer = sign_in(principal)
    assert answer["Location"] == "/welcome/"
    assert again.post(f"/staff/{principal.pk}/change/", {"act": "reset_step"}).status_code == 404


def test_whoever_runs_the_server_helps_the_last_administrator(principal):
    client, _ = sign_in(principal)
    set_up(client)
    said = StringIO()
    call_command("reset_second_step", "Ines@example.org", stdout=said)
    call_command("reset_second_step", "ines@example.org", stdout=said)
    assert said.getvalue() == "It is taken away, and noted.\nThis account has no second step.\n"
    with pytest.raises(CommandError, match="Nobody signs in as"):
        call_command("reset_second_step", "nobody@example.org")


def page_of_many(request):
    return allow(*STAFF)(recent_mfa(lambda request: HttpResponse("all records")))(request)


@pytest.fixture
def ask(rf):
    """What a page of many records answers a session."""

    def asked(client, account, method="get", **headers):
        request = getattr(rf, method)("/export/?year=2027", headers=headers)
        request.user, request.session = account, client.session
        return page_of_many(request)

    return asked


def test_page_of_many_records_opens_a_quarter_of_an_hour_after_a_second_step(principal, clock, ask):
    client, _ = sign_in(principal)
    answer = ask(client, principal)
    assert answer["Location"] == "/account/second-step/?next=%2Fexport%2F%3Fyear%3D2027"
    secret = set_up(client)
    answer = ask(client, principal)
    assert answer["Location"] == "/account/second-step/again/?next=%2Fexport%2F%3Fyear%3D2027"
    clock.shift(60)
    answer = client.post(answer["Location"], {"code": code_at(secret, timezone.now())})
    assert answer["Location"] == "/export/?year=2027"
    assert ask(client, principal).content == b"all records"
    clock.shift(14 * 60)
    assert ask(client, principal).content == b"all records"
    clock.shift(61)
    assert ask(client, principal).status_code == 302


def test_form_of_such_a_page_leads_back_to_the_page_and_is_not_sent_by_itself(principal, ask):
    client, _ = sign_in(principal)
    answer = ask(client, principal, "post", Referer="http://testserver/export/choose/")
    assert answer["Location"] == "/account/second-step/?next=%2Fexport%2Fchoose%2F"
    answer = ask(client, principal, "post", Referer="https://elsewhere.example/x/")
    assert answer["Location"] == "/account/second-step/?next=%2F"


def test_new_password_signs_out_everywhere_else(principal):
    here, _ = sign_in(principal)
    there, _ = sign_in(principal)
    assert there.get("/account/").status_code == 302  # asked once for a second step
    assert there.get("/account/").status_code == 200
    new = "another long enough password"
    data = {"oldpassword": "not this one", "password1": new, "password2": new}
    here.get("/account/")
    assert here.post("/account/password/", data).status_code == 422
    assert here.post("/account/password/", data | {"oldpassword": PASSWORD})["Location"] == "/account/"
    assert here.get("/account/").status_code == 200
    assert there.get("/account/")["Location"].startswith("/sign-in/")
