"""Which method, parameters, scale and words are in force for a framework on a day, at a school where it has its own."""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from assessments.mastery.calibration import UNCALIBRATED, Calibration
from assessments.mastery.methods import METHODS, Method, Parameters
from assessments.mastery.scale import DEFAULT_SCALE, Scale
from assessments.mastery.tree_level import TreeMethod
from assessments.models.policy import AS_DISTRICT, ENDS
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
    school_id: the school whose own line this is, policy_id being that line's; None where the district decides.
    under: then the id of the policy of the district or framework that says the rest.
    mix: of figures of several schools, those that have a line of their own; is_used: whether others have none.
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
    school_id: int | None = None
    under: int | None = None
    mix: tuple["OwnMethod", ...] = ()
    is_used: bool = True

    @property
    def name(self) -> tuple[int | None, int | None]:
        """What decided it: two of the same name say the same, but for calibrations."""
        return self.policy_id, self.under

    def within(self, school_ids: Collection[int]) -> "InForce":
        """Of figures of these schools alone."""
        mix = tuple(one for one in self.mix if one.school_id in school_ids)
        return _mixed(self, mix, len(school_ids))

    def word(self, level: int | None) -> str:
        """The name of a level; "" for none, and for one above this scale.

        Levels of a scale that had more stand until workers are through, and what a teacher set stays as it was set.
        """
        return str(self.words[level - 1]) if level and level <= len(self.words) else ""


DEFAULTS = InForce(None, METHODS["decaying"], Parameters.on(DEFAULT_SCALE), DEFAULT_SCALE)


class OwnMethod(NamedTuple):
    school_id: int
    name: str
    policy: InForce


def _mixed(usual: InForce, mix: tuple[OwnMethod, ...], schools: int) -> InForce:
    if len(mix) == schools == 1:
        return mix[0].policy
    return replace(usual, mix=mix, is_used=len(mix) < schools or not schools)


@dataclass(frozen=True)
class SchoolLine:
    """A school's own method and cut points. What else there is to say the district and its frameworks say."""

    policy_id: int
    school_id: int
    method: Method | TreeMethod
    newest_weight: float
    times: int
    whole: bool
    cuts: tuple[float, ...]

    def over(self, base: InForce) -> InForce | None:
        """This on the number of levels and the mark of the base; None where that has more or fewer levels: it rests."""
        if len(self.cuts) != len(base.scale.cuts):
            return None
        scale = Scale(cuts=self.cuts, mastery_level=base.scale.mastery_level)
        return replace(
            base,
            policy_id=self.policy_id,
            method=self.method,
            parameters=Parameters.on(scale, newest_weight=self.newest_weight, times=self.times, whole=self.whole),
            scale=scale,
            school_id=self.school_id,
            under=base.policy_id,
        )


@dataclass(frozen=True)
class AsDistrict:
    """A school's word for one framework: the district decides there, whatever the school has for all of them."""

    policy_id: int
    school_id: int
    method: None = None

    def over(self, base: InForce) -> InForce:
        return base


Line = SchoolLine | AsDistrict
Key = tuple[int, int | None]
"""A school and a framework, None for all of them."""


POLICIES = """
SELECT 'policy' AS what, id, framework_id, NULL::bigint AS subject_id, id AS place, starts_on, method, newest_weight,
       times, whole, cuts, level_words, mastery_level, minimum_n, parent_rule, parent_share, exact_matches, school_id
  FROM assessments_masterypolicy WHERE district_id = %(of)s AND withdrawn_at IS NULL
 UNION ALL
SELECT 'calibration', c.calibration_id, NULL, c.subject_id, c.id, c.starts_on, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       NULL, NULL, NULL, NULL, NULL
  FROM assessments_calibrationstart c JOIN standards_subject s ON s.id = c.subject_id
 WHERE s.district_id = %(of)s AND c.withdrawn_at IS NULL
 UNION ALL
SELECT 'carried', id, into_id, NULL, id, confirmed_at::date, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       NULL, NULL
  FROM assessments_carryover WHERE district_id = %(of)s AND undone_at IS NULL
 ORDER BY starts_on, place
"""


class Policies:
    """All policies of a district and the starts of its calibrations, read once: `policies.on(framework_id, day)`.

    A school's own line for a framework comes first, then its line for all frameworks, then what the framework has, then
    the district; a school may also leave one framework to the district. The number of levels, the level from which a
    standard counts as met and everything else that is not method or cut points is the framework's or the district's at
    every school: whoever asks for these needs no school.
    """

    _of_schools: Mapping[Key, list[tuple[date, Line | None]]] = MappingProxyType({})
    """By school and framework, None from a day on on which the school's own line ends."""

    def __init__(self, district_id: int) -> None:
        of_schools: dict[Key, list[tuple[date, Line | None]]] = {}
        self._by_framework: dict[int | None, list[tuple[date, InForce]]] = {}
        self._calibrations: dict[int, list[tuple[date, int]]] = {}
        self._carried_into: set[int] = set()
        for row in read(POLICIES, of=district_id):
            if row.what == "carried":
                self._carried_into.add(row.framework_id)
            elif row.what == "policy" and row.school_id is not None:
                of_schools.setdefault((row.school_id, row.framework_id), []).append((row.starts_on, line_of(row)))
            elif row.what == "policy":
                self._by_framework.setdefault(row.framework_id, []).append((row.starts_on, in_force_of(row)))
            else:
                self._calibrations.setdefault(row.subject_id, []).append((row.starts_on, row.id))
        self._of_schools = of_schools

    def on(
        self, framework_id: int | None, day: date, *, subject_id: int | None = None, school_id: int | None = None
    ) -> InForce:
        """The framework's own policy where one has started, else the district's, else the defaults.

        school_id: the home school of that day of the learner whose level it is; its own method and cut points come
        before these.

        Levels are called as the school of whoever reads calls them that day (profiles/level_names.py), where it has
        names for just this scale and the framework calls them as the district does.
        subject_id: of the standard asked about; where the tree is the method, with the subject's calibration of the
        day.
        """
        found = self.decided(framework_id, day, school_id)
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

    @property
    def schools(self) -> frozenset[int]:
        """Ids of those that have, have had or will have a line of their own. Where there is none nobody needs to know
        who was at home where."""
        return frozenset(school for school, _framework in self._of_schools)

    def mixed(self, framework_id: int | None, day: date, names: Mapping[int, str]) -> InForce:
        """Of figures of several schools: what is in force above them, and which of them have a line of their own.

        names: of the schools, by id; of one alone its own line is the answer.
        """
        found = [
            OwnMethod(school, name, self.on(framework_id, day, school_id=school))
            for school, name in names.items()
            if school in self.schools
        ]
        mix = tuple(one for one in found if one.policy.school_id is not None)
        return _mixed(self.on(framework_id, day), mix, len(names))

    def starts(self, framework_id: int, subject_id: int, school_id: int | None = None) -> list[date]:
        """Every day on which the way of the framework's standards of a subject changes: policies of the framework or of
        the district, lines of the school, and calibrations where one of those names the tree."""
        policies: list[tuple[date, Any]] = [
            row for key in {framework_id, None} for row in self._by_framework.get(key, [])
        ]
        if school_id is not None:
            policies += [row for key in {framework_id, None} for row in self._of_schools.get((school_id, key), [])]
        days = {starts_on for starts_on, _ in policies}
        if any(policy is not None and isinstance(policy.method, TreeMethod) for _, policy in policies):
            days |= {starts_on for starts_on, _ in self._calibrations.get(subject_id, [])}
        return sorted(days)

    def next_change(self, after: date) -> date | None:
        """The first day after `after` on which some policy or calibration starts."""
        every: list[list[tuple[date, Any]]] = [*self._by_framework.values(), *self._of_schools.values()]
        every += self._calibrations.values()
        return min((starts_on for rows in every for starts_on, _ in rows if starts_on > after), default=None)

    def names_tree(self, since: date) -> bool:
        """Whether the tree is the level method of some policy that is in force that day, or later."""
        every: list[list[tuple[date, Any]]] = [*self._by_framework.values(), *self._of_schools.values()]
        for rows in every:
            place = bisect_right([starts_on for starts_on, _ in rows], since)
            ahead = [policy for _, policy in rows[max(place - 1, 0) :] if policy is not None]
            if any(isinstance(policy.method, TreeMethod) for policy in ahead):
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

    def decided(self, framework_id: int | None, day: date, school_id: int | None = None) -> InForce:
        """What the school, the framework, or the district has decided, in the words of the last two and without
        calibrations. A school's line rests while the scale has another number of levels."""
        base = self._decided_above(framework_id, day)
        if school_id is None or not self._of_schools:
            return base
        for framework in dict.fromkeys((framework_id, None)):
            line = self.line(school_id, framework, day)
            own = None if line is None else line.over(base)
            if own is not None:
                return own
        return base

    def line(self, school_id: int, framework_id: int | None, day: date) -> Line | None:
        """What a school has written for just this framework, None for all: resting or not."""
        rows = self._of_schools.get((school_id, framework_id), [])
        place = bisect_right([starts_on for starts_on, _ in rows], day)
        return rows[place - 1][1] if place else None

    def _decided_above(self, framework_id: int | None, day: date) -> InForce:
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

    def with_versions(self, rows: Iterable[Any]) -> "Policies":
        """As they would stand if the district had written these and no others. rows: the oldest first day first."""
        other = copy(self)
        other._by_framework = {}
        for row in rows:
            other._by_framework.setdefault(row.framework_id, []).append((row.starts_on, in_force_of(row)))
        return other

    def with_line(self, school_id: int, framework_id: int | None, tried: Line | None, day: date) -> "Policies":
        """The same with a school's line; None for its end."""
        trial, key = copy(self), (school_id, framework_id)
        rows = self._of_schools.get(key, [])
        place = bisect_right([starts_on for starts_on, _ in rows], day)
        trial._of_schools = {**self._of_schools, key: [*rows[:place], (day, tried), *rows[place:]]}
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
    return InForce(
        row.id,
        _method_of(row),
        parameters,
        scale,
        words,
        row.minimum_n,
        parent_rule=row.parent_rule,
        parent_share=float(row.parent_share),
        exact_matches=row.exact_matches,
    )


def line_of(row: Any) -> Line | None:
    """What a row of a school's says, stored or not yet; None for one that ends what the school had for just this."""
    if row.method == ENDS:
        return None
    if row.method == AS_DISTRICT:
        return AsDistrict(row.id, row.school_id)
    return SchoolLine(
        row.id, row.school_id, _method_of(row), float(row.newest_weight), row.times, row.whole, tuple(row.cuts)
    )


def _method_of(row: Any) -> Method | TreeMethod:
    return TREE if row.method == TREE.name else METHODS[row.method]
