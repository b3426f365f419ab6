"""District, schools, calendar, courses, homerooms and their sections."""

from datetime import date, timedelta

from paths.demo.framework import taught_in
from paths.demo.learner_model import draw_traits
from paths.demo.names import DISTRICT, SCHOOLS
from paths.demo.seeding.plan import SHORT_SUBJECTS, SUBJECTS, Homeroom, Room, Scene
from paths.demo.term import term_around
from profiles.models import AcademicSession, Course, District, Roster, School, Section
from profiles.services import class_codes

STEP = 1


def make_organisation(*, seed: int, today: date) -> Scene:
    """Everything that exists before people do. The scope of the district is opened by the caller afterwards."""
    term = term_around(today)
    return Scene(
        seed=seed,
        today=today,
        term=term,
        days=term.school_days(today - timedelta(1)),
        district=District.objects.create(key="demo", name=DISTRICT, is_demo=True),
    )


def make_rooms(scene: Scene, rooms: tuple[Room, ...]) -> None:
    """Fill scene.rooms. Call inside the scope of the district."""
    district, term = scene.district, scene.term
    schools = [
        School.objects.create(district=district, key=f"school-{n}", name=name)
        for n, name in enumerate(SCHOOLS, start=1)
        if any(room.school == n - 1 for room in rooms)
    ]
    year = AcademicSession.objects.create(
        district=district,
        key=f"year-{term.school_year}",
        title=term.year_title,
        kind=AcademicSession.Kind.YEAR,
        starts_on=term.year_starts_on,
        ends_on=term.year_ends_on,
        school_year=term.school_year,
    )
    session = AcademicSession.objects.create(
        district=district,
        key=f"term-{term.starts_on}",
        title=term.title,
        kind=AcademicSession.Kind.TERM,
        parent=year,
        starts_on=term.starts_on,
        ends_on=term.ends_on,
        school_year=term.school_year,
    )
    courses = _courses(scene, sorted({room.grade for room in rooms}))
    for number, room in enumerate(rooms):
        scene.rooms.append(_homeroom(scene, number, room, schools[room.school], session, courses))


def _courses(scene: Scene, grades: list[int]) -> dict[tuple[str, int], Course]:
    made = {}
    for subject in SUBJECTS:
        for grade in grades:
            made[subject, grade] = Course.objects.create(
                district=scene.district,
                key=f"course-{subject.lower()}-{grade}",
                title=f"{subject} {grade}",
                code=f"{SHORT_SUBJECTS[subject].upper()}{grade}",
                subject=subject,
                grade=f"{grade:02d}",
            )
    return made


def _homeroom(scene, number: int, room: Room, school: School, session, courses) -> Homeroom:
    rng = scene.chance(STEP, number)
    roster = Roster.objects.create(
        district=scene.district,
        school=school,
        session=session,
        uuid=scene.uuid("roster", number),
        key=f"homeroom-{number + 1}",
        title=room.title,
        is_homeroom=True,
        grade=room.grade_code,
        class_code="".join(rng.choice(list(class_codes.LETTERS), size=class_codes.LENGTH)),
    )
    sections = {
        subject: Section.objects.create(
            district=scene.district,
            roster=roster,
            course=courses[subject, room.grade],
            session=session,
            uuid=scene.uuid("section", number, subject),
            key=f"section-{number + 1}-{subject.lower()}",
            title=f"{room.title} {SHORT_SUBJECTS[subject]}",
        )
        for subject in SUBJECTS
    }
    traits = draw_traits(room.learners, len(scene.days), rng)
    return Homeroom(
        plan=room,
        school=school,
        roster=roster,
        sections=sections,
        traits=traits,
        taught={subject: taught_in(subject, room.grade) for subject in SUBJECTS},
        came_on=[scene.days[day] if day else scene.term.starts_on for day in traits.joined],
    )
