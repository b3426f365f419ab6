"""Why a change to a goal or path was refused. Nothing was stored."""

from collections.abc import Sequence

from paths.models import Goal, Path, PathTemplate, Step, StepProposal
from paths.sequencing import Hold, Problem


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


class PlanRefused(Exception):
    """The steps of a plan do not hold together; each problem names them by their place in the list, from 0."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(", ".join(problem.fault for problem in problems))
        self.problems = problems


class StepHeld(Exception):
    """A step cannot be moved there. by: the step that holds it, where there is one."""

    def __init__(self, hold: Hold, step: Step, by: Step | None) -> None:
        super().__init__(f"Step {step.pk} is held: {hold}.")
        self.hold, self.step, self.by = hold, step, by


class StepWaits(Exception):
    """A step cannot be ticked yet. others: those that come first, in the order of the path."""

    def __init__(self, step: Step, others: Sequence[Step]) -> None:
        super().__init__(f"Step {step.pk} waits.")
        self.step, self.others = step, others


class BoardIsFull(Exception):
    """As many steps of this choice board are chosen as are wanted."""

    def __init__(self, step: Step) -> None:
        super().__init__(f"The board of step {step.pk} is full.")
        self.step = step


class TemplateChanged(Exception):
    """Somebody changed this template first. `current` holds what stands now."""

    def __init__(self, current: PathTemplate) -> None:
        super().__init__(f"Template {current.pk} is at version {current.version}.")
        self.current = current


class ProposalAnswered(Exception):
    """Somebody has answered this proposal, or it was taken back. `current` holds what stands now."""

    def __init__(self, current: StepProposal) -> None:
        super().__init__(f"Proposal {current.pk} is {current.state}.")
        self.current = current
