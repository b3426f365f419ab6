"""What workers carry for people, rosters, programs and other systems."""

from celery import shared_task

from lrm.attempts import attempts
from lrm.scope import unscoped
from profiles.services import access_log_months, bulk_exports, kept_answers, nights, uploads, webhook_sending
from profiles.services.copies import files
from profiles.services.erasures.noting import note_for_backups
from profiles.services.roster_import import undoing


class NightsFailed(RuntimeError):
    """Districts of which not all that has had its time could be taken away; the next run tries them again."""


@shared_task(ignore_result=True)
def forget_undo_rows() -> None:
    """By the clock: files that nobody decided on for a day go, and what imports of 30 days ago kept for an undo."""
    with attempts("imports_not_forgotten") as attempt:
        with attempt(step="files"):
            uploads.forget_old()
        with attempt(step="undo"), unscoped("imports of every district"):
            undoing.forget_old()


@shared_task(ignore_result=True)
def send_webhooks() -> None:
    """By the clock, every few seconds: messages that are due."""
    while webhook_sending.send_due() == webhook_sending.MOST:
        pass


@shared_task(ignore_result=True)
def forget_api_rests() -> None:
    """By the clock: answers and messages that nobody asks for any more."""
    with attempts("rests_not_forgotten") as attempt:
        with attempt(step="answers"):
            kept_answers.forget_old_answers()
        with attempt(step="messages"):
            webhook_sending.forget_old()


@shared_task(ignore_result=True)
def forget_copies() -> None:
    """By the clock: files with everything about one learner go after a week."""
    files.forget_files()


@shared_task(ignore_result=True)
def keep_to_time() -> None:
    """By the clock: after three in the morning of each district, once a day, what has had its whole time goes.

    Before that, tables for the months to come are made, each hour that wants one; after it the list of who was erased
    is completed. None of the three stops the others. Raises NotAllDone or NightsFailed then, once all are through,
    where some could not be.
    """
    failed: list[int] = []
    with attempts("keep_to_time_failed") as attempt:
        with attempt(step="months of the access log"):
            access_log_months.make_ahead()
        with attempt(step="nights"):
            failed = nights.work_off()
        with attempt(step="list of who was erased"):
            note_for_backups()
    if failed:
        raise NightsFailed(f"Districts {', '.join(map(str, failed))}: see night_failed in the log.")


@shared_task(ignore_result=True)
def tell_of_exports() -> None:
    """By the clock: administrators are told who took records of many people along."""
    bulk_exports.tell()
