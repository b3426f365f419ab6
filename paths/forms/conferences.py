"""Forms of a meeting: its day, notes, points, and what was agreed."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from lrm.form_fields import input_widget
from paths.models import NextStep

DAY = _("Write the day as year, month and day, such as 2026-10-15.")


def day_field(**kwargs) -> forms.DateField:
    return forms.DateField(widget=input_widget(forms.DateInput, type="date"), error_messages={"invalid": DAY}, **kwargs)


class MeetForm(forms.Form):
    planned_on = day_field(label=_("Day"))


class NotesForm(forms.Form):
    """notes are read by the learner and the family, staff by staff alone."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    notes = forms.CharField(
        label=_("Shared notes"),
        required=False,
        max_length=4000,
        strip=False,
        widget=input_widget(forms.Textarea, rows=8),
        error_messages={"max_length": _("This is longer than 4,000 letters.")},
    )
    staff = forms.CharField(
        label=_("Staff only"),
        required=False,
        max_length=4000,
        strip=False,
        help_text=_("A parent may have the right to read this. Write what you saw."),
        widget=input_widget(forms.Textarea, rows=4),
        error_messages={"max_length": _("This is longer than 4,000 letters.")},
    )


class NextStepForm(forms.Form):
    uuid = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("What"),
        max_length=200,
        widget=input_widget(forms.TextInput),
        error_messages={"required": _("Say in a few words what was agreed.")},
    )
    who = forms.ChoiceField(label=_("Who"), choices=NextStep.Who.choices, widget=input_widget(forms.Select))
    due_on = day_field(label=_("By when"), required=False)

    @classmethod
    def opened(cls) -> "NextStepForm":
        return cls(initial={"uuid": uuid4(), "who": NextStep.Who.LEARNER})


class PointForm(forms.Form):
    uuid = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("What do you want to talk about?"),
        max_length=280,
        widget=input_widget(forms.TextInput),
        error_messages={
            "required": _("There were no words yet, so nothing was kept."),
            "max_length": _("This is longer than 280 letters. Say it in fewer words."),
        },
    )

    @classmethod
    def opened(cls, text: str = "") -> "PointForm":
        return cls(initial={"uuid": uuid4(), "text": text})
