"""A split of the section, weighed: J in its parts, who moves, and which wishes it breaks."""

from dataclasses import dataclass

import numpy as np

from .chains import chains
from .conflict import Wish, wishes_of
from .problem import NO_GROUP, OWN


@dataclass(frozen=True, eq=False)
class Suggestion:
    """Who works where, on what, and how the split was weighed.

    assignment: (n,) group index, OWN, or NO_GROUP (absent, or not placed). foci: (k,) column of the standard
    that each group works on, -1 for an empty group.
    fit, stay, alike: the three parts of J = fit + stay + alike (stay >= 0, alike <= 0).
    best_fit: fit if every learner placed had the best topic for them alone; fit / best_fit is in (0, 1].
    stayed, moved: rows still where they were, rows placed elsewhere than before; new: rows that were nowhere.
    mean_need: (k,) mean of 1 - p on the focus; spread: (k,) range of readiness; NaN for an empty group.
    broken: wishes that do not hold; always empty in what `suggest_groups` returns, eased ones aside.
    eased: what gave way because somebody is absent, see absence.py.
    """

    assignment: np.ndarray
    foci: np.ndarray
    fit: float
    stay: float
    alike: float
    best_fit: float
    stayed: tuple[int, ...]
    moved: tuple[int, ...]
    new: tuple[int, ...]
    mean_need: np.ndarray
    spread: np.ndarray
    broken: tuple[Wish, ...] = ()
    eased: tuple[tuple[str, dict], ...] = ()

    @property
    def total(self):
        return self.fit + self.stay + self.alike

    def members(self, group):
        """Rows in a group (or OWN, or NO_GROUP), in row order."""
        return np.flatnonzero(self.assignment == group).tolist()


def weigh(problem, assignment, *, foci=None, eased=()):
    """The Suggestion that an assignment amounts to: for a board that a teacher has edited.

    assignment: (n,) group index, OWN or NO_GROUP; learners in NO_GROUP are left out of account.
    foci: (k,) columns to keep as topics, -1 = choose; without it every group gets its settled or its best topic.
    Raises ValueError: not one known place for each learner, or a topic that is not among the standards.
    """
    places = np.array(assignment, dtype=int)
    n, m = problem.p.shape
    if places.shape != (n,) or not ((places >= OWN) & (places < problem.k)).all():
        raise ValueError(f"An assignment names a group below {problem.k}, OWN or NO_GROUP for each of {n} rows.")
    topics = np.full(problem.k, -1) if foci is None else np.array(foci, dtype=int)
    if topics.shape != (problem.k,) or not ((topics >= -1) & (topics < m)).all():
        raise ValueError(f"foci must hold one of {m} standards, or -1, for each of {problem.k} groups.")
    rows = [row for row in problem.present if places[row] != NO_GROUP]
    readiness, before = problem.readiness, problem.previous
    need, spread, fit = np.full(problem.k, np.nan), np.full(problem.k, np.nan), 0.0
    for group in range(problem.k):
        inside = [row for row in rows if places[row] == group]
        if not inside:
            topics[group] = -1
            continue
        sums = problem.value[inside].sum(axis=0)
        if topics[group] == -1:
            topics[group] = problem.topics.get(group, sums.argmax())
        fit += sums[topics[group]]
        need[group] = 1.0 - problem.p[inside, topics[group]].mean()
        spread[group] = np.ptp(readiness[inside])
    fit += problem.own_value[[row for row in rows if places[row] == OWN]].sum()
    best_alone = problem.value.max(axis=1)
    if problem.own_path:
        best_alone = np.maximum(best_alone, problem.own_value)
    stayed = tuple(sorted(row for row in rows if places[row] == before[row]))
    return Suggestion(
        assignment=places,
        foci=topics,
        fit=float(fit),
        stay=problem.mu * len(stayed),
        alike=0.0 if problem.mixed else -problem.sigma * float(np.nansum(spread)),
        best_fit=float(best_alone[rows].sum()),
        stayed=stayed,
        moved=tuple(sorted(r for r in rows if before[r] != NO_GROUP and places[r] != before[r])),
        new=tuple(sorted(row for row in rows if before[row] == NO_GROUP)),
        mean_need=need,
        spread=spread,
        broken=tuple(w for w in wishes_of(problem) if not _excused(w, eased) and not holds(problem, w, places)),
        eased=tuple(eased),
    )


def holds(problem, wish, places):
    """Whether one hard wish holds in an assignment (n,); one about a learner without a place does."""
    inside = [np.flatnonzero(places == group) for group in range(problem.k)]
    there = [int(places[row]) for row in wish.rows]
    if NO_GROUP in there:
        return True
    if wish.kind == "at_least":
        return all(len(rows) >= problem.lo for rows in inside)
    if wish.kind == "at_most":
        return all(len(rows) <= problem.hi for rows in inside)
    if wish.kind == "mixed":
        low = problem.lower_half
        return all(0 < len(low.intersection(rows.tolist())) < len(rows) for rows in inside)
    if wish.kind == "own_path_off":
        return not (places == OWN).any()
    if wish.kind == "together":
        return there[0] == there[1]
    if wish.kind == "apart":
        linked = any(set(wish.rows) <= set(chain) for chain in chains(problem.present, problem.together))
        return not linked and (there[0] != there[1] or there[0] == OWN)
    return there[0] == wish.group


def _excused(wish, eased):
    codes = {code for code, _ in eased}
    return (wish.kind == "at_least" and codes & {"at_least", "groups"}) or (
        wish.kind == "mixed" and codes & {"mixed", "groups"}
    )
