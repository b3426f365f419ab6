"""Which method, parameters, scale and words are in force for a framework on a day."""

from bisect import bisect_right
from copy import copy
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from assessments.mastery.methods import METHODS, Method, Parameters
from assessments.mastery.scale import DEFAULT_SCALE, Scale
from assessments.mastery.tree_level import TreeMethod
from lrm.rows import read

LEVEL_WORDS = (_("Starting"), _("Building"), _("Secure"), _("Extending"))


TREE = TreeMethod()


@dataclass(frozen=True)
class InForce:
    """policy_id: None where the shipped defaults are in force."""

    policy_id: int | None
    method: Method | TreeMethod
    parameters: Parameters
    scale: Scale
    words: tuple = LEVEL_WORDS
    minimum_n: int = 10


DEFAULTS = InForce(None, METHODS["decaying"], Parameters.on(DEFAULT_SCALE), DEFAULT_SCALE)


POLICIES = """
SELECT id, framework_id, starts_on, method, newest_weight, times, whole, cuts, level_words, mastery_level, minimum_n
  FROM assessments_masterypolicy WHERE district_id = %(of)s AND withdrawn_at IS NULL ORDER BY starts_on, id
"""


class Policies:
    """All policies of a district, read once: `policies.on(framework_id, day)`."""

    def __init__(self, district_id: int) -> None:
        self._by_framework: dict[int | None, list[tuple[date, InForce]]] = {}
        for row in read(POLICIES, of=district_id):
            self._by_framework.setdefault(row.framework_id, []).append((row.starts_on, in_force_of(row)))

    def on(self, framework_id: int | None, day: date) -> InForce:
        """The framework's own policy where one has started, else the district's, else the defaults."""
        for key in (framework_id, None):
            rows = self._by_framework.get(key, [])
            place = bisect_right([starts_on for starts_on, _ in rows], day)
            if place:
                return rows[place - 1][1]
        return DEFAULTS

    def with_trial(self, framework_id: int | None, tried: InForce, day: date) -> "Policies":
        """As they would stand if one more had started on that day; nothing is stored, and these stay as they are."""
        trial = copy(self)
        rows = self._by_framework.get(framework_id, [])
        place = bisect_right([starts_on for starts_on, _ in rows], day)
        trial._by_framework = {**self._by_framework, framework_id: [*rows[:place], (day, tried), *rows[place:]]}
        return trial

    def starts(self, framework_id: int) -> list[date]:
        """Every day on which a policy of the framework or of the district starts."""
        return sorted({starts_on for key in {framework_id, None} for starts_on, _ in self._by_framework.get(key, [])})

    def next_change(self, after: date) -> date | None:
        """The first day after `after` on which some policy starts."""
        days = [starts_on for rows in self._by_framework.values() for starts_on, _ in rows if starts_on > after]
        return min(days, default=None)


def in_force_of(row: Any) -> InForce:
    """What a row of policies says, stored or not yet. Raises ValueError where no scale or method can be made of it."""
    scale = Scale(cuts=tuple(row.cuts), mastery_level=row.mastery_level)
    parameters = Parameters.on(scale, newest_weight=float(row.newest_weight), times=row.times, whole=row.whole)
    words = tuple(row.level_words) or LEVEL_WORDS
    method = TREE if row.method == TREE.name else METHODS[row.method]
    return InForce(row.id, method, parameters, scale, words, row.minimum_n)
