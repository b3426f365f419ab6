"""A row of whichever model, for tests that walk all of them: a new model gets its row without a factory of its own."""

from collections.abc import Mapping
from itertools import count
from typing import Any

from django.db import models
from django.utils import timezone

from lrm.sealed import SealedField, seal

_number = count(1001)


def make_any(model: type[models.Model], near: Mapping[type[models.Model], models.Model], **given: Any) -> models.Model:
    """Fill what the model demands, and every text, each with words of its own.

    near: rows that foreign keys which are demanded point to, by their model.    given: fields that need a sense.
    Raises LookupError: a foreign key to a model that is not near.
    """
    values = dict(given)
    for each in model._meta.concrete_fields:
        if each.name in values or each.attname in values or isinstance(each, models.AutoField):
            continue
        value = _value_of(each, near)
        if value is not None:
            values[each.name] = value
    return model._base_manager.create(**values)


def _value_of(each: models.Field, near: Mapping[type[models.Model], models.Model]) -> Any:
    """None: the field may stay as it is."""
    demanded = not each.null and not each.has_default() and each.db_default is models.NOT_PROVIDED
    if each.is_relation:
        if not demanded:
            return None
        if each.related_model not in near:
            raise LookupError(f"{each} points to a {each.related_model._meta.label}, and none is near.")
        return near[each.related_model]
    if each.choices:
        return each.choices[0][0] if demanded else None
    if isinstance(each, (models.CharField, models.TextField)) and not isinstance(each, models.URLField):
        words = f"Keepsake {next(_number)}"
        if isinstance(each, SealedField):
            return seal(words)
        return words if each.max_length is None or each.max_length >= len(words) else None
    if not demanded or getattr(each, "auto_now", False) or getattr(each, "auto_now_add", False):
        return None
    plain = {models.DateTimeField: timezone.now(), models.DateField: timezone.localdate(), models.BooleanField: False}
    plain |= {models.BinaryField: b"Keepsake"}
    return next((value for kind, value in plain.items() if isinstance(each, kind)), 1)
