"""The evidence tree: a Gaussian belief over learner, domain and standard, one result at a time.

Engine parts 2.3, 2.4 and 2.7. Units are logits; variances are logit squared; times are days. The tree answers how
sure we are, what next and with whom; it never sets a shown level.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from assessments.mastery.events import NONE, OVERRIDE_SET, RESULT, History
from assessments.mastery.overrides import withdrawn
from assessments.mastery.scale import Scale

SPREAD = math.pi / 8  # a logistic averaged over a Gaussian of variance S is a logistic shrunk by 1/sqrt(1 + pi S / 8)
_CLIP = 12.0
_FLOOR = 1e-4
STORED = np.dtype("<f8")
DEFAULT_OFFSET = math.log(0.65 / 0.35)
"""b of a standard that has not been calibrated: learners here usually get 65 %."""


@dataclass(frozen=True)
class Constants:
    """The numbers of engine part 2.3; defaults rounded from fits on five public data sets."""

    prior_learner: float = 0.90
    prior_domain: float = 0.12
    prior_standard: float = 0.30
    drift_learner: float = 0.002
    drift_learner_day: float = 0.003
    drift_standard: float = 0.05
    fade_day: float = math.log(2) / 30
    practice: float = 0.02
    override_variance: float = 0.10


DEFAULT_CONSTANTS = Constants()


@dataclass(slots=True)
class StandardBelief:
    """m, v: the standard's own deviation; t: days of its last result or override; n: results so far."""

    m: float
    v: float
    t: float | None
    n: int
    domain: int


@dataclass(slots=True)
class LearnerState:
    """Everything the tree knows of one learner in one subject. Mutable: updates write into it."""

    m: float = 0.0
    v: float = DEFAULT_CONSTANTS.prior_learner
    t: float | None = None
    domains: dict[int, list[float]] = field(default_factory=dict)
    standards: dict[int, StandardBelief] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """What is stored of it: little-endian float64, one after another; `from_bytes` gives it back bit for bit.

        m, v, t, the number of domains and of standards; of all domains, sorted, id, m, v; of all standards, sorted, id,
        domain, m, v, t, n; column after column. No time yet is NaN. Ids are whole numbers far below 2**53.
        """
        domains = [(domain, *belief) for domain, belief in sorted(self.domains.items())]
        standards = [(s, b.domain, b.m, b.v, _or_nan(b.t), b.n) for s, b in sorted(self.standards.items())]
        head = (self.m, self.v, _or_nan(self.t), len(domains), len(standards))
        columns = (*zip(*domains, strict=True), *zip(*standards, strict=True))
        return np.array([*head, *chain.from_iterable(columns)], dtype=STORED).tobytes()

    @classmethod
    def from_bytes(cls, stored: bytes | memoryview) -> "LearnerState":
        """Raises ValueError: bytes that `to_bytes` did not write."""
        head, domains, standards = taken_apart(stored)
        m, v, t = head.tolist()
        return cls(
            m,
            v,
            _or_none(t),
            {int(domain): [dm, dv] for domain, dm, dv in domains.T.tolist()},
            {
                int(s): StandardBelief(sm, sv, _or_none(st), int(n), int(domain))
                for s, domain, sm, sv, st, n in standards.T.tolist()
            },
        )


def taken_apart(stored: bytes | memoryview) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """(3,), (3, domains) and (6, standards) of what `LearnerState.to_bytes` wrote.

    Raises ValueError: bytes of another length than their own numbers say.
    """
    numbers = np.frombuffer(stored, dtype=STORED)
    known = numbers[3:5].astype(np.int64)
    if len(known) < 2 or len(numbers) != 5 + known @ (3, 6):
        raise ValueError(f"{len(stored)} bytes are no stored state.")
    domains, standards = np.split(numbers[5:], [3 * known[0]])
    return numbers[:3], domains.reshape(3, -1), standards.reshape(6, -1)


def _or_nan(t: float | None) -> float:
    return math.nan if t is None else t


def _or_none(t: float) -> float | None:
    return None if math.isnan(t) else t


class Terms(NamedTuple):
    """What each row of a history is read with, (rows,) each, in logits: b of its standard, d and v of its item.

    `tree_replay.replay(rows, scale=scale, **terms._asdict())`; `calibration.Calibration.terms` makes them.
    """

    offset: NDArray[np.float64]
    difficulty: NDArray[np.float64]
    difficulty_variance: NDArray[np.float64]


class Step(NamedTuple):
    """What one update did: the score it expected, the fade of the standard's own deviation, and the pull on it."""

    predicted: float
    fade: float
    pull: float


def new_state(constants: Constants = DEFAULT_CONSTANTS) -> LearnerState:
    """A learner of whom nothing is known yet."""
    return LearnerState(v=constants.prior_learner)


def sigmoid(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-min(max(x, -_CLIP), _CLIP)))


def logit(p: float) -> float:
    return math.log(p / (1.0 - p))


def add_result(
    state: LearnerState,
    *,
    standard: int,
    domain: int,
    score: float,
    weight: float,
    ts: float,
    offset: float = DEFAULT_OFFSET,
    difficulty: float = 0.0,
    difficulty_variance: float = 0.0,
    constants: Constants = DEFAULT_CONSTANTS,
) -> Step | None:
    """Update the state by one result, in replay order; None where there is nothing to learn (no score, weight 0).

    score: in [0, 1].  weight: >= 0.  ts: days.  domain: NONE drops that level.
    offset, difficulty, difficulty_variance: b of the standard, d and v of the item; 0 without an item model.
    """
    if weight == 0 or math.isnan(score):
        return None
    c = constants
    own = _belief(state, standard, domain, c)
    fade = 1.0 if own.t is None else math.exp(-c.fade_day * max(ts - own.t, 0.0))
    m_k = fade * own.m
    v_k = c.prior_standard + fade * fade * (own.v - c.prior_standard)
    v_g = state.v
    if state.t is not None:
        v_g = min(v_g + c.drift_learner_day * max(ts - state.t, 0.0), c.prior_learner)
    m_d, v_d = _domain(state, domain, c)

    spread = v_g + v_d + v_k + difficulty_variance
    eta = state.m + m_d + m_k + offset - difficulty
    kappa = 1.0 / math.sqrt(1.0 + SPREAD * spread)
    p = sigmoid(kappa * eta)
    h = weight * kappa * kappa * p * (1.0 - p)
    shared = 1.0 + h * spread
    g = weight * kappa * (score - p) / shared
    r = h / shared

    pull = v_k * g
    state.m += v_g * g
    state.v = min(max(v_g - v_g * v_g * r, _FLOOR) + c.drift_learner, c.prior_learner)
    if domain != NONE:
        state.domains[domain] = [m_d + v_d * g, max(v_d - v_d * v_d * r, _FLOOR)]
    own.m = m_k + pull + c.practice
    own.v = min(max(v_k - v_k * v_k * r, _FLOOR) + c.drift_standard, c.prior_standard)
    own.t = state.t = ts
    own.n += 1
    return Step(p, fade, pull)


def set_override(
    state: LearnerState,
    *,
    standard: int,
    domain: int,
    level: int,
    ts: float,
    scale: Scale,
    offset: float = DEFAULT_OFFSET,
    constants: Constants = DEFAULT_CONSTANTS,
) -> None:
    """Reset this standard to a teacher's judgement; learner, domain and other standards stay as they are."""
    own = _belief(state, standard, domain, constants)
    m_d, _ = _domain(state, domain, constants)
    middle = float(scale.band_middles[min(level, scale.levels) - 1])
    own.m = logit(middle) - (state.m + m_d + offset)
    own.v = constants.override_variance
    own.t = ts


def replay_steps(
    state: LearnerState,
    rows: History,
    *,
    scale: Scale,
    offsets: Mapping[int, float] | None = None,
    terms: Terms | None = None,
    constants: Constants = DEFAULT_CONSTANTS,
) -> Iterator[tuple[int, Step | None]]:
    """Update the state by one learner's rows in replay order; yields (row, its step), None for an override.

    offsets: b by standard; a standard without one has DEFAULT_OFFSET.    terms: of every row, instead of offsets.
    Rows that change nothing are passed over.
    Raises ValueError: rows of more than one learner.
    """
    if len(rows) and (rows.learner != rows.learner[0]).any():
        raise ValueError("One learner is replayed at a time.")
    gone = withdrawn(rows)
    scores = rows.scores(scale)
    for row in range(len(rows)):
        standard = int(rows.standard[row])
        place: dict[str, Any] = {
            "standard": standard,
            "domain": int(rows.domain[row]),
            "ts": float(rows.ts[row]),
            "offset": (offsets or {}).get(standard, DEFAULT_OFFSET) if terms is None else float(terms.offset[row]),
            "constants": constants,
        }
        if rows.kind[row] == RESULT:
            if terms is not None:
                place["difficulty"] = float(terms.difficulty[row])
                place["difficulty_variance"] = float(terms.difficulty_variance[row])
            step = add_result(state, score=float(scores[row]), weight=float(rows.weight[row]), **place)
            if step is not None:
                yield row, step
        elif rows.kind[row] == OVERRIDE_SET and not gone[row]:
            set_override(state, level=int(rows.override_level[row]), scale=scale, **place)
            yield row, None


def replay_learner(
    rows: History,
    *,
    scale: Scale,
    offsets: Mapping[int, float] | None = None,
    terms: Terms | None = None,
    constants: Constants = DEFAULT_CONSTANTS,
) -> LearnerState:
    """The state of one learner after all rows (in replay order), from nothing. See `replay_steps`."""
    state = new_state(constants)
    for _ in replay_steps(state, rows, scale=scale, offsets=offsets, terms=terms, constants=constants):
        pass
    return state


def _belief(state: LearnerState, standard: int, domain: int, constants: Constants) -> StandardBelief:
    own = state.standards.get(standard)
    if own is None:
        own = state.standards[standard] = StandardBelief(0.0, constants.prior_standard, None, 0, domain)
    return own


def _domain(state: LearnerState, domain: int, constants: Constants) -> tuple[float, float]:
    if domain == NONE:
        return 0.0, 0.0
    m, v = state.domains.get(domain, (0.0, constants.prior_domain))
    return m, v
