"""A learner with an account in a class with a teacher, and the district's scope open."""

from dataclasses import dataclass

import pytest
from django.test import Client

from assessments.models import SectionStandard
from lrm.scope import district_scope
from profiles.models import Account, District, Learner, Roster, School, Section
from standards.models import Standard
from tests.factories.profiles import (
    enroll,
    make_district,
    make_guardian,
    make_learner,
    make_roster,
    make_school,
    make_section,
    make_teacher,
)
from tests.factories.standards import make_framework, make_standard


@dataclass
class Classroom:
    """One class of a homeroom, on the first standards of a framework."""

    district: District
    school: School
    roster: Roster
    section: Section
    learner: Learner
    teacher: Account
    standards: list[Standard]

    @property
    def account(self) -> Account:
        assert self.learner.account is not None
        return self.learner.account

    def guardian(self) -> Account:
        return make_guardian(self.learner)

    def classmate(self, **fields) -> Learner:
        learner = make_learner(self.school, account=True, **fields)
        enroll(learner, self.roster)
        return learner


@pytest.fixture
def classroom(db):
    district = make_district()
    school = make_school(district)
    roster = make_roster(school)
    section = make_section(roster)
    framework = make_framework(district)
    standards = [make_standard(framework) for _ in range(3)]
    for position, standard in enumerate(standards):
        SectionStandard._base_manager.create(section=section, standard=standard, position=position)
    learner = make_learner(school, account=True)
    enroll(learner, roster)
    teacher = make_teacher(roster)
    with district_scope(district.pk):
        yield Classroom(district, school, roster, section, learner, teacher, standards)


@pytest.fixture
def stranger(classroom):
    """A teacher of another class of the same school."""
    return make_teacher(make_roster(classroom.school))


@pytest.fixture
def me(classroom, as_account) -> Client:
    """A browser in which the learner is signed in."""
    return as_account(classroom.account)


@pytest.fixture
def teacher(classroom, as_account) -> Client:
    """One in which their teacher is."""
    return as_account(classroom.teacher)
