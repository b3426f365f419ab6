"""What a policy would change: the levels of today under it, by the real engine over the ledger, nothing stored.

A district is walked in blocks of learners, so memory does not grow with it, and as far as the time of one request
goes; whoever asks carries on from the learner named at the end of a part.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
from django.db.models import Exists, OuterRef, QuerySet

from assessments.mastery.events import NONE
from assessments.mastery.rounding import MICRO
from assessments.mastery.scale import NO_LEVEL
from assessments.models import CalibrationVersion, MasteryPolicy, ModelState
from assessments.services.day_ends import DayEnds, ends_on
from assessments.services.histories import Into, read_pairs
from assessments.services.parents import Below, count_met
from assessments.services.policies import Policies, SchoolLine, in_force_of, line_of
from profiles.models import Account, District, Learner
from standards.models import Standard

TRIAL = 0
"""The id under which a policy that is only tried stands among the others; no stored one has it."""
LEARNERS_A_BLOCK = 100


@dataclass(frozen=True)
class Change:
    """A learner and a standard whose shown level would be another one; None for no level."""

    learner_id: int
    standard_id: int
    before: int | None
    after: int | None


@dataclass(frozen=True)
class Figures:
    """students: with a level before or after, on a standard that the policy is for; changed: those of another level.

    changes: levels that change; met_before, met_after: levels at mastery or more, by each policy's own mark.
    above_before, above_after: standards above others that are met, where a policy says when.
    """

    students: int = 0
    changed: int = 0
    changes: int = 0
    met_before: int = 0
    met_after: int = 0
    above_before: int = 0
    above_after: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(getattr(self, name) + getattr(other, name) for name in FIGURES))


FIGURES = ("students", "changed", "changes", "met_before", "met_after", "above_before", "above_after")


@dataclass(frozen=True)
class Part:
    """walked: learners looked at.    last: id of the last of them.    is_end: nobody comes after."""

    figures: Figures = Figures()
    changes: list[Change] = field(default_factory=list)
    walked: int = 0
    last: int = 0
    is_end: bool = False


@dataclass(frozen=True)
class Trial:
    """A policy to be tried on some learners. today: the day whose levels are compared, in the district's calendar.

    of_all: every level of the subjects counts, not only those that something else would decide than now.
    """

    district: District
    learners: QuerySet[Learner]
    before: Policies
    after: Policies
    subject_ids: list[int]
    today: date
    of_all: bool = False

    def count(self) -> int:
        """How many learners there are to walk. One statement."""
        return self._to_walk().count()

    def blocks(self, *, after: int = 0) -> Iterator[Part]:
        """The learners after this id, block by block, in the order of their ids. Three statements a block, one more
        for either side that says when standards above others are met."""
        zone = ZoneInfo(self.district.time_zone)
        while True:
            ids = list(
                self._to_walk().filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:LEARNERS_A_BLOCK]
            )
            is_end = len(ids) < LEARNERS_A_BLOCK
            after = ids[-1] if ids else after
            figures, changes = self._try(ids, zone) if ids else (Figures(), [])
            yield Part(figures, changes, len(ids), after, is_end)
            if is_end:
                return

    def part(self, *, after: int = 0, seconds: float) -> Part:
        """As many blocks as begin within so many seconds, at least one."""
        began, whole = time.monotonic(), Part(last=after)
        for block in self.blocks(after=after):
            whole = Part(
                whole.figures + block.figures,
                whole.changes + block.changes,
                whole.walked + block.walked,
                block.last,
                block.is_end,
            )
            if time.monotonic() - began >= seconds:
                break
        return whole

    def _to_walk(self) -> QuerySet[Learner]:
        state = ModelState.objects.filter(learner=OuterRef("pk"), subject__in=self.subject_ids)
        return self.learners.filter(Exists(state), left_on__isnull=True)

    def _try(self, learner_ids: list[int], zone: ZoneInfo) -> tuple[Figures, list[Change]]:
        if self.before.matched_into() or self.after.matched_into():
            # Results on exact matches reach subjects in which a learner has no state yet.
            pairs = [(learner, subject) for learner in learner_ids for subject in self.subject_ids]
            into = Into(None)
        else:
            states = ModelState.objects.filter(learner__in=learner_ids, subject__in=self.subject_ids)
            pairs = list(states.order_by("learner_id", "subject_id").values_list("learner_id", "subject_id"))
            into = None
        schools = self.before.schools | self.after.schools
        histories = read_pairs(pairs, zone, into, with_homes=bool(schools)).up_to(self.today)
        if not len(histories):
            return Figures(), []
        before = ends_on(histories, self.before, self.today)
        after = ends_on(histories, self.after, self.today)
        differs = np.array([[was.name != then.name for then in after.policies] for was in before.policies])
        of_trial = differs[before.policy, after.policy] | self.of_all
        seen = of_trial & ((before.shown_level != NO_LEVEL) | (after.shown_level != NO_LEVEL))
        changed = np.flatnonzero(seen & (before.shown_level != after.shown_level))
        figures = Figures(
            students=len(np.unique(after.learner[seen])),
            changed=len(np.unique(after.learner[changed])),
            changes=len(changed),
            met_before=_met(before, seen),
            met_after=_met(after, seen),
            above_before=count_met(_below(before, of_trial), self.before, day=self.today),
            above_after=count_met(_below(after, of_trial), self.after, day=self.today),
        )
        changes = [
            Change(learner, standard, old or None, new or None)
            for learner, standard, old, new in zip(
                after.learner[changed].tolist(),
                after.standard[changed].tolist(),
                before.shown_level[changed].tolist(),
                after.shown_level[changed].tolist(),
                strict=True,
            )
        ]
        return figures, changes


def try_policy(policy: MasteryPolicy, *, by: Account, today: date, school_id: int | None = None) -> Trial:
    """Try a policy as if it were in force today, on the learners whom the account may see.

    policy: need not be stored, and is not; of a school's line those who are at home there are tried, as of its first
    day where the scale above it has another number of levels by then.
    school_id: only learners at home there. Two statements.
    Raises ValueError where no scale or method can be made of it.
    """
    before = Policies(policy.district_id)
    if policy.school_id is None:
        after = before.with_trial(policy.framework_id, replace(in_force_of(policy), policy_id=TRIAL), today)
    else:
        line = line_of(policy)
        tried = replace(line, policy_id=TRIAL) if isinstance(line, SchoolLine) else line
        levels = [before.decided(policy.framework_id, day).scale.levels for day in (today, policy.starts_on)]
        if policy.starts_on > today and levels[0] != levels[1]:
            today = policy.starts_on
        after = before.with_line(policy.school_id, policy.framework_id, tried, today)
        school_id = policy.school_id
    learners = Learner.objects.visible_to(by)
    standards = Standard.objects.all()
    if policy.framework_id is not None:
        standards = standards.filter(framework=policy.framework_id)
    return Trial(
        district=policy.district,
        learners=learners if school_id is None else learners.filter(home_school=school_id),
        before=before,
        after=after,
        subject_ids=sorted(standards.order_by().values_list("subject_id", flat=True).distinct()),
        today=today,
    )


def try_calibration(calibration: CalibrationVersion, *, district: District, today: date) -> Trial:
    """Try a calibration as if it had started today, on every learner of its subject. Two statements."""
    before = Policies(district.pk)
    return Trial(
        district=district,
        learners=Learner.objects.filter(district=district),
        before=before,
        after=before.with_calibration(calibration.subject_id, calibration.pk, today),
        subject_ids=[calibration.subject_id],
        today=today,
        of_all=True,
    )


def _below(ends: DayEnds, of_trial: np.ndarray) -> Below:
    """What is shown of the pairs that a trial is for."""
    by_teacher = ends.override[of_trial] != NONE
    level = ends.shown_level[of_trial]
    value = np.where(by_teacher, level * MICRO, ends.value_micro[of_trial])
    return Below(ends.learner[of_trial], ends.standard[of_trial], level, value)


def _met(ends: DayEnds, seen: np.ndarray) -> int:
    marks = np.array([one.scale.mastery_level for one in ends.policies])[ends.policy]
    return int((seen & (ends.shown_level >= marks)).sum())
