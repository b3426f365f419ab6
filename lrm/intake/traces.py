"""Signs that a file is also a file of another format, for a program that reads it the other way."""

import re

PAGE = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body|script|iframe|object|embed)\b|<\?php|<svg[\s>]", re.I)
END_OF_ZIP = b"PK\x05\x06"
END_OF_ZIP_BYTES = 22
COMMENT_BYTES = 65_535
"""A ZIP ends with a record of 22 bytes and a comment; readers look for it from the end of the file."""


def is_also_page(data: bytes) -> bool:
    """Whether a browser that guesses would take it for a web page, or a server for a script."""
    return PAGE.search(data) is not None


def is_also_archive(data: bytes) -> bool:
    """Whether a program for ZIP, Office or Java files could open it: its end record, at a place where readers look."""
    tail = data[-(END_OF_ZIP_BYTES + COMMENT_BYTES) :]
    at = tail.find(END_OF_ZIP)
    while at >= 0:
        if len(tail) - at >= END_OF_ZIP_BYTES and int.from_bytes(tail[at + 20 : at + 22], "little") <= len(tail) - at:
            return True
        at = tail.find(END_OF_ZIP, at + 1)
    return data.startswith((b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf"))


def is_also_pdf(data: bytes) -> bool:
    """Readers of PDF look for its mark anywhere in the first 1,024 bytes."""
    return b"%PDF-" in data[:1024]
