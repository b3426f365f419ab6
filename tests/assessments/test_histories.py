"""School days of instants, whatever the zone and the season."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.services.histories import school_days
from tests.assessments.mastery.strategies import LAWS

YEAR_2000 = datetime(2000, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
ZONES = ["UTC", "America/New_York", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Kiritimati"]


def micros(at: datetime) -> int:
    return (at - YEAR_2000) // MICROSECOND


@LAWS
@given(
    st.sampled_from(ZONES),
    st.lists(st.datetimes(datetime(1995, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC)), min_size=1, max_size=20),
)
def test_school_days_are_those_of_the_calendar(zone, instants):
    days = school_days(np.array([micros(at) for at in instants]), ZoneInfo(zone))
    assert days.tolist() == [at.astimezone(ZoneInfo(zone)).toordinal() for at in instants]


@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2026-03-08T04:59:59+00:00", "2026-03-07"),  # the last second before the day on which clocks go forward
        ("2026-03-08T05:00:00+00:00", "2026-03-08"),
        ("2026-03-09T03:59:59+00:00", "2026-03-08"),  # that day is an hour shorter
        ("2026-03-09T04:00:00+00:00", "2026-03-09"),
        ("2026-11-02T04:59:59+00:00", "2026-11-01"),  # and the day on which they go back an hour longer
        ("2026-11-02T05:00:00+00:00", "2026-11-02"),
        ("2028-02-29T23:00:00+00:00", "2028-02-29"),
    ],
)
def test_school_days_end_at_midnight_of_the_season(at, day):
    days = school_days(np.array([micros(datetime.fromisoformat(at))]), ZoneInfo("America/New_York"))
    assert days.tolist() == [datetime.fromisoformat(day).toordinal()]


def test_no_instants_are_no_days():
    assert school_days(np.empty(0, dtype=np.int64), ZoneInfo("UTC")).tolist() == []
