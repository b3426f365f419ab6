"""The tree inside a package: parents, order among siblings, depth.

Cycles stay in the data and are never walked.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from standards.case.package import IS_CHILD_OF, LAST, Association, Document, Item, Oddity

LONGEST_NUMBER = 18
_DIGITS = re.compile(r"(\d+)")
Choice = tuple[int, str, UUID | None]
"""sequence, uuid of the parent as text, the parent; None is the document."""


def resolve_tree(items: dict[UUID, Item], associations: Iterable[Association], document: Document) -> list[Oddity]:
    """Set parent, depth, position, is_leaf and is_placed of every item, and tell what was cut to make a tree.

    Of several parents an item goes before the document, then the lowest sequence, then the uuid.
    """
    choices = _choices(items, associations, document)
    chosen = {uuid: options[0] for uuid, options in choices.items() if options}
    cut = _break_cycles(chosen, choices)
    children: dict[UUID | None, list[Item]] = defaultdict(list)
    for uuid, item in items.items():
        item.parent = chosen[uuid][2] if uuid in chosen else None
        item.is_placed = uuid in chosen
        children[item.parent].append(item)
    for siblings in children.values():
        siblings.sort(key=lambda item: (not item.is_placed, _order(item, chosen)))
    _walk(children)
    return [Oddity("cycle", {"code": items[uuid].code or items[uuid].identifier}) for uuid in cut]


def _choices(
    items: dict[UUID, Item], associations: Iterable[Association], document: Document
) -> dict[UUID, list[Choice]]:
    """Every possible parent of every item, the best first; a parent outside the package is none."""
    found: dict[UUID, list[tuple[bool, Choice]]] = defaultdict(list)
    for link in associations:
        child, parent = link.origin.uuid, link.destination.uuid
        if link.kind != IS_CHILD_OF or child not in items or parent is None or parent == child:
            continue
        is_document = parent not in items
        if is_document and parent != document.uuid:
            continue
        sequence = LAST if link.sequence is None else link.sequence
        found[child].append((is_document, (sequence, str(parent), None if is_document else parent)))
    return {
        child: [choice for _, choice in sorted(options, key=lambda o: (o[0], o[1][:2]))]
        for child, options in found.items()
    }


def _break_cycles(chosen: dict[UUID, Choice], choices: dict[UUID, list[Choice]]) -> list[UUID]:
    """Choose another parent, or none, for one item of each cycle, until none is left.

    Returns those without one.
    """
    cut: list[UUID] = []
    safe: set[UUID] = set()
    for start in list(chosen):
        while cycle := _find_cycle(start, chosen, safe):
            _break_cycle(cycle, chosen, choices, cut)
    return cut


def _break_cycle(
    cycle: list[UUID], chosen: dict[UUID, Choice], choices: dict[UUID, list[Choice]], cut: list[UUID]
) -> None:
    inside = set(cycle)
    for uuid in sorted(cycle):
        ways_out = [choice for choice in choices[uuid] if choice[2] not in inside]
        if ways_out:
            chosen[uuid] = ways_out[0]
            choices[uuid] = ways_out
            return
    loose = min(cycle)
    del chosen[loose]
    cut.append(loose)


def _find_cycle(start: UUID, chosen: dict[UUID, Choice], safe: set[UUID]) -> list[UUID]:
    """The cycle above an item, [] where there is none; then all of them join `safe`, whatever is changed elsewhere."""
    path: dict[UUID, int] = {}
    at: UUID | None = start
    while at is not None and at in chosen and at not in safe:
        if at in path:
            return list(path)[path[at] :]
        path[at] = len(path)
        at = chosen[at][2]
    safe.update(path)
    return []


def _order(item: Item, chosen: dict[UUID, Choice]) -> tuple:
    """Sequence of the association, then the enumeration, then the code, both by number where they hold
    numbers.
    """
    sequence = chosen[item.uuid][0] if item.uuid in chosen else LAST
    return (sequence, natural(item.list_enumeration), natural(item.code), str(item.uuid))


def natural(text: str) -> tuple[tuple[bool, int, str], ...]:
    """Sort key that puts 2.NBT.9 before 2.NBT.10; the empty text comes last."""
    if not text:
        return ((True, LAST, ""),)
    return tuple(
        # of a number that is longer than any, the first digits
        (not part.isdecimal(), int(part[:LONGEST_NUMBER]) if part.isdecimal() else 0, part)
        for part in _DIGITS.split(text)
        if part
    )


def _walk(children: dict[UUID | None, list[Item]]) -> None:
    """Number the items from the top down, each before what is below it; what has no place comes last."""
    waiting = [(item, 1) for item in reversed(children.get(None, []))]
    position = 0
    while waiting:
        item, depth = waiting.pop()
        below = children.get(item.uuid, [])
        item.position, item.depth, item.is_leaf = position, depth, not below
        position += 1
        waiting.extend((child, depth + 1) for child in reversed(below))
