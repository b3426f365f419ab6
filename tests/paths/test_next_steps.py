"""Next steps: examples of each reason, and laws for any learner."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paths.next_steps import Candidate, Reason, suggest

NOTHING = {"levels": {}, "mastery": {}, "before": (), "goals": {}, "interests": ()}


def step(standard, title="", words=""):
    return Candidate(title or f"step on {standard}", title or f"step on {standard}", standard, words)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"goals": {1: "goal"}, "interests": ["Building bridges"]}, (Reason.GOAL, "goal")),
        ({"interests": ["I like building bridges."], "levels": {1: 2}}, (Reason.INTEREST, "I like building bridges.")),
        ({"levels": {1: 2}}, (Reason.BEGUN, 2)),
        ({"levels": {2: 3}, "before": [(2, 1)]}, (Reason.READY, None)),
        ({}, (Reason.NEW, None)),
        ({"levels": {2: 2}, "before": [(2, 1)], "goals": {1: "goal"}}, (Reason.WAITS, 2)),
    ],
)
def test_suggest_names_one_reason(facts, expected):
    (found,) = suggest([step(1, "Draw a bridge")], **{**NOTHING, **facts})

    assert (found.reason, found.about) == expected


def test_suggest_ranks_goal_interest_begun_and_new():
    steps = [step(4, "New"), step(3, "Begun"), step(2, "Kites in the wind"), step(1, "Goal")]

    found = suggest(steps, **{**NOTHING, "goals": {1: "g"}, "interests": ["flying a kite"], "levels": {3: 1}})

    assert [each.candidate.title for each in found] == ["Goal", "Kites in the wind", "Begun", "New"]


def test_suggest_leaves_out_what_is_met_on_the_path_or_not_wanted():
    steps = [step(1), step(2), step(3), step(None, "Free")]

    found = suggest(steps, **{**NOTHING, "levels": {1: 3}}, left_out={("step on 2", 2), ("Free", None)})

    assert [each.candidate.standard for each in found] == [3]


def test_suggest_counts_mastery_as_the_policy_says():
    assert suggest([step(1)], **{**NOTHING, "levels": {1: 3}, "mastery": {1: 4}}) != []


def test_suggest_common_words_are_no_interest():
    (found,) = suggest([step(1, "Work with things")], **{**NOTHING, "interests": ["I like to work with my hands"]})

    assert found.reason == Reason.NEW


STANDARDS = st.integers(1, 6)
WORDS = st.sampled_from(["kites", "bridges", "drums", "soup"])


@st.composite
def learners(draw):
    """Steps on offer, and everything that is known of a learner."""
    steps = [step(draw(st.none() | STANDARDS), f"{draw(WORDS)} {number}") for number in range(draw(st.integers(1, 9)))]
    facts = {
        "levels": draw(st.dictionaries(STANDARDS, st.integers(1, 4), max_size=6)),
        "mastery": draw(st.dictionaries(STANDARDS, st.integers(2, 4), max_size=2)),
        "before": draw(st.lists(st.tuples(STANDARDS, STANDARDS), max_size=6)),
        "goals": draw(st.dictionaries(STANDARDS, st.sampled_from("ab"), max_size=3)),
        "interests": draw(st.lists(WORDS, max_size=2, unique=True)),
    }
    return steps, facts


def is_met(standard, facts):
    return facts["levels"].get(standard, 0) >= facts["mastery"].get(standard, 3)


def is_waiting(standard, facts):
    return any(then == standard != first and not is_met(first, facts) for first, then in facts["before"])


@settings(max_examples=80)
@given(learners())
def test_law_what_is_met_is_never_offered_and_what_waits_only_without_anything_else(learner):
    steps, facts = learner
    found = suggest(steps, **facts)
    open_steps = [each for each in steps if not is_met(each.standard, facts)]

    assert not any(is_met(each.candidate.standard, facts) for each in found)
    assert bool(found) == bool(open_steps)
    if any(not is_waiting(each.standard, facts) for each in open_steps):
        assert not any(is_waiting(each.candidate.standard, facts) for each in found)


@settings(max_examples=80)
@given(learners(), st.randoms(use_true_random=False))
def test_law_the_order_of_what_comes_in_changes_nothing(learner, chance):
    steps, facts = learner
    first = suggest(steps, **facts)
    shuffled = {
        name: dict(chance.sample(list(value.items()), len(value)))
        if isinstance(value, dict)
        else chance.sample(value, len(value))
        for name, value in facts.items()
    }

    assert suggest(chance.sample(steps, len(steps)), **shuffled) == first


@settings(max_examples=80)
@given(learners(), STANDARDS)
def test_law_a_goal_more_never_moves_its_steps_down(learner, standard):
    steps, facts = learner

    def places(goals):
        found = suggest(steps, **{**facts, "goals": goals}, at_most=99)
        return {each.candidate.key: at for at, each in enumerate(found) if each.candidate.standard == standard}

    before, after = places(facts["goals"]), places({**facts["goals"], standard: "new"})
    assert before.keys() == after.keys()
    assert all(after[key] <= at for key, at in before.items())
