"""A list of what prepares what, found in a framework by codes and written as a CASE package of associations alone."""

import json
import re
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from standards.models import Framework, Standard
from standards.tables.coherence import PREREQUISITE, Edge

MADE_OF_EDGES = uuid.UUID("6a9d4e6e-8a65-5c0c-b0d5-0a3f0c6f2a90")
"""Namespace of the crosswalk of a framework, and of its associations: the same file again is the same."""
KINDS = {PREREQUISITE: "precedes"}
_PREFIX = re.compile(r"^(ccss\.)?(math\.)?(content\.)?", re.IGNORECASE)
_CLUSTER = re.compile(r"(?<=\.)[a-z]\.(?=\d)")


@dataclass(frozen=True)
class Found:
    """package: CASE, as it is imported.    missing: codes that the framework does not have.    many: that it has twice.

    edges: how many have both ends here.
    """

    package: bytes
    edges: int
    missing: tuple[str, ...]
    many: tuple[str, ...]


def as_crosswalk(edges: Sequence[Edge], framework: Framework) -> Found:
    """The edges whose two standards the framework has. Codes are compared in the ways in which they are written:
    "CCSS.Math.Content.5.NF.A.1", "5.NF.A.1" and "5.NF.1" are one; a code that names several standards names none."""
    rows = Standard.objects.in_force().filter(framework=framework).exclude(code="")
    known: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for identifier, uri, code in rows.values_list("uuid", "uri", "code"):
        for form in _forms(code):
            known[form].add((str(identifier), uri))
    ends: dict[str, tuple[str, str] | None] = {}
    missing, many = [], []
    for code in dict.fromkeys(code for edge in edges for code in (edge.before, edge.after)):
        of_it = next((known[form] for form in _forms(code) if form in known), set())
        ends[code] = next(iter(of_it)) if len(of_it) == 1 else None
        if not of_it:
            missing.append(code)
        elif len(of_it) > 1:
            many.append(code)
    here = [edge for edge in edges if ends[edge.before] and ends[edge.after]]
    return Found(_package(here, ends, framework), len(here), tuple(missing), tuple(many))


def _forms(code: str) -> Iterable[str]:
    """How a code may be written elsewhere, the most exact first."""
    bare = _PREFIX.sub("", code.strip()).lower().removeprefix("hs").lstrip(".-")
    return dict.fromkeys((bare, _CLUSTER.sub("", bare)))


def _package(edges: Sequence[Edge], ends: dict[str, tuple[str, str] | None], framework: Framework) -> bytes:
    document = uuid.uuid5(MADE_OF_EDGES, str(framework.uuid))

    def node(code: str) -> dict[str, str]:
        identifier, uri = ends[code] or ("", "")
        return {"title": code, "identifier": identifier, "uri": uri or f"urn:uuid:{identifier}"}

    associations = [
        {
            "identifier": str(uuid.uuid5(document, f"{edge.kind} {ends[edge.before]} {ends[edge.after]}")),
            "associationType": KINDS.get(edge.kind, "isRelatedTo"),
            "originNodeURI": node(edge.before),
            "destinationNodeURI": node(edge.after),
        }
        for edge in edges
    ]
    held = {
        "CFDocument": {
            "identifier": str(document),
            "title": f"Prerequisites in {framework.title}",
            "creator": "Coherence Map",
            "notes": "Associations between standards of another framework, found by their codes.",
        },
        "CFItems": [],
        "CFAssociations": associations,
    }
    return json.dumps(held, ensure_ascii=False).encode()
