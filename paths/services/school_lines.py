"""Lines of the policy that only schools write: what counts in their place where a school has not decided."""

from datetime import date
from typing import Any

from assessments.services.policies import Policies
from profiles.policy_values import Line
from profiles.services.policy_rules import Rules


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
