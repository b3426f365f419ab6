"""The heading of one file against the columns of the standard."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from lrm.problems import Problem
from profiles.oneroster.fields import OLDER_NAMES, SPARE_V1P1, V1P2, Column
from profiles.oneroster.words import roster_problem


@dataclass(slots=True)
class Heading:
    """columns: by place in the line, None for what the standard does not know.

    own: place -> name of those.
    """

    columns: list[Column | None] = field(default_factory=list)
    own: dict[int, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def match(
    names: Sequence[str], columns: Sequence[Column], *, file: str, version: str, by_name: bool = False
) -> Heading:
    """Which column stands where.

    A 1.2 package is held to the order of the standard unless by_name; 1.1 exports have always been read by
    name.
    """
    known = {column.name: column for column in columns}
    is_strict = version == V1P2 and not by_name
    heading, seen = Heading(), set()
    for place, written in enumerate(names):
        name = written if is_strict else _standard_name(written, known, names)
        column = known.get(name)
        if name and name in seen:
            heading.problems.append(roster_problem("column_twice", file=file, line=1, field=written))
            column = None
        elif column is None and name and not is_secret(name):
            heading.own[place] = name
        seen.add(name)
        heading.columns.append(column)
    missing = [column.name for column in columns if column.name not in seen and (is_strict or _is_needed(column, file))]
    if missing:
        heading.problems.append(roster_problem("column_missing", file=file, line=1, field=", ".join(missing)))
    if is_strict:
        heading.problems += _out_of_place(names, columns, file)
    elif heading.own:
        details = {"file": file, "line": 1, "value": ", ".join(heading.own.values()), "blocking": False}
        heading.problems.append(roster_problem("own_columns", **details))
    return heading


def is_secret(name: str) -> bool:
    """Whether cells of a column are dropped while reading: nobody's password may pass through an import."""
    return "password" in name.lower()


def _is_needed(column: Column, file: str) -> bool:
    """Whether a 1.1 file is of no use without this column."""
    return column.required and (file.removesuffix(".csv"), column.name) not in SPARE_V1P1


def _standard_name(written: str, known: dict[str, Column], names: Sequence[str]) -> str:
    """The standard's spelling of a column that differs in case, or that OneRoster 1.0 named otherwise."""
    if written in known:
        return written
    if written == "userSourcedId" and "sourcedId" not in names:
        return "sourcedId"  # demographics of 1.0
    for name in known:
        if name.lower() == written.lower() and name not in names:
            return name
    older = OLDER_NAMES.get(written, "")
    return older if older in known and older not in names else written


def _out_of_place(names: Sequence[str], columns: Sequence[Column], file: str) -> list[Problem]:
    """What a strict reader of 1.2 objects to: the first column out of order, and columns of one's own."""
    known = {column.name for column in columns}
    last = max((place for place, name in enumerate(names) if name in known), default=-1)
    found = []
    for place, name in enumerate(names):
        if name not in known and not name.startswith("metadata."):
            found.append(roster_problem("metadata_name", file=file, line=1, field=name))
        elif name not in known and place < last:
            found.append(roster_problem("metadata_place", file=file, line=1, field=name))
    present = [name for name in names if name in known]
    expected = [column.name for column in columns if column.name in present]
    for name, wanted in zip(present, expected, strict=False):
        if name != wanted:
            params = {"expected": wanted}
            found.append(roster_problem("column_order", file=file, line=1, field=name, params=params))
            break
    return found
