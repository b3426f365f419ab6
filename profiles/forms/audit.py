"""What of the audit is asked for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lrm.form_fields import input_widget
from profiles.models import AuditEntry
from profiles.services.audit.finding import Asked


class AuditForm(forms.Form):
    """All of it may be left out."""

    who = forms.CharField(label=_("Changed by"), max_length=100, required=False, widget=input_widget(forms.TextInput))
    about = forms.CharField(label=_("About whom"), max_length=100, required=False, widget=input_widget(forms.TextInput))
    place = forms.ChoiceField(
        label=_("What"),
        choices=[("", _("All")), *AuditEntry.Place.choices],
        required=False,
        widget=input_widget(forms.Select),
    )
    way = forms.ChoiceField(
        label=_("How"),
        choices=[("", _("All")), *AuditEntry.Way.choices],
        required=False,
        widget=input_widget(forms.Select),
    )
    since = forms.DateField(label=_("From"), required=False, widget=input_widget(forms.DateInput, type="date"))
    until = forms.DateField(label=_("until"), required=False, widget=input_widget(forms.DateInput, type="date"))
    learner = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False, widget=forms.HiddenInput)

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day is before the first one."))
        return cleaned

    @property
    def asked(self) -> Asked:
        """Of a valid form."""
        return Asked(**self.cleaned_data)
