"""Below how many learners figures are hidden: in the whole district, and of schools that ask for more."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from assessments.services.policies import Policies
from profiles.models import District, PolicyRule
from profiles.services.kept_rules import kept_rules


@dataclass(frozen=True)
class Minimums:
    """everywhere: of what concerns several schools.    own: {school: its own}, always more than that."""

    everywhere: int
    own: Mapping[int, int] = field(default_factory=dict)

    def of(self, school_id: int) -> int:
        return self.own.get(school_id, self.everywhere)

    def largest(self, school_ids: Collection[int]) -> int:
        """What holds for a figure of learners of all these schools."""
        return max((self.of(school) for school in school_ids), default=self.everywhere)


def minimums_on(district: District, policies: Policies, day: date) -> Minimums:
    """A school can only ask for more than the policy of the district and of its frameworks. No statement of its own,
    but for the first time after somebody has written a rule."""
    everywhere, rules = policies.minimum_n(day), kept_rules(district)
    if rules is None:
        return Minimums(everywhere)
    line = PolicyRule.Line.MINIMUM_N
    asked = {school: rules.on(line, day, school).value for school in rules.own_schools(line, day)}
    return Minimums(everywhere, {school: n for school, n in asked.items() if n > everywhere})
