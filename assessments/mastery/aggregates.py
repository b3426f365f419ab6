"""Summaries of many values: what a class usually shows. Learners without a value do not count in any of them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike


def class_mean(values: ArrayLike) -> float | None:
    """The mean of the learners' values (NaN: none), None where nobody has one."""
    known = _known(values)
    return float(known.mean()) if known.size else None


def class_median(values: ArrayLike) -> float | None:
    """The middle value, or the mean of the two middle ones; None where nobody has one."""
    known = _known(values)
    return float(np.median(known)) if known.size else None


def level_percents(values: ArrayLike, begins: Sequence[float]) -> list[int]:
    """The share of values at each level, in whole percent, half up; each rounded for itself.

    begins: where each level begins (included), highest first; a value below them all counts in none.
    """
    known = _known(values)
    if not known.size:
        return [0] * len(begins)
    at_least = [int(np.sum(known >= begin)) for begin in begins]
    counts = np.diff([0, *at_least]).tolist()
    return [(200 * count + known.size) // (2 * known.size) for count in counts]


def _known(values: ArrayLike) -> np.ndarray:
    array = np.asarray(values, dtype=np.float64)
    return array[~np.isnan(array)]
