"""allauth's hooks: nobody signs up by themselves; schools make accounts."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from profiles import door, known_browser, signing_in
from profiles.models import Account
from profiles.services import signed_in, throttle

WAITS = "too_many_login_attempts"


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("E-mail and password do not belong together. Try again, or get a new password."),
        WAITS: _("Too many tries. Wait five minutes, or get a new password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """allauth greets by name and says goodbye; our pages say what happened themselves."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Account | None:
        """Raises ValidationError with the code WAITS: this try was not looked at."""
        key = credentials.get("email", "").lower()
        try:
            attempt = door.knock(request, door="password", key=key)
        except throttle.Wait as wait:
            raise ValidationError(door.said(wait, _wait_or_reset), code=WAITS) from wait
        account = super().authenticate(request, **credentials)
        if account is not None:
            attempt.fitted()
            known_browser.opened(request, key=key, account_id=account.pk)
        return account

    def reauthenticate(self, user: Account, password: str) -> bool:
        found = self.authenticate(context.request, email=user.email or "", password=password)
        return found is not None and found.pk == user.pk

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not within a quarter of an hour of signing in, by whatever step."""
        records = get_authentication_records(context.request, context.request.user)
        latest = max((record["at"] for record in records), default=0)
        return time.time() - latest > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT

    def login(self, request: HttpRequest, user: Account) -> None:
        """The end of each way in that allauth opens: password, second step, single sign-on."""
        super().login(request, user)
        signing_in.signed_in(request, user)

    def get_login_stages(self) -> list[str]:
        ours = {"allauth.mfa.stages.AuthenticateStage": "profiles.second_step_stage.SecondStepStage"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def set_password(self, user: Account, password: str) -> None:
        """Whoever sets one has shown otherwise that the account is theirs."""
        super().set_password(user, password)
        throttle.forget(door="password", key=(user.email or "").lower())
        signed_in.end(user, but=context.request.session.session_key or "")


def _wait_or_reset(minutes: int) -> str:
    said = ngettext(
        "Too many tries. Wait %(n)d minute, or get a new password.",
        "Too many tries. Wait %(n)d minutes, or get a new password.",
        minutes,
    )
    return said % {"n": minutes}
