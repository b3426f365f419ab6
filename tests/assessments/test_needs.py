"""What a section is grouped by."""

import pytest
from django.utils import timezone

from assessments.models import MasteryPolicy, SectionStandard
from assessments.services.needs import read_needs
from assessments.services.policies import Policies
from tests.factories.assessments import give, make_assessment, work_off
from tests.factories.standards import make_framework, make_prerequisite, make_standard

pytestmark = pytest.mark.django_db


@pytest.fixture
def third(taught):
    """One more standard that the class is taught."""
    standard = make_standard(taught.standards[0].framework)
    SectionStandard._base_manager.create(section=taught.section, standard=standard, position=9)
    return standard


def needs(taught):
    return read_needs(taught.section, Policies(taught.section.district_id), on=timezone.localdate())


def topics(taught):
    found = needs(taught)
    return found.standards[: found.topics]


def test_standard_that_few_were_asked_about_is_no_topic(taught, third):
    taught.join(3)
    assessment = make_assessment(taught.section, [*taught.standards, third])
    for learner in taught.learners:
        give(assessment, learner, taught.standards[0], 2)
    for learner in taught.learners[:3]:
        give(assessment, learner, taught.standards[1], 1)
    for learner in taught.learners[:2]:
        give(assessment, learner, third, 1)
    work_off()

    assert topics(taught) == taught.standards


def test_standard_without_results_is_a_topic_once_some_are_ready_for_it(taught, third):
    before, _ = taught.standards
    make_prerequisite(before, third)
    assessment = make_assessment(taught.section, [before])
    for learner in taught.learners:
        give(assessment, learner, before, 2)
    work_off()
    assert topics(taught) == [before]

    give(make_assessment(taught.section, [before], given_on=timezone.localdate()), taught.learners[0], before, 4)
    work_off()

    assert topics(taught) == [before, third]


def test_each_standard_is_grouped_by_the_policy_of_its_framework(taught):
    give(make_assessment(taught.section, taught.standards[:1]), taught.learners[0], taught.standards[0], 2)
    work_off()
    framework, today = taught.standards[0].framework, timezone.localdate()
    own = {"district": framework.district, "framework": framework, "starts_on": today, "mastery_level": 2}
    MasteryPolicy.objects.create(**own)
    assert needs(taught).known.mastery_level.tolist() == [2, 2]
    other = make_standard(make_framework(framework.district))
    SectionStandard._base_manager.create(section=taught.section, standard=other, position=9)
    assert needs(taught).known.mastery_level.tolist() == [2, 2, 3]
