"""How much each learner would gain from each topic now (engine specification, parts 1 and 4.1)."""

import numpy as np

FLOOR, CEILING = 0.01, 0.99
AT_LEAST_WHEN_SHOWN, AT_MOST_WHEN_NOT = 0.70, 0.69


def meet(p, shown_level, mastery_level):
    """The belief where it meets the shown level (engine specification, part 1.2).

    p: p_mastered in [0, 1]. shown_level: int, same shape, 0 = no result. mastery_level: one, or one for each column.
    At or above mastery_level: max(p, .70), so that nobody is taught again what is shown as secure. Otherwise, also
    without a result: min(p, .69); other work alone never makes a standard count as mastered. Returns float, same shape.
    """
    p, level = np.asarray(p, dtype=float), np.asarray(shown_level)
    return np.where(level >= mastery_level, np.maximum(p, AT_LEAST_WHEN_SHOWN), np.minimum(p, AT_MOST_WHEN_NOT))


def adjusted_mastery(p, shown_level, mastery_level, *, overridden=None):
    """p_mastered as grouping uses it: met with the shown level, overrides respected, in [.01, .99].

    p: (learners, columns) in [0, 1], never NaN (no evidence is the model's own prior, not missing).
    shown_level: (learners, columns) int, 0 = no result; for an override it is the level that the teacher set.
    mastery_level: the first level that is secure, one for all columns or (columns,).
    overridden: optional bool of the same shape; there the teacher's word replaces the belief (.99 or .01).
    Raises ValueError: shapes differ, or a p outside [0, 1].
    """
    p, level = np.asarray(p, dtype=float), np.asarray(shown_level)
    if p.ndim != 2 or p.shape != level.shape:
        raise ValueError(f"p {p.shape} and shown_level {level.shape} must be equal, learners by columns.")
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError("p_mastered must lie between 0 and 1, and not be missing.")
    met = meet(p, level, mastery_level)
    if overridden is not None:
        met = np.where(np.asarray(overridden, dtype=bool), (level >= mastery_level).astype(float), met)
    return np.clip(met, FLOOR, CEILING)


def topic_values(p, prerequisites, *, topics):
    """V[u, s] = (1 - p[u, s]) x product of p[u, q] over the prerequisites q of s: not yet, and ready.

    p: (learners, columns) in [.01, .99]; the first `topics` columns are the chosen standards, any further
    ones are prerequisites outside the choice. prerequisites: pairs (q, s) of column indices, q needed
    before s, s below `topics`; a pair given twice counts once.
    Returns (learners, topics) float in (0, 1). Raises ValueError: an index out of range, or q equal to s.
    """
    p = np.asarray(p, dtype=float)
    if not 1 <= topics <= p.shape[1]:
        raise ValueError(f"topics is {topics}; p has {p.shape[1]} columns.")
    value = 1.0 - p[:, :topics]
    for needed, standard in sorted({(int(q), int(s)) for q, s in prerequisites}):
        if not (0 <= needed < p.shape[1] and 0 <= standard < topics) or needed == standard:
            raise ValueError(f"Prerequisite ({needed}, {standard}) names no pair of different columns.")
        value[:, standard] *= p[:, needed]
    return value
