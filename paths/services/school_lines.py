"""Lines of the policy that schools write: what counts in the district, and a line that is written on top of that."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from assessments.services.policies import Policies
from assessments.services.policy_changes import policies_known
from profiles.models import District, PolicyRule, RetentionPolicy, School
from profiles.models.policy_rule import OF_LEVELS
from profiles.models.retention import shipped_days
from profiles.policy_values import Line, shipped
from profiles.services import keeping
from profiles.services.policy_rules import RuleRefused, Rules, known_at, write_rule


def of_district(policies: Policies, line: Line, on: date) -> Any:
    """What the district's policy of levels says of it. Raises KeyError: another line."""
    return {
        Line.LEVEL_WORDS: [str(name) for name in policies.decided(None, on).words],
        Line.MINIMUM_N: policies.minimum_n(on),
    }[line]


def at_school(policies: Policies, rules: Rules, line: Line, on: date, school_id: int | None) -> Any:
    """What counts there: names of the school where they are of a scale like the district's, the larger number."""
    usual, rule = of_district(policies, line, on), rules.own(line, on, school_id)
    if rule is None or rule.value is None:
        return usual
    if line == Line.LEVEL_WORDS:
        return rule.value if len(rule.value) == len(usual) else usual
    return max(usual, rule.value)


@transaction.atomic
def write_line(
    *, district: District, line: Line, school: School | None, starts_on: date, drawn_at: datetime | None, **says: Any
) -> PolicyRule:
    """As `write_rule`. Raises RuleRefused, too: of a school, what the district says of that day was changed after
    drawn_at ("above")."""
    District.objects.select_for_update().get(pk=district.pk)
    if school is not None and drawn_at is not None and change_above(district, line, starts_on, drawn_at) is not None:
        raise RuleRefused("above")
    return write_rule(district=district, line=line, school=school, starts_on=starts_on, drawn_at=drawn_at, **says)


def change_above(district: District, line: Line, on: date, drawn_at: datetime) -> tuple[Any, Any] | None:
    """What the district said of that day when a form was made, and what it says by now; None: the same."""
    if line == Line.KEEPING:
        rows = RetentionPolicy.objects.filter(district=district, starts_on__lte=on)
        row = known_at(rows, drawn_at).last()
        then, now = shipped_days() | (row.days if row else {}), keeping.days_of(district, on=on)
    elif line in OF_LEVELS:
        read = (policies_known(district.pk, drawn_at), Policies(district.pk))
        then, now = (of_district(policies, line, on) for policies in read)
    else:
        rules = PolicyRule.objects.filter(district=district, line=line, school=None)
        known = known_at(rules.filter(starts_on__lte=on), drawn_at).last()
        usual = shipped(line, language=district.language)
        then = known.value if known is not None and known.value is not None else usual
        now = Rules(rules, language=district.language).on(line, on).value
    return (then, now) if then != now else None
