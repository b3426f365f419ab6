"""How files come in with a form: bounded, and a full disk is told instead of thrown."""

from errno import errorcode

import structlog
from django import forms
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest
from django.utils.translation import gettext as _

log = structlog.get_logger()

MOST_BYTES = 110 * 2**20
"""Of one file, whatever the form. Forms say how much less they take."""
TOO_LARGE, STORAGE = "too_large", "storage"


class BoundedUploadHandler(FileUploadHandler):
    """Stops reading a file that is longer than any form takes. The form gets the other fields, and no file.

    request.upload_trouble then says why: TOO_LARGE or STORAGE.
    """

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data, start):
        self.received += len(raw_data)
        if self.received > MOST_BYTES:
            _tell(self, TOO_LARGE)
            raise SkipFile
        return raw_data

    def file_complete(self, file_size):
        return None


class ToldTemporaryFileUploadHandler(TemporaryFileUploadHandler):
    """Django's, for a disk that is full: the file is left out, and the form says so."""

    def new_file(self, *args, **kwargs):
        try:
            super().new_file(*args, **kwargs)
        except OSError as trouble:
            self._tell(trouble)

    def receive_data_chunk(self, raw_data, start):
        try:
            return super().receive_data_chunk(raw_data, start)
        except OSError as trouble:
            self._tell(trouble)

    def _tell(self, trouble: OSError):
        log.error("upload not kept", error=errorcode.get(trouble.errno or 0))
        _tell(self, STORAGE)
        raise SkipFile from trouble


def _tell(handler: FileUploadHandler, trouble: str) -> None:
    if handler.request is not None:
        handler.request.upload_trouble = trouble  # type: ignore[attr-defined]  # lrm.http.Request names it


def say_trouble(request: HttpRequest, form: forms.Form, field: str) -> None:
    """Where the file was left out on its way, the form says why, and not that none was chosen."""
    trouble = getattr(request, "upload_trouble", "")
    if trouble == STORAGE:
        said = _("There is no room left on the server for this file. Nothing was changed. Tell your technician.")
    elif trouble == TOO_LARGE:
        said = _("The file is larger than %(limit)s MB.") % {"limit": MOST_BYTES // 2**20}
    else:
        return
    form.errors[field] = form.error_class([said])
