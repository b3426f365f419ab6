"""How the demo's learners learn: a pure model that turns chance into a term of marks.

Every learner has an ability, a bent for each domain and for each standard, and a pace. A standard that is taught
gains until it levels off, less where what comes before it is not there yet. A mark is what was shown on that day.
The numbers are ours, chosen so that a wall looks like a class in its thirteenth week; nothing was fitted to data.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from paths.demo.framework import Taught

NOTHING, EXCUSED, NOT_SEEN = 0, -1, -2
"""Entries of a table of marks that are no level: no record at all, excused, not seen."""

CUTS = np.array([-0.98, 0.04, 1.1])
NOISE = 0.55
LEVELLING_DAYS = 9.0


@dataclass(frozen=True)
class Traits:
    """One row a learner of a class. All (n,): ability and pace in logits (pace a week), attendance in (0, 1].

    away: (n, 2) first and last school day of a long absence, equal where there was none.
    joined: school day on which the learner came, 0 for nearly all.
    """

    ability: NDArray[np.float64]
    pace: NDArray[np.float64]
    attendance: NDArray[np.float64]
    away: NDArray[np.int64]
    joined: NDArray[np.int64]


@dataclass(frozen=True)
class Event:
    """One assessment of a class. marks: (learners, standards), 1 to 4 or one of the codes above.

    kind: a value of Assessment.Kind.    standards: positions in what the class is taught.
    """

    kind: str
    day: date
    standards: tuple[int, ...]
    marks: NDArray[np.int64]


def draw_traits(learners: int, days: int, rng: np.random.Generator) -> Traits:
    """Learners of one class. days: school days so far, at least 1."""
    away = np.zeros((learners, 2), dtype=np.int64)
    for row in np.flatnonzero(rng.random(learners) < 0.05):
        first = int(rng.integers(0, max(days - 10, 1)))
        away[row] = first, first + int(rng.integers(8, 26))
    joined = np.zeros(learners, dtype=np.int64)
    newcomers = np.flatnonzero(rng.random(learners) < 0.03)
    joined[newcomers] = rng.integers(days // 3, days, size=newcomers.size)
    return Traits(
        ability=rng.normal(0.0, 0.85, learners),
        pace=np.clip(rng.normal(0.035, 0.02, learners), 0.0, None),
        attendance=rng.beta(40, 2, learners),
        away=away,
        joined=joined,
    )


def term_of_marks(
    traits: Traits, taught: Sequence[Taught], days: Sequence[date], weeks_in_term: float, rng: np.random.Generator
) -> list[Event]:
    """All assessments of one class in one subject so far, oldest first.

    taught: in teaching order.    days: school days so far, oldest first.
    weeks_in_term: length of the whole term; what is planned after the last of `days` has seldom been seen.
    """
    room = _Class(traits, taught, days, weeks_in_term, rng)
    events = [event for unit in room.units() for event in room.unit_events(unit)]
    events += [event for k in range(len(taught)) for event in room.standard_events(k)]
    return sorted((event for event in events if (event.marks > 0).any()), key=lambda event: (event.day, event.kind))


class _Class:
    def __init__(self, traits, taught, days, weeks_in_term, rng):
        self.traits, self.taught, self.days, self.rng = traits, taught, days, rng
        n, m = traits.ability.size, len(taught)
        self.shape = (n, m)
        position = {standard.code: k for k, standard in enumerate(taught)}
        self.before = [[position[code] for code in s.prerequisites if code in position] for s in taught]
        domains = {domain: rng.normal(0.0, 0.35, n) for domain in dict.fromkeys(s.domain for s in taught)}
        self.bent = np.column_stack([domains[s.domain] for s in taught]) + rng.normal(0.0, 0.45, (n, m))
        self.hardness = np.array([0.62 + 0.22 * depth for depth in self._depths()]) + rng.normal(0.0, 0.22, m)
        # The last week of a term brings nothing new.
        self.starts = np.linspace(1, weeks_in_term * 5 - 7, m, endpoint=False).astype(int)
        # Paths are personal: some come to a standard three weeks after the first.
        self.delay = np.clip(5.0 - 3.5 * traits.ability + rng.normal(0, 3.0, n), 0, 15).astype(int)

    def _depths(self):
        depths: list[int] = []
        for before in self.before:
            depths.append(1 + max((depths[k] for k in before), default=-1))
        return depths

    def units(self):
        """Runs of standards of one domain, as lists of positions."""
        runs: list[list[int]] = []
        for k, standard in enumerate(self.taught):
            if runs and self.taught[runs[-1][-1]].domain == standard.domain and len(runs[-1]) < 4:
                runs[-1].append(k)
            else:
                runs.append([k])
        return runs

    def unit_events(self, unit):
        """A first look, the unit's task, and new tries of those who were at 1 or 2."""
        start, end = int(self.starts[unit[0]]), int(self.starts[unit[-1]]) + 7
        if len(unit) > 1 and self.rng.random() < 0.6:
            yield self._event("pre", start - 1, unit[:1])
        if end >= len(self.days):
            return
        task = self._event("summative", end, unit, only=self.starts[unit[-1]] + self.delay <= end + 3)
        yield task
        for column, k in enumerate(unit):
            day = end + int(self.rng.integers(5, 9))
            again = np.isin(task.marks[:, column], (1, 2)) & (self.rng.random(self.shape[0]) < 0.55)
            if day < len(self.days) and again.any():
                yield self._event("reassessment", day, [k], only=again)

    def standard_events(self, k):
        """Exit tickets, a look at the table, and a quick check some weeks on."""
        start, n = int(self.starts[k]), self.shape[0]
        for day in (start + 2, start + 6):
            yield self._event("formative", day, [k], only=start + self.delay <= day)
        if self.rng.random() < 0.5:
            yield self._event("observation", start + 4, [k], only=self.rng.random(n) < 0.22)
        if self.rng.random() < 0.8:
            day = start + int(self.rng.integers(14, 24))
            yield self._event("formative", day, [k], only=start + self.delay <= day - 4)
        if start + 2 >= len(self.days):
            # Not taught yet: those who are through with the rest have begun on their own.
            eager = self.traits.ability + self.rng.normal(0, 0.6, n) > 0.4 + 0.012 * (start - len(self.days))
            yield self._event("formative", len(self.days) - int(self.rng.integers(2, 8)), [k], only=eager)

    def _event(self, kind, day, standards, *, only=None):
        """One assessment on school day number `day`; days after the last give an event without marks."""
        n = self.shape[0]
        marks = np.zeros((n, len(standards)), dtype=np.int64)
        if not 0 <= day < len(self.days):
            return Event(kind, self.days[-1], tuple(standards), marks)
        shown = self._readiness(day)[:, standards]
        shown = shown + self.rng.normal(0.0, NOISE, shown.shape)
        marks[:] = 1 + np.searchsorted(CUTS, shown)
        present = self._present(day)
        marks[~present] = np.where(self.rng.random((~present).sum()) < 0.7, NOT_SEEN, NOTHING)[:, None]
        marks[self.rng.random(n) < 0.012] = EXCUSED
        marks[self.traits.joined > day] = NOTHING
        if only is not None:
            marks[~only] = NOTHING
        if kind in {"observation", "reassessment"}:
            # These are written down for those who were there; nobody is noted as not seen.
            marks[marks < 0] = NOTHING
        return Event(kind, self.days[day], tuple(standards), marks)

    def _readiness(self, day):
        """(learners, standards) in logits against each standard's hardness on that school day."""
        since = day - self.starts
        learned = np.where(since > 0, 1.15 * (1 - np.exp(-np.maximum(since, 0) / LEVELLING_DAYS)), -0.5)
        grown = self.traits.ability + self.traits.pace * day / 5
        ready = np.empty(self.shape)
        for k, before in enumerate(self.before):
            ready[:, k] = grown + self.bent[:, k] + learned[k] - self.hardness[k]
            if before:
                ready[:, k] += 0.4 * np.minimum(ready[:, before].min(axis=1), 0.6)
        return ready

    def _present(self, day):
        came = self.rng.random(self.shape[0]) < self.traits.attendance
        away = self.traits.away
        return came & ~((away[:, 0] <= day) & (day < away[:, 1]))
