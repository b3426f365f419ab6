"""Single sign-on against a real provider: who is let in, who is not, and what goes wrong on the way."""

import base64
import hashlib
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from lrm.scope import district_scope
from profiles import district_provider
from profiles.models import Account, AccountEvent, LearnerMerge, SingleSignOn
from profiles.services import single_sign_on
from tests.factories.profiles import (
    PASSWORD,
    make_account,
    make_district,
    make_district_admin,
    make_guardian,
    make_learner,
    make_provider,
    make_roster,
    make_school_admin,
    make_teacher,
)
from tests.fresh_code import with_fresh_code
from tests.oidc_provider import OidcProvider, asked, come_back, way_out

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("oidc")]


@pytest.fixture(scope="module")
def provider(tmp_path_factory) -> Iterator[OidcProvider]:
    found = OidcProvider(tmp_path_factory.mktemp("provider") / "log").start()
    yield found
    found.stop()


@pytest.fixture(autouse=True)
def _nobody_rests():
    cache.clear()


@pytest.fixture
def roster():
    roster = make_roster()
    with district_scope(roster.district_id):
        yield roster


@pytest.fixture
def sso(roster, provider) -> SingleSignOn:
    return make_provider(roster.district, issuer=provider.issuer)


def start_of(row) -> str:
    return f"/sign-in/with/{row.district.uuid}/"


def sign_in(row, provider, subject, client=None, **data):
    """(client, the answer of the way back)"""
    client = client or Client()
    return client, come_back(client, provider.sign_in(way_out(client, start_of(row), **data), subject))


def account_in(client) -> str | None:
    return client.session.get("_auth_user_id")


@pytest.fixture
def rosa(roster):
    return make_teacher(roster, email="rosa@example.org", key="T-1", given_name="Rosa")


def known(provider, subject="rosa-there", email="rosa@example.org", **claims) -> str:
    return provider.knows(subject, **{"email": email, "email_verified": True} | claims)


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


def refused(answer, words, status=403):
    text = answer.content.decode()
    assert (answer.status_code, words in text) == (status, True), text
    assert "Other ways to sign in" in text
    assert account_in(answer.client) is None
    return text


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


# What goes wrong on the way


def test_answer_that_comes_twice_opens_nothing_the_second_time(sso, provider, rosa):
    client = Client()
    back = provider.sign_in(way_out(client, start_of(sso)), known(provider))
    assert come_back(client, back).status_code == 302
    client.post("/sign-out/")
    refused(come_back(client, back), "Begin anew", 422)


def test_answer_that_somebody_else_has_begun_opens_nothing(sso, provider, rosa):
    """Signing somebody in as another person, by a link."""
    back = provider.sign_in(way_out(Client(), start_of(sso)), known(provider))
    for client in (Client(), other_window(sso)):
        refused(come_back(client, back), "Begin anew", 422)


def other_window(sso) -> Client:
    client = Client()
    way_out(client, start_of(sso))
    return client


def test_code_that_was_used_is_of_no_use_in_a_sign_in_of_one_s_own(sso, provider, rosa):
    mine, theirs = Client(), Client()
    back = provider.sign_in(way_out(theirs, start_of(sso)), known(provider))
    come_back(theirs, back)
    own = asked(way_out(mine, start_of(sso)))
    answer = mine.get(f"{start_of(sso)}back/?{urlencode({'code': asked(back)['code'], 'state': own['state']})}")
    refused(answer, "did not let LRM go on", 422)


def test_code_of_another_sign_in_fails_by_its_nonce(sso, provider, rosa):
    mine, theirs = Client(), Client()
    back = provider.sign_in(way_out(theirs, start_of(sso)), known(provider))
    own = asked(way_out(mine, start_of(sso)))
    answer = mine.get(f"{start_of(sso)}back/?{urlencode({'code': asked(back)['code'], 'state': own['state']})}")
    refused(answer, "does not fit this sign-in", 422)


def test_nonce_that_was_changed_on_the_way(sso, provider, rosa):
    client = Client()
    address = way_out(client, start_of(sso))
    back = provider.sign_in(address.replace(asked(address)["nonce"], "another"), known(provider))
    refused(come_back(client, back), "does not fit this sign-in", 422)


def test_state_that_was_changed_on_the_way(sso, provider, rosa):
    client = Client()
    back = provider.sign_in(way_out(client, start_of(sso)), known(provider))
    refused(come_back(client, back.replace("state=", "state=x")), "Begin anew", 422)
    refused(client.get(f"{start_of(sso)}back/"), "Begin anew", 422)


def test_sign_in_that_took_longer_than_ten_minutes(sso, provider, rosa):
    client = Client()
    back = provider.sign_in(way_out(client, start_of(sso)), known(provider))
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        refused(come_back(client, back), "longer than ten minutes", 422)


def test_whoever_changes_their_mind_at_the_provider(sso, provider, rosa):
    client = Client()
    address = way_out(client, start_of(sso))
    back = f"{start_of(sso)}back/?{urlencode({'error': 'access_denied', 'state': asked(address)['state']})}"
    assert provider.refuse(address).startswith(f"http://testserver{start_of(sso)}back/?error=access_denied")
    refused(client.get(back), "You left Maple Login before signing in", 422)


def test_token_of_another_site_is_refused(sso, provider, rosa):
    client = Client()
    back = provider.sign_in(way_out(client, start_of(sso)).replace("client_id=lrm", "client_id=other"), known(provider))
    refused(come_back(client, back), "did not let LRM go on", 422)


def test_token_that_is_over_and_code_that_the_provider_no_longer_knows(roster, rosa, tmp_path):
    """Its tokens are over two minutes before they are given out; and it forgets all codes when it starts anew."""
    late = OidcProvider(tmp_path / "log", "--token-max-age", "-120").start()
    try:
        row, client = make_provider(roster.district, issuer=late.issuer), Client()
        _, answer = sign_in(row, late, known(late))
        refused(answer, "does not fit this sign-in", 422)
        back = late.sign_in(way_out(client, start_of(row)), "rosa-there")
        late.stop()
        late.start()
        refused(come_back(client, back), "did not let LRM go on", 422)
    finally:
        late.stop()


def test_provider_that_is_down_is_said_and_other_ways_remain(roster, rosa, tmp_path):
    rosa.set_password(PASSWORD)
    rosa.save()
    down = OidcProvider(tmp_path / "log").start()
    try:
        row, client = make_provider(roster.district, issuer=down.issuer), Client()
        back = down.sign_in(way_out(client, start_of(row)), known(down))
        down.stop()
        refused(come_back(client, back), "does not answer just now", 422)
        cache.clear()  # what it said about itself is known for ten seconds
        refused(Client().post(start_of(row)), "does not answer just now", 422)
        assert client.post("/sign-in/email/", {"login": rosa.email, "password": PASSWORD}).status_code == 302
        assert account_in(client) == str(rosa.pk)
        down.start()
        cache.clear()  # for twenty seconds nobody waits for it
        assert "address" in Client().post(start_of(row)).context
    finally:
        down.stop()


def test_secret_of_another_key_is_said_before_anybody_goes_away(sso, settings):
    settings.SECRET_KEY = "another key that is long enough to be one"
    refused(Client().post(start_of(sso)), "did not let LRM go on", 422)


def test_secret_is_not_in_the_database(sso):
    assert "not for the database" not in SingleSignOn.objects.get().sealed_secret
    assert single_sign_on.secret_of(SingleSignOn.objects.get()) == "not for the database"


# The second step


@pytest.fixture
def ines(roster):
    return make_school_admin(roster.school, email="ines@example.org")


def test_second_step_at_the_provider_counts_only_where_the_district_says_so(sso, provider, ines):
    subject = known(provider, "ines", email="ines@example.org", amr=["pwd", "mfa"])
    client, _ = sign_in(sso, provider, subject)
    assert client.get("/staff/")["Location"] == "/account/second-step/", "ours is asked"
    SingleSignOn.objects.update(counts_second_step=True)
    client, _ = sign_in(sso, provider, subject)
    assert client.get("/staff/").status_code == 200
    known(provider, "ines", email="ines@example.org", amr=["pwd"])
    client, _ = sign_in(sso, provider, subject)
    assert client.get("/staff/")["Location"] == "/account/second-step/"


def test_own_code_is_asked_after_the_provider_unless_its_step_counts(sso, provider, ines, mocker_totp):
    subject = known(provider, "ines", email="ines@example.org", amr=["mfa"])
    client, answer = sign_in(sso, provider, subject)
    assert answer["Location"] == "/sign-in/code/"
    assert account_in(client) is None
    answer = client.post("/sign-in/code/", {"code": mocker_totp})
    assert (answer.status_code, account_in(client)) == (302, str(ines.pk))
    SingleSignOn.objects.update(counts_second_step=True)
    client, answer = sign_in(sso, provider, subject)
    assert account_in(client) == str(ines.pk)


@pytest.fixture
def mocker_totp(ines):
    """Ines has set up an own second step; one of her emergency codes."""
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP

    TOTP.activate(ines, "JBSWY3DPEHPK3PXP")
    return RecoveryCodes.activate(ines).get_unused_codes()[0]


def test_second_step_without_a_time_was_at_no_time():
    assert district_provider.second_step_at({"amr": ["mfa"]}) == 0
    assert district_provider.second_step_at({"amr": ["mfa"], "auth_time": "now"}) == 0
    assert district_provider.second_step_at({"amr": "mfa"}) is None
    future = timezone.now().timestamp() + 3600
    assert district_provider.second_step_at({"amr": ["mfa"], "auth_time": future}) < future


@pytest.mark.parametrize(("minutes", "opens"), [(5, True), (20, False)])
def test_records_of_many_open_when_the_provider_says_that_its_step_was_just_now(sso, provider, ines, minutes, opens):
    SingleSignOn.objects.update(counts_second_step=True)
    at = int(timezone.now().timestamp()) - 60 * minutes
    known(provider, "ines", email="ines@example.org", amr=["mfa"], auth_time=at)
    client, _ = sign_in(sso, provider, "ines")
    assert (client.get("/gradebook/").status_code == 200) is opens


# The words that were being written


def test_words_of_a_session_that_had_ended_come_through_the_provider(sso, provider, rosa):
    subject = known(provider)
    client, _ = sign_in(sso, provider, subject)
    client.cookies.pop("sessionid")
    answer = client.post("/account/sign-out/", {"note": "my long words"}, headers={"Accept": "text/html"})
    assert answer.status_code == 403
    carried = answer.context["request"].carried.value
    assert carried in answer.content.decode()
    back = provider.sign_in(way_out(client, start_of(sso), carried=carried), subject)
    assert come_back(client, back)["Location"] == "/still-here/"
    assert "my long words" in client.get("/still-here/").content.decode()


def test_what_no_page_of_ours_has_carried_is_not_kept(sso):
    client = Client()
    way_out(client, start_of(sso), carried="x" * 1000)
    assert "still_here_on_the_way" not in client.session


# Settings


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
