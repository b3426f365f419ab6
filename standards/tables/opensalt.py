"""OpenSALT's tables of a framework: one line a standard, its parent by code or identifier, associations in columns."""

import re
from collections import defaultdict
from typing import Any

from lrm.csvfiles import Table
from lrm.problems import Problem
from standards.tables.words import TableRefused, at

Json = dict[str, Any]
FIELDS = {
    "identifier": "identifier",
    "fullstatement": "fullStatement",
    "humancodingscheme": "humanCodingScheme",
    "abbreviatedstatement": "abbreviatedStatement",
    "alternativelabel": "alternativeLabel",
    "listenumeration": "listEnumeration",
    "conceptkeywords": "conceptKeywords",
    "notes": "notes",
    "language": "language",
    "cfitemtype": "CFItemType",
    "itemtype": "CFItemType",
    "educationlevel": "educationLevel",
    "educationallevel": "educationLevel",
    "subject": "subject",
    "license": "license",
}
LISTS = {"conceptKeywords", "educationLevel", "subject"}
PARENT = {"ischildof", "parent"}
SEQUENCE = "sequencenumber"
LEVEL = "smartlevel"
"""The place in the tree as OpenSALT's workbooks write it: 1.2.3 is the third below 1.2."""
LINKS = {
    "ispartof": "isPartOf",
    "replacedby": "replacedBy",
    "exemplar": "exemplar",
    "hasskilllevel": "hasSkillLevel",
    "isrelatedto": "isRelatedTo",
    "ispeerof": "isPeerOf",
    "exactmatchof": "exactMatchOf",
    "precedes": "precedes",
}


def _plain(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())


def is_opensalt(table: Table) -> bool:
    return "fullstatement" in map(_plain, table.heading)


def items_of(table: Table) -> tuple[list[Json], list[Json]]:
    """(items, associations) in CASE, ends by identifier. Raises TableRefused."""
    columns = [_plain(name) for name in table.heading]
    problems: list[Problem] = [at(code, line, "") for line, code in sorted(table.broken.items())]
    rows: list[tuple[int, str, dict[str, str]]] = []
    named: dict[str, list[tuple[int, str]]] = defaultdict(list)
    codes: dict[str, int] = defaultdict(int)
    items: list[Json] = []
    for line, cells in table.rows:
        if any(cell.strip() for cell in cells[len(columns) :]):
            problems.append(at("ragged", line, ""))
            continue
        row = {name: cell.strip() for name, cell in zip(columns, cells, strict=False)}
        item = _item(row, table.heading, columns)
        if not item.get("fullStatement"):
            problems.append(at("empty", line, "fullStatement"))
            continue
        code = item.get("humanCodingScheme", "")
        own = row.get("identifier", "")
        if own and (first := [known for known, name in named[own] if name == own]):
            problems.append(at("twice", line, "identifier", own, first=first[0]))
            continue
        codes[code] += 1
        # Without an identifier of its own the code is one, and after the first of that code its place among them.
        name = own or (code if code and codes[code] == 1 else f"{code or item['fullStatement'][:80]}#{codes[code]}")
        item["identifier"] = name
        items.append(item)
        rows.append((line, name, row))
        for called in {name, code} - {""}:
            named[called].append((line, name))
    if LEVEL in columns and not PARENT & set(columns):
        _place_by_level(rows)
    several = {called for called, lines in named.items() if len({name for _line, name in lines}) > 1}
    links = [
        link
        for number, (line, name, row) in enumerate(rows, 1)
        for link in _links(number, line, name, row, named, several, problems)
    ]
    if problems:
        raise TableRefused(sorted(problems, key=lambda one: one.line or 0))
    return items, links


def _item(row: dict[str, str], heading: list[str], columns: list[str]) -> Json:
    item: Json = {}
    for name, key in FIELDS.items():
        if written := row.get(name, ""):
            item[key] = (
                [part.strip() for part in re.split(r"[,|]", written) if part.strip()] if key in LISTS else written
            )
    known = FIELDS.keys() | PARENT | {SEQUENCE} | LINKS.keys()
    rest = {
        title: row[name] for title, name in zip(heading, columns, strict=True) if row.get(name) and name not in known
    }
    return item | ({"extensions": rest} if rest else {})


def _place_by_level(rows: list[tuple[int, str, dict[str, str]]]) -> None:
    """Give each line the name of the one above it; of a level that nobody has, and of one that two have, that level."""
    levels: dict[str, set[str]] = defaultdict(set)
    for _line, name, row in rows:
        levels[row.get(LEVEL, "").rstrip(".")].add(name)
    for _line, _name, row in rows:
        above = row.get(LEVEL, "").rstrip(".").rpartition(".")[0]
        if above:
            row["parent"] = next(iter(levels[above])) if len(levels[above]) == 1 else f"{LEVEL} {above}"


def _links(
    number: int,
    line: int,
    name: str,
    row: dict[str, str],
    named: dict[str, list[tuple[int, str]]],
    several: set[str],
    problems: list[Problem],
) -> list[Json]:
    """The place of one line in the tree, and its other associations; ends that the file does not have are elsewhere."""
    found: list[Json] = []
    above = next((row[column] for column in PARENT if row.get(column)), "")
    sequence = row.get(SEQUENCE, "")
    if sequence and not (sequence.isascii() and sequence.isdecimal() and len(sequence) < 9):
        problems.append(at("not_a_number", line, "sequenceNumber", sequence, least=0, most=99999999))
    parent = ""
    if above:
        others = named.get(above, [])
        if not others:
            problems.append(at("no_parent", line, "Is Child Of", above))
        elif above in several:
            problems.append(at("many_parents", line, "Is Child Of", above, first=others[0][0]))
        elif others[0][1] == name:
            problems.append(at("own_parent", line, "Is Child Of", above))
        else:
            parent = others[0][1]
    place = int(sequence) if sequence.isdecimal() and len(sequence) < 9 else number
    found.append({"child": name, "parent": parent, "sequence": place})
    for column, kind in LINKS.items():
        for written in re.split(r"[,|]", row.get(column, "")):
            if end := written.strip():
                is_one = end in named and end not in several
                found.append({"child": name, "parent": named[end][0][1] if is_one else end, "kind": kind})
    return found
