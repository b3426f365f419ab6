"""From histories to what is stored: levels now, levels at the end of each school day, and the model's state.

Nothing here reads or writes a table; recompute and rebuild share it, which is why they agree.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import numpy as np

from assessments.mastery import tree
from assessments.mastery.events import OVERRIDE_SET, History
from assessments.mastery.rounding import NO_VALUE
from assessments.mastery.scale import NO_LEVEL
from assessments.mastery.shown import shown_levels, trend
from assessments.services.histories import Histories
from assessments.services.policies import Policies

MODEL_VERSION = "tree-1"
TREND_DAYS = 30


@dataclass(frozen=True)
class DayEnd:
    """What a pair shows at the end of a school day; None is no value, no level."""

    value_micro: int | None
    level: int | None
    shown_level: int | None
    n: int
    method: str
    policy_id: int | None


@dataclass(frozen=True)
class Now(DayEnd):
    method_version: str
    override_id: int | None
    trend: int
    last_observed_at: datetime | None


@dataclass(frozen=True)
class Projection:
    """now: (learner, standard) -> Now.    days: (learner, standard, day) -> DayEnd, days on which it changed.

    state: (learner, subject) -> the evidence tree's state as plain lists.
    wakes: (learner, subject) -> the first day after today on which something changes by date alone.
    """

    now: dict[tuple[int, int], Now]
    days: dict[tuple[int, int, date], DayEnd]
    state: dict[tuple[int, int], dict]
    wakes: dict[tuple[int, int], date]


def project(histories: Histories, policies: Policies, *, today: date) -> Projection:
    """Everything that is stored about the pairs in these histories, as of today."""
    if not len(histories):
        return Projection({}, {}, {}, {})
    ends = _day_ends(histories, policies, today)
    days: dict[tuple[int, int, date], DayEnd] = {}
    now: dict[tuple[int, int], Now] = {}
    for (learner, standard), series in ends.items():
        before: tuple | None = None
        for day, end, _last in series:
            shape = (end.value_micro, end.level, end.shown_level, end.n, end.method, end.policy_id)
            if shape != before and not (before is None and end.shown_level is None and end.n == 0):
                days[learner, standard, day] = DayEnd(*shape)
            before = shape
        now[learner, standard] = _with_trend(series)
    return Projection(now, days, _states(histories, policies, today), _wakes(histories, policies, today))


def _day_ends(histories: Histories, policies: Policies, today: date) -> dict[tuple[int, int], list]:
    """(learner, standard) -> [(day, Now without trend, last observed day)], for each day on which it may change.

    The rows up to the end of a day form a history of their own; all of them go through the engine in one call
    for each policy, with (pair, day) standing in for the learner.
    """
    rows = histories.rows
    by_policy: dict[int | None, tuple] = {}
    keys: list[tuple[int, int, int]] = []
    order = np.lexsort((np.arange(len(rows)), rows.standard, rows.learner))
    edges = np.flatnonzero((np.diff(rows.learner[order]) != 0) | (np.diff(rows.standard[order]) != 0)) + 1
    for members in np.split(order, edges):
        framework = int(histories.framework[members[0]])
        for day in _days_of(histories, members, policies, framework, today):
            upto = members[histories.day[members] <= day]
            policy = policies.on(framework, date.fromordinal(day))
            _, chosen, owners = by_policy.setdefault(policy.policy_id, (policy, [], []))
            chosen.append(upto)
            owners.append(np.full(len(upto), len(keys)))
            keys.append((int(rows.learner[members[0]]), int(rows.standard[members[0]]), day))
    found: dict[tuple[int, int], list] = defaultdict(list)
    for policy, chosen, owners in by_policy.values():
        take, owner = np.concatenate(chosen), np.concatenate(owners)
        shown = shown_levels(
            _as_of_each_day(histories, take, owner, keys),
            method=policy.method,
            parameters=policy.parameters,
            scale=policy.scale,
            now=0.0,
        )
        for i, number in enumerate(shown.learner.tolist()):
            learner, standard, day = keys[number]
            last = shown.last_ts[i]
            end = Now(
                value_micro=_value(shown.value_micro[i]),
                level=_level(shown.computed_level[i]),
                shown_level=_level(shown.shown_level[i]),
                n=int(shown.n[i]),
                method=policy.method.name,
                policy_id=policy.policy_id,
                method_version=policy.method.version,
                override_id=None if shown.override_record[i] < 0 else int(shown.override_record[i]),
                trend=0,
                last_observed_at=None if np.isnan(last) else _instant(last),
            )
            found[learner, standard].append((date.fromordinal(day), end, last))
    for series in found.values():
        series.sort(key=lambda entry: entry[0])
    return found


def _days_of(histories: Histories, members: np.ndarray, policies: Policies, framework: int, today: date) -> list[int]:
    """Ordinals of the days at whose end the pair may differ from the day before, oldest first."""
    days = set(histories.day[members].tolist())
    days.update(int(day) for day in histories.ends_day[members] if day)
    first = min(days)
    days.update(day.toordinal() for day in policies.starts(framework) if day.toordinal() > first)
    return sorted(day for day in days if day <= today.toordinal()) or [first]


def _as_of_each_day(histories: Histories, take: np.ndarray, owner: np.ndarray, keys: list) -> History:
    """Rows with (pair, day) numbers as learners; an override's end becomes before or after that day's end."""
    day = np.array([keys[number][2] for number in owner])
    ends = histories.ends_day[take]
    over = (ends > 0) & (ends <= day)
    return replace(
        histories.rows.take(take),
        learner=owner.astype(np.int64),
        override_ends=np.where(over, -np.inf, np.inf),
    )


def _with_trend(series: list) -> Now:
    """The last day's values, with the direction over the thirty days before the newest result."""
    day, end, _ = series[-1]
    if end.last_observed_at is None or end.shown_level is None:
        return end
    since = day.toordinal() - TREND_DAYS
    before = [entry for at, entry, _ in series if at.toordinal() <= since and entry.shown_level is not None]
    start = before[-1] if before else next(entry for _, entry, _ in series if entry.shown_level is not None)
    direction = trend(
        start.shown_level, _or(start.value_micro, NO_VALUE), end.shown_level, _or(end.value_micro, NO_VALUE)
    )
    return replace(end, trend=int(direction))


def _states(histories: Histories, policies: Policies, today: date) -> dict[tuple[int, int], dict]:
    rows = histories.rows
    found = {}
    order = np.lexsort((np.arange(len(rows)), histories.subject, rows.learner))
    edges = np.flatnonzero((np.diff(rows.learner[order]) != 0) | (np.diff(histories.subject[order]) != 0)) + 1
    for members in np.split(order, edges):
        scale = policies.on(int(histories.framework[members[0]]), today).scale
        state = tree.replay_learner(rows.take(members), scale=scale)
        found[int(rows.learner[members[0]]), int(histories.subject[members[0]])] = state.to_dict()
    return found


def _wakes(histories: Histories, policies: Policies, today: date) -> dict[tuple[int, int], date]:
    """Overrides that end and policies that start after today: the pair is to be looked at again on that day."""
    rows = histories.rows
    found: dict[tuple[int, int], date] = {}
    change = policies.next_change(today)
    for i in range(len(rows)):
        pair = int(rows.learner[i]), int(histories.subject[i])
        days = [change] if change else []
        if rows.kind[i] == OVERRIDE_SET and histories.ends_day[i] > today.toordinal():
            days.append(date.fromordinal(int(histories.ends_day[i])))
        if days:
            found[pair] = min([*days, found.get(pair, date.max)])
    return found


def _value(micro) -> int | None:
    return None if micro == NO_VALUE else int(micro)


def _level(level) -> int | None:
    return None if level == NO_LEVEL else int(level)


def _or(value, default):
    return default if value is None else value


def _instant(days: float) -> datetime:
    return datetime.fromtimestamp(round(days * 86_400_000_000) / 1_000_000, tz=UTC)
