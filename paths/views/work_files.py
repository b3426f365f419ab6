"""Files of work: fetched by whoever may see the piece, and never run by a browser."""

import os
import re
from collections.abc import Iterator
from typing import BinaryIO
from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from lrm.file_store import WORK
from lrm.http import Request
from lrm.policy import EVERYBODY, allow
from paths.models import Artifact
from paths.views.shared import note_look

RANGE = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})")
CHUNK = 65_536
PREVIEW_TYPE = "image/jpeg"


@allow(*EVERYBODY)
@require_GET
def work_file(request: Request, pk: int) -> HttpResponse | StreamingHttpResponse:
    """The file, to be saved. A part of it where `Range` asks for one, so that a broken download goes on."""
    artifact = _seen(request, pk)
    assert artifact.stored is not None
    return send_file(request, artifact.stored, artifact.media_type, download_name(artifact))


def send_file(
    request: Request, stored: UUID, media_type: str, name: str
) -> HttpResponse | FileResponse | StreamingHttpResponse:
    """Whole or in part, as attachment, under the seal. The caller has asked whether the account may see it."""
    file = _opened(stored, preview=False)
    size = os.fstat(file.fileno()).st_size
    start, end = part_of(request.headers.get("Range", ""), size)
    if start >= size > 0:
        file.close()
        refused = HttpResponse(status=416)
        refused["Content-Range"] = f"bytes */{size}"
        return _sealed(refused)
    if (start, end) == (0, size):
        whole = FileResponse(file, content_type=media_type, as_attachment=True, filename=name)
        whole["Accept-Ranges"] = "bytes"
        return _sealed(whole)
    file.seek(start)
    part = StreamingHttpResponse(_read(file, end - start), content_type=media_type, status=206)
    part["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    part["Content-Length"] = str(end - start)
    part["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return _sealed(part)


@allow(*EVERYBODY)
@require_GET
def work_preview(request: Request, pk: int) -> FileResponse:
    """A small picture, drawn here from the pixels alone, to be shown on pages."""
    artifact = _seen(request, pk)
    if not artifact.has_preview:
        raise Http404
    assert artifact.stored is not None
    return send_preview(artifact.stored)


def send_preview(stored: UUID) -> FileResponse:
    """The small picture, under the seal."""
    return _sealed(FileResponse(_opened(stored, preview=True), content_type=PREVIEW_TYPE))


def part_of(header: str, size: int) -> tuple[int, int]:
    """(first byte, the one behind the last) of a Range header; all of it where it asks for no single part."""
    found = RANGE.fullmatch(header.strip())
    if not found or not (found[1] or found[2]):
        return 0, size
    if not found[1]:
        return max(size - int(found[2]), 0), size
    start = int(found[1])
    end = min(int(found[2]) + 1, size) if found[2] else size
    return (start, end) if start < end or start >= size else (0, size)


def download_name(artifact: Artifact) -> str:
    """What the learner called it where it has a title, with the ending of its type."""
    stem = "".join(letter for letter in artifact.title if letter.isprintable() and letter not in '<>:"/\\|?*;').strip(
        ". "
    )
    ending = artifact.name.rpartition(".")[2]
    return f"{stem}.{ending}" if stem else artifact.name


def _seen(request: Request, pk: int) -> Artifact:
    artifact = get_object_or_404(Artifact.objects.visible_to(request.user).filter(stored__isnull=False), pk=pk)
    note_look(request, artifact.learner_id)
    return artifact


def _opened(stored: UUID, *, preview: bool) -> BinaryIO:
    try:
        return WORK.open(stored, preview=preview)
    except FileNotFoundError:
        raise Http404 from None


def _read(file: BinaryIO, left: int) -> Iterator[bytes]:
    with file:
        while left > 0 and (chunk := file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk


def _sealed(response):
    """Whatever a browser takes it for: no script, no frame, no other site, no copy that stays behind."""
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    response["Content-Encoding"] = "identity"  # else the compressing middleware packs what is packed, and breaks parts
    return response
