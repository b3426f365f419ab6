"""The evidence tree for many learners at once: the t-th result of every learner is one vector step.

The same arithmetic as `tree`, in the same order; equal to 1e-12, and bit-equal however learners are cut in blocks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assessments.mastery.events import NONE, OVERRIDE_SET, RESULT, History
from assessments.mastery.overrides import withdrawn
from assessments.mastery.scale import Scale
from assessments.mastery.segments import in_step
from assessments.mastery.tree import (
    DEFAULT_CONSTANTS,
    DEFAULT_OFFSET,
    STORED,
    Constants,
    LearnerState,
    taken_apart,
)
from assessments.mastery.tree_beliefs import FLOOR, Beliefs, Stream, Trace

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_LEARNERS_IN_A_BLOCK = 1024
_CELLS_IN_A_BLOCK = 1 << 18  # learners x standards of one block: its belief stays in the processor's cache


@dataclass(frozen=True)
class TreeState:
    """The belief about many learners, as sorted parallel arrays. Times are days, NaN for none yet.

    learner, m_g, v_g, t_g: (learners,), sorted by learner.
    domain_learner, domain, m_d, v_d: (learner x domain pairs with evidence,), sorted.
    pair_learner, standard, pair_domain, m_k, v_k, t_k, n: (learner x standard pairs with evidence,), sorted.
    """

    learner: IntArray
    m_g: FloatArray
    v_g: FloatArray
    t_g: FloatArray
    domain_learner: IntArray
    domain: IntArray
    m_d: FloatArray
    v_d: FloatArray
    pair_learner: IntArray
    standard: IntArray
    pair_domain: IntArray
    m_k: FloatArray
    v_k: FloatArray
    t_k: FloatArray
    n: IntArray

    def learner_states(self) -> dict[int, LearnerState]:
        """The same belief as one `LearnerState` per learner, to update one result at a time."""
        return {learner: LearnerState.from_bytes(stored) for learner, stored in self.to_bytes().items()}

    def to_bytes(self) -> dict[int, bytes]:
        """By learner what `LearnerState.to_bytes` writes of each."""
        domains = np.array([self.domain, self.m_d, self.v_d], dtype=STORED)
        pairs = np.array([self.standard, self.pair_domain, self.m_k, self.v_k, self.t_k, self.n], dtype=STORED)
        ends = [np.searchsorted(of, self.learner, side="right") for of in (self.domain_learner, self.pair_learner)]
        found = {}
        d_from = k_from = 0
        for learner, m, v, t, d_to, k_to in _rows(self.learner, self.m_g, self.v_g, self.t_g, *ends):
            head = np.array([m, v, t, d_to - d_from, k_to - k_from], dtype=STORED)
            parts = (head, domains[:, d_from:d_to].ravel(), pairs[:, k_from:k_to].ravel())
            found[learner] = np.concatenate(parts).tobytes()
            d_from, k_from = d_to, k_to
        return found

    @classmethod
    def from_bytes(cls, stored: Mapping[int, bytes]) -> "TreeState":
        """Learner id -> what `to_bytes` wrote, back as arrays, bit for bit."""
        learners = sorted(stored)
        parts = [taken_apart(stored[learner]) for learner in learners]
        heads = np.array([head for head, _, _ in parts]).reshape(-1, 3)
        domains = np.concatenate([np.empty((3, 0)), *(found for _, found, _ in parts)], axis=1)
        standards = np.concatenate([np.empty((6, 0)), *(found for _, _, found in parts)], axis=1)
        ids = np.array(learners, dtype=np.int64)
        columns: list[Any] = [
            ids,
            *heads.T.copy(),
            np.repeat(ids, [found.shape[1] for _, found, _ in parts]),
            domains[0].astype(np.int64),
            *domains[1:],
            np.repeat(ids, [found.shape[1] for _, _, found in parts]),
            *standards[:2].astype(np.int64),
            *standards[2:5],
            standards[5].astype(np.int64),
        ]
        return cls(*columns)


def replay(
    rows: History,
    *,
    scale: Scale,
    offset: FloatArray | float = DEFAULT_OFFSET,
    difficulty: FloatArray | float | None = None,
    difficulty_variance: FloatArray | float = 0.0,
    constants: Constants = DEFAULT_CONSTANTS,
    block: int = _LEARNERS_IN_A_BLOCK,
) -> TreeState:
    """The belief after a whole history, computed from nothing.

    rows: sorted by learner, then in replay order.
    offset, difficulty, difficulty_variance: (rows,) or one number: b of the standard, d and v of the item;
        difficulty None is no item model.
    block: how many learners at most go side by side; bounds memory and changes no bit of the result.
    Raises ValueError: rows not sorted by learner, a standard under two domains.
    """
    return _replayed(rows, scale, (offset, difficulty, difficulty_variance), constants, block, None)


def replay_traced(
    rows: History,
    *,
    scale: Scale,
    offset: FloatArray | float = DEFAULT_OFFSET,
    difficulty: FloatArray | float | None = None,
    difficulty_variance: FloatArray | float = 0.0,
    constants: Constants = DEFAULT_CONSTANTS,
    block: int = _LEARNERS_IN_A_BLOCK,
) -> tuple[TreeState, Trace]:
    """`replay`, and what each row met and left: for calibration, for benches, and for the tree as level method."""
    trace = Trace.empty(len(rows))
    return _replayed(rows, scale, (offset, difficulty, difficulty_variance), constants, block, trace), trace


def _replayed(
    rows: History,
    scale: Scale,
    terms: tuple[Any, Any, Any],
    constants: Constants,
    block: int,
    trace: Trace | None,
) -> TreeState:
    learner, size = rows.learner, len(rows)
    if np.any(learner[1:] < learner[:-1]):
        raise ValueError("The rows of a history are sorted by learner before they are replayed.")
    columns = [None if term is None else _per_row(term, size) for term in terms]
    starts = np.flatnonzero(np.append(True, learner[1:] != learner[:-1])) if size else np.empty(0, int)
    domain_of: dict[int, int] = {}
    found = _Columns(len(starts), size)
    # From here on a block is all that is looked at, so that every array stays in the processor's cache.
    for at in range(0, len(starts), block):
        its = slice(starts[at], starts[at + block] if at + block < len(starts) else size)
        its_terms = [None if column is None else column[its] for column in columns]
        its_trace = None if trace is None else Trace(*(column[its] for column in vars(trace).values()))
        _replay_rows(rows.take(its), scale, its_terms, constants, its_trace, domain_of, found)
    return found.state()


def _replay_rows(
    rows: History,
    scale: Scale,
    terms: list[Any],
    constants: Constants,
    trace: Trace | None,
    domain_of: dict[int, int],
    found: "_Columns",
) -> None:
    """The rows of one block of learners; in several parts where their standards are many.

    domain_of: standard -> domain as met so far, added to.    found: what is known after them is added to it.
    """
    offset, difficulty, difficulty_variance = terms
    scores = rows.scores(scale)
    pinned = (rows.kind == OVERRIDE_SET) & ~withdrawn(rows)
    if pinned.any():
        level = np.minimum(rows.override_level[pinned], scale.levels)
        scores[pinned] = scale.band_middles[level - 1]
    moves = pinned | ((rows.kind == RESULT) & (rows.weight > 0) & ~np.isnan(scores))
    keep = slice(None) if moves.all() else np.flatnonzero(moves)
    learner = rows.learner[keep]
    names = _names(rows.standard[keep], rows.domain[keep], domain_of)
    stream = Stream(
        standard=names.standard_of_row,
        ts=rows.ts[keep],
        score=scores[keep],
        weight=rows.weight[keep],
        offset=offset[keep],
        pinned=pinned[keep] if pinned.any() else np.broadcast_to(np.False_, len(learner)),
        difficulty=None if difficulty is None else difficulty[keep],
        difficulty_variance=None if difficulty is None else difficulty_variance[keep],
    )
    first = np.flatnonzero(np.append(True, learner[1:] != learner[:-1])) if len(learner) else np.empty(0, int)
    starts = np.append(first, len(learner))
    block = max(1, _CELLS_IN_A_BLOCK // max(len(names.standards), 1))
    kept = None if trace is None else Trace.empty(len(learner))
    for at in range(0, len(first), block):
        to = min(at + block, len(first))
        edges = starts[at : to + 1]
        _replay_block(stream, learner[first[at:to]], edges, names, constants, kept, found)
    if trace is not None and kept is not None:
        trace.write(keep, kept)


@dataclass(frozen=True)
class _Names:
    """Ids and the numbers that stand for them: standards and domains sorted, the domain of each standard."""

    standards: IntArray
    domains: IntArray
    domain_of: IntArray
    standard_of_row: IntArray


def _names(standard: IntArray, domain: IntArray, known: dict[int, int]) -> _Names:
    """known: standard -> domain of other rows, added to."""
    standards, standard_of_row = _numbered(standard)
    domain_id = np.empty(len(standards), dtype=np.int64)
    domain_id[standard_of_row] = domain
    torn = domain_id[standard_of_row] != domain
    if torn.any():
        raise ValueError(f"Standard {standard[torn.argmax()]} stands under two domains.")
    for one, parent in zip(standards.tolist(), domain_id.tolist(), strict=True):
        if known.setdefault(one, parent) != parent:
            raise ValueError(f"Standard {one} stands under two domains.")
    domains, domain_of = np.unique(domain_id, return_inverse=True)
    return _Names(standards, domains, domain_of, standard_of_row)


def _numbered(ids: IntArray) -> tuple[IntArray, IntArray]:
    """Sorted distinct ids, and the number of each row's id among them; without sorting where ids are compact."""
    if not len(ids):
        return ids, ids
    low, high = int(ids.min()), int(ids.max())
    if high - low > len(ids) + 1_000_000:
        return np.unique(ids, return_inverse=True)
    seen = np.zeros(high - low + 1, dtype=bool)
    seen[ids - low] = True
    return np.flatnonzero(seen) + low, (np.cumsum(seen) - 1)[ids - low]


def _replay_block(
    whole: Stream,
    learner: IntArray,
    starts: IntArray,
    names: _Names,
    constants: Constants,
    kept: Trace | None,
    found: "_Columns",
) -> None:
    steps = list(in_step(starts))
    longest_first = steps[0][0]  # every learner has a row, so the first step names them all
    # Rows are laid out step by step, so that each step reads the stream straight through.
    laid_out = np.concatenate([rows for _, rows in steps])
    s = whole.take(laid_out)
    trace = None if kept is None else Trace.empty(len(laid_out))
    place = np.concatenate([np.arange(len(active)) for active, _ in steps])
    domain = names.domain_of[s.standard]
    cells = place * len(names.standards) + s.standard
    doms = place * len(names.domains) + domain
    floors = np.where(names.domains == NONE, 0.0, FLOOR)[domain] if NONE in names.domains else None
    beliefs = Beliefs(len(learner), len(names.standards), names.domains, constants)
    any_pinned = bool(s.pinned.any())
    to = 0
    for active, _ in steps:
        at: Any = slice(to, to + len(active))
        who: Any = slice(0, len(active))
        to = at.stop
        if any_pinned and (pinned := s.pinned[at]).any():
            fixed = at.start + np.flatnonzero(pinned)
            beliefs.set_overrides(place[fixed], doms[fixed], cells[fixed], fixed, s)
            at = at.start + np.flatnonzero(~pinned)
            who = place[at]
        beliefs.add_results(who, doms[at], cells[at], at, s, FLOOR if floors is None else floors[at], trace)
    if kept is not None and trace is not None:
        kept.write(laid_out, trace)
    results: Any = ~s.pinned if any_pinned else slice(None)
    beliefs.n = np.bincount(cells[results], minlength=len(beliefs.m_k))
    has_results = np.zeros(len(beliefs.m_d), dtype=bool)
    has_results[doms[results]] = True
    _read_out(beliefs, learner, longest_first, names, has_results, found)


def _read_out(
    b: Beliefs,
    learner: IntArray,
    longest_first: IntArray,
    names: _Names,
    has_results: NDArray[np.bool_],
    found: "_Columns",
) -> None:
    """The pairs with evidence of a block, back in the order of learner ids.

    has_results: (learners x domains,), places as in the beliefs; an override alone leaves its domain unknown.
    """
    place = np.argsort(longest_first)
    standards, domains = names.standards, names.domains
    t_g = np.where(np.isfinite(b.t_g), b.t_g, np.nan)
    found.add(place, {"learner": learner[longest_first], "m_g": b.m_g, "v_g": b.v_g, "t_g": t_g})
    who, which = np.nonzero(has_results.reshape(-1, len(domains))[place] & (domains != NONE))
    found.add(who, {"domain_learner": learner})
    found.add(which, {"domain": domains})
    found.add(place.take(who) * len(domains) + which, {"m_d": b.m_d, "v_d": b.v_d})
    who, which = np.nonzero(np.isfinite(b.t_k).reshape(-1, len(standards))[place])
    found.add(who, {"pair_learner": learner})
    found.add(which, {"standard": standards, "pair_domain": domains.take(names.domain_of)})
    at = place.take(who) * len(standards) + which
    found.add(at, {"m_k": b.m_k, "v_k": b.v_k, "t_k": b.t_k, "n": b.n})


class _Columns:
    """The columns of a TreeState, filled block by block: as long as they can get, cut at the end.

    Joining parts would write everything twice; what is never written takes no memory.
    """

    def __init__(self, learners: int, rows: int) -> None:
        integers = {"learner", "domain_learner", "domain", "pair_learner", "standard", "pair_domain", "n"}
        self._columns: dict[str, NDArray[Any]] = {
            field.name: np.empty(
                learners if field.name in {"learner", "m_g", "v_g", "t_g"} else rows,
                np.int64 if field.name in integers else np.float64,
            )
            for field in fields(TreeState)
        }
        self._filled = dict.fromkeys(self._columns, 0)

    def add(self, index: IntArray, sources: dict[str, NDArray[Any]]) -> None:
        """Append source[index] to the column of each source's name."""
        for name, source in sources.items():
            begin = self._filled[name]
            self._filled[name] = end = begin + len(index)
            # Indices are within bounds; any other mode writes to a buffer first.
            source.take(index, out=self._columns[name][begin:end], mode="clip")

    def state(self) -> TreeState:
        return TreeState(**{name: column[: self._filled[name]] for name, column in self._columns.items()})


def _per_row(values: FloatArray | float, size: int) -> FloatArray:
    return np.broadcast_to(np.asarray(values, dtype=np.float64), (size,))


def _rows(*columns: NDArray[Any]) -> Any:
    return zip(*(column.tolist() for column in columns), strict=True)
