"""Other ways to make the groups of a Problem, to hold the suggestion against: each gives an assignment (n,).

Neither knows a wish about people. k-means-constrained stands in requirements/bench.in: nothing of the site needs it.
"""

import numpy as np
from scipy.optimize import linear_sum_assignment

from assessments.grouping import NO_GROUP, OWN, Problem
from assessments.grouping.place import worth
from assessments.grouping.start import fill, greedy_groups
from assessments.grouping.units import make_units

try:
    from k_means_constrained import KMeansConstrained
except ImportError:
    KMeansConstrained = None


def greedy(problem: Problem) -> np.ndarray:
    """Topics by coverage, then learner by learner the place that adds most and still has room."""
    units = make_units(problem)
    topics, _ = greedy_groups(units)
    nobody_yet = np.full(len(units.size), -1)
    columns = fill(units, nobody_yet, worth(units, topics))
    places = np.full(len(problem.p), NO_GROUP)
    for unit, members in enumerate(units.members):
        places[list(members)] = OWN if columns[unit] == units.k else columns[unit]
    return places


def k_means(problem: Problem) -> np.ndarray:
    """Learners with like V together, in groups within the sizes, numbered so that as many as possible stay.

    Whoever would gain most on an own path gets it first, as far as the groups can still be filled.
    Raises ValueError: the groups do not hold everybody else.
    """
    rows = np.array(problem.present)
    gain = (problem.own_value - problem.value.max(axis=1))[rows]
    spare = len(rows) - problem.k * problem.lo if problem.own_path else 0
    own = [at for at in np.argsort(-gain, kind="stable")[: max(spare, 0)] if gain[at] > 0]
    in_groups = np.delete(rows, own)
    clusters = KMeansConstrained(
        n_clusters=problem.k, size_min=problem.lo, size_max=problem.hi, random_state=0
    ).fit_predict(problem.value[in_groups])
    here = clusters[:, None] == np.arange(problem.k)
    before = problem.previous[in_groups][:, None] == np.arange(problem.k)
    _, number = linear_sum_assignment(here.T.astype(int) @ before, maximize=True)
    places = np.full(len(problem.p), NO_GROUP)
    places[rows[own]] = OWN
    places[in_groups] = number[clusters]
    return places
