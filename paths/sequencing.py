"""What is open, now, waiting or done in a path, and which plans and orders hold. Pure: plain values in and out.

A path is made of parts in order. In a sequence steps have an order and may wait for steps before them; in a playlist
the order is free; of a choice board `pick` of its steps are done. A route is one way through: every step outside of
boards, and `pick` steps of each board.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Key = Any  # names a step or a standard; hashable


class PartKind(StrEnum):
    SEQUENCE = "sequence"
    PLAYLIST = "playlist"
    CHOICE = "choice"


class State(StrEnum):
    DONE = "done"
    NOW = "now"  # at most one in a path
    OPEN = "open"
    WAITING = "waiting"
    CHOICE = "choice"  # of a board on which something is still to be chosen
    LEFT = "left"  # of a board on which everything is chosen: can be swapped in


@dataclass(frozen=True)
class Part:
    """pick: how many steps of a choice board are done; 0 for the other kinds."""

    kind: PartKind = PartKind.SEQUENCE
    title: str = ""
    pick: int = 0


@dataclass(frozen=True)
class Place:
    """One step as the rules see it. part: its place in the parts, from 0. waits_for: keys of other steps."""

    key: Key
    part: int = 0
    waits_for: tuple[Key, ...] = ()
    standard: Key | None = None
    is_done: bool = False
    is_chosen: bool = False
    is_fixed: bool = False


def states(parts: Sequence[Part], places: Sequence[Place]) -> list[State]:
    """The state of each step, in the order of `places`, which is the order of the path.

    A step that waits for one that is not there, or that was left on a board, does not wait for it.
    """
    to_choose = choices_open(parts, places)
    held = {place.key for place in places if not place.is_done and not _is_aside(parts, place)}
    found = []
    for place in places:
        if place.is_done:
            found.append(State.DONE)
        elif _is_aside(parts, place):
            found.append(State.CHOICE if to_choose[place.part] else State.LEFT)
        else:
            found.append(State.WAITING if held.intersection(place.waits_for) else State.OPEN)
    for number in range(len(parts)):
        here = [at for at, place in enumerate(places) if place.part == number]
        first = next((at for at in here if found[at] is State.OPEN), None)
        if first is not None:
            found[first] = State.NOW
            break
        if to_choose[number]:
            break  # what comes next is a choice
    return found


def waits_on(parts: Sequence[Part], places: Sequence[Place], key: Key) -> list[Key]:
    """Which steps hold this one up, in the order of the path."""
    wanted = next(place.waits_for for place in places if place.key == key)
    return [p.key for p in places if p.key in wanted and not p.is_done and not _is_aside(parts, p)]


def choices_open(parts: Sequence[Part], places: Sequence[Place]) -> list[int]:
    """How many steps are still to be chosen in each part; 0 where it is no board."""
    options = Counter(place.part for place in places)
    chosen = Counter(place.part for place in places if place.is_done or place.is_chosen)
    return [
        max(min(part.pick, options[number]) - chosen[number], 0) if part.kind is PartKind.CHOICE else 0
        for number, part in enumerate(parts)
    ]


def progress(parts: Sequence[Part], places: Sequence[Place]) -> tuple[int, int]:
    """Steps that are done, and steps of any route."""
    done = total = 0
    for number, part in enumerate(parts):
        here = [place for place in places if place.part == number]
        wanted = min(part.pick, len(here)) if part.kind is PartKind.CHOICE else len(here)
        total += wanted
        done += min(sum(place.is_done for place in here), wanted)
    return done, total


def _is_aside(parts: Sequence[Part], place: Place) -> bool:
    """An option of a board that nobody has chosen."""
    return parts[place.part].kind is PartKind.CHOICE and not (place.is_chosen or place.is_done)


# Plans: what an author may write.


class Fault(StrEnum):
    CYCLE = "cycle"  # steps: a ring in which each waits for the next one
    WAITS_FOR_LATER = "waits_for_later"  # steps: the one that waits, the one after it
    WAITS_FOR_CHOICE = "waits_for_choice"  # steps: the one that waits, an option of a board
    PICKS_TOO_MANY = "picks_too_many"  # part
    PICKS_NONE = "picks_none"  # part
    LEAVES_OUT = "leaves_out"  # steps: what a route chooses on boards; standard: what it does not reach


@dataclass(frozen=True)
class Problem:
    fault: Fault
    steps: tuple[Key, ...] = ()
    part: int | None = None
    standard: Key | None = None


def problems(parts: Sequence[Part], places: Sequence[Place], targets: Sequence[Key] = ()) -> list[Problem]:
    """Everything for which a plan is refused; empty for a sound one. targets: standards that every route reaches."""
    found = []
    options = Counter(place.part for place in places)
    for number, part in enumerate(parts):
        if part.kind is PartKind.CHOICE and part.pick < 1:
            found.append(Problem(Fault.PICKS_NONE, part=number))
        elif part.kind is PartKind.CHOICE and part.pick > options[number]:
            found.append(Problem(Fault.PICKS_TOO_MANY, part=number))
    ring = cycle(places)
    if ring:
        found.append(Problem(Fault.CYCLE, steps=ring))
    at = {place.key: number for number, place in enumerate(places)}
    for place in places:
        for key in place.waits_for:
            if key not in at:
                continue
            if parts[places[at[key]].part].kind is PartKind.CHOICE:
                found.append(Problem(Fault.WAITS_FOR_CHOICE, steps=(place.key, key)))
            elif at[key] > at[place.key] and not ring:
                found.append(Problem(Fault.WAITS_FOR_LATER, steps=(place.key, key)))
    if not found:
        found += [problem for target in targets if (problem := uncovered(parts, places, target))]
    return found


def cycle(places: Sequence[Place]) -> tuple[Key, ...]:
    """A ring of steps that wait for each other, beginning with the first of them in the path; () where there is none.

    Steps that wait for nothing that is left are taken out until nothing changes; who stays waits for somebody who
    stays, so following anybody comes round.
    """
    known = {place.key for place in places}
    left = {place.key: [key for key in place.waits_for if key in known] for place in places}
    while free := [key for key, waits in left.items() if not any(other in left for other in waits)]:
        for key in free:
            del left[key]
    if not left:
        return ()
    walk = [next(iter(left))]
    while (step := next(other for other in left[walk[-1]] if other in left)) not in walk:
        walk.append(step)
    ring = walk[walk.index(step) :]
    order = [place.key for place in places]
    first = ring.index(min(ring, key=order.index))
    return tuple(ring[first:] + ring[:first])


def uncovered(parts: Sequence[Part], places: Sequence[Place], target: Key) -> Problem | None:
    """A route on which no step is for this standard, named by what it chooses on boards; None where all reach it.

    Boards are chosen on independently, so there is one exactly when no step outside of boards is for the standard and
    each board has enough options that are not.
    """
    chosen: list[Key] = []
    for number, part in enumerate(parts):
        here = [place for place in places if place.part == number]
        without = [place.key for place in here if place.standard != target]
        wanted = part.pick if part.kind is PartKind.CHOICE else len(here)
        if len(without) < wanted:
            return None
        if part.kind is PartKind.CHOICE:
            chosen += without[:wanted]
    return Problem(Fault.LEAVES_OUT, steps=tuple(chosen), standard=target)


# Orders: how steps may be moved.


class Hold(StrEnum):
    FIXED = "fixed"  # the teacher put step `by` there
    WAITS = "waits"  # `step` waits for `by`
    PART = "part"  # `step` would leave its part


@dataclass(frozen=True)
class Blocked:
    """Why an order is not taken."""

    hold: Hold
    step: Key
    by: Key | None = None


def order_blocked(places: Sequence[Place], order: Sequence[Key], *, keeps_fixed: bool) -> Blocked | None:
    """Why the steps of a path cannot stand in this order, or None.

    places: as they stand. order: the same keys anew. keeps_fixed: fixed steps stay where they are, as for learners.
    """
    by_key = {place.key: place for place in places}
    at = {key: number for number, key in enumerate(order)}
    for number, (stands, key) in enumerate(zip(places, order, strict=True)):
        if by_key[key].part != stands.part:
            return Blocked(Hold.PART, key)
        if keeps_fixed and stands.is_fixed and at[stands.key] != number:
            return Blocked(Hold.FIXED, key, stands.key)
    for key in order:
        for other in by_key[key].waits_for:
            if at.get(other, -1) > at[key]:
                return Blocked(Hold.WAITS, key, other)
    return None


def moved(places: Sequence[Place], key: Key, by: int, *, keeps_fixed: bool) -> list[Key]:
    """All keys with this one moved by so many places inside its part, down where positive; at the ends it stays.

    keeps_fixed: it goes past fixed steps, which stay where they are.
    """
    order = [place.key for place in places]
    mine = next(place for place in places if place.key == key)
    if keeps_fixed and mine.is_fixed:
        return order
    slots = [
        number
        for number, place in enumerate(places)
        if place.part == mine.part and not (keeps_fixed and place.is_fixed)
    ]
    row = [order[slot] for slot in slots]
    start = row.index(key)
    row.insert(max(0, min(len(row) - 1, start + by)), row.pop(start))
    for slot, moved_key in zip(slots, row, strict=True):
        order[slot] = moved_key
    return order
