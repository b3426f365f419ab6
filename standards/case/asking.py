"""What a list of documents is asked with: paging, sorting, filter and choice of fields, as CASE's REST binding says."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
DEFAULT_LIMIT, MOST = 100, 1000
_CLAUSE = re.compile(r"\s*([A-Za-z]+)\s*(!=|>=|<=|=|>|<|~)\s*'([^']*)'\s*")
_JOIN = re.compile(r"(AND|OR)\b")


class Unaskable(ValueError):
    """minor: code of the specification; str() says what is wrong and what would be right."""

    def __init__(self, minor: str, said: str):
        super().__init__(said)
        self.minor = minor


@dataclass(frozen=True)
class Asked:
    limit: int
    offset: int
    sort: str
    descending: bool
    clauses: tuple[tuple[str, str, str], ...]
    is_any: bool
    fields: tuple[str, ...]


def read(query: Mapping[str, str], known: Sequence[str]) -> Asked:
    """known: fields that a document may have. Raises Unaskable."""
    order = query.get("orderBy", "asc")
    if order not in ("asc", "desc"):
        raise Unaskable("invalid_sort_field", "orderBy is asc or desc.")
    sort = query.get("sort", "")
    if sort and sort not in known:
        raise Unaskable("invalid_sort_field", f"There is no field {sort[:60]} to sort by.")
    fields = tuple(name.strip() for name in query.get("fields", "").split(",") if name.strip())
    if unknown := [name for name in fields if name not in known]:
        raise Unaskable("invalid_selection_field", f"There is no field {unknown[0][:60]}.")
    clauses, is_any = _filter(query.get("filter", ""), known)
    return Asked(
        limit=min(_whole(query, "limit", DEFAULT_LIMIT, least=1), MOST),
        offset=_whole(query, "offset", 0, least=0),
        sort=sort,
        descending=order == "desc",
        clauses=clauses,
        is_any=is_any,
        fields=fields,
    )


def _whole(query: Mapping[str, str], name: str, otherwise: int, *, least: int) -> int:
    written = query.get(name, "")
    if not written:
        return otherwise
    if not (written.isascii() and written.isdecimal() and len(written) < 10 and int(written) >= least):
        raise Unaskable("invalid_selection_field", f"{name} is a whole number, {least} or more.")
    return int(written)


def _filter(written: str, known: Sequence[str]) -> tuple[tuple[tuple[str, str, str], ...], bool]:
    clauses: list[tuple[str, str, str]] = []
    joins: set[str] = set()
    place = 0
    while place < len(written):
        found = _CLAUSE.match(written, place)
        if found is None or found[1] not in known:
            raise Unaskable(
                "invalid_selection_field",
                "filter is written like title='Algebra' AND creator~'state', with known fields.",
            )
        clauses.append((found[1], found[2], found[3]))
        place = found.end()
        if place == len(written):
            break
        join = _JOIN.match(written, place)
        if join is None or join.end() == len(written):
            raise Unaskable("invalid_selection_field", "Clauses of a filter are joined by AND or by OR.")
        joins.add(join[1])
        place = join.end()
    if len(joins) > 1:
        raise Unaskable("invalid_selection_field", "A filter has either AND or OR, not both.")
    return tuple(clauses), joins == {"OR"}


def answer(documents: Sequence[Json], asked: Asked) -> tuple[list[Json], int]:
    """The documents of one page, and how many there are in all."""
    found = [one for one in documents if _fits(one, asked)]
    if asked.sort:
        found.sort(key=lambda one: (asked.sort in one, _comparable(one.get(asked.sort))), reverse=asked.descending)
    page = found[asked.offset : asked.offset + asked.limit]
    if asked.fields:
        page = [{name: one[name] for name in asked.fields if name in one} for one in page]
    return page, len(found)


def neighbours(asked: Asked, total: int) -> dict[str, int]:
    """Where other pages begin: "next", "prev", "first" and "last", those that there are."""
    if total <= asked.limit and not asked.offset:
        return {}
    found = {"first": 0, "last": (max(total, 1) - 1) // asked.limit * asked.limit}
    if asked.offset:
        found["prev"] = max(asked.offset - asked.limit, 0)
    if asked.offset + asked.limit < total:
        found["next"] = asked.offset + asked.limit
    return found


def _fits(document: Json, asked: Asked) -> bool:
    if not asked.clauses:
        return True
    said = (_holds(document.get(field), sign, value) for field, sign, value in asked.clauses)
    return any(said) if asked.is_any else all(said)


def _holds(value: Any, sign: str, wanted: str) -> bool:
    """Of a list, whether some entry does; a document without the field is only unequal."""
    entries = value if isinstance(value, list) else [] if value is None else [value]
    said, wanted = [_comparable(entry) for entry in entries], wanted.casefold()
    match sign:
        case "=":
            return wanted in said
        case "!=":
            return wanted not in said
        case "~":
            return any(wanted in entry for entry in said)
        case ">":
            return any(entry > wanted for entry in said)
        case ">=":
            return any(entry >= wanted for entry in said)
        case _:
            return any(entry < wanted or (sign == "<=" and entry == wanted) for entry in said)


def _comparable(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("title") or value.get("uri")
    if isinstance(value, list):
        value = ", ".join(map(_comparable, value))
    return str(value or "").casefold()
