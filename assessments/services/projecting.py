"""From histories to what is stored: levels now, levels at the end of each school day, and the model's state.

Nothing here reads or writes a table; recompute and rebuild share it, which is why they agree.
"""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from assessments.mastery import tree_replay
from assessments.mastery.events import NONE, OVERRIDE_SET
from assessments.mastery.left_out import NOTHING
from assessments.mastery.rounding import NO_VALUE
from assessments.mastery.scale import NO_LEVEL, Scale
from assessments.mastery.shown import trend
from assessments.mastery.tree import new_state
from assessments.services.day_ends import DayEnds, day_ends
from assessments.services.histories import Histories
from assessments.services.homes import NOWHERE
from assessments.services.policies import Policies
from lrm.copying import DAY_2000, MICROS_2000, NO_INSTANT, Records

MODEL_VERSION = "tree-1"
CALIBRATED_MODEL = "t1-"
"""Of the same model, before the name of its calibration."""
NOTHING_KNOWN = new_state().to_bytes()
TREND_DAYS = 30
MOST_COUNTED = int(np.iinfo(np.int16).max)
"""A column of results counted holds no more than this, and no level depends on the rest."""

DAY_ROW = np.dtype(
    [
        ("learner_id", "i8"), ("standard_id", "i8"), ("day", "i4"), ("value_micro", "i4"), ("level", "i2"),
        ("shown_level", "i2"), ("n", "i2"), ("left_out", "i2"), ("method", "S16"), ("policy_id", "i8"),
        ("method_version", "S16"),
    ]
)  # fmt: skip
"""A row of MasteryDay; day: since 2000, as PostgreSQL counts."""
NOW_ROW = np.dtype(
    [
        ("learner_id", "i8"), ("standard_id", "i8"), ("value_micro", "i4"), ("level", "i2"), ("shown_level", "i2"),
        ("n", "i2"), ("left_out", "i2"), ("method", "S16"), ("policy_id", "i8"), ("method_version", "S16"),
        ("override_id", "i8"), ("trend", "i2"), ("last_observed_at", "i8"),
    ]
)  # fmt: skip
"""A row of Mastery; last_observed_at: microseconds since 2000."""
MISSING = {
    "value_micro": NO_VALUE,
    "level": NO_LEVEL,
    "shown_level": NO_LEVEL,
    "policy_id": NONE,
    "override_id": NONE,
    "last_observed_at": NO_INSTANT,
}
"""What stands for NULL in these rows."""


@dataclass(frozen=True)
class Projection:
    """now: NOW_ROW of every pair, sorted; subject: (now,) of its standard.

    days: DAY_ROW of every pair and day with a change, sorted.
    state: (learner, subject) -> the model that made it, and the evidence tree's state (`LearnerState.to_bytes`).
    wakes: (learner, subject) -> the first day after today on which something changes by date alone.
    """

    now: Records
    subject: np.ndarray
    days: Records
    state: dict[tuple[int, int], tuple[str, bytes]]
    wakes: dict[tuple[int, int], date]


def project(histories: Histories, policies: Policies, *, today: date) -> Projection:
    """Everything that is stored about the pairs in these histories, as of today."""
    if not len(histories):
        return Projection(np.empty(0, NOW_ROW), np.empty(0, np.int64), np.empty(0, DAY_ROW), {}, {})
    ends = day_ends(histories, policies, today)
    kept = _kept(ends)
    return Projection(
        _now(ends, kept),
        ends.subject,
        _days(ends, kept),
        _states(histories.learned(), policies, today),
        _wakes(histories, policies, today),
    )


def _kept(ends: DayEnds) -> np.ndarray:
    """The ends of days that differ from the end before them; a pair's story does not begin with nothing."""
    first = np.append(True, ends.pair[1:] != ends.pair[:-1])
    policy_id, _method, version = _policy_columns(ends)
    differs = first.copy()
    for column in (ends.value_micro, ends.level, ends.shown_level, ends.n, ends.left_out, policy_id, version):
        differs[1:] |= column[1:] != column[:-1]
    nothing = (ends.shown_level == NO_LEVEL) & (ends.n == 0) & (ends.left_out == NOTHING)
    return np.flatnonzero(differs & ~(first & nothing))


def _days(ends: DayEnds, kept: np.ndarray) -> Records:
    policy_id, method, version = _policy_columns(ends)
    rows = np.empty(len(kept), DAY_ROW)
    rows["learner_id"] = ends.learner[ends.pair[kept]]
    rows["standard_id"] = ends.standard[ends.pair[kept]]
    rows["day"] = ends.day[kept] - DAY_2000
    rows["method"], rows["policy_id"], rows["method_version"] = method[kept], policy_id[kept], version[kept]
    for name in ("value_micro", "level", "shown_level", "left_out"):
        rows[name] = getattr(ends, name)[kept]
    rows["n"] = np.minimum(ends.n[kept], MOST_COUNTED)
    return rows


def _now(ends: DayEnds, kept: np.ndarray) -> Records:
    last = np.flatnonzero(np.append(ends.pair[1:] != ends.pair[:-1], True))
    policy_id, method, version = _policy_columns(ends)
    rows = np.empty(len(last), NOW_ROW)
    rows["learner_id"], rows["standard_id"] = ends.learner, ends.standard
    rows["method"], rows["policy_id"], rows["method_version"] = method[last], policy_id[last], version[last]
    for name in ("value_micro", "level", "shown_level", "left_out"):
        rows[name] = getattr(ends, name)[last]
    rows["n"] = np.minimum(ends.n[last], MOST_COUNTED)
    rows["override_id"] = ends.override[last]
    rows["trend"] = _trends(ends, last, kept)
    observed = ends.last_ts[last]
    known = ~np.isnan(observed)
    rows["last_observed_at"] = NO_INSTANT
    rows["last_observed_at"][known] = np.rint(observed[known] * 86_400_000_000).astype(np.int64) - MICROS_2000
    return rows


def _policy_columns(ends: DayEnds) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(ends,) policy id, method and method version."""
    ids = [NONE if one.policy_id is None else one.policy_id for one in ends.policies]
    methods = [one.method.name.encode() for one in ends.policies]
    versions = [one.method.version.encode() for one in ends.policies]
    return np.array(ids)[ends.policy], np.array(methods, "S16")[ends.policy], np.array(versions, "S16")[ends.policy]


def _trends(ends: DayEnds, last: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """(pairs,) the direction over the thirty days before the newest end that the history keeps; 0 without a level or a
    result. What changed nothing is not kept, so that a closed day, read from the history, has the same direction.

    It starts from what was shown thirty days before, else from the first that was shown since.
    """
    shown = np.flatnonzero(ends.shown_level != NO_LEVEL)
    if not len(shown) or not len(kept):
        return np.zeros(len(last), dtype=np.int8)
    span = int(ends.day.max()) + 1
    keys = ends.pair[shown] * span + ends.day[shown]
    pair = ends.pair[last]
    first = np.searchsorted(keys, pair * span)
    # Of a pair of which nothing is kept there is no level either: its newest is not used.
    newest = ends.day[kept[np.maximum(np.searchsorted(kept, last, side="right") - 1, 0)]]
    upto = np.searchsorted(keys, pair * span + np.maximum(newest - TREND_DAYS, 0), side="right")
    start = shown[np.minimum(np.where(upto > first, upto - 1, first), len(shown) - 1)]
    known = (ends.shown_level[last] != NO_LEVEL) & ~np.isnan(ends.last_ts[last])
    level, value = ends.shown_level, ends.value_micro
    return np.where(known, trend(level[start], value[start], level[last], value[last]), 0)


def _states(histories: Histories, policies: Policies, today: date) -> dict[tuple[int, int], tuple[str, bytes]]:
    """The evidence tree after everything, of every learner and subject, on the scale of their framework at the school
    at which the learner is at home today.

    What counts on another standard because of an exact match is learned from once, on its own standard; what was
    carried over, where it was carried to.
    """
    order, number, first = histories.streams()
    learner, subject = histories.rows.learner[order], histories.subject[order]
    framework = histories.framework[order[first]]
    found: dict[tuple[int, int], tuple[str, bytes]] = {}
    pairs = list(zip(learner[first].tolist(), subject[first].tolist(), strict=True))
    alike: dict[tuple[Scale, int], list[int]] = {}
    school = np.full(len(first), NOWHERE)
    if histories.homes is not None:
        school = histories.homes.only(policies.schools).at(learner[first], today.toordinal())
    places = list(zip(framework.tolist(), school.tolist(), strict=True))
    scales = {one: policies.on(one[0], today, school_id=one[1] or None).scale for one in set(places)}
    versions = {one: policies.calibration(one, today) for one in set(subject.tolist())}
    calibrated = [one for one, version in versions.items() if not version.is_empty]
    for stream, (one, its) in enumerate(zip(places, subject[first].tolist(), strict=True)):
        alike.setdefault((scales[one], its if its in calibrated else NONE), []).append(stream)
    for (scale, its), streams in alike.items():
        of_it = np.zeros(len(first), dtype=bool)
        of_it[streams] = True
        chosen = np.flatnonzero(of_it[number])
        # The tree knows one subject of a learner; each goes as a learner of its own.
        rows = replace(histories.rows.take(order[chosen]), learner=number[chosen])
        terms = {} if its == NONE else versions[its].terms(rows)._asdict()
        model = MODEL_VERSION if its == NONE else CALIBRATED_MODEL + versions[its].version
        states = tree_replay.replay(rows, scale=scale, **terms).to_bytes()
        for stream in streams:
            found[pairs[stream]] = model, states.get(stream, NOTHING_KNOWN)
    return found


def _wakes(histories: Histories, policies: Policies, today: date) -> dict[tuple[int, int], date]:
    """Overrides that end and policies that start after today: the pair is to be looked at again on that day."""
    learner, subject = histories.rows.learner, histories.subject
    change = policies.next_change(today)
    found: dict[tuple[int, int], date] = {}
    if change:
        found = dict.fromkeys(zip(learner.tolist(), subject.tolist(), strict=True), change)
    to_end = (histories.rows.kind == OVERRIDE_SET) & (histories.ends_day > today.toordinal())
    for i in np.flatnonzero(to_end).tolist():
        pair = int(learner[i]), int(subject[i])
        found[pair] = min(date.fromordinal(int(histories.ends_day[i])), found.get(pair, date.max))
    return found
