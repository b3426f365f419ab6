"""The receipt of a level: every part of it, to the last digit (engine part 2.6, product C6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assessments.mastery.counted import (
    COUNTED,
    LEFT_BY_METHOD,
    LEFT_OUT_REASONS,
    NOT_A_RESULT,
    Counted,
)
from assessments.mastery.events import NONE, History
from assessments.mastery.lowered import Lowered, Moment, lowered_by_better
from assessments.mastery.methods import METHODS, Method, Parameters, values_after_each
from assessments.mastery.power_law import PowerSums, power_law_sums
from assessments.mastery.rounding import MICRO, NO_VALUE, largest_remainder, round_micro, to_micro
from assessments.mastery.scale import NO_LEVEL, Scale, level_bounds_micro, level_from_micro
from assessments.mastery.shown import Shown, shown_levels

IN_OVERRIDE = "in_override"
"""Left out of the tree's lines: a level that a teacher set afterwards stands for it."""


@dataclass(frozen=True)
class Line:
    """One event that counts: share x points = part.

    records: its ledger records (a quiz has one per item), oldest first.    ts: days.    points: on the scale.
    share: coefficient of the points, None for the power law, whose parts are its sums.
    part_micro: micro points; part_short: the same in 10**-short_places points. Each column adds up to the value.
    """

    records: tuple[int, ...]
    ts: float
    points: float
    share: float | None
    part_micro: int | None
    part_short: int | None


@dataclass(frozen=True)
class Term:
    """A part of the tree's value that is no result on this standard; the parts of terms and lines add up to the value.

    kind: "usual" (what learners here usually get), "other_work", "override" (what is left of a level that a teacher
    had set), "practice".    part_micro, part_short: as in Line.
    """

    kind: str
    part_micro: int
    part_short: int


@dataclass(frozen=True)
class LeftOut:
    """A record that does not count, and the key of its reason: a word of LEFT_OUT_REASONS, or IN_OVERRIDE.

    points: on the scale, None where nothing was scored.
    """

    record: int
    ts: float
    points: float | None
    reason: str


@dataclass(frozen=True)
class Receipt:
    """The account of one learner's level on one standard.

    lines: newest first; left_out: oldest first; course: oldest first.
    lowered: where the newest result was above the value before it, and the level fell all the same; else None.
    value_micro, computed_level: what the method says, None for nothing yet.    shown_level: after an override.
    value_short, short_places: the value in 10**-short_places points for learners and families. Two decimals; more
        only where two would seem to stand at another level (2.496 is not 2.50 on its way to 3).
    bounds_micro: where the computed level begins and ends; None at an end of the scale.
    override_record: None without an override in force.    newer: results counted since it was set.
    times_reached: for n_times, how many results are at mastery so far, else None.
    power_sums: for the power law, else None.    stamp: method, version, parameters.
    points, weights: of the counted events, oldest first, as `outlook.what_would_it_take` wants them.
    terms: of the tree (`tree_receipt`), in the order in which they were taken in; () for other methods.
    """

    lines: tuple[Line, ...]
    left_out: tuple[LeftOut, ...]
    course: tuple[Moment, ...]
    lowered: Lowered | None
    value_micro: int | None
    value_short: int | None
    short_places: int
    computed_level: int | None
    shown_level: int | None
    bounds_micro: tuple[int | None, int | None]
    override_record: int | None
    newer: int
    times_reached: int | None
    power_sums: PowerSums | None
    stamp: dict[str, Any]
    points: tuple[float, ...]
    weights: tuple[float, ...]
    terms: tuple[Term, ...] = ()


def build_receipt(rows: History, *, method: Method, parameters: Parameters, scale: Scale, now: float) -> Receipt:
    """The receipt of one pair, from the same computation as the level itself.

    rows: of one learner and standard, in replay order.  now: days; decides only whether an override has ended.
    Raises ValueError: no rows, or rows of more than one pair.
    """
    shown = shown_levels(rows, method=method, parameters=parameters, scale=scale, now=now)
    value = value_of(shown)
    counted = shown.counted
    points, weights = counted.points.tolist(), counted.weight.tolist()
    places = short_places_of(value, scale, parameters)
    shares = method.coefficients(points, weights, parameters) if points and method.coefficients else None
    lines = _lines(rows, counted, shares, value, places, linear=method.coefficients is not None)
    used = {record for line in lines for record in line.records}
    course = _course(counted, method, parameters, scale)
    return receipt_of(
        shown,
        method=method.name,
        parameters=parameters,
        scale=scale,
        lines=lines,
        left_out=left_out_of(rows, counted, used, scale),
        course=course,
        times_reached=_times_reached(method, points, parameters),
        power_sums=power_law_sums(points) if method is METHODS["power_law"] else None,
    )


def value_of(shown: Shown) -> int | None:
    """The value of the one pair in micro points, None for nothing yet. Raises ValueError: more than one, or none."""
    if len(shown.learner) != 1:
        raise ValueError(f"A receipt is of one learner and standard, not of {len(shown.learner)}.")
    return None if shown.value_micro[0] == NO_VALUE else int(shown.value_micro[0])


def receipt_of(
    shown: Shown,
    *,
    method: str,
    parameters: Parameters,
    scale: Scale,
    lines: Sequence[Line],
    left_out: tuple[LeftOut, ...],
    course: tuple[Moment, ...],
    terms: Sequence[Term] = (),
    times_reached: int | None = None,
    power_sums: PowerSums | None = None,
) -> Receipt:
    """What every method says alike of the one pair that was computed.

    method: its name.    lines: oldest first; what they and `terms` say is for the method to work out.
    """
    value = value_of(shown)
    level = None if shown.computed_level[0] == NO_LEVEL else int(shown.computed_level[0])
    places = short_places_of(value, scale, parameters)
    points = tuple(shown.counted.points.tolist())
    return Receipt(
        lines=tuple(reversed(lines)),
        left_out=left_out,
        course=course,
        lowered=lowered_by_better(method, course, points),
        value_micro=value,
        value_short=None if value is None else round_micro(value, places),
        short_places=places,
        computed_level=level,
        shown_level=None if shown.shown_level[0] == NO_LEVEL else int(shown.shown_level[0]),
        bounds_micro=(None, None) if level is None else level_bounds_micro(level, scale.levels, whole=parameters.whole),
        override_record=override_of(shown),
        newer=int(shown.newer[0]),
        times_reached=times_reached,
        power_sums=power_sums,
        stamp=shown.stamp,
        points=points,
        weights=tuple(shown.counted.weight.tolist()),
        terms=tuple(terms),
    )


def _lines(
    rows: History,
    counted: Counted,
    shares: list[float] | None,
    value: int | None,
    places: int,
    *,
    linear: bool,
) -> list[Line]:
    """Oldest first. A linear method has a line per event with a share; the power law one per event."""
    if linear and (shares is None or value is None):
        return []
    events = range(len(counted.row)) if shares is None else np.flatnonzero(shares).tolist()
    micro: list[Any] = [None] * len(events)
    short: list[Any] = [None] * len(events)
    if shares is not None and value is not None:
        # Newest first, so that where two remainders tie the newer result is rounded up.
        exact = [shares[event] * counted.points[event] * MICRO for event in reversed(events)]
        micro = largest_remainder(exact, value)
        unit = 10 ** (6 - places)
        short = largest_remainder([part / unit for part in micro], round_micro(value, places))
        micro.reverse()
        short.reverse()
    return [
        Line(
            records=tuple(rows.record[counted.place == event].tolist()),
            ts=float(counted.ts[event]),
            points=float(counted.points[event]),
            share=None if shares is None else shares[event],
            part_micro=part_micro,
            part_short=part_short,
        )
        for event, part_micro, part_short in zip(events, micro, short, strict=True)
    ]


def left_out_of(rows: History, counted: Counted, used: set[int], scale: Scale) -> tuple[LeftOut, ...]:
    """Of one pair: what does not count, and what counts without being used.  used: the records of the lines."""
    on_scale = rows.scale_points(scale)
    left = []
    for i in range(len(rows)):
        status = int(counted.status[i])
        if status == COUNTED and int(rows.record[i]) not in used:
            status = LEFT_BY_METHOD
        if status in (COUNTED, NOT_A_RESULT):
            continue
        points = None if np.isnan(on_scale[i]) else float(on_scale[i])
        left.append(LeftOut(int(rows.record[i]), float(rows.ts[i]), points, LEFT_OUT_REASONS[status]))
    return tuple(left)


def _course(counted: Counted, method: Method, parameters: Parameters, scale: Scale) -> tuple[Moment, ...]:
    starts = np.array([0, len(counted.row)])
    values = values_after_each(method, counted.points, counted.weight, starts, parameters)
    return course_of(counted, values, parameters, scale)


def course_of(
    counted: Counted, values: NDArray[np.float64], parameters: Parameters, scale: Scale
) -> tuple[Moment, ...]:
    """The moments after each counted event of one pair.  values: (events,) in points, NaN for none."""
    micro = to_micro(values)
    levels = level_from_micro(micro, scale.levels, whole=parameters.whole)
    return tuple(
        Moment(ts, *((None, None) if value == NO_VALUE else (value, level)))
        for ts, value, level in zip(counted.ts.tolist(), micro.tolist(), levels.tolist(), strict=True)
    )


def short_places_of(value: int | None, scale: Scale, parameters: Parameters) -> int:
    """How many decimals a value needs so that it seems to stand at its own level; at least two."""
    if value is None:
        return 2

    def level(micro: int) -> int:
        return int(level_from_micro(micro, scale.levels, whole=parameters.whole))

    return next(
        places for places in range(2, 7) if level(round_micro(value, places) * 10 ** (6 - places)) == level(value)
    )


def override_of(shown: Shown) -> int | None:
    """The record of the override in force on the one pair."""
    return None if shown.override_record[0] == NONE else int(shown.override_record[0])


def _times_reached(method: Method, points: list[float], parameters: Parameters) -> int | None:
    if method is not METHODS["n_times"]:
        return None
    once = METHODS["n_times"].coefficients
    assert once is not None
    shares = once(points, [], Parameters(times=1, mastery_points=parameters.mastery_points))
    return 0 if shares is None else int(np.count_nonzero(shares))
