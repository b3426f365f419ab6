"""Where the learners of a class are on their paths, who could use a look first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from paths.models import Step
from paths.pace import weekdays_between
from paths.services.path_pages import PathOnPage, with_states
from profiles.models import Learner, Section


@dataclass(frozen=True)
class PathOfLearner:
    """shown: None for a learner without a path. days: weekdays on what is next. over: of them beyond its plan."""

    learner: Learner
    shown: PathOnPage | None = None
    days: int = 0
    over: int = 0

    @property
    def wants_look(self) -> bool:
        return self.over > 0

    @property
    def number(self) -> int:
        """Of the step that is next, from 1."""
        return self.shown.done + 1 if self.shown else 0


def paths_of_class(section: Section, learners: Sequence[Learner], *, today: date) -> list[PathOfLearner]:
    """One row a path that belongs to the section or to none; one statement however many.

    First those that want a look, the longest first; then by name; at the end those without a path.
    """
    steps = (
        Step.objects.filter(path__learner__in=learners, path__archived_at__isnull=True)
        .filter(Q(path__section=section) | Q(path__section__isnull=True))
        .select_related("path")
        .order_by("-path__created_at", "-path_id", "position")
    )
    found: dict[int, PathOnPage] = {}
    for step in steps:
        found.setdefault(step.path_id, PathOnPage(step.path, [])).steps.append(step)
    rows: list[PathOfLearner] = []
    of: dict[int, list[PathOnPage]] = {}
    for shown in with_states(found.values()):
        of.setdefault(shown.path.learner_id, []).append(shown)
    for learner in learners:
        rows += [_row(learner, shown, today) for shown in of.get(learner.pk, [])] or [PathOfLearner(learner)]
    return sorted(rows, key=lambda row: (-row.over, row.shown is None))


def _row(learner: Learner, shown: PathOnPage, today: date) -> PathOfLearner:
    path = shown.path
    if path.now_since is None or path.planned_days is None or path.look_on is None:
        return PathOfLearner(learner, shown)
    days = weekdays_between(path.now_since, today)
    return PathOfLearner(learner, shown, days, days - path.planned_days if path.look_on <= today else 0)
