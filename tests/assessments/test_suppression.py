"""Small cells stay hidden: attacked here by linear programming, which the code itself does not use."""

import itertools
import os

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

from assessments.suppression import ABSENT, SHOWN, SMALL, TOO, coarse_share, protect, too_few, with_totals
from assessments.suppression_readers import PUBLIC, are_new, readers_of
from tests.assessments.at_several_schools import at_several

MINIMUM = 10
DISTRICTS = 1000 if os.environ.get("LRM_LAWS") else 200


def table(*rows):
    """Learners by schools x grades, with half of them at mastery, one standard."""
    learners = np.array(rows)
    half = learners // 2
    return np.stack([half, learners - half], axis=-1), learners


def protected(results, learners, standards=1, several=()):
    return protect(results, learners, minimum=MINIMUM, width=MINIMUM * standards, several=several)


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


def ranges(counts, codes, reader):
    """{hidden figure: (least, greatest)} of one level, from everything shown and all counts of a reader's own schools.

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
    known += [(school, column) for school in reader for column in range(grades + 1)]
    others = codes[:-1, :-1] != ABSENT
    others[sorted(reader)] = False
    targets = [place for place in figures if codes[place] in (SMALL, TOO)]
    targets = [place for place in targets if (figures[place].astype(bool) & others.ravel()).any()]
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
        reader = [PUBLIC, *(frozenset([row]) for row in range(len(learners)))][int(rng.integers(0, len(learners) + 1))]
        for level in range(2):
            for place, (least, greatest) in ranges(results[:, :, level], codes, reader).items():
                assert greatest - least >= MINIMUM * standards, (place, reader, results.tolist())
        hidden += int(((codes == SMALL) | (codes == TOO)).sum())
        shown += int((codes == SHOWN).sum())
    assert hidden
    assert shown


def attacked_by_people_at_several(districts, seed, *, reckoned):
    """(hidden figures that were tried, those placed too closely). reckoned: whether these people are protected from."""
    rng = np.random.default_rng([2028, seed])
    tried, narrow = 0, []
    for number in range(districts):
        results, learners, standards = small_district(rng)
        several = at_several(rng, len(learners))
        codes = protected(results, learners, standards, several if reckoned else ())
        for reader, level in itertools.product(several, range(2)):
            found = ranges(results[:, :, level], codes, reader)
            tried += len(found)
            narrow += [(number, at) for at, (low, high) in found.items() if high - low < MINIMUM * standards]
    return tried, narrow


@pytest.mark.laws
@pytest.mark.parametrize("block", range(5))
def test_solver_recovers_nothing_for_people_who_know_several_schools(block):
    tried, narrow = attacked_by_people_at_several(DISTRICTS // 5, block, reckoned=True)
    assert narrow == []
    assert tried


def test_solver_finds_what_people_at_several_schools_learn_where_one_school_alone_is_reckoned_with():
    assert attacked_by_people_at_several(40, 0, reckoned=False)[1] != []


def test_each_reader_is_asked_once_with_the_rows_that_tell_more():
    several = [frozenset([0, 1]), frozenset([1, 3]), frozenset([1, 2, 3])]
    readers = list(readers_of(4, several, lambda row: row != 2))
    assert readers == [PUBLIC, {0}, {1}, {3}, {0, 1}, {1, 3}]


def test_somebody_new_at_several_schools_counts_where_two_of_them_tell_more():
    was, now = [frozenset([0, 1])], [frozenset([0, 1, 2]), frozenset([2, 3])]
    assert not are_new(now, was, lambda row: row in (0, 1, 3))
    assert are_new(now, was, lambda row: row in (0, 1, 2))


def test_solver_recovers_what_primary_suppression_alone_leaves_open():
    """The attack works: with nothing but the small cell hidden, the totals give it away."""
    results, learners = table([100, 120, 90], [5, 110, 80], [130, 80, 75])
    codes = np.where(with_totals(learners) < MINIMUM, SMALL, SHOWN)

    assert ranges(results[:, :, 0], codes, PUBLIC) == {(1, 0): (2, 2)}


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
