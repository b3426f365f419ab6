"""Templates of paths that the demo teacher wrote or the school shares, and an idea of the demo student."""

from paths.demo.seeding.plan import SUBJECTS, Scene
from paths.demo.words.path_steps import SHARED_TEMPLATE, STEPS, STUDENTS_IDEA, TEMPLATE
from paths.models import Path, PathTemplate, StepProposal, TemplateStep
from paths.sequencing import PartKind

DAYS_BETWEEN = 3


def make_templates(scene: Scene) -> None:
    room = next(room for room in scene.rooms if room.plan.is_main)
    teacher = room.teachers[SUBJECTS[0]]
    steps = []
    for title, is_shared in ((TEMPLATE, False), (SHARED_TEMPLATE, True)):
        template = PathTemplate.objects.create(
            uuid=scene.uuid("template", title),
            school=room.school,
            author=teacher,
            title=title,
            is_shared=is_shared,
            covers_all=False,
            parts=[
                {"kind": PartKind.SEQUENCE.value, "title": "", "pick": 0},
                {"kind": PartKind.CHOICE.value, "title": "", "pick": 2},
            ],
            created_at=scene.at(scene.day_before(12), 15, 30),
        )
        steps += _steps(scene, template, list(room.taught[SUBJECTS[0]]), is_shared)
    TemplateStep.objects.bulk_create(steps)
    row = next((row for row in range(room.plan.learners) if room.is_demo_student(row)), 0)
    learner = room.learners[row]
    StepProposal.objects.create(
        uuid=scene.uuid("proposal", learner.pk),
        learner=learner,
        path=Path.objects.filter(learner=learner).order_by("-created_at").first(),
        title=STUDENTS_IDEA[0],
        why=STUDENTS_IDEA[1],
        kind="make",
        minutes_expected=20,
        created_at=scene.at(scene.days[-1], 14, 5),
    )


def _steps(scene: Scene, template: PathTemplate, taught: list, is_shared: bool) -> list[TemplateStep]:
    """One step of each kind, on the standards of the class in turn."""
    found = taught[4:] if is_shared else taught
    steps = []
    for position, kind in enumerate(("watch", "read", "make", "talk", "field"), start=1):
        standard = found[position % len(found)]
        titles = STEPS[standard.domain].get(kind) or STEPS[standard.domain]["make"]
        steps.append(
            TemplateStep(
                uuid=scene.uuid("template-step", template.title, position),
                template=template,
                position=position,
                part=0 if position <= 2 else 1,
                title=titles[-1],
                kind=kind,
                standard_id=scene.standard_ids[standard.code],
                minutes_expected=10 + 5 * (position % 3),
                days_after=position * DAYS_BETWEEN,
            )
        )
    return steps
