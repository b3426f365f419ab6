"""How long each kind of record stays after a learner has left, by the policy of a district and a school on a day."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from lrm.privacy import CATEGORIES
from profiles.models import Account, District, PolicyRule, RetentionPolicy, School
from profiles.models.retention import LEAST_DAYS, MOST_DAYS, shipped_days
from profiles.services.policy_rules import Rules

Days = Mapping[str, int]
"""Kind -> days after leaving."""
LAST = "identity"
"""The kind that goes last, with the learner: no other may outlive it."""


@dataclass(frozen=True)
class KeptKind:
    """days: after leaving; None where that does not end it.    is_of_school: fewer than in the district."""

    key: str
    words: Promise
    holds: str
    days: int | None
    is_of_school: bool = False


@dataclass(frozen=True)
class KeptDays:
    """everywhere: of the district.    own: {school: what it has of its own, of some kinds or all}."""

    everywhere: Days
    own: Mapping[int, Days] = field(default_factory=dict)

    def of(self, school_id: int | None) -> dict[str, int]:
        """A school's count where they are fewer than the district's, and nothing outlives names and sign-in."""
        own = self.own.get(school_id, {}) if school_id is not None else {}
        days = {key: min(n, own.get(key, n)) for key, n in self.everywhere.items()}
        return {key: min(n, days[LAST]) for key, n in days.items()}

    def with_school(self, school_id: int, days: Days | None) -> "KeptDays":
        """As it would be with these of the school's own; None: with none."""
        own = {key: each for key, each in self.own.items() if key != school_id}
        return replace(self, own=own | ({school_id: days} if days else {}))

    @property
    def shortest(self) -> int:
        """The fewest of any kind at any school."""
        return min(min(self.of(school).values()) for school in (None, *self.own))


class NotAPolicy(ValueError):
    """The days cannot count; the message says why."""


def days_of(district: District, *, on: date) -> dict[str, int]:
    """Kind -> days after leaving, on that day."""
    row = RetentionPolicy.objects.in_force(on).filter(district=district).first()
    return shipped_days() | ({key: int(days) for key, days in row.days.items()} if row else {})


def kept_on(district: District, *, on: date) -> KeptDays:
    """Of the district and every school that has days of its own. Two statements."""
    line = PolicyRule.Line.KEEPING
    rules = Rules(PolicyRule.objects.filter(district=district, line=line).in_force(on))
    found = {school: rules.own(line, on, school) for school in rules.own_schools(line, on)}
    own = {school: rule.value for school, rule in found.items() if rule and rule.value}
    return KeptDays(days_of(district, on=on), own)


def kinds(district: District, *, on: date, school_id: int | None = None) -> list[KeptKind]:
    """Of the district, or as it counts for learners of one school."""
    kept = kept_on(district, on=on)
    return _kinds(kept.of(school_id), kept.everywhere)


def one_school(account: Account) -> School | None:
    """Whose days somebody asks about: the one school of a learner or a family, or of staff who are at one alone."""
    access = account.access
    people = [access.learner_id] if access.learner_id else list(access.ward_ids)
    if people:
        found = list(School.objects.filter(learners__in=people).distinct()[:2])
    elif access.is_district_admin:
        return None
    else:
        found = list(School.objects.visible_to(account)[:2])
    return found[0] if len(found) == 1 else None


def shipped_kinds() -> list[KeptKind]:
    """What counts where a district has not decided."""
    return _kinds(shipped_days())


def _kinds(days: Days, usual: Days | None = None) -> list[KeptKind]:
    found = []
    for key, each in CATEGORIES.items():
        n = days.get(key)
        holds = each.told(is_last=n is None or n >= days[LAST])
        found.append(KeptKind(key, each.words, holds, n, (usual or days).get(key) != n))
    return found


@transaction.atomic
def begin(district: District, *, days: dict[str, int], starts_on: date, by: Account, why: str = "") -> RetentionPolicy:
    """Let these days count from that day on. The same as what counts then is no new row. Raises NotAPolicy."""
    District.objects.select_for_update().get(pk=district.pk)
    check(district, days=days, starts_on=starts_on)
    return RetentionPolicy.objects.create(district=district, days=days, starts_on=starts_on, why=why, created_by=by)


def check(district: District, *, days: Days, starts_on: date) -> None:
    """Raises NotAPolicy: they cannot count from that day on."""
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


@transaction.atomic
def withdraw(row: RetentionPolicy, *, by: Account) -> bool:
    """Take back one that has not begun. False: it has, or it was taken back already."""
    found = RetentionPolicy.objects.filter(pk=row.pk, starts_on__gt=timezone.localdate(), withdrawn_at__isnull=True)
    return bool(found.update(withdrawn_at=timezone.now(), withdrawn_by=by))
