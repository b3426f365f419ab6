"""What a group is for, read from the shown levels of its members."""

import numpy as np

PURPOSES = ("reteach", "practise", "extend", "mix")


def needed_before(prerequisites, standard):
    """Columns needed directly before a standard, ascending."""
    return sorted({int(q) for q, s in prerequisites if s == standard})


def purpose_of(level, focus, needed, mastery_level, *, mixed=False):
    """One of PURPOSES for a group. level: (members, columns) int shown levels, 0 = no result.

    mastery_level: the first level that is secure, one for all columns or (columns,).
    mix: readiness was wished mixed. extend: most are secure on every prerequisite (`needed` columns) and
    have no result on the focus yet, or are secure on it already. reteach: more are at level 1 than anywhere else
    short of mastery or without a result. practise: the others.
    """
    if mixed:
        return "mix"
    secure_from = np.broadcast_to(mastery_level, level.shape[1:])
    here = level[:, focus]
    unseen, secure = here == 0, here >= secure_from[focus]
    ready = (level[:, needed] >= secure_from[needed]).all(axis=1) if needed else np.zeros(len(here), dtype=bool)
    if 2 * ((unseen & ready) | secure).sum() > len(here):
        return "extend"
    lowest = (here == 1) & ~secure
    on_the_way = ~lowest & ~secure
    return "reteach" if lowest.sum() > on_the_way.sum() else "practise"
