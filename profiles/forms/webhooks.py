"""An address that is to be told of changes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lrm.form_fields import input_widget
from lrm.outgoing import AddressRefused, find_target
from profiles.models import Account, Webhook
from profiles.models.webhook import Event

MOST = 20
NAME_TAKEN = _("There is one with this name. Take another one.")
REFUSED = {
    "scheme": _("The address begins with https://."),
    "form": _("This is no web address. One looks like https://example.org/lrm."),
    "port": _("LRM sends to port 443 and to ports from 1024 on."),
    "unknown": _("Nobody knows this address. Check how it is written."),
    "private": _("This address lies inside a private network. LRM sends to the open internet only."),
}


class WebhookForm(forms.Form):
    """account: the district administrator who registers it.    webhook: the one that is changed; None for a new one."""

    name = forms.CharField(
        label=_("Who is told"),
        max_length=100,
        widget=input_widget(forms.TextInput, autocomplete="off"),
        help_text=_("Such as: data warehouse."),
        error_messages={"required": _("Write who is told.")},
    )
    address = forms.CharField(
        label=_("Address"),
        max_length=500,
        widget=input_widget(forms.TextInput, autocomplete="off", inputmode="url", spellcheck="false"),
        help_text=_("Begins with https://. Messages are sent there."),
        error_messages={"required": _("Write the address.")},
    )
    events = forms.MultipleChoiceField(
        label=_("Told when"),
        choices=Event.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick what it is told of.")},
    )

    def __init__(self, *args, account: Account, webhook: Webhook | None = None, **kwargs) -> None:
        if webhook is not None:
            kwargs["initial"] = {"name": webhook.name, "address": webhook.address, "events": webhook.events}
        super().__init__(*args, **kwargs)
        self._account, self._webhook = account, webhook

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        others = Webhook.objects.visible_to(self._account)
        if self._webhook is not None:
            others = others.exclude(pk=self._webhook.pk)
        standing = list(others.values_list("name", flat=True))
        if name.casefold() in {found.casefold() for found in standing}:
            raise forms.ValidationError(NAME_TAKEN, code="taken")
        if len(standing) >= MOST:
            said = _("There are %(most)s webhooks. Remove one first.")
            raise forms.ValidationError(said, code="too_many", params={"most": MOST})
        return name

    def clean_address(self) -> str:
        """Looked up now, so that a mistake is told at once; and before each message, since it may change."""
        address = self.cleaned_data["address"]
        if self._webhook is not None and address == self._webhook.address:
            return address
        try:
            find_target(address)
        except AddressRefused as refused:
            raise forms.ValidationError(REFUSED[refused.code], code=refused.code) from refused
        return address
