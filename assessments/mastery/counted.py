"""What counts for a level, pair by pair, and what is left out and why."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assessments.mastery.events import EXCUSED, NOT_SEEN, RESULT, History
from assessments.mastery.scale import Scale, fraction_to_points
from assessments.mastery.segments import starts_of

COUNTED, LEFT_EXCUSED, LEFT_NOT_SEEN, LEFT_EARLIER_TRY, LEFT_NO_WEIGHT, LEFT_BY_METHOD, NOT_A_RESULT = range(7)
LEFT_OUT_REASONS = {
    LEFT_EXCUSED: "excused",
    LEFT_NOT_SEEN: "not_seen",
    LEFT_EARLIER_TRY: "earlier_try",
    LEFT_NO_WEIGHT: "no_weight",
    LEFT_BY_METHOD: "not_used_by_method",
}
"""The word of each reason code, a key that screens translate."""


@dataclass(frozen=True)
class Counted:
    """The results that count, one per event, sorted by pair and then by time.

    learner, standard: (pairs,) every pair with any row in the history, sorted.
    starts: (pairs + 1,) pair i owns the events starts[i] to starts[i + 1].
    points, weight, ts, row: (events,) points on the scale, the teacher's weight, days, and the last row of the event
        in the history that was given.
    tries: (pairs,) scored events, those that a re-assessment replaced included.
    status: (rows,) COUNTED or why not, in the order of that history.
    place: (rows,) the number of the event that a counted row went into, else -1.
    """

    learner: NDArray[np.int64]
    standard: NDArray[np.int64]
    starts: NDArray[np.int64]
    points: NDArray[np.float64]
    weight: NDArray[np.float64]
    ts: NDArray[np.float64]
    row: NDArray[np.int64]
    tries: NDArray[np.int64]
    status: NDArray[np.int8]
    place: NDArray[np.int64]

    def last_ts(self) -> NDArray[np.float64]:
        """(pairs,) days of the newest event that counts, NaN without one."""
        newest = np.full(len(self.learner), np.nan)
        some = np.flatnonzero(np.diff(self.starts))
        newest[some] = self.ts[self.starts[some + 1] - 1]
        return newest


def count_results(rows: History, scale: Scale) -> Counted:
    """The events of each pair that count for its level.

    rows: sorted by learner, then in replay order.
    Items of one event are put together: sum of points / sum of possible, placed at its last item; marks on the scale
    are averaged. A re-assessment leaves earlier events out unless its counts_earlier is set. Excused, not seen and
    not submitted are not zeros; an assessment of weight 0 does not count.
    """
    events = score_events(rows)
    pairs = len(events.starts) - 1
    replaced = _replaced(events, pairs)
    status = events.status.copy()
    status[events.scored[replaced[events.of_scored]]] = LEFT_EARLIER_TRY
    place = np.full(len(rows), -1, dtype=np.int64)
    kept = ~replaced
    place[events.scored] = np.where(kept, np.cumsum(kept) - 1, -1)[events.of_scored]
    first = events.by_pair[events.starts[:-1]]
    last = events.last[kept]
    return Counted(
        learner=rows.learner[first],
        standard=rows.standard[first],
        starts=starts_of(np.bincount(events.pair[kept], minlength=pairs)),
        points=events.points(rows, scale)[kept],
        weight=rows.teacher_weight[last],
        ts=rows.ts[last],
        row=last,
        tries=np.bincount(events.pair, minlength=pairs),
        status=status,
        place=place,
    )


@dataclass(frozen=True)
class Events:
    """Every scored event, sorted by pair and then by time, those included that a re-assessment replaces.

    by_pair: (rows,) rows sorted by pair; starts: (pairs + 1,) where each pair's rows start among them.
    status: (rows,) COUNTED or why not, earlier tries not yet told apart.
    scored: rows that count, and of_scored the event of each.
    pair, last, replaces: (events,) the pair, the last row, and whether the events before it are out of force.
    """

    by_pair: NDArray[np.intp]
    starts: NDArray[np.int64]
    status: NDArray[np.int8]
    scored: NDArray[np.intp]
    of_scored: NDArray[np.int64]
    pair: NDArray[np.int64]
    last: NDArray[np.int64]
    replaces: NDArray[np.bool_]

    def points(self, rows: History, scale: Scale) -> NDArray[np.float64]:
        """(events,) points on the scale; rows: the history of which these are the events."""
        return _event_points(rows, self.scored, self.of_scored, len(self.last), scale)


def score_events(rows: History) -> Events:
    """The events of each pair.  rows: sorted by learner, then in replay order."""
    by_pair, starts = _pairs(rows)
    pair_of_row = np.empty(len(rows), dtype=np.int64)
    pair_of_row[by_pair] = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    status = row_status(rows)
    scored = by_pair[status[by_pair] == COUNTED]
    of_scored, last = _events(rows, scored, pair_of_row)
    replaces = rows.is_reassessment[last] & ~rows.counts_earlier[last]
    return Events(by_pair, starts, status, scored, of_scored, pair_of_row[last], last, replaces)


def _pairs(rows: History) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """Rows sorted by pair (replay order within it), and where each pair starts among them."""
    if np.any(rows.learner[1:] < rows.learner[:-1]):
        raise ValueError("The rows of a history are sorted by learner before they are counted.")
    order = np.lexsort((rows.standard, rows.learner))
    learner, standard = rows.learner[order], rows.standard[order]
    new = np.ones(len(order), dtype=bool)
    new[1:] = (learner[1:] != learner[:-1]) | (standard[1:] != standard[:-1])
    return order, np.append(np.flatnonzero(new), len(order)).astype(np.int64)


def row_status(rows: History) -> NDArray[np.int8]:
    """(rows,) COUNTED or why not, earlier tries not told apart."""
    status = np.full(len(rows), NOT_A_RESULT, dtype=np.int8)
    status[rows.kind == RESULT] = COUNTED
    status[(rows.kind == RESULT) & (rows.teacher_weight == 0)] = LEFT_NO_WEIGHT
    status[(rows.kind == NOT_SEEN) | ((rows.kind == RESULT) & np.isnan(rows.points))] = LEFT_NOT_SEEN
    status[rows.kind == EXCUSED] = LEFT_EXCUSED
    return status


def _events(
    rows: History, scored: NDArray[np.intp], pair_of_row: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The event of each scored row (numbered by pair, then by time), and the last row of each event."""
    if not len(scored):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    pair, event = pair_of_row[scored], rows.event[scored]
    order = np.lexsort((event, pair))
    new = np.ones(len(order), dtype=bool)
    new[1:] = (pair[order][1:] != pair[order][:-1]) | (event[order][1:] != event[order][:-1])
    group = np.empty(len(order), dtype=np.int64)
    group[order] = np.cumsum(new) - 1
    # Stable sort: within a group the rows stay in replay order, so the last position is the last in time.
    last_position = np.maximum.reduceat(order, np.flatnonzero(new))
    by_time = np.argsort(last_position, kind="stable")
    number = np.empty(len(by_time), dtype=np.int64)
    number[by_time] = np.arange(len(by_time))
    return number[group], scored[last_position[by_time]]


def _event_points(
    rows: History, scored: NDArray[np.intp], event: NDArray[np.int64], events: int, scale: Scale
) -> NDArray[np.float64]:
    earned, possible = rows.points[scored], rows.possible[scored]
    marks = np.bincount(event, weights=np.isnan(possible), minlength=events)
    items = np.bincount(event, minlength=events)
    total = np.bincount(event, weights=earned, minlength=events)
    total_possible = np.bincount(event, weights=np.nan_to_num(possible), minlength=events)
    points = total / np.maximum(items, 1)
    fractions = marks == 0
    points[fractions] = fraction_to_points(total[fractions] / total_possible[fractions], scale)
    mixed = ~fractions & (marks < items)
    if mixed.any():
        on_scale = np.bincount(event, weights=rows.scale_points(scale)[scored], minlength=events)
        points[mixed] = on_scale[mixed] / items[mixed]
    return points


def _replaced(events: Events, pairs: int) -> NDArray[np.bool_]:
    """(events,) True for what comes before the newest re-assessment of its pair that replaces it."""
    newest_cut = np.full(pairs, -1, dtype=np.int64)
    where = np.flatnonzero(events.replaces)
    newest_cut[events.pair[where]] = where  # written in rising order: the newest stays
    return np.arange(len(events.last)) < newest_cut[events.pair]
