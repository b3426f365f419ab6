"""Files as no program writes them: one thing after another broken in a good one, drawn from a seed."""

import io
import json
import struct
import warnings
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

NASTY = (
    *("", " ", "=1+1", "@SUM(A1)", "-0", "+7", "0", "-1", "1e999", "NaN", "Infinity", "9" * 400, "9" * 5000, "1" * 19),
    *("٣", "²", "½", "0x10", "1_000", "true", "TRUE", "None", "null", "[]", "{}", "%s", "%(who)s", "{0}", "\\N", "\\."),
    *("0001-01-01", "9999-12-31", "2026-02-30", "2026-13-01", "1/05/2026", "2026-11-22T99:00", "0000-00-00"),
    *("<script>alert(1)</script>", "' OR 1=1 --", "../../etc/passwd", "a" * 101, "b" * 256, "c" * 3000, "\u202e\u200b"),
    *(
        "\x01\x02",
        "\x7f",
        "😀" * 90,
        "e\u0301" * 200,
        "\ufeff",
        "\ufffe",
        "\u2028",
        "ß",
        "İ",
        "tobedeleted",
        "a,b",
        ",,",
    ),
    *("11111111-1111-4111-8111-111111111111", "urn:uuid:11111111111141118111111111111111", "x@y.example", "a\tb"),
)


@dataclass(frozen=True)
class Mutant:
    """how: what was done to it. line: of the file, one that cannot be read for certain, so that a refusal names it."""

    data: bytes
    how: str
    line: int = 0


Way = Callable[[Random, bytes], Mutant]


def mutate(random: Random, data: bytes, ways: Sequence[Way]) -> Mutant:
    return random.choice(ways)(random, data)


# Bytes


def flipped(random: Random, data: bytes) -> Mutant:
    found = bytearray(data)
    for _ in range(random.choice((1, 2, 8, 40))):
        found[random.randrange(len(found))] = random.randrange(256)
    return Mutant(bytes(found), "bytes flipped")


def cut(random: Random, data: bytes) -> Mutant:
    start, end = sorted(random.randrange(len(data) + 1) for _ in range(2))
    return Mutant(random.choice((data[:start], data[end:], data[:start] + data[end:])), "a part cut out")


def doubled(random: Random, data: bytes) -> Mutant:
    start, end = sorted(random.randrange(len(data) + 1) for _ in range(2))
    return Mutant(data[:end] + data[start:end] * random.choice((1, 3, 30)) + data[end:], "a part twice")


def with_noughts(random: Random, data: bytes) -> Mutant:
    at = random.randrange(len(data) + 1)
    return Mutant(data[:at] + b"\0" * random.choice((1, 3)) + data[at:], "NUL inside")


def noise(random: Random, data: bytes) -> Mutant:
    return Mutant(random.randbytes(random.choice((0, 1, 2, 100, 5000))), "noise")


def encoded(random: Random, data: bytes) -> Mutant:
    text = data.decode("utf-8", "replace") + random.choice(("", "Zoë", "李", "\u2028"))
    name = random.choice(("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "cp1252", "utf-7", "shift_jis"))
    found = text.encode(name, "replace")
    if random.random() < 0.3:
        found = found[: random.randrange(len(found) + 1)]
    return Mutant(found, f"as {name}")


BYTES: tuple[Way, ...] = (flipped, cut, doubled, with_noughts, noise, encoded)


# Tables


def _cells(data: bytes) -> list[list[str]]:
    return [line.split(",") for line in data.decode("utf-8", "replace").splitlines()]


def _joined(rows: Sequence[Sequence[str]], mark: str = ",", end: str = "\n") -> bytes:
    return (end.join(mark.join(row) for row in rows) + end).encode("utf-8", "surrogatepass")


def _quoted(value: str) -> str:
    return '"' + value.replace('"', '""') + '"' if set(value) & set(',"\n\r;\t') else value


def nasty_cells(random: Random, data: bytes) -> Mutant:
    rows = _cells(data)
    written = []
    for _ in range(random.choice((1, 1, 2, 6))):
        row = random.choice(rows[1:] or rows)
        place, value = random.randrange(len(row)), random.choice(NASTY)
        row[place] = _quoted(value)
        written.append(value[:20])
    return Mutant(_joined(rows), f"cells {written}")


def nasty_column(random: Random, data: bytes) -> Mutant:
    """One value all the way down, which breaks what has to differ."""
    rows = _cells(data)
    place, value = random.randrange(len(rows[0])), random.choice(NASTY)
    for row in rows[1:]:
        row[place : place + 1] = [_quoted(value)]
    return Mutant(_joined(rows), f"column {rows[0][place]} is {value[:20]}")


def long_cell(random: Random, data: bytes, *, letters: int = 200_000) -> Mutant:
    """A cell of so many letters, with and without quotation marks, of one line or of many."""
    rows = _cells(data)
    at = random.randrange(1, len(rows)) if len(rows) > 1 else 0
    row = rows[at]
    filler = random.choice(("x", "x" * 79 + "\n", '""', "1", "é"))
    value = filler * (letters // len(filler))
    row[random.randrange(len(row))] = f'"{value}"' if "\n" in value or '"' in value else value
    return Mutant(_joined(rows), f"a cell of {letters} letters")


def ragged(random: Random, data: bytes) -> Mutant:
    """A line with cells too few, or with one that stands in no column."""
    rows = _cells(data)
    at = random.randrange(1, len(rows))
    rows[at] = rows[at][: len(rows[0]) // 2] if random.random() < 0.5 else [*rows[at], "more"]
    return Mutant(_joined(rows), "ragged", at + 1)


def stray_quote(random: Random, data: bytes) -> Mutant:
    rows = _cells(data)
    at = random.randrange(1, len(rows))
    row = rows[at]
    row[random.randrange(len(row))] = random.choice(('a"b', '"a"b', 'x"'))
    return Mutant(_joined(rows), "a stray quotation mark", at + 1)


def unclosed_quote(random: Random, data: bytes) -> Mutant:
    rows = _cells(data)
    at = random.randrange(1, len(rows))
    rows[at][0] = '"' + rows[at][0]
    return Mutant(_joined(rows), "a quotation mark that never closes", at + 1)


def heading(random: Random, data: bytes) -> Mutant:
    rows = _cells(data)
    first = rows[0]
    way = random.randrange(6)
    if way == 0:
        random.shuffle(first)
    elif way == 1:
        first[random.randrange(len(first))] = random.choice(first)
    elif way == 2:
        del first[random.randrange(len(first))]
    elif way == 3:
        first[random.randrange(len(first))] = _quoted(random.choice(NASTY))
    elif way == 4:
        rows = rows[1:] or [[""]]
    else:
        rows = rows[:1]
    return Mutant(_joined(rows), f"the heading, way {way}")


def other_form(random: Random, data: bytes) -> Mutant:
    mark, end = random.choice(",;\t|"), random.choice(("\n", "\r\n", "\r", "\n\n", "\x0b", "\x85"))
    return Mutant(_joined(_cells(data), mark, end), f"{mark!r} and {end!r}")


def many_lines(random: Random, data: bytes, *, lines: int = 3000) -> Mutant:
    """The same lines over and over, or lines of hardly anything."""
    rows = _cells(data)
    body = random.choice((rows[1:], [[","]], [['"a']], [["a", "b"]])) or [["a"]]
    return Mutant(_joined([rows[0], *(body[n % len(body)] for n in range(lines))]), f"{lines} lines")


def many_columns(random: Random, data: bytes) -> Mutant:
    rows = _cells(data)
    return Mutant(_joined([[*row, *["x"] * 3000] for row in rows]), "3000 columns")


def mixed_lines(random: Random, data: bytes) -> Mutant:
    rows = _cells(data)
    body = rows[1:]
    random.shuffle(body)
    body += random.choices(body or [[""]], k=random.choice((0, 1, 5)))
    return Mutant(_joined([rows[0], *body]), "lines mixed")


TABLES: tuple[Way, ...] = (
    *BYTES,
    *(nasty_cells, nasty_cells, nasty_cells, nasty_column, nasty_column, long_cell, ragged, ragged, stray_quote),
    *(unclosed_quote, heading, other_form, many_lines, many_columns, mixed_lines),
)
NAMED = frozenset({ragged, stray_quote, unclosed_quote})
"""Ways that break one line for certain."""


# JSON


def _nasty_value(random: Random) -> Any:
    deep: Any = random.choice(("x", []))
    for _ in range(random.choice((2, 90, 900))):
        deep = [deep] if random.random() < 0.5 else {"a": deep}
    number = random.choice((0, -1, 2**31, 2**63, 10**400, 1e308, -0.0, 1.5))
    return random.choice((None, True, False, [], {}, [[]], [None], {"": None}, number, deep, *NASTY))


def _places(value: Any, found: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """(holder, key) of every value inside."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        pairs = one.items() if isinstance(one, dict) else enumerate(one)
        for key, below in pairs:
            found.append((one, key))
            if isinstance(below, dict | list):
                waiting.append(below)
    return found


def nasty_values(random: Random, data: bytes) -> Mutant:
    raw = json.loads(data)
    said = []
    for _ in range(random.choice((1, 1, 2, 5))):
        places = _places(raw, [])
        if not places:
            break
        holder, key = random.choice(places)
        holder[key] = value = _nasty_value(random)
        said.append(f"{key}={str(value)[:30]}")
    return Mutant(json.dumps(raw, ensure_ascii=random.random() < 0.5).encode(), f"values {said}")


def missing_values(random: Random, data: bytes) -> Mutant:
    raw = json.loads(data)
    said = []
    for _ in range(random.choice((1, 2, 6))):
        places = _places(raw, [])
        if not places:
            break
        holder, key = random.choice(places)
        said.append(str(key))
        del holder[key]
    return Mutant(json.dumps(raw).encode(), f"without {said}")


def repeated_values(random: Random, data: bytes) -> Mutant:
    """An entry of a list many times, the same or with other identifiers."""
    raw = json.loads(data)
    lists = [holder[key] for holder, key in _places(raw, []) if isinstance(holder[key], list) and holder[key]]
    if lists:
        one = random.choice(lists)
        one += [random.choice(one) for _ in range(random.choice((1, 20, 2000)))]
    return Mutant(json.dumps(raw).encode(), "entries repeated")


def odd_letters(random: Random, data: bytes) -> Mutant:
    text = data.decode()
    at = text.find('"', random.randrange(len(text)))
    letter = random.choice(("\\u0000", "\\ud800", "\\udc00x", "\\ud83d\\ude00", "\\uffff", "\\x", "\n", "\t", "\\"))
    return Mutant((text[: at + 1] + letter + text[at + 1 :]).encode(), f"the letter {letter!r}")


def deep(random: Random, data: bytes) -> Mutant:
    depth = random.choice((200, 5000, 100_000, 2_000_000))
    opened, closed = random.choice((("[", "]"), ('{"a":', "}")))
    whole = opened * depth + "1" + (closed * depth if random.random() < 0.7 else "")
    if random.random() < 0.5:
        whole = data.decode().rstrip()[:-1] + ',"extensions":' + whole + "}"
    return Mutant(whole.encode(), f"{depth} deep")


def long_text(random: Random, data: bytes, *, letters: int = 200_000) -> Mutant:
    raw = json.loads(data)
    places = [(holder, key) for holder, key in _places(raw, []) if isinstance(holder[key], str)]
    holder, key = random.choice(places)
    holder[key] = random.choice(("x", "9", "<b>", "é", "1.")) * letters
    return Mutant(json.dumps(raw).encode(), f"{key} of {letters} letters")


DOCUMENTS: tuple[Way, ...] = (
    *BYTES,
    *(nasty_values, nasty_values, nasty_values, nasty_values, missing_values, missing_values, repeated_values),
    *(odd_letters, deep, long_text),
)


# Zips


def _entries(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(entries: Sequence[tuple[str | zipfile.ZipInfo, bytes]], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    store = io.BytesIO()
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(store, "w", kind) as archive:  # of names twice
        for name, content in entries:
            archive.writestr(name, content, compress_type=kind)
    return store.getvalue()


def table_inside(random: Random, data: bytes) -> Mutant:
    """One or two of its tables broken; a line is named where one alone is broken for certain."""
    files = _entries(data)
    names = [name for name in files if name != "manifest.csv" and files[name].count(b"\n") > 1]
    if random.random() < 0.15:
        name = "manifest.csv"
        found = mutate(random, files[name], TABLES)
        return Mutant(packed([*(files | {name: found.data}).items()]), f"{name}: {found.how}")
    said, line = [], 0
    for name in random.sample(names, random.choice((1, 1, 2))):
        found = mutate(random, files[name], TABLES)
        files[name] = found.data
        said.append(f"{name}: {found.how}")
        line = found.line
    return Mutant(packed([*files.items()]), "; ".join(said), line if len(said) == 1 else 0)


ODD_NAMES = (
    *("../users.csv", "/etc/users.csv", "a\\..\\users.csv", "C:\\users.csv", "USERS.CSV", "a/b/c/users.csv", ".csv"),
    *("users.csv/", "users.csv\u202e", "x" * 5000 + ".csv", "con.csv", "users.csv ", "users.csv.csv"),
    *("__MACOSX/users.csv", "extra.csv", "users.json", "notes.txt"),
)


def odd_names(random: Random, data: bytes) -> Mutant:
    files = [*_entries(data).items()]
    name = random.choice(ODD_NAMES)
    at = random.randrange(len(files))
    entry: str | zipfile.ZipInfo = name
    if random.random() < 0.2:
        entry = zipfile.ZipInfo(name or "link.csv")
        entry.external_attr = 0o120777 << 16
    if random.random() < 0.5:
        found: list[Any] = [*files[:at], (entry, files[at][1]), *files[at + 1 :]]
    else:
        found = [*files, (entry, files[at][1])]
    return Mutant(packed(found), f"an entry named {name[:30]!r}")


def bomb(random: Random, data: bytes, *, megabytes: int = 30) -> Mutant:
    """An entry that unpacks to very much, of nothing, of short lines, or of one line that never ends."""
    content = random.choice((b"\0", b"\n", b"a\n", b",\n", b"x", b'"', b"a,", b"e1,,,k1\n"))
    files = _entries(data)
    name = random.choice((*files, "extra.csv", "notes.txt"))
    files[name] = files.get(name, b"")[:200] + content * (megabytes * 2**20 // len(content))
    return Mutant(packed([*files.items()]), f"{megabytes} MB of {content!r} in {name}")


def many_entries(random: Random, data: bytes) -> Mutant:
    many = [(f"{n}.csv", b"a") for n in range(random.choice((150, 300, 5000)))]
    return Mutant(packed([*_entries(data).items(), *many]), f"{len(many)} entries more")


def nested(random: Random, data: bytes) -> Mutant:
    found = data
    for n in range(random.choice((1, 2, 10))):
        found = packed([(random.choice(("roster.zip", "users.csv", f"{n}/users.csv")), found)])
    return Mutant(found, "a zip in a zip")


def other_packing(random: Random, data: bytes) -> Mutant:
    kind = random.choice((zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA))
    found = packed([*_entries(data).items()], kind)
    if random.random() < 0.6:
        return Mutant(flipped(random, found).data, f"packed as {kind} and flipped")
    return Mutant(found, f"packed as {kind}")


def odd_fields(random: Random, data: bytes) -> Mutant:
    """Numbers of the zip itself: flags, sizes, methods, places, counts."""
    found = bytearray(data)
    marks = [at for mark in (b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06") for at in _all(data, mark)]
    for _ in range(random.choice((1, 1, 3))):
        at = random.choice(marks) + random.randrange(4, 22, 2)
        found[at : at + 2] = struct.pack("<H", random.choice((0, 1, 9, 99, 0x0800, 0x7FFF, 0xFFFF)))
    return Mutant(bytes(found), "fields of the zip")


def _all(data: bytes, mark: bytes) -> list[int]:
    found, at = [], data.find(mark)
    while at >= 0:
        found.append(at)
        at = data.find(mark, at + 1)
    return found


def two_packages(random: Random, data: bytes) -> Mutant:
    files = [*_entries(data).items()]
    return Mutant(packed([*files, *((f"b/{name}", content) for name, content in files)]), "two folders")


PACKAGES: tuple[Way, ...] = (
    *(flipped, flipped, cut, doubled, with_noughts, noise),
    *[table_inside] * 14,
    *(odd_names, odd_names, bomb, many_entries, nested, other_packing, other_packing, odd_fields, odd_fields),
    two_packages,
)
