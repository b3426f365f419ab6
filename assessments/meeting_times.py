"""When a group meets, read from a teacher's own words: enough to see whether two groups meet at once. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

CLOCK = re.compile(r"(?<!\d)(\d{1,2})(?:[:.h](\d{2})|(?=\s*[ap]\.?m\b))\s*(?:([ap])\.?m\b)?", re.IGNORECASE)
MINUTES = re.compile(r"(?<!\d)(\d{1,3})\s*min", re.IGNORECASE)
WORD = re.compile(r"[^\W\d_]+")
FIRST_SCHOOL_HOUR = 7
HALF_DAY, DAY = 12 * 60, 24 * 60


@dataclass(frozen=True)
class Meeting:
    """days: 0 is Monday; empty where none is named, which is any day.    words: the text as it is compared.

    start, end: minutes since midnight, the end not included; None where no clock time is said.
    """

    words: str
    days: frozenset[int]
    start: int | None = None
    end: int | None = None


def read_meeting(text: str, *, weekdays: Mapping[str, int], through: frozenset[str]) -> Meeting:
    """What the words say of a time.

    weekdays: names and short names in small letters -> 0 to 6.    through: words that join the ends of a range of days.
    A time without am or pm before seven is one of the afternoon. Without an end it is the minute itself.
    """
    words = " ".join(re.findall(r"\w+", text.casefold()))
    times = [time for match in CLOCK.finditer(text) if (time := _minute(*match.groups())) is not None]
    days = _days(text.casefold(), weekdays, through)
    if not times:
        return Meeting(words, days)
    start, end = times[0], times[1] if len(times) > 1 else None
    if end is None and (lasts := MINUTES.search(text)):
        end = start + int(lasts[1])
    if end is not None and end <= start:
        end += HALF_DAY
    return Meeting(words, days, start, end if end is not None and start < end <= DAY else start + 1)


def meet_at_once(one: Meeting, other: Meeting) -> bool:
    """Whether both would be held at the same time. Without clock times only the same words are the same time."""
    if one.days and other.days and not one.days & other.days:
        return False
    if one.start is None or other.start is None or one.end is None or other.end is None:
        return bool(one.words) and one.words == other.words
    return one.start < other.end and other.start < one.end


def _minute(hour: str, minute: str | None, half: str | None) -> int | None:
    h, m = int(hour), int(minute or 0)
    if h >= 24 or m >= 60 or (half and not 1 <= h <= 12):
        return None
    if half:
        h = h % 12 + (12 if half.lower() == "p" else 0)
    elif h < FIRST_SCHOOL_HOUR:
        h += 12
    return h * 60 + m


def _days(text: str, weekdays: Mapping[str, int], through: frozenset[str]) -> frozenset[int]:
    found: set[int] = set()
    last, last_end = None, 0
    for match in WORD.finditer(text):
        # A plural names the same day: Mondays.
        word = match[0]
        day = weekdays.get(word, weekdays.get(word.removesuffix("s")))
        if day is None:
            continue
        between = text[last_end : match.start()].strip(" .")
        if last is not None and (between in through or between in {"-", "–", "—"}):
            found.update((last + step) % 7 for step in range((day - last) % 7 + 1))
        found.add(day)
        last, last_end = day, match.end()
    return frozenset(found)
