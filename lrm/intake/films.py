"""Ogg by its pages, WebM by its elements.

Sources: RFC 3533 (Ogg), RFC 8794 (EBML), RFC 9559 (Matroska), webmproject.org for what WebM takes of it.
"""

from lrm.intake.kinds import OGG_FILM, OGG_SOUND, WEBM_FILM, WEBM_SOUND, FileType
from lrm.intake.refusals import Refused

SOUNDS = (b"\x01vorbis", b"OpusHead", b"\x7fFLAC", b"Speex   ", b"fLaC")
FILMS = (b"\x80theora",)
SIDE_TRACKS = (b"fishead\0", b"\x80kate\0\0\0")

MOST_PAGES, MOST_ELEMENTS = 200_000, 100_000
"""A film of the largest size that is taken has a tenth of them; more only cost time."""

EBML, SEGMENT = 0x1A45DFA3, 0x18538067
DOC_TYPE, TRACKS, TRACK_ENTRY, TRACK_TYPE, CLUSTER = 0x4282, 0x1654AE6B, 0xAE, 0x83, 0x1F43B675
IN_SEGMENT = frozenset((0x114D9B74, 0x1549A966, TRACKS, CLUSTER, 0x1C53BB6B, 0x1043A770, 0x1254C367, 0xEC, 0xBF))
"""Seek head, info, tracks, cluster, cues, chapters, tags, void, checksum. Attachments are not among them."""
IN_CLUSTER = frozenset((0xE7, 0xA7, 0xAB, 0xA3, 0xA0, 0x5854, 0xEC, 0xBF))


def check_ogg(data: bytes) -> FileType:
    """Raises Refused: not_what_it_says, damaged, second_file."""
    if data[:4] != b"OggS":
        raise Refused("not_what_it_says", said="OGG")
    at, heads, pages = 0, [], 0
    while at < len(data):
        pages += 1
        if pages > MOST_PAGES:
            raise Refused("damaged")
        if data[at : at + 4] != b"OggS" or at + 27 > len(data):
            raise Refused("second_file" if at else "damaged")
        segments = data[at + 26]
        body = at + 27 + segments
        size = sum(data[at + 27 : body])
        if body + size > len(data):
            raise Refused("damaged")
        if data[at + 5] & 2:  # first page of a track
            heads.append(data[body : body + size])
        at = body + size
    if any(not head.startswith(SOUNDS + FILMS + SIDE_TRACKS) for head in heads) or not heads:
        raise Refused("not_what_it_says", said="OGG")
    return OGG_FILM if any(head.startswith(FILMS) for head in heads) else OGG_SOUND


def check_webm(data: bytes) -> FileType:
    """Raises Refused: not_what_it_says, damaged, second_file."""
    name, size, at = _element(data, 0)
    if name != EBML or size is None or not _is_webm(data, at, at + size):
        raise Refused("not_what_it_says", said="WEBM")
    name, size, at = _element(data, at + size)
    if name != SEGMENT:
        raise Refused("damaged")
    end = len(data) if size is None else at + size
    if end < len(data):
        raise Refused("second_file")
    if end > len(data):
        raise Refused("damaged")
    return _segment(data, at, end)


def _segment(data: bytes, at: int, end: int) -> FileType:
    kinds, clusters, elements = set(), 0, 0
    while at < end:
        elements += 1
        if elements > MOST_ELEMENTS:
            raise Refused("damaged")
        name, size, start = _element(data, at)
        # A cluster of a live recording has no size: its elements follow, until the next one of the segment.
        known = IN_SEGMENT | IN_CLUSTER if clusters else IN_SEGMENT
        if name not in known:
            raise Refused("second_file")
        clusters += name == CLUSTER
        if size is None:
            if name != CLUSTER:
                raise Refused("damaged")
            at = start
            continue
        if start + size > end:
            raise Refused("damaged")
        if name == TRACKS:
            kinds |= _track_kinds(data, start, start + size)
        at = start + size
    if not clusters or not kinds:
        raise Refused("damaged")
    if kinds - {1, 2}:
        raise Refused("second_file")
    return WEBM_FILM if 1 in kinds else WEBM_SOUND


def _track_kinds(data: bytes, at: int, end: int) -> set[int]:
    """1 picture, 2 sound."""
    found = set()
    while at < end:
        name, size, start = _element(data, at)
        if size is None or start + size > end:
            raise Refused("damaged")
        if name == TRACK_ENTRY:
            found |= _track_kinds(data, start, start + size)
        elif name == TRACK_TYPE:
            found.add(int.from_bytes(data[start : start + size], "big"))
        at = start + size
    return found


def _is_webm(data: bytes, at: int, end: int) -> bool:
    while at < min(end, len(data)):
        name, size, start = _element(data, at)
        if size is None:
            return False
        if name == DOC_TYPE:
            return data[start : start + size].rstrip(b"\0") == b"webm"
        at = start + size
    return False


def _element(data: bytes, at: int) -> tuple[int, int | None, int]:
    """(name, size or None where it is not known, where the content begins). Raises Refused: damaged."""
    name_bytes = _length(data, at, most=4)
    size_at = at + name_bytes
    size_bytes = _length(data, size_at, most=8)
    start = size_at + size_bytes
    if start > len(data):
        raise Refused("damaged")
    name = int.from_bytes(data[at:size_at], "big")
    size = int.from_bytes(data[size_at:start], "big") & (1 << 7 * size_bytes) - 1
    return name, None if size == (1 << 7 * size_bytes) - 1 else size, start


def _length(data: bytes, at: int, *, most: int) -> int:
    """How many bytes a number has: one more than the zeros before its first bit."""
    first = data[at] if at < len(data) else 0
    length = 9 - first.bit_length()
    if not first or length > most:
        raise Refused("damaged")
    return length
