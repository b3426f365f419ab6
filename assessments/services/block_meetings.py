"""Where, when and how long the groups of a block meet, unless somebody says otherwise."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from assessments.slot_words import said_slots


def usual_meetings(block: Mapping[str, Any] | None, turns: Sequence[int]) -> list[tuple[str, str]]:
    """(place, time in words) of each group; empty words where the section is no block.

    block: place, slots, starts_on, ends_on (ISO), as group_planning.ROOM reads them. turns: of each group, as
    rotation() counts them. Groups of different turns share out the meetings of the week, so that an adult is never in
    two at once; where there are fewer meetings than turns, the first turn has them and the others are for the adult to
    settle.
    """
    if block is None:
        return [("", "")] * len(turns)
    slots, count = block["slots"], max(turns, default=0) + 1
    shares = [slots[turn::count] if len(slots) >= count else slots if turn == 0 else [] for turn in turns]
    return [(block["place"], said_slots(share)) for share in shares]


def own_times(block: Mapping[str, Any]) -> frozenset[str]:
    """Every text that usual_meetings may say of the block's times: of a group that has one nobody has said another."""
    slots = block["slots"]
    return frozenset(said_slots(slots[turn::count]) for count in range(1, len(slots) + 1) for turn in range(count))


def days_of(block: Mapping[str, Any], today: date) -> tuple[date, date]:
    """First and last day of groups accepted today: those of the block, as far as they are still to come."""
    starts_on, ends_on = date.fromisoformat(block["starts_on"]), date.fromisoformat(block["ends_on"])
    return max(starts_on, today), max(ends_on, starts_on, today)
