"""Which streams of a PDF hold further objects, and what their dictionaries say: read token by token.

A dictionary is read forwards from its object's head, as readers do, so that a comment or a text between its entries
hides none of them. Heads are looked for everywhere, also where a reader would only come by a crafted table.
Source: ISO 32000-2:2020, 7.2 (comments, tokens), 7.3 (objects), 7.3.10 (heads), 7.5.7 (object streams).
"""

import re
from collections.abc import Iterator

from lrm.intake.refusals import Refused

HEAD = re.compile(rb"(?<!end)obj")  # also "object" in a text: reading too much hides nothing
TOKEN = re.compile(
    rb"%[^\r\n]*|<<|>>|<[0-9A-Fa-f\s\x00]*>|/[^\s\x00()<>\[\]{}/%]*|[\[\]{}()]|[^\s\x00()<>\[\]{}/%]+|[<>]"
)
IN_TEXT = re.compile(rb"\\.|[()]", re.DOTALL)
STREAM = re.compile(rb"stream[ \t]*(?:\r\n|\n|\r)")
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
MOST_HEADS, MOST_TOKENS = 200_000, 1_000_000
"""Of one file, all dictionaries together. Real files have a tenth of them; a crafted one would only cost time."""


def streams_of_objects(data: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """(where its bytes begin, the names in its dictionary) of each stream that a reader could take objects from.

    Raises Refused: pdf_packed, where there is too much to be read.
    """
    reading = _Reading(data)
    for number, head in enumerate(HEAD.finditer(data)):
        if number >= MOST_HEADS:
            raise Refused("pdf_packed")
        names, start = _dictionary(reading, head.end())
        if start is not None and (b"ObjStm" in names or {b"First", b"N"} <= set(names)):
            yield start, names


def unescaped(name: bytes) -> bytes:
    """J#61vaScript is JavaScript."""
    return ESCAPED.sub(lambda code: bytes([int(code[1], 16)]), name) if b"#" in name else name


class _Reading:
    """What is left to be read of a file: a crafted one makes the same bytes be read again and again."""

    def __init__(self, data: bytes) -> None:
        self.data, self.tokens, self.bytes = data, MOST_TOKENS, 2 * len(data) + 2**20

    def spend(self, found: re.Match[bytes], since: int) -> None:
        self.tokens -= 1
        self.bytes -= found.end() - since
        if self.tokens < 0 or self.bytes < 0:
            raise Refused("pdf_packed")


def _dictionary(reading: _Reading, at: int) -> tuple[list[bytes], int | None]:
    """(its names, where its stream begins or None where it has none)."""
    names: list[bytes] = []
    depth = 0
    while found := TOKEN.search(reading.data, at):
        reading.spend(found, at)
        token, at = found[0], found.end()
        if token.startswith(b"%"):
            continue
        if token == b"<<":
            depth += 1
        elif token == b">>":
            depth -= 1
        elif depth <= 0:
            stream = STREAM.match(reading.data, found.start())
            return names, stream.end() if stream else None
        elif token == b"(":
            at = _after_text(reading, at)
        elif token.startswith(b"/"):
            names.append(unescaped(token[1:]))
    return names, None


def _after_text(reading: _Reading, at: int) -> int:
    """Behind the bracket that ends a text; brackets inside come in pairs or behind a backslash."""
    depth = 1
    while depth and (found := IN_TEXT.search(reading.data, at)):
        reading.spend(found, at)
        depth += {b"(": 1, b")": -1}.get(found[0], 0)
        at = found.end()
    return at if not depth else len(reading.data)
