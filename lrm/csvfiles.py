"""CSV files as people really send them, read without guessing at what they mean.

Recognised: UTF-8 with or without a byte order mark, UTF-16, Windows-1252; comma, semicolon or tab; line ends
LF, CRLF or bare CR, with or without a last one. Refused where it stands: a quotation mark out of place, one
that never closes.
"""

import codecs
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

DELIMITERS = ",;\t"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class Undecodable(ValueError):
    """These bytes are no text in any encoding that schools send."""


def decode(data: bytes) -> str:
    """Text of a file, its byte order mark left out, line ends as LF. Raises Undecodable."""
    return decode_told(data)[0]


def decode_told(data: bytes) -> tuple[str, str]:
    """As `decode`, and which encoding it was: "utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be" or "cp1252".

    Only cp1252 is not certain: it is what is left when the bytes are no UTF-8, and fits nearly all bytes.
    """
    text, encoding = _decode(data)
    if "\0" in text:
        raise Undecodable
    return text.replace("\r\n", "\n").replace("\r", "\n"), encoding


def _decode(data: bytes) -> tuple[str, str]:
    try:
        for mark, name in _BOMS:
            if data.startswith(mark):
                return data[len(mark) :].decode(name), name
        if data[1:2] == b"\0" or data[:1] == b"\0":
            name = "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
            return data.decode(name), name
        try:
            return data.decode("utf-8"), "utf-8"
        except UnicodeDecodeError:
            return data.decode("cp1252"), "cp1252"
    except UnicodeDecodeError as error:
        raise Undecodable from error


@dataclass(slots=True)
class Table:
    """heading: column names, stripped. rows: (line number of the first line of the record, cells), blank
    lines left out.

    broken: line number -> "stray_quote", "unclosed_quote" or "long_cell": records that could not be told
    apart. encoding: as `decode_told` names it.
    """

    heading: list[str] = field(default_factory=list)
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    broken: dict[int, str] = field(default_factory=dict)
    delimiter: str = ","
    encoding: str = "utf-8"


def read_table(data: bytes, *, delimiters: str = DELIMITERS) -> Table:
    """The records of a CSV file. An empty file has no heading. Raises Undecodable."""
    text, encoding = decode_told(data)
    lines = text.split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    if not lines:
        return Table(encoding=encoding)
    table = Table(encoding=encoding, delimiter=_delimiter_of(next(line for line in lines if line.strip()), delimiters))
    for line, record in _records(lines, table):
        if not table.heading:
            table.heading = [name.strip() for name in record]
        else:
            table.rows.append((line, record))
    return table


def _delimiter_of(heading: str, candidates: str) -> str:
    bare = re.sub(r'"[^"]*"', "", heading)
    return max(candidates, key=bare.count)  # the first candidate wins a tie, so a single column is read as comma


def _records(lines: list[str], table: Table) -> Iterator[tuple[int, list[str]]]:
    """Lines without a quotation mark, most of them, are records as they stand; the csv module reads the others."""
    mark, most = table.delimiter, csv.field_size_limit()
    well_formed = _record_pattern(mark)
    at, end = 0, len(lines)
    while at < end:
        line = lines[at]
        if '"' not in line and len(line) <= most:
            at += 1
            record = line.split(mark)
            if line and any(map(str.strip, record)):
                yield at, record
            continue
        first = at + 1
        taken: list[str] = []
        reader = csv.reader(_fed(lines, at, taken), delimiter=mark, strict=True)
        try:
            record = next(reader)
        except csv.Error as error:
            table.broken[first] = _broken_code(str(error))
            at += len(taken)
            continue
        at += len(taken)
        if not well_formed.fullmatch("\n".join(taken)):
            # The csv module takes a quotation mark inside an unquoted cell as a letter; the standard does
            # not.
            table.broken[first] = "stray_quote"
        elif any(cell.strip() for cell in record):
            yield first, record


def _fed(lines: list[str], start: int, taken: list[str]) -> Iterator[str]:
    """Lines from a place on, each noted as it is taken."""
    for at in range(start, len(lines)):
        taken.append(lines[at])
        yield lines[at] + "\n"


def _broken_code(error: str) -> str:
    if "end of data" in error:
        return "unclosed_quote"
    return "long_cell" if "field larger" in error else "stray_quote"


def _record_pattern(delimiter: str) -> re.Pattern[str]:
    mark = re.escape(delimiter)
    cell = rf'(?:"[^"]*(?:""[^"]*)*"|[^"{mark}]*)'
    return re.compile(rf"{cell}(?:{mark}{cell})*")
