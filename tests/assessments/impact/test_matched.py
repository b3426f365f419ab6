"""The matched comparison: by hand, its laws, where it refuses, and what it is not fooled by."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.impact import matched
from assessments.impact.matched import (
    FEW_COMPARED,
    FEW_LEARNERS,
    FEW_SECTIONS,
    LEARNER,
    NO_UNITS,
    SECTION,
    band_of_each,
    compare,
    make_units,
)

LOW, HIGH = 0.3, 0.9
"""Scores of the first and of the last band."""


def units(rows):
    """rows: (section, is_treated, first, e, y), each another learner."""
    section, is_treated, first, expected, observed = zip(*rows, strict=True)
    return make_units(
        learner=np.arange(len(rows)),
        section=section,
        is_treated=is_treated,
        observed=observed,
        expected=expected,
        first=first,
    )


def school(*, sections=12, each=4, treated_rest=0.1, untreated_rest=0.04, seed=1):
    """Per section `each` treated and `each` untreated in two bands; their y - e around the given means."""
    rng = np.random.default_rng(seed)
    rows = []
    for section in range(sections):
        for n in range(2 * each):
            is_treated, first, e = n % 2 == 0, (LOW, HIGH)[n // 2 % 2], (0.4, 0.7)[n // 2 % 2]
            rest = (treated_rest if is_treated else untreated_rest) + rng.normal(0, 0.05)
            rows.append((section, is_treated, first, e, e + rest))
    return units(rows)


def test_effect_by_hand():
    # Two bands. Low: treated .2 .4 above what was expected, untreated .1; high: treated .05, untreated .05 and .15.
    # (2 (.3 - .1) + 1 (.05 - .1)) / 3 = 11.667 points.
    rows = [(1, True, LOW, 0.4, 0.6), (2, True, LOW, 0.4, 0.8), (3, False, LOW, 0.4, 0.5)]
    rows += [(4, True, HIGH, 0.7, 0.75), (5, False, HIGH, 0.7, 0.75), (6, False, HIGH, 0.7, 0.85)]
    by_hand = units(rows * 16)  # copies: other learners of the same sections
    by_hand.section[:] = np.arange(len(by_hand)) % 24
    found = compare(by_hand, seed=1, draws=50)
    assert found.effect.effect == pytest.approx(100 * (2 * 0.2 - 0.05) / 3)
    # Growth of the treated from their results before: (.3 + .5 - .15) / 3.
    assert found.effect.observed == pytest.approx(100 * 0.65 / 3)
    assert found.effect.naive == pytest.approx(found.effect.observed)
    assert found.effect.expected == pytest.approx(found.effect.observed - found.effect.effect)
    assert (found.matched, found.compared, found.learners, found.sections) == (48, 48, 48, 24)


def test_units_without_anybody_to_compare_with_are_told_and_left_out():
    # Somewhat over what e says, all alone in the second band.
    lonely = units([(n, True, 0.5, 0.4, 0.9) for n in range(7)])
    both = school()
    rows = [np.concatenate([a, b]) for a, b in zip(vars(both).values(), vars(lonely).values(), strict=True)]
    found = compare(matched.Units(*rows), seed=1, draws=50)
    assert (found.treated, found.matched, found.unmatched) == (55, 48, 7)
    # e of the lonely ones moves the fifths of all, not the bands of the others here.
    assert found.effect.effect == pytest.approx(compare(both, seed=1, draws=50).effect.effect)
    # The naive gain has no scruples: they are in it.
    assert found.effect.naive != pytest.approx(found.effect.observed)


def test_unit_without_a_result_before_is_in_no_band():
    some = school()
    first = some.first.copy()
    first[[0, 1]] = np.nan
    found = compare(matched.Units(**(vars(some) | {"first": first})), seed=1, draws=50)
    assert (found.without_before, found.treated, found.untreated) == (1, 47, 47)


def test_picking_after_low_results_makes_a_naive_gain_and_no_matched_effect():
    """Counterexample to "they rose 20 points": nobody did anything."""
    rng = np.random.default_rng(7)
    n = 6000
    ability = rng.normal(0.6, 0.12, n)
    before, later = (rng.binomial(3, np.clip(ability, 0.05, 0.95)) / 3 for _ in range(2))
    expected = np.clip(0.6 + (before - 0.6) * 0.2, 0, 1)  # what shrinkage says of three answers
    is_treated = rng.random(n) < np.where(before < 0.5, 0.7, 0.15)
    found = compare(
        make_units(
            learner=np.arange(n),
            section=rng.integers(0, 40, n),
            is_treated=is_treated,
            observed=later,
            expected=expected,
            first=before,
        ),
        seed=1,
    )
    assert found.effect.naive > 10
    assert abs(found.effect.effect) < 2
    assert found.effect.lo < 0 < found.effect.hi


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (units([(n % 20, False, LOW, 0.4, 0.5) for n in range(80)]), NO_UNITS),
        (school(sections=9, each=8), FEW_SECTIONS),
        (school(sections=14, each=2), FEW_LEARNERS),
        (units([(n % 12, n >= 9, LOW, 0.4, 0.5) for n in range(90)]), FEW_COMPARED),
    ],
)
def test_too_little_gives_counts_and_no_figure(made, why):
    found = compare(made, seed=1)
    assert (found.refused, found.effect) == (why, None)
    assert found.treated == made.is_treated.sum()


def test_thirty_learners_in_ten_sections_are_enough():
    assert compare(school(sections=10, each=3), seed=1).refused == ""
    assert compare(school(sections=10, each=3).take(np.arange(1, 60)), seed=1).refused == FEW_LEARNERS


def test_learner_counts_once_however_many_standards():
    some = school(sections=12, each=4)
    some.learner[:] = np.arange(len(some)) % 40  # 20 people on either side
    assert compare(some, seed=1).refused == FEW_LEARNERS


def test_treated_of_few_sections_are_drawn_by_learner_and_preliminary():
    some = school(sections=14, each=10)
    keep = ~some.is_treated | (some.section < 5)
    found = compare(some.take(np.flatnonzero(keep)), seed=1)
    assert (found.treated_sections, found.sections) == (5, 14)
    assert (found.effect.drawn_by, found.effect.is_preliminary) == (LEARNER, True)
    assert compare(some, seed=1).effect.drawn_by == SECTION


def test_same_seed_gives_the_same_interval_and_another_one_nearly():
    some = school()
    one, two, other = (compare(some, seed=seed).effect for seed in (3, 3, 4))
    assert one == two
    assert one != other
    assert one.lo == pytest.approx(other.lo, abs=1)
    assert one.lo < one.effect < one.hi


def test_sections_that_differ_make_a_wider_interval_than_learners_would():
    some = school(sections=20, each=4)
    shift = np.random.default_rng(2).normal(0, 0.1, 20)[some.section] * some.is_treated
    shaken = matched.Units(**(vars(some) | {"observed": some.observed + shift}))
    by_section = compare(shaken, seed=1).effect
    alone = matched.Units(**(vars(shaken) | {"section": shaken.learner}))
    by_learner = compare(alone, seed=1).effect
    assert by_section.hi - by_section.lo > 1.5 * (by_learner.hi - by_learner.lo)


def test_bands_are_four_by_five_and_equal_expectations_share_one():
    first, e = np.repeat([0.2, 0.5, 0.7, 0.9], 25), np.tile(np.linspace(0.1, 0.9, 25), 4)
    n = len(first)
    some = make_units(
        learner=np.arange(n), section=np.zeros(n), is_treated=np.zeros(n), observed=e, expected=e, first=first
    )
    band = band_of_each(some)
    assert sorted(np.unique(band)) == list(range(20))
    assert (band // 5 == np.repeat([0, 1, 2, 3], 25)).all()
    assert (np.bincount(band) == 5).all()
    same = band_of_each(make_units(**(vars(some) | {"expected": np.full(n, 0.5)})))
    assert len(np.unique(same)) == 4


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [("observed", 1.2, "observed holds"), ("expected", np.nan, "expected is not known"), ("first", -0.1, "first")],
)
def test_scores_that_are_none_are_refused(column, value, said):
    columns = {name: values.copy() for name, values in vars(school()).items()}
    columns[column][3] = value
    with pytest.raises(ValueError, match=said):
        make_units(**columns)


def test_columns_of_different_length_are_refused():
    columns = vars(school()) | {"section": np.zeros(3)}
    with pytest.raises(ValueError, match="one value each"):
        make_units(**columns)


score = st.floats(0.01, 0.8)
many = st.lists(st.tuples(st.integers(0, 19), st.booleans(), score, score, score), min_size=120, max_size=200)


def enough(rows):
    found = compare(units(rows), seed=1, draws=30)
    return found if found.effect else None


@pytest.mark.laws
@given(many, st.randoms(use_true_random=False))
def test_order_of_units_changes_nothing(rows, shuffle):
    found = enough(rows)
    shuffled = list(rows)
    shuffle.shuffle(shuffled)
    again = compare(units(shuffled), seed=1, draws=30)
    assert (again.matched, again.compared, again.refused) == (
        (found.matched, found.compared, "") if found else (again.matched, again.compared, again.refused)
    )
    if found:
        assert again.effect.effect == pytest.approx(found.effect.effect, abs=1e-9)
        assert again.effect.lo == pytest.approx(found.effect.lo, abs=1e-9) or again.effect.drawn_by == LEARNER


@pytest.mark.laws
@given(many, st.floats(-0.005, 0.15))
def test_more_for_all_treated_is_an_effect_of_just_that_and_more_for_all_is_none(rows, more):
    found = enough(rows)
    if found is None:
        return
    raised = compare(units([(s, t, f, e, y + more * t) for s, t, f, e, y in rows]), seed=1, draws=30).effect
    everybody = compare(units([(s, t, f, e, y + more) for s, t, f, e, y in rows]), seed=1, draws=30).effect
    assert raised.effect == pytest.approx(found.effect.effect + 100 * more, abs=1e-6)
    assert raised.expected == pytest.approx(found.effect.expected, abs=1e-6)
    assert everybody.effect == pytest.approx(found.effect.effect, abs=1e-6)


@pytest.mark.laws
@given(many)
def test_counts_add_up_and_observed_is_expected_plus_effect(rows):
    made = units(rows)
    found = compare(made, seed=1, draws=30)
    assert found.treated + found.untreated + found.without_before == len(rows)
    assert 0 <= found.matched <= found.treated
    assert found.learners <= found.matched
    assert (found.effect is None) == bool(found.refused)
    if found.effect:
        assert found.effect.observed == pytest.approx(found.effect.expected + found.effect.effect)
        assert found.effect.lo <= found.effect.hi
