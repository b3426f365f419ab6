"""MP4, M4A and MOV by their boxes. Notes about where and with what they were made are blotted out.

Source: ISO/IEC 14496-12 (boxes), Apple's QuickTime File Format for `udta` and `wide`.
"""

from collections.abc import Iterator

from lrm.intake.kinds import M4A, MOV, MP4, FileType
from lrm.intake.refusals import Refused

AT_THE_TOP = frozenset(b"ftyp moov mdat free skip wide udta meta uuid pdin moof mfra sidx styp emsg prft ssix".split())
CONTAINERS = frozenset((b"moov", b"trak", b"mdia"))
NOTES = frozenset((b"udta", b"meta", b"uuid"))
"""Places, titles, people. Blotted out where they stand, so that nothing behind them moves."""
BRANDS = {
    b"qt  ": MOV,
    **dict.fromkeys((b"M4A ", b"M4B "), M4A),
    **dict.fromkeys((b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"dash"), MP4),
    **dict.fromkeys((b"3gp4", b"3gp5", b"MSNV", b"mmp4", b"iso8", b"iso9", b"hlsf"), MP4),
}
MOST_BOXES = 20_000


def check_boxes(data: bytes, said: str) -> tuple[FileType, bytes]:
    """(what it is, the bytes that are kept). said: its ending.

    Raises Refused: not_what_it_says, damaged, second_file.
    """
    if data[4:8] != b"ftyp" or data[8:12] not in BRANDS:
        raise Refused("not_what_it_says", said=said.upper())
    kept = bytearray(data)
    names, tracks = set(), set()
    for depth, name, at, start, end in _walk(data, 0, len(data), 0):
        if depth == 0:
            if name not in AT_THE_TOP:
                raise Refused("second_file")
            names.add(name)
        if name == b"hdlr":
            tracks.add(data[start + 8 : start + 12])
        if name in NOTES:
            kept[at + 4 : at + 8] = b"free"
            kept[start:end] = bytes(end - start)
    if not {b"moov", b"mdat"} <= names or not tracks & {b"vide", b"soun"}:
        raise Refused("damaged")
    if b"vide" not in tracks:
        return M4A, bytes(kept)
    return (MOV if BRANDS[data[8:12]] is MOV else MP4), bytes(kept)


def _walk(data: bytes, at: int, end: int, depth: int) -> Iterator[tuple[int, bytes, int, int, int]]:
    """(depth, name, where it begins, where its content begins, its end) of each box.

    Raises Refused where boxes do not fill their place.
    """
    count = 0
    while at < end:
        count += 1
        size, name, head = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8], 8
        if size == 1:
            size, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        elif size == 0 and depth == 0:
            size = end - at
        if size < head or at + size > end or count > MOST_BOXES:
            raise Refused("damaged")
        yield depth, name, at, at + head, at + size
        if name in CONTAINERS and depth < 3:
            yield from _walk(data, at + head, at + size, depth + 1)
        at += size
