"""Small cells stay hidden: attacked here by linear programming, which the code itself does not use."""

import os

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

from assessments.suppression import ABSENT, SHOWN, SMALL, TOO, coarse_share, protect, too_few, with_totals

MINIMUM = 10
DISTRICTS = 1000 if os.environ.get("LRM_LAWS") else 200


def table(*rows):
    """Learners by schools x grades, with half of them at mastery, one standard."""
    learners = np.array(rows)
    half = learners // 2
    return np.stack([half, learners - half], axis=-1), learners


def protected(results, learners, standards=1):
    return protect(results, learners, minimum=MINIMUM, width=MINIMUM * standards)


def test_large_cells_are_all_shown():
    results, learners = table([100, 120], [90, 110], [130, 80])

    assert (protected(results, learners) == SHOWN).all()


def test_small_cell_is_hidden_and_never_alone_in_its_lines():
    results, learners = table([100, 120, 90], [5, 110, 80], [130, 80, 75], [64, 99, 70])

    codes = protected(results, learners)

    assert codes[1, 0] == SMALL
    for line in (codes[1, :], codes[:, 0]):
        assert ((line == SMALL) | (line == TOO)).sum() >= 2


def test_grade_that_nobody_is_in_is_not_called_small():
    results, learners = table([100, 0], [90, 60], [80, 70])

    assert protected(results, learners)[0, 1] == ABSENT


def test_small_rest_of_a_parent_hides_the_large_part_too():
    results, learners = table([200, 150], [4, 120], [0, 140])

    codes = protected(results, learners)

    # 200 and the total of 204 together would say that the rest is 4.
    assert SHOWN not in (codes[0, 0], codes[1, 0])


def test_with_one_school_nothing_is_worked_out_from_its_grades():
    results, learners = table([100, 6, 50])

    codes = protected(results, learners)

    assert codes[0, 1] == SMALL
    assert (codes[0] != SHOWN).sum() >= 2


def test_in_a_district_of_two_schools_each_knows_the_other_from_the_total():
    results, learners = table([60, 70], [5, 80])

    codes = protected(results, learners)

    # The first school knows its 60: the total would tell it the 5 of the other.
    assert codes[2, 0] != SHOWN


def small_district(rng):
    schools, grades, standards = (int(rng.integers(low, high)) for low, high in ((1, 6), (1, 5), (1, 5)))
    learners = rng.choice(
        [0, 3, 8, 14, 25, 60, 110], size=(schools, grades), p=[0.1, 0.08, 0.07, 0.15, 0.25, 0.2, 0.15]
    )
    results = learners * standards - np.where(learners > 3, rng.integers(0, 3, size=learners.shape), 0)
    reached = rng.binomial(results, rng.uniform(0.2, 0.8))
    return np.stack([reached, results - reached], axis=-1), learners, standards


def ranges(counts, codes, known_school):
    """{hidden figure: (least, greatest)} of one level, from everything shown and one school's own counts.

    All questions go into one program: an independent copy of the unknowns for the least and the greatest of each.
    """
    schools, grades = counts.shape
    size = schools * grades
    figures = {}
    for row, column in np.ndindex(schools + 1, grades + 1):
        cells = np.zeros((schools, grades))
        cells[slice(None) if row == schools else row, slice(None) if column == grades else column] = 1
        figures[row, column] = cells.ravel()
    totals = with_totals(counts)
    known = [place for place in figures if codes[place] in (SHOWN, ABSENT)]
    if known_school is not None:
        known += [(known_school, column) for column in range(grades + 1)]
    targets = [place for place in figures if codes[place] in (SMALL, TOO)]
    if known_school is not None:
        own = np.zeros((schools, grades))
        own[known_school] = 1
        reachable = (codes[:-1, :-1] != ABSENT).ravel() & ~own.ravel().astype(bool)
        targets = [place for place in targets if (figures[place].astype(bool) & reachable).any()]
    if not targets:
        return {}
    equations = csr_array(np.array([figures[place] for place in known]).reshape(len(known), size))
    values = np.array([totals[place] for place in known], dtype=float)
    blocks, objective = [], []
    copies = 2 * len(targets)
    for number, place in enumerate(targets):
        for sign in (1, -1):
            objective.append(sign * figures[place])
            before = csr_array((len(known), size * (2 * number + (sign < 0))))
            after = csr_array((len(known), size * copies - before.shape[1] - size))
            blocks.append(csr_array(np.hstack([before.toarray(), equations.toarray(), after.toarray()])))
    ceiling = float(counts.sum() + 1000)
    answer = linprog(
        np.concatenate(objective),
        A_eq=vstack(blocks) if known else None,
        b_eq=np.tile(values, copies) if known else None,
        bounds=(0, ceiling),
    )
    assert answer.status == 0, answer.message
    found = {}
    for number, place in enumerate(targets):
        low, high = (answer.x[size * (2 * number + at) : size * (2 * number + at + 1)] for at in (0, 1))
        found[place] = (round(low @ figures[place]), round(high @ figures[place]))
    return found


@pytest.mark.laws
@pytest.mark.parametrize("block", range(10))
def test_solver_recovers_no_hidden_figure_of_random_small_districts(block):
    rng = np.random.default_rng([2026, block])
    hidden = shown = 0
    for _ in range(DISTRICTS // 10):
        results, learners, standards = small_district(rng)
        codes = protected(results, learners, standards)
        people = with_totals(learners)
        assert ((codes == SHOWN) <= (people >= MINIMUM)).all()
        known_school = [None, *range(len(learners))][int(rng.integers(0, len(learners) + 1))]
        for level in range(2):
            for place, (least, greatest) in ranges(results[:, :, level], codes, known_school).items():
                assert greatest - least >= MINIMUM * standards, (place, known_school, results.tolist())
        hidden += int(((codes == SMALL) | (codes == TOO)).sum())
        shown += int((codes == SHOWN).sum())
    assert hidden
    assert shown


def test_solver_recovers_what_primary_suppression_alone_leaves_open():
    """The attack works: with nothing but the small cell hidden, the totals give it away."""
    results, learners = table([100, 120, 90], [5, 110, 80], [130, 80, 75])
    codes = np.where(with_totals(learners) < MINIMUM, SMALL, SHOWN)

    assert ranges(results[:, :, 0], codes, None) == {(1, 0): (2, 2)}


@pytest.mark.parametrize(
    ("now", "before", "close"), [(100, 100, False), (103, 100, True), (91, 100, True), (110, 100, False)]
)
def test_two_publications_may_differ_by_nothing_or_by_enough(now, before, close):
    assert too_few(np.array([now - before]), MINIMUM).tolist() == [close]


@pytest.mark.parametrize(
    ("reached", "results", "learners", "share"),
    [
        (0, 15, 15, (0, 20)),
        (8, 16, 16, (50, 50)),
        (5, 60, 60, (0, 10)),
        (58, 60, 60, (90, 100)),
        (7, 200, 200, (0, 5)),
        (12, 200, 200, (6, 6)),
        (199, 200, 200, (95, 100)),
    ],
)
def test_shares_near_the_ends_become_ranges(reached, results, learners, share):
    assert coarse_share(reached, results, learners) == share


def test_share_of_nothing_is_refused():
    with pytest.raises(ValueError, match="needs results"):
        coarse_share(0, 0, 0)
