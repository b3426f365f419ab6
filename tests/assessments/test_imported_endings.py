"""A roster in which something ends on many days to come: each learner and class is marked for its own days."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.models import ModelState, StaleMark, StaleSection
from lrm.scope import district_scope
from profiles.models import Learner
from profiles.oneroster.reader import read_roster
from profiles.services.roster_import.applying import import_roster
from tests.factories.profiles import make_district
from tests.factories.standards import make_framework, make_standard
from tests.profiles.oneroster.packages import V1P1, zipped

pytestmark = pytest.mark.django_db
FIRST = date(2190, 1, 1)


@pytest.fixture
def district():
    district = make_district()
    with district_scope(district.pk):
        yield district


def package(learners: int, days: int) -> bytes:
    """Learners of one class whose places end on one of these days each, in turn; of none, all are open."""
    users, enrollments = (V1P1[name].splitlines() for name in ("users.csv", "enrollments.csv"))
    for n in range(learners):
        users.append(f"l{n},,,true,s1,student,user{n},,Given{n},Family{n},,,,,,,05,")
        ends = FIRST + timedelta(days=n % days) if days else ""
        enrollments.append(f"p{n},,,k1,s1,l{n},student,false,2026-08-24,{ends}")
    return zipped(V1P1 | {"users.csv": "\n".join(users), "enrollments.csv": "\n".join(enrollments)})


def marks_and_statements(district, *, learners: int, days: int) -> tuple[list, int]:
    """((key, day from which it is due) of the marks of an import that ends places, how many statements it took)."""
    import_roster(read_roster(package(learners, 0)), district=district)
    subject = make_standard(make_framework(district)).subject
    ModelState.objects.bulk_create(
        ModelState(learner=learner, subject=subject, version="tree-1") for learner in Learner.objects.all()
    )
    StaleMark.objects.all().delete()
    StaleSection.objects.all().delete()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        import_roster(read_roster(package(learners, days)), district=district)
    marks = StaleMark.objects.order_by("learner_id", "due_at").values_list("learner_id", "due_at")
    keys = dict(Learner.objects.values_list("pk", "key"))
    return [(keys[pk], due.date()) for pk, due in marks], len(asked)


def test_each_learner_is_marked_now_and_on_its_own_day(district):
    marks, _ = marks_and_statements(district, learners=6, days=3)
    today = timezone.now().date()
    ahead = [(f"l{n}", day) for n in range(6) for day in (today, FIRST + timedelta(days=n % 3 + 1))]
    assert marks == ahead
    days = [due.date() for due in StaleSection.objects.order_by("due_at").values_list("due_at", flat=True)]
    assert days == [today, *(FIRST + timedelta(days=n + 1) for n in range(3))]


def test_hundreds_of_days_cost_no_more_statements(district):
    _, few = marks_and_statements(district, learners=300, days=3)
    other = make_district()
    with district_scope(other.pk):
        marks, many = marks_and_statements(other, learners=300, days=300)
    assert (len(marks), many) == (600, few)
