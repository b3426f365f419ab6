"""Who gets in through a provider, and who does not."""

import base64
import hashlib
from urllib.parse import urlencode

import pytest
from allauth.socialaccount.models import SocialAccount
from django.utils import timezone

from profiles.models import Account, AccountEvent, LearnerMerge, SingleSignOn
from tests.factories.profiles import (
    make_account,
    make_district,
    make_guardian,
    make_learner,
    make_provider,
    make_teacher,
)
from tests.oidc_provider import asked, way_out
from tests.profiles.single_sign_on.asking import account_in, known, refused, sign_in, start_of

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("oidc")]


# The way in


def test_button_stands_on_the_sign_in_page_and_leads_to_the_provider(client, sso, provider):
    text = client.get("/sign-in/").content.decode()
    assert "Sign in with Maple Login" in text
    assert f"For staff of {sso.district.name}." in text
    assert provider.issuer not in text, "a page asks nothing of anybody else"
    answer = client.post(start_of(sso))
    assert f'content="0; url={provider.issuer}/oauth2/authorize?' in answer.content.decode()
    assert provider.issuer not in answer["Content-Security-Policy"]


def test_state_nonce_and_proof_of_the_code_go_along(client, sso):
    first, second = (asked(way_out(client, start_of(sso))) for _ in range(2))
    assert set(first["scope"].split()) == {"openid", "email", "profile"}
    assert first["redirect_uri"] == f"http://testserver{start_of(sso)}back/"
    assert first["code_challenge_method"] == "S256"
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name]) >= 16
        assert first[name] != second[name]
    (state,) = (
        kept for kept, _at, _whose in client.session["socialaccount_states"].values() if kept["nonce"] == first["nonce"]
    )
    digest = hashlib.sha256(state["pkce_code_verifier"].encode()).digest()
    assert base64.urlsafe_b64encode(digest).decode().rstrip("=") == first["code_challenge"]


def test_address_of_the_sign_in_cannot_ask_for_anything_else(client, sso):
    words = urlencode(
        {"scope": "admin", "auth_params": "prompt=none", "process": "connect", "action": "reauthenticate"}
    )
    found = asked(way_out(client, f"{start_of(sso)}?{words}"))
    assert "admin" not in found["scope"]
    assert "prompt" not in found
    assert {kept["process"] for kept, _at, _whose in client.session["socialaccount_states"].values()} == {"login"}


def test_whoever_is_here_already_is_let_in_and_known_from_then_on(sso, provider, rosa):
    subject = known(provider)
    client, answer = sign_in(sso, provider, subject)
    assert (answer.status_code, answer["Location"]) == (302, "/welcome/")
    assert account_in(client) == str(rosa.pk)
    link = SocialAccount.objects.get()
    assert (link.uid, link.provider, link.user, link.extra_data) == (subject, str(sso.district.uuid), rosa, {})
    assert AccountEvent.objects.get(account=rosa).kind == "linked"
    assert "You sign in with Maple Login." in client.get("/account/").content.decode()
    known(provider, email="rosa.married@example.org")  # the link holds when the address there changes
    assert account_in(sign_in(sso, provider, subject)[0]) == str(rosa.pk)
    assert Account.objects.filter(kind="staff").count() == 1


def test_where_somebody_wanted_to_go_is_where_they_come_out_and_nowhere_else(sso, provider, rosa):
    subject = known(provider)
    assert sign_in(sso, provider, subject, next="/account/")[1]["Location"] == "/account/"
    assert sign_in(sso, provider, subject, next="https://elsewhere.example/")[1]["Location"] == "/welcome/"


def test_link_in_a_portal_opens_a_page_with_a_button(client, sso):
    assert "Go on" in client.get(start_of(sso)).content.decode()
    assert "socialaccount_states" not in client.session


def test_what_is_off_or_nobody_s_is_not_there(client, sso):
    SingleSignOn.objects.update(is_on=False)
    for path in (start_of(sso), f"{start_of(sso)}back/"):
        assert client.get(path).status_code == 404
    assert "Maple Login" not in client.get("/sign-in/").content.decode()


def test_several_districts_have_their_own_doors(client, sso, provider, roster):
    make_provider(make_district(key="far", name="Far Schools"), issuer=provider.issuer, name="Far Login")
    assert "Login" not in client.get("/sign-in/").content.decode()
    text = client.get("/sign-in/?district=far").content.decode()
    assert ("Far Login" in text, "Maple Login" in text) == (True, False)
    assert "Far Login" in client.get("/sign-in/").content.decode(), "the browser remembers"
    assert "Maple Login" in client.get(f"/sign-in/?district={roster.district.key}").content.decode()
    assert client.get("/sign-in/?district=%00").status_code == 200


# Who is not let in


def test_unknown_person_is_refused_and_never_made(sso, provider):
    before = Account.objects.count()
    _, answer = sign_in(sso, provider, known(provider, "new", email="new@example.org"))
    refused(answer, "nobody here at")
    assert (Account.objects.count(), SocialAccount.objects.count()) == (before, 0)


@pytest.mark.parametrize("claim", [False, "false", "yes", 1, None])
def test_address_that_the_provider_has_not_checked_opens_nothing(sso, provider, rosa, claim):
    _, answer = sign_in(sso, provider, known(provider, email_verified=claim))
    refused(answer, "has not checked that your e-mail address is yours")


def test_provider_that_tells_no_address(sso, provider, rosa):
    _, answer = sign_in(sso, provider, provider.knows("nameless", name="Rosa"))
    refused(answer, "did not tell your e-mail address")


def test_district_s_provider_lets_nobody_of_another_district_in(sso, provider):
    kim = make_account(make_district(), email="kim@example.org")
    _, answer = sign_in(sso, provider, known(provider, "kim", email="kim@example.org"))
    text = refused(answer, "nobody here at")
    assert kim.district.name not in text


def test_link_does_not_outlive_a_move_to_another_district(sso, provider, rosa):
    subject = known(provider)
    sign_in(sso, provider, subject)
    Account.objects.filter(pk=rosa.pk).update(district=make_district())
    _, answer = sign_in(sso, provider, subject)
    assert account_in(answer.client) is None


def test_same_person_of_the_same_provider_in_two_districts_stays_two(sso, provider, rosa):
    far = make_provider(make_district(), issuer=provider.issuer, name="Far Login")
    subject = known(provider)
    sign_in(sso, provider, subject)
    _, answer = sign_in(far, provider, subject)
    refused(answer, "nobody here at")


def test_address_given_to_somebody_new_does_not_open_the_old_account(sso, provider, rosa):
    sign_in(sso, provider, known(provider))
    _, answer = sign_in(sso, provider, known(provider, "successor"))
    refused(answer, "Somebody else at Maple Login signs in with your account")
    assert SocialAccount.objects.count() == 1


def test_two_accounts_are_never_taken_for_one(sso, provider, rosa, roster):
    make_teacher(roster, email="pat@example.org")
    subject = known(provider)
    sign_in(sso, provider, subject)
    _, answer = sign_in(sso, provider, known(provider, email="pat@example.org"))
    refused(answer, "fits two people")


@pytest.mark.parametrize("who", ["staff", "learner", "guardian"])
def test_only_those_for_whom_it_is_open(sso, provider, roster, who):
    made = {
        "staff": lambda: make_teacher(roster, email="who@example.org"),
        "learner": lambda: (
            make_learner(
                roster.school, account=make_account(roster.district, kind="learner", email="who@example.org")
            ).account
        ),
        "guardian": lambda: make_guardian(make_learner(roster.school), email="who@example.org"),
    }
    account = made[who]()
    SingleSignOn.objects.update(for_staff=False)
    _, answer = sign_in(sso, provider, known(provider, who, email="Who@Example.org"))
    refused(answer, "has not opened Maple Login for you")
    SingleSignOn.objects.update(**{f"for_{who}s" if who != "staff" else "for_staff": True})
    client, answer = sign_in(sso, provider, who)
    assert account_in(client) == str(account.pk)
    assert client.session.get("quiet_minutes") == (20 if who == "learner" else None)


def test_account_that_has_ended_stays_out(sso, provider, rosa):
    Account.objects.filter(pk=rosa.pk).update(is_active=False)
    _, answer = sign_in(sso, provider, known(provider))
    refused(answer, "has ended")


# By the ID of the roster


@pytest.fixture
def by_id(sso):
    SingleSignOn.objects.update(match_by="id", id_claim="employee_id", for_learners=True)
    sso.refresh_from_db()
    return sso


def test_people_are_found_by_their_id_also_students_without_an_account(by_id, provider, rosa, roster):
    client, _ = sign_in(by_id, provider, provider.knows("r", employee_id="T-1"))
    assert account_in(client) == str(rosa.pk)
    child = make_learner(roster.school, key="S-7")
    client, answer = sign_in(by_id, provider, provider.knows("c", employee_id="S-7"), next="/goals/5/")
    child.refresh_from_db()
    assert account_in(client) == str(child.account_id)
    assert answer["Location"] == "/welcome/", "never where the child before wanted to go"


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({}, "did not tell your ID"),
        ({"employee_id": ["T-1"]}, "did not tell your ID"),
        ({"employee_id": "\0"}, "did not tell your ID"),
        ({"employee_id": True}, "did not tell your ID"),
        ({"employee_id": "T-99"}, "nobody here at"),
    ],
)
def test_id_that_is_missing_or_nobody_s(by_id, provider, rosa, claims, words):
    _, answer = sign_in(by_id, provider, provider.knows("x", email="rosa@example.org", email_verified=True, **claims))
    refused(answer, words)


def test_id_of_an_adult_and_a_child_is_nobody_s(by_id, provider, rosa, roster):
    make_learner(roster.school, key="T-1")
    _, answer = sign_in(by_id, provider, provider.knows("r", employee_id="T-1"))
    refused(answer, "fits two people")


def test_child_who_left_stays_out_and_no_account_is_made(by_id, provider, roster):
    make_learner(roster.school, key="S-7", left_on=timezone.localdate())
    before = Account.objects.count()
    _, answer = sign_in(by_id, provider, provider.knows("c", employee_id="S-7"))
    refused(answer, "has ended")
    assert Account.objects.count() == before


def test_child_of_two_ids_that_was_made_one_is_found_by_both(by_id, provider, roster):
    kept, merged = make_learner(roster.school, key="S-1"), make_learner(roster.school, key="S-2")
    LearnerMerge.objects.create(district=roster.district, kept=kept, merged=merged)
    client, _ = sign_in(by_id, provider, provider.knows("c", employee_id="S-2"))
    kept.refresh_from_db()
    assert account_in(client) == str(kept.account_id)
