"""Who reads a publication: the public, the staff of each school, and people who work at several schools.

A reader is the set of schools whose rows one person knows exactly, published or not; the public's is empty. Two people
who put together what they know are not reckoned with. Pure.
"""

import itertools
from collections.abc import Callable, Collection, Iterator

Reader = frozenset[int]
"""Rows of schools in a table."""
PUBLIC: Reader = frozenset()


def readers_of(schools: int, several: Collection[Reader], knows_more: Callable[[int], bool]) -> Iterator[Reader]:
    """Each reader once, the public first, then the staff of one school, then `several`: those who know several rows.

    knows_more: whether a row holds anything that the public does not know; others are left out of a set. It is asked
    when the reader's turn comes.
    """
    seen: set[Reader] = set()
    for rows in itertools.chain([PUBLIC], (frozenset([row]) for row in range(schools)), several):
        reader = frozenset(row for row in rows if knows_more(row))
        if reader not in seen:
            seen.add(reader)
            yield reader


def are_new(now: Collection[Reader], then: Collection[Reader], knows_more: Callable[[int], bool]) -> bool:
    """Whether somebody of `now` knows several rows together that nobody of `then` did. knows_more: of readers_of."""

    def known_by(readers: Collection[Reader]) -> set[Reader]:
        return {frozenset(row for row in reader if knows_more(row)) for reader in readers}

    return any(len(each) > 1 for each in known_by(now) - known_by(then))
