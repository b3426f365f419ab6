"""How sure are we? The evidence tree's belief about one pair, explained to staff (engine parts 2.5 to 2.7).

It moves no level and is not for learners or families.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assessments.mastery.calibration import Calibration
from assessments.mastery.events import History
from assessments.mastery.rounding import MICRO, largest_remainder, to_micro
from assessments.mastery.scale import NO_LEVEL, Scale
from assessments.mastery.tree import (
    DEFAULT_CONSTANTS,
    DEFAULT_OFFSET,
    SPREAD,
    Constants,
    logit,
    sigmoid,
)
from assessments.mastery.tree_account import account_of
from assessments.mastery.tree_reading import PairReading, read_pair

DEFAULT_THRESHOLD = 0.70
_AT_MOST_BELOW = 0.35
_DISAGREE_LOW, _DISAGREE_HIGH, _DISAGREE_AFTER = 0.10, 0.90, 3

SURE, CHECK_AGAIN = "sure", "check_again"
NEWER_RESULTS_DISAGREE = "newer_results_disagree"
REASONS = (
    "work_agrees",
    "set_by_teacher",
    NEWER_RESULTS_DISAGREE,
    "no_result",
    "one_result",
    "old_evidence",
    "other_work_lower",
    "other_work_higher",
    "not_settled",
)
"""Keys of the one reason beside a verdict; screens hold the words."""


@dataclass(frozen=True)
class Part:
    """A part of the belief in micro-logits.

    kind: "offset", "other_work", "result" (record is its ledger record), "practice" or "override" (its record).
    """

    kind: str
    record: int | None
    micro_logit: int


@dataclass(frozen=True)
class Sureness:
    """The account. Micro integers are of scores in [0, 1], or of logits where the name says so.

    parts: offset, other work, results by size of pull, practice, override; they sum to eta_micro exactly.
    usually, with_other_work, with_results: three steps to the estimate, each with the same spread.
    lo, hi: the 80 % range.    results: how many events on this standard.
    verdict: SURE or CHECK_AGAIN; reason: one of REASONS.
    """

    parts: tuple[Part, ...]
    eta_micro: int
    kappa: float
    usually_micro: int
    with_other_work_micro: int
    with_results_micro: int
    lo_micro: int
    hi_micro: int
    p_mastered: float
    results: int
    last_ts: float | None
    verdict: str
    reason: str

    def account(self) -> dict[str, Any]:
        """{parts: [{kind, record, micro_logit}], eta_micro, kappa, estimate_micro}, ready for JSON."""
        return {
            "parts": [vars(part) for part in self.parts],
            "eta_micro": self.eta_micro,
            "kappa": self.kappa,
            "estimate_micro": self.with_results_micro,
        }


def how_sure(
    rows: History,
    *,
    standard: int,
    domain: int,
    shown_level: int | None,
    overridden: bool,
    newer: int,
    now: float,
    scale: Scale,
    threshold: float = DEFAULT_THRESHOLD,
    offsets: Mapping[int, float] | None = None,
    calibration: Calibration | None = None,
    constants: Constants = DEFAULT_CONSTANTS,
) -> Sureness:
    """The account of one learner on one standard, from all of the learner's rows in the subject.

    rows: one learner, in replay order.  shown_level: None without a level.  overridden, newer: whether a teacher's
    level is in force, and the counted results since.  threshold: the district's, .50 to .95.
    calibration: the version in force, instead of offsets; it brings the difficulty of items too.
    Raises ValueError: a threshold out of range, rows of more than one learner.
    """
    _check_threshold(threshold)
    account = account_of(
        rows, standard=standard, scale=scale, offsets=offsets, calibration=calibration, constants=constants
    )
    state, pulls = account.state, account.pulls
    offset = (offsets or {}).get(standard, DEFAULT_OFFSET)
    if calibration is not None:
        offset = float(calibration.offsets(standard)[0])
    place: dict[str, Any] = {"standard": standard, "domain": domain, "scale": scale}
    place |= {"offset": offset, "constants": constants}
    reading = read_pair(state, now=now, **place)
    named: list[tuple[str, int | None, float]] = [
        ("offset", None, offset),
        ("other_work", None, reading.other - offset),
    ]
    strongest_first = sorted(pulls.items(), key=lambda pull: (-abs(pull[1]), pull[0]))
    named += [("result", record, pull * reading.fade) for record, pull in strongest_first]
    if pulls:
        named.append(("practice", None, account.practice * reading.fade))
    if account.override_record is not None:
        named.append(("override", account.override_record, account.override * reading.fade))
    eta_micro = to_micro(reading.eta)
    micro = largest_remainder([logits * MICRO for _, _, logits in named], eta_micro)
    kappa = 1.0 / math.sqrt(1.0 + SPREAD * reading.spread)
    on_standard = rows.take((rows.standard == standard) & ~np.isnan(rows.scores(scale)))
    results = len(np.unique(on_standard.event))
    verdict, reason = _verdict(
        reading,
        results=results,
        shown_level=shown_level,
        overridden=overridden,
        newer=newer,
        scale=scale,
        threshold=threshold,
        fresh=read_pair(state, now=-math.inf, **place),
    )
    return Sureness(
        parts=tuple(Part(kind, record, m) for (kind, record, _), m in zip(named, micro, strict=True)),
        eta_micro=eta_micro,
        kappa=kappa,
        usually_micro=to_micro(sigmoid(kappa * offset)),
        with_other_work_micro=to_micro(sigmoid(kappa * reading.other)),
        with_results_micro=to_micro(reading.estimate),
        lo_micro=to_micro(reading.lo),
        hi_micro=to_micro(reading.hi),
        p_mastered=reading.p_mastered,
        results=results,
        last_ts=reading.last_ts,
        verdict=verdict,
        reason=reason,
    )


def is_sure(
    shown_level: ArrayLike,
    p_mastered: ArrayLike,
    results: ArrayLike,
    *,
    scale: Scale,
    threshold: float = DEFAULT_THRESHOLD,
    overridden: ArrayLike = False,
    newer: ArrayLike = 0,
) -> NDArray[np.bool_]:
    """(pairs,) True for "sure", False for "check again"; the same rule as `how_sure`, for a whole wall.

    shown_level: NO_LEVEL for none.  results: events on the standard (Shown.tries).
    A level set by a teacher is sure until newer results disagree. Raises ValueError: threshold out of .50 to .95.
    """
    _check_threshold(threshold)
    shown, p = np.asarray(shown_level), np.asarray(p_mastered)
    mastered = shown >= scale.mastery_level
    agrees = np.where(mastered, p >= threshold, p <= _AT_MOST_BELOW)
    by_work = (shown != NO_LEVEL) & (np.asarray(results) >= 2) & agrees
    disagree = newer_results_disagree(shown, p, newer, scale=scale)
    return np.where(overridden, ~disagree, by_work)


def newer_results_disagree(
    override_level: ArrayLike, p_mastered: ArrayLike, newer: ArrayLike, *, scale: Scale
) -> NDArray[np.bool_]:
    """Whether at least three results since an override say clearly otherwise. Nothing more follows from it."""
    p = np.asarray(p_mastered)
    mastered = np.asarray(override_level) >= scale.mastery_level
    otherwise = np.where(mastered, p < _DISAGREE_LOW, p > _DISAGREE_HIGH)
    return (np.asarray(newer) >= _DISAGREE_AFTER) & otherwise


def _verdict(
    reading: PairReading,
    *,
    results: int,
    shown_level: int | None,
    overridden: bool,
    newer: int,
    scale: Scale,
    threshold: float,
    fresh: PairReading,
) -> tuple[str, str]:
    """The verdict and its reason.  fresh: the belief read before any fading since the last result."""
    level = NO_LEVEL if shown_level is None else shown_level

    def sure(p_mastered: float) -> bool:
        verdict = is_sure(
            level,
            p_mastered,
            results,
            scale=scale,
            threshold=threshold,
            overridden=overridden,
            newer=newer,
        )
        return bool(verdict)

    if sure(reading.p_mastered):
        return SURE, "set_by_teacher" if overridden else "work_agrees"
    if overridden:
        return CHECK_AGAIN, NEWER_RESULTS_DISAGREE
    if level == NO_LEVEL or results < 2:
        return CHECK_AGAIN, "one_result" if results == 1 else "no_result" if results == 0 else "not_settled"
    if sure(fresh.p_mastered):
        return CHECK_AGAIN, "old_evidence"
    reaches_mastery = reading.other >= logit(scale.mastery_cut)
    if level >= scale.mastery_level:
        return CHECK_AGAIN, "not_settled" if reaches_mastery else "other_work_lower"
    return CHECK_AGAIN, "other_work_higher" if reaches_mastery else "not_settled"


def _check_threshold(threshold: float) -> None:
    if not 0.50 <= threshold <= 0.95:
        raise ValueError(f"The threshold of sureness is .50 to .95, not {threshold}.")
