"""PDFs: taken as they are, or not at all.

A PDF cannot be drawn anew without its text, so it is read for whatever acts: scripts, actions, files inside. Names are
looked for through the whole file, unescaped, and in everything that is compressed in it; where something is packed so
that it cannot be looked into, the file is refused.
Source of the names: ISO 32000-2:2020, 12.6 (actions), 7.11.4 (embedded files), 7.5.7 (object streams).
"""

import re
import zlib
from collections.abc import Iterator

from lrm.intake.refusals import Refused
from lrm.intake.traces import is_also_archive, is_also_page

HEAD = re.compile(rb"%PDF-[12]\.\d[\s%]")
END = b"%%EOF"
BLANK = b" \t\r\n\f\x00"
EDGE = 4096
MOST_UNPACKED = 100 * 2**20
"""Bytes that all streams of one file may unpack to."""
MOST_STREAMS = 20_000

RUNS = frozenset(
    b"JavaScript Launch OpenAction RichMedia XFA SubmitForm ImportData GoToE Rendition Movie Trans3D".split()
)
RUNS_SHORT = frozenset((b"JS", b"AA"))
"""Too short to be looked for in pictures and fonts, where chance writes them: only between and inside objects."""
HOLDS = frozenset((b"EmbeddedFile", b"EmbeddedFiles", b"Filespec", b"FileAttachment", b"Collection"))
NAME = re.compile(rb"/((?:[^\s\x00()<>\[\]{}/%#]|#[0-9A-Fa-f]{2}){2,40})")
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
STREAM = re.compile(rb"\bstream[ \t]*(?:\r\n|\n|\r)")
CHUNK = 65_536


def check_pdf(data: bytes) -> None:
    """Raises Refused: not_what_it_says, damaged, second_file, pdf_runs, pdf_holds_files, pdf_locked, pdf_packed."""
    if not HEAD.match(data):
        raise Refused("not_what_it_says", said="PDF")
    if not data.rstrip(BLANK).endswith(END):
        raise Refused("second_file" if END in data else "damaged")
    if is_also_archive(data) or is_also_page(data[:EDGE]) or is_also_page(data[-EDGE:]):
        raise Refused("second_file")
    _check_names(_names(data), long_only=True)
    _check_names(_names(_outside_of_streams(data)), long_only=False)
    left = MOST_UNPACKED
    for number, (description, start) in enumerate(_streams(data)):
        if number >= MOST_STREAMS:
            raise Refused("pdf_packed")
        left -= _check_stream(data, description, start, left)


def _check_names(names: Iterator[bytes], *, long_only: bool) -> None:
    for name in names:
        if name in RUNS or (not long_only and name in RUNS_SHORT):
            raise Refused("pdf_runs")
        if name in HOLDS:
            raise Refused("pdf_holds_files")
        if name == b"Encrypt" and not long_only:
            raise Refused("pdf_locked")


def _names(data: bytes) -> Iterator[bytes]:
    """Names without their slash, escapes undone: /J#61vaScript is JavaScript."""
    for found in NAME.finditer(data):
        name = found[1]
        yield ESCAPED.sub(lambda code: bytes([int(code[1], 16)]), name) if b"#" in name else name


def _outside_of_streams(data: bytes) -> bytes:
    parts, at = [], 0
    for found in STREAM.finditer(data):
        if found.start() < at:
            continue
        parts.append(data[at : found.start()])
        end = data.find(b"endstream", found.end())
        at = len(data) if end < 0 else end
    return b"\n".join([*parts, data[at:]])


def _streams(data: bytes) -> Iterator[tuple[bytes, int]]:
    """(the dictionary before it, where its bytes begin) of whatever any reader could take for a stream."""
    for found in STREAM.finditer(data):
        before = data[max(found.start() - EDGE, 0) : found.start()]
        yield before[before.rfind(b" obj") + 1 :], found.end()


def _check_stream(data: bytes, description: bytes, start: int, left: int) -> int:
    """Look into one stream. Returns how many bytes it unpacked to."""
    names = list(_names(description))
    holds_objects = b"ObjStm" in names or (b"First" in names and re.search(rb"/N\b", description) is not None)
    if holds_objects and not _is_plainly_packed(names):
        raise Refused("pdf_packed")
    return _look_inside(data, start, left, long_only=not holds_objects)


def _is_plainly_packed(names: list[bytes]) -> bool:
    """Not packed, or once and in the usual way: anything else hides objects from the look inside."""
    filters = [name for name in names if name.endswith(b"Decode")]
    if b"Predictor" in names or b"Crypt" in names:
        return False
    return filters == [b"FlateDecode"] or (not filters and b"Filter" not in names)


def _look_inside(data: bytes, start: int, left: int, *, long_only: bool) -> int:
    """Unpack chunk by chunk, with an overlap in which a name cannot hide."""
    reader, unpacked, carried, at = zlib.decompressobj(), 0, b"", start
    try:
        while not reader.eof and at < len(data):
            chunk = reader.decompress(reader.unconsumed_tail + data[at : at + CHUNK], CHUNK * 16)
            at += CHUNK
            while chunk:
                unpacked += len(chunk)
                if unpacked > left:
                    raise Refused("pdf_packed")
                _check_names(_names(carried + chunk), long_only=long_only)
                carried = chunk[-128:]
                chunk = reader.decompress(reader.unconsumed_tail, CHUNK * 16) if reader.unconsumed_tail else b""
    except zlib.error:
        return unpacked  # not compressed, or no further: what follows was read as it stands
    return unpacked
