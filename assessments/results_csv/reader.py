"""Read a results CSV: who, which standard, which assessment, when, and how it went."""

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from assessments.results_csv.columns import NEEDED, column_of
from assessments.results_csv.words import row_problem
from lrm.csvfiles import Table, Undecodable, read_table
from lrm.dates import DateRefused, parse_date
from lrm.problems import Problem

LIMIT_ROWS = 200_000
KINDS = {
    "pre": "pre",
    "preassessment": "pre",
    "formative": "formative",
    "observation": "observation",
    "summative": "summative",
    "reassessment": "reassessment",
    "retake": "reassessment",
    "tryagain": "reassessment",
}
_YES, _NO = frozenset({"yes", "true", "1", "x", "excused"}), frozenset({"", "no", "false", "0"})
_WIDTHS = {"assessment": 200, "comment": 280, "item": 200, "standard": 255, "learner": 255}


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One result. Either points out of possible, or a level, or excused; a missing result is no row at all.

    line: of the file; of a request, the place in its list, from 0.
    learner: key, e-mail address or uuid, as written. standard: code or uuid, as written. observed_time: None where
    the file gives a day only. item: "" for the assessment as a whole. attempt: 1 is the first try.
    replaces: id of the record that this one corrects; None, as in every file: a new result.
    """

    line: int
    learner: str
    standard: str
    assessment: str
    observed_on: datetime.date
    observed_time: datetime.time | None
    points: Decimal | None
    possible: Decimal | None
    level: int | None
    kind: str
    is_excused: bool
    item: str
    attempt: int
    comment: str
    replaces: int | None = None


@dataclass(slots=True)
class ResultsFile:
    """problems: blocking ones first refuse the whole file; rows hold the good lines all the same, for a preview."""

    rows: list[ResultRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    line_count: int = 0

    @property
    def blocking(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.blocking]


class _Refused(ValueError):
    def __init__(self, code: str, suggestion: str = "", **params: Any):
        super().__init__(code)
        self.code, self.suggestion, self.params = code, suggestion, params


def read_results(data: bytes, *, date_order: str = "", default_kind: str = "formative") -> ResultsFile:
    """Every line, as a row or as a problem with its line, column and value.

    date_order: "mdy", "dmy", or "" to refuse dates with slashes. default_kind: where the file names none.
    """
    read = ResultsFile()
    try:
        table = read_table(data)
    except Undecodable:
        read.problems.append(row_problem("not_text"))
        return read
    if not table.heading:
        read.problems.append(row_problem("empty"))
        return read
    if len(table.rows) > LIMIT_ROWS:
        read.problems.append(row_problem("too_long", params={"limit": LIMIT_ROWS}))
        return read
    places = _places(table, read.problems)
    read.line_count = len(table.rows) + len(table.broken)
    read.problems += [row_problem(code, line=line) for line, code in table.broken.items()]
    if any(problem.line == 1 for problem in read.blocking):
        return read
    if not table.rows:
        read.problems.append(row_problem("empty"))
        return read
    reader = _RowReader(places, len(table.heading), table.delimiter, date_order, default_kind)
    for line, cells in table.rows:
        row, problems = reader.read(line, cells)
        read.problems += problems
        if row is not None:
            read.rows.append(row)
    refuse_repeats(read)
    read.problems.sort(key=lambda p: (not p.blocking, p.line or 0))
    return read


def _places(table: Table, problems: list[Problem]) -> dict[str, int]:
    places: dict[str, int] = {}
    unread = []
    for place, written in enumerate(table.heading):
        column = column_of(written)
        if column is None:
            if written:
                unread.append(written)
        elif column in places:
            names = f"{table.heading[places[column]]}, {written}"
            problems.append(row_problem("column_twice", line=1, field=written, params={"names": names}))
        else:
            places[column] = place
    problems += [row_problem("column_missing", line=1, field=name) for name in NEEDED if name not in places]
    if "score" not in places and "level" not in places:
        problems.append(row_problem("no_score_column", line=1))
    if unread:
        problems.append(row_problem("own_columns", line=1, value=", ".join(unread), blocking=False))
    return places


class _RowReader:
    def __init__(self, places: Mapping[str, int], width: int, delimiter: str, date_order: str, default_kind: str):
        self.places, self.width = places, width
        self.has_decimal_comma = delimiter != ","
        self.date_order, self.default_kind = date_order, default_kind

    def read(self, line: int, cells: list[str]) -> tuple[ResultRow | None, list[Problem]]:
        """The row, or None and what is wrong with it."""
        if len(cells) < self.width or any(cell.strip() for cell in cells[self.width :]):
            return None, [row_problem("cells", line=line, params={"found": len(cells), "expected": self.width})]
        texts = {column: cells[place].strip() for column, place in self.places.items()}
        values: dict[str, Any] = {}
        problems: list[Problem] = []
        for column, parse in self._parsers().items():
            text = texts.get(column, "")
            try:
                if column in NEEDED and not text:
                    raise _Refused("missing")
                if len(text) > _WIDTHS.get(column, len(text)):
                    raise _Refused("too_wide", limit=_WIDTHS[column])
                values[column] = parse(text)
            except _Refused as refused:
                problems.append(_problem(refused, line, column, text))
        if not problems and (found := outcome_problem(line, values, texts)) is not None:
            problems.append(found)
        if problems:
            return None, [replace(problem, who=texts["learner"]) for problem in problems]
        day, time = values["observed"]
        return ResultRow(
            line=line,
            learner=values["learner"],
            standard=values["standard"],
            assessment=values["assessment"],
            observed_on=day,
            observed_time=time,
            points=values["score"],
            possible=values["possible"] if values["score"] is not None else None,
            level=values["level"],
            kind=values["kind"],
            is_excused=values["excused"],
            item=values["item"],
            attempt=values["attempt"],
            comment=values["comment"],
        ), []

    def _parsers(self) -> dict[str, Callable[[str], Any]]:
        return {
            "learner": str,
            "standard": str,
            "assessment": str,
            "observed": self._observed,
            "score": self._number,
            "possible": self._number,
            "level": _level,
            "kind": lambda text: _kind(text) if text else self.default_kind,
            "excused": _excused,
            "item": str,
            "attempt": _attempt,
            "comment": str,
        }

    def _number(self, text: str) -> Decimal | None:
        if not text:
            return None
        if self.has_decimal_comma and re.fullmatch(r"-?\d+,\d+", text):
            text = text.replace(",", ".")
        if not re.fullmatch(r"[+-]?\d{1,5}(\.\d{1,4})?", text):
            raise _Refused("decimal")
        try:
            return Decimal(text)
        except InvalidOperation:
            raise _Refused("decimal") from None

    def _observed(self, text: str) -> tuple[datetime.date, datetime.time | None]:
        day, _, time = text.replace(" ", "T").partition("T")
        try:
            return parse_date(day, order=self.date_order), _time(time) if time else None
        except DateRefused as refused:
            raise _Refused(refused.code, refused.suggestion, number=refused.number) from None


def _time(text: str) -> datetime.time:
    try:
        return datetime.time.fromisoformat(text)
    except ValueError:
        raise _Refused("not_a_date") from None


def _level(text: str) -> int | None:
    if not text:
        return None
    if not re.fullmatch(r"[1-9][0-9]?", text):
        raise _Refused("level")
    return int(text)


def _kind(text: str) -> str:
    kind = KINDS.get(re.sub(r"[\s_\-]+", "", text).lower())
    if kind is None:
        raise _Refused("kind")
    return kind


def _excused(text: str) -> bool:
    if text.lower() not in _YES | _NO:
        raise _Refused("boolean")
    return text.lower() in _YES


def _attempt(text: str) -> int:
    if not text:
        return 1
    if not re.fullmatch(r"[1-9][0-9]{0,2}", text):
        raise _Refused("attempt")
    return int(text)


def outcome_problem(line: int, values: Mapping[str, Any], texts: Mapping[str, str]) -> Problem | None:
    """What is wrong with score, possible, level and excused taken together.    texts: the same as they were sent."""
    try:
        _check_outcome(values)
    except _Refused as refused:
        return _problem(refused, line, *_culprit(refused.code, texts))
    return None


def _check_outcome(values: Mapping[str, Any]) -> None:
    """Exactly one of points, a level and excused; points within what is possible."""
    points, possible, level = values["score"], values["possible"], values["level"]
    if values["excused"]:
        if points is not None or level is not None:
            raise _Refused("excused_and_scored")
        return
    if points is not None and level is not None:
        raise _Refused("score_and_level")
    if points is None and level is None:
        raise _Refused("neither")
    if points is None:
        return
    if possible is None:
        raise _Refused("possible_missing")
    if possible <= 0:
        raise _Refused("not_possible")
    if points < 0:
        raise _Refused("negative")
    if points > possible:
        raise _Refused("over", possible=f"{possible.normalize():f}")


def _culprit(code: str, texts: Mapping[str, str]) -> tuple[str, str]:
    """The column to point at, and what it says."""
    column = {"excused_and_scored": "excused", "score_and_level": "level", "not_possible": "possible"}.get(
        code, "score"
    )
    column = "possible" if code == "possible_missing" else column
    return column, texts.get(column, "")


def _problem(refused: _Refused, line: int, column: str, text: str) -> Problem:
    details = {"line": line, "field": column, "value": text[:200]}
    return row_problem(refused.code, suggestion=refused.suggestion, params=refused.params, **details)


def refuse_repeats(read: ResultsFile) -> None:
    """Take out rows that say what another one says already, or give one assessment a second kind; each is a problem."""
    first: dict[tuple, int] = {}
    kinds: dict[tuple, tuple[str, int]] = {}
    kept = []
    for row in read.rows:
        event = (row.assessment, row.observed_on)
        kind, kind_line = kinds.setdefault(event, (row.kind, row.line))
        same = first.setdefault((*event, row.learner.lower(), row.standard, row.item, row.attempt), row.line)
        if same != row.line:
            details = {"line": row.line, "field": "learner", "value": row.learner, "who": row.learner}
            read.problems.append(row_problem("twice", params={"first": same}, **details))
        elif kind != row.kind:
            details = {"line": row.line, "field": "kind", "value": row.kind, "who": row.learner}
            read.problems.append(row_problem("kinds_differ", params={"first": kind_line, "kind": kind}, **details))
        else:
            kept.append(row)
    read.rows = kept
