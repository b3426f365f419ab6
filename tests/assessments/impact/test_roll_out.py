"""Difference-in-differences over a dated roll-out: by hand, against plain least squares, and where it refuses."""

import numpy as np
import pytest

from assessments.impact.roll_out import (
    FEW_BEFORE,
    FEW_LEARNERS,
    FEW_SCHOOLS,
    NEVER,
    NO_CONTRAST,
    by_month,
    estimate,
)


def district(*, schools=8, months=8, each=10, effect=0.05, began=None, noise=0.0, drift=0.01, seed=1, ahead=0.0):
    """Units of schools with levels of their own; a half begins in month 4. ahead: rise of those that begin, each month
    before they do."""
    rng = np.random.default_rng(seed)
    began = dict.fromkeys(range(schools // 2), 4) if began is None else began
    rows = []
    for school in range(schools):
        for month in range(months):
            has_begun = month >= began.get(school, NEVER)
            rest = 0.03 * school - 0.1 + drift * month + effect * has_begun
            rest += ahead * month * (school in began)
            rows += [(school, month, 100 * school + n, rest + rng.normal(0, noise)) for n in range(each)]
    school, month, learner, rest = (np.array(column) for column in zip(*rows, strict=True))
    return by_month(school=school, month=month, learner=learner, rest=rest, began=began)


def test_two_by_two_by_hand():
    # Means before and after: schools that begin .02 -> .12, others .05 -> .08. (.10 - .03) = 7 points.
    rows = []
    for school in range(4):
        for month in range(4):
            early, late = (0.02, 0.12) if school < 2 else (0.05, 0.08)
            rows += [(school, month, 20 * school + n, early if month < 2 else late) for n in range(10)]
    school, month, learner, rest = (np.array(column) for column in zip(*rows, strict=True))
    found = estimate(by_month(school=school, month=month, learner=learner, rest=rest, began={0: 2, 1: 2}))
    assert found.effect == pytest.approx(7)
    assert (found.lo, found.hi) == (pytest.approx(7), pytest.approx(7))
    assert (found.schools, found.begun, found.learners, found.units, found.months_before) == (4, 2, 40, 160, 2)
    assert [(step.months, round(step.above, 6)) for step in found.steps] == [(-2, 0), (-1, 0), (0, 7), (1, 7)]


def test_levels_of_schools_and_seasons_are_no_effect():
    found = estimate(district(effect=0.0))
    assert found.effect == pytest.approx(0, abs=1e-9)


def test_staggered_starts_give_the_effect_back():
    found = estimate(district(began={0: 2, 1: 4, 2: 5, 3: 6}, effect=0.06))
    assert found.effect == pytest.approx(6)


def test_equals_least_squares_over_the_single_units():
    rng = np.random.default_rng(5)
    n = 600
    school, month = rng.integers(0, 7, n), rng.integers(0, 6, n)
    rest = np.clip(rng.normal(0, 0.2, n), -1, 1)
    began = {0: 2, 1: 3, 2: 3, 3: 5}
    found = estimate(by_month(school=school, month=month, learner=np.arange(n), rest=rest, began=began))
    has_begun = np.array([m >= began.get(s, NEVER) for s, m in zip(school.tolist(), month.tolist(), strict=True)])
    design = np.column_stack([has_begun, np.eye(7)[school], np.eye(6)[month][:, 1:]])
    assert found.effect == pytest.approx(100 * np.linalg.lstsq(design, rest, rcond=None)[0][0])
    without = []
    for left_out in range(7):
        keep = school != left_out
        without.append(np.linalg.lstsq(design[keep], rest[keep], rcond=None)[0][0])
    deviation = np.sqrt(6 / 7 * ((100 * np.array(without) - found.effect) ** 2).sum())
    assert found.hi - found.effect == pytest.approx(2.4469 * deviation, rel=1e-4)


def test_schools_that_were_rising_before_are_seen_in_the_months_before():
    """Counterexample to the figure alone: there is no effect, and it finds one; the drawn months say why."""
    rising, steady = estimate(district(effect=0.0, ahead=0.02)), estimate(district(effect=0.0))
    before = [step.above for step in rising.steps if step.months < 0]
    assert rising.effect > 5
    assert before == sorted(before)
    assert before == pytest.approx([-6, -4, -2, 0])
    assert [step.above for step in steady.steps] == pytest.approx([0] * 8)


def test_below_ten_schools_it_is_preliminary():
    assert estimate(district(schools=8)).is_preliminary
    assert not estimate(district(schools=10)).is_preliminary


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (district(schools=3, began={0: 4}), FEW_SCHOOLS),
        (district(each=2), FEW_LEARNERS),
        (district(began={0: 1, 1: 1}), FEW_BEFORE),
        (district(began={}), FEW_BEFORE),
        (district(began={0: 4}), NO_CONTRAST),
        (district(began=dict.fromkeys(range(8), 4)), NO_CONTRAST),
    ],
)
def test_too_little_gives_counts_and_no_figure(made, why):
    found = estimate(made)
    assert (found.refused, found.effect, found.lo, found.hi) == (why, None, None, None)
    assert found.units == made.n.sum()


def test_nothing_at_all_is_refused():
    nothing = np.empty(0)
    found = estimate(by_month(school=nothing, month=nothing, learner=nothing, rest=nothing, began={1: 2}))
    assert (found.refused, found.units, found.steps) == (FEW_SCHOOLS, 0, ())


def test_raw_points_are_refused():
    with pytest.raises(ValueError, match="between -1 and 1"):
        by_month(school=[1], month=[1], learner=[1], rest=[3.0], began={})


def test_interval_covers_the_truth_about_as_often_as_it_says():
    """Schools that shake from month to month, 200 districts: 95 % of intervals hold the truth, give or take."""
    held = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        shape = (12, 8)
        mean = 0.05 * rng.normal(size=(12, 1)) + 0.03 * rng.normal(size=(1, 8)) + 0.04 * rng.normal(size=shape)
        began = {school: int(rng.integers(2, 7)) for school in range(6)}
        school, month = (index.ravel() for index in np.indices(shape))
        mean += 0.05 * (np.arange(8) >= np.array([began.get(s, NEVER) for s in range(12)])[:, None])
        found = estimate(
            by_month(
                school=np.repeat(school, 5),
                month=np.repeat(month, 5),
                learner=np.arange(480),
                rest=np.repeat(np.clip(mean.ravel(), -1, 1), 5),
                began=began,
            )
        )
        held += found.lo <= 5 <= found.hi
    assert 0.9 <= held / 200 <= 0.99
