"""First names as a class says them, where two of the same name are told apart."""

from collections import Counter
from collections.abc import Iterable


def short_names(people: Iterable[tuple[int, str, str]]) -> dict[int, str]:
    """Ana, or Ana R. beside another Ana, or both names beside another Ana R."""
    found = {pk: (first, family) for pk, first, family in people}
    firsts = Counter(first for first, _ in found.values())
    initials = Counter((first, family[:1]) for first, family in found.values())
    return {
        pk: first
        if firsts[first] == 1 or not family
        else f"{first} {family[:1]}."
        if initials[first, family[:1]] == 1
        else f"{first} {family}"
        for pk, (first, family) in found.items()
    }
