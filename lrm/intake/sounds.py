"""WAV by its chunks and MP3 by its frames: a sound file is one from its first byte to its last.

Sources: Microsoft RIFF (1991); ISO/IEC 11172-3 and 13818-3 for the frame header; id3.org for ID3v2.4 and ID3v1.
"""

from lrm.intake.refusals import Refused

FEWEST_FRAMES = 4
MOST_CHUNKS = 1000
KBPS = {  # by (is MPEG 1, layer), by the index in the header
    (True, 1): (0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (True, 2): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, 3): (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, 1): (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, 2): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 3): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
HERTZ = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}


def check_wav(data: bytes) -> None:
    """Raises Refused: not_what_it_says, damaged, second_file."""
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise Refused("not_what_it_says", said="WAV")
    end, at, found = 8 + int.from_bytes(data[4:8], "little"), 12, set()
    chunks = 0
    while at + 8 <= min(end, len(data)):
        chunks += 1
        if chunks > MOST_CHUNKS:
            raise Refused("damaged")
        found.add(data[at : at + 4])
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        at += 8 + size + size % 2
    if not {b"fmt ", b"data"} <= found or at not in (end, end + 1) or end > len(data) + 1:
        raise Refused("damaged")
    if end + 1 < len(data):
        raise Refused("second_file")


def check_mp3(data: bytes) -> None:
    """Raises Refused: not_what_it_says, damaged, second_file."""
    at, frames = _after_id3(data), 0
    end = len(data) - 128 if data[-128:-125] == b"TAG" else len(data)
    while at + 4 <= end:
        size = _frame_size(data[at : at + 4])
        if not size:
            break
        at, frames = at + size, frames + 1
    if frames < FEWEST_FRAMES:
        raise Refused("not_what_it_says", said="MP3")
    # A recorder that was switched off leaves half a frame; some programs fill up with zeros or an APE tag.
    if at < end and data[at:end].strip(b"\0") and not data[at:].startswith(b"APETAGEX"):
        raise Refused("second_file")


def _after_id3(data: bytes) -> int:
    """Where the sound begins: behind the ID3v2 tag, whose size has seven bits a byte."""
    if data[:3] != b"ID3":
        return 0
    size = 0
    for byte in data[6:10]:
        size = size << 7 | byte & 0x7F
    at = 10 + size + (10 if data[5:6] and data[5] & 0x10 else 0)
    while data[at : at + 1] == b"\0":  # padding
        at += 1
    return at


def _frame_size(header: bytes) -> int:
    """Bytes of the frame that begins with this header, 0 where none does."""
    if header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return 0
    version, layer = header[1] >> 3 & 3, 4 - (header[1] >> 1 & 3)
    rate, hertz, padding = header[2] >> 4, header[2] >> 2 & 3, header[2] >> 1 & 1
    if version == 1 or layer == 4 or rate in (0, 15) or hertz == 3:
        return 0
    bits_a_second = KBPS[version == 3, layer][rate] * 1000
    hertz = HERTZ[version][hertz]
    if layer == 1:
        return (12 * bits_a_second // hertz + padding) * 4
    samples_over_8 = 72 if layer == 3 and version != 3 else 144
    return samples_over_8 * bits_a_second // hertz + padding
