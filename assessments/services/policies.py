"""Which method, parameters, scale and words are in force for a framework on a day."""

from bisect import bisect_right
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from assessments.mastery.calibration import UNCALIBRATED, Calibration
from assessments.mastery.methods import METHODS, Method, Parameters
from assessments.mastery.scale import DEFAULT_SCALE, Scale
from assessments.mastery.tree_level import TreeMethod
from assessments.services import calibrations
from assessments.services.histories import Into
from lrm.rows import read
from profiles.level_names import names_on

LEVEL_WORDS = (_("Starting"), _("Building"), _("Secure"), _("Extending"))


TREE = TreeMethod()


def uncalibrated(subject_id: int) -> Calibration:
    return UNCALIBRATED


@dataclass(frozen=True)
class InForce:
    """policy_id: None where the shipped defaults are in force.

    exact_matches: whether results on a standard's exact matches count for it.
    parent_rule: a MasteryPolicy.ParentRule, "" for none; parent_share: of children to be met, in (0, 1].
    calibration: of a subject, by its id; what the evidence tree reads with on that day.
    offsets: the same without its questions, for those who read states and no results.
    """

    policy_id: int | None
    method: Method | TreeMethod
    parameters: Parameters
    scale: Scale
    words: tuple = LEVEL_WORDS
    minimum_n: int = 10
    parent_rule: str = ""
    parent_share: float = 1.0
    exact_matches: bool = False
    calibration: Callable[[int], Calibration] = field(default=uncalibrated, compare=False)
    offsets: Callable[[int], Calibration] = field(default=uncalibrated, compare=False)

    def word(self, level: int | None) -> str:
        """The name of a level; "" for none, and for one above this scale.

        Levels of a scale that had more stand until workers are through, and what a teacher set stays as it was set.
        """
        return str(self.words[level - 1]) if level and level <= len(self.words) else ""


DEFAULTS = InForce(None, METHODS["decaying"], Parameters.on(DEFAULT_SCALE), DEFAULT_SCALE)


POLICIES = """
SELECT 'policy' AS what, id, framework_id, NULL::bigint AS subject_id, id AS place, starts_on, method, newest_weight,
       times, whole, cuts, level_words, mastery_level, minimum_n, parent_rule, parent_share, exact_matches
  FROM assessments_masterypolicy WHERE district_id = %(of)s AND withdrawn_at IS NULL
 UNION ALL
SELECT 'calibration', c.calibration_id, NULL, c.subject_id, c.id, c.starts_on, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       NULL, NULL, NULL, NULL
  FROM assessments_calibrationstart c JOIN standards_subject s ON s.id = c.subject_id
 WHERE s.district_id = %(of)s AND c.withdrawn_at IS NULL
 UNION ALL
SELECT 'carried', id, into_id, NULL, id, confirmed_at::date, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       NULL
  FROM assessments_carryover WHERE district_id = %(of)s AND undone_at IS NULL
 ORDER BY starts_on, place
"""


class Policies:
    """All policies of a district and the starts of its calibrations, read once: `policies.on(framework_id, day)`."""

    def __init__(self, district_id: int) -> None:
        self._by_framework: dict[int | None, list[tuple[date, InForce]]] = {}
        self._calibrations: dict[int, list[tuple[date, int]]] = {}
        self._carried_into: set[int] = set()
        for row in read(POLICIES, of=district_id):
            if row.what == "carried":
                self._carried_into.add(row.framework_id)
            elif row.what == "policy":
                self._by_framework.setdefault(row.framework_id, []).append((row.starts_on, in_force_of(row)))
            else:
                self._calibrations.setdefault(row.subject_id, []).append((row.starts_on, row.id))

    def on(self, framework_id: int | None, day: date, *, subject_id: int | None = None) -> InForce:
        """The framework's own policy where one has started, else the district's, else the defaults.

        Levels are called as the school of whoever reads calls them that day (profiles/level_names.py), where it has
        names for just this scale and the framework calls them as the district does.
        subject_id: of the standard asked about; where the tree is the method, with the subject's calibration of the
        day.
        """
        found = self.decided(framework_id, day)
        names = names_on(day)
        if names and self.renames(found, len(names), day):
            found = replace(found, words=names)
        if not self._calibrations:
            return found
        calibration = partial(self.calibration, day=day)
        method = found.method
        if isinstance(method, TreeMethod) and subject_id is not None:
            method = TreeMethod(calibration(subject_id))
        return replace(found, method=method, calibration=calibration, offsets=partial(self.offsets, day=day))

    def renames(self, policy: InForce, levels: int, day: date) -> bool:
        """Whether a school's names of so many levels take the place of this policy's: it names them as the district."""
        return levels == len(policy.words) and policy.words == self.decided(None, day).words

    def calibration(self, subject_id: int, day: date) -> Calibration:
        """The version that started last by that day."""
        started = self._started(subject_id, day)
        return UNCALIBRATED if started is None else self.load(started)

    def offsets(self, subject_id: int, day: date) -> Calibration:
        """That version without its questions."""
        started = self._started(subject_id, day)
        return UNCALIBRATED if started is None else self.load_offsets(started)

    def _started(self, subject_id: int, day: date) -> int | None:
        starts = self._calibrations.get(subject_id, [])
        place = bisect_right([starts_on for starts_on, _ in starts], day)
        return starts[place - 1][1] if place else None

    def starts(self, framework_id: int, subject_id: int) -> list[date]:
        """Every day on which the way of the framework's standards of a subject changes: policies of the framework or of
        the district, and calibrations where one of those names the tree."""
        policies = [row for key in {framework_id, None} for row in self._by_framework.get(key, [])]
        days = {starts_on for starts_on, _ in policies}
        if any(isinstance(policy.method, TreeMethod) for _, policy in policies):
            days |= {starts_on for starts_on, _ in self._calibrations.get(subject_id, [])}
        return sorted(days)

    def next_change(self, after: date) -> date | None:
        """The first day after `after` on which some policy or calibration starts."""
        every: list[list[tuple[date, Any]]] = [*self._by_framework.values(), *self._calibrations.values()]
        return min((starts_on for rows in every for starts_on, _ in rows if starts_on > after), default=None)

    def names_tree(self, since: date) -> bool:
        """Whether the tree is the level method of some policy that is in force that day, or later."""
        for rows in self._by_framework.values():
            place = bisect_right([starts_on for starts_on, _ in rows], since)
            if any(isinstance(policy.method, TreeMethod) for _, policy in rows[max(place - 1, 0) :]):
                return True
        return False

    def matched_into(self) -> Into | None:
        """Where results on exact matches count on some day, and that of those that were carried over; None: nowhere."""
        frameworks = [
            framework
            for framework, rows in self._by_framework.items()
            if any(policy.exact_matches for _, policy in rows)
        ]
        if not frameworks and not self._carried_into:
            return None
        within = None if None in frameworks else tuple(one for one in frameworks if one is not None)
        return Into(within, exact=bool(frameworks))

    def counted_in(self, framework_id: int, policy: InForce) -> Into | None:
        """The same for one framework under the policy in force there."""
        if not policy.exact_matches and framework_id not in self._carried_into:
            return None
        return Into((framework_id,), exact=policy.exact_matches)

    def mastery_levels(self, day: date) -> dict[int | None, int]:
        """{framework: the lowest level that counts as met} where one has a policy of its own; None: of all others."""
        return {key: self.decided(key, day).scale.mastery_level for key in {None, *self._by_framework}}

    def minimum_n(self, day: date) -> int:
        """The largest of any policy in force that day: one publication holds the figures of every framework."""
        return max(self.decided(framework, day).minimum_n for framework in {None, *self._by_framework})

    def roll_up(self, day: date) -> bool:
        """Whether some policy in force that day says what a standard above others shows."""
        return any(self.decided(framework, day).parent_rule for framework in self._by_framework)

    def decided(self, framework_id: int | None, day: date) -> InForce:
        """What the framework, or the district, has decided, in its own words and without calibrations."""
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

    def with_calibration(self, subject_id: int, calibration_id: int, day: date) -> "Policies":
        """As they would stand if the subject had one more calibration from that day on; nothing is stored."""
        trial = copy(self)
        rows = self._calibrations.get(subject_id, [])
        place = bisect_right([starts_on for starts_on, _ in rows], day)
        added = [*rows[:place], (day, calibration_id), *rows[place:]]
        trial._calibrations = {**self._calibrations, subject_id: added}
        return trial

    load = staticmethod(calibrations.load)
    load_offsets = staticmethod(calibrations.load_offsets)


def in_force_of(row: Any) -> InForce:
    """What a row of policies says, stored or not yet. Raises ValueError where no scale or method can be made of it."""
    scale = Scale(cuts=tuple(row.cuts), mastery_level=row.mastery_level)
    parameters = Parameters.on(scale, newest_weight=float(row.newest_weight), times=row.times, whole=row.whole)
    words = tuple(row.level_words) or LEVEL_WORDS
    method = TREE if row.method == TREE.name else METHODS[row.method]
    return InForce(
        row.id,
        method,
        parameters,
        scale,
        words,
        row.minimum_n,
        parent_rule=row.parent_rule,
        parent_share=float(row.parent_share),
        exact_matches=row.exact_matches,
    )
