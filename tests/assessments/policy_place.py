"""A class with marks, and a policy for its district that begins in ten days."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from assessments.models import MasteryPolicy
from assessments.services import overrides
from tests.factories.assessments import give_all, make_assessment, work_off


def today():
    return timezone.localdate()


def in_days(days: int):
    return today() + timedelta(days=days)


@pytest.fixture
def marked(taught):
    """Ana 4, 4, 1 and Ben 1, 1, 4 on the first standard; Cam a 2 on the second, where a teacher set Ben to 3."""
    first, second = taught.standards
    ana, ben, cam = taught.learners
    for days, (of_ana, of_ben) in ((9, (4, 1)), (6, (4, 1)), (3, (1, 4))):
        assessment = make_assessment(taught.section, taught.standards, given_on=in_days(-days))
        give_all(assessment, [(ana, first, of_ana), (ben, first, of_ben)])
    give_all(assessment, [(cam, second, 2), (ben, second, 1)])
    overrides.set_level(learner=ben, standard=second, level=3, reason="Seen at the board.", by=taught.teacher)
    work_off()
    return taught


def policy_for(taught, **fields):
    says = {"starts_on": in_days(10), "method": "highest", "newest_weight": Decimal("0.65"), "times": 3, "whole": False}
    return MasteryPolicy(district=taught.section.district, **says | fields)


def rows_everywhere():
    counts = {}
    with connection.cursor() as cursor:
        for model in apps.get_models():
            cursor.execute(f"SELECT count(*) FROM {model._meta.db_table}")
            counts[model._meta.label] = cursor.fetchone()[0]
    return counts
