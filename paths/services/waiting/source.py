"""How a feature says what of it waits: one SELECT, and lines made of its rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from paths.services.today_lines import Line, People

# How a standard `s` is called, on one line: `text` keeps its parts apart by lines, and a statement may have several.
NAME = "translate(coalesce(nullif(s.code, ''), nullif(s.short_title, ''), left(s.statement, 60)), E'\\r\\n', '  ')"
TITLE = "translate(coalesce(nullif(s.short_title, ''), left(s.statement, 60)), E'\\r\\n', '  ')"


class Waiting(NamedTuple):
    """A row of a source. kind: of the source. pk: what waits. about: the id of what its link opens, or None.

    learner_id: whom it is about. section_id: the class that it belongs to, or None where it belongs to the learner.
    text: words to quote, "" without any. at: since when it waits. n: a count, 1 where nothing is counted.
    """

    kind: str
    pk: int
    about: int | None
    learner_id: int
    section_id: int | None
    text: str
    at: datetime
    n: int


COLUMNS = ("text", "bigint", "bigint", "bigint", "bigint", "text", "timestamptz", "bigint")
"""The type of each column, so that the parts of the union fit together."""


@dataclass(frozen=True)
class Source:
    """kinds: that its SELECT names in its first column, each used by this source alone.

    select: gives the columns of `Waiting` in their order. It may use %(learners)s (ids of the learners of the classes
    that the teacher has, which is what gives the right to read about them), %(sections)s (ids of those classes),
    %(account)s, %(district)s, %(today)s and %(now)s.
    lines: of its rows, which come newest first.
    """

    kinds: tuple[str, ...]
    select: str
    lines: Callable[[Sequence[Waiting], People, date], list[Line]]


@dataclass(frozen=True)
class HomeLine:
    """What a learner can do about something that waits for them: at most four stand on Home, in the order of `first`.

    first: the lower, the earlier (0 an answer, 1 a place or a time, 2 a question, 3 an offer). icon: of lucide.
    """

    first: int
    icon: str
    title: str
    reason: str
    url: str
    button: str


class WaitingAtHome(NamedTuple):
    """A row of a source of Home; as `Waiting`, about the one learner."""

    kind: str
    pk: int
    about: int | None
    text: str
    at: datetime
    n: int


HOME_COLUMNS = ("text", "bigint", "bigint", "text", "timestamptz", "bigint")


@dataclass(frozen=True)
class HomeSource:
    """As `Source`, for a learner's Home. select may use %(learner)s, %(account)s, %(district)s, %(today)s, %(now)s."""

    kinds: tuple[str, ...]
    select: str
    lines: Callable[[Sequence[WaitingAtHome], date], list[HomeLine]]


def union(selects: Sequence[str], names: Sequence[str], types: Sequence[str]) -> str:
    """One statement of all selects, newest first; each is named so that its columns are what the source promises."""
    cast = ", ".join(f"w.{name}::{kind} AS {name}" for name, kind in zip(names, types, strict=True))
    parts = (f"SELECT {cast} FROM ({select}) w ({', '.join(names)})" for select in selects)
    return " UNION ALL ".join(parts) + " ORDER BY at DESC, kind, pk DESC"


def sorted_to(sources: Sequence[Any], rows: Sequence[Any]) -> dict[str, list[Any]]:
    """Rows by the first kind of the source that they belong to, each in the order of `rows`."""
    source_of = {kind: source.kinds[0] for source in sources for kind in source.kinds}
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(source_of[row.kind], []).append(row)
    return found
