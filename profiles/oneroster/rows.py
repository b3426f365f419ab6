"""The lines of one file: cells to typed values, and what is wrong with them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from lrm.csvfiles import Table, Undecodable, read_table
from lrm.problems import Problem
from profiles.oneroster.fields import SPARE_V1P1, V1P2, Column
from profiles.oneroster.heading import Heading, is_secret, match
from profiles.oneroster.package import ACTIVE, LEAVING, Options, Roster, Row
from profiles.oneroster.values import CellRefused, parse
from profiles.oneroster.words import roster_problem

_STATUS = {"": ACTIVE, "active": ACTIVE, "tobedeleted": LEAVING, "inactive": LEAVING}
_PAIRS = (("startDate", "endDate"), ("beginDate", "endDate"))
_NOTHING: Mapping[str, str] = {}
_AGAIN = frozenset({"boolean", "date", "datetime", "enum", "guid", "guids", "texts", "year"})
MOST_KNOWN = 200_000
"""Cells of these kinds say the same again and again: each is read once, and the value is kept once."""


def read_rows(roster: Roster, name: str, data: bytes, columns: Sequence[Column], options: Options) -> None:
    """Add the lines of one file to the roster: the good ones as rows, the others as refused, with their
    problems.
    """
    file = f"{name}.csv"
    try:
        table = read_table(data)
    except Undecodable:
        roster.problems.append(roster_problem("not_text", file=file))
        return
    if not table.heading:
        roster.problems.append(roster_problem("no_heading", file=file))
        return
    heading = match(table.heading, columns, file=file, version=roster.version, by_name=options.by_name)
    roster.add(heading.problems)
    _add_broken(roster, file, table, options)
    roster.forms[name] = (table.encoding, table.delimiter)
    reader = _LineReader(
        roster.version, file, table.heading, heading, options, columns=columns, is_delta=name in roster.deltas
    )
    rows = roster.rows.setdefault(name, [])
    for line, cells in table.rows:
        roster.line_count += 1
        if (file, line) in options.left_out:
            roster.left_out += 1
            if row := reader.row(line, cells)[0]:
                roster.gone.setdefault(name, set()).add(row.sourced_id)
            continue
        row, problems = reader.row(line, cells)
        roster.add(problems)
        if row is not None and reader.lacks:
            # The heading stops the file already; its lines are known by their ids, so that others may name them.
            if row.sourced_id:
                roster.seen.setdefault(name, {}).setdefault(row.sourced_id, line)
        elif any(problem.blocking for problem in problems) or row is None:
            roster.refused[file, line] = reader.as_sent(cells)
            if row is not None and row.sourced_id:
                roster.seen.setdefault(name, {}).setdefault(row.sourced_id, line)
        else:
            rows.append(row)


def _add_broken(roster: Roster, file: str, table: Table, options: Options) -> None:
    for line, code in table.broken.items():
        roster.line_count += 1
        if (file, line) in options.left_out:
            roster.left_out += 1
        else:
            roster.problems.append(roster_problem(code, file=file, line=line))
            roster.refused[file, line] = {}


class _LineReader:
    """What stays the same from line to line of a file."""

    def __init__(
        self,
        version: str,
        file: str,
        names: list[str],
        heading: Heading,
        options: Options,
        *,
        columns: Sequence[Column],
        is_delta: bool,
    ):
        self.file, self.names, self.heading, self.options = file, names, heading, options
        self.is_strict, self.is_delta = version == V1P2, is_delta
        owner = file.removesuffix(".csv")
        self.spare = set() if self.is_strict else {name for file_name, name in SPARE_V1P1 if file_name == owner}
        self.can_be_read = not any(problem.blocking for problem in heading.problems)
        self.read = [
            (place, column)
            for place, column in enumerate(heading.columns)
            if column is not None and not is_secret(column.name)
        ]
        here = {column.name for _place, column in self.read}
        self.lacks = [column.name for column in columns if column.required and column.name not in here | self.spare]
        self.wants_moment = (
            self.is_delta and self.is_strict and any(column.name == "dateLastModified" for _place, column in self.read)
        )
        self.has_days = any(column.name == "endDate" for _place, column in self.read)
        self.known: dict[str, dict[str, Any]] = {column.name: {} for _place, column in self.read}

    def as_sent(self, cells: Sequence[str]) -> dict[str, str]:
        pairs = zip(self.names, cells, strict=False)
        return {name: cell for name, cell in pairs if name and not is_secret(name)}

    def row(self, line: int, cells: Sequence[str]) -> tuple[Row | None, list[Problem]]:
        """The row, as far as it can be read, and its problems; None where the heading or the line cannot be
        told.
        """
        if not self.can_be_read and not self.heading.columns:
            return None, []
        surplus = [cell for cell in cells[len(self.names) :] if cell.strip()]
        if len(cells) < len(self.names) or surplus:
            params = {"found": len(cells), "expected": len(self.names)}
            return None, [roster_problem("cells", file=self.file, line=line, params=params)]
        values: dict[str, Any] = {}
        problems: list[Problem] = []
        known, repairs = self.known, self.options.repairs
        for place, column in self.read:
            written = cells[place]
            name = column.name
            if not repairs and written in known[name]:
                values[name] = known[name][written]
            else:
                self._read_cell(line, column, written, values, problems)
        status, refused = self._status(line, values)
        if self.is_delta and status == LEAVING and values.get("sourcedId"):
            # Whoever takes a row away needs to say which, and no more.
            problems = [problem for problem in problems if problem.field in ("sourcedId", "dateLastModified")]
        problems += refused
        if self.wants_moment:
            problems += self._undated(line, values)
        if self.has_days:
            problems += self._order_of_dates(line, values)
        own = self.heading.own
        extra = {name: cells[place] for place, name in own.items() if cells[place].strip()} if own else _NOTHING
        row = Row(self.file, line, values.get("sourcedId") or "", status, values, extra)
        return row, [replace(problem, who=row.name) for problem in problems] if problems else problems

    def _read_cell(
        self, line: int, column: Column, written: str, values: dict[str, Any], problems: list[Problem]
    ) -> None:
        text = self.options.repairs.get((self.file, line, column.name), written)
        if not text.strip() and column.name in self.spare:
            values[column.name] = None
            return
        try:
            value = parse(column, text, strict=self.is_strict, date_order=self.options.date_order)
            values[column.name] = value
            if (column.kind in _AGAIN and column.name != "sourcedId") or not text:
                known = self.known[column.name]
                if len(known) < MOST_KNOWN:
                    known[text] = value
        except CellRefused as refused:
            problems.append(
                roster_problem(
                    refused.code,
                    file=self.file,
                    line=line,
                    field=column.name,
                    value=text,
                    suggestion=refused.suggestion,
                    params=refused.params,
                )
            )

    def _status(self, line: int, values: dict[str, Any]) -> tuple[str, list[Problem]]:
        written = values.pop("status", None) or ""
        if not written and self.is_delta and self.is_strict:
            return ACTIVE, [roster_problem("missing", file=self.file, line=line, field="status", suggestion="active")]
        if (status := _STATUS.get(written.lower())) is not None:
            return status, []
        details = {"file": self.file, "line": line, "field": "status", "value": written}
        return ACTIVE, [roster_problem("status", suggestion="active", **details)]

    def _undated(self, line: int, values: Mapping[str, Any]) -> list[Problem]:
        """OneRoster 1.2 wants a moment on each line of a delta; without it nobody could tell which is the newer."""
        if not self.wants_moment or values.get("dateLastModified"):
            return []
        return [roster_problem("missing", file=self.file, line=line, field="dateLastModified")]

    def _order_of_dates(self, line: int, values: Mapping[str, Any]) -> list[Problem]:
        for first, last in _PAIRS:
            start, end = values.get(first), values.get(last)
            if start and end and end < start:
                params = {"start": start.isoformat()}
                details = {"file": self.file, "line": line, "field": last, "value": end.isoformat()}
                return [roster_problem("ends_before_start", params=params, **details)]
        return []
