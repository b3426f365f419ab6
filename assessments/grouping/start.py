"""Where the search begins: topics by greedy coverage, and the groups as they are now."""

import numpy as np

from .place import worth


def greedy_groups(units):
    """(topics (k,), columns (N,)): each group in turn takes the topic that serves the most need still open.

    Group numbers are then matched to the present groups, pins and settled topics, so that staying is possible.
    """
    k, learners = units.k, int(units.size.sum())
    usual = int(np.clip(round(learners / k), 1, max(units.hi, 1)))
    open_units, members, topics = np.ones(len(units.size), bool), [], []
    only_own = units.allowed[:, units.k] & ~units.allowed[:, : units.k].any(axis=1)
    open_units &= ~only_own
    for _ in range(k):
        left = np.flatnonzero(open_units)
        if not len(left):
            members.append(left)
            topics.append(int(units.value.sum(axis=0).argmax()))
            continue
        per_learner = units.value[left] / units.size[left][:, None]
        order = np.argsort(-per_learner, axis=0, kind="stable")
        inside = np.cumsum(units.size[left][order], axis=0) <= usual
        inside[0] = True
        gain = (np.take_along_axis(units.value[left], order, axis=0) * inside).sum(axis=0)
        topic = int(gain.argmax())
        taken = left[order[inside[:, topic], topic]]
        open_units[taken] = False
        members.append(taken)
        topics.append(topic)
    from scipy.optimize import linear_sum_assignment  # 14 MB that a web process needs only where a board is edited

    overlap = np.array([units.stay[m, :k].sum(axis=0) + _pins(units, m) for m in members])
    overlap += (units.closed[:, topics].T == 0) * (units.closed.min(axis=1) < 0)
    _, label = linear_sum_assignment(overlap, maximize=True)
    columns = np.full(len(units.size), -1)
    by_label = np.empty(k, int)
    for index, unit_rows in enumerate(members):
        columns[unit_rows] = label[index]
        by_label[label[index]] = topics[index]
    by_label = _settled(units, by_label)
    return by_label, fill(units, columns, worth(units, by_label))


def present_groups(units):
    """Columns (N,) as learners sit now; whoever sits nowhere joins where they add most."""
    now = units.stay.argmax(axis=1)
    columns = np.where(units.stay.any(axis=1), now, -1)
    here = columns[:, None] == np.arange(units.k)
    topics = (here.T.astype(float) @ units.value + units.closed).argmax(axis=1)
    return topics, fill(units, columns, worth(units, topics))


def fill(units, columns, table):
    """Give every unit without a column, or in a forbidden one, the best one that still has room."""
    columns = columns.copy()
    placed = np.flatnonzero(columns >= 0)
    columns[placed[~units.allowed[placed, columns[placed]]]] = -1
    sizes = np.array([units.size[columns == c].sum() for c in range(units.k)])
    open_units = np.flatnonzero(columns < 0)
    left = int(units.size[open_units].sum())
    for unit in sorted(open_units, key=lambda u: (-units.size[u], u)):
        wish = table[unit].copy()
        wish[: units.k] -= 100.0 * (sizes + units.size[unit] > units.hi)
        if left <= np.maximum(units.lo - sizes, 0).sum():  # as many seats to fill as there are learners left
            wish[: units.k] += 10.0 * (sizes < units.lo)
        left -= units.size[unit]
        column = int(wish.argmax())
        columns[unit] = column
        if column < units.k:
            sizes[column] += units.size[unit]
    return columns


def _settled(units, topics):
    return np.where(units.closed.min(axis=1) < 0, units.closed.argmax(axis=1), topics)


def _pins(units, rows):
    pinned = units.allowed[rows].sum(axis=1) == 1
    return units.allowed[rows][pinned, : units.k].sum(axis=0) * 2.0
