"""Who changed how people sign in, and what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from profiles.models import Account, SignInChange

MOST = 20
SECRET = "secret"  # noqa: S105  the name of a field; what stands in it is never noted


@dataclass(frozen=True)
class Said:
    """One change in words.    lines: (field, before, after); of a secret and of what people did both are ""."""

    at: datetime
    by: str
    lines: list[tuple[str, str, str]]


def note_form(form: forms.ModelForm, before: Mapping[str, str], *, page: str, by: Account) -> None:
    """What a saved form has changed.    before: what values_of gave before it was read."""
    after = values_of(form)
    changed = [[name, before[name], after[name]] for name in after if before[name] != after[name]]
    if form.cleaned_data.get(SECRET):
        changed.append([SECRET, "", ""])
    note(changed, page=page, by=by)


def note(changes: list[list[str]], *, page: str, by: Account) -> None:
    """Nothing is written where nothing changed."""
    if changes:
        SignInChange.objects.create(district_id=by.district_id, by=by, page=page, changes=changes)


def values_of(form: forms.ModelForm) -> dict[str, str]:
    """Each field of the model that the form has, as its instance stands now."""
    own = {field.name for field in form.instance._meta.fields}
    return {name: _text(getattr(form.instance, name)) for name in form.fields if name in own}


def read(district_id: int, *, page: str, form: forms.ModelForm) -> list[Said]:
    """The latest first, in the words of the form."""
    rows = SignInChange.objects.filter(district_id=district_id, page=page).select_related("by")[:MOST]
    return [Said(row.at, row.by.name if row.by else "", [_line(form, *each) for each in row.changes]) for row in rows]


def _line(form: forms.ModelForm, name: str, before: str, after: str) -> tuple[str, str, str]:
    field = form.fields.get(name)
    label = str(field.label) if field else _("Everybody is looked for anew")
    choices = {_text(value): str(words) for value, words in getattr(field, "choices", [])}
    yes = {"True": _("yes"), "False": _("no")}
    before, after = (choices.get(text) or yes.get(text) or text for text in (before, after))
    return label, before, after


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
