"""What workers carry for every app: long work that somebody has asked for."""

from celery import shared_task

from lrm import mail_files
from lrm.attempts import attempts
from lrm.jobs import running


@shared_task(ignore_result=True)
def run_job(job_id: int) -> None:
    running.run(job_id)


@shared_task(ignore_result=True)
def sweep_jobs() -> None:
    """By the clock: jobs that wait, or whose worker was killed, are asked for again."""
    running.sweep()


@shared_task(ignore_result=True)
def forget_jobs() -> None:
    """By the clock: jobs that ended long ago go, and mails that a site without a mail server has as files."""
    with attempts("jobs_not_forgotten") as attempt:
        with attempt(step="rows"):
            running.forget_old()
        with attempt(step="mails"):
            mail_files.forget_old()
