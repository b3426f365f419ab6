"""The registry of level methods.

A new method is one file beside `decaying.py` with a value, its coefficients and a form by pair, and one entry in
METHODS. Tests run over the registry: batch against scalar, receipts that add up, constant marks.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from assessments.mastery import decaying, n_times, power_law, simple, weighted
from assessments.mastery.counted import Counted
from assessments.mastery.events import History
from assessments.mastery.running import Running, after_each
from assessments.mastery.scale import Scale

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Parameters:
    """What a district sets for its method.

    newest_weight: of decaying and weighted, in (0, 1]; policy pages offer .50 to .99.
    times: how often n_times wants mastery.    whole: level by the whole part instead of the nearest.
    mastery_points: where the mastery level begins (2.5 on the default scale, so that 70 % counts as mastered as the
        cuts say); top: the highest level. Take both from `Parameters.on(scale)`.
    """

    newest_weight: float = 0.65
    times: int = 3
    whole: bool = False
    mastery_points: float = 2.5
    top: float = 4.0

    def __post_init__(self) -> None:
        decaying.check_newest_weight(self.newest_weight)
        if self.times < 1:
            raise ValueError(f"Mastery is reached at least once, not {self.times} times.")

    @classmethod
    def on(cls, scale: Scale, *, newest_weight: float = 0.65, times: int = 3, whole: bool = False) -> "Parameters":
        begins = scale.mastery_level - (0.0 if whole else 0.5)
        return cls(newest_weight, times, whole, begins, float(scale.levels))


class LevelMethod(Protocol):
    """What `shown.shown_levels` asks of a method: a Method of this registry, or the tree (`tree_level`)."""

    @property
    def name(self) -> str: ...
    @property
    def version(self) -> str: ...
    def values(self, rows: History, counted: Counted, parameters: Parameters, scale: Scale) -> FloatArray: ...
    def stamp(self, parameters: Parameters) -> dict[str, Any]: ...


@dataclass(frozen=True)
class Method:
    """A way from the results of one learner on one standard to a value in points.

    value(points, weights, parameters): float, or None for no value yet; points oldest first, n >= 1.
    by_pair(points, weights, starts, parameters): the same for many pairs, NaN for no value; see `segments`.
    running(parameters): the same, one more result at a time; see `running`.
    coefficients(points, weights, parameters): one share per result with sum(share * points) = value, or None for
        no value. The field itself is None where the value is not a sum of shares (power law).
    version: changes whenever a stored value could change for the same results and parameters.
    uses: the parameters that the method reads.
    """

    name: str
    version: str
    value: Callable[[Any, Any, Parameters], float | None]
    by_pair: Callable[[FloatArray, FloatArray, NDArray[np.int64], Parameters], FloatArray]
    running: Callable[[Parameters], Running]
    coefficients: Callable[[Any, Any, Parameters], list[float] | None] | None
    uses: tuple[str, ...] = ()

    def values(self, rows: History, counted: Counted, parameters: Parameters, scale: Scale) -> FloatArray:
        """(pairs,) value of every pair of a history, NaN for none; reads only what counts for the pair."""
        return values_by_pair(self, counted.points, counted.weight, counted.starts, parameters)

    def stamp(self, parameters: Parameters) -> dict[str, Any]:
        """What a stored value names: {"method", "version", "parameters"}, ready for JSON."""
        every = asdict(parameters)
        used = {name: every[name] for name in (*self.uses, "whole", "top")}
        return {"method": self.name, "version": self.version, "parameters": used}


METHODS: dict[str, Method] = {
    method.name: method
    for method in (
        Method(
            "decaying",
            "1",
            lambda x, w, p: decaying.decaying_average(x, newest_weight=p.newest_weight),
            lambda x, w, starts, p: decaying.decaying_by_pair(x, starts, newest_weight=p.newest_weight),
            lambda p: decaying.decaying_running(newest_weight=p.newest_weight),
            lambda x, w, p: decaying.decaying_coefficients(len(x), newest_weight=p.newest_weight),
            uses=("newest_weight",),
        ),
        Method(
            "weighted",
            "1",
            lambda x, w, p: weighted.weighted_average(x, newest_weight=p.newest_weight),
            lambda x, w, starts, p: weighted.weighted_by_pair(x, starts, newest_weight=p.newest_weight),
            lambda p: weighted.weighted_running(newest_weight=p.newest_weight),
            lambda x, w, p: weighted.weighted_coefficients(len(x), newest_weight=p.newest_weight),
            uses=("newest_weight",),
        ),
        Method(
            "latest",
            "1",
            lambda x, w, p: simple.latest(x),
            lambda x, w, starts, p: simple.latest_by_pair(x, starts),
            lambda p: simple.latest_running(),
            lambda x, w, p: simple.latest_coefficients(x),
        ),
        Method(
            "highest",
            "1",
            lambda x, w, p: simple.highest(x),
            lambda x, w, starts, p: simple.highest_by_pair(x, starts),
            lambda p: simple.highest_running(),
            lambda x, w, p: simple.highest_coefficients(x),
        ),
        Method(
            "mean",
            "1",
            lambda x, w, p: simple.mean(x, w),
            lambda x, w, starts, p: simple.mean_by_pair(x, w, starts),
            lambda p: simple.mean_running(),
            lambda x, w, p: simple.mean_coefficients(w),
        ),
        Method(
            "mode",
            "1",
            lambda x, w, p: simple.mode(x),
            lambda x, w, starts, p: simple.mode_by_pair(x, starts),
            lambda p: simple.mode_running(),
            lambda x, w, p: simple.mode_coefficients(x),
        ),
        Method(
            "n_times",
            "1",
            lambda x, w, p: n_times.n_times(x, times=p.times, mastery_points=p.mastery_points),
            lambda x, w, starts, p: n_times.n_times_by_pair(x, starts, times=p.times, mastery_points=p.mastery_points),
            lambda p: n_times.n_times_running(times=p.times, mastery_points=p.mastery_points),
            lambda x, w, p: n_times.n_times_coefficients(x, times=p.times, mastery_points=p.mastery_points),
            uses=("times", "mastery_points"),
        ),
        Method(
            "power_law",
            "1",
            lambda x, w, p: power_law.power_law(x, top=p.top),
            lambda x, w, starts, p: power_law.power_law_by_pair(x, starts, top=p.top),
            lambda p: power_law.power_law_running(top=p.top),
            None,
        ),
    )
}

DEFAULT_METHOD = METHODS["decaying"]


def values_by_pair(
    method: Method, points: FloatArray, weights: FloatArray, starts: NDArray[np.int64], parameters: Parameters
) -> FloatArray:
    """(pairs,) value in points of every pair, NaN for none.

    points, weights: (results,) sorted by pair, oldest first.  starts: (pairs + 1,), see `segments`.
    """
    return method.by_pair(
        np.ascontiguousarray(points, dtype=np.float64),
        np.ascontiguousarray(weights, dtype=np.float64),
        np.asarray(starts, dtype=np.int64),
        parameters,
    )


def values_after_each(
    method: Method, points: FloatArray, weights: FloatArray, starts: NDArray[np.int64], parameters: Parameters
) -> FloatArray:
    """(results,) value in points right after each result, NaN for none; arrays as for `values_by_pair`."""
    return after_each(
        method.running(parameters),
        np.ascontiguousarray(points, dtype=np.float64),
        np.ascontiguousarray(weights, dtype=np.float64),
        np.asarray(starts, dtype=np.int64),
    )
