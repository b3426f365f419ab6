"""A rewording that is typed and not saved yet: kept for whoever typed it, and for nobody else."""

from datetime import datetime

from paths.models import Goal, GoalEdit
from profiles.models import Account


def keep_typing(*, goal: Goal, typed: dict[str, list[str]], version: int, by: Account, now: datetime) -> None:
    """Keep what is typed; the newest typing of one person on one goal is the one that is kept."""
    GoalEdit.objects.update_or_create(goal=goal, author=by, defaults={"typed": typed, "version": version, "at": now})


def typing_of(goal: Goal, by: Account) -> GoalEdit | None:
    return GoalEdit.objects.filter(goal=goal, author=by).first()


def drop_typing(*, goal: Goal, by: Account) -> None:
    """Once it is saved, or thrown away."""
    GoalEdit.objects.filter(goal=goal, author=by).delete()
