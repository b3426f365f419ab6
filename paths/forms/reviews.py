"""What a teacher sends to goals that wait."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from lrm.form_fields import typed
from paths.services.reviewing import DOES, Chosen

SEPARATOR = "~"
MOST_LETTERS = 500
"""Of a line."""


class ReviewForm(forms.Form):
    """`goal` comes once for each goal, as "id~time": what was read of it, `Goal.updated_at`; the time may be left out.

    act: identifies the form, so that a double click is one act.
    """

    act = forms.UUIDField(required=False)
    do = forms.ChoiceField(
        choices=[(do, do) for do in DOES],
        error_messages={
            "required": _("Nothing was changed. Choose what to do with the goal."),
            "invalid_choice": _("Nothing was changed. Choose what to do with the goal."),
        },
    )
    text = forms.CharField(
        max_length=MOST_LETTERS,
        required=False,
        error_messages={"max_length": _("This line is too long. Write at most 500 letters.")},
    )

    def clean(self):
        data = super().clean() or {}
        if data.get("do") == "ask" and not data.get("text", "").strip():
            self.add_error("text", _("Write your question first. The student reads it on the goal."))
        return data

    @property
    def problem(self) -> str:
        """The first thing that is wrong, in words."""
        return next((str(error) for errors in self.errors.values() for error in errors), "")


def chosen_in(values: list[str]) -> list[Chosen]:
    """Each goal once; what is no goal is left out."""
    found = {}
    for value in values:
        pk, _separator, seen = value.partition(SEPARATOR)
        if pk.isdecimal() and len(pk) < 19:
            found[int(pk)] = Chosen(int(pk), _moment(seen))
    return list(found.values())


def with_lines(chosen: list[Chosen], data: Mapping[str, str]) -> list[Chosen]:
    """Each with the line that came for it alone, as line-<goal>."""
    return [replace(row, line=typed(data, f"line-{row.goal_id}").strip()) for row in chosen]


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
