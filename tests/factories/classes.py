"""Whole classes at once, with levels as workers would have stored them, for pages whose cost must not grow."""

from collections import Counter

from django.db import connection

from assessments.models import Rollup, SectionStandard
from assessments.models.rollup import ScopeKind
from profiles.models import Enrollment, Learner, Roster, School, Section
from standards.models import Standard
from tests.factories.profiles import make_roster, make_section, some_time_ago

GIVEN = ("Amara", "Ben", "Camila", "Dmitri", "Esperanza", "Farid", "Giulia", "Hana", "Ismael", "Johanna")
FAMILY = ("Okafor-Lindqvist", "Rivera", "Haddad", "Nakamura", "O'Connell", "Vargas Llosa", "Kim")


def make_class(school: School, standards: list[Standard], *, learners: int, **fields) -> Section:
    """A section on a roster of its own that teaches these standards; its learners have no results."""
    section = make_section(make_roster(school), **fields)
    SectionStandard._base_manager.bulk_create(
        SectionStandard(section=section, standard=standard, position=position)
        for position, standard in enumerate(standards)
    )
    join(section.roster, learners)
    return section


def join(roster: Roster, learners: int) -> list[Learner]:
    """New learners of the roster's school and grade, enrolled since some time."""
    made = Learner._base_manager.bulk_create(
        Learner(
            district_id=roster.district_id,
            home_school_id=roster.school_id,
            given_name=GIVEN[number % len(GIVEN)],
            family_name=FAMILY[number % len(FAMILY)],
            grade=roster.grade,
        )
        for number in range(learners)
    )
    Enrollment._base_manager.bulk_create(
        Enrollment(roster=roster, learner=learner, role=Enrollment.Role.LEARNER, starts_on=some_time_ago())
        for learner in made
    )
    return made


# Tens of thousands of rows: as objects they cost ten times what the page costs that is looked at.
LEVELS = """
INSERT INTO assessments_mastery (
    learner_id, standard_id, value_micro, level, shown_level, n, trend, method, method_version, last_observed_at)
SELECT learner, standard, given * 1000000, given, given, 2, (row + "column" - 2) %% 3 - 1, 'decaying', '1',
       now() - interval '3 days'
  FROM unnest(%s) WITH ORDINALITY AS l (learner, row)
 CROSS JOIN unnest(%s) WITH ORDINALITY AS s (standard, "column")
 CROSS JOIN LATERAL (SELECT 1 + ((row - 1) * 7 + ("column" - 1) * 3) %% 4) AS g (given)
 ORDER BY row, "column"
RETURNING learner_id, standard_id, shown_level
"""


def give_levels(learners: list[Learner], standards: list[Standard], *, counted: bool = False) -> None:
    """A level from 1 to 4 for every pair, spread so that neighbours differ. counted: in the rollups of schools too."""
    with connection.cursor() as cursor:
        cursor.execute(LEVELS, [[learner.pk for learner in learners], [standard.pk for standard in standards]])
        rows = cursor.fetchall()
    if counted:
        place = {learner.pk: (learner.home_school_id, learner.grade) for learner in learners}
        counts = Counter((*place[learner], standard, level) for learner, standard, level in rows)
        Rollup.objects.bulk_create(
            Rollup(kind=ScopeKind.SCHOOL, scope_id=school, grade=grade, standard_id=standard, level=level, n=n)
            for (school, grade, standard, level), n in counts.items()
        )


def learners_of(section: Section) -> list[Learner]:
    enrolled = Enrollment._base_manager.filter(roster_id=section.roster_id, role=Enrollment.Role.LEARNER)
    return list(Learner._base_manager.filter(pk__in=enrolled.values("learner_id")).order_by("pk"))
