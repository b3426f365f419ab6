"""The door: one file in, what is kept of it out."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import BinaryIO

from lrm.intake import boxes, films, names, pdfs, sounds, traces
from lrm.intake.kinds import AUDIO, IMAGE, LIMITS_MB, MP3, PDF, PDF_FILE, TYPES, UNSAID, VIDEO, WAV, FileType
from lrm.intake.refusals import Refused

HEAD = 8192
HEARSAY = {
    "wav": {"audio/wav", "audio/wave", "audio/x-wav"},
    "mp3": {"audio/mpeg"},
    "ogg": {"audio/ogg", "video/ogg", "application/ogg"},
    "webm": {"video/webm", "audio/webm"},
}
"""What the table of known beginnings (puremagic) calls our types, where it has other words for them than we do."""


@dataclass(frozen=True)
class TakenIn:
    """kind: one of IMAGE, AUDIO, VIDEO, PDF. name: to be shown, with the ending of the type. data: what is kept.

    preview: a small picture (JPEG), b"" for what is no picture.
    """

    kind: str
    media_type: str
    name: str
    data: bytes
    preview: bytes = b""


def take_in(file: BinaryIO, *, name: str, claim: str, allowed: Collection[str]) -> TakenIn:
    """Read a file and decide about it. Name, claim and content have to agree.

    claim: the media type that came with it, "" where none did. allowed: the kinds that may come in here.
    Raises Refused; nothing is kept then.
    """
    stem, ending = names.cleaned(name)
    candidates = [found for found in TYPES if ending in found.endings]
    _check_allowed({found.kind for found in candidates}, allowed)
    limit = max(LIMITS_MB[found.kind] for found in candidates)
    data = file.read(limit * 2**20 + 1)
    if not data:
        raise Refused("empty")
    if len(data) > limit * 2**20:
        raise Refused("too_large", limit=limit)
    claim = claim.split(";")[0].strip().lower()
    if claim not in UNSAID and not any(claim in found.claims for found in candidates):
        raise Refused("not_what_it_says", said=ending.upper())
    taken = _looked_into(data, stem or str(candidates[0].kind), ending, candidates)
    _check_allowed({taken.kind}, allowed)
    if len(data) > LIMITS_MB[taken.kind] * 2**20:
        raise Refused("too_large", limit=LIMITS_MB[taken.kind])
    return taken


def _check_allowed(kinds: set[str], allowed: Collection[str]) -> None:
    if not kinds & set(allowed):
        kind = VIDEO if VIDEO in kinds else AUDIO
        raise Refused(f"not_allowed_{kind}" if kinds <= {AUDIO, VIDEO} else "not_taken")


def _looked_into(data: bytes, stem: str, ending: str, candidates: list[FileType]) -> TakenIn:
    kind = candidates[0].kind
    if kind == PDF:
        pdfs.check_pdf(data)
        return _taken(PDF_FILE, stem, data)
    if kind == IMAGE:
        from lrm.intake import pictures  # Pillow takes 5 MB of a web server, and few pages meet a picture

        picture = pictures.redraw(data, candidates[0])
        # Drawn anew it is harmless; that something was hidden in it is said all the same.
        if traces.is_also_page(data) or traces.is_also_archive(data) or traces.is_also_pdf(data):
            raise Refused("second_file")
        return _taken(picture.type, stem, picture.data, picture.preview)
    return _recording(data, stem, ending, candidates)


def _recording(data: bytes, stem: str, ending: str, candidates: list[FileType]) -> TakenIn:
    kept = data
    if WAV in candidates:
        found = WAV
        sounds.check_wav(data)
    elif MP3 in candidates:
        found = MP3
        sounds.check_mp3(data)
    elif any("ogg" in candidate.media_type for candidate in candidates):
        found = films.check_ogg(data)
    elif any("webm" in candidate.media_type for candidate in candidates):
        found = films.check_webm(data)
    else:
        found, kept = boxes.check_boxes(data, ending)
    if found not in candidates or not _is_known_as(data, found):
        raise Refused("not_what_it_says", said=ending.upper())
    edges = data[:65_536] + data[-65_536:]
    if traces.is_also_page(edges) or traces.is_also_archive(data) or traces.is_also_pdf(data):
        raise Refused("second_file")
    return _taken(found, stem, kept)


def _is_known_as(data: bytes, found: FileType) -> bool:
    """A second opinion on the beginning of a recording, by a table that is not ours."""
    import puremagic  # its table of types takes a megabyte and a half: with the first file

    try:
        guesses = {guess.mime_type for guess in puremagic.magic_string(data[:HEAD])}
    except puremagic.PureError:
        return False
    family = found.media_type.rpartition("/")[2]
    wanted = HEARSAY.get(found.endings[0], set()) | HEARSAY.get(family, set()) | {found.media_type}
    return bool(guesses & wanted) or (found.endings[0] in ("mp4", "m4a", "mov") and bool(guesses & BOXED))


BOXED = {"video/mp4", "audio/mp4", "video/quicktime", "video/x-m4v", "video/3gpp", "audio/x-m4a"}
"""Brands overlap: a film of a phone may begin like a sound file."""


def _taken(found: FileType, stem: str, data: bytes, preview: bytes = b"") -> TakenIn:
    return TakenIn(found.kind, found.media_type, f"{stem}.{found.endings[0]}", data, preview)
