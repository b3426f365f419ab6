"""Files made by code: sound ones, and ones that hide something. No sample of anybody else is kept here."""

import io
import struct
import zipfile
import zlib

from PIL import Image, ImageDraw

PLACE = 34853  # the EXIF tag of GPS


def make_picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48), **save) -> bytes:
    """A picture with a bar at its left edge, so that a turn shows."""
    picture = Image.new("RGB", size, "white")
    ImageDraw.Draw(picture).rectangle((0, 0, size[0] // 4, size[1]), fill="black")
    store = io.BytesIO()
    picture.save(store, kind, **save)
    return store.getvalue()


def make_photo(*, turn: int = 6, comment: bytes = b"our kitchen") -> bytes:
    """A JPEG with a place, a camera, a comment and a turn noted beside its pixels."""
    exif = Image.Exif()
    exif[0x0112] = turn
    exif[0x010F] = "Some Camera"
    exif[PLACE] = {1: "N", 2: (42.0, 21.0, 7.0), 3: "W", 4: (71.0, 3.0, 30.0)}
    return make_picture(exif=exif, comment=comment)


def make_png_that_says(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to be as large as that."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


def make_moving(kind: str = "GIF", frames: int = 3) -> bytes:
    pictures = [Image.new("RGB", (20, 20), (80 * n, 0, 0)) for n in range(frames)]
    store = io.BytesIO()
    pictures[0].save(store, kind, save_all=True, append_images=pictures[1:], duration=100)
    return store.getvalue()


def make_pdf(*objects: bytes, catalog: bytes = b"", tail: bytes = b"") -> bytes:
    """One blank page; more objects as "<<..>>", more entries of the catalog, and bytes behind the end."""
    body = [
        b"<< /Type /Catalog /Pages 2 0 R " + catalog + b" >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R >>",
        make_stream(b"BT /F1 12 Tf (my work) Tj ET"),
        *objects,
    ]
    data, places = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", []
    for number, item in enumerate(body, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    xref = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(body) + 1)
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    return data + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(body) + 1, xref) + tail


def make_stream(content: bytes, entries: bytes = b"", *, packed: bool = True) -> bytes:
    data = zlib.compress(content) if packed else content
    flate = b"/Filter /FlateDecode" if packed else b""
    return b"<< /Length %d %s %s >>\nstream\n%s\nendstream" % (len(data), flate, entries, data)


def make_zip(name: str = "hello.txt", text: str = "hello") -> bytes:
    store = io.BytesIO()
    with zipfile.ZipFile(store, "w") as archive:
        archive.writestr(name, text)
    return store.getvalue()


def make_wav(seconds: float = 0.1) -> bytes:
    sound = b"\x00\x10" * int(8000 * seconds)
    form = b"fmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 16000, 2, 16)
    body = b"WAVE" + form + b"data" + struct.pack("<I", len(sound)) + sound
    return b"RIFF" + struct.pack("<I", len(body)) + body


def make_mp3(frames: int = 12, *, tag: bytes = b"") -> bytes:
    """Silence at 128 kbit/s and 44,100 Hz: 417 bytes a frame. tag: content of an ID3v2 tag."""
    size = bytes(len(tag) >> shift & 0x7F for shift in (21, 14, 7, 0))
    head = b"ID3\x04\x00\x00" + size + tag if tag else b""
    return head + (b"\xff\xfb\x90\x64" + bytes(413)) * frames


def box(name: bytes, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return struct.pack(">I", 8 + len(content)) + name + content


def make_mp4(*, brand: bytes = b"isom", tracks: tuple[bytes, ...] = (b"vide", b"soun"), more: bytes = b"") -> bytes:
    """Boxes as a phone writes them, with the place where it was made; no player would show more than nothing."""
    notes = box(b"udta", box(b"\xa9xyz", b"\x00\x12\x15\xc7+42.3601-071.0589/"))
    made = [box(b"trak", box(b"mdia", box(b"hdlr", bytes(8), track, bytes(13)))) for track in tracks]
    moov = box(b"moov", box(b"mvhd", bytes(100)), *made, notes)
    return box(b"ftyp", brand, bytes(4), b"isom") + moov + box(b"mdat", bytes(500)) + more


def make_ogg(first: bytes = b"OpusHead\x01\x02", pages: int = 3) -> bytes:
    found = b""
    for number in range(pages):
        content = first if number == 0 else bytes(200)
        head = struct.pack("<4sBBqIIIB", b"OggS", 0, 2 if number == 0 else 0, number, 7, number, 0, 1)
        found += head + bytes([len(content)]) + content
    return found


def element(name: int, content: bytes) -> bytes:
    """An EBML element with a size of eight bytes."""
    length = (name.bit_length() + 7) // 8
    return name.to_bytes(length, "big") + (0x01 << 56 | len(content)).to_bytes(8, "big") + content


def make_webm(*, track: int = 1, more: bytes = b"", tail: bytes = b"") -> bytes:
    head = element(0x1A45DFA3, element(0x4286, b"\x01") + element(0x4282, b"webm"))
    tracks = element(0x1654AE6B, element(0xAE, element(0xD7, b"\x01") + element(0x83, bytes([track]))))
    cluster = element(0x1F43B675, element(0xE7, b"\x00") + element(0xA3, bytes(80)))
    return head + element(0x18538067, tracks + cluster + more) + tail
