"""Where learners were at home on which day, as arrays beside their histories."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from lrm.copying import DAY_2000, read_records
from lrm.rows import read

Ints = NDArray[np.int64]
NOWHERE = 0
"""Stands for no school, or one without a line of its own; no school has this id."""
ALWAYS, NEVER = 0, 1 << 22
"""Before the ordinal of any day, and after it."""

HOMES = """
SELECT learner_id, coalesce(starts_on, '0001-01-01'), coalesce(school_id, 0)
  FROM profiles_homeschool WHERE learner_id = ANY(%(learners)s)
 ORDER BY learner_id, starts_on NULLS FIRST
"""
RECORD = np.dtype([("learner", "i8"), ("start", "i4"), ("school", "i8")])
ON = """
SELECT DISTINCT ON (learner_id) learner_id, school_id FROM (
  SELECT learner_id, school_id, starts_on FROM profiles_homeschool
   WHERE learner_id = ANY(%(learners)s) AND (starts_on IS NULL OR starts_on <= %(day)s)) h
 ORDER BY learner_id, starts_on DESC NULLS LAST
"""


@dataclass(frozen=True)
class Homes:
    """Stays, sorted by learner, then by day.

    start: ordinal of the first day, ALWAYS for the first stay of a learner.
    """

    learner: Ints
    start: Ints
    school: Ints

    @property
    def until(self) -> Ints:
        """The first day after each stay, NEVER for the last."""
        goes_on = np.append(self.learner[1:] == self.learner[:-1], False)
        return np.where(goes_on, np.append(self.start[1:], NEVER), NEVER)

    def at(self, learner: Ints, day: Ints | int) -> Ints:
        """(asked,) the school on a day, NOWHERE where it is not known."""
        if not len(self.learner):
            return np.full(len(learner), NOWHERE, dtype=np.int64)
        keys = self.learner * NEVER + self.start
        place = np.searchsorted(keys, learner * NEVER + day, side="right") - 1
        known = (place >= 0) & (self.learner[np.maximum(place, 0)] == learner)
        return np.where(known, self.school[np.maximum(place, 0)], NOWHERE)

    def only(self, schools: Collection[int]) -> "Homes":
        """The same with every other school as NOWHERE."""
        return Homes(self.learner, self.start, np.where(np.isin(self.school, sorted(schools)), self.school, NOWHERE))


def read_homes(learner_ids: Collection[int]) -> Homes:
    """One statement."""
    found = read_records(HOMES, {"learners": sorted(set(learner_ids))}, RECORD)
    learner, start = found["learner"].copy(), found["start"].astype(np.int64) + DAY_2000
    first = np.append(True, learner[1:] != learner[:-1])[: len(learner)]
    start[first] = ALWAYS
    return Homes(learner, start, found["school"].copy())


def homes_on(learner_ids: Collection[int], day: date) -> dict[int, int | None]:
    """{learner: home school of that day}. One statement."""
    return {row.learner_id: row.school_id for row in read(ON, learners=sorted(set(learner_ids)), day=day)}
