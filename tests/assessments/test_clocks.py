"""Clocks that are wrong, changed or at a leap day change no level: what is shown follows the order of the results.

The levels wanted come from the oracle of the fault tests, which knows instants and no calendar.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection

from assessments.models import Mastery, MasteryPolicy, StaleMark
from assessments.services import outbox
from lrm.scope import district_scope
from tests.assessments.faults.oracle import LEDGER, LEVELS, Level, levels_of
from tests.factories.assessments import give, make_assessment, work_off
from tests.factories.profiles import enroll, make_district, make_learner, make_roster, make_school, make_section
from tests.factories.standards import make_framework, make_standard

pytestmark = pytest.mark.django_db

ZONES = ["UTC", "America/New_York", "Australia/Lord_Howe"]  # the last one changes its clocks by half an hour
# Instants in UTC around the moments at which New York, or the calendar, jumps.
MOMENTS = {
    "clocks go forward": ["2027-03-12 17:00", "2027-03-14 06:59", "2027-03-14 07:01", "2027-03-15 03:59"],
    "clocks go back": ["2027-11-05 17:00", "2027-11-07 05:30", "2027-11-07 06:30", "2027-11-08 04:59"],
    "leap day": ["2028-02-28 23:30", "2028-02-29 00:30", "2028-02-29 23:59", "2028-03-01 00:01"],
    "new year": ["2027-12-31 17:00", "2027-12-31 23:59", "2028-01-01 00:00", "2028-01-01 12:00"],
}
POINTS = [1, 4, 2, 3]
OFF = [timedelta(hours=-2), timedelta(0), timedelta(hours=2)]


def instants(name: str) -> list[datetime]:
    return [datetime.fromisoformat(moment).replace(tzinfo=UTC) for moment in MOMENTS[name]]


class Scene:
    def __init__(self, zone: str, since: date = date(2027, 1, 1)) -> None:
        self.school = make_school(make_district(time_zone=zone))
        self.section = make_section(make_roster(self.school))
        self.standard = make_standard(make_framework(self.school.district))
        self.learner = make_learner(self.school)
        enroll(self.learner, self.section.roster, starts_on=since)

    def give(self, at: datetime, points: int) -> None:
        assessment = make_assessment(self.section, [self.standard], given_on=at.date())
        give(assessment, self.learner, self.standard, points, at=at)

    def recompute(self) -> None:
        outbox.mark_stale([self.learner.pk], [self.standard.pk])
        work_off()

    def shown(self) -> Level:
        [found] = self._ask(LEVELS)
        return Level(*found[2:])

    def wanted(self) -> Level:
        [found] = levels_of(self._ask(LEDGER)).values()
        return found

    def _ask(self, sql: str) -> list[tuple]:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("name", MOMENTS)
def test_worker_whose_clock_is_two_hours_off_shows_the_same_levels(name: str, zone: str) -> None:
    scene = Scene(zone)
    with district_scope(scene.school.district_id):
        for at, points in zip(instants(name), POINTS, strict=True):
            with time_machine.travel(at):
                scene.give(at, points)
            for off in OFF:
                with time_machine.travel(at + off):
                    scene.recompute()
                assert scene.shown() == scene.wanted()
        assert Mastery.objects.get().n == len(POINTS)


@pytest.mark.parametrize("name", MOMENTS)
def test_site_whose_clock_is_two_hours_off_shows_the_same_levels(name: str) -> None:
    shown = []
    for off in OFF:
        scene = Scene("America/New_York")
        with district_scope(scene.school.district_id):
            for at, points in zip(instants(name), POINTS, strict=True):
                with time_machine.travel(at + off):
                    scene.give(at + off, points)
                    work_off()
            shown.append(Mastery.objects.get(learner=scene.learner))

    assert len({(row.value_micro, row.shown_level, row.n) for row in shown}) == 1


def test_worker_whose_clock_is_behind_at_midnight_keeps_the_marks_of_the_morning() -> None:
    """Due by the database's clock, a day early by the worker's: the policy of the morning reaches the pair all the
    same."""
    scene = Scene("America/New_York", since=date(2020, 1, 1))
    morning = datetime.combine(datetime.now(ZoneInfo("America/New_York")), time(), ZoneInfo("America/New_York"))
    with district_scope(scene.school.district_id):
        for days, points in ((9, 4), (2, 1)):
            scene.give(morning - timedelta(days=days), points)
        work_off()
        assert Mastery.objects.get().method == "decaying"
        MasteryPolicy.objects.create(district=scene.school.district, starts_on=morning.date(), method="highest")
        outbox.mark_pairs([(scene.learner.pk, scene.standard.subject_id)], due_at=morning + timedelta(seconds=1))
        with time_machine.travel(morning - timedelta(seconds=5)):
            work_off()
        assert Mastery.objects.get().method == "highest"
        assert not StaleMark.objects.exists()
