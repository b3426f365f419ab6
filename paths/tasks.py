"""What workers carry for the learner's side."""

from celery import shared_task

from paths.services import artifacts


@shared_task(ignore_result=True)
def sweep_files() -> None:
    """By the clock: files that no piece of work names go, a day after they came."""
    artifacts.sweep_files()
