"""A class of whose students one is at home at another school, and lines of a school's own: shared by their tests."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from assessments.models import MasteryPolicy
from profiles.models import HomeSchool, Learner
from tests.factories.assessments import give, make_assessment, work_off
from tests.factories.profiles import make_school


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def birch(taught):
    return make_school(taught.section.district, name="Birch")


@pytest.fixture
def mixed(taught, birch):
    """Ana and Ben at home at the class's school, Cam at Birch; all with 4, 4, 1 on the first standard, 20, 12 and
    4 days ago, and with 45 % on the second."""
    first, second = taught.standards
    Learner.objects.update(created_at=timezone.now() - timedelta(days=300))
    Learner.objects.filter(pk=taught.learners[2].pk).update(home_school=birch)
    HomeSchool.objects.filter(learner=taught.learners[2]).delete()
    HomeSchool.objects.create(learner=taught.learners[2], school=birch)
    for days, points in ((20, 4), (12, 4), (4, 1)):
        assessment = make_assessment(taught.section, taught.standards, given_on=in_days(-days))
        for learner in taught.learners:
            give(assessment, learner, first, points)
    quiz = make_assessment(taught.section, [second], given_on=in_days(-4), scale="points", points_possible=100)
    for learner in taught.learners:
        give(quiz, learner, second, 45)
        learner.refresh_from_db()
    work_off()
    return taught


def line(school, **fields) -> MasteryPolicy:
    says = {"starts_on": in_days(0), "method": "highest", "newest_weight": Decimal("0.65"), "times": 3, "whole": False}
    return MasteryPolicy(district=school.district, school=school, **says | fields)
