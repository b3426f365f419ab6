"""Long work on people: roster files, imports put back, a copy of everything about one. See lrm/jobs/kinds.py."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from lrm import acting
from lrm.jobs.kinds import JobRefused, job_kind
from lrm.jobs.running import Work
from profiles.models import RosterImport, Upload
from profiles.oneroster.package import PackageRefused
from profiles.services import nights
from profiles.services.copies import adults as adult_copies
from profiles.services.copies import asking as copies
from profiles.services.erasures import asking as erasures
from profiles.services.roster_import import deciding, undoing
from profiles.services.roster_import.applying import DemoRefused, RosterMoved, RosterRefused
from profiles.services.roster_import.entities import ENTITIES
from profiles.services.roster_import.working import CHECK, IMPORT, UNDO, another_import
from profiles.services.uploads import GONE

_WRITTEN = [*ENTITIES, "enrollments", "keep"]


@job_kind(CHECK, _lazy("Look at a roster file"), page="roster_import", stops=True)
def check(work: Work) -> None:
    upload = _upload(work)
    try:
        with transaction.atomic():
            deciding.look(upload, tell=_told(work, is_written=False))
            if not deciding.keep(upload):
                raise JobRefused(str(GONE))
            work.finish()
    except PackageRefused as refused:
        raise JobRefused(str(refused)) from refused


@job_kind(
    IMPORT,
    _lazy("Take a roster over"),
    page="roster_import",
    stops=True,
    hindrance=another_import,
    way=acting.IMPORT,
)
def take_over(work: Work) -> None:
    """One transaction: a kill leaves nothing behind, and the job begins again from the file."""
    upload = _upload(work)
    params = work.job.params
    try:
        with transaction.atomic():
            row = deciding.take_over(
                upload,
                by=work.job.started_by,
                expect=params["expect"],
                release_brake=params["release_brake"],
                tell=_told(work, is_written=True),
            )
            work.finish({"import": str(row.uuid) if row else ""})
    except RosterMoved as moved:
        deciding.note(upload, moved.plan)
        if not deciding.keep(upload):
            raise JobRefused(str(GONE)) from moved
        raise JobRefused(
            _(
                "The roster has changed since you looked, so something else would have come of it. Nothing was changed."
                " Below is what would change now: look again, then apply."
            )
        ) from moved
    except RosterRefused as refused:
        if refused.brake:
            said = _("More would leave than the brake allows. Look at who, and say that it is right.")
        else:
            said = _("Some lines still have to be settled.")
        deciding.note(upload, refused.plan)
        raise JobRefused(said if deciding.keep(upload) else str(GONE)) from refused
    except (DemoRefused, PackageRefused) as refused:
        raise JobRefused(str(refused)) from refused


@job_kind(
    UNDO,
    _lazy("Undo a roster import"),
    page="roster_import",
    stops=True,
    hindrance=another_import,
    way=acting.IMPORT,
)
def put_back(work: Work) -> None:
    row = RosterImport.objects.select_related("district").filter(pk=work.job.params["import"]).first()
    if row is None:
        raise JobRefused(_("The import is not there any more."))
    work.say(0, 0, _("Putting back what nobody has changed since."))
    try:
        with transaction.atomic():
            undoing.undo(row, by=work.job.started_by)
            work.finish()
    except undoing.UndoRefused as refused:
        raise JobRefused(str(refused)) from refused


job_kind(copies.KIND, _lazy("Copy everything about a student"), page="copies", stops=True)(copies.carry_out)
job_kind(adult_copies.KIND, _lazy("Copy everything about an adult"), page="", stops=True)(adult_copies.carry_out)
job_kind(erasures.KIND, _lazy("Erase a person"), page="erasures")(erasures.carry_out)


@job_kind(nights.KIND, _lazy("Take away what has had its time"), page="retention")
def take_away(work: Work) -> None:
    """Batch by batch, each its own transaction: a kill leaves what is gone gone, and the next one finds the rest."""
    night = nights.take_away(work.job.district, on=timezone.localdate())
    if night is None:
        raise JobRefused(str(nights.BROKEN))
    if night.finished_at is None:
        raise JobRefused(_("A month of the log of looks is in use. The rest is gone; LRM tries again every hour."))


def _upload(work: Work) -> Upload:
    found = Upload.objects.waiting().select_related("district").filter(pk=work.job.params["upload"]).first()
    if found is None:
        raise JobRefused(str(GONE))
    return found


def _told(work: Work, *, is_written: bool) -> deciding.Tell:
    """Progress of 100: reading is most of it, since every line passes through; writing goes by tables."""
    read, compared = (45, 60) if is_written else (75, 100)

    def tell(what: str, share: float) -> None:
        if what == "read":
            work.say(int(read * share), 100, _("Reading the files."))
        elif what == "compare":
            work.say(read, 100, _("Comparing with what is here."), at_once=True)
        elif what in _WRITTEN:
            done = compared + (100 - compared) * _WRITTEN.index(what) // len(_WRITTEN)
            work.say(done, 100, _step(what), at_once=True)

    return tell


def _step(what: str) -> str:
    if what == "keep":
        return _("Keeping what was there before, for an undo.")
    if what == "enrollments":
        return _("Writing class lists.")
    return _("Writing people.") if what in ("accounts", "learners") else _("Writing schools and classes.")
