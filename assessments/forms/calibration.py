"""The day from which on a calibration counts."""

from datetime import date, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class StartForm(forms.Form):
    starts_on = forms.DateField(
        label=_("Begins on"),
        help_text=_("Today or a later day. Days before it keep their calibration."),
        widget=forms.DateInput(attrs={"type": "date", "class": "input"}, format="%Y-%m-%d"),
    )

    def __init__(self, data=None, *, today: date) -> None:
        super().__init__(data, initial={"starts_on": today + timedelta(days=1)})
        self._today = today
        self.fields["starts_on"].widget.attrs["min"] = today.isoformat()

    def clean_starts_on(self) -> date:
        day = self.cleaned_data["starts_on"]
        if day < self._today:
            raise ValidationError(_("This day is over. A calibration begins today or on a later day."))
        return day
