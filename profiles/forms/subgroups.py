"""A subgroup: its name, what it is looked at for, and who is in it."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SubgroupForm(forms.Form):
    title = forms.CharField(
        label=_("Name"),
        max_length=60,
        help_text=_("As it stands on the page of the school: “Learning English”."),
        widget=forms.TextInput(attrs={"class": "input"}),
    )
    purpose = forms.CharField(
        label=_("Purpose"),
        max_length=300,
        help_text=_("What is it looked at for, and who decided so? It stands under the figures of the group."),
        widget=forms.Textarea(attrs={"class": "input", "rows": 3}),
    )


class MembersForm(forms.Form):
    members = forms.CharField(
        label=_("Student IDs, one a line"),
        required=False,
        max_length=2_000_000,
        help_text=_("The whole list: whoever is not on it is not in the group."),
        widget=forms.Textarea(attrs={"class": "input ltr", "rows": 12, "spellcheck": "false"}),
    )
