"""Paths as pages show them: how far they are, and what can be done now, in a fixed number of statements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q
from django.utils import timezone

from paths import sequencing
from paths.models import Path, Step
from paths.pace import weekdays_between
from paths.sequencing import Part, PartKind, Place, State
from profiles.models import Learner


@dataclass(frozen=True)
class PartOnPage:
    """number: from 1. to_choose: how many steps of a choice board are still to be chosen."""

    number: int
    part: Part
    steps: list[Step]
    to_choose: int

    @property
    def is_choice(self) -> bool:
        return self.part.kind is PartKind.CHOICE

    @property
    def is_playlist(self) -> bool:
        return self.part.kind is PartKind.PLAYLIST

    @property
    def swappable(self) -> list[Step]:
        """Chosen steps that another one could take the place of."""
        return [step for step in self.steps if step.chosen_at and not step.done_at]


@dataclass(frozen=True)
class PathOnPage:
    """A path with its steps; each step carries `state` and `waits_on`."""

    path: Path
    steps: list[Step]

    @cached_property
    def places(self) -> list[Place]:
        return places_of(self.steps)

    @cached_property
    def progress(self) -> tuple[int, int]:
        return sequencing.progress(self.path.outline, self.places)

    @property
    def done(self) -> int:
        return self.progress[0]

    @property
    def total(self) -> int:
        """Steps of any way through: of a choice board only as many as are chosen."""
        return self.progress[1]

    @property
    def days_ahead(self) -> int:
        """Weekdays by which what is done is ahead of its days; 0 for anything else, which is nobody's news."""
        done = [step.due_on for step in self.steps if step.done_at and step.due_on]
        return weekdays_between(timezone.localdate(), max(done)) if done else 0

    @property
    def is_slow(self) -> bool:
        """What is next has been so for twice its plan."""
        return bool(self.path.look_on and self.path.look_on <= timezone.localdate())

    @property
    def now(self) -> Step | None:
        return next((step for step in self.steps if step.state == "now"), None)

    @cached_property
    def parts(self) -> list[PartOnPage]:
        to_choose = sequencing.choices_open(self.path.outline, self.places)
        return [
            PartOnPage(at + 1, part, [step for step in self.steps if step.part == at], to_choose[at])
            for at, part in enumerate(self.path.outline)
        ]

    @property
    def listed(self) -> list[Step]:
        """Without what was left on a board whose choice is made: short lists have no place for swapping."""
        return [step for step in self.steps if step.state != State.LEFT]

    @property
    def choice(self) -> PartOnPage | None:
        """The board on which something is chosen next, where no step is on before it."""
        return None if self.now else next((part for part in self.parts if part.to_choose), None)


def places_of(steps: Iterable[Step]) -> list[Place]:
    """Steps as the rules see them, by their uuid."""
    return [
        Place(
            step.uuid,
            step.part,
            tuple(step.waits_for),
            step.standard_id,
            is_done=step.done_at is not None,
            is_chosen=step.chosen_at is not None,
            is_fixed=step.is_fixed,
        )
        for step in steps
    ]


def paths_of(learner: Learner, *, put_away: bool = False) -> list[PathOnPage]:
    """The learner's paths, newest first; a path without a step is not shown. One statement."""
    steps = (
        Step.objects.filter(path__learner=learner)
        .filter(~Q(path__archived_at=None) if put_away else Q(path__archived_at=None))
        .select_related("path", "path__assigned_by", "path__goal", "standard")
        .order_by("-path__created_at", "-path_id", "position")
    )
    found: dict[int, PathOnPage] = {}
    for step in steps:
        found.setdefault(step.path_id, PathOnPage(step.path, [])).steps.append(step)
    return with_states(found.values())


def with_states(paths: Iterable[PathOnPage]) -> list[PathOnPage]:
    """The same paths, their steps told what they are and what they wait for (titles)."""
    found = list(paths)
    for shown in found:
        tell_states(shown.path, shown.steps)
    return found


def tell_states(path: Path, steps: Sequence[Step]) -> None:
    places = places_of(steps)
    titles = {step.uuid: step.title for step in steps}
    for step, state in zip(steps, sequencing.states(path.outline, places), strict=True):
        step.state = state.value
        waits = sequencing.waits_on(path.outline, places, step.uuid) if step.waits_for else []
        step.waits_on = [] if step.done_at else [titles[key] for key in waits]
