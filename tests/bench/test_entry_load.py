"""The open loop of the entry bench: begun on time whatever the others take, and nothing that goes wrong is missed."""

import threading
from collections import Counter

import pytest

from bench.entry_load import THREADS, Save, offer, wrong_cells


def test_a_request_is_begun_while_others_wait():
    all_there = threading.Barrier(5, timeout=120)

    def ask() -> str:
        all_there.wait()
        return ""

    took, problems = offer([ask] * 5, rate=1000)

    assert (len(took), problems.total()) == (5, 0)


def test_time_counts_from_when_a_request_was_due():
    """Of many at once only so many are carried at a time: the last ones have waited, and that is their time too."""
    rounds, milliseconds = 4, 20

    def ask() -> str:
        threading.Event().wait(milliseconds / 1000)
        return ""

    took, _problems = offer([ask] * (rounds * THREADS), rate=100_000)

    assert max(took) > (rounds - 1) * milliseconds


def test_answers_and_errors_are_counted_by_what_they_say():
    def fail() -> str:
        raise RuntimeError("answered 500")

    _took, problems = offer([lambda: "conflict", fail, lambda: "", fail], rate=1000)

    assert problems == {"conflict": 1, "RuntimeError: answered 500": 2}


@pytest.mark.parametrize("count", [0, 1])
def test_offer_answers_once_for_each(count):
    took, _problems = offer([lambda: ""] * count, rate=10)
    assert len(took) == count


@pytest.mark.parametrize(
    ("stored", "wrong"),
    [
        ([(1, 5, 7), (1, 6, 7)], 0),
        ([(1, 5, 7), (1, 6, 7), (1, 6, 7)], 1),
        ([(1, 5, 7)], 1),
        ([(1, 5, 7), (1, 5, 7)], 2),
        ([(1, 5, 7), (1, 6, 8)], 2),
    ],
)
def test_a_row_missing_doubled_or_on_another_cell_is_counted(stored, wrong):
    saves = [Save(0, {}, 1, learner, 7, "3") for learner in (5, 6)]
    assert wrong_cells(saves, Counter(stored)) == wrong
