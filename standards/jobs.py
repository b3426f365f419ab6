"""Long work on standards: a package with thousands of them. Loaded when the app is ready."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lrm import acting
from lrm.jobs.kinds import JobRefused, job_kind
from lrm.jobs.running import Work
from standards import import_words
from standards.case.reader import read_package
from standards.models import PackageUpload
from standards.services.importing import ImportRefused, import_package
from standards.services.package_uploads import IMPORT

_REFUSED = {
    "stale": gettext_lazy("Somebody has brought in another edition meanwhile. Nothing was changed: look again below."),
    "many": gettext_lazy("More would be retired than was said to be right. Nothing was changed: look again below."),
}


@job_kind(IMPORT, gettext_lazy("Take a framework over"), page="standards_import", stops=True, way=acting.IMPORT)
def take_over(work: Work) -> None:
    """One transaction: a kill leaves nothing behind, and the job begins again from the file."""
    params = work.job.params
    upload = PackageUpload.objects.waiting().filter(pk=params["upload"]).first()
    if upload is None:
        raise JobRefused(_("The file is not kept any more: nobody has decided on it within a day. Choose it again."))
    work.say(0, 0, _("Comparing with what is here."))
    try:
        with transaction.atomic():
            plan = import_package(
                read_package(bytes(upload.data)),
                district_id=upload.district_id,
                progress=lambda done, total: work.say(done, total, _("Writing standards and associations.")),
                drawn_from=params["drawn_from"],
                may_retire_many=params["may_retire_many"],
            )
            upload.data, upload.applied_at = b"", timezone.now()
            upload.save(update_fields=["data", "applied_at"])
            work.finish({"framework": str(plan.package.document.uuid), "said": import_words.taken_over(plan)})
    except ImportRefused as refused:
        raise JobRefused(str(_REFUSED[refused.code])) from refused
