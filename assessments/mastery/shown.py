"""The level shown: a conventional method on the evidence of one pair alone, unless a teacher set it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assessments.mastery.counted import Counted, count_results
from assessments.mastery.events import NONE, History
from assessments.mastery.methods import LevelMethod, Parameters
from assessments.mastery.overrides import in_force
from assessments.mastery.rounding import NO_VALUE, to_micro
from assessments.mastery.scale import NO_LEVEL, Scale, level_from_micro

TREND_MICRO = 250_000
"""A quarter of a level: the smallest change of value that counts as a trend within one level."""


@dataclass(frozen=True)
class Shown:
    """One row per pair with any record, sorted by learner, then standard. All arrays are (pairs,).

    value_micro: the method's value in micro points, NO_VALUE for none; computed_level: its level, NO_LEVEL for none.
    shown_level: the level to show, export and group by: the teacher's where an override is in force.
    n: results that count.    tries: the same with earlier tries, which the evidence tree keeps.
    last_ts: days of the newest result that counts, NaN for none.
    override_record: the record of the override in force, NONE without.    newer: counted results since it was set.
    stamp: method, version and parameters of every value.    counted: the events behind it.
    """

    learner: NDArray[np.int64]
    standard: NDArray[np.int64]
    value_micro: NDArray[np.int64]
    computed_level: NDArray[np.int64]
    shown_level: NDArray[np.int64]
    n: NDArray[np.int64]
    tries: NDArray[np.int64]
    last_ts: NDArray[np.float64]
    override_record: NDArray[np.int64]
    newer: NDArray[np.int64]
    stamp: dict[str, Any]
    counted: Counted


def shown_levels(rows: History, *, method: LevelMethod, parameters: Parameters, scale: Scale, now: float) -> Shown:
    """The level of every pair in a history.

    rows: sorted by learner, then in replay order; nothing observed after `now`.
    now: days, in the origin of rows.ts; decides only whether an override has ended.
    """
    counted = count_results(rows, scale)
    micro = to_micro(method.values(rows, counted, parameters, scale))
    computed = level_from_micro(micro, scale.levels, whole=parameters.whole)
    level = computed.copy()
    override = np.full(len(level), NONE, dtype=np.int64)
    newer = np.zeros(len(level), dtype=np.int64)
    pairs = {}
    overrides = in_force(rows, now=now)
    if overrides:
        keys = zip(counted.learner.tolist(), counted.standard.tolist(), strict=True)
        pairs = {pair: i for i, pair in enumerate(keys)}
    for pair, row in overrides.items():
        i = pairs[pair]
        level[i] = min(int(rows.override_level[row]), scale.levels)
        override[i] = rows.record[row]
        newer[i] = np.sum(counted.row[counted.starts[i] : counted.starts[i + 1]] > row)
    return Shown(
        learner=counted.learner,
        standard=counted.standard,
        value_micro=micro,
        computed_level=computed,
        shown_level=level,
        n=np.diff(counted.starts),
        tries=counted.tries,
        last_ts=counted.last_ts(),
        override_record=override,
        newer=newer,
        stamp=method.stamp(parameters),
        counted=counted,
    )


def trend(
    level_before: ArrayLike, micro_before: ArrayLike, level_now: ArrayLike, micro_now: ArrayLike
) -> NDArray[np.int8]:
    """The direction over 30 days: 1 up, -1 down, 0 steady.

    "Before" is what was shown 30 days ago; where nothing was, the first that was shown since. A change of shown level
    decides; within one level, a change of value of a quarter of a level or more. No level on either side: steady.
    """
    level_before, level_now = np.asarray(level_before), np.asarray(level_now)
    micro_before, micro_now = np.asarray(micro_before), np.asarray(micro_now)
    change = np.where((micro_before == NO_VALUE) | (micro_now == NO_VALUE), 0, micro_now - micro_before)
    by_value = np.where(np.abs(change) >= TREND_MICRO, np.sign(change), 0)
    by_level = np.sign(level_now - level_before)
    known = (level_before != NO_LEVEL) & (level_now != NO_LEVEL)
    return np.where(known, np.where(by_level != 0, by_level, by_value), 0).astype(np.int8)
