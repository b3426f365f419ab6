"""Dates as people say them: "today" only for today, the year only when it is another one."""

from datetime import date, datetime
from functools import lru_cache

from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _


def said(value: date | datetime | None) -> str:
    """In a sentence: "today", "October 9", "October 9, 2025"; "" for None."""
    return _said(value, "MONTH_DAY_FORMAT")


def said_on(value: date | datetime | None) -> str:
    """After a verb: "today", "on October 9", "on October 9, 2025"; "" for None."""
    if value is None or day_of(value) == timezone.localdate():
        return said(value)
    return _("on %(day)s") % {"day": said(value)}


def said_short(value: date | datetime | None) -> str:
    """In a table or chart: "today", "Oct 9", "October 9, 2025"; "" for None."""
    return _said(value, "SHORT_DATE_FORMAT")


def day_of(value: date | datetime) -> date:
    """The calendar day in the district's time zone."""
    return timezone.localdate(value) if isinstance(value, datetime) else value


def _said(value: date | datetime | None, this_year: str) -> str:
    if value is None:
        return ""
    return _words(day_of(value), timezone.localdate(), this_year, get_language())


@lru_cache(maxsize=1024)
def _words(found: date, today: date, this_year: str, _language: str | None) -> str:
    """Kept, because a page says the same few days over and over and each takes as long as a small statement."""
    if found == today:
        return _("today")
    return formats.date_format(found, this_year if found.year == today.year else "DATE_FORMAT")
