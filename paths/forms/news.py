"""Passing good news on: words that the teacher has seen, to the learners who are ticked."""

from collections.abc import Sequence
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from paths.services.news import Teller, Words

MOST_LETTERS = 500


class NewsForm(forms.Form):
    """One text and one list of learners for each of `tellers`. act: the same form twice tells once."""

    act = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, tellers: Sequence[Teller], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.tellers = tellers
        self.initial.setdefault("act", uuid4())
        for teller in tellers:
            self.fields[f"text-{teller.key}"] = forms.CharField(
                label=_("What each of them reads"),
                max_length=MOST_LETTERS,
                required=False,
                initial=said(teller),
                widget=forms.Textarea(attrs={"class": "input", "rows": 2}),
                error_messages={"max_length": gettext_lazy("This is longer than 500 letters.")},
            )
            choices = [(pk, name) for pk, name, told in teller.people if not told]
            self.fields[f"to-{teller.key}"] = forms.TypedMultipleChoiceField(
                choices=choices,
                coerce=int,
                required=False,
                initial=[pk for pk, _name in choices],
                error_messages={"invalid_choice": gettext_lazy("The list has changed. Look at it again.")},
            )

    def clean(self) -> dict:
        found = super().clean() or {}
        for teller in self.tellers:
            words = found.get(f"text-{teller.key}", "").strip()
            if found.get(f"to-{teller.key}") and not words and f"text-{teller.key}" not in self.errors:
                self.add_error(f"text-{teller.key}", _("Write what they read, or untick them."))
        return found

    def words(self) -> list[Words]:
        """Of a valid form."""
        return [
            Words(teller, chosen, self.cleaned_data[f"text-{teller.key}"].strip())
            for teller in self.tellers
            if (chosen := self.cleaned_data[f"to-{teller.key}"])
        ]

    def parts(self) -> list[dict]:
        """Each teller with its fields, as the page draws them; is_open: somebody of it is not told yet."""
        found = []
        for teller in self.tellers:
            ticked = {str(pk) for pk in self[f"to-{teller.key}"].value() or ()}
            people = [
                {"pk": pk, "name": name, "told": told, "ticked": str(pk) in ticked} for pk, name, told in teller.people
            ]
            found.append(
                {
                    "teller": teller,
                    "text": self[f"text-{teller.key}"],
                    "to": self[f"to-{teller.key}"],
                    "people": people,
                    "is_open": any(not each["told"] for each in people),
                }
            )
        return found


def said(teller: Teller) -> str:
    """The words to begin with; the teacher changes them."""
    return _("You reached %(word)s in “%(title)s”. Your work got you there.") % {
        "word": teller.news.word,
        "title": teller.heading,
    }
