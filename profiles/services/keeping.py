"""How long each kind of record stays after a learner has left, by the policy of a district on a day."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from lrm.privacy import CATEGORIES
from profiles.models import Account, District, RetentionPolicy
from profiles.models.retention import shipped_days

LEAST_DAYS, MOST_DAYS = 30, 36525
LAST = "identity"
"""The kind that goes last, with the learner: no other may outlive it."""


@dataclass(frozen=True)
class KeptKind:
    """days: after leaving; None where time after leaving does not end it."""

    key: str
    words: Promise
    holds: Promise
    days: int | None


class NotAPolicy(ValueError):
    """The days cannot count; the message says why."""


def days_of(district: District, *, on: date) -> dict[str, int]:
    """Kind -> days after leaving, on that day."""
    row = RetentionPolicy.objects.in_force(on).filter(district=district).first()
    return shipped_days() | ({key: int(days) for key, days in row.days.items()} if row else {})


def kinds(district: District, *, on: date) -> list[KeptKind]:
    return _kinds(days_of(district, on=on))


def shipped_kinds() -> list[KeptKind]:
    """What counts where a district has not decided."""
    return _kinds(shipped_days())


def _kinds(days: dict[str, int]) -> list[KeptKind]:
    return [KeptKind(key, each.words, each.holds, days.get(key)) for key, each in CATEGORIES.items()]


@transaction.atomic
def begin(district: District, *, days: dict[str, int], starts_on: date, by: Account, why: str = "") -> RetentionPolicy:
    """Let these days count from that day on. The same as what counts then is no new row. Raises NotAPolicy."""
    District.objects.select_for_update().get(pk=district.pk)
    if starts_on <= timezone.localdate():
        raise NotAPolicy(_("The first day is tomorrow at the earliest, so that everybody can still look."))
    if set(days) != set(shipped_days()):
        raise NotAPolicy(_("Each kind needs its days."))
    if wrong := [key for key, n in days.items() if not LEAST_DAYS <= n <= MOST_DAYS]:
        said = ", ".join(str(CATEGORIES[key].words) for key in wrong)
        raise NotAPolicy(_("%(kinds)s: between 30 days and 100 years.") % {"kinds": said})
    if wrong := [key for key, n in days.items() if n > days[LAST]]:
        said = ", ".join(str(CATEGORIES[key].words) for key in wrong)
        raise NotAPolicy(
            _("%(kinds)s: it cannot stay longer than names and sign-in, since nobody would know whose it is.")
            % {"kinds": said}
        )
    if days_of(district, on=starts_on) == days:
        raise NotAPolicy(_("Nothing was changed: these days count already."))
    return RetentionPolicy.objects.create(district=district, days=days, starts_on=starts_on, why=why, created_by=by)


@transaction.atomic
def withdraw(row: RetentionPolicy, *, by: Account) -> bool:
    """Take back one that has not begun. False: it has, or it was taken back already."""
    found = RetentionPolicy.objects.filter(pk=row.pk, starts_on__gt=timezone.localdate(), withdrawn_at__isnull=True)
    return bool(found.update(withdrawn_at=timezone.now(), withdrawn_by=by))
