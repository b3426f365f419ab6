"""Projects as pages show them: lists for learner and teacher, and one with its plan, time, work and decision."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from assessments.services.policies import Policies
from paths.models import Artifact, Project, ProjectClosing, ProjectEvent, ProjectStep, ProjectTime
from profiles.models import Account, Enrollment, Learner, Section
from standards.models import Standard

MOST = 200
State = Project.State
# What asks for somebody first.
LEARNERS_ORDER = (State.ASKED, State.RUNNING, State.CLOSING, State.PROPOSED, State.DRAFT, State.LATER, State.DONE)
TEACHERS_ORDER = (State.PROPOSED, State.CLOSING, State.RUNNING, State.ASKED, State.LATER, State.DONE)


@dataclass(frozen=True)
class Part:
    """Projects in one state. title: of the state."""

    state: str
    title: str
    projects: list[Project]


@dataclass(frozen=True)
class Lists:
    parts: list[Part]
    put_away: list[Project]


def projects_of(learner: Learner, account: Account) -> Lists:
    """Of one learner, what asks for the learner first. One statement."""
    return _sorted(Project.objects.visible_to(account).filter(learner=learner), LEARNERS_ORDER)


def projects_taught(account: Account) -> Lists:
    """Of learners whom the account teaches today, what waits for a teacher first. One statement."""
    taught = Enrollment.objects.on(timezone.localdate()).of_learners().filter(roster__in=account.access.roster_ids)
    rows = Project.objects.visible_to(account).filter(learner__in=taught.values("learner"))
    return _sorted(rows, TEACHERS_ORDER)


def _sorted(rows: QuerySet[Project], order: tuple[str, ...]) -> Lists:
    not_out = Q(times__withdrawn_at__isnull=True)
    found = list(
        rows.select_related("learner")
        .annotate(minutes=Sum("times__minutes", filter=not_out))
        .order_by("-updated_at", "-pk")[:MOST]
    )
    shown = [project for project in found if project.archived_at is None]
    parts = [
        Part(state, str(State(state).label), [project for project in shown if project.state == state])
        for state in order
    ]
    return Lists([part for part in parts if part.projects], [row for row in found if row.archived_at is not None])


@dataclass(frozen=True)
class LevelWord:
    level: int
    word: str


@dataclass(frozen=True)
class OnProject:
    """A standard of the project. scale: the levels that can be proposed. proposed: in the last closing, or None."""

    standard: Standard
    scale: list[LevelWord]
    proposed: LevelWord | None = None


@dataclass(frozen=True)
class ProjectPage:
    """times: that stand, newest first; out: taken out. closing: the last one, or None."""

    project: Project
    steps: list[ProjectStep]
    events: list[ProjectEvent]
    times: list[ProjectTime]
    out: list[ProjectTime]
    closings: list[ProjectClosing]
    work: list[Artifact]
    standards: list[OnProject]

    @property
    def closing(self) -> ProjectClosing | None:
        return self.closings[0] if self.closings else None

    @property
    def minutes(self) -> int:
        return sum(row.minutes for row in self.times)

    @property
    def minutes_confirmed(self) -> int:
        return sum(row.minutes for row in self.times if row.confirmed_at)

    @property
    def done(self) -> int:
        return sum(step.done_at is not None for step in self.steps)

    @property
    def question(self) -> ProjectEvent | None:
        """The last question or "later" of a teacher, while it stands."""
        if self.project.state not in (State.ASKED, State.LATER):
            return None
        return next((row for row in self.events if row.what in (State.ASKED, State.LATER)), None)


def project_page(project: Project, account: Account, *, today: date) -> ProjectPage:
    """Six statements, and those of the policy."""
    times = list(project.times.select_related("confirmed_by"))
    closings = list(project.closings.select_related("by", "answered_by"))
    work = Artifact.objects.visible_to(account).handed_in().filter(project=project)
    return ProjectPage(
        project=project,
        steps=list(project.steps.all()),
        events=list(project.events.select_related("by")),
        times=[row for row in times if row.withdrawn_at is None],
        out=[row for row in times if row.withdrawn_at is not None],
        closings=closings,
        work=list(work.select_related("goal", "step", "reflection")),
        standards=_on_project(project, closings, today=today),
    )


def _on_project(project: Project, closings: list[ProjectClosing], *, today: date) -> list[OnProject]:
    """In any subject: each with the scale of its own framework."""
    policies = Policies(project.learner.district_id)
    levels = closings[0].levels if closings else {}
    found = []
    for standard in project.standards.all():
        in_force = policies.on(standard.framework_id, today)
        scale = [LevelWord(level, in_force.word(level)) for level in range(1, len(in_force.words) + 1)]
        proposed = levels.get(str(standard.pk))
        found.append(OnProject(standard, scale, next((row for row in scale if row.level == proposed), None)))
    return found


def sections_to_enter(project: Project, account: Account) -> list[Section]:
    """Sections of the learner in which this account may record results: a person does, from the entry grid."""
    rosters = Enrollment.objects.on(timezone.localdate()).of_learners().filter(learner=project.learner_id)
    return list(
        Section.objects.taught_by(account)
        .filter(roster__in=rosters.values("roster"), archived_at=None)
        .order_by("title")
    )


def hours_said(minutes: int) -> str:
    """Hours and minutes as a clock says them: 95 is "1:35"."""
    return f"{minutes // 60}:{minutes % 60:02d}"
