"""A class of three with a teacher and a co-teacher, two standards, and the district's scope open."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from assessments.models import SectionStandard
from assessments.services import suggesting
from lrm.scope import district_scope
from profiles.models import Account, Learner, Section
from standards.models import Standard
from tests.assessments.policy_place import marked  # noqa: F401  a fixture of several files
from tests.assessments.school_place import (  # noqa: F401  fixtures of several files
    district_admin,
    place,
    principal,
    story,
    two_classes,
)
from tests.assessments.school_policy_place import birch, mixed  # noqa: F401  fixtures of several files
from tests.factories.assessments import days_ago, give_all, make_assessment, work_off
from tests.factories.profiles import make_learners, make_section, make_teacher
from tests.factories.standards import make_framework, make_standard


@dataclass
class TaughtClass:
    section: Section
    learners: list[Learner]
    teacher: Account
    co_teacher: Account
    standards: list[Standard]

    def join(self, n: int) -> list[Learner]:
        """Put n more learners on the class list."""
        names = [f"Learner {number:02}" for number in range(len(self.learners) + 1, len(self.learners) + n + 1)]
        new = make_learners(self.section.roster, names, family_name="Ruiz")
        self.learners += new
        return new


@pytest.fixture
def taught(db) -> Iterator[TaughtClass]:
    section = make_section(title="5 Maple Mathematics")
    framework = make_framework(section.district)
    standards = [make_standard(framework), make_standard(framework)]
    for position, standard in enumerate(standards):
        SectionStandard._base_manager.create(section=section, standard=standard, position=position)
    teacher = make_teacher(section.roster, given_name="Rosa", family_name="Delgado")
    co_teacher = make_teacher(section.roster, role="co_teacher", given_name="Ken", family_name="Lee")
    found = TaughtClass(section, [], teacher, co_teacher, standards)
    found.join(3)
    with district_scope(section.district_id):
        yield found


@pytest.fixture
def grouped(taught):
    """The class with nine more, at mixed levels, and its suggested groups; nothing waits to be worked in."""
    taught.join(9)
    first, second = taught.standards
    assessment = make_assessment(taught.section, taught.standards, given_on=days_ago(2).date())
    numbered = list(enumerate(taught.learners))
    give_all(
        assessment,
        [(learner, first, 1 + number % 2) for number, learner in numbered]
        + [(learner, second, 1 + number // 6) for number, learner in numbered],
    )
    work_off()
    suggesting.suggest_due()
    return taught
