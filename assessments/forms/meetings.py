"""Who leads a group, where it meets and when: the fields that a group has before it is accepted and afterwards."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lrm.form_fields import input_widget

LONGEST = timedelta(days=92)
"""A group that runs for ever is a class of its own: a date typed wrong must not make one."""
ADULTS = "adults"
"""Id of the list of names that the page offers."""


class MeetingForm(forms.Form):
    """today: in the district; the first day where none is typed."""

    adult = forms.CharField(
        label=_("With"), max_length=100, required=False, widget=input_widget(forms.TextInput, list=ADULTS)
    )
    place = forms.CharField(label=_("Where"), max_length=100, required=False, widget=input_widget(forms.TextInput))
    time_text = forms.CharField(
        label=_("When"),
        max_length=100,
        required=False,
        help_text=_("Such as: Mon and Wed, 9:40 to 10:00."),
        widget=input_widget(forms.TextInput),
    )
    starts_on = forms.DateField(
        label=_("From"), widget=forms.DateInput(attrs={"class": "input", "type": "date"}, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label=_("Until"), widget=forms.DateInput(attrs={"class": "input", "type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today, self._longest = today, LONGEST

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("starts_on"), data.get("ends_on")
        if end is not None and "starts_on" in data:
            first = start or self._today
            if end < first:
                self.add_error("ends_on", _("This is before the first day."))
            elif end < self._today:
                self.add_error("ends_on", _("This day is past. Pick today or a later one."))
            elif end - first > self._longest:
                self.add_error("ends_on", _("A group runs for three months at most. Pick an earlier day."))
        return data
