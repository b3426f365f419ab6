"""When a file is worked on at once and when by a worker, and that a district has one import at a time."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from lrm.jobs.models import Job
from lrm.jobs.starting import start
from profiles.models import Account, RosterImport, Upload
from profiles.oneroster.archive import line_count, unpacked_bytes
from profiles.services import uploads
from profiles.services.roster_import import deciding
from profiles.services.roster_import.applying import DemoRefused

CHECK, IMPORT, UNDO = "roster_check", "roster_import", "roster_undo"
SMALL_BYTES, SMALL_UNPACKED, SMALL_LINES = 128 * 1024, 4 * 1024 * 1024, 20_000
"""A file up to this size, packed and unpacked, is looked at while the person waits: a second or two."""


class NotNow(ValueError):
    """Nothing was begun. The message says why, and what to do."""


def is_small(upload: Upload) -> bool:
    data = uploads.content(upload)
    return len(data) <= SMALL_BYTES and unpacked_bytes(data) <= SMALL_UNPACKED and line_count(data) <= SMALL_LINES


def look(upload: Upload, *, by: Account) -> None:
    """Have the file compared with the district: at once where it is small, else by a worker.

    Raises PackageRefused, of a small file.
    """
    if is_small(upload):
        deciding.look(upload)
    else:
        upload.job = start(CHECK, district_id=upload.district_id, by=by, params={"upload": upload.pk})
    deciding.keep(upload)


@transaction.atomic
def apply(upload: Upload, *, by: Account, release_brake: bool) -> Job:
    """Have a worker take the file over as it was looked at. Raises NotNow."""
    upload = Upload.objects.select_for_update(of=("self",)).select_related("district", "job").get(pk=upload.pk)
    if upload.district.is_demo:
        raise NotNow(str(DemoRefused()))
    _refuse_second(upload.district_id)
    seen = upload.checked
    if seen is None:
        raise NotNow(_("Look at what would change first."))
    if seen["need_you"]:
        raise NotNow(_("Some lines still have to be settled."))
    if seen["brake_is_on"] and not release_brake:
        raise NotNow(_("More would leave than the brake allows. Look at who, and say that it is right."))
    params = {"upload": upload.pk, "expect": seen["digest"], "release_brake": release_brake}
    upload.job = start(IMPORT, district_id=upload.district_id, by=by, params=params)
    upload.save(update_fields=["job"])
    return upload.job


@transaction.atomic
def undo(row: RosterImport, *, by: Account) -> Job:
    """Have a worker put an import back. Raises NotNow."""
    _refuse_second(row.district_id)
    if not row.can_be_undone:
        raise NotNow(_("This import cannot be undone any more."))
    return start(UNDO, district_id=row.district_id, by=by, params={"import": row.pk})


def job_of_undo(row: RosterImport) -> Job | None:
    """The last undo that was asked for, None where nobody has."""
    return Job.objects.filter(kind=UNDO, params__import=row.pk).order_by("-pk").first()


def is_applied_now(upload: Upload) -> bool:
    return upload.job is not None and upload.job.kind == IMPORT and not upload.job.is_over


def after(upload: Upload) -> str:
    """Where to go once a file was taken over: to its import, or to the list where nothing had to be changed."""
    made = upload.job.result.get("import") if upload.job else ""
    return reverse("roster_import_one", args=[made]) if made else reverse("roster_import")


def another_import(job: Job) -> str:
    """Why this one may not be begun again now: the district has one at work. "" where it has none."""
    try:
        _refuse_second(job.district_id)
    except NotNow as said:
        return str(said)
    return ""


def _refuse_second(district_id: int) -> None:
    going_on = Job.objects.filter(
        district_id=district_id, kind__in=(IMPORT, UNDO), state__in=(Job.State.WAITING, Job.State.RUNNING)
    )
    if going_on.exists():
        raise NotNow(_("Another import of this district is at work. Wait until it is done, then look again."))
