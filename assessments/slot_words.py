"""Weekly times in words that `meeting_times` reads back, for blocks and the groups that meet in them."""

from collections.abc import Iterable, Sequence

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import get_language

from assessments.meeting_times import FIRST_SCHOOL_HOUR, Meeting

NOON, EVENING = 12, 19


def said_slots(slots: Iterable[Sequence[int]]) -> str:
    """Such as "Tue, Thu 10:15–10:45; Fri 1:00–1:30"; "" for none. slots: as Block.slots has them."""
    days: dict[tuple[int, int], list[str]] = {}
    for day, start, end in sorted((tuple(slot) for slot in slots), key=lambda slot: (slot[1], slot[2], slot[0])):
        days.setdefault((start, end), []).append(str(WEEKDAYS_ABBR[day]))
    return "; ".join(
        f"{', '.join(names)} {said_clock(start)}–{said_clock(end)}" for (start, end), names in days.items()
    )


def said_clock(minute: int) -> str:
    """minute: since midnight. In English as schools say it, with AM or PM where the hour alone would be the other."""
    hour, rest = divmod(minute, 60)
    if not (get_language() or "en").startswith("en"):
        return f"{hour:02}:{rest:02}"
    half = "" if FIRST_SCHOOL_HOUR <= hour < EVENING else " AM" if hour < NOON else " PM"
    return f"{(hour - 1) % 12 + 1}:{rest:02}{half}"


def meetings_of(slots: Iterable[Sequence[int]]) -> list[Meeting]:
    """What `meet_at_once` compares."""
    return [Meeting("", frozenset({day}), start, end) for day, start, end in slots]
