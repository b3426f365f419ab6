"""One cell: from text to a date, a number, a list or a reference; never a guess."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from lrm.dates import DateRefused, parse_date
from profiles.oneroster.fields import Column

YEARS = range(1900, 2200)
_TRUE, _FALSE = frozenset({"true", "1", "yes", "y"}), frozenset({"false", "0", "no", "n"})
_MIDNIGHT = re.compile(
    r"[T ]\s*(?:00:00(?::00(?:\.0+)?)?|12:00(?::00)?\s?AM)\s*(?:Z|[+-][0-9]{2}:?[0-9]{2})?", re.IGNORECASE
)
"""What exporters of spreadsheets and databases write after a day: no time at all."""
_SCALE = re.compile(r"\{[^{}:]+:[^{}]+\}(,\{[^{}:]+:[^{}]+\})*")


class CellRefused(ValueError):
    """code: a key of words.WORDS. suggestion: what is very likely meant, or ""."""

    def __init__(self, code: str, suggestion: str = "", **params: Any):
        super().__init__(code)
        self.code, self.suggestion, self.params = code, suggestion, params


def parse(column: Column, text: str, *, strict: bool, date_order: str = "") -> Any:
    """The value of a cell; None, or () for a list, where it is empty.

    strict: as OneRoster 1.2 writes it. Otherwise letters may differ in case, 1, 0, yes and no are true and false, and a
    day may have midnight behind it.
    Raises CellRefused.
    """
    text = text.strip()
    if not text:
        if column.required:
            raise CellRefused("missing")
        return () if column.kind in ("guids", "texts") else None
    return _PARSERS[column.kind](column, text, strict, date_order)


def _text(column: Column, text: str, strict: bool, date_order: str) -> str:
    return text


def _guid(column: Column, text: str, strict: bool, date_order: str) -> str:
    if len(text) > 255 or (strict and re.search(r"\s", text)):
        raise CellRefused("guid")
    return text


def _parts(text: str, code: str) -> list[str]:
    parts = [part.strip() for part in text.split(",")]
    if not all(parts):
        raise CellRefused(code)
    return parts


def _texts(column: Column, text: str, strict: bool, date_order: str) -> tuple[str, ...]:
    return tuple(_parts(text, "texts"))


def _guids(column: Column, text: str, strict: bool, date_order: str) -> tuple[str, ...]:
    return tuple(_guid(column, part, strict, date_order) for part in _parts(text, "texts"))


def _date(column: Column, text: str, strict: bool, date_order: str) -> Any:
    """None for the last day there is, by which exporters say that there is no last day."""
    if not strict and (behind := _MIDNIGHT.search(text)) and behind.end() == len(text):
        text = text[: behind.start()]
    try:
        found = parse_date(text, order=date_order)
    except DateRefused as refused:
        raise CellRefused(refused.code, refused.suggestion, number=refused.number) from None
    if found == date.max and column.name == "endDate" and not column.required:
        return None
    if found.year not in YEARS:
        raise CellRefused("far_date")
    return found


def _datetime(column: Column, text: str, strict: bool, date_order: str) -> datetime:
    """With a zone; UTC where none is written, as OneRoster has it."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise CellRefused("datetime") from None
    if moment.year not in YEARS:
        raise CellRefused("datetime")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _year(column: Column, text: str, strict: bool, date_order: str) -> int:
    if not re.fullmatch(r"(19|20|21)[0-9][0-9]", text):
        raise CellRefused("year")
    return int(text)


def _integer(column: Column, text: str, strict: bool, date_order: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", text):
        raise CellRefused("integer")
    return int(text)


def _decimal(column: Column, text: str, strict: bool, date_order: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise CellRefused("decimal") from None
    if not value.is_finite():
        raise CellRefused("decimal")
    return value


def _boolean(column: Column, text: str, strict: bool, date_order: str) -> bool:
    plain = text if strict else text.lower()
    if plain not in _TRUE | _FALSE or (strict and plain not in ("true", "false")):
        raise CellRefused("boolean", text.lower() if text.lower() in ("true", "false") else "")
    return plain in _TRUE


def _enum(column: Column, text: str, strict: bool, date_order: str) -> str:
    if text in column.values:
        return text
    meant = next((value for value in column.values if value.lower() == text.lower()), "")
    if meant and not strict:
        return meant
    raise CellRefused("enum", meant, values=", ".join(column.values))


def _scale(column: Column, text: str, strict: bool, date_order: str) -> str:
    if not _SCALE.fullmatch(text):
        raise CellRefused("scale")
    return text


_PARSERS = {
    "text": _text,
    "texts": _texts,
    "guid": _guid,
    "guids": _guids,
    "date": _date,
    "datetime": _datetime,
    "year": _year,
    "integer": _integer,
    "decimal": _decimal,
    "boolean": _boolean,
    "enum": _enum,
    "scale": _scale,
}
