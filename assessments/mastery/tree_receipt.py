"""The receipt of a level by the evidence tree: how far each part moved the value, on the proficiency scale.

The tree's belief is a sum of parts in logits. Here they are taken in one after another, results oldest first, each
with the same spread; the part of a line is the value with it less the value without it. So terms and lines add up to
the stored value, to the last digit, and to the short one too.
"""

import math
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assessments.mastery.counted import Counted, score_events
from assessments.mastery.events import RESULT, History
from assessments.mastery.methods import Parameters
from assessments.mastery.outlook import Outlook, look_ahead
from assessments.mastery.receipt import (
    IN_OVERRIDE,
    LeftOut,
    Line,
    Receipt,
    Term,
    course_of,
    left_out_of,
    receipt_of,
    short_places_of,
    value_of,
)
from assessments.mastery.rounding import round_micro, to_micro
from assessments.mastery.scale import (
    Scale,
    fraction_to_points,
    level_from_micro,
    points_to_score,
)
from assessments.mastery.shown import shown_levels
from assessments.mastery.tree import SPREAD, add_result, sigmoid
from assessments.mastery.tree_account import account_of
from assessments.mastery.tree_level import TreeMethod, check_parameters, newest_known
from assessments.mastery.tree_reading import read_pair
from assessments.mastery.weights import RUBRIC


def build_tree_receipt(
    rows: History, *, standard: int, method: TreeMethod, parameters: Parameters, scale: Scale, now: float
) -> Receipt:
    """The receipt of one pair, from the same computation as the level itself.

    rows: all of the learner's rows in the subject, in replay order.  now: days; decides only whether an override has
    ended. An earlier try that a re-assessment replaced is still part of the belief, and has its line.
    Raises ValueError: rows of more than one learner, none on the standard, parameters that take the whole part.
    """
    check_parameters(parameters)
    own = np.flatnonzero(rows.standard == standard)
    pair = rows.take(own)
    after = method.after_each(rows, scale)[own]
    shown = shown_levels(pair, method=_Traced(method, after), parameters=parameters, scale=scale, now=now)
    value = value_of(shown)
    counted = shown.counted
    places = short_places_of(value, scale, parameters)
    terms: list[Term] = []
    lines: list[Line] = []
    if value is not None:
        last = own[counted.row[~np.isnan(after[counted.row])][-1]]
        parts = _parts(rows.take(slice(0, int(last) + 1)), pair, standard, method, scale)
        terms, lines = _named(parts, value, places)
    used = {record for line in lines for record in line.records}
    return receipt_of(
        shown,
        method=method.name,
        parameters=parameters,
        scale=scale,
        lines=lines,
        left_out=_left_out(pair, counted, used, scale),
        course=course_of(counted, after[counted.row], parameters, scale),
        terms=terms,
    )


def tree_outlook(
    rows: History, *, standard: int, domain: int, level: int | None, method: TreeMethod, scale: Scale, now: float
) -> Outlook:
    """What the next rubric mark, given at `now` (days), would make of the level; `level` is that of today.

    rows: as for `build_tree_receipt`.  domain: of the standard, NONE without.
    """
    known = account_of(
        rows, standard=standard, scale=scale, calibration=method.calibration, constants=method.constants
    ).state
    place: dict[str, Any] = {"standard": standard, "domain": domain, "constants": method.constants}
    place["offset"] = float(method.calibration.offsets(standard)[0])

    def after(marks: list[int]) -> tuple[int | None, int | None]:
        state = deepcopy(known)
        for mark in marks:
            score = float(points_to_score(np.array([float(mark)]), scale)[0])
            add_result(state, score=score, weight=RUBRIC, ts=now, **place)
        estimate = read_pair(state, now=now, scale=scale, **place).estimate
        micro = to_micro(float(fraction_to_points(estimate, scale)))
        return micro, int(level_from_micro(micro, scale.levels))

    return look_ahead(after, level=level, scale=scale)


@dataclass(frozen=True)
class _Traced:
    """The tree with its values known already, so that one pair can stand alone."""

    method: TreeMethod
    after: NDArray[np.float64]

    @property
    def name(self) -> str:
        return self.method.name

    @property
    def version(self) -> str:
        return self.method.version

    def values(self, rows: History, counted: Counted, parameters: Parameters, scale: Scale) -> NDArray[np.float64]:
        return newest_known(self.after, counted)

    def stamp(self, parameters: Parameters) -> dict[str, Any]:
        return self.method.stamp(parameters)


@dataclass(frozen=True)
class _Part:
    """kind: of a Term, or "result" with the records of its event.    points: on the scale, with all parts so far."""

    kind: str
    points: float
    records: tuple[int, ...] = ()
    event_points: float = np.nan
    ts: float = np.nan


def _parts(upto: History, pair: History, standard: int, method: TreeMethod, scale: Scale) -> list[_Part]:
    """The parts of the belief after the last of these rows, in the order in which they are taken in."""
    account = account_of(
        upto, standard=standard, scale=scale, calibration=method.calibration, constants=method.constants
    )
    offset = float(method.calibration.offsets(standard)[0])
    reading = read_pair(
        account.state,
        standard=standard,
        domain=int(upto.domain[-1]),
        now=float(upto.ts[-1]),
        scale=scale,
        offset=offset,
        constants=method.constants,
    )
    kappa = 1.0 / math.sqrt(1.0 + SPREAD * reading.spread)
    eta = 0.0
    parts: list[_Part] = []

    def take(kind: str, logits: float, **event: Any) -> None:
        nonlocal eta
        eta += logits
        parts.append(_Part(kind, float(fraction_to_points(sigmoid(kappa * eta), scale)), **event))

    take("usual", offset)
    take("other_work", reading.other - offset)
    if account.override_record is not None:
        take("override", account.override)
    take("practice", account.practice)
    events = score_events(pair)
    on_scale = events.points(pair, scale)
    records = pair.record[events.scored]
    for event in range(len(events.last)):
        its = tuple(records[events.of_scored == event].tolist())
        pulls = [account.pulls[record] for record in its if record in account.pulls]
        if pulls:
            found = {"records": its, "event_points": float(on_scale[event]), "ts": float(pair.ts[events.last[event]])}
            take("result", sum(pulls), **found)
    return parts


def _named(parts: list[_Part], value: int, places: int) -> tuple[list[Term], list[Line]]:
    """Terms and lines with their parts: differences of rounded values, so that every column adds up."""
    terms: list[Term] = []
    lines: list[Line] = []
    before_micro = before_short = 0
    for place, part in enumerate(parts, start=1):
        micro = value if place == len(parts) else to_micro(part.points)
        short = round_micro(micro, places)
        part_micro, part_short = micro - before_micro, short - before_short
        before_micro, before_short = micro, short
        if part.kind == "result":
            lines.append(Line(part.records, part.ts, part.event_points, None, part_micro, part_short))
        else:
            terms.append(Term(part.kind, part_micro, part_short))
    return terms, lines


def _left_out(pair: History, counted: Counted, used: set[int], scale: Scale) -> tuple[LeftOut, ...]:
    """What says nothing, and what a level set afterwards stands for; an earlier try that has a line is not left out."""
    found = []
    known = {int(record) for record in pair.record[(pair.kind == RESULT) & (pair.weight > 0)]}
    for out in left_out_of(pair, counted, used, scale):
        if out.record in used:
            continue
        stands_for_it = out.reason in ("earlier_try", "not_used_by_method") and out.record in known
        found.append(LeftOut(out.record, out.ts, out.points, IN_OVERRIDE) if stands_for_it else out)
    return tuple(found)
