"""What goes wrong on the way to a provider and back: it is said, and other ways remain."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from profiles.models import SingleSignOn
from profiles.services import single_sign_on
from tests.factories.profiles import (
    PASSWORD,
    make_provider,
)
from tests.oidc_provider import OidcProvider, asked, come_back, way_out
from tests.profiles.single_sign_on.asking import account_in, known, other_window, refused, sign_in, start_of

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("oidc")]


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
