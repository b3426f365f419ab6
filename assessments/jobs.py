"""Long work on levels: counts of days of a large district. Loaded when a kind of job is asked for."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.services import kept_counts
from lrm.jobs.kinds import JobRefused, job_kind
from lrm.jobs.running import Work
from profiles.models import Subgroup


@job_kind(kept_counts.JOB, gettext_lazy("Count earlier days of all schools"), page="school", stops=True)
def count_days(work: Work) -> None:
    """One transaction: a kill leaves what was kept before as it was, and the job begins again."""
    wanted = kept_counts.Wanted.from_params(work.job.params)

    def tell(done: int, total: int) -> None:
        work.say(done, total, _("Counting, school by school."))

    try:
        with transaction.atomic():
            kept_counts.make(wanted, work.job.district, tell=tell)
            work.finish()
    except Subgroup.DoesNotExist as gone:
        raise JobRefused(_("This subgroup has ended meanwhile. Nothing was counted.")) from gone
