"""The evidence tree as a level method, for a district that chooses it after a preview (engine part 2.5).

Its level is as of the last result on the standard: what the tree then expected of a next one, read by the cuts.
Fading and later results elsewhere move the model, not the level. It needs whole learners, not single pairs.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assessments.mastery.calibration import UNCALIBRATED, Calibration
from assessments.mastery.counted import Counted
from assessments.mastery.events import History
from assessments.mastery.methods import Parameters
from assessments.mastery.scale import Scale, fraction_to_points
from assessments.mastery.segments import owner_of_rows
from assessments.mastery.tree import DEFAULT_CONSTANTS, Constants
from assessments.mastery.tree_replay import replay_traced

VERSION = "1"


@dataclass(frozen=True)
class TreeMethod:
    """calibration: the version in force on the day that is asked about (`calibration.in_force`).

    version: of the method and, after a dash, of its calibration; without the latter where there is none.
    """

    calibration: Calibration = UNCALIBRATED
    constants: Constants = DEFAULT_CONSTANTS
    name: str = "tree"
    version: str = field(init=False)

    def __post_init__(self) -> None:
        named = "" if self.calibration.is_empty else f"-{self.calibration.version}"
        object.__setattr__(self, "version", VERSION + named)

    def values(self, rows: History, counted: Counted, parameters: Parameters, scale: Scale) -> NDArray[np.float64]:
        """(pairs,) points on the scale for the estimate right after the last result that counts, NaN without one.

        rows: all results of the learner in the subject; earlier tries out of force for other methods stay in the tree.
        Raises ValueError: parameters that take the whole part, since the cuts already say where a level begins.
        """
        check_parameters(parameters)
        return newest_known(self.after_each(rows, scale), counted)

    def after_each(self, rows: History, scale: Scale) -> NDArray[np.float64]:
        """(rows,) points on the scale right after each row, NaN after one that says nothing new about its standard.

        rows: all records of each learner in one subject, sorted by learner, then in replay order.
        """
        terms = self.calibration.terms(rows)._asdict()
        _, trace = replay_traced(rows, scale=scale, constants=self.constants, **terms)
        points = np.full(len(rows), np.nan)
        known = ~np.isnan(trace.estimate)
        points[known] = fraction_to_points(trace.estimate[known], scale)
        return points

    def stamp(self, parameters: Parameters) -> dict[str, Any]:
        """{"method", "version", "parameters"}: the constants, and the name of the calibration."""
        used = vars(self.constants) | {"calibration": self.calibration.version, "top": parameters.top}
        return {"method": self.name, "version": self.version, "parameters": used}


def check_parameters(parameters: Parameters) -> None:
    """Raises ValueError where the whole part of a level is asked for: the cuts already say where a level begins."""
    if parameters.whole:
        raise ValueError("The tree reads its level by the cuts; the whole part of a level is for other methods.")


def newest_known(after: NDArray[np.float64], counted: Counted) -> NDArray[np.float64]:
    """(pairs,) the value after the newest event that has one, NaN without.  after: (rows,) as of `after_each`."""
    points = after[counted.row]
    known = ~np.isnan(points)
    values = np.full(len(counted.learner), np.nan)
    # Written oldest first, so that the newest of a pair is the one that stays.
    values[owner_of_rows(counted.starts)[known]] = points[known]
    return values
