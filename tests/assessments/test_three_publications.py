"""Three publications in a row: a figure that is hidden on the second and shown again tells of no few new results.

The attacker has all three, and knows that results only come. What follows from sums and differences of rows and columns
is tried for every two of the days, and linear programming over the three together bounds each hidden change.
"""

import itertools
import os
from datetime import date

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_array

from assessments.services import former_tables
from assessments.services.publishing import Table, suppress
from tests.assessments.test_two_publications import MINIMUM, shown, small_changes

DISTRICTS = 1000 if os.environ.get("LRM_LAWS") else 200
DAYS = [date(2026, 10, day) for day in (12, 13, 14)]
PAIRS = list(itertools.combinations(range(3), 2))


def three_days(rng):
    """A small district on three days: learners and results only come, here few and there many, some days nowhere."""
    schools, grades, standards = (int(rng.integers(low, high)) for low, high in ((2, 6), (1, 5), (1, 4)))
    learners = rng.choice([0, 3, 8, 14, 25, 60, 110], size=(schools, grades), p=[0.1, 0.08, 0.12, 0.15, 0.2, 0.2, 0.15])
    results = learners * standards - np.where(learners > 3, rng.integers(0, 3, size=learners.shape), 0)
    reached = rng.binomial(results, 0.5)
    counts = np.stack([reached, results - reached], axis=-1)
    tables = [Table(counts, learners, standards)]
    for _day in DAYS[1:]:
        joined = np.where(rng.random(learners.shape) < 0.15, rng.choice([1, 2, 4, 12], size=learners.shape), 0)
        more = rng.choice([0, 0, 2, 6, 12, 20], size=counts.shape) * (learners > 0)[..., None]
        more = np.where(rng.random(more.shape) < rng.choice([0, 0.5]), 0, more)
        more[..., 0] += joined
        counts, learners = counts + more, learners + joined
        tables.append(Table(counts, learners, standards))
    return tables


def published(tables):
    schools, grades = tables[0].learners.shape
    names = list(range(schools)), [f"{grade:02}" for grade in range(grades)]
    made, before = [], None
    for table, day in zip(tables, DAYS, strict=True):
        before = suppress(table, *names, before, MINIMUM, day)
        made.append(before)
    return made


def attacked(districts, seed):
    """(third days that were new, those with a figure that came back, pairs of days that were tried, leaks)"""
    rng = np.random.default_rng(seed)
    new = returned = tried = 0
    leaks = []
    for _ in range(districts):
        made = published(three_days(rng))
        if len({table["day"] for table in made}) < len(DAYS):
            continue
        new += 1
        first, second, third = (shown(table) for table in made)
        came_back = ~np.isnan(first) & np.isnan(second) & ~np.isnan(third)
        returned += came_back.any()
        for one, other in PAIRS:
            change = shown(made[other]) - shown(made[one])
            found = small_changes(change)
            tried += found is not None
            few = (np.abs(change) > 0) & (np.abs(change) < MINIMUM)
            leaks += [(one, other, place) for place in zip(*np.nonzero(few), strict=True)]
            leaks += [(one, other, place) for place in found or []]
    return new, returned, tried, leaks


@pytest.mark.laws
def test_no_two_of_three_days_tell_of_a_small_change():
    new, returned, tried, leaks = attacked(DISTRICTS, seed=6)
    assert leaks == []
    assert new > DISTRICTS // 5
    assert returned > 0
    assert tried > 0.9 * 3 * new


def test_attack_finds_what_comes_back_where_only_the_last_day_is_compared(monkeypatch):
    monkeypatch.setattr(former_tables, "still_needed", lambda earlier, made: [])
    leaks = attacked(DISTRICTS, seed=6)[3]
    assert {(one, other) for one, other, _place in leaks} == {(0, 2)}


def bounds_of_change(made, cells, true=None, reader=(), days=(0, 2)):
    """(least, greatest) change of a sum of cells between two of three days, from all that the days show.

    true: every count of each day, of which a reader knows some rows.
    """
    shape = np.array(shown(made[0]).shape) - 1
    size = int(shape[0] * shape[1])
    equations, values = [], []
    for day, table in enumerate(made):
        stood = DAYS.index(date.fromisoformat(table["day"]))
        known = [(at, n, stood) for at, n in np.ndenumerate(shown(table)) if not np.isnan(n)]
        known += [((row, column), n, day) for row in reader for column, n in enumerate(true[day][row])]
        for at, n, of in known:
            equations.append(np.concatenate([_cells(at, shape) * (of == other) for other in range(3)]))
            values.append(n)
    later = np.hstack([np.zeros((size, size)), np.eye(size), -np.eye(size)])
    sooner = np.hstack([np.eye(size), -np.eye(size), np.zeros((size, size))])
    target = np.concatenate([cells * ((day == days[1]) - (day == days[0])) for day in range(3)])
    found = []
    for sign in (1, -1):
        answer = linprog(
            sign * target,
            A_eq=csr_array(np.array(equations)),
            b_eq=values,
            A_ub=csr_array(np.vstack([later, sooner])),
            b_ub=np.zeros(2 * size),
            bounds=(0, 100_000),
        )
        assert answer.status == 0, answer.message
        found.append(round(sign * answer.fun))
    return tuple(found)


def asked_of(made):
    """Every figure, and of each row and column what is hidden on the first or the third day, as sums of cells."""
    known = ~np.isnan(shown(made[0])) & ~np.isnan(shown(made[2]))
    shape = np.array(known.shape) - 1
    hidden = (~known[:-1, :-1]).ravel().astype(float)
    for at in np.ndindex(*known.shape):
        cells = _cells(at, shape)
        yield cells
        if shape[0] in at[:1] or shape[1] in at[1:]:
            yield cells * hidden


def _cells(at, shape):
    inside = np.zeros(shape)
    inside[slice(None) if at[0] == shape[0] else at[0], slice(None) if at[1] == shape[1] else at[1]] = 1
    return inside.ravel()


def bounded(districts, seed):
    """What few came to for certain, None where it was not so, of all sums of cells where a figure comes back."""
    rng = np.random.default_rng(seed)
    for _ in range(districts):
        made = published(three_days(rng))
        first, second, third = (shown(table) for table in made)
        if not (~np.isnan(first) & np.isnan(second) & ~np.isnan(third)).any():
            continue
        for cells in asked_of(made):
            least, greatest = bounds_of_change(made, cells)
            yield (tuple(np.flatnonzero(cells)), least, greatest) if least > 0 and greatest < MINIMUM else None


@pytest.mark.laws
def test_linear_programming_over_three_days_finds_no_small_change():
    found = list(bounded(DISTRICTS // 2, seed=7))
    assert [leak for leak in found if leak] == []
    assert len(found) > 20


def test_linear_programming_finds_what_comes_back_where_only_the_last_day_is_compared(monkeypatch):
    monkeypatch.setattr(former_tables, "still_needed", lambda earlier, made: [])
    assert any(bounded(DISTRICTS, seed=7))
