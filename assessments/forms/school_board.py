"""The page for a board: a question, three published figures and a sentence, written by whoever prints it."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

FIGURES = (1, 2, 3)


class BoardForm(forms.Form):
    """places, domains: (key, name) of what has been published. Figures are place1 and domain1 to place3 and domain3."""

    question = forms.CharField(
        label=_("The question"), max_length=200, widget=forms.TextInput(attrs={"class": "input"})
    )
    sentence = forms.CharField(
        label=_("One plain sentence"),
        required=False,
        max_length=400,
        help_text=_("Left empty, the first figure is said in words."),
        widget=forms.Textarea(attrs={"class": "input", "rows": 2}),
    )

    def __init__(self, *args, places: Sequence[tuple[str, str]], domains: Sequence[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        for number in FIGURES:
            words = {"number": number}
            self.fields[f"place{number}"] = forms.ChoiceField(
                label=_("Figure %(number)s, of") % words,
                choices=places,
                widget=forms.Select(attrs={"class": "input"}),
            )
            self.fields[f"domain{number}"] = forms.ChoiceField(
                label=_("Figure %(number)s, in") % words,
                choices=[("", _("none")), *domains],
                required=number == FIGURES[0],
                widget=forms.Select(attrs={"class": "input"}),
            )

    @property
    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Of each figure where, and of what."""
        return [(self[f"place{number}"], self[f"domain{number}"]) for number in FIGURES]

    @property
    def figures(self) -> list[tuple[str, str]]:
        """(place, domain) of those that were chosen; of a valid form."""
        found = [(self.cleaned_data[f"place{n}"], self.cleaned_data[f"domain{n}"]) for n in FIGURES]
        return [(place, domain) for place, domain in found if domain]
