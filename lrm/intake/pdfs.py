"""PDFs: taken as they are, or not at all.

A PDF cannot be drawn anew without its text, so it is read for whatever acts: scripts, actions, files inside. Names are
looked for through the whole file, unescaped, and in everything that is compressed in it; where something is packed so
that it cannot be looked into, the file is refused.
Source of the names: ISO 32000-2:2020, 12.6 (actions), 7.11.4 (embedded files), 7.5.7 (object streams).
"""

import re
import zlib

from lrm.intake.pdf_objects import streams_of_objects, unescaped
from lrm.intake.refusals import Refused
from lrm.intake.traces import is_also_archive, is_also_page

HEAD = re.compile(rb"%PDF-[12]\.\d[\s%]")
END = b"%%EOF"
BLANK = b" \t\r\n\f\x00"
EDGE = 4096
MOST_UNPACKED = 100 * 2**20
"""Bytes that all streams of one file may unpack to."""
MOST_STREAMS, MOST_NAMES = 20_000, 2_000_000

RUNS = frozenset(
    b"JavaScript Launch OpenAction RichMedia XFA SubmitForm ImportData GoToE Rendition Movie Trans3D".split()
)
RUNS_SHORT = frozenset((b"JS", b"AA"))
"""Too short to be looked for in pictures and fonts, where chance writes them: only between and inside objects."""
HOLDS = frozenset((b"EmbeddedFile", b"EmbeddedFiles", b"Filespec", b"FileAttachment", b"Collection"))
NAME = re.compile(rb"/((?:[^\s\x00()<>\[\]{}/%#]|#[0-9A-Fa-f]{2}){2,40})")
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
    left_names = MOST_NAMES
    left_names -= _check_names(data, left_names, long_only=True)
    left_names -= _check_names(_outside_of_streams(data), left_names, long_only=False)
    holding = dict(streams_of_objects(data))
    if not all(_is_plainly_packed(names) for names in holding.values()):
        raise Refused("pdf_packed")
    left = MOST_UNPACKED
    for number, found in enumerate(STREAM.finditer(data)):
        if number >= MOST_STREAMS:
            raise Refused("pdf_packed")
        unpacked, names = _look_inside(data, found.end(), left, left_names, long_only=found.end() not in holding)
        left, left_names = left - unpacked, left_names - names


def _check_names(data: bytes, left: int, *, long_only: bool) -> int:
    """Returns how many names there were, of at most `left`. Their escapes are undone first."""
    count = 0
    for found in NAME.finditer(data):
        count += 1
        if count > left:
            raise Refused("pdf_packed")
        name = unescaped(found[1])
        if name in RUNS or (not long_only and name in RUNS_SHORT):
            raise Refused("pdf_runs")
        if name in HOLDS:
            raise Refused("pdf_holds_files")
        if name == b"Encrypt" and not long_only:
            raise Refused("pdf_locked")
    return count


def _outside_of_streams(data: bytes) -> bytes:
    parts, at = [], 0
    for found in STREAM.finditer(data):
        if found.start() < at:
            continue
        parts.append(data[at : found.start()])
        end = data.find(b"endstream", found.end())
        at = len(data) if end < 0 else end
    return b"\n".join([*parts, data[at:]])


def _is_plainly_packed(names: list[bytes]) -> bool:
    """Not packed, or once and in the usual way: anything else hides objects from the look inside."""
    if {b"Predictor", b"Crypt", b"F", b"DecodeParms", b"DP"} & set(names):
        return False
    filters = [name for name in names if name in (b"Fl", b"Crypt") or name.endswith((b"Decode", b"Hx", b"85", b"LZW"))]
    return filters in ([b"FlateDecode"], [b"Fl"]) or (not filters and b"Filter" not in names)


def _look_inside(data: bytes, start: int, left: int, left_names: int, *, long_only: bool) -> tuple[int, int]:
    """(bytes that it unpacked to, names in them). Chunk by chunk, with an overlap in which a name cannot hide."""
    reader, unpacked, names, carried, at = zlib.decompressobj(), 0, 0, b"", start
    try:
        while not reader.eof and at < len(data):
            chunk = reader.decompress(reader.unconsumed_tail + data[at : at + CHUNK], CHUNK * 16)
            at += CHUNK
            while chunk:
                unpacked += len(chunk)
                if unpacked > left:
                    raise Refused("pdf_packed")
                names += _check_names(carried + chunk, left_names - names, long_only=long_only)
                carried = chunk[-128:]
                chunk = reader.decompress(reader.unconsumed_tail, CHUNK * 16) if reader.unconsumed_tail else b""
    except zlib.error:
        pass  # not compressed, or no further: what follows was read as it stands
    return unpacked, names
