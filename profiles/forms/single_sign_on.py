"""A district's provider, as its administrator enters it."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lrm.form_fields import input_widget, offer
from lrm.outgoing import AddressRefused, check_address
from lrm.sealed import SealBroken
from profiles.models import SingleSignOn
from profiles.provider_check import WELL_KNOWN
from profiles.services import single_sign_on


class SingleSignOnForm(forms.ModelForm):
    secret = forms.CharField(
        label=_("Client secret"),
        required=False,
        max_length=500,
        widget=input_widget(forms.PasswordInput, autocomplete="off"),
    )

    class Meta:
        model = SingleSignOn
        fields = (
            *("is_on", "name", "issuer", "client_id"),
            *("for_staff", "for_learners", "for_guardians", "match_by", "id_claim"),
            *("counts_second_step", "asks_always"),
        )
        labels = {
            "is_on": _("People may sign in with it"),
            "name": _("Name on the button"),
            "issuer": _("Issuer"),
            "client_id": _("Client ID"),
            "for_staff": _("Staff"),
            "for_learners": _("Students"),
            "for_guardians": _("Families"),
            "match_by": _("How people are found the first time"),
            "id_claim": _("Claim that holds the ID"),
            "counts_second_step": _("A second step at the provider stands for the one here"),
            "asks_always": _("The provider asks for the password each time"),
        }
        help_texts = {
            "name": _("As people know it, such as Google or Three Rivers account."),
            "issuer": _("The provider’s address as it names itself, such as https://login.example.org."),
            "id_claim": _("Such as employee_id. The roster’s ID of the person has to stand in it."),
        }
        error_messages = {
            "name": {"required": _("Type what stands on the button.")},
            "issuer": {"required": _("Type the address of the provider.")},
            "client_id": {"required": _("Type the ID that the provider gave you.")},
        }
        widgets = {
            "name": input_widget(forms.TextInput),
            "issuer": input_widget(forms.TextInput, inputmode="url", spellcheck="false", autocomplete="off"),
            "client_id": input_widget(forms.TextInput, spellcheck="false", autocomplete="off"),
            "match_by": input_widget(forms.Select),
            "id_claim": input_widget(forms.TextInput, spellcheck="false", autocomplete="off"),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offer(
            self,
            "match_by",
            [
                (SingleSignOn.Match.EMAIL, _("by their verified e-mail")),  # short enough for a phone
                (SingleSignOn.Match.ID, _("by their ID in the roster")),
            ],
        )
        self.issuer_before = self.instance.issuer
        try:
            self.stored_secret = single_sign_on.secret_of(self.instance)
        except SealBroken:
            self.stored_secret = ""

    @property
    def known_secret(self) -> str:
        """What is typed, else what is stored."""
        return self.cleaned_data.get("secret") or self.stored_secret

    @property
    def is_elsewhere(self) -> bool:
        """Whether the form leads to another provider than before."""
        return bool(self.issuer_before) and self.issuer_before != self.cleaned_data.get("issuer")

    def clean_issuer(self) -> str:
        issuer = self.cleaned_data["issuer"].strip().removesuffix(WELL_KNOWN)
        try:
            parts, _host, _port = check_address(issuer)
        except AddressRefused as refused:
            if refused.code == "scheme":
                raise ValidationError(_("The address has to begin with https.")) from refused
            raise ValidationError(_("This is no address. One looks like https://login.example.org.")) from refused
        if parts.query:
            raise ValidationError(_("An issuer has no question mark. Leave out what stands behind it."))
        return issuer

    def clean(self) -> dict:
        found = super().clean() or {}
        if not any(found.get(name) for name in ("for_staff", "for_learners", "for_guardians")):
            self.add_error("for_staff", _("Say who may use it: tick at least one."))
        if found.get("match_by") == SingleSignOn.Match.ID and not found.get("id_claim"):
            self.add_error("id_claim", _("Name the claim, or find people by e-mail address."))
        if not found.get("secret") and "issuer" not in self.errors:
            if self.is_elsewhere:
                self.add_error("secret", _("Another issuer has another secret. Type it in."))
            elif not self.stored_secret:
                self.add_error("secret", _("Type in the secret that the provider gave you."))
        return found
