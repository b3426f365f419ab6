"""What learners here usually get: offsets of standards and difficulties of items (engine part 2.8).

A calibration is an immutable version, named by its content. A job proposes one; it counts only from the day on
which a policy says so, and then for the whole history, so that computing again with it gives the same again.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assessments.mastery.events import NONE, History
from assessments.mastery.scale import Scale
from assessments.mastery.tree import DEFAULT_CONSTANTS, DEFAULT_OFFSET, Constants, Terms
from assessments.mastery.tree_replay import replay_traced

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

FIRST_ROUNDS, WARM_ROUNDS = 4, 1
"""How often the job goes over all results: without a version to start from, and with one."""
DEFAULT_ITEM_VARIANCE = 0.60
FEWEST_RESULTS, FEWEST_LEARNERS = 20, 10
_STEP = 0.7
_ITEM_VARIANCE_RANGE = (0.05, 3.0)


@dataclass(frozen=True)
class Calibration:
    """One version. `standard` and `item` are sorted ids; what is absent has the defaults.

    offset: b of each standard, in logits.    has_items: whether the standard's results are read through an item model.
    difficulty, difficulty_variance: d and v of each item.    item_variance: tau^2, of an item never seen.
    """

    standard: IntArray
    offset: FloatArray
    has_items: NDArray[np.bool_]
    item: IntArray
    difficulty: FloatArray
    difficulty_variance: FloatArray
    item_variance: float = DEFAULT_ITEM_VARIANCE

    @property
    def version(self) -> str:
        """Twelve characters that name the content; the same numbers have the same name on every machine."""
        digest = hashlib.sha256()
        for column in vars(self).values():
            digest.update(np.ascontiguousarray(column).tobytes())
        return digest.hexdigest()[:12]

    @property
    def is_empty(self) -> bool:
        """Whether it says no more than the defaults."""
        return not len(self.standard) and not len(self.item)

    def offsets(self, standard: ArrayLike) -> FloatArray:
        """b of each of these standards, DEFAULT_OFFSET where this version has none."""
        return _looked_up(self.standard, self.offset, np.atleast_1d(standard), DEFAULT_OFFSET)

    def terms(self, rows: History) -> Terms:
        """What every row of a history is replayed with. An unknown item has difficulty 0 and variance tau^2 where
        its standard has an item model, else 0."""
        known = np.isin(rows.item, self.item)
        modelled = _looked_up(self.standard, self.has_items.astype(float), rows.standard, 0.0) > 0
        unknown = np.where(modelled, self.item_variance, 0.0)
        variance = np.where(known, _looked_up(self.item, self.difficulty_variance, rows.item, 0.0), unknown)
        return Terms(self.offsets(rows.standard), _looked_up(self.item, self.difficulty, rows.item, 0.0), variance)

    def only(self, standard: ArrayLike, item: ArrayLike) -> "Calibration":
        """What it says of these standards and items, and nothing of others."""
        standards, items = np.isin(self.standard, standard), np.isin(self.item, item)
        return Calibration(
            standard=self.standard[standards],
            offset=self.offset[standards],
            has_items=self.has_items[standards],
            item=self.item[items],
            difficulty=self.difficulty[items],
            difficulty_variance=self.difficulty_variance[items],
            item_variance=self.item_variance,
        )

    def filled_from(self, candidate: "Calibration") -> "Calibration":
        """This version, with the candidate's numbers for standards and items that it does not know.

        Those may be adopted at once, since nothing shown rests on other numbers of theirs; tau^2 only where this
        version reads no result by it.
        """
        new_standard = ~np.isin(candidate.standard, self.standard)
        new_item = ~np.isin(candidate.item, self.item)
        standards = np.argsort(np.append(self.standard, candidate.standard[new_standard]))
        items = np.argsort(np.append(self.item, candidate.item[new_item]))

        def of_standards(name: str) -> Any:
            return np.append(getattr(self, name), getattr(candidate, name)[new_standard])[standards]

        def of_items(name: str) -> Any:
            return np.append(getattr(self, name), getattr(candidate, name)[new_item])[items]

        return Calibration(
            standard=of_standards("standard"),
            offset=of_standards("offset"),
            has_items=of_standards("has_items"),
            item=of_items("item"),
            difficulty=of_items("difficulty"),
            difficulty_variance=of_items("difficulty_variance"),
            item_variance=self.item_variance if len(self.item) or self.has_items.any() else candidate.item_variance,
        )


UNCALIBRATED = Calibration(
    standard=np.empty(0, np.int64),
    offset=np.empty(0),
    has_items=np.empty(0, np.bool_),
    item=np.empty(0, np.int64),
    difficulty=np.empty(0),
    difficulty_variance=np.empty(0),
)


@dataclass(frozen=True)
class Dated:
    """A policy event: from this day on (days, as in History.ts), the version counts."""

    starts: float
    calibration: Calibration


def in_force(events: Sequence[Dated], *, on: float) -> Calibration:
    """The version of a day: the one that started last by then, UNCALIBRATED before the first.

    Of two that start together the later in the sequence counts. As of a past day, ask with that day.
    """
    started = [(event.starts, place) for place, event in enumerate(events) if event.starts <= on]
    return events[max(started)[1]].calibration if started else UNCALIBRATED


def calibrate(
    rows: History,
    *,
    scale: Scale,
    start: Calibration = UNCALIBRATED,
    rounds: int | None = None,
    constants: Constants = DEFAULT_CONSTANTS,
) -> Calibration:
    """A candidate version from all results of a subject.

    rows: sorted by learner, then in replay order; rows with `item` NONE teach their standard only.
    start: the version to go on from.    rounds: FIRST_ROUNDS without a start, else WARM_ROUNDS.
    A standard below FEWEST_RESULTS results or FEWEST_LEARNERS learners is held near the default offset instead of the
    median one. A standard or item without results keeps what `start` says.
    """
    return calibrate_blocks(lambda: [rows], scale=scale, start=start, rounds=rounds, constants=constants)


def calibrate_blocks(
    blocks: Callable[[], Iterable[History]],
    *,
    scale: Scale,
    start: Calibration = UNCALIBRATED,
    rounds: int | None = None,
    constants: Constants = DEFAULT_CONSTANTS,
) -> Calibration:
    """`calibrate` on a subject that does not fit in memory.

    blocks: called once a round, gives the histories in parts; each learner is in one part only.
    """
    if rounds is None:
        rounds = WARM_ROUNDS if len(start.standard) else FIRST_ROUNDS
    found = start
    for _ in range(rounds):
        parts = [_sums(rows, found, scale, constants) for rows in blocks()]
        if parts:
            standards, items = zip(*parts, strict=True)
            found = _improved(found, _Sums.together(standards), _Sums.together(items))
    return found


@dataclass(frozen=True)
class _Sums:
    """Over the results of each standard, or of each item: sums of g and h of engine part 2.8, and how many there are.

    id: sorted.    with_item: how many of the results are of a question.
    """

    id: IntArray
    g: FloatArray
    h: FloatArray
    results: IntArray
    learners: IntArray
    with_item: IntArray

    @classmethod
    def by(
        cls, ids: IntArray, g: FloatArray, h: FloatArray, learner: IntArray, with_item: NDArray[np.bool_]
    ) -> "_Sums":
        """ids, g, h, learner, with_item: (results,)"""
        known, number = np.unique(ids, return_inverse=True)
        size = len(known)
        pairs = np.unique(np.stack([number, learner]), axis=1)[0]
        return cls(
            known,
            g=np.bincount(number, weights=g, minlength=size).astype(np.float64),
            h=np.bincount(number, weights=h, minlength=size).astype(np.float64),
            results=np.bincount(number, minlength=size),
            learners=np.bincount(pairs, minlength=size),
            with_item=np.bincount(number[with_item], minlength=size),
        )

    @classmethod
    def together(cls, parts: Sequence["_Sums"]) -> "_Sums":
        """Of parts that share no learner."""
        known, number = np.unique(np.concatenate([part.id for part in parts]), return_inverse=True)

        def summed(name: str) -> Any:
            column = np.concatenate([getattr(part, name) for part in parts])
            return np.bincount(number, weights=column, minlength=len(known)).astype(column.dtype)

        return cls(known, summed("g"), summed("h"), summed("results"), summed("learners"), summed("with_item"))


def _sums(rows: History, now: Calibration, scale: Scale, constants: Constants) -> tuple[_Sums, _Sums]:
    """By standard and by item, with what this version predicts."""
    _, trace = replay_traced(rows, scale=scale, constants=constants, **now.terms(rows)._asdict())
    scores = rows.scores(scale)
    teaches = ~np.isnan(scores) & (rows.weight > 0)
    p, kappa, weight = trace.predicted[teaches], trace.kappa[teaches], rows.weight[teaches]
    g, h = weight * kappa * (scores[teaches] - p), weight * kappa**2 * p * (1 - p)
    learner, item = rows.learner[teaches], rows.item[teaches]
    some = item != NONE
    of_items = _Sums.by(item[some], g[some], h[some], learner[some], some[some])
    return _Sums.by(rows.standard[teaches], g, h, learner, some), of_items


def _improved(now: Calibration, standards: _Sums, items: _Sums) -> Calibration:
    """One round: a damped Newton step of every offset, and of every difficulty, on the same predictions."""
    b = now.offsets(standards.id)
    few = (standards.results < FEWEST_RESULTS) | (standards.learners < FEWEST_LEARNERS)
    middle = np.where(few, DEFAULT_OFFSET, np.median(b) if len(b) else DEFAULT_OFFSET)
    b = b + _STEP * (standards.g - (b - middle)) / (standards.h + 1)

    tau2 = now.item_variance
    d = _looked_up(now.item, now.difficulty, items.id, 0.0)
    holds = items.h + 1 / tau2
    d = d + _STEP * (-items.g - d / tau2) / holds
    v = 1 / holds
    if len(items.id):
        tau2 = float(np.clip(np.mean(d**2 + v), *_ITEM_VARIANCE_RANGE))
    return Calibration(standards.id, b, standards.with_item > 0, items.id, d, v, tau2).filled_from(now)


def _looked_up(known: IntArray, values: FloatArray, asked: ArrayLike, default: float) -> FloatArray:
    asked = np.asarray(asked)
    if not len(known):
        return np.full(len(asked), default)
    at = np.minimum(np.searchsorted(known, asked), len(known) - 1)
    return np.where(known[at] == asked, values[at], default)
