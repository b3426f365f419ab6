"""Dates in files: ISO as it stands; a slashed date only when somebody said which number is the month."""

import datetime
import re

ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
SLASHED = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
ORDERS = ("mdy", "dmy")


class DateRefused(ValueError):
    """code: "slashed_date", "no_such_month", "no_such_day" or "not_a_date". suggestion: ISO, or "".

    number: the month or day that does not exist, else 0.
    """

    def __init__(self, code: str, suggestion: str = "", number: int = 0):
        super().__init__(code)
        self.code, self.suggestion, self.number = code, suggestion, number


def parse_date(text: str, *, order: str = "") -> datetime.date:
    """A calendar date.

    order: "mdy" or "dmy" where the sender was asked; "" refuses 1/05/2023, even where only one reading
    exists, because the next line may have two. Raises DateRefused.
    """
    text = text.strip()
    if found := ISO.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
        return _date(year, month, day)
    if found := SLASHED.fullmatch(text):
        first, second, year = (int(part) for part in found.groups())
        if order == "mdy":
            return _date(year, first, second)
        if order == "dmy":
            return _date(year, second, first)
        raise DateRefused("slashed_date", _only_reading(year, first, second))
    raise DateRefused("not_a_date")


def _date(year: int, month: int, day: int) -> datetime.date:
    if not 1 <= month <= 12:
        swapped = _iso(year, day, month)
        raise DateRefused("no_such_month", swapped, month)
    try:
        return datetime.date(year, month, day)
    except ValueError:
        raise DateRefused("no_such_day", "", day) from None


def _only_reading(year: int, first: int, second: int) -> str:
    """The ISO date where one of the two readings is no date at all, else ""."""
    readings = {_iso(year, first, second), _iso(year, second, first)} - {""}
    return readings.pop() if len(readings) == 1 else ""


def _iso(year: int, month: int, day: int) -> str:
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return ""
