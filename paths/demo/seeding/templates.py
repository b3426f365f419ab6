"""Templates of paths that the demo teacher wrote or the school shares, places, and an idea of the demo student."""

from paths.demo.seeding.plan import SUBJECTS, Homeroom, Scene
from paths.demo.words.path_steps import SCHOOL_PLACES, SHARED_TEMPLATE, STEPS, STUDENTS_IDEA, TEMPLATE
from paths.models import Opening, Path, PathTemplate, Place, Seat, StepProposal, TemplateStep
from paths.sequencing import PartKind

DAYS_BETWEEN = 3
SEATS = 6


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
    _open_places(scene, room)
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


def _open_places(scene: Scene, room: Homeroom) -> None:
    """The school's places; two of them are open this afternoon, and some of the class have chosen a seat."""
    school, section = room.school, room.sections[SUBJECTS[0]]
    places = Place.objects.bulk_create(
        Place(uuid=scene.uuid("place", name), school=school, name=name, kind=kind) for name, kind in SCHOOL_PLACES
    )
    starts, ends = scene.at(scene.today, 12, 30), scene.at(scene.today, 23, 30)
    openings = Opening.objects.bulk_create(
        Opening(
            uuid=scene.uuid("opening", place.name),
            place=place,
            section=section,
            opened_by=room.teachers[SUBJECTS[0]],
            starts_at=starts,
            ends_at=ends,
            seats=SEATS,
        )
        for place in places[:2]
    )
    # The demo's student has chosen nothing yet.
    rows = [learner for row, learner in enumerate(room.learners) if not room.is_demo_student(row)]
    seats = []
    for opening in openings:
        for number in range(1, SEATS + 1):
            holder = rows.pop() if number <= SEATS - 2 and len(rows) > 1 else None
            seats.append(
                Seat(
                    opening=opening,
                    number=number,
                    during=(starts, ends),
                    learner=holder,
                    taken_at=scene.at(scene.today, 8, 5) if holder else None,
                )
            )
    Seat.objects.bulk_create(seats)


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
