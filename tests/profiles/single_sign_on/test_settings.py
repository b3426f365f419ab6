"""Entering, testing and changing a provider."""

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from profiles.models import AccountEvent, SingleSignOn
from profiles.services import single_sign_on
from tests.factories.profiles import (
    make_district_admin,
    make_roster,
    make_teacher,
)
from tests.fresh_code import with_fresh_code
from tests.oidc_provider import OidcProvider
from tests.profiles.single_sign_on.asking import account_in, known, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("oidc")]


@pytest.fixture
def office(roster, provider):
    admin = make_district_admin(roster.district, given_name="Kim", family_name="Ortega")
    client = Client()
    client.force_login(admin)
    return with_fresh_code(client)


PAGE = "/staff/sign-in/provider/"


def typed(provider, **fields) -> dict:
    return {
        "name": "Maple Login",
        "issuer": provider.issuer,
        "client_id": "lrm",
        "secret": "s3cret",
        "for_staff": "on",
        "match_by": "email",
    } | fields


def test_administrator_enters_tests_and_turns_it_on(office, provider, roster):
    page = office.get(PAGE).content.decode()
    assert f"http://testserver/sign-in/with/{roster.district.uuid}/back/" in page
    answer = office.post(PAGE, typed(provider, act="test"))
    assert "The provider answers, and knows this site. Nothing is saved yet." in answer.content.decode()
    assert not SingleSignOn.objects.exists()
    answer = office.post(PAGE, typed(provider, is_on="on"), follow=True)
    assert "The button stands on the sign-in page" in answer.content.decode()
    assert "s3cret" not in answer.content.decode()
    assert "Kim Ortega" in answer.content.decode()
    assert "Sign in with Maple Login" in Client().get("/sign-in/").content.decode()


def test_stored_secret_stays_when_the_field_is_left_empty_and_goes_to_no_other_issuer(office, provider, sso):
    office.post(PAGE, typed(provider, secret="", name="Oak Login"))
    row = SingleSignOn.objects.get()
    assert (row.name, single_sign_on.secret_of(row)) == ("Oak Login", "not for the database")
    answer = office.post(PAGE, typed(provider, secret="", issuer="http://localhost:9", act="test"))
    assert "Another issuer has another secret" in answer.content.decode()


def test_another_issuer_forgets_who_was_who(office, provider, sso, rosa):
    sign_in(sso, provider, known(provider))
    office.post(PAGE, typed(provider, issuer="http://127.0.0.1:9"))
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"issuer": "http://localhost:1"}, "does not answer"),
        ({"issuer": "http://no-such-host.invalid"}, "There is no such host"),
        ({"issuer": "javascript:alert(1)"}, "has to begin with https"),
        ({"issuer": "https://"}, "This is no address"),
        ({"issuer": "https://login.example.org/?a=b"}, "no question mark"),
        ({"issuer": "HERE/jwks"}, "Is the issuer right?"),
        ({"secret": ""}, "Type in the secret"),
        ({"for_staff": ""}, "tick at least one"),
        ({"match_by": "id"}, "Name the claim"),
        ({"name": ""}, "Type what stands on the button."),
        ({"name": "x\0y"}, "Null characters"),
    ],
)
def test_what_does_not_work_is_said_at_its_field_and_nothing_is_saved(office, provider, fields, words):
    fields = {name: value.replace("HERE", provider.issuer) for name, value in fields.items()}
    answer = office.post(PAGE, typed(provider, is_on="on", **fields))
    assert (answer.status_code, words in answer.content.decode()) == (422, True), answer.content.decode()
    assert not SingleSignOn.objects.exists()


def test_client_that_the_provider_does_not_know(office, roster, tmp_path):
    strict = OidcProvider(tmp_path / "log", "--require-registration").start()
    try:
        answer = office.post(PAGE, typed(strict, is_on="on"))
        assert "does not know this client ID, or the secret is another one" in answer.content.decode()
        client_id, secret = strict.register(f"http://testserver/sign-in/with/{roster.district.uuid}/back/")
        answer = office.post(PAGE, typed(strict, client_id=client_id, secret="wrong", act="test"))
        assert "does not know this client ID, or the secret is another one" in answer.content.decode()
        answer = office.post(PAGE, typed(strict, client_id=client_id, secret=secret, is_on="on"))
        assert answer.status_code == 302
        rosa = make_teacher(make_roster(roster.school), email="rosa@example.org")
        client, _ = sign_in(SingleSignOn.objects.get(), strict, known(strict))
        assert account_in(client) == str(rosa.pk)
    finally:
        strict.stop()


def test_settings_open_with_a_fresh_second_step_alone(roster):
    admin, client = make_district_admin(roster.district), Client()
    client.force_login(admin)
    assert client.get(PAGE)["Location"].startswith("/account/second-step/?next=")
    assert client.post(PAGE, {"name": "x"})["Location"].startswith("/account/second-step/")


def test_who_changed_what_is_kept(office, provider):
    office.post(PAGE, typed(provider))
    office.post(PAGE, typed(provider, name="Oak", secret="", for_learners="on"))
    office.post(PAGE, typed(provider, name="Oak", secret=""))
    text = office.get(PAGE).content.decode()
    assert text.index('Students <span class="meta">yes → no') < text.index(
        'Name on the button <span class="meta">Maple Login → Oak'
    )
    assert "Client secret" in text
    assert "s3cret" not in text


def test_one_person_is_looked_for_anew_and_everybody(office, sso, provider, rosa):
    sign_in(sso, provider, known(provider))
    answer = office.post(f"/staff/{rosa.pk}/change/", {"act": "unlink"}, follow=True)
    assert "is looked for anew" in answer.content.decode()
    client, _ = sign_in(sso, provider, known(provider, "successor"))
    assert account_in(client) == str(rosa.pk)
    assert "1 person is looked for anew" in office.post(PAGE, {"act": "forget"}, follow=True).content.decode()
    assert not SocialAccount.objects.exists()
    assert [event.kind for event in AccountEvent.objects.filter(account=rosa)][::-1] == ["linked", "unlinked", "linked"]
