"""Packages with so many standards that a worker takes them over, after somebody has looked at them."""

from django.db import transaction

from lrm.jobs.starting import start
from standards.models import PackageUpload

IMPORT = "standards_import"
SMALL_BYTES = 512 * 1024
"""A package up to this size, a thousand standards or two, is written while the person waits: a second."""


def is_small(upload: PackageUpload) -> bool:
    return len(upload.data) <= SMALL_BYTES


@transaction.atomic
def have_it_written(upload: PackageUpload, *, drawn_from: str | None, may_retire_many: bool) -> None:
    """Ask a worker for what `importing.import_package` does. Asked twice it is done once."""
    upload = PackageUpload.objects.select_for_update(of=("self",)).select_related("account", "job").get(pk=upload.pk)
    if upload.applied_at is None and not upload.is_at_work:
        params = {"upload": upload.pk, "drawn_from": drawn_from, "may_retire_many": may_retire_many}
        upload.job = start(IMPORT, district_id=upload.district_id, by=upload.account, params=params)
        upload.save(update_fields=["job"])
