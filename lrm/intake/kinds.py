"""The types that are taken, how large they may be, and which claims go with which."""

from dataclasses import dataclass

IMAGE, AUDIO, VIDEO, PDF = "image", "audio", "video", "pdf"
LIMITS_MB = {IMAGE: 15, PDF: 20, AUDIO: 20, VIDEO: 60}
"""Of one file. 15 MB holds the largest photo of a phone, 60 MB about three minutes of film."""


@dataclass(frozen=True)
class FileType:
    """endings: without the dot, the usual one first.    claims: what browsers say of such a file."""

    kind: str
    media_type: str
    endings: tuple[str, ...]
    claims: frozenset[str]


def _type(kind: str, media_type: str, endings: str, claims: str = "") -> FileType:
    return FileType(kind, media_type, tuple(endings.split()), frozenset({media_type, *claims.split()}))


JPEG = _type(IMAGE, "image/jpeg", "jpg jpeg jfif", "image/jpg image/pjpeg")
PNG = _type(IMAGE, "image/png", "png", "image/x-png")
WEBP = _type(IMAGE, "image/webp", "webp")
GIF = _type(IMAGE, "image/gif", "gif")
PDF_FILE = _type(PDF, "application/pdf", "pdf", "application/x-pdf")
MP3 = _type(AUDIO, "audio/mpeg", "mp3", "audio/mp3 audio/x-mp3 audio/mpeg3")
WAV = _type(AUDIO, "audio/wav", "wav", "audio/x-wav audio/wave audio/vnd.wave")
M4A = _type(AUDIO, "audio/mp4", "m4a mp4", "audio/x-m4a audio/m4a video/mp4")
MP4 = _type(VIDEO, "video/mp4", "mp4 m4v", "video/x-m4v")
MOV = _type(VIDEO, "video/quicktime", "mov")
OGG_SOUND = _type(AUDIO, "audio/ogg", "ogg oga opus", "application/ogg video/ogg audio/opus")
OGG_FILM = _type(VIDEO, "video/ogg", "ogv ogg", "application/ogg audio/ogg")
WEBM_SOUND = _type(AUDIO, "audio/webm", "webm weba", "video/webm")
WEBM_FILM = _type(VIDEO, "video/webm", "webm")

TYPES = (JPEG, PNG, WEBP, GIF, PDF_FILE, MP3, WAV, M4A, MP4, MOV, OGG_SOUND, OGG_FILM, WEBM_SOUND, WEBM_FILM)
ENDINGS = {ending for found in TYPES for ending in found.endings}
UNSAID = frozenset({"", "application/octet-stream", "binary/octet-stream"})
"""What a browser says of a file that it does not know: no claim, so no lie."""

ENDING_REASONS = {
    **dict.fromkeys(("doc", "docx", "docm", "xls", "xlsx", "xlsm", "ppt", "pptx", "pptm", "odt", "rtf"), "office"),
    **dict.fromkeys(("svg", "svgz"), "drawing_code"),
    **dict.fromkeys(("html", "htm", "xhtml", "mht", "mhtml", "xml"), "web_page"),
    **dict.fromkeys(("zip", "rar", "7z", "gz", "tar", "jar"), "archive"),
    **dict.fromkeys(("heic", "heif"), "heic"),
}
"""Endings that people do try, with a way out of their own."""
