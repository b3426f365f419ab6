"""Generated histories, and how many of them: 300 a law, 10,000 with LRM_LAWS=1 (`make laws`)."""

import os
from datetime import timedelta

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from assessments.mastery.events import (
    EXCUSED,
    NOT_SEEN,
    OVERRIDE_LIFT,
    OVERRIDE_SET,
    OVERRIDE_WITHDRAW,
    RESULT,
    history,
)
from assessments.mastery.segments import starts_of

LAWS = settings(
    max_examples=10_000 if os.environ.get("LRM_LAWS") == "1" else 300,
    deadline=timedelta(seconds=5),
    suppress_health_check=[HealthCheck.too_slow],
)

marks = st.sampled_from([1.0, 2.0, 3.0, 4.0])
points = st.one_of(marks, st.integers(0, 500).map(lambda x: x / 100), st.floats(1, 4))
weights = st.sampled_from([0.5, 1.0, 2.0])
series = st.lists(points, min_size=1, max_size=12)


@st.composite
def pairs(draw):
    """(points, weights, starts) of several pairs, some without results, as `values_by_pair` wants them."""
    lists = draw(st.lists(st.lists(points, max_size=9), min_size=1, max_size=8))
    flat = [x for one in lists for x in one]
    heavy = draw(st.lists(weights, min_size=len(flat), max_size=len(flat)))
    return np.array(flat, dtype=float), np.array(heavy, dtype=float), starts_of([len(one) for one in lists])


KINDS = [RESULT] * 8 + [EXCUSED, NOT_SEEN, OVERRIDE_SET, OVERRIDE_LIFT, OVERRIDE_WITHDRAW]


POSSIBLE = [np.nan, np.nan, 1.0, 5.0, 10.0]


class Digits:
    """Choices read off one number per row: one draw per row is ten times faster than one per field."""

    def __init__(self, numbers: list[int]) -> None:
        self.left = np.array(numbers, dtype=np.int64)

    def choose(self, values):
        self.left, digit = np.divmod(self.left, len(values))
        return np.asarray(values)[digit]


@st.composite
def histories(draw, learners=5, standards=4, most=40):
    """A History sorted by learner, then in time: every kind of record, quizzes of several items, re-assessments."""
    digits = Digits(draw(st.lists(st.integers(0, 2**40), min_size=1, max_size=most)))
    learner = digits.choose(range(1, learners + 1))
    ts = digits.choose(np.arange(200) / 4)
    order = np.lexsort((ts, learner))
    n, standard = len(order), digits.choose(range(1, standards + 1))
    possible, share = digits.choose(POSSIBLE), digits.choose(np.arange(21) / 20)
    return history(
        learner=learner[order],
        standard=standard,
        domain=np.where(standard == standards, -1, standard // 2),
        ts=ts[order],
        kind=digits.choose(KINDS),
        points=np.where(np.isnan(possible), digits.choose([1.0, 2.0, 3.0, 4.0]), share * possible),
        possible=possible,
        weight=digits.choose([0.0, 0.5, 1.0, 2.0, 4.0]),
        teacher_weight=digits.choose([0.0, 0.5, 1.0, 1.0]),
        event=digits.choose(range(1, 13)),
        is_reassessment=digits.choose([False, False, False, True]),
        counts_earlier=digits.choose([False, True]),
        override_level=digits.choose([1, 2, 3, 4]),
        override_ends=digits.choose([np.inf, np.inf, 20.0]),
        record=np.arange(n) + 100,
    )


def joined(one, other):
    """The rows of two histories, one after the other."""
    return history(**{name: np.append(values, getattr(other, name)) for name, values in vars(one).items()})
