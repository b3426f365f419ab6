"""Why each group and each place, as codes and facts that templates put into words.

Only shown levels and results on the standards concerned are used: never a belief, a forecast or a rank.
Standards are named by their column, learners by their row; dates are the results' own.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from .problem import NO_GROUP, OWN
from .purpose import needed_before, purpose_of


@dataclass(frozen=True)
class Result:
    """One result in force, as the level nearest to its points, and the day it was observed."""

    level: int
    day: date


@dataclass(frozen=True, eq=False, kw_only=True)
class Evidence:
    """What is on record for the learners of a problem. Columns as in `topic_values`: chosen standards first.

    level: (learners, columns) int shown level, 0 = no result. mastery_level: the first level that is secure, one for
    all columns or (columns,): standards of several frameworks may each have a scale of their own.
    prerequisites: pairs (q, s) of columns.
    results: {(row, column): results in force, oldest first}; pairs may be left out, reasons then say less.
    overridden: (learners, columns) bool, level set by a teacher. newcomers: rows that joined this week.
    """

    level: np.ndarray
    mastery_level: int | np.ndarray
    prerequisites: Collection[tuple[int, int]] = ()
    results: Mapping[tuple[int, int], Sequence[Result]] = field(default_factory=dict)
    overridden: np.ndarray | None = None
    newcomers: Collection[int] = ()

    @property
    def secure_from(self) -> np.ndarray:
        """(columns,) the first level that is secure on each."""
        return np.broadcast_to(self.mastery_level, np.shape(self.level)[1:])


@dataclass(frozen=True)
class Reason:
    code: str
    facts: dict


@dataclass(frozen=True)
class GroupReason:
    """focus is a column, or None (and purpose None, no reasons) for a group that rests today."""

    group: int
    focus: int | None
    purpose: str | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class LearnerReason:
    """group: index, OWN or NO_GROUP. came_from: index or OWN where the learner moved, else None.

    standard: column worked on (own path, not placed: where the learner has most to gain; absent: None).
    reasons: one or two, the first alone is enough.
    """

    row: int
    group: int
    standard: int | None
    came_from: int | None
    pinned: bool
    reasons: tuple[Reason, ...]


def explain(problem, suggestion, evidence):
    """([GroupReason of each group], [LearnerReason of each row]) for a Suggestion.

    Raises ValueError: the evidence is not about these learners and standards.
    """
    level = np.asarray(evidence.level)
    if level.ndim != 2 or len(level) != len(problem.p) or level.shape[1] < problem.p.shape[1]:
        raise ValueError(f"Levels {level.shape} do not cover {problem.p.shape} learners by chosen standards.")
    groups = [_group(problem, suggestion, evidence, level, group) for group in range(problem.k)]
    return groups, [_learner(problem, suggestion, evidence, level, row) for row in range(len(level))]


def _group(problem, suggestion, evidence, level, group):
    rows, focus = suggestion.members(group), int(suggestion.foci[group])
    if not rows:
        return GroupReason(group, None, None, ())
    needed = needed_before(evidence.prerequisites, focus)
    secure_from = evidence.secure_from
    mastery = int(secure_from[focus])
    purpose = purpose_of(level[rows], focus, needed, secure_from, mixed=problem.mixed)
    here = level[rows, focus]
    about = {"standard": focus, "size": len(rows)}
    not_yet = sorted({int(x) for x in here if 0 < x < mastery})
    at = Reason("most_at", {**about, "levels": tuple(not_yet), "count": int(np.isin(here, not_yet).sum())})
    ready = None
    if needed:
        counts = (level[np.ix_(rows, needed)] >= secure_from[needed]).sum(axis=0)
        best = int(counts.argmax())
        if 2 * counts[best] >= len(rows):
            ready = Reason("ready_after", {**about, "has": needed[best], "count": int(counts[best])})
    secure = Reason("secure_here", {**about, "count": int((here >= mastery).sum())})
    unseen = Reason("first_look", {**about, "count": int((here == 0).sum())})
    found: list[Reason | None]
    if purpose == "mix":
        found = [Reason("mixed_readiness", {**about, "secure": secure.facts["count"]})]
    elif purpose == "extend":
        found = [ready, secure, unseen]
    elif purpose == "reteach":
        found = [at, ready]
    else:
        found = [ready, at, unseen]
    kept = [reason for reason in found if reason and reason.facts.get("count") != 0]
    return GroupReason(group, focus, purpose, tuple(kept[:2]))


def _learner(problem, suggestion, evidence, level, row):
    group, before = int(suggestion.assignment[row]), int(problem.previous[row])
    pinned = row in problem.pinned and row not in problem.absent
    came_from = before if row in suggestion.moved else None
    if group == NO_GROUP:
        if row in problem.absent:
            return LearnerReason(row, group, None, None, False, (Reason("absent_today", {}),))
        most = int(problem.value[row].argmax())
        facts = {"standard": most, "level": int(level[row, most])}
        return LearnerReason(row, group, most, None, False, (Reason("not_placed", facts),))
    standard = int(problem.value[row].argmax() if group == OWN else suggestion.foci[group])
    found = []
    if pinned:
        found.append(Reason("pinned", {"group": group}))
    mates = [a + b - row for a, b in problem.together if row in (a, b)]
    mates = [mate for mate in mates if mate not in problem.absent]
    if mates:
        found.append(Reason("together", {"with": tuple(sorted(mates))}))
    if row in evidence.newcomers:
        found.append(Reason("new_this_week", {"standard": standard}))
    if group == OWN:
        found.append(_own_path(problem, evidence, level[row], standard))
    else:
        found.append(_in_group(problem, evidence, level[row], row, standard))
    return LearnerReason(row, group, standard, came_from, pinned, tuple(found[:2]))


def _own_path(problem, evidence, level, standard):
    chosen = level[: problem.p.shape[1]]
    seen = chosen[chosen > 0]
    if not len(seen):
        return Reason("own_path_no_results", {"standard": standard})
    facts = {
        "standards": len(chosen),
        "seen": len(seen),
        "lowest": int(seen.min()),
        "highest": int(seen.max()),
    }
    if (seen >= evidence.secure_from[: len(chosen)][chosen > 0]).all():
        return Reason("own_path_nothing_left", facts)
    return Reason("own_path_next", {"standard": standard, "level": int(level[standard])})


def _in_group(problem, evidence, level, row, standard):
    shown, mastery = int(level[standard]), int(evidence.secure_from[standard])
    results = list(evidence.results.get((row, standard), ()))
    has = _secure_prerequisite(evidence, level, standard)
    if shown == 0:
        return Reason("no_result_ready" if has else "no_result", {"standard": standard, **has})
    about = {"standard": standard, "level": shown}
    if evidence.overridden is not None and np.asarray(evidence.overridden)[row, standard]:
        return Reason("set_by_teacher", about)
    day = {"day": results[-1].day if results else None}
    if len(results) > 1 and results[-1].level < shown:
        return Reason("newest_lower", {**about, **day, "newest": results[-1].level, **has})
    if shown >= mastery:
        return Reason("secure_here", {**about, **day})
    if len(results) > 1 and results[0].level < shown:
        return Reason("moved_up", {**about, **day, "from": results[0].level, "tries": len(results)})
    if has:
        return Reason("not_yet_has", {**about, **day, **has})
    if len(results) == 1:
        return Reason("first_result", {**about, **day})
    if len(results) > 1 and results[-1].level == results[-2].level:
        return Reason("same_again", {**about, **day, "before": results[-2].day})
    return Reason("level_here", {**about, **day})


def _secure_prerequisite(evidence, level, standard):
    """The prerequisite with the highest secure level, as facts; empty where none is secure."""
    secure_from = evidence.secure_from
    secure = [q for q in needed_before(evidence.prerequisites, standard) if level[q] >= secure_from[q]]
    if not secure:
        return {}
    best = max(secure, key=lambda q: (level[q], -q))
    return {"has": best, "has_level": int(level[best])}
