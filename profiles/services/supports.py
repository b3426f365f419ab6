"""Supports of a learner: entered by staff, agreed with the family, ended and never deleted."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from profiles.models import Account, Learner, Support


class SupportTaken(Exception):
    """The identifier of the form is that of another learner's support."""


@dataclass(frozen=True)
class Agreed:
    """kind: of Support.Kind.  agreed_on, agreed_with: None and "" while the family has not agreed yet."""

    kind: str
    starts_on: date
    text: str = ""
    ends_on: date | None = None
    agreed_on: date | None = None
    agreed_with: str = ""


def add_support(*, learner: Learner, uuid: UUID, agreed: Agreed, by: Account, now: datetime) -> Support:
    """The same form twice is one support. Raises SupportTaken."""
    values = {name: getattr(agreed, name) for name in Agreed.__dataclass_fields__}
    found, _is_new = Support.objects.get_or_create(
        uuid=uuid, defaults={"learner": learner, "entered_by": by, "created_at": now, **values}
    )
    if found.learner_id != learner.pk:
        raise SupportTaken
    return found


def agree_support(*, support: Support, with_whom: str, on: date) -> None:
    """The family has said yes; the first yes stays."""
    Support.objects.filter(pk=support.pk, agreed_on=None).update(agreed_with=with_whom.strip(), agreed_on=on)


def end_support(*, support: Support, on: date, by: Account) -> None:
    """Its last day; one that has not begun ends on its first day. What is over stays as it is."""
    last = max(on, support.starts_on)
    Support.objects.filter(pk=support.pk).on(on).update(ends_on=last, ended_by=by)
