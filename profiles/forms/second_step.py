"""Codes of the second step, with the limits of our own door."""

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from lrm.form_fields import input_widget
from profiles import door, known_browser
from profiles.models import Account
from profiles.services import second_step, throttle


class _CodeOnly(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=input_widget(
            forms.TextInput, autocomplete="one-time-code", inputmode="numeric", autofocus=True, spellcheck="false"
        ),
        help_text=_("Six digits from the app on your phone. Without the phone: one of your emergency codes."),
        error_messages={"required": _("Type the code.")},
    )

    user: Account
    authenticator: Authenticator

    def clean_code(self) -> str:
        request, account = context.request, self.user
        key = f"account:{account.pk}"
        try:
            attempt = door.knock(request, door="second_step", key=key)
        except throttle.Wait as wait:
            raise forms.ValidationError(door.said(wait, _wait)) from wait
        found = second_step.check(account, self.cleaned_data["code"])
        if found is None:
            raise get_adapter().validation_error("incorrect_code")
        attempt.fitted()
        known_browser.opened(request, key=key, account_id=account.pk)
        found.user = account
        self.authenticator = found
        return self.cleaned_data["code"]


class SecondStepForm(_CodeOnly, AuthenticateForm):
    """After the password."""


class FreshSecondStepForm(_CodeOnly, ReauthenticateForm):
    """Once more, before a page that wants it."""


def _wait(minutes: int) -> str:
    said = ngettext(
        "Too many codes that did not fit. Wait %(n)d minute.",
        "Too many codes that did not fit. Wait %(n)d minutes.",
        minutes,
    )
    return said % {"n": minutes}
