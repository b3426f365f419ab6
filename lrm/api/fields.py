"""Fields of requests whose every accepted value is one that the code behind can work with."""

import re
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

MOST_ID = 2**63 - 1
FIRST_DAY, LAST_DAY = date(1950, 1, 1), date(2199, 12, 31)


class IdField(serializers.IntegerField):
    """The id of something; whether it is there is asked later."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=MOST_ID, **kwargs)


class DayField(serializers.DateField):
    """A day written 2026-11-23, of a century around ours: others cannot be a day at school, and overflow in zones."""

    default_error_messages = {"range": _("A day from 1950 to 2199 is meant.")}

    def to_internal_value(self, value: Any) -> date:
        day = super().to_internal_value(value)
        if not FIRST_DAY <= day <= LAST_DAY:
            self.fail("range")
        return day


class NumberField(serializers.DecimalField):
    """An exact number, written 7.5 or "7.5" and in no other way."""

    def to_internal_value(self, data: Any) -> Decimal:
        if isinstance(data, str) and not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", data):
            self.fail("invalid")
        return super().to_internal_value(data)


@extend_schema_field({"type": "string", "format": "date-time"})
class MomentField(serializers.Field):
    """A moment with its offset from UTC, written 2026-11-23T08:30:00Z; without one it is refused, not guessed."""

    default_error_messages = {
        "moment": _("Write a moment with its offset: 2026-11-23T08:30:00Z, from 1950 to 2199."),
    }

    def to_internal_value(self, data: Any) -> datetime:
        moment = None
        if isinstance(data, str) and len(data) <= 40:
            with suppress(ValueError):
                moment = datetime.fromisoformat(data)
        if moment is None or moment.tzinfo is None or not FIRST_DAY.year < moment.year < LAST_DAY.year:
            raise serializers.ValidationError(self.error_messages["moment"], code="moment")
        return moment.astimezone(UTC)

    def to_representation(self, value: datetime) -> str:
        return value.isoformat()
