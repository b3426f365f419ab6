"""Weekly times in words, and what groups of a block take from them."""

from django.utils import timezone
from django.utils.translation import override

from assessments.services.block_meetings import days_of, usual_meetings
from assessments.services.clashes import meet_once, read_meetings
from assessments.slot_words import meetings_of, said_slots

TUE_THU_FRI = [[1, 615, 645], [3, 615, 645], [4, 780, 810]]


def test_slots_are_said_by_time_and_read_back_as_the_same_meetings():
    said = said_slots([*TUE_THU_FRI, [0, 1140, 1170]])
    assert said == "Tue, Thu 10:15–10:45; Fri 1:00–1:30; Mon 7:00 PM–7:30 PM"
    read = read_meetings([said])[said]
    assert [(meeting.days, meeting.start, meeting.end) for meeting in read] == [
        ({1, 3}, 615, 645),
        ({4}, 780, 810),
        ({0}, 1140, 1170),
    ]
    with override("es"):
        assert said_slots(TUE_THU_FRI[2:]).endswith("13:00–13:30")


def test_each_of_several_times_clashes_for_itself_and_words_with_a_semicolon_stay_one():
    mine = meetings_of(TUE_THU_FRI)
    texts = ["Fri, 1:20 to 2:00", "Tue 1:00–1:30; Fri 10:15–10:45", "Thu; with Ms. Ito 10:30"]
    meetings = read_meetings(texts)
    assert [meet_once(mine, meetings[text]) for text in texts] == [True, False, True]


def test_groups_that_take_turns_share_out_the_days_of_the_block():
    today = timezone.localdate().isoformat()
    block = {"place": "Room 4", "slots": TUE_THU_FRI, "starts_on": today, "ends_on": today}
    assert usual_meetings(block, [0, 1, 0]) == [
        ("Room 4", "Tue 10:15–10:45; Fri 1:00–1:30"),
        ("Room 4", "Thu 10:15–10:45"),
        ("Room 4", "Tue 10:15–10:45; Fri 1:00–1:30"),
    ]
    few = block | {"slots": TUE_THU_FRI[:1]}
    assert usual_meetings(few, [0, 1]) == [("Room 4", "Tue 10:15–10:45"), ("Room 4", "")]
    assert usual_meetings(None, [0, 1]) == [("", ""), ("", "")]
    first = timezone.localdate()
    assert days_of(block, first) == (first, first)
