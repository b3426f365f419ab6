"""What is open, waiting, legal and covered in a path: examples, and laws for any plan."""

from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paths.sequencing import (
    Blocked,
    Fault,
    Hold,
    Part,
    PartKind,
    Place,
    Problem,
    choices_open,
    cycle,
    moved,
    order_blocked,
    problems,
    progress,
    states,
    waits_on,
)

SEQUENCE, PLAYLIST = Part(), Part(PartKind.PLAYLIST)


def board(pick):
    return Part(PartKind.CHOICE, pick=pick)


def test_states_of_a_sequence_wait_for_named_steps_only():
    places = [Place("a"), Place("b", waits_for=("a",)), Place("c")]

    assert states([SEQUENCE], places) == ["now", "waiting", "open"]
    assert waits_on([SEQUENCE], places, "b") == ["a"]


def test_states_after_the_step_that_was_waited_for_are_open():
    places = [Place("a", is_done=True), Place("b", waits_for=("a",)), Place("c")]

    assert states([SEQUENCE], places) == ["done", "now", "open"]


def test_states_before_a_choice_is_made_name_no_step_as_now():
    places = [Place("a", is_done=True), Place("b", 1), Place("c", 1), Place("d", 2)]

    assert states([SEQUENCE, board(1), SEQUENCE], places) == ["done", "choice", "choice", "open"]
    assert choices_open([SEQUENCE, board(1), SEQUENCE], places) == [0, 1, 0]


def test_states_after_a_choice_leave_the_others_aside():
    places = [Place("b", 0, is_chosen=True), Place("c", 0), Place("d", 1)]

    assert states([board(1), SEQUENCE], places) == ["now", "left", "open"]
    assert progress([board(1), SEQUENCE], places) == (0, 2)


def test_states_ignore_a_wait_for_an_option_that_nobody_chose():
    places = [Place("b", 0, is_chosen=True, is_done=True), Place("c", 0), Place("d", 1, waits_for=("c", "gone"))]

    assert states([board(1), SEQUENCE], places) == ["done", "left", "now"]


@pytest.mark.parametrize(
    ("places", "parts", "expected"),
    [
        ([Place("a", waits_for=("a",))], [SEQUENCE], Problem(Fault.CYCLE, ("a",))),
        (
            [Place("a", waits_for=("c",)), Place("b"), Place("c", waits_for=("a",))],
            [SEQUENCE],
            Problem(Fault.CYCLE, ("a", "c")),
        ),
        ([Place("a", waits_for=("b",)), Place("b")], [SEQUENCE], Problem(Fault.WAITS_FOR_LATER, ("a", "b"))),
        (
            [Place("a"), Place("b"), Place("c", 1, waits_for=("a",))],
            [board(1), SEQUENCE],
            Problem(Fault.WAITS_FOR_CHOICE, ("c", "a")),
        ),
        ([Place("a"), Place("b")], [board(3)], Problem(Fault.PICKS_TOO_MANY, part=0)),
        ([Place("a"), Place("b")], [board(0)], Problem(Fault.PICKS_NONE, part=0)),
    ],
)
def test_problems_name_what_is_wrong(places, parts, expected):
    assert problems(parts, places) == [expected]


def test_problems_name_the_route_that_leaves_a_standard_out():
    places = [Place("A", standard=1), Place("B", standard=2), Place("C", standard=1), Place("D", standard=2)]

    assert problems([board(2)], places, [1, 2]) == [
        Problem(Fault.LEAVES_OUT, ("B", "D"), standard=1),
        Problem(Fault.LEAVES_OUT, ("A", "C"), standard=2),
    ]
    assert problems([board(3)], places, [1, 2]) == []
    assert problems([board(2), SEQUENCE], [*places, Place("E", 1, standard=2)], [2]) == []


def test_order_blocked_says_what_holds_a_step():
    places = [Place("a", is_fixed=True), Place("b"), Place("c", waits_for=("b",)), Place("d", 1)]

    assert order_blocked(places, "bacd", keeps_fixed=True) == Blocked(Hold.FIXED, "b", "a")
    assert order_blocked(places, "bacd", keeps_fixed=False) is None
    assert order_blocked(places, "acbd", keeps_fixed=True) == Blocked(Hold.WAITS, "c", "b")
    assert order_blocked(places, "abdc", keeps_fixed=True) == Blocked(Hold.PART, "d")


def test_moved_goes_past_a_fixed_step_and_never_out_of_its_part():
    places = [Place("a"), Place("b", is_fixed=True), Place("c"), Place("d", 1)]

    assert moved(places, "c", -1, keeps_fixed=True) == ["c", "b", "a", "d"]
    assert moved(places, "c", -1, keeps_fixed=False) == ["a", "c", "b", "d"]
    assert moved(places, "c", 1, keeps_fixed=True) == ["a", "b", "c", "d"]
    assert moved(places, "b", -1, keeps_fixed=True) == ["a", "b", "c", "d"]


@st.composite
def plans(draw):
    """Any plan that an author could type: sound or not."""
    parts, places = [], []
    for number in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(list(PartKind)))
        size = draw(st.integers(1, 4))
        parts.append(Part(kind, pick=draw(st.integers(1, size)) if kind is PartKind.CHOICE else 0))
        for _ in range(size):
            waits = draw(st.sets(st.integers(0, 9), max_size=2)) if draw(st.booleans()) else ()
            places.append(Place(len(places), number, tuple(sorted(waits)), draw(st.integers(1, 3))))
    return parts, places


def sound(plan):
    parts, places = plan
    before = {place.key for place in places if parts[place.part].kind is not PartKind.CHOICE}
    kept = [
        Place(p.key, p.part, tuple(k for k in p.waits_for if k in before and k < p.key), p.standard) for p in places
    ]
    assert problems(parts, kept) == []
    return parts, kept


def routes(parts, places):
    """Every way through, the long way."""
    ways = []
    for number, part in enumerate(parts):
        here = [place for place in places if place.part == number]
        ways.append(combinations(here, part.pick) if part.kind is PartKind.CHOICE else [tuple(here)])
    return [[place for part in way for place in part] for way in product(*ways)]


@settings(max_examples=60)
@given(plans())
def test_law_coverage_is_refused_exactly_when_some_route_leaves_the_standard_out(plan):
    parts, places = sound(plan)
    for target in (1, 2, 3):
        found = problems(parts, places, [target])
        left_out = [way for way in routes(parts, places) if target not in {place.standard for place in way}]
        assert bool(found) == bool(left_out)
        if found:
            chosen = {place.key for place in places if parts[place.part].kind is PartKind.CHOICE}
            assert any({place.key for place in way} & chosen == set(found[0].steps) for way in left_out)


@settings(max_examples=60)
@given(plans(), st.randoms(use_true_random=False))
def test_law_whoever_does_what_is_open_comes_through_every_sound_plan(plan, chance):
    parts, places = sound(plan)
    done, total = progress(parts, places)
    while done < total:
        found = states(parts, places)
        assert found.count("now") <= 1
        ready = [at for at, state in enumerate(found) if state in {"now", "open", "choice"}]
        at = chance.choice(ready)
        assert waits_on(parts, places, places[at].key) == [] or found[at] == "choice"
        place = places[at]
        if found[at] == "choice" and not place.is_chosen:
            places[at] = Place(place.key, place.part, place.waits_for, place.standard, is_chosen=True)
        else:
            places[at] = Place(place.key, place.part, place.waits_for, place.standard, True, place.is_chosen)
        done, total = progress(parts, places)
    assert set(states(parts, places)) <= {"done", "left"}


@settings(max_examples=60)
@given(plans())
def test_law_a_cycle_is_named_exactly_when_steps_wait_for_each_other(plan):
    _parts, places = plan
    ring = cycle(places)
    waits = {place.key: set(place.waits_for) for place in places}
    reach = {key: {k for k in found if k in waits} for key, found in waits.items()}
    for _ in places:
        reach = {key: found.union(*(reach[k] for k in found)) for key, found in reach.items()}
    assert bool(ring) == any(key in found for key, found in reach.items())
    assert all(after in waits[step] for step, after in zip(ring, ring[1:] + ring[:1], strict=True))


@settings(max_examples=60)
@given(plans(), st.data())
def test_law_a_moved_step_breaks_no_rule_unless_the_reason_is_named(plan, data):
    _parts, places = sound(plan)
    key = data.draw(st.sampled_from([place.key for place in places]))
    order = moved(places, key, data.draw(st.sampled_from([-1, 1])), keeps_fixed=True)
    found = order_blocked(places, order, keeps_fixed=True)

    assert sorted(order) == [place.key for place in places]
    by_key = {place.key: place for place in places}
    broken = [k for k in order for w in by_key[k].waits_for if order.index(w) > order.index(k)]
    assert (found.hold if found else None) == (Hold.WAITS if broken else None)
