"""What stands in a row, for people to read: names of staff, never of other children or of others in the family."""

import base64
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from lrm.privacy import privacy_of
from profiles.models import Account, Learner, LearnerMerge

Kind = Account.Kind


def ids_of(learner: Learner) -> list[int]:
    """The learner's id, and those of rows that were made one with it."""
    return [learner.pk, *LearnerMerge.objects.standing().filter(kept=learner).values_list("merged_id", flat=True)]


def say_person(account: Account | None, about: Learner | Account) -> str | None:
    """Staff by name, whom the copy is about by name; others of the family and other students by what they are."""
    if account is None:
        return None
    if account.pk == (about.account_id if isinstance(about, Learner) else about.pk):
        return about.name
    if account.kind == Kind.GUARDIAN:
        return _("family")
    if account.kind == Kind.LEARNER:
        return _student(about)
    return account.name


def _student(about: Learner | Account) -> str:
    return _("another student") if isinstance(about, Learner) else _("a student")


def say_row(row: models.Model | None, about: Learner | Account) -> str | None:
    """A row that a foreign key leads to."""
    if row is None:
        return None
    if isinstance(row, Account):
        return say_person(row, about)
    if isinstance(row, Learner):
        return row.name if row == about else _student(about)
    if type(row)._meta.app_label == "standards":
        return getattr(row, "code", "") or getattr(row, "short_title", "") or str(getattr(row, "title", row.pk))
    if isinstance(about, Account) and privacy_of(type(row)).about == "learner":
        return f"{row._meta.verbose_name} {row.pk}"  # its title is a student's word
    for name in ("title", "name"):
        if isinstance(said := getattr(row, name, None), str) and said:
            return said
    return f"{row._meta.verbose_name} {row.pk}"


def value_of(row: models.Model, field: models.Field, about: Learner | Account) -> Any:
    """As JSON has it: texts, numbers, lists and dicts; None where there is nothing."""
    if field.is_relation:
        return say_row(getattr(row, field.name), about)
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
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, str | int | float | bool) or value is None:
        return value
    return str(value)
