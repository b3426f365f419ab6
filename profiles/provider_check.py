"""Asking a provider what it is: where it signs people in, and whether it knows this site. All by OpenID Discovery."""

from typing import Any

import requests
from django.utils.translation import gettext as _

from lrm.outgoing import AddressRefused, check_address
from lrm.outgoing_requests import JudgedSession, Refused

WELL_KNOWN = "/.well-known/openid-configuration"
ADDRESSES = ("authorization_endpoint", "token_endpoint", "jwks_uri")
MADE_UP = "lrm-connection-test"
"""A code that no provider has given out."""


class Problem(Exception):
    """said: what is wrong and what to do.    field: of the settings, where it is to be mended."""

    def __init__(self, said: str, *, field: str = "issuer") -> None:
        super().__init__(said)
        self.said, self.field = said, field


def discover(issuer: str) -> dict[str, Any]:
    """What the provider says about itself, as far as it is used. Raises Problem."""
    found = _json(issuer.rstrip("/") + WELL_KNOWN)
    named = found.get("issuer")
    if not isinstance(named, str) or named.rstrip("/") != issuer.rstrip("/"):
        raise Problem(_("The provider calls itself %(name)s. Enter just that.") % {"name": str(named)[:200]})
    for name in ADDRESSES:
        if not _is_address(found.get(name)):
            raise Problem(_("The provider does not say its “%(name)s”, or it is none for https.") % {"name": name})
    methods = found.get("code_challenge_methods_supported")
    if isinstance(methods, list) and "S256" not in methods:
        raise Problem(_("The provider does not protect its codes (PKCE with S256). LRM signs nobody in without."))
    ways = found.get("token_endpoint_auth_methods_supported")
    return {
        **{name: found[name] for name in ("issuer", *ADDRESSES)},
        "userinfo_endpoint": found["userinfo_endpoint"] if _is_address(found.get("userinfo_endpoint")) else "",
        "token_endpoint_auth_methods_supported": ways if isinstance(ways, list) else [],
    }


def read_keys(address: str) -> dict[str, Any]:
    """The provider's public keys. Raises Problem."""
    found = _json(address)
    if not isinstance(found.get("keys"), list) or not found["keys"]:
        raise Problem(_("The provider has no keys at its “%(name)s”.") % {"name": "jwks_uri"})
    return found


def check_connection(*, issuer: str, client_id: str, secret: str, callback: str) -> None:
    """Everything that can be known without anybody signing in. Raises Problem."""
    about = discover(issuer)
    read_keys(about["jwks_uri"])
    sent = {"grant_type": "authorization_code", "code": MADE_UP, "redirect_uri": callback, "code_verifier": "x" * 43}
    ways = about["token_endpoint_auth_methods_supported"]
    auth = (client_id, secret) if "client_secret_basic" in ways and "client_secret_post" not in ways else None
    if auth is None:
        sent |= {"client_id": client_id, "client_secret": secret}
    try:
        with JudgedSession() as session:
            answer = session.post(about["token_endpoint"], data=sent, auth=auth)
            said = answer.json()
    except requests.RequestException:
        raise Problem(_("The provider does not answer at its “%(name)s”.") % {"name": "token_endpoint"}) from None
    # A provider that knows the client says that the code is none. Others word it in their own ways: those pass.
    if isinstance(said, dict) and said.get("error") in ("invalid_client", "unauthorized_client"):
        raise Problem(_("The provider does not know this client ID, or the secret is another one."), field="client_id")


def _json(address: str) -> dict[str, Any]:
    try:
        with JudgedSession() as session:
            answer = session.get(address)
    except Refused as refused:
        raise Problem(_refused(refused.code)) from None
    except requests.exceptions.SSLError:
        raise Problem(_("The provider’s certificate is not valid.")) from None
    except requests.RequestException:
        raise Problem(_("The provider does not answer. Is the address right, and is it running?")) from None
    if answer.status_code != 200:
        said = _("The provider answers %(status)s at %(address)s. Is the issuer right?")
        raise Problem(said % {"status": answer.status_code, "address": address})
    try:
        found = answer.json()
    except requests.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        raise Problem(_("What stands at %(address)s is no OpenID provider.") % {"address": address})
    return found


def _refused(code: str) -> str:
    said = {
        "scheme": _("The address has to begin with https."),
        "unknown": _("There is no such host. Is the name right?"),
        "private": _("This host stands in the network of the server. Whoever runs it may allow it (LRM_INSIDE_HOSTS)."),
    }
    return said.get(code, _("This is no address that LRM asks."))


def _is_address(text: object) -> bool:
    try:
        check_address(text if isinstance(text, str) else "")
    except AddressRefused:
        return False
    return True
