"""What workers carry for people, rosters, programs and other systems."""

from celery import shared_task

from lrm.scope import unscoped
from profiles.services import kept_answers, webhook_sending
from profiles.services.roster_import import undoing


@shared_task(ignore_result=True)
def forget_undo_rows() -> None:
    """By the clock: what imports of more than 30 days ago have kept for an undo goes."""
    with unscoped("imports of every district"):
        undoing.forget_old()


@shared_task(ignore_result=True)
def send_webhooks() -> None:
    """By the clock, every few seconds: messages that are due."""
    while webhook_sending.send_due() == webhook_sending.MOST:
        pass


@shared_task(ignore_result=True)
def forget_api_rests() -> None:
    """By the clock: answers and messages that nobody asks for any more."""
    kept_answers.forget_old_answers()
    webhook_sending.forget_old()
