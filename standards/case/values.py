"""Values as publishers write them, as CASE wants them; None for what cannot be said so."""

import re
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

LINKED = UUID("0d3b1a52-5c40-5f5e-8a0e-5f2f1f1f7a10")
"""Namespace of identifiers made for links whose own is no UUID."""
_ADDRESS = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:\S+")
_NO_ZONE = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?")
Value = Callable[[Any], Any]


def text(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(value)


def texts(value: Any) -> list[str] | None:
    """One text where a list is meant becomes a list."""
    if isinstance(value, str):
        return [value] if value else None
    if not isinstance(value, list):
        return None
    found = [entry for entry in map(text, value) if entry is not None]
    return found if len(found) == len(value) else None


def address(value: Any) -> str | None:
    """An absolute URI; letters that none may hold are escaped."""
    if not isinstance(value, str):
        return None
    escaped = quote(value.strip(), safe="%/:=&?~#+!$,;'@()*[]-._")
    return escaped if _ADDRESS.fullmatch(escaped) else None


def moment(value: Any) -> str | None:
    """A date and time with its zone; without one it is taken for UTC, as OpenSALT means it."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    if found.tzinfo is None:
        return found.replace(tzinfo=UTC).isoformat() if _NO_ZONE.fullmatch(value.strip()) else None
    return value.strip().replace(" ", "T")


def day(value: Any) -> str | None:
    """A date; of a date with a time, the date."""
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value.strip()[:10]).isoformat()
    except ValueError:
        return None


def number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        return value if isinstance(value, int | float) else float(str(value))
    except ValueError:
        return None


def integer(value: Any) -> int | None:
    found = number(value)
    return int(found) if found is not None and found == found // 1 and abs(found) < 2**31 else None


def identifier(value: Any) -> str | None:
    try:
        return str(UUID(str(value)))
    except ValueError:
        return None


def link(value: Any) -> dict[str, str] | None:
    """{"title", "identifier", "uri"}, of an object or of an address alone; an identifier that is no UUID gets one."""
    if isinstance(value, str):
        value = {"uri": value, "identifier": value.rstrip("/").rsplit("/", 1)[-1]}
    if not isinstance(value, dict):
        return None
    named = text(value.get("identifier")) or ""
    uri = address(value.get("uri")) or (f"urn:uuid:{named}" if identifier(named) else None)
    if uri is None:
        return None
    known = identifier(named) or str(uuid.uuid5(LINKED, named or uri))
    return {"title": text(value.get("title")) or named or uri, "identifier": known, "uri": uri}


def links(value: Any) -> list[dict[str, str]] | None:
    found = [entry for entry in map(link, value if isinstance(value, list) else [value]) if entry is not None]
    return found or None
