"""Files between "chosen" and "decided": kept for a day at most, dropped as soon as they are done with."""

import io
import zipfile
from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lrm.scope import unscoped
from profiles.models import Account, Upload

GONE = _("The file is not kept any more: a day is over, or somebody was erased. Choose a newer one.")


def keep(*, files: Sequence[UploadedFile], kind: str, by: Account, decisions: dict[str, Any] | None = None) -> Upload:
    """Store what was chosen; several CSV files of one package become one zip."""
    Upload.objects.filter(district_id=by.district_id).forget_old()
    first = files[0]
    if len(files) == 1 and not (kind == Upload.Kind.ROSTER and (first.name or "").lower().endswith(".csv")):
        data = first.read()
    else:
        data = _zipped(files)
    return Upload.objects.create(
        district_id=by.district_id,
        account=by,
        kind=kind,
        name=_name(files),
        data=data,
        decisions=decisions or {},
    )


def forget_old() -> None:
    """By the clock, of every district: where nobody chooses another file, nothing else would."""
    with unscoped("files of every district"):
        Upload.objects.all().forget_old()


def content(upload: Upload) -> bytes:
    """What was sent; empty once it was forgotten."""
    return bytes(upload.data or b"")


def decide(upload: Upload, **decisions: Any) -> None:
    """Note how to read the file, or what to do with a line."""
    upload.decisions = {**upload.decisions, **decisions}
    Upload.objects.waiting().filter(pk=upload.pk).update(decisions=upload.decisions)


def done(upload: Upload, *, summary: dict[str, Any]) -> None:
    """The file was taken over: its content goes, what it did stays."""
    upload.data, upload.decisions = None, {}
    upload.checked = upload.report = None
    upload.summary, upload.applied_at = summary, timezone.now()
    upload.save(update_fields=["data", "decisions", "checked", "report", "summary", "applied_at"])


def _name(files: Sequence[UploadedFile]) -> str:
    name = files[0].name or "?"
    return (name if len(files) == 1 else f"{name} + {len(files) - 1}")[:255]


def _zipped(files: Sequence[UploadedFile]) -> bytes:
    store = io.BytesIO()
    with zipfile.ZipFile(store, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.writestr((file.name or "?").rsplit("/", 1)[-1], file.read())
    return store.getvalue()
