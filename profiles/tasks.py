"""What workers carry for people and rosters."""

from celery import shared_task

from lrm.scope import unscoped
from profiles.services.roster_import import undoing


@shared_task(ignore_result=True)
def forget_undo_rows() -> None:
    """By the clock: what imports of more than 30 days ago have kept for an undo goes."""
    with unscoped("imports of every district"):
        undoing.forget_old()
