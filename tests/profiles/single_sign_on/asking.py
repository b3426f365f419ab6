"""Signing in through a provider, as a browser does it, and what came of it."""

from django.test import Client

from tests.oidc_provider import come_back, way_out


def start_of(row) -> str:
    return f"/sign-in/with/{row.district.uuid}/"


def sign_in(row, provider, subject, client=None, **data):
    """(client, the answer of the way back)"""
    client = client or Client()
    return client, come_back(client, provider.sign_in(way_out(client, start_of(row), **data), subject))


def account_in(client) -> str | None:
    return client.session.get("_auth_user_id")


def known(provider, subject="rosa-there", email="rosa@example.org", **claims) -> str:
    return provider.knows(subject, **{"email": email, "email_verified": True} | claims)


def refused(answer, words, status=403):
    text = answer.content.decode()
    assert (answer.status_code, words in text) == (status, True), text
    assert "Other ways to sign in" in text
    assert account_in(answer.client) is None
    return text


def other_window(sso) -> Client:
    client = Client()
    way_out(client, start_of(sso))
    return client
