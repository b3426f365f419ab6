"""Inviting a guardian, and the dates between which one reads."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lrm.form_fields import input_widget


class DatesForm(forms.Form):
    starts_on = forms.DateField(
        label=_("From"),
        widget=input_widget(forms.DateInput, type="date"),
        error_messages={"required": _("Choose the first day."), "invalid": _("This is no day.")},
    )
    ends_on = forms.DateField(
        label=_("Until"),
        required=False,
        widget=input_widget(forms.DateInput, type="date"),
        help_text=_("The last day, if there is one."),
        error_messages={"invalid": _("This is no day.")},
    )

    def clean(self) -> dict:
        found = super().clean() or {}
        starts_on, ends_on = found.get("starts_on"), found.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("The last day is before the first one."))
        return found


class InvitationForm(DatesForm):
    given_name = forms.CharField(
        label=_("First name"),
        max_length=100,
        widget=input_widget(forms.TextInput, autocomplete="off"),
        error_messages={"required": _("Write the first name.")},
    )
    family_name = forms.CharField(
        label=_("Family name"),
        max_length=100,
        widget=input_widget(forms.TextInput, autocomplete="off"),
        error_messages={"required": _("Write the family name.")},
    )
    email = forms.EmailField(
        label=_("E-mail"),
        widget=input_widget(forms.EmailInput, autocomplete="off"),
        help_text=_("The way in goes to this address."),
        error_messages={"required": _("Write the address."), "invalid": _("This is no e-mail address.")},
    )
    relation = forms.CharField(
        label=_("The child says"),
        max_length=50,
        required=False,
        widget=input_widget(forms.TextInput, autocomplete="off"),
        help_text=_("Such as: Mom, Grandpa."),
    )
    field_order = ("given_name", "family_name", "email", "relation", "starts_on", "ends_on")

    def clean_ends_on(self):
        ends_on = self.cleaned_data["ends_on"]
        if ends_on and ends_on < timezone.localdate():
            raise forms.ValidationError(_("This day is over."))
        return ends_on
