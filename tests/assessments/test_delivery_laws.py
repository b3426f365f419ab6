"""Laws of what is stored: order of arrival, time zone, duplicate delivery and a second import change nothing.

An example holds the histories of thirty learners, each of them a case, because a database is slow to ask and quick to
answer; so ten examples are 300 cases, and `make laws` asks 10,000.
"""

import random
from datetime import timedelta
from itertools import zip_longest
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.models import Evidence, Mastery, MasteryDay, ModelState
from assessments.results_csv.reader import read_results
from assessments.services.results import record_results
from assessments.services.results_file import import_results
from lrm.scope import district_scope
from profiles.models import District
from tests.assessments.mastery.strategies import LAWS, Digits
from tests.factories.assessments import days_ago, entry, make_assessment, work_off
from tests.factories.profiles import enroll, make_learner, make_roster, make_section
from tests.factories.standards import make_framework, make_standard

pytestmark = pytest.mark.django_db
LEARNERS = 30
ZONES = ["UTC", "America/Los_Angeles", "Asia/Kolkata", "Pacific/Kiritimati", "America/St_Johns"]
STORED = settings(
    LAWS,
    max_examples=-(-LAWS.max_examples // LEARNERS),
    deadline=None,  # the servers are shared with whatever else runs
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
)
"""Every example is rolled back, so that all may share one class."""


class Scene:
    def __init__(self):
        self.section = make_section(make_roster())
        self.learners = [make_learner(self.section.roster.school, key=f"K{n}") for n in range(LEARNERS)]
        for learner in self.learners:
            enroll(learner, self.section.roster)
        framework = make_framework(self.section.district)
        self.standards = [make_standard(framework, code=f"5.NF.{n}") for n in (1, 2)]
        kinds = ["formative", "summative", "reassessment", "formative"]
        self.assessments = [
            make_assessment(self.section, self.standards, kind=kind, given_on=days_ago(20 - 5 * i).date())
            for i, kind in enumerate(kinds)
        ]
        self.start = timezone.now() - timedelta(days=25)

    def deliver(self, results, zone="UTC"):
        """results: (learner, assessment, standard, points, hours after the start), at most one of a cell."""
        for number, assessment in enumerate(self.assessments):
            entries = []
            for who, which, standard, points, hours in results:
                at = (self.start + timedelta(hours=hours)).astimezone(ZoneInfo(zone))
                if which == number:
                    entries.append(entry(self.learners[who], self.standards[standard], points, at=at))
            record_results(assessment=assessment, entries=entries, by=None)

    def levels(self):
        """What every page shows: level, value and number of results."""
        rows = Mastery.objects.order_by("learner", "standard")
        return list(rows.values_list("learner", "standard", "shown_level", "value_micro", "n"))

    def stored(self):
        """Everything that is computed from the ledger, and how much stands in it."""
        days = MasteryDay.objects.order_by("learner", "standard", "day")
        return (
            self.levels(),
            list(days.values_list("learner", "standard", "day", "shown_level", "value_micro", "n")),
            list(ModelState.objects.order_by("learner").values_list("learner", "subject", "beliefs")),
            Evidence.objects.count(),
        )


@pytest.fixture
def scene():
    made = Scene()
    with district_scope(made.section.district_id):
        yield made


def undone(work):
    """The result of the work, which is then rolled back."""
    with transaction.atomic():
        found = work()
        transaction.set_rollback(True)
    return found


@st.composite
def classes(draw):
    """Of each learner: up to six results, one of a cell, as Scene.deliver wants them."""
    numbers = st.lists(st.integers(0, 2**40), min_size=1, max_size=6)
    found = []
    for who, drawn in enumerate(draw(st.lists(numbers, min_size=LEARNERS, max_size=LEARNERS))):
        digits = Digits(drawn)
        columns = [digits.choose(range(4)), digits.choose(range(2)), digits.choose(range(6)), digits.choose(range(480))]
        cells = {}
        for which, standard, points, hours in zip(*(column.tolist() for column in columns), strict=True):
            cells[which, standard] = (who, which, standard, [1, 1.5, 2, 3, 4, None][points], hours)
        found.append(list(cells.values()))
    return found


@STORED
@given(classes(), st.integers(0, 2**32))
def test_order_of_arrival_and_duplicates_change_nothing(scene, results, seed):
    chance = random.Random(seed)

    def straight():
        scene.deliver([result for own in results for result in own])
        work_off()
        return scene.stored()

    def mixed_up():
        arrivals = [own + chance.choices(own, k=len(own)) for own in results]
        for own in arrivals:
            chance.shuffle(own)
        rounds = list(zip_longest(*arrivals))
        for number, arrived in enumerate(rounds):
            scene.deliver([result for result in arrived if result])
            if number == len(rounds) // 2:
                work_off()
        work_off()
        return scene.stored()

    assert undone(mixed_up) == undone(straight)


@STORED
@given(classes(), st.sampled_from(ZONES), st.sampled_from(ZONES))
def test_time_zones_change_no_level(scene, results, of_results, of_district):
    every = [result for own in results for result in own]

    def straight():
        scene.deliver(every)
        work_off()
        return scene.levels()

    def elsewhere():
        District.objects.filter(pk=scene.section.district_id).update(time_zone=of_district)
        scene.deliver(every, of_results)
        work_off()
        return scene.levels()

    assert undone(elsewhere) == undone(straight)


def file_of(scene, results):
    lines = ["learner,standard,assessment,date,time,score,possible,level,excused"]
    for who, which, standard, points, hours in results:
        at = scene.start + timedelta(hours=hours)
        scored = ",,,yes" if points is None else f"{points},4,,"
        code, day = scene.standards[standard].code, scene.assessments[which].given_on
        lines.append(f"K{who},{code},Quiz {which},{day},{at:%H:%M},{scored}")
    return read_results("\n".join(lines).encode())


@STORED
@given(classes(), st.integers(0, 2**32))
def test_importing_a_file_again_in_any_order_changes_nothing(scene, results, seed):
    every = [result for own in results for result in own]

    def twice():
        import_results(file_of(scene, every), section=scene.section, by=None)
        work_off()
        once = scene.stored()
        mixed_up = list(every)
        random.Random(seed).shuffle(mixed_up)
        import_results(file_of(scene, mixed_up), section=scene.section, by=None)
        work_off()
        return once, scene.stored()

    once, again = undone(twice)
    assert once[3] == len(every)
    assert again == once
