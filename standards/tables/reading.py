"""A table of standards as a CASE package: which kind of file it is, and the JSON that the importer reads."""

import json
import uuid
from pathlib import PurePath
from typing import Any

from lrm.csvfiles import Undecodable, read_table
from standards.case.problems import NotAPackage
from standards.case.reader import LIMIT_BYTES
from standards.tables import canvas, opensalt

MADE_OF_TABLES = uuid.UUID("3f0f6a0c-6f1d-5a4e-9f57-2f5d8f0c7b11")
"""Namespace of frameworks that came as tables: the same title is the same framework."""
MOST_LINES = 50_000
"""Of one table: several times the largest framework that is known, and a few seconds of work."""
Json = dict[str, Any]


def as_package(data: bytes, *, name: str, title: str = "") -> bytes:
    """The file as a CASE package: a package as it is, a table of Canvas or OpenSALT as one.

    name: of the file; title: of the framework, which a table does not say; the file's name where it is empty.
    Raises NotAPackage: it is neither; TableRefused: what is wrong, by line.
    """
    if len(data) > LIMIT_BYTES or not _is_table(data):
        return data
    try:
        table = read_table(data)
    except Undecodable:
        raise NotAPackage("not_text") from None
    if len(table.rows) + len(table.broken) > MOST_LINES:
        raise NotAPackage("too_many_lines", limit=MOST_LINES)
    if canvas.is_canvas(table):
        items, links = canvas.items_of(table)
        source = "Canvas"
    elif opensalt.is_opensalt(table):
        items, links = opensalt.items_of(table)
        source = "OpenSALT"
    else:
        raise NotAPackage("unknown_table", columns=", ".join(table.heading)[:200])
    title = title.strip() or PurePath(name).stem or source
    return json.dumps(_package(items, links, title=title, source=source), ensure_ascii=False).encode()


def _is_table(data: bytes) -> bool:
    start = data.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")[:1]
    return start not in (b"{", b"[", b"<", b"")


def _package(items: list[Json], links: list[Json], *, title: str, source: str) -> Json:
    document = uuid.uuid5(MADE_OF_TABLES, " ".join(title.split()).casefold())
    return {
        "CFDocument": {
            "identifier": str(document),
            "title": title,
            "creator": source,
            "notes": f"From a table of {source}.",
        },
        "CFItems": items,
        "CFAssociations": [_association(link, str(document)) for link in links],
    }


def _association(link: Json, document: str) -> Json:
    kind = link.get("kind", "isChildOf")
    end = link["parent"] or document
    address = {"uri": end} if "://" in end else {}
    found: Json = {
        "associationType": kind,
        "originNodeURI": {"identifier": link["child"]},
        "destinationNodeURI": {"identifier": end, **address},
    }
    return found | ({"sequenceNumber": link["sequence"]} if "sequence" in link else {})
