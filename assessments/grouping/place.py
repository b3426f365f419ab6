"""Exact placement for fixed topics: a transport problem, solved by linear_sum_assignment."""

import numpy as np

FILL = 10.0  # bonus of a seat that a group needs to reach its smallest size: more than any V and mu


def worth(units, topics):
    """(N, k+1) what each unit adds in each column when the topics are fixed; forbidden columns far below."""
    table = np.column_stack([units.value[:, topics], units.own]) + units.mu * units.stay
    return np.where(units.allowed, table, table - 1000.0)


class Placement:
    """Everybody placed at best for `topics`, with units of several learners where `blocks` says; both may change.

    start() says both: topics (k,) standard of each group; blocks {unit: column} for every unit of two or more learners.
    Best means the sum of V, own path and mu, with sizes filled; readiness and apart are not seen here.
    Where sizes cannot hold, the rest goes where it adds most (the search then mends or refuses).
    """

    def __init__(self, units):
        self.units = units
        self._single = np.flatnonzero(units.size == 1)
        # What each single learner adds in each group for each of its topics, so that a change copies one row of it.
        alone = units.value[self._single][:, :, None] + (units.mu * units.stay[self._single])[:, None, : units.k]
        alone = np.where(units.allowed[self._single][:, None, : units.k], alone, alone - 1000.0)
        self._adds = np.ascontiguousarray(alone.transpose(2, 1, 0))
        self._own_used = 4
        self._known: dict[tuple, np.ndarray] = {}  # two descents, and a descent after a gain, come by the same again

    def start(self, topics, blocks):
        self.topics, self.blocks, self._seated = topics.copy(), dict(blocks), False

    def set_topic(self, group, topic):
        self.topics[group] = topic
        if self._seated:
            self._fill_in(group)

    def set_block(self, unit, column):
        self.blocks[unit] = column
        self._seated = False

    def columns(self):
        """Columns (N,) of the best placement as things are set now; not to be written to."""
        key = self.topics.tobytes(), *self.blocks.values()
        if key not in self._known:
            self._known[key] = self._best()
        return self._known[key]

    def _best(self):
        units, single = self.units, self._single
        if not self._seated:
            self._sit()
        columns = np.empty(len(units.size), int)
        if len(single) > len(self._column):
            columns[:] = worth(units, self.topics).argmax(axis=1)
        for unit, column in self.blocks.items():
            columns[unit] = column
        if len(single) and len(self._column):
            who, where = self._assign()
            columns[single[who]] = self._column[where]
        return columns

    def _assign(self):
        """The seats on own path are alike and taken in their order: as long as one stays free, more change nothing."""
        from scipy.optimize import linear_sum_assignment  # 14 MB that a web process needs only for a board

        while True:
            seats = len(self._column) - self._own + min(self._own_used, self._own)
            who, where = linear_sum_assignment(self._gain[:, :seats], maximize=True)
            if self._own_used >= self._own or seats - 1 not in where:
                return who, where
            self._own_used *= 2

    def _sit(self):
        """The seats left for single learners once the blocks sit; own path has one for each of them."""
        units = self.units
        taken = np.zeros(units.k, int)
        for unit, column in self.blocks.items():
            if column < units.k:
                taken[column] += units.size[unit]
        group, seat = np.nonzero(np.arange(units.hi)[None, :] >= taken[:, None])
        self._own = own = len(self._single) if units.allowed[:, units.k].any() else 0
        self._first = np.searchsorted(group, np.arange(units.k + 1)).tolist()
        self._column = np.concatenate([group, np.full(own, units.k)])
        self._bonus = np.where(seat < units.lo, FILL, 0.0)
        self._gain = np.empty((len(self._single), len(self._column)))
        self._gain[:, len(group) :] = worth(units, self.topics)[self._single, units.k][:, None]
        for each in range(units.k):
            self._fill_in(each)
        self._seated = True

    def _fill_in(self, group):
        seats = slice(self._first[group], self._first[group + 1])
        self._gain[:, seats] = self._adds[group, self.topics[group]][:, None] + self._bonus[seats]
