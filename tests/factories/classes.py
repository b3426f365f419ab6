"""Whole classes at once, with levels as workers would have stored them, for pages whose cost must not grow."""

from collections import Counter
from datetime import timedelta

from django.utils import timezone

from assessments.models import Mastery, Rollup, SectionStandard
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


def give_levels(learners: list[Learner], standards: list[Standard], *, counted: bool = False) -> None:
    """A level from 1 to 4 for every pair, spread so that neighbours differ. counted: in the rollups of schools too."""
    rows = [
        Mastery(
            learner=learner,
            standard=standard,
            value_micro=(1 + (row * 7 + column * 3) % 4) * 1_000_000,
            level=1 + (row * 7 + column * 3) % 4,
            shown_level=1 + (row * 7 + column * 3) % 4,
            n=2,
            trend=(row + column) % 3 - 1,
            method="decaying",
            method_version="1",
            last_observed_at=timezone.now() - timedelta(days=3),
        )
        for row, learner in enumerate(learners)
        for column, standard in enumerate(standards)
    ]
    Mastery._base_manager.bulk_create(rows)
    if counted:
        counts = Counter(
            (row.learner.home_school_id, row.learner.grade, row.standard_id, row.shown_level) for row in rows
        )
        Rollup.objects.bulk_create(
            Rollup(kind=ScopeKind.SCHOOL, scope_id=school, grade=grade, standard_id=standard, level=level, n=n)
            for (school, grade, standard, level), n in counts.items()
        )


def learners_of(section: Section) -> list[Learner]:
    enrolled = Enrollment._base_manager.filter(roster_id=section.roster_id, role=Enrollment.Role.LEARNER)
    return list(Learner._base_manager.filter(pk__in=enrolled.values("learner_id")).order_by("pk"))
