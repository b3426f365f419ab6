"""Single sign-on through allauth's OpenID Connect provider, with what it leaves open closed.

Every sign-in carries state, nonce and PKCE; the ID token's signature, issuer, audience, time and nonce are checked
whichever way it came; nothing in the address of the sign-in changes what is asked of the provider; and requests go
out by lrm/outgoing_requests.py. Who is let in is decided by profiles/services/single_sign_on.py.
"""

import secrets
import time
from typing import Any

import jwt
from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.models import SocialLogin, SocialToken
from allauth.socialaccount.providers.base import ProviderException
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.core.cache import cache
from django.http import HttpRequest

from profiles import provider_check
from profiles.models import SingleSignOn
from profiles.services.single_sign_on import Vouched

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
CLOCKS_DIFFER = 60  # seconds
ABOUT_SECONDS = 10
LONGEST_SUBJECT = 191  # of socialaccount.SocialAccount.uid


class BadToken(ProviderException):
    """The ID token is not the provider's, not for this site, too old, or not of this sign-in."""


class ProviderAdapter(OpenIDConnectOAuth2Adapter):
    """state: what was noted when this sign-in began, set by CallbackView."""

    state: dict[str, Any]

    def __init__(self, request: HttpRequest, provider_id: str) -> None:
        super().__init__(request, provider_id)
        self.state = {}

    @property
    def openid_config(self) -> dict[str, Any]:
        """Asked at most every few seconds, however many begin; the way back uses what the way out has found."""
        if not hasattr(self, "_openid_config"):
            self._openid_config = self.state.get("about") or _about(self.get_provider().app.settings["server_url"])
        return self._openid_config

    def get_access_token_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        try:
            found = super().get_access_token_data(*args, **kwargs)
        except (KeyError, TypeError) as problem:  # no type, or a list where there should be names and values
            raise BadToken(type(problem).__name__) from problem
        return found

    def parse_token(self, data: dict[str, Any]) -> SocialToken:
        """Used for this one request and not kept."""
        return SocialToken(token=str(data["access_token"]))

    def complete_login(self, request: HttpRequest, app: Any, token: SocialToken, **kwargs: Any) -> SocialLogin:
        answer = kwargs["response"]
        claims = self._decode_id_token(app, answer.get("id_token"))
        row: SingleSignOn = app.single_sign_on
        if not _says_enough(claims, row) and self.openid_config["userinfo_endpoint"]:
            more = self._fetch_user_info(token.token)
            if not isinstance(more, dict) or more.get("sub") != claims["sub"]:
                raise BadToken("userinfo is of somebody else")
            claims = more | claims
        login = self.get_provider().sociallogin_from_response(request, {"id_token": claims})
        login.vouched = vouched(claims, row)
        login.second_step_at = second_step_at(claims) if row.counts_second_step else None
        return login

    def _decode_id_token(self, app: Any, id_token: Any) -> dict[str, Any]:
        try:
            claims = jwt.decode(
                id_token,
                self._key_for(id_token),
                algorithms=ALGORITHMS,
                audience=app.client_id,
                issuer=self.openid_config["issuer"],
                leeway=CLOCKS_DIFFER,
                options={"require": ["iss", "sub", "aud", "exp", "iat", "nonce"]},
            )
        except (jwt.PyJWTError, ValueError, TypeError, KeyError) as problem:
            raise BadToken(type(problem).__name__) from problem
        if not secrets.compare_digest(str(claims["nonce"]).encode(), str(self.state.get("nonce")).encode()):
            raise BadToken("nonce")
        if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != app.client_id:
            raise BadToken("azp")
        if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= LONGEST_SUBJECT:
            raise BadToken("sub")
        return claims

    def _key_for(self, id_token: Any) -> jwt.PyJWK:
        """By its name; a provider with one key need not name it."""
        keys = jwt.PyJWKSet.from_dict(provider_check.read_keys(self.openid_config["jwks_uri"])).keys
        name = jwt.get_unverified_header(id_token).get("kid")
        found = [key for key in keys if key.key_id == name] if name else keys
        if len(found) != 1 or found[0].public_key_use not in (None, "sig"):
            raise KeyError(name)
        return found[0]


class DistrictProvider(OpenIDConnectProvider):
    pkce_enabled_default = True
    oauth2_adapter_class = ProviderAdapter

    def get_oauth2_adapter(self, request: HttpRequest) -> ProviderAdapter:
        """One a provider object, which asks the provider about itself once."""
        if not hasattr(self, "_adapter"):
            self._adapter = super().get_oauth2_adapter(request)
        return self._adapter

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict:
        """allauth would let the address ask for other scopes, parameters and processes."""
        return {"process": AuthProcess.LOGIN, "next_url": get_next_redirect_url(request)}

    def redirect(
        self, request: HttpRequest, process: str, next_url: Any = None, data: Any = None, **kwargs: Any
    ) -> Any:
        nonce = secrets.token_urlsafe(32)
        auth_params = {"nonce": nonce} | ({"prompt": "login"} if self.app.single_sign_on.asks_always else {})
        about = self.get_oauth2_adapter(request).openid_config
        return super().redirect(request, process, next_url, data, auth_params=auth_params, nonce=nonce, about=about)

    def extract_uid(self, data: dict) -> str:
        return data["id_token"]["sub"]

    def extract_extra_data(self, data: dict) -> dict:
        """allauth would keep all that the provider tells."""
        return {}

    def extract_common_fields(self, data: dict) -> dict:
        return {}

    def extract_email_addresses(self, data: dict) -> list:
        return []

    def serialize(self) -> dict[str, Any]:
        """While the second step is asked; two districts may have the same client ID."""
        return {"id": self.sub_id}


class CallbackView(OAuth2CallbackView):
    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        state, answer = super()._get_state(request, provider)
        self.adapter.state = state or {}
        return state, answer


def _about(issuer: str) -> dict[str, Any]:
    key = f"provider_about:{issuer}"
    found = cache.get(key)
    if found is None:
        found = provider_check.discover(issuer)
        cache.set(key, found, ABOUT_SECONDS)
    return found


def vouched(claims: dict[str, Any], row: SingleSignOn) -> Vouched:
    """Only what is text counts: a list or a number is no address, and a number may be an ID."""
    checked = claims.get("email_verified")
    email, id = claims.get("email"), claims.get(row.id_claim) if row.id_claim else None
    return Vouched(
        subject=claims["sub"],
        email=email.strip() if isinstance(email, str) and "\0" not in email else "",
        # Some providers send the word instead of the value.
        email_verified=checked is True or checked == "true",
        id=str(id).strip() if isinstance(id, str | int) and not isinstance(id, bool) and "\0" not in str(id) else "",
    )


def second_step_at(claims: dict[str, Any]) -> float | None:
    """When the provider has asked for a second step (RFC 8176); 0 where it does not say when, None where it has not."""
    amr = claims.get("amr")
    if not isinstance(amr, list) or "mfa" not in amr:
        return None
    at = claims.get("auth_time")
    return float(min(at, time.time())) if isinstance(at, int | float) and not isinstance(at, bool) and at > 0 else 0.0


def _says_enough(claims: dict[str, Any], row: SingleSignOn) -> bool:
    who = vouched(claims, row)
    return bool(who.id) if row.match_by == SingleSignOn.Match.ID else bool(who.email and "email_verified" in claims)
