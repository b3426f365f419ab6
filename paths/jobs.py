"""Long work on learners' paths and what helped them. Loaded when the app is ready."""

from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lrm.jobs.kinds import JobRefused, job_kind
from lrm.jobs.running import Work
from paths.models import ImpactQuestion
from paths.services import impact


@job_kind(impact.JOB, gettext_lazy("Work out whether something helped"), page="impact", stops=True)
def answer(work: Work) -> None:
    """It only reads until it is through: a kill leaves the question unanswered, and the job begins again."""
    question = ImpactQuestion.objects.filter(pk=work.job.params["question"]).first()
    if question is None:
        raise JobRefused(_("The question is not there any more."))

    def tell(done: int, total: int) -> None:
        work.say(done, total, _("Reading what students showed before and after."))

    found = impact.work_out(question, zone=ZoneInfo(work.job.district.time_zone), tell=tell)
    with transaction.atomic():
        impact.keep(question, found)
        work.finish()
