"""Gaps between some people and all others: right on a simulated truth, refused where too few stand behind one."""

import numpy as np
import pytest

from assessments.impact.gaps import Gap, draw_sections, find_gaps
from assessments.impact.matched import FEW_COMPARED, FEW_LEARNERS, FEW_SECTIONS

SIZE = 24
SCHOOLS = 200


def school(rng, *, sections, is_nested, apart):
    """(days in a group, whether a choice was made), who is inside, and the section, of classes that differ.

    Inside they are apart by `apart` days and by so many tenths of a share. Most have no days at all. is_nested: whole
    classes are inside, as grades are; else a third of each class.
    """
    section = np.repeat(np.arange(sections), SIZE)
    inside = section % 2 == 0 if is_nested else rng.random(len(section)) < 1 / 3
    of_class = rng.normal(0, 1.5, sections)[section]
    days = np.where(rng.random(len(section)) < 0.4, 10 + 2.5 * (of_class + apart * inside), 0)
    chance = np.clip(0.5 + 0.08 * of_class + apart * inside / 10, 0.01, 0.99)
    return np.column_stack([days, rng.random(len(section)) < chance]), inside, section


def gaps(values, inside, section, *, seed):
    return find_gaps(draw_sections(section, seed=seed), values, inside)


@pytest.mark.parametrize(
    ("sections", "is_nested", "apart"), [(24, True, 0), (24, True, 1), (12, False, 0), (30, False, 2)]
)
def test_likely_range_holds_the_truth_as_often_as_it_says(sections, is_nested, apart):
    rng = np.random.default_rng(sections + 7 * apart)
    truth = np.array([apart, apart / 10])
    held, off = np.zeros(2), np.zeros(2)
    for number in range(SCHOOLS):
        found = gaps(*school(rng, sections=sections, is_nested=is_nested, apart=apart), seed=number)
        held += [one.lo <= value <= one.hi for one, value in zip(found, truth, strict=True)]
        off += [one.gap - value for one, value in zip(found, truth, strict=True)]
    assert ((held / SCHOOLS >= 0.88) & (held / SCHOOLS <= 0.97)).all(), held / SCHOOLS
    assert (np.abs(off / SCHOOLS) < (0.2, 0.02)).all(), off / SCHOOLS


def test_gap_is_the_plain_difference_of_two_means_and_the_same_seed_draws_the_same():
    values, inside, section = school(np.random.default_rng(3), sections=20, is_nested=False, apart=1)
    found = gaps(values, inside, section, seed=5)
    assert [one.gap for one in found] == pytest.approx(values[inside].mean(axis=0) - values[~inside].mean(axis=0))
    assert gaps(values, inside, section, seed=5) == found != gaps(values, inside, section, seed=6)
    order = np.random.default_rng(1).permutation(len(values))
    again = gaps(values[order], inside[order], section[order], seed=5)
    assert [one.lo for one in again] == pytest.approx([one.lo for one in found])


def test_no_gap_where_people_or_classes_are_few():
    section = np.repeat(np.arange(20), 4)
    person = np.arange(80)
    cases = [
        (person < 29, FEW_LEARNERS),
        (person < 71, FEW_COMPARED),
        (section < 9, FEW_SECTIONS),
        (section < 11, FEW_SECTIONS),
        (person < 80, FEW_COMPARED),
        (section < 10, Gap(0, 0, 0)),
    ]
    for inside, answer in cases:
        assert gaps(np.ones((80, 1)), inside, section, seed=1) == [answer]
    with pytest.raises(ValueError, match="Each person"):
        gaps(np.ones((79, 1)), person < 40, section, seed=1)
    assert gaps(np.ones((0, 1)), [], [], seed=1) == [FEW_LEARNERS]


def test_who_has_no_value_is_on_neither_side_of_its_column():
    section = np.repeat(np.arange(20), 6)
    inside = section % 2 == 0
    values = np.column_stack([np.where(inside, 3.0, 1.0)] * 2)
    values[::3, 1] = np.nan
    values[1, 1] = 9.0
    first, second = gaps(values, inside, section, seed=1)
    assert (first, second.gap) == (Gap(2, 2, 2), pytest.approx(2 + 6 / 40))
    values[: 6 * 10, 1] = np.nan
    assert gaps(values, inside, section, seed=1) == [Gap(2, 2, 2), FEW_LEARNERS]
