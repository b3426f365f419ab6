"""What the page says of a hidden figure is knowledge too: somebody is behind it, and once it said whether few are.

The attacker bounds how many results each hidden figure has, at all levels together, by linear programming: from the
shown figures, from the words of the others, and as staff of a school from all of their own.
"""

import os
import re
from datetime import date

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import block_diag, csr_array

from assessments import suppression
from assessments.services import publishing
from assessments.services.published import PublishedCell, say_hidden
from assessments.services.publishing import Table, suppress
from assessments.suppression_readers import PUBLIC

MINIMUM = 10
MOST = 100_000
DISTRICTS = 1000 if os.environ.get("LRM_LAWS") else 40


def tiny_district(rng):
    """Schools whose grades are often of one, or of as few as just make up what may be told."""
    schools, grades, standards = (int(rng.integers(low, high)) for low, high in ((2, 6), (2, 7), (1, 4)))
    size = rng.choice([0, 1, 2, 5, 9, 10, 11, 25, 60], size=(schools, grades))
    if rng.random() < 0.5:
        size = np.where(rng.random((schools, 1)) < 0.5, np.minimum(size, 3), size)
    results = size * standards - np.where((size > 3) & (standards > 1), rng.integers(0, 3, size=size.shape), 0)
    reached = rng.binomial(results, 0.5)
    return Table(np.stack([reached, results - reached], axis=-1), size, standards)


def bounds_of_words(words, standards):
    """(least, greatest) results of a figure of which the page says this."""
    if words == "nobody":
        return 0, 0
    few = re.fullmatch(r"n < (\d+)", words)
    if few:
        return 1, (int(few[1]) - 1) * standards
    return (MINIMUM, MOST) if words == "hidden too" else (1, MOST)


def say(figure):
    """The words of a stored figure, those of before included."""
    older = {"small": f"n < {MINIMUM}", "too": "hidden too"}
    return older.get(figure) or say_hidden(PublishedCell(hidden=figure, minimum_n=MINIMUM))


def known(table, truth, standards, reader):
    """(figures, 2) least and greatest of each figure, for a reader."""
    found = []
    for row, figures in enumerate(table["rows"].values()):
        for column, figure in enumerate(figures.values()):
            if row in reader:
                found.append((truth[row, column],) * 2)
            else:
                found.append((figure[0],) * 2 if isinstance(figure, list) else bounds_of_words(say(figure), standards))
    return np.array(found)


def additive(rows, columns):
    """Every row and column makes up its total."""
    at = np.arange(rows * columns).reshape(rows, columns)
    equations = np.zeros((rows + columns, rows * columns))
    for line, places in enumerate([*at, *at.T]):
        equations[line, places[:-1]], equations[line, places[-1]] = 1, -1
    return equations


def widths(limits, shape):
    """{figure: (least, greatest)} of those that are not known."""
    asked = np.flatnonzero(limits[:, 0] < limits[:, 1])
    if not len(asked):
        return {}
    equations, size = csr_array(additive(*shape)), len(limits)
    objective = np.zeros((len(asked), 2, size))
    objective[np.arange(len(asked)), 0, asked], objective[np.arange(len(asked)), 1, asked] = 1, -1
    copies = 2 * len(asked)
    answer = linprog(
        objective.ravel(),
        A_eq=block_diag([equations] * copies, format="csr"),
        b_eq=np.zeros(equations.shape[0] * copies),
        bounds=np.tile(limits, (copies, 1)),
    )
    assert answer.status == 0, answer.message
    x = answer.x.reshape(len(asked), 2, size)
    return {int(at): (round(x[n, 0, at]), round(x[n, 1, at])) for n, at in enumerate(asked)}


def placed(table, reader=PUBLIC):
    """{figure: (least, greatest)} of the hidden ones in which others than the reader's schools have a part."""
    schools, grades = table.learners.shape
    names = list(range(schools)), [f"{grade:02}" for grade in range(grades)]
    made = suppress(table, *names, None, MINIMUM, date(2026, 10, 12))
    truth = suppression.with_totals(table.results).sum(axis=2)
    others = np.array([row not in reader for row in range(schools)])
    somebody = suppression.with_totals(table.learners * others[:, None]) > 0
    found = widths(known(made, truth, table.standards, reader), truth.shape)
    placed = {(int(at) // (grades + 1), int(at) % (grades + 1)): limits for at, limits in found.items()}
    assert all(least <= truth[at] <= greatest for at, (least, greatest) in placed.items())
    return {at: limits for at, limits in placed.items() if somebody[at]}


@pytest.mark.laws
def test_words_of_hidden_figures_place_none_of_them():
    rng, tried = np.random.default_rng(2029), 0
    for number in range(DISTRICTS):
        table = tiny_district(rng)
        for reader in (PUBLIC, frozenset([int(rng.integers(0, len(table.learners)))])):
            found = placed(table, reader)
            tried += len(found)
            enough = MINIMUM * table.standards
            assert [at for at, (least, greatest) in found.items() if greatest - least < enough] == [], number
    assert tried > DISTRICTS


def table_of(*rows):
    learners = np.array([*rows, *([60 + 7 * n] * len(rows[0]) for n in range(5))])
    return Table(np.stack([learners // 2, learners - learners // 2], axis=-1), learners, 1)


SINGLE = table_of([1, 10, 10])
"""A total of 21: of two that are ten at least, the third is one student."""
THIRTEEN = table_of([2] * 7 + [1] * 6)
"""One or two students in each of thirteen grades, and so 20 in the school, ten of them at mastery."""
THIRTEEN.results[0, :7], THIRTEEN.results[0, 7:10], THIRTEEN.results[0, 10:] = (1, 1), (1, 0), (0, 1)


def test_single_student_is_not_told_by_what_is_hidden_beside():
    for table in (SINGLE, THIRTEEN):
        assert all(greatest - least >= MINIMUM for least, greatest in placed(table).values())


def test_attack_finds_what_it_tells_which_figures_are_of_few(monkeypatch):
    def which(code, reached, results, people):
        kinds = {suppression.SMALL: "small", suppression.TOO: "too", suppression.ABSENT: "nobody"}
        return kinds.get(code) or [results, *suppression.coarse_share(reached, results, people)]

    monkeypatch.setattr(publishing, "figure_of", which)
    assert placed(SINGLE)[0, 0] == (1, 1)


def test_solver_reckons_with_somebody_behind_each_hidden_figure():
    """Each level alone leaves room for ten, and of each grade there can be eight at most."""
    people, results = suppression.with_totals(THIRTEEN.learners), THIRTEEN.results
    codes = np.full(people.shape, suppression.SHOWN)
    codes[:3, :-1] = suppression.TOO
    width = np.full(people.shape, MINIMUM)

    def narrow(counts):
        return set(suppression.narrow_figures(counts, people, codes, width, [{} for _level in range(counts.shape[2])]))

    assert narrow(results) == set()
    assert {row for row, _grade in narrow(suppression.with_all_levels(results))} == {0}
    n = suppression.with_totals(results).sum(axis=2)
    limits = [
        (1, MOST) if code == suppression.TOO else (each, each) for code, each in zip(codes.flat, n.flat, strict=True)
    ]
    assert widths(np.array(limits), people.shape)[0] == (1, 8)
