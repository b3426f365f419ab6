"""A few words beside good news that a learner shows at home."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lrm.form_fields import input_widget


class ShowForm(forms.Form):
    words = forms.CharField(
        label=_("What do you want to say?"),
        required=False,
        max_length=280,
        widget=input_widget(forms.Textarea, rows=3),
        error_messages={"max_length": _("This is longer than 280 letters. Make it a bit shorter.")},
    )
