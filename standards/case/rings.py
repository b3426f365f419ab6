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
    ahead: dict[Key, list[Key]] = {}
    for one, other in before:
        for key in (one, other):
            after.setdefault(key, [])
            ahead.setdefault(key, [])
        after[one].append(other)
        ahead[other].append(one)
    left = {key: len(others) for key, others in after.items()}
    """How many of those after it stay."""

    def take_away(keys: Iterable[Key]) -> None:
        waiting = list(keys)
        while waiting:
            key = waiting.pop()
            if left.pop(key, None) is None:
                continue
            for one in ahead[key]:
                if one in left:
                    left[one] -= 1
                    if not left[one]:
                        waiting.append(one)

    take_away([key for key, count in left.items() if not count])
    found: list[list[Key]] = []
    while left and len(found) < most:
        places: dict[Key, int] = {}
        walk: list[Key] = []
        step = next(iter(left))
        while step not in places:
            places[step] = len(walk)
            walk.append(step)
            step = next(other for other in after[step] if other in left)
        ring = walk[places[step] :]
        found.append(ring)
        take_away(ring)
    return found
