"""allauth's hooks of single sign-on: which provider, who is let in, and what is said to whoever is not."""

from typing import Any

import structlog
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthError
from django.http import HttpRequest
from requests import RequestException

from lrm.outgoing_requests import JudgedSession
from lrm.sealed import SealBroken
from profiles import provider_pages
from profiles.district_provider import BadToken, DistrictProvider
from profiles.models import Account, SingleSignOn
from profiles.provider_pages import Failure
from profiles.services import single_sign_on

log = structlog.get_logger()


class SocialAdapter(DefaultSocialAccountAdapter):
    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> DistrictProvider:
        """provider: uuid of a district's SingleSignOn. Raises ValueError: there is none, or it is off."""
        row = single_sign_on.find(provider)
        if row is None:
            raise ValueError(provider)
        return DistrictProvider(request, app=_app_of(row))

    def get_requests_session(self) -> JudgedSession:
        return JudgedSession()

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def authenticate_by_email(self, sociallogin: SocialLogin) -> None:
        """allauth would take an address for a person in any district."""

    def new_user(self, request: HttpRequest, sociallogin: SocialLogin) -> Account:
        return get_account_adapter(request).new_user(request)

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict) -> Any:
        """Nobody is made from what a provider says."""
        return sociallogin.user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        row: SingleSignOn = sociallogin.provider.app.single_sign_on
        try:
            account = single_sign_on.let_in(row, sociallogin.vouched)
        except single_sign_on.NotLetIn as refused:
            log.info("single sign-on refused", why=str(refused.why), provider=row.pk)
            raise ImmediateHttpResponse(provider_pages.not_let_in(request, row, refused.why)) from refused
        sociallogin.user = account
        request.second_step_elsewhere = sociallogin.second_step_at  # type: ignore[attr-defined]  # profiles/second_step.py

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        row: SingleSignOn = provider.app.single_sign_on
        if error == AuthError.CANCELLED:
            why = Failure.CANCELLED
        elif isinstance(exception, RequestException):
            why = Failure.DOWN
        elif isinstance(exception, BadToken):
            why = Failure.TOKEN
        elif (extra_context or {}).get("state"):
            why = Failure.REFUSED
        else:
            why = Failure.LOST
        log.warning("single sign-on failed", why=str(why), provider=row.pk, error=type(exception).__name__)
        raise ImmediateHttpResponse(provider_pages.failed(request, row, why))


def _app_of(row: SingleSignOn) -> SocialApp:
    """allauth's view of a district's settings; never saved."""
    try:
        secret = single_sign_on.secret_of(row)
    except SealBroken:
        secret = ""
    app = SocialApp(
        provider="openid_connect",
        provider_id=str(row.uuid),
        name=row.name,
        client_id=row.client_id,
        secret=secret,
        settings={"server_url": row.issuer, "oauth_pkce_enabled": True},
    )
    app.single_sign_on = row  # type: ignore[attr-defined]  # for the rest of this request
    return app
