"""A few projects: the demo student's own, and two that wait for a teacher."""

from datetime import timedelta
from typing import Any

from paths.demo.seeding.goals import Drafted
from paths.demo.seeding.plan import Scene
from paths.demo.words.projects import PROPOSED, RUNNING, STUDY
from paths.models import Project, ProjectEvent, ProjectStep, ProjectTime

DONE_LINES = 2


def make_projects(scene: Scene, goals: list[Drafted]) -> int:
    """goals: live and agreed ones; their students are the ones who have a project. Returns how many."""
    demo = next((d for d in goals if d.room.is_demo_student(d.row)), None)
    if demo is None:
        return 0
    others = [d for d in goals if d.room is demo.room and d.row != demo.row]
    chosen: list[tuple[Drafted, dict[str, Any], bool]] = [
        (demo, RUNNING, True),
        *((d, words, False) for d, words in zip(others, (PROPOSED, STUDY), strict=False)),
    ]
    projects = [_project(scene, d, words, is_running=runs) for d, words, runs in chosen]
    Project.objects.bulk_create(projects)
    Project.standards.through.objects.bulk_create(
        Project.standards.through(project=project, standard_id=scene.standard_ids[d.aim.standard.code])
        for project, (d, _, _) in zip(projects, chosen, strict=True)
        if d.aim.standard
    )
    steps, events, times = [], [], []
    for project, (d, words, runs) in zip(projects, chosen, strict=True):
        for position, text in enumerate(words["plan"], start=1):
            done_at = project.created_at + timedelta(days=position) if runs and position <= DONE_LINES else None
            steps.append(ProjectStep(project=project, position=position, text=text, done_at=done_at))
        events.append(ProjectEvent(project=project, at=project.created_at, by=d.account, what="proposed"))
        if project.decided_at:
            events.append(ProjectEvent(project=project, at=project.decided_at, by=d.teacher, what="agreed"))
        for n, (minutes, text) in enumerate(words.get("times", ())):
            row = ProjectTime(uuid=scene.uuid("project time", n), project=project, minutes=minutes, text=text)
            row.on = scene.day_before(8 - 2 * n)
            row.created_at = scene.at(row.on, 14)
            if n == 0:
                row.confirmed_by, row.confirmed_at = d.teacher, scene.at(row.on, 15)
            times.append(row)
    ProjectStep.objects.bulk_create(steps)
    ProjectEvent.objects.bulk_create(events)
    ProjectTime.objects.bulk_create(times)
    return len(projects)


def _project(scene: Scene, d: Drafted, words: dict, *, is_running: bool) -> Project:
    day = scene.day_before(12 if is_running else 2)
    project = Project(
        uuid=scene.uuid("project", words["title"]),
        learner=d.learner,
        author=d.account,
        state=Project.State.RUNNING if is_running else Project.State.PROPOSED,
        **{name: words[name] for name in ("kind", "title", "what", "why")},
        place=words.get("place", ""),
        mentor=words.get("mentor", ""),
        starts_on=day,
        ends_on=scene.today + timedelta(days=21),
        created_at=scene.at(day, 12),
        updated_at=scene.at(day, 12),
    )
    if is_running:
        project.decided_by, project.decided_at = d.teacher, scene.at(day, 15)
    return project
