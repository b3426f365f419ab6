"""What a district's policy says, line by line, on a day; writing a rule, withdrawing one that has not begun."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from profiles.models import Account, District, School
from profiles.models.policy_rule import ONLY_OF_DISTRICT, ONLY_OF_SCHOOLS, PolicyRule
from profiles.policy_values import is_value, shipped


@dataclass(frozen=True)
class Standing:
    """A value and the rule that says it; None: nobody has decided, so it is what LRM comes with."""

    value: Any
    rule: PolicyRule | None


class Rules:
    """Rules of one district that were read: the one place that says which of them counts where and when."""

    def __init__(self, rows: Iterable[PolicyRule], *, language: str = "en") -> None:
        """rows: withdrawn ones are passed over.    language: that the district was set up with."""
        self._language = language
        self._rows: dict[tuple[str, int | None], list[PolicyRule]] = {}
        for row in sorted(rows, key=lambda row: (row.starts_on, row.pk), reverse=True):
            if row.withdrawn_at is None:
                self._rows.setdefault((row.line, row.school_id), []).append(row)

    def own(self, line: str, on: date, school_id: int | None) -> PolicyRule | None:
        """What the school, or the district, has itself decided, and not taken back since."""
        rows = self._rows.get((line, school_id), [])
        found = next((row for row in rows if row.starts_on <= on), None)
        return found if found is not None and found.value is not None else None

    def on(self, line: str, on: date, school_id: int | None = None) -> Standing:
        """The school's own, else the district's, else what LRM comes with."""
        for each in dict.fromkeys((school_id, None)):
            if (rule := self.own(line, on, each)) is not None:
                return Standing(rule.value, rule)
        return Standing(shipped(line, language=self._language), None)

    def has_rules(self, line: str, school_id: int | None) -> bool:
        """Whether the school, or the district, decides something itself on some day."""
        return (line, school_id) in self._rows

    def names_schools(self, line: str) -> bool:
        return any(key == line and school is not None for key, school in self._rows)

    def own_schools(self, line: str, on: date) -> set[int]:
        """Schools that go by a decision of their own that day."""
        keys = [school for key, school in self._rows if key == line and school is not None]
        return {school for school in keys if self.own(line, on, school) is not None}


def value_on(line: str, on: date, *, school_id: int | None = None) -> Any:
    """In the open district, or in one of its schools. One statement."""
    rows = PolicyRule.objects.filter(Q(school__isnull=True) | Q(school=school_id), line=line)
    return Rules(rows.in_force(on)).on(line, on, school_id).value


def known_at(rows: QuerySet, at: datetime) -> QuerySet:
    """Of decisions that can be withdrawn, those that stood at that moment, oldest first day first.

    One that was withdrawn before it and put back since counts as known.
    """
    standing = rows.filter(Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=at), created_at__lte=at)
    return standing.order_by("starts_on", "pk")


class RuleRefused(ValueError):
    """Nothing was stored. code: "begun", "soon", "taken", "same", "newer", "above", "gone" or "value"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def write_rule(
    *,
    district: District,
    line: str,
    school: School | None = None,
    value: Any,
    starts_on: date,
    why: str,
    by: Account | None,
    drawn_at: datetime | None = None,
) -> PolicyRule:
    """Let a value count from that day on, for the district or one school. None: decide nothing there any more.

    drawn_at: when the form was made; None where nobody read one.
    Raises RuleRefused: the day is over ("begun"), what nights take away would change today already ("soon"), another
    rule for the same begins on that day to come ("taken"; today a newer one takes its place), it counts there already
    ("same"), what it would take the place of was written after drawn_at ("newer"), or the line cannot say this, or not
    of a whole district or a school ("value").
    """
    locked = District.objects.select_for_update().get(pk=district.pk)
    today = _today(locked)
    if starts_on < today:
        raise RuleRefused("begun")
    if line == PolicyRule.Line.KEEPING and value is not None and starts_on == today:
        raise RuleRefused("soon")
    is_whose = line not in (ONLY_OF_SCHOOLS if school is None else ONLY_OF_DISTRICT)
    if (value is not None and not is_value(line, value)) or not is_whose:
        raise RuleRefused("value")
    rows = PolicyRule.objects.filter(district=locked, line=line, school=school, withdrawn_at=None)
    if starts_on > today and rows.filter(starts_on=starts_on).exists():
        raise RuleRefused("taken")
    before = rows.filter(starts_on__lte=starts_on).order_by("-starts_on", "-pk").first()
    if before is not None and drawn_at is not None and before.created_at > drawn_at:
        raise RuleRefused("newer")
    standing = before.value if before else (None if school else shipped(line, language=locked.language))
    if standing == value or (value is None and before is None):
        raise RuleRefused("same")
    rule = PolicyRule.objects.create(
        district=locked, line=line, school=school, value=value, starts_on=starts_on, why=why, created_by=by
    )
    _tell(locked)
    return rule


@transaction.atomic
def withdraw_rule(rule: PolicyRule, *, by: Account) -> None:
    """Take back one that has not begun. Raises RuleRefused: "begun", or "gone" where somebody did so first."""
    locked = District.objects.select_for_update().get(pk=rule.district_id)
    rule.refresh_from_db()
    if rule.withdrawn_at is not None:
        raise RuleRefused("gone")
    if rule.starts_on <= _today(locked):
        raise RuleRefused("begun")
    rule.withdrawn_at, rule.withdrawn_by = timezone.now(), by
    rule.save(update_fields=["withdrawn_at", "withdrawn_by"])
    _tell(locked)


@transaction.atomic
def restore_rule(rule: PolicyRule) -> None:
    """Undo a withdrawal. Raises RuleRefused: "gone", "begun", or "taken" where another begins on that day by now."""
    locked = District.objects.select_for_update().get(pk=rule.district_id)
    rule.refresh_from_db()
    if rule.withdrawn_at is None:
        raise RuleRefused("gone")
    if rule.starts_on <= _today(locked):
        raise RuleRefused("begun")
    same = PolicyRule.objects.filter(district=locked, line=rule.line, school=rule.school_id, withdrawn_at=None)
    if same.filter(starts_on=rule.starts_on).exists():
        raise RuleRefused("taken")
    rule.withdrawn_at = rule.withdrawn_by = None
    rule.save(update_fields=["withdrawn_at", "withdrawn_by"])
    _tell(locked)


def _tell(district: District) -> None:
    """Whoever keeps rules in memory reads them anew: see profiles/services/speaking.py."""
    District.objects.filter(pk=district.pk).update(rules_version=F("rules_version") + 1)


def _today(district: District) -> date:
    return timezone.localdate(timezone=ZoneInfo(district.time_zone))
