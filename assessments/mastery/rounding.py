"""Integers of a millionth, half up, and parts that add up to their total exactly."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import overload

import numpy as np
from numpy.typing import NDArray

MICRO = 1_000_000
NO_VALUE = -1
"""Stands for "no value" in arrays of micro integers; points of a scale are never negative."""

# Decimal halves rarely survive binary arithmetic: .65 x 4 + .35 x 2.5 is 3.475 on paper and may come out as
# 3.4749999999999996. What lies within 1e-12 below a half counts as the half; arithmetic noise is near 1e-15.
_TIE = 1e-6


@overload
def to_micro(value: float) -> int: ...
@overload
def to_micro(value: NDArray[np.float64]) -> NDArray[np.int64]: ...
def to_micro(value):
    """Integers of 1e-6, half up (toward plus infinity).  NaN ("no value") becomes NO_VALUE.

    value: float or array, in any unit. Decimal halves round as they do on paper: 4.1250005 goes up.
    Returns int for a number, int64 array of the same shape for an array.
    """
    scaled = np.asarray(value, dtype=np.float64) * MICRO
    missing = np.isnan(scaled)
    micro = np.where(missing, NO_VALUE, np.floor(np.where(missing, 0.0, scaled) + 0.5 + _TIE)).astype(np.int64)
    return int(micro) if micro.ndim == 0 else micro


def round_micro(micro: int, places: int) -> int:
    """A micro integer at fewer decimals, half up: integers of 10**-places, places 0 to 6."""
    unit = 10 ** (6 - places)
    return (micro + unit // 2) // unit


def half_up(value: float, places: int) -> float:
    """The nearest decimal of so many places, half up, as on paper: 2.375 is 2.38, and so is 2.3749999999999996.

    Only what lies within 1e-12 below a half counts as the half, so that nothing is rounded twice.
    """
    nearest = (Decimal(value) + Decimal("1e-12")).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return float(nearest)


def largest_remainder(parts: Sequence[float], total: int) -> list[int]:
    """Integers near the parts that sum to total exactly; the largest fractions are rounded up first.

    parts: numbers in the unit of total; ties go to the earlier part.
    Source: Hamilton's method of apportionment.
    Raises ValueError: a total more than 1 away from the sum of the parts, which are then not its account.
    """
    if abs(sum(parts) - total) > 1:
        raise ValueError(f"Parts that sum to {sum(parts)} are no account of {total}.")
    whole = [int(np.floor(part + _TIE)) for part in parts]
    left = total - sum(whole)
    by_remainder = sorted(range(len(parts)), key=lambda i: (whole[i] - parts[i], i))
    # Remainders may sum to a hair below zero or above their number, so one round may not be enough.
    step = 1 if left > 0 else -1
    for turn in range(abs(left)):
        whole[by_remainder[turn % len(parts)]] += step
    return whole
