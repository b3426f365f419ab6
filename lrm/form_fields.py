"""What forms of several apps share."""

from collections.abc import Iterable, Mapping

from django import forms
from django.core.validators import URLValidator
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _


class WebLinkField(forms.URLField):
    """An address that a browser opens as a page: http or https. Without a scheme, https."""

    default_validators = [URLValidator(schemes=["http", "https"])]

    def __init__(self, **kwargs):
        super().__init__(assume_scheme="https", max_length=500, required=False, **kwargs)
        self.error_messages["invalid"] = _("This is no web address. One looks like https://example.org/page.")


def typed(data: Mapping[str, str], name: str, *, most: int | None = None) -> str:
    """What was sent under this name, for a view that reads it without a form; "" where nothing was.

    Without NUL, which PostgreSQL stores in no text and no keyboard types. most: letters, the rest is left out.
    """
    return data.get(name, "").replace("\0", "")[:most]


def typed_list(data: MultiValueDict, name: str) -> list[str]:
    """All that was sent under this name, without NUL."""
    return [text.replace("\0", "") for text in data.getlist(name)]


def input_widget(widget: type[forms.Widget], **attributes) -> forms.Widget:
    """A widget drawn by the form component."""
    return widget(attrs={"class": "input", **attributes})


def offer(form: forms.BaseForm, name: str, choices: Iterable[tuple[str | int, object]]) -> None:
    """Give a field what can be chosen just now: (value, words). TypeError for a field that is no choice."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} of {type(form).__name__} is no ChoiceField")
    field.choices = list(choices)


def rebase(form: forms.Form, name: str, value: int | str) -> None:
    """Set one hidden value of a bound form: its next save builds on what stands now, and keeps what was typed."""
    data = form.data.copy()  # type: ignore[attr-defined]  # a bound form's data is a QueryDict
    data[name] = str(value)
    form.data = data
