"""What stands in a row, for people to read: names of staff, never of other children or of others in the family."""

import base64
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from profiles.models import Account, Learner, LearnerMerge

Kind = Account.Kind


def ids_of(learner: Learner) -> list[int]:
    """The learner's id, and those of rows that were made one with it."""
    return [learner.pk, *LearnerMerge.objects.standing().filter(kept=learner).values_list("merged_id", flat=True)]


def say_person(account: Account | None, learner: Learner) -> str | None:
    """Staff by name, the learner by name; others of the family and other students by what they are."""
    if account is None:
        return None
    if account.pk == learner.account_id:
        return learner.name
    if account.kind == Kind.GUARDIAN:
        return _("family")
    if account.kind == Kind.LEARNER:
        return _("another student")
    return account.name


def say_row(row: models.Model | None, learner: Learner) -> str | None:
    """A row that a foreign key leads to."""
    if row is None:
        return None
    if isinstance(row, Account):
        return say_person(row, learner)
    if isinstance(row, Learner):
        return learner.name if row.pk == learner.pk else _("another student")
    if type(row)._meta.app_label == "standards":
        return getattr(row, "code", "") or getattr(row, "short_title", "") or str(getattr(row, "title", row.pk))
    for name in ("title", "name"):
        if isinstance(said := getattr(row, name, None), str) and said:
            return said
    return f"{row._meta.verbose_name} {row.pk}"


def value_of(row: models.Model, field: models.Field, learner: Learner) -> Any:
    """As JSON has it: texts, numbers, lists and dicts; None where there is nothing."""
    if field.is_relation:
        return say_row(getattr(row, field.name), learner)
    value = getattr(row, field.attname)
    if value is None or value == "":
        return None
    if field.choices:
        return str(getattr(row, f"get_{field.name}_display")())
    return plain(value)


def plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds") if timezone.is_aware(value) else str(value)
    if isinstance(value, date | UUID):
        return str(value)
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, str | int | float | bool | list | dict) or value is None:
        return value
    return str(value)
