"""A new token for the API."""

from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from lrm.api.scopes import SCOPES, without_district
from lrm.form_fields import input_widget, offer
from profiles.models import Account, ApiToken

MOST = 20
"""Tokens of one person that work at the same time: more are forgotten ones."""
DAYS = {"30": _("30 days"), "90": _("90 days"), "180": _("half a year"), "365": _("a year")}


class TokenForm(forms.Form):
    """account: whose the token will be.    today: in the district."""

    name = forms.CharField(
        label=_("What will use it"),
        max_length=100,
        widget=input_widget(forms.TextInput, autocomplete="off"),
        help_text=_("Such as: gradebook export on the office computer."),
        error_messages={"required": _("Write what will use it, so that you know it again.")},
    )
    scopes = forms.MultipleChoiceField(
        label=_("It may"),
        choices=SCOPES.items,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick what it may do.")},
    )
    days = forms.ChoiceField(label=_("Works for"), choices=DAYS.items, initial="90", widget=input_widget(forms.Select))

    def __init__(self, *args, account: Account, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self._account, self._today = account, today
        if not account.access.is_district_admin:
            offer(self, "scopes", without_district(SCOPES))

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        mine = ApiToken.objects.visible_to(self._account)
        standing = mine.filter(revoked_at__isnull=True, expires_on__gte=self._today).values_list("name", flat=True)
        names = {standing_name.casefold() for standing_name in standing}
        if name.casefold() in names:
            raise forms.ValidationError(_("You have a token with this name. Revoke it first, or take another name."))
        if len(standing) >= MOST:
            raise forms.ValidationError(
                _("You have %(most)s tokens. Revoke one that nothing uses, then make this one."), params={"most": MOST}
            )
        return name

    def expires_on(self) -> date:
        """After is_valid: the last day."""
        return self._today + timedelta(days=int(self.cleaned_data["days"]))
