"""Which learner who offers help could help which one who asks for it: a suggestion to the teacher, who picks.

Pure: plain values in and out. Nothing about levels comes in, only what learners said of their own accord.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Said:
    """What one learner offers, or asks for. since: a number that grows with time, such as seconds."""

    since: float
    learner: int
    standard: int


@dataclass(frozen=True)
class Pair:
    """met: whether the two have worked together before."""

    helper: int
    asker: int
    standard: int
    met: bool = False


def suggest_pairs(
    offers: Iterable[Said],
    wishes: Iterable[Said],
    *,
    busy: Collection[int] = (),
    apart: Collection[frozenset[int]] = (),
    met: Collection[frozenset[int]] = (),
) -> list[Pair]:
    """Pairs in which each learner stands at most once, whichever of the two they are in it.

    busy: learners who are in a pair already.  apart: two who are never paired.  met: two who have worked together.
    Two who have not met come first; among those the asker who could be helped by the fewest, so that a common offer
    does not take the only helper of somebody else; then whoever has waited longest, for asker and helper. No two of
    those left over could be paired. The order of what comes in changes nothing.
    """
    helpers: dict[int, set[Said]] = {}
    for offer in offers:
        helpers.setdefault(offer.standard, set()).add(offer)
    taken, not_together = set(busy), set(apart)
    pairs = {
        (wish, offer)
        for wish in wishes
        for offer in helpers.get(wish.standard, ())
        if wish.learner != offer.learner
        and not {wish.learner, offer.learner} & taken
        and frozenset((wish.learner, offer.learner)) not in not_together
    }
    found = []
    while pairs:
        chances: dict[int, set[int]] = {}
        for wish, offer in pairs:
            chances.setdefault(wish.learner, set()).add(offer.learner)
        wish, offer = min(
            pairs,
            key=lambda pair: (
                frozenset((pair[0].learner, pair[1].learner)) in met,
                len(chances[pair[0].learner]),
                pair[0],
                pair[1],
            ),
        )
        two = frozenset((wish.learner, offer.learner))
        found.append(Pair(offer.learner, wish.learner, wish.standard, met=two in met))
        pairs = {(asks, helps) for asks, helps in pairs if not {asks.learner, helps.learner} & two}
    return found
