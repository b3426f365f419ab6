"""Yesterday's publication beside today's: nobody works out that few results have come to what both hide."""

import itertools
import os
from datetime import date

import numpy as np
import pytest

from assessments import suppression
from assessments.services import publishing
from assessments.services.publishing import Table, suppress

MINIMUM = 10
DISTRICTS = 1000 if os.environ.get("LRM_LAWS") else 150
MOST_EQUATIONS = 9
FIRST, SECOND = date(2026, 10, 12), date(2026, 10, 13)


def two_days(rng):
    """A small district on two days; results only come, to some cells, few or many."""
    schools, grades, standards = (int(rng.integers(low, high)) for low, high in ((2, 6), (1, 5), (1, 4)))
    learners = rng.choice(
        [0, 3, 8, 14, 25, 60, 110], size=(schools, grades), p=[0.1, 0.08, 0.07, 0.15, 0.25, 0.2, 0.15]
    )
    results = learners * standards - np.where(learners > 3, rng.integers(0, 3, size=learners.shape), 0)
    reached = rng.binomial(results, 0.5)
    first = np.stack([reached, results - reached], axis=-1)
    more = rng.choice([0, 0, 2, 6, 12, 20], size=first.shape) * (learners > 0)[..., None]
    more = np.where(rng.random(more.shape) < rng.choice([0, 0.5]), 0, more)
    return [Table(counts, learners, standards) for counts in (first, first + more)]


def published(tables):
    """What is stored of each day, and the day of the second one's table."""
    schools, grades = tables[0].learners.shape
    names = list(range(schools)), [f"{grade:02}" for grade in range(grades)]
    first = suppress(tables[0], *names, None, MINIMUM, FIRST)
    return first, suppress(tables[1], *names, first, MINIMUM, SECOND)


def shown(table):
    """(schools + 1, grades + 1) results, NaN where they are hidden."""
    rows = [list(row.values()) for row in table["rows"].values()]
    plain = lambda figure: figure[0] if isinstance(figure, list) else 0 if figure == "nobody" else np.nan
    return np.array([[plain(figure) for figure in row] for row in rows], dtype=float)


def small_changes(change, least=None):
    """Sets of hidden cells whose change together follows from the shown ones and is few: every sum and difference of
    what rows and columns leave open is tried. None: too many to try.

    least: of each school, how many are not few; of a set that of the school which asks for most.
    """
    rows, columns = change.shape[0] - 1, change.shape[1] - 1
    known = ~np.isnan(change)
    hidden = ~known[:rows, :columns]
    equations, values = [], []
    for row, column in zip(*np.nonzero(known), strict=True):
        if row < rows and column < columns:
            continue
        inside = np.zeros((rows, columns), dtype=bool)
        inside[slice(None) if row == rows else row, slice(None) if column == columns else column] = True
        if (inside & hidden).any():
            equations.append((inside & hidden).ravel())
            values.append(change[row, column] - change[:rows, :columns][inside & ~hidden].sum())
    if len(equations) > MOST_EQUATIONS:
        return None
    if not equations:
        return []
    signs = np.array(list(itertools.product((-1, 0, 1), repeat=len(equations))))
    sums, left = signs @ np.array(equations, dtype=int), signs @ np.array(values)
    is_set = ((sums == 0) | (sums == 1)).all(axis=1) & sums.any(axis=1)
    asked = np.repeat(np.full(rows, MINIMUM) if least is None else least, columns)
    few = is_set & (np.abs(left) > 0) & (np.abs(left) < (sums * asked).max(axis=1))
    return [(tuple(np.flatnonzero(which)), amount) for which, amount in zip(sums[few], left[few], strict=True)]


def attacked(districts, seed):
    """(tables that were new on the second day, those that were tried, leaks)"""
    rng = np.random.default_rng(seed)
    new = tried = 0
    leaks = []
    for _ in range(districts):
        first, second = published(two_days(rng))
        if second["day"] == first["day"]:
            continue
        new += 1
        found = small_changes(shown(second) - shown(first))
        tried += found is not None
        leaks += found or []
    return new, tried, leaks


@pytest.mark.laws
def test_two_days_together_tell_of_no_small_change_in_what_they_hide():
    new, tried, leaks = attacked(DISTRICTS, seed=5)
    assert new > DISTRICTS // 3
    assert tried > 0.9 * new
    assert leaks == []


def test_attack_finds_what_is_left_open_where_only_single_figures_are_compared(monkeypatch):
    monkeypatch.setattr(suppression, "told_by_change", lambda *args: None)
    monkeypatch.setattr(publishing, "told_by_sums", lambda *args: None)
    assert attacked(DISTRICTS, seed=5)[2] != []


def test_district_that_nobody_is_in_any_more_comes_to_an_end():
    learners = np.array([[30], [40]])
    first = np.stack([learners, learners], axis=-1)
    gone = np.zeros_like(learners)
    _, second = published([Table(first, learners, 1), Table(np.zeros_like(first), gone, 1)])
    assert second["rows"]
