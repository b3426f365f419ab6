"""Learners who had something beside similar ones who did not: observed minus expected in bands (engine.md 5.2).

A unit is one learner on one standard, with a moment at which it starts.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assessments.mastery.scale import DEFAULT_SCALE, level_from_score

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

LATER_RESULTS = 3
"""So many results after the start make y, and a unit with fewer is none."""
FIRST_BANDS, EXPECTED_BANDS = 4, 5
DRAWS = 1000
INTERVAL = (2.5, 97.5)
FEWEST_SECTIONS, FEWEST_LEARNERS = 10, 30
FEWEST_COMPARED = 10
"""Learners to compare with. Engine.md names none; three of them would be a story about those three."""

NO_UNITS, FEW_SECTIONS, FEW_LEARNERS, FEW_COMPARED = "no_units", "few_sections", "few_learners", "few_compared"
SECTION, LEARNER = "section", "learner"


@dataclass(frozen=True)
class Units:
    """Parallel arrays, (units,) each.

    learner, section: ids.    is_treated: bool.    observed: y, the mean of the first three later scores, in [0, 1].
    expected: e, the score that the evidence tree expected at the start, in [0, 1].
    first: mean score of the last results before the start, in [0, 1]; NaN without any.
    """

    learner: IntArray
    section: IntArray
    is_treated: NDArray[np.bool_]
    observed: FloatArray
    expected: FloatArray
    first: FloatArray

    def __len__(self) -> int:
        return len(self.learner)

    def take(self, rows: NDArray) -> "Units":
        return Units(*(column[rows] for column in vars(self).values()))


@dataclass(frozen=True)
class Effect:
    """In points of 100. effect: how far treated units came out above similar ones; lo, hi: its 95 % interval.

    observed, expected: mean growth of the matched treated from `first` on, and what it would have been if they had done
    as their bands did without; observed - expected = effect.    naive: growth of all treated with a result before.
    drawn_by: SECTION or LEARNER, what was drawn anew for the interval.
    """

    effect: float
    lo: float
    hi: float
    observed: float
    expected: float
    naive: float
    drawn_by: str

    @property
    def is_preliminary(self) -> bool:
        return self.drawn_by == LEARNER


@dataclass(frozen=True)
class Matched:
    """What a comparison came to. effect: None where it is refused, and then `refused` says why (FEW_..., NO_UNITS).

    treated, untreated: units with everything known.    matched, compared: those in bands with both.
    without_before: treated units without any result before the start, which belong to no band.
    learners, compared_learners: people behind `matched` and `compared`.    sections: behind both together;
    treated_sections, compared_sections: behind each.
    """

    treated: int
    untreated: int
    without_before: int
    matched: int
    compared: int
    learners: int
    compared_learners: int
    sections: int
    treated_sections: int
    compared_sections: int
    refused: str
    effect: Effect | None

    @property
    def unmatched(self) -> int:
        """Treated units that have nobody to be compared with."""
        return self.treated - self.matched


def make_units(
    *,
    learner: ArrayLike,
    section: ArrayLike,
    is_treated: ArrayLike,
    observed: ArrayLike,
    expected: ArrayLike,
    first: ArrayLike,
) -> Units:
    """Units from columns. Raises ValueError: columns of different length, a score outside [0, 1], an unknown y or e."""
    units = Units(
        np.asarray(learner, dtype=np.int64),
        np.asarray(section, dtype=np.int64),
        np.asarray(is_treated, dtype=np.bool_),
        *(np.asarray(column, dtype=np.float64) for column in (observed, expected, first)),
    )
    if {column.shape for column in vars(units).values()} != {(len(units),)}:
        raise ValueError("Every column describes the same units, one value each.")
    for name in ("observed", "expected", "first"):
        column = getattr(units, name)
        known = ~np.isnan(column)
        if name != "first" and not known.all():
            raise ValueError(f"{name} is not known of every unit.")
        if not ((column[known] >= 0) & (column[known] <= 1)).all():
            raise ValueError(f"{name} holds a score outside 0 to 1.")
    return units


def compare(units: Units, *, seed: int, draws: int = DRAWS) -> Matched:
    """The matched comparison, or why there is none.

    effect = sum_b n_b (mean(y - e | treated, b) - mean(y - e | untreated, b)) / sum_b n_b over the bands b that hold
    both; n_b: treated units in b. The interval is that of `draws` draws of sections with replacement, by percentile;
    of learners, and the effect is preliminary, where the matched units of one side come from fewer than ten sections.
    """
    known = ~np.isnan(units.first)
    placed = units.take(known)
    bands = band_of_each(placed)
    both = in_both(bands, placed.is_treated)
    kept, band = placed.take(both), bands[both]
    is_treated = kept.is_treated
    counts = {
        "treated": int(placed.is_treated.sum()),
        "untreated": int((~placed.is_treated).sum()),
        "without_before": int(units.is_treated[~known].sum()),
        "matched": int(is_treated.sum()),
        "compared": int((~is_treated).sum()),
        "learners": _distinct(kept.learner[is_treated]),
        "compared_learners": _distinct(kept.learner[~is_treated]),
        "sections": _distinct(kept.section),
        "treated_sections": _distinct(kept.section[is_treated]),
        "compared_sections": _distinct(kept.section[~is_treated]),
    }
    if refused := _refusal(counts):
        return Matched(**counts, refused=refused, effect=None)
    fewest = min(counts["treated_sections"], counts["compared_sections"])
    drawn_by = LEARNER if fewest < FEWEST_SECTIONS else SECTION
    cluster = kept.learner if drawn_by == LEARNER else kept.section
    rest = kept.observed - kept.expected
    sums = _Sums.of(rest, is_treated, band, cluster)
    effect = float(sums.effects(np.ones((1, sums.clusters)))[0])
    lo, hi = np.percentile(sums.drawn(seed, draws), INTERVAL)
    growth = float((kept.observed - kept.first)[is_treated].mean())
    naive = float((placed.observed - placed.first)[placed.is_treated].mean())
    found = Effect(
        effect=100 * effect,
        lo=100 * float(lo),
        hi=100 * float(hi),
        observed=100 * growth,
        expected=100 * (growth - effect),
        naive=100 * naive,
        drawn_by=drawn_by,
    )
    return Matched(**counts, refused="", effect=found)


def band_of_each(units: Units) -> IntArray:
    """(units,) number of the band: of the results before (4, by the default cut scores) x fifth of e (5).

    Fifths are those of all units together; equal values of e are in one fifth. first: known of every unit.
    """
    if not len(units):
        return np.empty(0, dtype=np.int64)
    first = np.asarray(level_from_score(units.first, DEFAULT_SCALE), dtype=np.int64) - 1
    edges = np.quantile(units.expected, np.arange(1, EXPECTED_BANDS) / EXPECTED_BANDS)
    return first * EXPECTED_BANDS + np.searchsorted(edges, units.expected, side="right")


def in_both(band: IntArray, is_treated: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(units,) whether the unit's band holds treated and untreated ones."""
    return np.isin(band, band[is_treated]) & np.isin(band, band[~is_treated])


def _refusal(counts: dict[str, int]) -> str:
    if not counts["treated"]:
        return NO_UNITS
    if counts["learners"] < FEWEST_LEARNERS:
        return FEW_LEARNERS
    if counts["compared_learners"] < FEWEST_COMPARED:
        return FEW_COMPARED
    return FEW_SECTIONS if counts["sections"] < FEWEST_SECTIONS else ""


def _distinct(ids: IntArray) -> int:
    return len(np.unique(ids))


@dataclass(frozen=True)
class _Sums:
    """By cluster and band, (clusters, bands) each: how many treated and untreated units, and the sums of y - e."""

    treated: FloatArray
    treated_sum: FloatArray
    untreated: FloatArray
    untreated_sum: FloatArray

    @classmethod
    def of(cls, rest: FloatArray, is_treated: NDArray[np.bool_], band: IntArray, cluster: IntArray) -> "_Sums":
        clusters, row = np.unique(cluster, return_inverse=True)
        bands, column = np.unique(band, return_inverse=True)
        at = row * len(bands) + column
        shape = (len(clusters), len(bands))

        def added(values: FloatArray) -> FloatArray:
            return np.bincount(at, weights=values, minlength=shape[0] * shape[1]).astype(np.float64).reshape(shape)

        treated = is_treated.astype(float)
        return cls(added(treated), added(treated * rest), added(1 - treated), added((1 - treated) * rest))

    @property
    def clusters(self) -> int:
        return len(self.treated)

    def effects(self, times: FloatArray) -> FloatArray:
        """(draws,) the effect where each cluster counts so many times; times: (draws, clusters). NaN: no band has both.

        Bands stay those of the whole sample.
        """
        n, s, m, u = (times @ column for column in vars(self).values())
        both = (n > 0) & (m > 0)
        apart = np.divide(s, n, out=np.zeros_like(s), where=both) - np.divide(u, m, out=np.zeros_like(u), where=both)
        weight = np.where(both, n, 0.0)
        total = weight.sum(axis=1)
        return np.divide((weight * apart).sum(axis=1), total, out=np.full(len(total), np.nan), where=total > 0)

    def drawn(self, seed: int, draws: int) -> FloatArray:
        """The effects of draws of as many clusters with replacement; a draw without both sides is left out."""
        rng = np.random.default_rng(seed)
        at_once = max(1, _CELLS // max(self.clusters, 1))
        parts = []
        for start in range(0, draws, at_once):
            size = min(at_once, draws - start)
            times = rng.multinomial(self.clusters, np.full(self.clusters, 1 / self.clusters), size=size)
            parts.append(self.effects(times.astype(float)))
        found = np.concatenate(parts)
        return found[~np.isnan(found)]


_CELLS = 1 << 22
"""How many numbers of draws x clusters stand in memory at once."""
