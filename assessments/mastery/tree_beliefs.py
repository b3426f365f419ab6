"""The dense belief of one block of learners, and the steps of the evidence tree on it.

The same arithmetic as `tree.add_result`, in the same order, for one result of each of many learners.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assessments.mastery.events import NONE
from assessments.mastery.tree import SPREAD, Constants

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_CLIP = 12.0
FLOOR = 1e-4


@dataclass(frozen=True)
class Stream:
    """The rows that change a belief, standards numbered from 0; an override carries its band middle as score."""

    standard: IntArray
    ts: FloatArray
    score: FloatArray
    weight: FloatArray
    offset: FloatArray
    pinned: NDArray[np.bool_]
    difficulty: FloatArray | None
    difficulty_variance: FloatArray | None

    def take(self, rows: IntArray) -> "Stream":
        def pick(column: Any) -> Any:
            if column is None:
                return None
            if column.strides == (0,) and len(column):  # one number for every row: nothing to lay out
                return np.broadcast_to(column[0], len(rows))
            return column.take(rows)

        return Stream(*(pick(column) for column in vars(self).values()))


@dataclass(frozen=True)
class Trace:
    """What each row met and left, all (rows,), NaN for a row that changed no belief or was an override.

    predicted: the score expected before the result.    kappa: how much the spread shrank the logit of it.
    estimate: the expected score of a next result on that standard right after it, without item terms.
    """

    predicted: FloatArray
    kappa: FloatArray
    estimate: FloatArray

    @classmethod
    def empty(cls, rows: int) -> "Trace":
        return cls(*(np.full(rows, np.nan) for _ in range(3)))

    def write(self, rows: Any, found: "Trace") -> None:
        """Put the trace of some rows in their places."""
        for column, values in vars(found).items():
            getattr(self, column)[rows] = values


class Beliefs:
    """Dense belief of one block: learners (longest history first) x domains and x standards, flattened."""

    def __init__(self, learners: int, standards: int, domain_ids: IntArray, constants: Constants) -> None:
        c = constants
        domains = len(domain_ids)
        self.constants = c
        self.m_g = np.zeros(learners)
        self.v_g = np.full(learners, c.prior_learner)
        # A time of plus infinity for "none yet" makes every elapsed time 0 and every fade 1, without a branch.
        self.t_g = np.full(learners, np.inf)
        self.m_d = np.zeros(learners * domains)
        self.v_d = np.tile(np.where(domain_ids == NONE, 0.0, c.prior_domain), learners)
        self.m_k = np.zeros(learners * standards)
        self.v_k = np.full(learners * standards, c.prior_standard)
        self.t_k = np.full(learners * standards, np.inf)
        self.n = np.zeros(learners * standards, dtype=np.int64)

    def add_results(
        self, who: Any, dom: IntArray, cell: IntArray, at: Any, s: Stream, floor: Any, trace: "Trace | None" = None
    ) -> None:
        """One result of each learner in `who`: `tree.add_result`, step by step.

        who, at: slices or index arrays, of learners and of rows of the stream. Arrays are reused in place because
        memory, not arithmetic, is what a step costs.    trace: is written at the rows `at`.
        """
        c = self.constants
        ts = s.ts[at]
        fade = ts - self.t_k.take(cell)
        np.maximum(fade, 0.0, out=fade)
        fade *= -c.fade_day
        np.exp(fade, out=fade)
        m_k = fade * self.m_k.take(cell)
        fade *= fade
        v_k = self.v_k.take(cell)
        v_k -= c.prior_standard
        v_k *= fade
        v_k += c.prior_standard
        v_g = ts - self.t_g[who]
        np.maximum(v_g, 0.0, out=v_g)
        v_g *= c.drift_learner_day
        v_g += self.v_g[who]
        np.minimum(v_g, c.prior_learner, out=v_g)
        m_g, m_d, v_d = self.m_g[who], self.m_d.take(dom), self.v_d.take(dom)

        spread = v_g + v_d
        spread += v_k
        if s.difficulty_variance is not None:
            spread += s.difficulty_variance[at]
        kappa = spread * SPREAD
        kappa += 1.0
        np.sqrt(kappa, out=kappa)
        np.divide(-1.0, kappa, out=kappa)  # minus kappa: what it multiplies comes with the sign that is wanted
        p = m_g + m_d
        p += m_k
        p += s.offset[at]
        if s.difficulty is not None:
            p -= s.difficulty[at]
        p *= kappa
        np.minimum(p, _CLIP, out=p)
        np.maximum(p, -_CLIP, out=p)
        np.exp(p, out=p)
        p += 1.0
        np.divide(1.0, p, out=p)
        if trace is not None:
            trace.predicted[at], trace.kappa[at] = p, -kappa
        pull = s.weight[at] * kappa  # minus w kappa, on its way to g
        r = pull * kappa
        r *= p
        r *= 1.0 - p  # h
        spread *= r
        spread += 1.0  # 1 + h S
        r /= spread
        pull *= p - s.score[at]
        pull /= spread

        _move(m_g, v_g, pull, r, FLOOR)
        v_g += c.drift_learner
        if not isinstance(who, slice):  # else it has been written in place
            self.m_g[who] = m_g
        self.v_g[who] = np.minimum(v_g, c.prior_learner, out=v_g)
        _move(m_d, v_d, pull, r, floor)
        self.m_d[dom], self.v_d[dom] = m_d, v_d
        _move(m_k, v_k, pull, r, FLOOR)
        m_k += c.practice
        v_k += c.drift_standard
        self.m_k[cell] = m_k
        self.v_k[cell] = np.minimum(v_k, c.prior_standard, out=v_k)
        self.t_k[cell] = ts
        self.t_g[who] = ts
        if trace is not None:
            eta = m_g + m_d + m_k + s.offset[at]
            trace.estimate[at] = _estimate(eta, self.v_g[who] + v_d + self.v_k[cell])

    def set_overrides(self, who: IntArray, dom: IntArray, cell: IntArray, at: IntArray, s: Stream) -> None:
        middle = s.score[at]
        judged = np.log(middle / (1.0 - middle))
        self.m_k[cell] = judged - (self.m_g[who] + self.m_d[dom] + s.offset[at])
        self.v_k[cell] = self.constants.override_variance
        self.t_k[cell] = s.ts[at]


def _move(m: FloatArray, v: FloatArray, g: FloatArray, r: FloatArray, floor: Any) -> None:
    """Step 4 of the update at one level, in place: m + v g, and v - v v r, not below the floor."""
    m += v * g
    lost = v * v
    lost *= r
    v -= lost
    np.maximum(v, floor, out=v)


def _estimate(eta: FloatArray, spread: FloatArray) -> FloatArray:
    shrunk = eta / np.sqrt(1.0 + SPREAD * spread)
    return 1.0 / (1.0 + np.exp(-np.clip(shrunk, -_CLIP, _CLIP)))
