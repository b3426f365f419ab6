"""Arrays cut into one stretch per pair: pair i owns the rows starts[i] to starts[i + 1], oldest first."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray


def starts_of(counts: ArrayLike) -> NDArray[np.int64]:
    """(pairs + 1,) where each pair's rows start, and the end of the last, from the number of rows of each."""
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def owner_of_rows(starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """(rows,) the pair that owns each row."""
    return np.repeat(np.arange(len(starts) - 1), np.diff(starts))


def sums(values: NDArray[np.float64], starts: NDArray[np.int64]) -> NDArray[np.float64]:
    """(pairs,) sum of each pair's values, added oldest first as a plain loop adds them, so that the same pair
    gives the same bits in any company; 0 for a pair without rows."""
    totals = np.bincount(owner_of_rows(starts), weights=values, minlength=len(starts) - 1)
    return totals.astype(np.float64)  # bincount of nothing counts in integers


def in_step(starts: NDArray[np.int64]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """For t = 0, 1, ..: the pairs that have a t-th row, and the number of that row."""
    counts = np.diff(starts)
    longest_first = np.argsort(-counts, kind="stable")
    first = starts[:-1][longest_first]
    steps = np.arange(int(counts.max(initial=0)))
    for t, many in enumerate(np.searchsorted(-counts[longest_first], -steps, side="left").tolist()):
        yield longest_first[:many], first[:many] + t
