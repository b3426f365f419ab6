"""What the evidence tree believes at a time (engine part 2.5). Reading fades without storing the fade."""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assessments.mastery.events import NONE
from assessments.mastery.scale import Scale
from assessments.mastery.tree import (
    DEFAULT_CONSTANTS,
    DEFAULT_OFFSET,
    SPREAD,
    Constants,
    LearnerState,
    logit,
    sigmoid,
)
from assessments.mastery.tree_replay import TreeState

FloatArray = NDArray[np.float64]
_CLIP = 12.0
_EIGHTY_PERCENT = 1.2816
_NORMAL = NormalDist()


@dataclass(frozen=True)
class Reading:
    """One row per pair asked for. All arrays are (pairs,); scores are in [0, 1], etas in logits.

    estimate, lo, hi: expected score and its 80 % interval.    p_mastered: chance of standing at mastery or above.
    eta, spread: mean and variance of the belief.    other: the part of eta without the standard's own deviation.
    n, last_ts: results on this very standard, days of the last of them (or of an override), NaN for none.
    """

    estimate: FloatArray
    lo: FloatArray
    hi: FloatArray
    p_mastered: FloatArray
    eta: FloatArray
    spread: FloatArray
    other: FloatArray
    n: NDArray[np.int64]
    last_ts: FloatArray


def read(
    state: TreeState,
    *,
    learner: ArrayLike,
    standard: ArrayLike,
    domain: ArrayLike,
    now: ArrayLike,
    scale: Scale,
    offset: ArrayLike = DEFAULT_OFFSET,
    constants: Constants = DEFAULT_CONSTANTS,
) -> Reading:
    """The belief about any pairs, also those without a result ("expected from other work", n = 0).

    learner, standard, domain, offset: (pairs,) or one value for all; domain NONE drops that level.
    now: days, one for all or one per pair; a time before the last result fades nothing.
    """
    c = constants
    asked = (np.asarray(x) for x in (learner, standard, domain, offset, now))
    who, which, parent, b, at = (np.atleast_1d(x) for x in np.broadcast_arrays(*asked))
    g = _find(state.learner, who)
    d = _find_pair(state.domain_learner, state.domain, who, parent)
    k = _find_pair(state.pair_learner, state.standard, who, which)

    t_g, t_k = _at(state.t_g, g, np.nan), _at(state.t_k, k, np.nan)
    since_g, since_k = (np.nan_to_num(np.maximum(at - t, 0.0)) for t in (t_g, t_k))
    v_g = np.minimum(_at(state.v_g, g, c.prior_learner) + c.drift_learner_day * since_g, c.prior_learner)
    fade = np.exp(-c.fade_day * since_k)
    v_k = c.prior_standard + fade * fade * (_at(state.v_k, k, c.prior_standard) - c.prior_standard)
    m_d = np.where(parent == NONE, 0.0, _at(state.m_d, d, 0.0))
    v_d = np.where(parent == NONE, 0.0, _at(state.v_d, d, c.prior_domain))

    spread = v_g + v_d + v_k
    other = _at(state.m_g, g, 0.0) + m_d + b
    eta = _at(state.m_g, g, 0.0) + m_d + fade * _at(state.m_k, k, 0.0) + b
    deviation = np.sqrt(spread)
    from scipy.special import ndtr  # 17 MB that web processes, which read pair by pair, do without

    return Reading(
        estimate=_sigmoid(eta / np.sqrt(1.0 + SPREAD * spread)),
        lo=_sigmoid(eta - _EIGHTY_PERCENT * deviation),
        hi=_sigmoid(eta + _EIGHTY_PERCENT * deviation),
        p_mastered=ndtr((eta - logit(scale.mastery_cut)) / deviation),
        eta=eta,
        spread=spread,
        other=other,
        n=_at(state.n, k, 0).astype(np.int64),
        last_ts=t_k,
    )


@dataclass(frozen=True)
class PairReading:
    """The belief about one pair; see Reading. m_k: the standard's own deviation, faded to the time of reading."""

    estimate: float
    lo: float
    hi: float
    p_mastered: float
    eta: float
    spread: float
    other: float
    m_k: float
    fade: float
    n: int
    last_ts: float | None


def read_pair(
    state: LearnerState,
    *,
    standard: int,
    domain: int,
    now: float,
    scale: Scale,
    offset: float = DEFAULT_OFFSET,
    constants: Constants = DEFAULT_CONSTANTS,
) -> PairReading:
    """`read` for one learner and standard, in plain Python."""
    c = constants
    own = state.standards.get(standard)
    v_g = state.v
    if state.t is not None:
        v_g = min(v_g + c.drift_learner_day * max(now - state.t, 0.0), c.prior_learner)
    m_d, v_d = (0.0, 0.0) if domain == NONE else state.domains.get(domain, (0.0, c.prior_domain))
    fade, m_k, v_k, n, last_ts = 1.0, 0.0, c.prior_standard, 0, None
    if own is not None:
        if own.t is not None:
            fade = math.exp(-c.fade_day * max(now - own.t, 0.0))
        m_k, n, last_ts = fade * own.m, own.n, own.t
        v_k = c.prior_standard + fade * fade * (own.v - c.prior_standard)
    spread = v_g + v_d + v_k
    other = state.m + m_d + offset
    eta = state.m + m_d + m_k + offset
    deviation = math.sqrt(spread)
    return PairReading(
        estimate=sigmoid(eta / math.sqrt(1.0 + SPREAD * spread)),
        lo=sigmoid(eta - _EIGHTY_PERCENT * deviation),
        hi=sigmoid(eta + _EIGHTY_PERCENT * deviation),
        p_mastered=_NORMAL.cdf((eta - logit(scale.mastery_cut)) / deviation),
        eta=eta,
        spread=spread,
        other=other,
        m_k=m_k,
        fade=fade,
        n=n,
        last_ts=last_ts,
    )


def _sigmoid(x: ArrayLike) -> FloatArray:
    return 1.0 / (1.0 + np.exp(-np.clip(x, -_CLIP, _CLIP)))


def _find(known: NDArray[np.int64], asked: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each asked id stands in the sorted known ones, -1 for absent."""
    if not len(known):
        return np.full(len(asked), -1)
    at = np.minimum(np.searchsorted(known, asked), len(known) - 1)
    return np.where(known[at] == asked, at, -1)


def _find_pair(
    known_a: NDArray[np.int64],
    known_b: NDArray[np.int64],
    asked_a: NDArray[np.int64],
    asked_b: NDArray[np.int64],
) -> NDArray[np.int64]:
    """The same for pairs sorted by a, then b: both ids become ranks, so that the joint key cannot overflow."""
    a, b = np.unique(known_a), np.unique(known_b)
    rank_a, rank_b = _find(a, asked_a), _find(b, asked_b)
    keys = np.searchsorted(a, known_a) * len(b) + np.searchsorted(b, known_b)
    found = _find(keys, np.where((rank_a >= 0) & (rank_b >= 0), rank_a * len(b) + rank_b, -1))
    return np.where((rank_a >= 0) & (rank_b >= 0), found, -1)


def _at(values: NDArray, index: NDArray[np.int64], default: float) -> NDArray:
    """values[index], and the default where the index is -1."""
    if not len(values):
        return np.full(len(index), default)
    return np.where(index >= 0, values[index], default)
