"""What each pair of learner and standard shows at the end of every school day on which it may have changed.

All pairs and days at once: the events of a pair up to the end of a day are one stretch of an array, so "as of each
day" is a list of stretches, and a level method works through all of them in one call.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from assessments.mastery.counted import (
    LEFT_EXCUSED,
    LEFT_NO_WEIGHT,
    LEFT_NOT_SEEN,
    NOT_A_RESULT,
    Events,
    row_status,
    score_events,
)
from assessments.mastery.events import NONE, OVERRIDE_LIFT, OVERRIDE_SET, History
from assessments.mastery.left_out import BY_METHOD, EXCUSED, NOT_SEEN, NOTHING, PRACTICE
from assessments.mastery.methods import values_by_pair
from assessments.mastery.overrides import withdrawn
from assessments.mastery.rounding import NO_VALUE, to_micro
from assessments.mastery.scale import NO_LEVEL, Scale, level_from_micro
from assessments.mastery.segments import starts_of
from assessments.mastery.tree_level import TreeMethod, check_parameters
from assessments.services.histories import Histories
from assessments.services.homes import ALWAYS, NEVER, NOWHERE, Homes
from assessments.services.policies import InForce, Policies

Ints = NDArray[np.int64]
_DAYS = 1 << 22  # more than the ordinal of any day: pair * _DAYS + day sorts by pair, then by day
_EVENTS_AT_ONCE = 1 << 21
"""How many counted events all stretches of one call hold together, which bounds memory."""
LEFT_OUT_BY = {LEFT_EXCUSED: EXCUSED, LEFT_NOT_SEEN: NOT_SEEN, LEFT_NO_WEIGHT: PRACTICE}


@dataclass(frozen=True)
class DayEnds:
    """learner, standard, subject: (pairs,) sorted by learner, then standard.

    pair, day: (ends,) number of the pair and ordinal of the day, sorted; every pair has at least one.
    policy: (ends,) place in `policies` of what is in force on that day.
    value_micro, level: (ends,) NO_VALUE and NO_LEVEL for none; shown_level: the teacher's where an override holds.
    n: (ends,) results that count.    left_out: (ends,) why no level is shown, a code of mastery.left_out.
    last_ts: days of the newest of them, NaN without.
    override: (ends,) the record of the override in force, NONE without.
    """

    learner: Ints
    standard: Ints
    subject: Ints
    pair: Ints
    day: Ints
    policy: Ints
    policies: list[InForce]
    value_micro: Ints
    level: Ints
    shown_level: Ints
    n: Ints
    left_out: Ints
    last_ts: NDArray[np.float64]
    override: Ints


@dataclass(frozen=True)
class _Pairs:
    """Rows sorted by pair, the number of the pair of each, and the first row of each pair.

    source: (rows,) the place of each among the histories.
    by_match: (rows,) whether it counts by an exact match alone, for which the policy of the day is asked; None where
        none does.
    """

    rows: History
    source: Ints
    by_match: NDArray[np.bool_] | None
    day: Ints
    ends_day: Ints
    pair: Ints
    first: Ints
    framework: Ints
    subject: Ints

    def direct(self) -> "_Pairs":
        """The same pairs without the rows that count because of an exact match; some may have none left."""
        assert self.by_match is not None
        kept = np.flatnonzero(~self.by_match)
        columns = {name: getattr(self, name)[kept] for name in ("source", "day", "ends_day", "pair")}
        return replace(self, rows=self.rows.take(kept), by_match=None, **columns)

    def kinds(self) -> list[tuple[int, int]]:
        """Every (framework, subject) that a pair has."""
        return sorted(set(zip(self.framework.tolist(), self.subject.tolist(), strict=True)))

    @property
    def learner(self) -> Ints:
        """(pairs,)"""
        return self.rows.learner[self.first]


@dataclass(frozen=True)
class _Stays:
    """The time that a pair's learner was at home at one school; every pair has at least one, and they leave no gap.

    pair: its number.    school: NOWHERE for one without a line of its own.
    start, until: ordinals of its first day and of the first day after it.
    """

    pair: Ints
    school: Ints
    start: Ints
    until: Ints

    @classmethod
    def of(cls, pairs: _Pairs, homes: Homes) -> "_Stays":
        low, high = (np.searchsorted(homes.learner, pairs.learner, side=side) for side in ("left", "right"))
        many = np.maximum(high - low, 1)
        pair = np.repeat(np.arange(len(low)), many)
        place = np.arange(len(pair)) + np.repeat(low - starts_of(many)[:-1], many)
        known = (high > low)[pair]
        place = np.where(known, place, 0)
        if not len(homes.learner):
            homes = Homes(*(np.full(1, value) for value in (NONE, ALWAYS, NOWHERE)))
        columns = ((homes.school, NOWHERE), (homes.start, ALWAYS), (homes.until, NEVER))
        return cls(pair, *(np.where(known, column[place], usual) for column, usual in columns))


def day_ends(histories: Histories, policies: Policies, today: date) -> DayEnds:
    """The ends of days up to today, or up to the newest record of a pair where that is later.

    No record is entered before its day has come: one of tomorrow says that this machine's clock is behind.
    """
    pairs = _by_pair(histories)
    pair, day = _days_to_look_at(pairs, policies, today.toordinal(), _homes(histories, policies))
    return _at(pairs, pair, day, policies, histories)


def ends_on(histories: Histories, policies: Policies, day: date) -> DayEnds:
    """The end of this one day, of every pair in histories that go up to it (`Histories.up_to`)."""
    pairs = _by_pair(histories)
    pair = np.arange(len(pairs.first))
    return _at(pairs, pair, np.full(len(pair), day.toordinal()), policies, histories)


def _homes(histories: Histories, policies: Policies) -> Homes | None:
    """Stays at schools with a line of their own; None where no school has one, so that nothing depends on them."""
    if histories.homes is None or not policies.schools:
        return None
    return histories.homes.only(policies.schools)


def _at(pairs: _Pairs, pair: Ints, day: Ints, policies: Policies, histories: Histories) -> DayEnds:
    policy, in_force = _policies_on(pairs, pair, day, policies, _homes(histories, policies))
    judged = _judge(pairs, pair, day, policy, in_force, histories)
    if pairs.by_match is not None:
        without = _judge(pairs.direct(), pair, day, policy, in_force, histories)
        counts = np.array([one.exact_matches for one in in_force])[policy]
        judged = _Judged(*(np.where(counts, one, other) for one, other in zip(judged, without, strict=True)))
    override, override_level = _overrides(pairs, pair, day)
    top = np.array([one.scale.levels for one in in_force])[policy]
    shown_level = np.where(override == NONE, judged.level, np.minimum(override_level, top))
    return DayEnds(
        learner=pairs.rows.learner[pairs.first],
        standard=pairs.rows.standard[pairs.first],
        subject=pairs.subject,
        pair=pair,
        day=day,
        policy=policy,
        policies=in_force,
        value_micro=judged.value_micro,
        level=judged.level,
        shown_level=shown_level,
        n=judged.n,
        left_out=np.where(shown_level == NO_LEVEL, judged.left_out, NOTHING),
        last_ts=judged.last_ts,
        override=override,
    )


class _Judged(NamedTuple):
    """What results say at each end; (ends,) as in DayEnds."""

    value_micro: Ints
    level: Ints
    n: Ints
    left_out: Ints
    last_ts: NDArray[np.float64]


def _judge(
    pairs: _Pairs, pair: Ints, day: Ints, policy: Ints, in_force: list[InForce], histories: Histories
) -> _Judged:
    stretches = _Stretches.up_to(pairs, pair, day)
    value, level = _values(stretches, policy, in_force, histories)
    n = stretches.to - stretches.start
    return _Judged(value, level, n, _left_out(pairs, pair, day, level, n), stretches.last_ts())


def _left_out(pairs: _Pairs, pair: Ints, day: Ints, level: Ints, n: Ints) -> Ints:
    """(ends,) why results make no level: where none counts, the newest record that does not says it."""
    found = np.where((level == NO_LEVEL) & (n > 0), BY_METHOD, NOTHING)
    open_ends = np.flatnonzero((level == NO_LEVEL) & (n == 0))
    if not len(open_ends):
        return found
    status = row_status(pairs.rows)
    said = np.flatnonzero(np.isin(status, list(LEFT_OUT_BY)))
    if not len(said):
        return found
    keys = pairs.pair[said] * _DAYS + pairs.day[said]
    place = np.searchsorted(keys, pair[open_ends] * _DAYS + day[open_ends], side="right") - 1
    newest = said[np.maximum(place, 0)]
    why = np.array([LEFT_OUT_BY.get(code, NOTHING) for code in range(NOT_A_RESULT + 1)])[status[newest]]
    found[open_ends] = np.where((place >= 0) & (pairs.pair[newest] == pair[open_ends]), why, NOTHING)
    return found


def _by_pair(histories: Histories) -> _Pairs:
    order = np.lexsort((histories.rows.standard, histories.rows.learner))
    rows = histories.rows.take(order)
    new = np.ones(len(rows), dtype=bool)
    new[1:] = (np.diff(rows.learner) != 0) | (np.diff(rows.standard) != 0)
    first = np.flatnonzero(new)
    return _Pairs(
        rows=rows,
        source=order,
        by_match=_by_match(histories, order),
        day=histories.day[order],
        ends_day=histories.ends_day[order],
        pair=np.cumsum(new) - 1,
        first=first,
        framework=histories.framework[order[first]],
        subject=histories.subject[order[first]],
    )


def _by_match(histories: Histories, order: Ints) -> NDArray[np.bool_] | None:
    if histories.matched is None:
        return None
    found = histories.matched[order] != NONE
    if histories.carried is not None:
        found &= ~histories.carried[order]
    return found if found.any() else None


def _days_to_look_at(pairs: _Pairs, policies: Policies, today: int, homes: Homes | None) -> tuple[Ints, Ints]:
    """(pair, day) of a record, of an end of an override, and after the pair's first day of a start of a policy and of
    a move to another school."""
    ending = pairs.ends_day > 0
    keys = np.concatenate((pairs.pair * _DAYS + pairs.day, pairs.pair[ending] * _DAYS + pairs.ends_day[ending]))
    first_day = np.minimum.reduceat(pairs.day, pairs.first)
    np.minimum.at(first_day, pairs.pair[ending], pairs.ends_day[ending])
    more = [keys]
    if homes is None:
        for framework, subject in pairs.kinds():
            of_it = np.flatnonzero((pairs.framework == framework) & (pairs.subject == subject))
            for start in policies.starts(framework, subject):
                more.append(of_it[first_day[of_it] < start.toordinal()] * _DAYS + start.toordinal())
    else:
        more += _days_by_school(pairs, first_day, policies, homes)
    keys = np.unique(np.concatenate(more))
    last = np.maximum(np.maximum.reduceat(pairs.day, pairs.first), today)
    keys = keys[keys % _DAYS <= last[keys // _DAYS]]
    return keys // _DAYS, keys % _DAYS


def _days_by_school(pairs: _Pairs, first_day: Ints, policies: Policies, homes: Homes) -> list[Ints]:
    """Keys of pair and day on which the learner begins at another school, or something begins where it is then."""
    stays = _Stays.of(pairs, homes)
    first = first_day[stays.pair]
    moved = stays.start > first
    found = [stays.pair[moved] * _DAYS + stays.start[moved]]
    framework_of, subject_of = pairs.framework[stays.pair], pairs.subject[stays.pair]
    for framework, subject, school in _kinds(framework_of, subject_of, stays.school):
        of_it = _members(framework_of, framework, subject_of, subject, stays.school, school)
        for start in policies.starts(framework, subject, school or None):
            day = start.toordinal()
            here = of_it[(first[of_it] < day) & (stays.start[of_it] <= day) & (day < stays.until[of_it])]
            found.append(stays.pair[here] * _DAYS + day)
    return found


def _kinds(framework: Ints, subject: Ints, school: Ints) -> list[tuple[int, int, int]]:
    """Every (framework, subject, school) that stands in a row of these."""
    return sorted(set(zip(framework.tolist(), subject.tolist(), school.tolist(), strict=True)))


def _members(*of_and_wanted: Any) -> Ints:
    """Places at which each column is what is wanted of it: column, value, column, value."""
    pairs = zip(of_and_wanted[::2], of_and_wanted[1::2], strict=True)
    return np.flatnonzero(np.logical_and.reduce([column == wanted for column, wanted in pairs]))


def _policies_on(
    pairs: _Pairs, pair: Ints, day: Ints, policies: Policies, homes: Homes | None
) -> tuple[Ints, list[InForce]]:
    """(ends,) the number of the policy in force, and the policies by number; of the tree, one for each calibration."""
    number = np.zeros(len(day), dtype=np.int64)
    found: dict[tuple, int] = {}
    in_force: list[InForce] = []
    framework_of, subject_of = pairs.framework[pair], pairs.subject[pair]
    kinds = [(framework, subject, NOWHERE) for framework, subject in pairs.kinds()]
    school_of: Ints | None = None
    if homes is not None:
        school_of = homes.at(pairs.learner[pair], day)
        kinds = _kinds(framework_of, subject_of, school_of)
    for framework, subject, school in kinds:
        asked: tuple[Any, ...] = (framework_of, framework, subject_of, subject)
        of_it = _members(*asked) if school_of is None else _members(*asked, school_of, school)
        starts = [start.toordinal() for start in policies.starts(framework, subject, school or None)]
        period = np.searchsorted(np.array(starts, dtype=np.int64), day[of_it], side="right")
        for p in np.unique(period).tolist():
            members = of_it[period == p]
            on = date.fromordinal(int(day[members[0]]))
            policy = policies.on(framework, on, subject_id=subject, school_id=school or None)
            key = *policy.name, policy.method.name, policy.method.version
            if key not in found:
                found[key] = len(in_force)
                in_force.append(policy)
            number[members] = found[key]
    return number, in_force


@dataclass(frozen=True)
class _Stretches:
    """The events that count at each end of a day: from start to `to` among `events`, which are those of `rows`.

    source: (rows,) the place of each among the histories.
    """

    rows: History
    source: Ints
    events: Events
    start: Ints
    to: Ints

    @classmethod
    def up_to(cls, pairs: _Pairs, pair: Ints, day: Ints) -> "_Stretches":
        """Of the given pairs, up to the end of the given days; a re-assessment starts a stretch anew."""
        rows, row_day, source = replace(pairs.rows, learner=pairs.pair), pairs.day, pairs.source
        events = score_events(rows)
        torn = row_day[events.scored] != row_day[events.last[events.of_scored]]
        if torn.any():
            split = np.unique(rows.learner[events.scored[torn]])
            rows, taken, pair = _apart(rows, row_day, split, pair, day)
            row_day, source = row_day[taken], source[taken]
            events = score_events(rows)
        owner = rows.learner[events.last]
        start = np.searchsorted(owner, pair)
        to = np.searchsorted(owner * _DAYS + row_day[events.last], pair * _DAYS + day, side="right")
        if events.replaces.any():
            newest = np.maximum.accumulate(np.where(events.replaces, np.arange(len(owner)), NONE))
            start = np.maximum(start, np.where(to > start, newest[to - 1], NONE))
        return cls(rows, source, events, start, to)

    def last_ts(self) -> NDArray[np.float64]:
        """Days of the newest event of each, NaN without one."""
        found = np.full(len(self.to), np.nan)
        some = self.to > self.start
        found[some] = self.rows.ts[self.events.last[self.to[some] - 1]]
        return found

    def at_once(self, chosen: Ints) -> Iterator[tuple[Ints, Ints, Ints]]:
        """The chosen stretches in lots: which they are, their events one after another, and where each starts."""
        length = (self.to - self.start)[chosen]
        lots = np.cumsum(length) // _EVENTS_AT_ONCE
        for lot in np.split(np.arange(len(chosen)), np.flatnonzero(np.diff(lots)) + 1):
            starts = starts_of(length[lot])
            shift = self.start[chosen[lot]] - starts[:-1]
            yield chosen[lot], np.arange(starts[-1]) + np.repeat(shift, length[lot]), starts


def _apart(rows: History, row_day: Ints, split: Ints, pair: Ints, day: Ints) -> tuple[History, Ints, Ints]:
    """Rows, which they were, and the number of each end's pair, after every end of a split pair has got its own rows.

    split: pairs of which some event goes over several days, so that it is not the same on all of them. They are few.
    """
    number = pair.copy()
    keep = np.flatnonzero(~np.isin(rows.learner, split))
    # Above the number of every pair: the last ones may have no row left without their matches.
    take, owner, free = [keep], [rows.learner[keep]], int(max(rows.learner[-1], pair.max())) + 1
    for end in np.flatnonzero(np.isin(pair, split)).tolist():
        low, high = np.searchsorted(rows.learner, [pair[end], pair[end] + 1])
        upto = low + np.flatnonzero(row_day[low:high] <= day[end])
        number[end] = free
        take.append(upto)
        owner.append(np.full(len(upto), free))
        free += 1
    taken = np.concatenate(take)
    return replace(rows.take(taken), learner=np.concatenate(owner)), taken, number


def _values(stretches: _Stretches, policy: Ints, policies: list[InForce], histories: Histories) -> tuple[Ints, Ints]:
    """(ends,) micro value and level by the method in force on the day."""
    value = np.full(len(policy), NO_VALUE, dtype=np.int64)
    level = np.full(len(policy), NO_LEVEL, dtype=np.int64)
    weight = stretches.rows.teacher_weight[stretches.events.last]
    points: dict[Scale, NDArray[np.float64]] = {}
    for number, one in enumerate(policies):
        chosen = np.flatnonzero(policy == number)
        if isinstance(one.method, TreeMethod):
            value[chosen] = to_micro(_by_tree(stretches, chosen, one, histories))
            level[chosen] = level_from_micro(value[chosen], one.scale.levels)
            continue
        if one.scale not in points:
            points[one.scale] = stretches.events.points(stretches.rows, one.scale)
        for ends, events, starts in stretches.at_once(chosen):
            found = values_by_pair(one.method, points[one.scale][events], weight[events], starts, one.parameters)
            value[ends] = to_micro(found)
            level[ends] = level_from_micro(value[ends], one.scale.levels, whole=one.parameters.whole)
    return value, level


def _by_tree(stretches: _Stretches, chosen: Ints, one: InForce, histories: Histories) -> NDArray[np.float64]:
    """(chosen,) points right after the newest event of each stretch that the tree learned from, NaN without one.

    The tree replays a learner's subject whole, once for all days: what it held after a row depends on no later row.
    """
    assert isinstance(one.method, TreeMethod)
    check_parameters(one.parameters)
    after = np.full(len(histories), np.nan)
    if not histories.has_matches(exact=one.exact_matches):
        own = np.arange(len(histories)) if histories.matched is None else np.flatnonzero(histories.matched == NONE)
        _replay_into(after, histories, own, one)
    else:
        for framework in np.unique(histories.framework).tolist():
            track = histories.track(framework, exact=one.exact_matches)
            _replay_into(after, histories, track, one, keep=histories.framework[track] == framework)
    of_event = after[stretches.source[stretches.events.last]]
    newest = np.maximum.accumulate(np.where(np.isnan(of_event), NONE, np.arange(len(of_event))))
    found = np.full(len(chosen), np.nan)
    some = np.flatnonzero(stretches.to[chosen] > stretches.start[chosen])
    place = newest[stretches.to[chosen[some]] - 1]
    some, place = some[place >= stretches.start[chosen[some]]], place[place >= stretches.start[chosen[some]]]
    found[some] = of_event[place]
    return found


def _replay_into(
    after: NDArray[np.float64], histories: Histories, track: Ints, one: InForce, *, keep: Any = slice(None)
) -> None:
    """Write what the tree held after each row of a track in its place; keep: those of the track that are wanted."""
    assert isinstance(one.method, TreeMethod)
    learner, subject = histories.rows.learner[track], histories.subject[track]
    order = np.lexsort((subject, learner))
    new = np.ones(len(order), dtype=bool)
    new[1:] = (np.diff(learner[order]) != 0) | (np.diff(subject[order]) != 0)
    rows = replace(histories.rows.take(track[order]), learner=np.cumsum(new) - 1)
    held = np.empty(len(track))
    held[order] = one.method.after_each(rows, one.scale)
    after[track[keep]] = held[keep]


def _overrides(pairs: _Pairs, pair: Ints, day: Ints) -> tuple[Ints, Ints]:
    """(ends,) the record and the level of the override in force at the end of the day, NONE and 0 without.

    Only the newest set or lift of the pair matters: a new override replaces the one before it for good.
    """
    record = np.full(len(pair), NONE, dtype=np.int64)
    level = np.zeros(len(pair), dtype=np.int64)
    rows = pairs.rows
    said = np.flatnonzero((rows.kind == OVERRIDE_SET) & ~withdrawn(rows) | (rows.kind == OVERRIDE_LIFT))
    if not len(said):
        return record, level
    place = np.searchsorted(pairs.pair[said] * _DAYS + pairs.day[said], pair * _DAYS + day, side="right") - 1
    newest = said[np.maximum(place, 0)]
    ends = pairs.ends_day[newest]
    holds = (place >= 0) & (pairs.pair[newest] == pair) & (rows.kind[newest] == OVERRIDE_SET)
    holds &= (ends == 0) | (ends > day)
    record[holds] = rows.record[newest[holds]]
    level[holds] = rows.override_level[newest[holds]]
    return record, level
