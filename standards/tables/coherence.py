"""The Coherence Map (Student Achievement Partners): which standard prepares which, as its JSON or as a table."""

import json
from dataclasses import dataclass
from typing import Any

from lrm.csvfiles import Table, Undecodable, decode, read_table
from lrm.problems import Problem
from standards.case.problems import NotAPackage
from standards.case.reader import check_depth
from standards.tables.words import TableRefused, at

PREREQUISITE, RELATED = "prerequisite", "related"
COLUMNS = ("type", "from_code", "to_code")


@dataclass(frozen=True)
class Edge:
    """`before` prepares `after`, by their codes; of related ones the order says nothing."""

    kind: str
    before: str
    after: str


def is_edges(data: bytes) -> bool:
    """Whether the file is meant to be a list of what prepares what, by its first letters."""
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] == b"{":
        return b'"nd_edges"' in data and b'"CFDocument"' not in data
    return b"from_code" in start[:200] and b"to_code" in start[:200]


def read_edges(data: bytes) -> list[Edge]:
    """Every edge once, related pairs too. Raises NotAPackage: it is another file; TableRefused: wrong lines."""
    try:
        text = decode(data)
    except Undecodable:
        raise NotAPackage("not_text") from None
    if not text.strip():
        raise NotAPackage("empty")
    return _of_map(text) if text.lstrip()[:1] in "{[" else _of_table(read_table(data))


def _of_map(text: str) -> list[Edge]:
    try:
        raw = json.loads(text, strict=False)
    except json.JSONDecodeError as error:
        raise NotAPackage("not_json", line=error.lineno, column=error.colno, reason=error.msg) from None
    except (RecursionError, ValueError):
        raise NotAPackage("no_edges") from None
    check_depth(raw)
    parts: list[Any] = [raw.get(name) for name in ("standards", "clusters", "domains")] if isinstance(raw, dict) else []
    if not parts or not all(isinstance(part, dict) for part in parts) or not isinstance(raw.get("edges"), list):
        raise NotAPackage("no_edges")
    codes = {name: _code(entry, *parts[1:]) for name, entry in parts[0].items()}
    found: dict[Edge, None] = {}
    for kind, name in ((PREREQUISITE, "edges"), (RELATED, "nd_edges")):
        listed = raw.get(name) or []
        if not isinstance(listed, list):
            raise NotAPackage("no_edges")
        for edge in listed:
            ends = [codes.get(str(edge.get(end))) for end in ("from", "to")] if isinstance(edge, dict) else [None]
            if None in ends:
                raise NotAPackage("edge_without_end", edge=json.dumps(edge)[:100])
            found[_edge(kind, *map(str, ends))] = None
    return list(found)


def _code(standard: Any, clusters: dict[str, Any], domains: dict[str, Any]) -> str:
    """Grade, domain, cluster, place, as in "5.NF.A.1"; high school has no grade, as in "A-SSE.A.1"."""
    try:
        cluster = clusters[standard["ccmathcluster_id"]]
        domain = domains[cluster["ccmathdomain_id"]]
        grade = [] if domain["grade"] == "HS" else [domain["grade"]]
        return ".".join([*grade, domain["ordinal"], cluster["ordinal"], standard["ordinal"]])
    except (KeyError, TypeError):
        raise NotAPackage("no_edges") from None


def _of_table(table: Table) -> list[Edge]:
    heading = [name.lower() for name in table.heading]
    if not set(COLUMNS) <= set(heading):
        raise NotAPackage("no_edges")
    problems: list[Problem] = [at(code, line, "") for line, code in sorted(table.broken.items())]
    found: dict[Edge, None] = {}
    for line, cells in table.rows:
        row = {name: cell.strip() for name, cell in zip(heading, cells, strict=False)}
        kind = row.get("type", "").lower()
        if kind not in (PREREQUISITE, RELATED):
            problems.append(at("not_one_of", line, "type", kind, known=f"{PREREQUISITE}, {RELATED}"))
        problems += [at("empty", line, name) for name in COLUMNS[1:] if not row.get(name)]
        if not problems:
            found[_edge(kind, row["from_code"], row["to_code"])] = None
    if problems:
        raise TableRefused(problems)
    return list(found)


def _edge(kind: str, before: str, after: str) -> Edge:
    return Edge(kind, *sorted((before, after))) if kind == RELATED else Edge(kind, before, after)
