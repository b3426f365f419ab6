"""What only shows when all lines are read: ids used twice, references to rows that are not there."""

import difflib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from lrm.problems import Problem
from profiles.oneroster.fields import FILES, V1P2, Column
from profiles.oneroster.package import ACTIVE, LEAVING, Roster, Row
from profiles.oneroster.words import roster_problem

_COMPARED = 50  # how many wrong ids are compared with the right ones: a wholly wrong file must not take minutes


def check(roster: Roster) -> None:
    """Move rows that cannot stand to `refused`, turn rows of leaving things into leaving ones, and say why."""
    _refuse_repeated_ids(roster)
    checker = _References(roster)
    # A class that leaves takes its enrollments with it; the order of files follows the references.
    for name in _in_order(roster):
        roster.rows[name] = [kept for row in roster[name] if (kept := checker.check(name, row)) is not None]
    _refuse_double_enrollments(roster)
    if roster.version == V1P2 and roster.is_complete("roles"):
        _refuse_without_role(roster)


def refuse(roster: Roster, row: Row, problem: Problem) -> None:
    """Take a row out and say why."""
    roster.problems.append(replace(problem, file=row.file, line=row.line, who=problem.who or row.name))
    roster.refused[row.file, row.line] = {name: _as_text(value) for name, value in row.values.items()} | dict(row.extra)
    roster.seen.setdefault(row.file[:-4], {}).setdefault(row.sourced_id, row.line)


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    return ",".join(value) if isinstance(value, tuple) else str(value)


def _in_order(roster: Roster) -> list[str]:
    first = ["orgs", "academicSessions", "courses", "classes", "users", "userProfiles"]
    return [name for name in first if name in roster.rows] + [name for name in roster.rows if name not in first]


def _refuse_repeated_ids(roster: Roster) -> None:
    for name, rows in roster.rows.items():
        if name in roster.deltas:
            rows = _newest(roster, rows)
        known = dict(roster.seen.get(name, {}))
        owners: dict[str, Row] = {}
        kept = []
        for row in rows:
            first = known.setdefault(row.sourced_id, row.line)
            if first == row.line:
                owners[row.sourced_id] = row
                kept.append(row)
                continue
            params: dict[str, Any] = {"first": first}
            code = "id_twice"
            if name == "users" and row.sourced_id in owners:
                code, params = "shared", {"first": first, "who": owners[row.sourced_id].name}
            details = {"field": "sourcedId", "value": row.sourced_id, "params": params}
            refuse(roster, row, roster_problem(code, **details))
        roster.rows[name] = kept


def _newest(roster: Roster, rows: Sequence[Row]) -> list[Row]:
    """Of several changes of one row the newest; the others are told. Those of one moment are left to be refused."""
    newest: dict[str, Row] = {}
    for row in rows:
        other = newest.get(row.sourced_id)
        if other is None or _moment(row) > _moment(other):
            newest[row.sourced_id] = row
    kept = []
    for row in rows:
        last = newest[row.sourced_id]
        if _moment(row) == _moment(last):
            kept.append(row)
            continue
        params = {"line": last.line}
        details = {"file": row.file, "line": row.line, "field": "dateLastModified", "who": row.name}
        value = row["dateLastModified"].isoformat() if row["dateLastModified"] else ""
        roster.problems.append(roster_problem("newer_below", value=value, blocking=False, params=params, **details))
    return kept


def _moment(row: Row) -> datetime:
    return row["dateLastModified"] or datetime.min.replace(tzinfo=UTC)


class _References:
    def __init__(self, roster: Roster):
        self.roster, self.is_strict = roster, roster.version == V1P2
        self.columns = {name: [column for column in FILES[roster.version][name] if column.to] for name in roster.rows}
        self.status = {
            name: {row.sourced_id: row.status for row in rows} | dict.fromkeys(roster.seen.get(name, {}), ACTIVE)
            for name, rows in roster.rows.items()
        }
        self.asked = roster.present & self.status.keys()
        self.compared = 0

    def check(self, name: str, row: Row) -> Row | None:
        """The row, without references that it can do without; None where it was refused or left out."""
        is_delta = name in self.roster.deltas
        if is_delta and row.status != ACTIVE:
            return row
        for column in self.columns[name]:
            value = row.values.get(column.name)
            if not value or column.to not in self.asked:
                continue
            if self.status[column.to].get(value) == ACTIVE:  # one id, that is there, as nearly all are
                continue
            if column.to in self.roster.deltas:  # what it names may be here already: services ask the district
                if column.needed and row.status == ACTIVE and self._all_leave(column, value):
                    row = self._leaving(name, row, column)
                continue
            ids = value if isinstance(value, tuple) else (value,)
            missing = [one for one in ids if one not in self.status[column.to]]
            if missing:
                left_out = self.roster.gone.get(column.to, set())
                if column.needed and set(ids) <= left_out:
                    self.roster.left_out += 1
                    self.roster.gone.setdefault(name, set()).add(row.sourced_id)
                    return None
                missing = [one for one in missing if one not in left_out]
                if missing and (self.is_strict or (column.needed and len(missing) == len(ids))):
                    refuse(self.roster, row, self._dangling(column, missing[0]))
                    return None
                row = self._without(row, column, missing)
            if column.needed and row.status == ACTIVE and self._all_leave(column, row[column.name]):
                row = self._leaving(name, row, column)
        return row

    def _dangling(self, column: Column, value: str) -> Problem:
        close: Sequence[str] = ()
        if self.compared < _COMPARED:
            self.compared += 1
            close = difflib.get_close_matches(value, self.status[column.to], n=1, cutoff=0.8)
        return roster_problem(
            "dangling_close" if close else "dangling",
            field=column.name,
            value=value,
            suggestion=close[0] if close else "",
            params={"file": f"{column.to}.csv"},
        )

    def _without(self, row: Row, column: Column, missing: Sequence[str]) -> Row:
        value = row[column.name]
        kept = tuple(one for one in value if one in self.status[column.to]) if isinstance(value, tuple) else None
        if missing:
            self.roster.problems.append(
                roster_problem(
                    "dangling_spare",
                    file=row.file,
                    line=row.line,
                    field=column.name,
                    value=", ".join(missing),
                    who=row.name,
                    blocking=False,
                    params={"file": f"{column.to}.csv"},
                )
            )
        return replace(row, values={**row.values, column.name: kept})

    def _all_leave(self, column: Column, value: Any) -> bool:
        ids = value if isinstance(value, tuple) else (value,)
        return bool(value) and all(self.status[column.to].get(one) == LEAVING for one in ids)

    def _leaving(self, name: str, row: Row, column: Column) -> Row:
        self.roster.problems.append(
            roster_problem(
                "dangling_gone",
                file=row.file,
                line=row.line,
                field=column.name,
                value=_as_text(row[column.name]),
                who=row.name,
                blocking=False,
                params={"file": f"{column.to}.csv"},
            )
        )
        self.status[name][row.sourced_id] = LEAVING
        return replace(row, status=LEAVING)


def _refuse_double_enrollments(roster: Roster) -> None:
    first: dict[tuple[Any, Any, Any], Row] = {}
    more: dict[tuple[Any, Any, Any], list[Row]] = {}  # few people are twice in one class
    kept = []
    for row in roster["enrollments"]:
        if row.status != ACTIVE:
            kept.append(row)
            continue
        get = row.values.get
        place = (get("classSourcedId"), get("userSourcedId"), get("role"))
        if first.setdefault(place, row) is row:
            kept.append(row)
            continue
        same = more.setdefault(place, [first[place]])
        other = next((other for other in same if _overlap(row, other)), None)
        if other is not None:
            params = {"first": other.line}
            details = {"field": "userSourcedId", "value": row["userSourcedId"], "params": params}
            refuse(roster, row, roster_problem("enrolled_twice", **details))
            continue
        same.append(row)
        kept.append(row)
    if "enrollments" in roster.rows:
        roster.rows["enrollments"] = kept


def _overlap(one: Row, other: Row) -> bool:
    return _starts_before_end(one, other) and _starts_before_end(other, one)


def _starts_before_end(one: Row, other: Row) -> bool:
    starts, ends = one["beginDate"], other["endDate"]
    return starts is None or ends is None or starts <= ends


def _refuse_without_role(roster: Roster) -> None:
    with_role = {row["userSourcedId"] for row in roster["roles"]}
    # the person of a refused role line has a problem to settle already
    for (file, _line), cells in roster.refused.items():
        if file == "roles.csv":
            with_role.add(cells.get("userSourcedId", ""))
    kept = []
    for row in roster["users"]:
        if row.status == ACTIVE and row.sourced_id not in with_role:
            refuse(roster, row, roster_problem("no_role", field="sourcedId", value=row.sourced_id))
        else:
            kept.append(row)
    if "users" in roster.rows:
        roster.rows["users"] = kept
