"""The learner model: the same seed, the same school; and a wall that looks like a class."""

from datetime import date

import numpy as np
import pytest

from paths.demo.framework import taught_in
from paths.demo.learner_model import NOTHING, draw_traits, term_of_marks
from paths.demo.term import is_holiday, term_around

TODAY = date(2026, 11, 20)
LEARNERS = 28


def a_class(seed, subject="Mathematics", grade=5):
    term = term_around(TODAY)
    days = term.school_days(TODAY)
    rng = np.random.default_rng(seed)
    traits = draw_traits(LEARNERS, len(days), rng)
    taught = taught_in(subject, grade)
    return traits, taught, term_of_marks(traits, taught, days, 17, rng)


def shown_levels(taught, events):
    """(learners, standards) by the default method: newest 65 %, a new try replaces; 0 where there is no result."""
    value = np.zeros((LEARNERS, len(taught)))
    for event in events:
        for column, k in enumerate(event.standards):
            mark = event.marks[:, column]
            first = (value[:, k] == 0) | (event.kind == "reassessment")
            value[:, k] = np.where(mark > 0, np.where(first, mark, 0.65 * mark + 0.35 * value[:, k]), value[:, k])
    return np.floor(value + 0.5).astype(int)


def walls(count=24):
    for seed in range(count):
        subject = ("Mathematics", "English")[seed % 2]
        _, taught, events = a_class(seed, subject, 3 + seed % 6)
        yield taught, shown_levels(taught, events)


def test_marks_follow_the_seed():
    first, again, other = (a_class(seed)[2] for seed in (1, 1, 2))
    assert len(first) == len(again)
    assert all(
        a.kind == b.kind and a.day == b.day and (a.marks == b.marks).all() for a, b in zip(first, again, strict=True)
    )
    assert [event.marks.tolist() for event in first] != [event.marks.tolist() for event in other]


def test_levels_are_mixed_and_some_cells_have_no_result():
    levels = np.concatenate([wall.ravel() for _, wall in walls()])
    shares = np.bincount(levels, minlength=5) / levels.size
    assert 0.13 < shares[0] < 0.21
    assert all(0.08 < share < 0.36 for share in shares[1:])


def test_levels_rise_along_prerequisites():
    """Whoever is at 3 or 4 on what comes before is more often at 3 or 4 on what comes next."""
    after = {True: [], False: []}
    for taught, wall in walls():
        place = {standard.code: k for k, standard in enumerate(taught)}
        for k, standard in enumerate(taught):
            for j in (place[code] for code in standard.prerequisites if code in place):
                both = (wall[:, j] > 0) & (wall[:, k] > 0)
                for ready in (True, False):
                    after[ready].extend(wall[both & ((wall[:, j] >= 3) == ready), k] >= 3)
    assert np.mean(after[True]) > np.mean(after[False]) + 0.25


def test_each_learner_has_at_most_one_record_of_an_event():
    _, taught, events = a_class(3)
    for event in events:
        assert event.marks.shape == (LEARNERS, len(event.standards))
        assert set(event.standards) <= set(range(len(taught)))
        assert event.marks.min() >= -2
        assert event.marks.max() <= 4


def test_events_lie_on_school_days_in_order():
    _, _, events = a_class(4)
    days = [event.day for event in events]
    assert days == sorted(days)
    assert set(days) <= set(term_around(TODAY).school_days(TODAY))


def test_newcomers_have_no_record_before_they_came():
    seed = next(seed for seed in range(200) if draw_traits(LEARNERS, 64, np.random.default_rng(seed)).joined.max() > 30)
    traits, _, events = a_class(seed)
    row = int(traits.joined.argmax())
    came = term_around(TODAY).school_days(TODAY)[traits.joined[row]]
    assert {int(m) for event in events if event.day < came for m in event.marks[row]} == {NOTHING}


@pytest.mark.parametrize("today", [date(2026, 11, 22), date(2027, 1, 4), date(2027, 7, 7), date(2026, 8, 3)])
def test_term_always_holds_today_and_thirteen_weeks_before(today):
    term = term_around(today)
    assert term.starts_on.weekday() == 0
    assert (today - term.starts_on).days >= 13 * 7 - 2
    assert term.starts_on < today <= term.ends_on
    assert term.year_starts_on <= term.starts_on
    assert term.ends_on <= term.year_ends_on
    days = term.school_days(today)
    assert days[-1] <= today
    assert not any(is_holiday(day) or day.weekday() >= 5 for day in days)


def test_school_year_is_the_year_in_which_it_ends():
    assert (term_around(date(2026, 11, 22)).school_year, term_around(date(2026, 11, 22)).year_title) == (
        2027,
        "2026-27",
    )
    assert term_around(date(2027, 4, 12)).school_year == 2027


def test_thanksgiving_is_no_school_day():
    assert [is_holiday(date(2026, 11, day)) for day in (25, 26, 27)] == [False, True, True]
