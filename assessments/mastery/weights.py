"""How much one result says, for the evidence tree (engine part 2.2)."""

from typing import overload

import numpy as np
from numpy.typing import NDArray

HEAVIEST = 4.0
RUBRIC = 2.0
OBSERVATION = 1.0
NOTE = 0.5
SINGLE_ITEM = 1.0


def items_weight(items: int) -> float:
    """The weight of a quiz known only by its total: n / (1 + .25 (n - 1)), for n items; at most 4.

    Raises ValueError: fewer than one item.
    """
    if items < 1:
        raise ValueError(f"A quiz has at least one item, not {items}.")
    return items / (1.0 + 0.25 * (items - 1))


@overload
def evidence_weight(base: float, *, assessment_weight: float = ..., standards: int = ...) -> float: ...
@overload
def evidence_weight(
    base: NDArray[np.float64],
    *,
    assessment_weight: NDArray[np.float64] | float = ...,
    standards: NDArray[np.int64] | int = ...,
) -> NDArray[np.float64]: ...
def evidence_weight(base, *, assessment_weight=1.0, standards=1):
    """The weight with which a result enters the tree on each of its standards.

    base: RUBRIC, OBSERVATION, NOTE, SINGLE_ITEM or items_weight(n).  assessment_weight: the teacher's, >= 0.
    standards: how many distinct standards of one framework the result is aligned to, at least 1; they share it.
    """
    weight = np.clip(np.asarray(base) * assessment_weight, 0.0, HEAVIEST) / standards
    return float(weight) if np.ndim(weight) == 0 else weight
