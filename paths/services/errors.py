"""Why a change to a goal or path was refused. Nothing was stored."""

from paths.models import Goal, Path


class GoalChanged(Exception):
    """Somebody saved this goal first, in another window or by another hand. `current` holds what stands now."""

    def __init__(self, current: Goal) -> None:
        super().__init__(f"Goal {current.pk} is at version {current.version}.")
        self.current = current


class PathChanged(Exception):
    """Somebody changed this path first. `current` holds what stands now."""

    def __init__(self, current: Path) -> None:
        super().__init__(f"Path {current.pk} is at version {current.version}.")
        self.current = current


class NotNow(Exception):
    """The goal is not in a state in which this can be done, such as confirming one that is not closed."""


class UuidTaken(Exception):
    """The identifier of the form belongs to something else."""
