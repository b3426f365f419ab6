"""Whom to suggest as a pair: properties, and the choices that the docstring promises."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paths.pairing import Pair, Said, suggest_pairs

LEARNERS = st.integers(1, 8)
SAID = st.lists(st.builds(Said, st.integers(0, 5), LEARNERS, st.integers(1, 3)), max_size=14)
TWOS = st.sets(st.frozensets(LEARNERS, min_size=2, max_size=2), max_size=10)


def test_two_who_fit_are_paired():
    assert suggest_pairs([Said(1, 1, 9)], [Said(2, 2, 9)]) == [Pair(helper=1, asker=2, standard=9)]


@pytest.mark.parametrize(
    ("offers", "wishes", "more"),
    [
        ([Said(1, 1, 9)], [Said(1, 2, 8)], {}),  # another standard
        ([Said(1, 1, 9)], [Said(1, 1, 9)], {}),  # nobody helps themselves
        ([Said(1, 1, 9)], [Said(1, 2, 9)], {"busy": {1}}),
        ([Said(1, 1, 9)], [Said(1, 2, 9)], {"busy": {2}}),
        ([Said(1, 1, 9)], [Said(1, 2, 9)], {"apart": {frozenset((1, 2))}}),
    ],
)
def test_who_does_not_fit_is_not_paired(offers, wishes, more):
    assert suggest_pairs(offers, wishes, **more) == []


def test_two_who_have_not_met_come_before_two_who_have():
    offers, wishes = [Said(1, 1, 9), Said(2, 2, 9)], [Said(1, 3, 9)]

    assert suggest_pairs(offers, wishes, met={frozenset((1, 3))}) == [Pair(2, 3, 9)]
    assert suggest_pairs(offers[:1], wishes, met={frozenset((1, 3))}) == [Pair(1, 3, 9, met=True)]


def test_the_only_helper_of_somebody_is_not_given_to_somebody_else():
    offers = [Said(1, 1, 8), Said(1, 1, 9), Said(2, 2, 9)]
    wishes = [Said(1, 3, 9), Said(2, 4, 8)]

    assert suggest_pairs(offers, wishes) == [Pair(1, 4, 8), Pair(2, 3, 9)]


def test_who_waits_longest_comes_first():
    wishes = [Said(2, 2, 9), Said(1, 3, 9)]

    assert suggest_pairs([Said(1, 1, 9)], wishes) == [Pair(1, 3, 9)]


@given(SAID, SAID, st.sets(LEARNERS, max_size=3), TWOS, TWOS, st.randoms(use_true_random=False))
def test_pairs_hold_what_they_promise(offers, wishes, busy, apart, met, chance: random.Random):
    found = suggest_pairs(offers, wishes, busy=busy, apart=apart, met=met)

    people = [one for pair in found for one in (pair.helper, pair.asker)]
    assert len(people) == len(set(people))
    assert not set(people) & busy
    assert all(frozenset((pair.helper, pair.asker)) not in apart for pair in found)
    can = {(offer.learner, offer.standard) for offer in offers}
    want = {(wish.learner, wish.standard) for wish in wishes}
    assert all((pair.helper, pair.standard) in can and (pair.asker, pair.standard) in want for pair in found)
    left = [
        (helper, asker)
        for helper, standard in can
        for asker, wanted in want
        if standard == wanted and helper != asker and not {helper, asker} & {*people, *busy}
    ]
    assert [two for two in left if frozenset(two) not in apart] == []

    chance.shuffle(offers)
    chance.shuffle(wishes)
    assert suggest_pairs(offers, wishes, busy=busy, apart=apart, met=met) == found
