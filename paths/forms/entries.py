"""What a learner writes about themselves."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lrm.form_fields import input_widget
from profiles.models import ProfileEntry


class EntryForm(forms.Form):
    kind = forms.ChoiceField(choices=ProfileEntry.Kind.choices)
    text = forms.CharField(
        label=_("Your words"),
        max_length=500,
        widget=input_widget(forms.Textarea, rows=3, maxlength=500),
        error_messages={
            "required": _("Write a few words first."),
            "max_length": _("Write at most 500 letters. You can add a second one."),
        },
    )


class EntryTextForm(forms.Form):
    """seen: the wording on which this one is based; the newest one after a conflict."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    text = EntryForm.base_fields["text"]
