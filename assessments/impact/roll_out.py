"""Schools that began with something on different dates: difference-in-differences on observed minus expected.

A unit is one learner on one standard in one month, with its three results and what was expected at the month's start.
Never on raw scores of learners who were picked for need (engine.md 5.1: +20 points where there is no effect at all).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

FEWEST_SCHOOLS, SURE_SCHOOLS = 4, 10
FEWEST_LEARNERS = 30
FEWEST_MONTHS_BEFORE = 2
NEVER = np.iinfo(np.int64).max
"""The month of a school that has not begun."""
FEW_SCHOOLS, FEW_LEARNERS, FEW_BEFORE, NO_CONTRAST = "few_schools", "few_learners", "few_before", "no_contrast"
_LEAST_CONTRAST = 1e-9


@dataclass(frozen=True)
class Monthly:
    """y - e of schools by month, (schools, months) each: mean, 0 where there is none, and how many units.

    school: ids.    month: consecutive numbers.    began: (schools,) the first month of the roll-out, NEVER without one.
    learners: people behind all of it.
    """

    school: IntArray
    month: IntArray
    began: IntArray
    mean: FloatArray
    n: FloatArray
    learners: int

    @property
    def has_begun(self) -> NDArray[np.bool_]:
        """(schools, months)"""
        return self.month[None, :] >= self.began[:, None]


@dataclass(frozen=True)
class Step:
    """Months since a school began (negative: before); above: rise since its last month before, in points beyond the
    rise of those that had not begun.    n: units."""

    months: int
    above: float
    n: int


@dataclass(frozen=True)
class RollOut:
    """effect, lo, hi: in points of 100, with the 95 % interval; all None where refused says why.

    steps: before and after, in points; those before should lie around 0, else schools were apart already.
    schools: with units.    begun: those that began within the months looked at; months_before: the most of any of them.
    """

    effect: float | None
    lo: float | None
    hi: float | None
    steps: tuple[Step, ...]
    schools: int
    begun: int
    learners: int
    units: int
    months_before: int
    refused: str

    @property
    def is_preliminary(self) -> bool:
        return self.schools < SURE_SCHOOLS


def by_month(
    *, school: ArrayLike, month: ArrayLike, learner: ArrayLike, rest: ArrayLike, began: dict[int, int]
) -> Monthly:
    """school, month, learner, rest: (units,); rest: y - e, in [-1, 1].    began: school id -> month; absent is NEVER.

    Raises ValueError: columns of different length, or a rest that is no difference of scores.
    """
    schools, months = np.asarray(school, dtype=np.int64), np.asarray(month, dtype=np.int64)
    people, values = np.asarray(learner, dtype=np.int64), np.asarray(rest, dtype=np.float64)
    if {schools.shape, months.shape, people.shape, values.shape} != {(len(schools),)}:
        raise ValueError("Every column describes the same units, one value each.")
    if not (np.abs(values) <= 1).all():
        raise ValueError("Observed minus expected lies between -1 and 1.")
    ids, row = np.unique(schools, return_inverse=True)
    span = np.arange(months.min(), months.max() + 1) if len(months) else np.empty(0, dtype=np.int64)
    at = row * len(span) + (months - span[0] if len(months) else months)
    shape = (len(ids), len(span))
    n = np.bincount(at, minlength=shape[0] * shape[1]).reshape(shape).astype(float)
    total = np.bincount(at, weights=values, minlength=shape[0] * shape[1]).reshape(shape)
    mean = np.divide(total, n, out=np.zeros(shape), where=n > 0)
    starts = np.array([began.get(one, NEVER) for one in ids.tolist()], dtype=np.int64)
    return Monthly(ids, span, starts, mean, n, len(np.unique(people)))


def estimate(found: Monthly) -> RollOut:
    """(y - e)_sm = school_s + month_m + effect x (school s has begun by month m) + rest, by weighted least squares.

    Weights: units. The interval leaves out one school after the other (jackknife, CR3) and takes Student's t with
    schools - 1 degrees of freedom: cluster = school, and not too narrow for few of them.
    """
    first, last = (int(found.month[0]), int(found.month[-1])) if len(found.month) else (0, 0)
    begun = (found.began > first) & (found.began <= last)
    seen_before = (found.n > 0) & ~found.has_begun
    before = int(seen_before[begun].sum(axis=1).max()) if begun.any() else 0
    counted: dict[str, Any] = {
        "steps": leads_and_lags(found),
        "schools": len(found.school),
        "begun": int(begun.sum()),
        "learners": found.learners,
        "units": int(found.n.sum()),
        "months_before": before,
    }

    def refuse(why: str) -> RollOut:
        return RollOut(None, None, None, **counted, refused=why)

    if len(found.school) < FEWEST_SCHOOLS:
        return refuse(FEW_SCHOOLS)
    if found.learners < FEWEST_LEARNERS:
        return refuse(FEW_LEARNERS)
    if before < FEWEST_MONTHS_BEFORE:
        return refuse(FEW_BEFORE)
    parts = _Parts.of(found)
    schools = len(found.school)
    effect = parts.solve(np.ones(schools))
    without = np.array([parts.solve(row) for row in 1.0 - np.eye(schools)])
    if np.isnan(effect) or np.isnan(without).any():
        return refuse(NO_CONTRAST)  # also where all rests on one school
    from scipy.special import stdtrit  # loaded by workers; web processes only read what was found

    deviation = np.sqrt((schools - 1) / schools * ((without - effect) ** 2).sum())
    reach = float(stdtrit(schools - 1, 0.975)) * float(deviation)
    return RollOut(100 * effect, 100 * (effect - reach), 100 * (effect + reach), **counted, refused="")


def leads_and_lags(found: Monthly) -> tuple[Step, ...]:
    """By months since the start: how far schools rose since their last month before it, above others in the same time.

    (y_st - y_sb) - mean over others (y_ct - y_cb); b: the last month before the start with units; others: schools that
    began later than both s did and t. Weighted by units; 0 in month b, and none where there are no others.
    """
    sums: dict[int, list[float]] = {}
    for school, start in enumerate(found.began.tolist()):
        before = np.flatnonzero((found.n[school] > 0) & (found.month < start))
        if start == NEVER or not len(before):
            continue
        base = int(before[-1])
        for column, month in enumerate(found.month.tolist()):
            n = float(found.n[school, column])
            others = (found.began > max(month, start)) & (found.n[:, column] > 0) & (found.n[:, base] > 0)
            if not n or not others.any():
                continue
            rose = found.mean[:, column] - found.mean[:, base]
            beside = np.average(rose[others], weights=found.n[others, column])
            held = sums.setdefault(month - start, [0.0, 0.0])
            held[0] += n * float(rose[school] - beside)
            held[1] += n
    return tuple(Step(months, 100 * total / n, int(n)) for months, (total, n) in sorted(sums.items()))


@dataclass(frozen=True)
class _Parts:
    """Each school's share of the normal equations after its own mean is taken out: (schools, k, k) and (schools, k).

    A school's mean does not depend on the other schools, so leaving one out is leaving out its share.
    """

    products: FloatArray
    sums: FloatArray

    @classmethod
    def of(cls, found: Monthly) -> "_Parts":
        columns = np.concatenate([found.has_begun[:, :, None], _dummies(found)], axis=2).astype(float)
        weight = found.n
        share = weight / weight.sum(axis=1, keepdims=True)
        centred = columns - (share[:, :, None] * columns).sum(axis=1, keepdims=True)
        rest = found.mean - (share * found.mean).sum(axis=1, keepdims=True)
        weighted = centred * weight[:, :, None]
        return cls(np.einsum("smi,smj->sij", weighted, centred), np.einsum("smi,sm->si", weighted, rest))

    def solve(self, times: FloatArray) -> float:
        """The effect where each school counts so many times; NaN where months and schools leave nothing to see."""
        products = np.einsum("s,sij->ij", times, self.products)
        sums = np.einsum("s,si->i", times, self.sums)
        months = products[1:, 1:]
        inverse = np.linalg.pinv(months, hermitian=True)
        seen = products[0, 0] - products[0, 1:] @ inverse @ products[1:, 0]
        if seen <= _LEAST_CONTRAST * max(products[0, 0], 1.0):
            return float("nan")
        return float((sums[0] - products[0, 1:] @ inverse @ sums[1:]) / seen)


def _dummies(found: Monthly) -> NDArray[np.bool_]:
    """(schools, months, months - 1) which month it is, the first one left out."""
    which = np.eye(len(found.month), dtype=bool)[:, 1:]
    return np.broadcast_to(which, (len(found.school), *which.shape))
