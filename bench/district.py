"""A district of any size with a year of results, made set-wise: rosters of 30, 60 standards, 100 results a learner."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.utils import timezone

from assessments.models import Assessment, AssessmentStandard
from lrm.scope import unscoped
from profiles.models import Account, District, Enrollment, Learner, Roster, School, Section
from standards.models import Standard
from tests.factories.profiles import make_course, make_district, make_school, make_session, make_teacher
from tests.factories.standards import make_framework, make_standard, make_subject

STANDARDS, DOMAINS, CLASS, SCHOOL = 60, 6, 30, 800
ASSESSMENTS, COLUMNS = 25, 4
"""Assessments a class in the year, and standards each: 100 results a learner, every standard met once or twice."""
ROOMS = 20
GRADES = ("03", "04", "05", "06")

# One result of a learner on each standard of the assessment, spread over the four levels without chance; some excused,
# some not seen, so that some places have no level.
ENTER = """
INSERT INTO assessments_evidence (school_year, learner_id, standard_id, assessment_id, kind, points, observed_at)
SELECT %(year)s, e.learner_id, c.standard, a.id, k.kind,
       CASE k.kind WHEN 'result' THEN 1 + (e.learner_id * 7 + c.standard * 3 + a.id * 5) %% 4 END,
       %(day)s::timestamptz + interval '12 hours'
  FROM assessments_assessment a JOIN profiles_section s ON s.id = a.section_id
  JOIN profiles_enrollment e ON e.roster_id = s.roster_id AND e.role = 'learner',
       unnest(%(standards)s::bigint[]) AS c (standard)
 CROSS JOIN LATERAL (SELECT CASE (e.learner_id * 11 + c.standard * 5) %% 50 WHEN 0 THEN 'excused'
                                 WHEN 1 THEN 'not_seen' ELSE 'result' END AS kind) k
 WHERE s.district_id = %(district)s AND a.given_on = %(day)s
"""
KEYS = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
 WHERE conrelid = 'assessments_evidence'::regclass AND contype = 'f'
"""
INDEXES = """
SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
 WHERE i.indrelid = 'assessments_evidence'::regclass AND NOT i.indisprimary
   AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid)
"""


@dataclass(frozen=True)
class Room:
    """One class of the district, with its learners in the order of their ids, and who teaches it."""

    section: Section
    learners: list[Learner]
    teacher: Account


@dataclass(frozen=True)
class Scene:
    """rooms: ROOMS classes from all over the district."""

    district: District
    rooms: list[Room]
    standards: list[Standard]
    results: int


def build(learners: int) -> Scene:
    """So many learners, in whole classes of 30, with a hundred results each; projections stay empty."""
    with unscoped("a scratch database holds one district"):
        district = make_district()
        framework = make_framework(district)
        subject = make_subject(district)
        domains = [
            make_standard(framework, subject=subject, code=f"5.D{number}", is_leaf=False) for number in range(DOMAINS)
        ]
        standards = [
            make_standard(framework, subject=subject, domain=domains[number % DOMAINS]) for number in range(STANDARDS)
        ]
        sections = _people(district, learners)
        results = _year(district, [standard.pk for standard in standards], sections)
        rooms = [_room(section) for section in sections[:: max(1, len(sections) // ROOMS)][:ROOMS]]
        return Scene(district, rooms, standards, results)


def _room(section: Section) -> Room:
    enrolled = Enrollment._base_manager.filter(roster_id=section.roster_id, role=Enrollment.Role.LEARNER)
    learners = list(Learner._base_manager.filter(pk__in=enrolled.values("learner_id")).order_by("pk"))
    return Room(section, learners, make_teacher(section.roster))


def _people(district: District, learners: int) -> list[Section]:
    session, course = make_session(district), make_course(district)
    schools = [make_school(district) for _ in range(max(1, learners // SCHOOL))]
    classes = learners // CLASS
    rosters = Roster._base_manager.bulk_create(
        [
            Roster(
                district_id=district.pk,
                school=_school(schools, number, classes),
                session=session,
                key=f"district-roster-{number}",
                title=f"Class {number}",
                is_homeroom=True,
                grade=GRADES[number % len(GRADES)],
            )
            for number in range(classes)
        ],
        batch_size=2000,
    )
    sections = Section._base_manager.bulk_create(
        [
            Section(
                district_id=district.pk,
                roster=roster,
                course=course,
                session=session,
                key=f"s-{roster.key}",
                title=f"Mathematics {roster.title}",
            )
            for roster in rosters
        ],
        batch_size=2000,
    )
    for at in range(0, classes, 200):
        people = Learner._base_manager.bulk_create(
            Learner(
                district_id=district.pk,
                home_school_id=roster.school_id,
                given_name="Amara",
                family_name=f"Rivera {number}",
                grade=roster.grade,
            )
            for roster in rosters[at : at + 200]
            for number in range(CLASS)
        )
        Enrollment._base_manager.bulk_create(
            Enrollment(
                roster=rosters[at + number // CLASS],
                learner=learner,
                role=Enrollment.Role.LEARNER,
                starts_on=session.starts_on,
            )
            for number, learner in enumerate(people)
        )
    return sections


def _school(schools: list[School], roster: int, rosters: int) -> School:
    return schools[roster * len(schools) // rosters]


def _year(district: District, standards: list[int], sections: list[Section]) -> int:
    """Assessments from 80 days ago until yesterday, one round of all classes after another, as a year goes."""
    today = timezone.localdate()
    with connection.cursor() as cursor:
        rebuild = _without_keys(cursor)
        results = 0
        for number in range(ASSESSMENTS):
            day = today - timedelta(days=3 * (ASSESSMENTS - number))
            columns = [standards[(number * COLUMNS + column) % STANDARDS] for column in range(COLUMNS)]
            _assess(sections, day, columns)
            place = {"district": district.pk, "year": sections[0].session.school_year, "day": day, "standards": columns}
            cursor.execute(ENTER, place)
            results += cursor.rowcount
        cursor.execute(
            "INSERT INTO assessments_sectionstandard (section_id, standard_id, position)"
            " SELECT s.id, c.standard, c.position FROM profiles_section s,"
            " unnest(%s::bigint[]) WITH ORDINALITY AS c (standard, position) WHERE s.district_id = %s",
            [standards, district.pk],
        )
        for statement in rebuild:
            cursor.execute(statement)
        cursor.execute("ANALYZE")
    return results


def _assess(sections: list[Section], day: date, standards: list[int]) -> None:
    made = Assessment._base_manager.bulk_create(
        [
            Assessment(
                section=section, school_year=section.session.school_year, title=f"Exit ticket {day}", given_on=day
            )
            for section in sections
        ],
        batch_size=2000,
    )
    AssessmentStandard._base_manager.bulk_create(
        [
            AssessmentStandard(assessment=assessment, standard_id=standard, position=position)
            for assessment in made
            for position, standard in enumerate(standards)
        ],
        batch_size=5000,
    )


def _without_keys(cursor) -> list[str]:
    """Take keys and indexes off the empty ledger; returns the statements that put them back on the full one."""
    cursor.execute(KEYS)
    keys = cursor.fetchall()
    cursor.execute(INDEXES)
    indexes = cursor.fetchall()
    for name, _ in keys:
        cursor.execute(f'ALTER TABLE assessments_evidence DROP CONSTRAINT "{name}"')
    for name, _ in indexes:
        cursor.execute(f'DROP INDEX "{name}"')
    back = [f'ALTER TABLE assessments_evidence ADD CONSTRAINT "{name}" {definition}' for name, definition in keys]
    return [definition.replace(" ON ONLY ", " ON ") for _, definition in indexes] + back
