"""What a district asks of those who sign in."""

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from lrm.form_fields import input_widget
from profiles.models import SignInPolicy


class SignInPolicyForm(forms.ModelForm):
    badge_days = forms.TypedMultipleChoiceField(
        label=_("Days on which badges work"),
        coerce=int,
        required=False,
        choices=[(day + 1, WEEKDAYS[day]) for day in range(7)],
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = SignInPolicy
        fields = (
            *("second_step_for", "grace_days"),
            *("badges", "badge_from", "badge_until", "badge_days", "badge_registered_only"),
        )
        labels = {
            "second_step_for": _("Second step required of"),
            "grace_days": _("Days of grace"),
            "badges": _("Students may sign in with a badge"),
            "badge_from": _("From"),
            "badge_until": _("Until"),
            "badge_registered_only": _("Only on the school’s own devices"),
        }
        help_texts = {
            "grace_days": _("From the first time somebody is asked. 0: at once."),
            "badge_from": _("By the district’s clock; empty for the whole day."),
        }
        widgets = {
            "second_step_for": input_widget(forms.Select),
            "grace_days": input_widget(forms.NumberInput, min=0, max=60),
            "badge_from": input_widget(forms.TimeInput, type="time"),
            "badge_until": input_widget(forms.TimeInput, type="time"),
        }

    def clean(self) -> dict:
        found = super().clean() or {}
        start, end = found.get("badge_from"), found.get("badge_until")
        if start and end and end <= start:
            self.add_error("badge_until", _("This is before the time from which they work."))
        if found.get("badges") and not found.get("badge_days"):
            self.add_error("badge_days", _("Tick a day, or take the tick from badges."))
        return found
