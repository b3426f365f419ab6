"""What a piece of work can belong to: a goal, a step of a path, a reflection, a project, each of this learner."""

from dataclasses import dataclass

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from paths.models import Artifact, Goal, Project, Reflection, Step
from paths.services.artifacts import NOTHING, About
from profiles.models import Account, Learner

KINDS = ("goal", "step", "reflection", "project")
Thing = Goal | Step | Reflection | Project


@dataclass(frozen=True)
class Offer:
    """Choices are written as "goal:12". `chosen`: one that is offered although it is done, or was not live."""

    learner: Learner
    account: Account
    chosen: str = ""

    def holds(self, value: str) -> bool:
        return not value or self.find(value) is not None

    def find(self, value: str) -> Thing | None:
        """The learner's own thing of that name; None for anybody else's, and for what is not there."""
        kind, _colon, pk = value.partition(":")
        if kind not in KINDS or not pk.isdecimal() or len(pk) > 18:
            return None
        return self._rows(kind).filter(pk=int(pk)).first()

    def _rows(self, kind: str):
        if kind == "goal":
            goals = Goal.objects.visible_to(self.account).filter(learner=self.learner)
            return goals.exclude(state=Goal.State.DRAFT)
        if kind == "step":
            return Step.objects.filter(path__learner=self.learner).select_related("path", "standard")
        if kind == "project":
            projects = Project.objects.visible_to(self.account).filter(learner=self.learner)
            return projects.exclude(state=Project.State.DRAFT)
        return Reflection.objects.filter(goal__learner=self.learner, is_draft=False).select_related("goal")

    def about(self, value: str) -> About:
        found = self.find(value)
        if isinstance(found, Goal):
            return About(goal_id=found.pk)
        if isinstance(found, Step):
            return About(step_id=found.pk)
        if isinstance(found, Reflection):
            return About(goal_id=found.goal_id, reflection_id=found.pk)
        if isinstance(found, Project):
            return About(project_id=found.pk)
        return NOTHING

    def standards_of(self, value: str) -> list[int]:
        """What the goal or step counts towards; its work shows the same, unless it is said otherwise."""
        found = self.find(value)
        if isinstance(found, Reflection):
            found = found.goal
        if isinstance(found, Goal | Project):
            return list(found.standards.values_list("pk", flat=True))
        return [found.standard_id] if found is not None and found.standard_id else []

    @cached_property
    def groups(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """[(heading, [(value, words)])]: live goals, steps that are not done, and what was chosen."""
        goals = [
            (f"goal:{goal.pk}", goal.what)
            for goal in self._rows("goal").filter(state=Goal.State.LIVE).order_by("-created_at")[:20]
        ]
        steps = [
            (f"step:{step.pk}", step.title)
            for step in self._rows("step")
            .filter(done_at__isnull=True, path__archived_at__isnull=True)
            .order_by("path_id", "position")[:40]
        ]
        running = (Project.State.RUNNING, Project.State.CLOSING)
        projects = [
            (f"project:{project.pk}", project.title)
            for project in self._rows("project").filter(state__in=running, archived_at__isnull=True)[:20]
        ]
        offered = [(_("Goals"), goals), (_("Projects"), projects), (_("Steps of a path"), steps)]
        if self.chosen and all(self.chosen != value for _heading, rows in offered for value, _words in rows):
            found = self.find(self.chosen)
            if found is not None:
                offered.insert(0, (_("Chosen"), [(self.chosen, words_about(found))]))
        return [(heading, rows) for heading, rows in offered if rows]


def words_about(found: Thing) -> str:
    if isinstance(found, Goal):
        return found.what
    if isinstance(found, Step | Project):
        return found.title
    return _("What helped: %(goal)s") % {"goal": found.goal.what}


def value_of(artifact: Artifact) -> str:
    """What the piece belongs to, as a choice."""
    for kind in ("reflection", "project", "step", "goal"):
        if pk := getattr(artifact, f"{kind}_id"):
            return f"{kind}:{pk}"
    return ""
