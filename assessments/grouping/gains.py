"""What J would change by if one unit left a column and another one came: kept for every column once met."""

import numpy as np

from .units import BROKEN, outside


class Gains:
    """The changes that a search over these units asks about, by column and who is in it.

    A search comes back to the same groups again and again, from other starts and after each disturbance.
    """

    def __init__(self, units):
        # Beside the N units stands nobody, in place N, so that leaving, joining and replacing are one table.
        self.units = units
        self._nobody = len(units.size)
        self._value = np.vstack([units.value, np.zeros(units.value.shape[1])])
        self._by_topic = np.ascontiguousarray(self._value.T)
        self._most, self._least = np.append(units.most, -np.inf), np.append(units.least, np.inf)
        self._own, self._size = np.append(units.own, 0.0), np.append(units.size, 0)
        reward = units.mu * units.stay - BROKEN * ~units.allowed
        self._reward = np.ascontiguousarray(np.vstack([reward, np.zeros(units.k + 1)]).T)
        self._apart = np.pad(units.apart, (0, 1)).astype(float) if units.at_odds else None
        self._size_cost = BROKEN * outside(units, np.arange(units.size.sum() + units.size.max() + 1))
        self._halves = [np.append(half, 0) for half in (units.upper, units.lower)] if units.mixed else []
        self._one_and_the_same = np.eye(self._nobody + 1, dtype=bool)
        self._known: dict[tuple[int, bytes], tuple[np.ndarray, np.ndarray]] = {}

    def of(self, column, inside):
        """(rows, table) of a column. inside (N,) bool: who is in it; rows (s,): the same as indices.

        table (s + 1, N + 1): by how much J, broken wishes included, changes if rows[i], or nobody (last), leaves and
        unit v, or nobody (last), comes; -inf where v is inside already.
        """
        key = column, inside.tobytes()
        if key not in self._known:
            self._known[key] = self._weigh(column, np.flatnonzero(inside))
        return self._known[key]

    def _weigh(self, column, rows):
        units, who = self.units, np.concatenate((rows, [self._nobody]))
        reward = self._reward[column]
        rewarded = reward - reward[who][:, None]
        if column == units.k:
            table = self._own - self._own[who][:, None]
            table += rewarded
        else:
            sums = np.add.reduce(self._value[rows], axis=0) + units.closed[column]
            without = (sums - self._value[who]).T
            table = np.maximum.reduce(without[:, :, None] + self._by_topic[:, None, :], axis=0)
            table -= np.maximum.reduce(sums)
            table += rewarded
            if units.sigma:
                table -= units.sigma * self._ranges(rows)
            after = np.add.reduce(self._size[rows]) - self._size[who]
            cost = self._size_cost[after[:, None] + self._size]
            table -= cost - cost[-1, -1]
            if self._apart is not None:
                foes = self._apart[rows].sum(axis=0)
                table -= BROKEN * (foes - self._apart[who] - foes[who][:, None])
            for half in self._halves:
                after = half[rows].sum() - half[who]
                table -= BROKEN * ((after[:, None] + half <= 0) * 1.0 - (after[-1] <= 0))
        table[:, rows] = -np.inf
        return rows, table

    def _ranges(self, rows):
        """(s + 1, N + 1) change of the range of readiness, by who leaves and who comes."""
        self_ = self._one_and_the_same[: len(rows) + 1, : len(rows)]
        high = np.maximum.reduce(np.where(self_, -np.inf, self._most[rows]), axis=1, initial=-np.inf)
        low = np.minimum.reduce(np.where(self_, np.inf, self._least[rows]), axis=1, initial=np.inf)
        after = np.maximum(high[:, None], self._most) - np.minimum(low[:, None], self._least)
        np.maximum(after, 0.0, out=after)
        return after - after[-1, -1]
