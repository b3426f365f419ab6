"""A page as of the end of an earlier day: which day is asked for, and what to say of one that cannot be."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from lrm import days
from lrm.dates import DateRefused, parse_date
from lrm.http import Request

NAME = "as_of"
EARLIEST = date(2000, 1, 1)


@dataclass(frozen=True)
class AsOf:
    """day: a closed day, or None for now.    refused: why the day asked for is not shown, "" where nothing is wrong.

    kept: the rest of the address, to be sent along with a day.    today_url: the same page as of now.
    latest: the last closed day.
    """

    day: date | None
    refused: str
    kept: tuple[tuple[str, str], ...]
    today_url: str
    latest: date

    @property
    def query(self) -> str:
        """The day as part of an address, "" for now."""
        return urlencode({NAME: self.day.isoformat()}) if self.day else ""

    @property
    def more(self) -> str:
        """The same at the end of an address that asks for something already."""
        return f"&{self.query}" if self.day else ""


def read_as_of(request: Request, *, leave_out: tuple[str, ...] = ()) -> AsOf:
    """From ?as_of=2026-10-03; today is now, not a closed day. leave_out: what another day does not take along."""
    kept = tuple((name, str(value)) for name, value in request.GET.items() if name not in (NAME, *leave_out))
    today_url = f"{request.path}?{urlencode(kept)}" if kept else request.path
    today = timezone.localdate()
    day, refused = _closed_day(request.GET.get(NAME, "").strip(), today)
    return AsOf(day, refused, kept, today_url, today - timedelta(days=1))


def read_closed_day(request: Request, name: str) -> tuple[date | None, str]:
    """Another closed day that an address asks for; None and "" where it asks for none or for today, else why not."""
    return _closed_day(request.GET.get(name, "").strip(), timezone.localdate())


def _closed_day(text: str, today: date) -> tuple[date | None, str]:
    if not text:
        return None, ""
    try:
        day = parse_date(text)
    except DateRefused:
        said = _("“%(text)s” is not a date. Write it like %(example)s. This is today.")
        return None, said % {"text": text[:20], "example": (today - timedelta(days=1)).isoformat()}
    if day < EARLIEST:
        return None, _("Nothing is known of %(day)s. Choose a later day. This is today.") % {"day": days.said(day)}
    if day > today:
        return None, _("%(day)s is still to come. Choose an earlier day. This is today.") % {"day": days.said(day)}
    return (None if day == today else day), ""
