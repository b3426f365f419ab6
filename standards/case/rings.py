"""Rings among what comes before what: kept in the data, and named where somebody should know."""

from collections.abc import Hashable, Iterable
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def rings(before: Iterable[tuple[Key, Key]], *, most: int = 5) -> list[list[Key]]:
    """Rings that have no standard in common, at most so many, each beginning where it was met first.

    before: (a, b), a comes before b. What leads to nothing that stays is taken away until nothing changes; who stays
    leads to somebody who stays, so following anybody comes round.
    """
    after: dict[Key, list[Key]] = {}
    for one, other in before:
        after.setdefault(one, []).append(other)
        after.setdefault(other, [])
    found: list[list[Key]] = []
    while len(found) < most:
        while ends := [key for key, others in after.items() if not any(other in after for other in others)]:
            for key in ends:
                del after[key]
        if not after:
            break
        walk = [next(iter(after))]
        while (step := next(other for other in after[walk[-1]] if other in after)) not in walk:
            walk.append(step)
        ring = walk[walk.index(step) :]
        found.append(ring)
        for key in ring:
            del after[key]
    return found
