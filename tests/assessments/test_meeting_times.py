"""When groups meet, read from what teachers type."""

import pytest

from assessments.meeting_times import meet_at_once, read_meeting

DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS = {name: day for day, name in enumerate(DAYS)} | {name[:3]: day for day, name in enumerate(DAYS)}


def meeting(text):
    return read_meeting(text, weekdays=WEEKDAYS, through=frozenset({"to"}))


@pytest.mark.parametrize(
    ("text", "days", "start", "end"),
    [
        ("9:40 to 10:00", "", 580, 600),
        ("Mon and Wed, 9:40-10:00", "02", 580, 600),
        ("Mondays 9.40", "0", 580, 581),
        ("Mon to Thu, 12:50 to 1:10", "0123", 770, 790),
        ("Fri–Mon 1:15 pm, 20 min", "4560", 795, 815),
        ("10 am for 10 minutes", "", 600, 610),
        ("11:45 am - 12:15 pm", "", 705, 735),
        ("after lunch", "", None, None),
        ("room 25:70, 13:00", "", 780, 781),
        ("23:50, 30 min", "", 1430, 1431),
        ("", "", None, None),
    ],
)
def test_meeting_is_read_from_words(text, days, start, end):
    found = meeting(text)
    assert (found.days, found.start, found.end) == (frozenset(map(int, days)), start, end)


@pytest.mark.parametrize(
    ("one", "other", "at_once"),
    [
        ("9:40 to 10:00", "9:50", True),
        ("9:40 to 10:00", "10:00 to 10:20", False),
        ("Mon, 9:40", "Tue, 9:40", False),
        ("Mon, 9:40", "9:40 every day", True),
        ("After lunch.", "after  lunch", True),
        ("Mon after lunch", "Mon, after the bell", False),
        ("after lunch", "12:40", False),
        ("", "", False),
    ],
)
def test_two_meet_at_once_where_days_and_minutes_overlap(one, other, at_once):
    assert meet_at_once(meeting(one), meeting(other)) is at_once
    assert meet_at_once(meeting(other), meeting(one)) is at_once
