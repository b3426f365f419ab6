"""Files as they are sent, and as they lie in the folder."""

from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

from lrm.intake import TakenIn
from tests.factories.files import make_photo


def photo(name: str = "My photo.jpg", data: bytes | None = None, claim: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, make_photo() if data is None else data, claim)


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def a_file(
    data: bytes = b"kept bytes", media_type: str = "audio/wav", name: str = "a.wav", kind: str = "audio"
) -> TakenIn:
    return TakenIn(kind, media_type, name, data)
