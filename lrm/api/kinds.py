"""Values of the kind that the document says: DRF, which reads forms too, takes 5 for text and "5" for a number."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.fields import Field

from lrm.api.fields import MomentField, NumberField

# The first that fits decides. Fields that are not here judge kinds by themselves.
KINDS: list[tuple[type[Field] | tuple[type[Field], ...], tuple[type, ...], Callable[[], str]]] = [
    (serializers.BooleanField, (bool,), lambda: _("Either true or false is meant, without quotation marks.")),
    (serializers.IntegerField, (int, float), lambda: _("A number is meant, without quotation marks.")),
    (NumberField, (int, float, str), lambda: _("A number is meant.")),
    (
        (serializers.CharField, serializers.UUIDField, serializers.ChoiceField, serializers.DateField, MomentField),
        (str,),
        lambda: _("Text is meant, in quotation marks."),
    ),
]


def wrong_kinds(field: Field, value: Any) -> Any:
    """Errors, nested as a serializer nests them. What is null, missing or unknown is not judged here."""
    if isinstance(field, serializers.ListField) and isinstance(value, list):
        return _below((place, field.child, each) for place, each in enumerate(value))
    if isinstance(field, serializers.Serializer) and isinstance(value, Mapping):
        return _below((name, inner, value[name]) for name, inner in field.fields.items() if name in value)
    for fields, kinds, wanted in KINDS:
        if isinstance(field, fields):
            fits = value is None or (isinstance(value, kinds) and (bool in kinds or not isinstance(value, bool)))
            return too_long(field, value) if fits else [ErrorDetail(wanted(), "invalid")]
    return []


def too_long(field: Field, value: Any) -> list[ErrorDetail]:
    """Of text as it was sent; its field counts without the spaces around it."""
    most = getattr(field, "max_length", None)
    if not isinstance(field, serializers.CharField) or not isinstance(value, str) or most is None or len(value) <= most:
        return []
    return [ErrorDetail(field.error_messages["max_length"].format(max_length=most), "max_length")]


def too_long_filters(serializer: serializers.Serializer, said: Mapping[str, str]) -> dict[str, list[ErrorDetail]]:
    """What stands in an address is text, whatever it means."""
    return {name: wrong for name, value in said.items() if (wrong := too_long(serializer.fields.get(name), value))}


def _below(named: Iterable[tuple[Any, Field, Any]]) -> dict[Any, Any]:
    return {name: wrong for name, field, value in named if (wrong := wrong_kinds(field, value))}
