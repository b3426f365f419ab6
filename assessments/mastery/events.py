"""The history of learners as parallel arrays, and the order in which it is replayed."""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assessments.mastery.scale import Scale, fraction_to_points, points_to_score

RESULT, EXCUSED, NOT_SEEN, OVERRIDE_SET, OVERRIDE_LIFT, OVERRIDE_WITHDRAW = range(6)
NONE = -1
"""No domain, no record, no item."""

_DTYPES: dict[str, type] = {
    "learner": np.int64,
    "standard": np.int64,
    "ts": np.float64,
    "kind": np.int8,
    "points": np.float64,
    "possible": np.float64,
    "weight": np.float64,
    "teacher_weight": np.float64,
    "domain": np.int64,
    "event": np.int64,
    "is_reassessment": np.bool_,
    "counts_earlier": np.bool_,
    "override_level": np.int16,
    "override_ends": np.float64,
    "withdraws": np.int64,
    "record": np.int64,
    "item": np.int64,
}


@dataclass(frozen=True)
class History:
    """One row per ledger record in force, in parallel arrays of one length. Make it with `history()`.

    Functions that replay it want the rows sorted by learner, then in replay order: `history.take(replay_order(..))`.

    learner, standard: ids.    domain: id of the parent that is a standard, NONE where there is none.
    ts: float days, one origin for all.    kind: RESULT, EXCUSED, NOT_SEEN, OVERRIDE_SET, _LIFT, _WITHDRAW.
    points, possible: as recorded. possible NaN: points are a mark on the proficiency scale; otherwise points of
        possible. points NaN on a RESULT: not submitted, which is not a zero.
    weight: of the row in the evidence tree (`weights.evidence_weight`).
    teacher_weight: the teacher's weight of the assessment, for the weighted mean; 0 leaves the result out.
    event: rows of one learner, standard and event count once (the items of one quiz).
    is_reassessment: replaces what came before it for that learner and standard, unless counts_earlier.
    override_level, override_ends: of an OVERRIDE_SET; the end in days, infinity without one.
    withdraws: of an OVERRIDE_WITHDRAW, the record made in error; NONE means the newest one before it.
    record: id of the ledger record, given back in receipts.
    item: id of the question, for the item model of a calibration; NONE where only the total is known.
    """

    learner: NDArray[np.int64]
    standard: NDArray[np.int64]
    ts: NDArray[np.float64]
    kind: NDArray[np.int8]
    points: NDArray[np.float64]
    possible: NDArray[np.float64]
    weight: NDArray[np.float64]
    teacher_weight: NDArray[np.float64]
    domain: NDArray[np.int64]
    event: NDArray[np.int64]
    is_reassessment: NDArray[np.bool_]
    counts_earlier: NDArray[np.bool_]
    override_level: NDArray[np.int16]
    override_ends: NDArray[np.float64]
    withdraws: NDArray[np.int64]
    record: NDArray[np.int64]
    item: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.learner)

    def take(self, rows: Any) -> "History":
        """The rows of an index array, boolean mask or slice, in that order."""
        return History(*(getattr(self, field.name)[rows] for field in fields(self)))

    def scores(self, scale: Scale) -> NDArray[np.float64]:
        """(rows,) the score in [0, 1] that the tree reads; NaN where nothing was scored."""
        score = points_to_score(self.points, scale)
        if len(counted := np.flatnonzero(~np.isnan(self.possible))):
            score[counted] = np.clip(self.points[counted] / self.possible[counted], 0.0, 1.0)
        score[self.kind != RESULT] = np.nan
        return score

    def scale_points(self, scale: Scale) -> NDArray[np.float64]:
        """(rows,) points on the scale, a mark as itself and unclipped; NaN where nothing was scored."""
        as_fraction = fraction_to_points(self.points / self.possible, scale)
        points = np.where(np.isnan(self.possible), self.points, as_fraction)
        return np.where(self.kind == RESULT, points, np.nan)


def history(
    *,
    learner: ArrayLike,
    standard: ArrayLike,
    ts: ArrayLike,
    kind: ArrayLike = RESULT,
    points: ArrayLike = np.nan,
    possible: ArrayLike = np.nan,
    weight: ArrayLike = 1.0,
    teacher_weight: ArrayLike = 1.0,
    domain: ArrayLike = NONE,
    event: ArrayLike | None = None,
    is_reassessment: ArrayLike = False,
    counts_earlier: ArrayLike = False,
    override_level: ArrayLike = 0,
    override_ends: ArrayLike = np.inf,
    withdraws: ArrayLike = NONE,
    record: ArrayLike | None = None,
    item: ArrayLike = NONE,
) -> History:
    """A History from columns; a single value stands for every row (see History for their meaning).

    event, record: without them every row is an event, and a record, of its own, numbered as it comes.
    Raises ValueError, naming the record: columns of different length, a time that is no number, a kind that
    does not exist, negative or infinite points or weights, nothing possible, an override without a level.
    """
    columns = {name: value for name, value in locals().items() if name in _DTYPES}
    arrays = {name: np.asarray(value) for name, value in columns.items() if value is not None}
    lengths = {array.shape for array in arrays.values() if array.ndim}
    if len(lengths) > 1 or any(len(shape) != 1 for shape in lengths):
        shapes = {name: array.shape for name, array in arrays.items() if array.ndim}
        raise ValueError(f"The columns of a history are of one length; got {shapes}.")
    size = lengths.pop()[0] if lengths else 1
    arrays.setdefault("event", np.arange(size))
    arrays.setdefault("record", np.arange(size))
    full: dict[str, Any] = {
        name: np.ascontiguousarray(np.broadcast_to(arrays[name], (size,)).astype(dtype))
        for name, dtype in _DTYPES.items()
    }
    made = History(**full)
    _refuse_nonsense(made)
    return made


def _refuse_nonsense(rows: History) -> None:
    result = rows.kind == RESULT
    checks = {
        "has a time that is not a number": ~np.isfinite(rows.ts),
        "is of a kind that does not exist": (rows.kind < RESULT) | (rows.kind > OVERRIDE_WITHDRAW),
        "has points below zero or without limit": result & ((rows.points < 0) | np.isinf(rows.points)),
        "is out of a possible total that is not above zero": result & ((rows.possible <= 0) | np.isinf(rows.possible)),
        "has a weight below zero or without limit": ~(
            (rows.weight >= 0)
            & np.isfinite(rows.weight)
            & (rows.teacher_weight >= 0)
            & np.isfinite(rows.teacher_weight)
        ),
        "sets no level": (rows.kind == OVERRIDE_SET) & (rows.override_level < 1),
        "has an end that is not a time": np.isnan(rows.override_ends),
    }
    for what, wrong in checks.items():
        if wrong.any():
            raise ValueError(f"Record {rows.record[wrong.argmax()]} {what}.")


def replay_order(
    *,
    learner: ArrayLike,
    observed_at: ArrayLike,
    kind: ArrayLike,
    assessment: ArrayLike,
    standard: ArrayLike,
    item: ArrayLike,
    attempt: ArrayLike,
) -> NDArray[np.intp]:
    """Row numbers sorted by learner, then by replay order, whatever the order of arrival.

    Replay order is (observed_at, results before overrides, assessment, standard, item, attempt); overrides of one
    instant follow as set, lift, withdraw.
    observed_at: datetime64 or integers (microseconds, UTC).  assessment, standard, item: uuids as 16 bytes each
    (dtype S16 or V16; empty where there is none; for an override its own uuid stands as assessment).
    A correction comes with the keys of the record that it supersedes, so that it keeps that place.
    """
    kind = np.asarray(kind)
    stage = np.where(kind >= OVERRIDE_SET, kind, 0)
    keys: list[NDArray[Any]] = [np.asarray(attempt)]
    for uuid in (item, standard, assessment):
        high, low = _uuid_halves(uuid)
        keys += [low, high]
    keys += [stage, np.asarray(observed_at), np.asarray(learner)]
    return np.lexsort(keys)


def _uuid_halves(uuid: ArrayLike) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """The first and last eight bytes as unsigned integers, which sort as the bytes do (void types do not sort)."""
    raw = np.asarray(uuid)
    if raw.dtype.itemsize != 16 or raw.dtype.kind not in "SV":
        raise ValueError(f"A uuid column holds 16 bytes a row (S16 or V16), not {raw.dtype}.")
    halves = np.ascontiguousarray(raw).view(">u8").reshape(-1, 2).astype(np.uint64)
    return halves[:, 0], halves[:, 1]


def days(observed_at: ArrayLike) -> NDArray[np.float64]:
    """Float days since 1970 (UTC) for datetime64 instants; the unit of History.ts."""
    return np.asarray(observed_at, dtype="datetime64[us]").astype(np.int64) / 86_400_000_000
