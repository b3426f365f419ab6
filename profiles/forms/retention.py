"""How long each kind of record stays after a learner has left."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lrm.privacy import CATEGORIES
from profiles.models.retention import shipped_days
from profiles.services.keeping import LEAST_DAYS, MOST_DAYS


class RetentionForm(forms.Form):
    """A field of days for each kind, and the first day."""

    def __init__(self, *args, days: dict[str, int], **kwargs):
        super().__init__(*args, **kwargs)
        for key in shipped_days():
            self.fields[key] = forms.IntegerField(
                label=str(CATEGORIES[key].words),
                help_text=CATEGORIES[key].told(is_last=False),
                min_value=LEAST_DAYS,
                max_value=MOST_DAYS,
                initial=days[key],
                widget=forms.NumberInput(attrs={"class": "input"}),
            )
        self.fields["starts_on"] = forms.DateField(
            label=_("First day"),
            initial=timezone.localdate() + timedelta(days=7),
            widget=forms.DateInput(attrs={"type": "date", "class": "input"}, format="%Y-%m-%d"),
        )

        self.fields["why"] = forms.CharField(
            label=_("Why"),
            help_text=_("A line for whoever asks later."),
            max_length=200,
            required=False,
            widget=forms.TextInput(attrs={"class": "input"}),
        )

    @property
    def days(self) -> dict[str, int]:
        """As they were sent; of a valid form."""
        return {key: self.cleaned_data[key] for key in shipped_days()}
