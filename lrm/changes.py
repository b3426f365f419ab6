"""What changes in a lower app and matters to a higher one, which must not be imported from below.

The higher app listens when it is ready; the lower one tells, in the transaction that makes the change.
"""

from collections.abc import Callable
from dataclasses import dataclass, field


class Listeners:
    """Functions to call, with the same arguments, in the order in which they came."""

    def __init__(self) -> None:
        self._functions: list[Callable[..., None]] = []

    def listen(self, function: Callable[..., None]) -> None:
        if function not in self._functions:
            self._functions.append(function)

    def tell(self, *args, **kwargs) -> None:
        for function in self._functions:
            function(*args, **kwargs)


@dataclass(slots=True)
class Turns:
    """Ids of the learners for whom something begins or ends on a day, and of the rosters where."""

    learners: set[int] = field(default_factory=set)
    rosters: set[int] = field(default_factory=set)


DERIVED: set[str] = set()
"""Labels of models whose rows hold nothing of their own: where a roster's row is taken back, they go with it.

Each app adds its own when it is ready, like "assessments.RosterVersion".
"""
enrollments_changed = Listeners()
"""tell(learner_ids, roster_ids=.., ahead={day to come: Turns}, zone=ZoneInfo of the district)."""
standards_changed = Listeners()
"""tell(standard_ids): their place in the tree or their subject is another one now."""
objections_changed = Listeners()
"""tell(learner_id): suggestions are to be made anew, with or without what is known about the learner."""
learners_merged = Listeners()
"""tell(merge): rows that name a learner by foreign key have moved from merge.merged to merge.kept; what cannot be moved
so is the listener's. It may keep in merge.moved, under its model's label, what it needs to take it apart again."""
learners_parted = Listeners()
"""tell(merge): the same, undone."""


class Questions:
    """What a lower app asks the higher ones, which it must not import: they answer once they are ready."""

    def __init__(self) -> None:
        self._functions: list[Callable[..., object]] = []

    def answer_with(self, function: Callable[..., object]) -> None:
        if function not in self._functions:
            self._functions.append(function)

    def ask(self, *args, **kwargs) -> list:
        """The answers, in the order in which those who answer came."""
        return [function(*args, **kwargs) for function in self._functions]


standards_in_use = Questions()
"""ask(standard_ids) -> {standard id: how many learners have evidence on it}; a standard that nobody has is left out."""
