"""Conversations, meetings, polls, pairs, and notes for staff only."""

from uuid import uuid4

from django.utils import timezone

from tests.lrm.matrix_expectations.people import (
    CLASSMATES,
    CONFERENCE_READERS,
    CONFERENCE_STEPPERS,
    DRAWING_READERS,
    LEARNER_CIRCLE,
    LEARNER_SELF,
    LEARNERS,
    MEETING_LEADER,
    NEWS_ENDERS,
    NOTE_AUTHOR,
    NOTE_STAFF,
    NOTE_TEACHERS,
    POINT_WRITERS,
    POLL_ASKED,
    POLL_READERS,
    RECORD_AND_AUTHOR,
    RECORD_DECIDERS,
    RECORD_READERS,
    SIGNED_IN,
    STAFF,
    TALK_AND_AUTHOR,
    TALK_BEGINNERS,
    TALK_CIRCLE,
    TALK_WIDENERS,
    TEACHERS,
    TOLD_BY,
    UNMASKING_AGREERS,
)
from tests.lrm.matrix_rows import GET, POST, Objects, Row, at, page


def words(o: Objects) -> dict:
    return {"uuid": str(uuid4()), "text": "A good day."}


def to_teachers(o: Objects) -> dict:
    return {"to": "teachers"}


def question(o: Objects) -> dict:
    return {
        "uuid": str(uuid4()),
        "audience": f"section:{o['section'].pk}",
        "question": "Which book?",
        "kind": "words",
        "open_until": timezone.localdate(),
    }


def idea(o: Objects) -> dict:
    return {"uuid": str(uuid4()), "text": "More light", "section": str(o["section"].pk)}


def help_wanted(o: Objects) -> dict:
    what = f"{o['section'].pk}-{o['next_standard'].pk}"
    return {"uuid": str(uuid4()), "what": what, "kind": "wish", "text": "With clocks."}


def two(o: Objects) -> dict:
    day = timezone.localdate()
    people = {"helper": o["helper"].pk, "asker": o["learner"].pk}
    return {"uuid": str(uuid4()), "standard": o["standard"].pk, **people, "day": day, "ends_on": day}


def danger(o: Objects) -> dict:
    return {"answer": str(o["poll_answer"].uuid), "why": "I worry."}


def first_words(o: Objects) -> dict:
    """To the teachers of the class of a place, in which its learner is."""
    return {**words(o), "title": "Clocks", "teachers": str(o["section"].pk)}


ROWS: dict[str, Row] = {
    "talks": page(GET, who=SIGNED_IN),
    "talk": at(TALK_CIRCLE, GET, POST, pk="talk", data=words, foreign=()),
    "talk (with a record)": at(
        RECORD_READERS, GET, also={POST: TALK_CIRCLE}, pk="reported_talk", data=words, foreign=()
    ),
    "talk_news": at(TALK_CIRCLE, GET, pk="talk"),
    "talk_news (with a record)": at(RECORD_READERS, GET, pk="reported_talk"),
    "talk_seen": at(TALK_CIRCLE, POST, pk="talk"),
    "talk_draft": at(TALK_CIRCLE, POST, pk="talk"),
    "talk_widen": at(TALK_WIDENERS, GET, POST, pk="talk", query=to_teachers, data=lambda o: {"shown": ""}, foreign=()),
    "talk_widen_answer": at(
        LEARNER_SELF, POST, pk="widening", data=lambda o: {"answer": "no", "shown": ""}, foreign=()
    ),
    "learner_talks": at(LEARNER_CIRCLE, GET, pk="learner"),
    "talk_new": at(TALK_BEGINNERS, GET, POST, pk="learner", data=first_words, query=lambda o: {"goal": o["goal"].pk}),
    "talk_new (about a piece of work)": at(
        TALK_BEGINNERS, GET, POST, pk="learner", data=first_words, query=lambda o: {"artifact": o["artifact"].pk}
    ),
    "talk_new_draft": at(TALK_BEGINNERS, POST, pk="learner", data=words, foreign=()),
    "message_report": at(TOLD_BY, GET, POST, pk="message"),
    "message_hide": at(TALK_AND_AUTHOR, GET, POST, pk="message"),
    "message_hide (with a record)": at(RECORD_AND_AUTHOR, GET, POST, pk="reported_message"),
    "talk_reports": page(GET, who=STAFF),
    "report_decide": at(RECORD_DECIDERS, POST, pk="report", data=lambda o: {"do": "keep"}, foreign=()),
    "digest": page(GET, POST, who=SIGNED_IN, scoped=True),  # one's own
    "conferences": page(GET, who=TEACHERS),
    "learner_conferences": at(CONFERENCE_READERS, GET, pk="learner"),
    "conference_new": at(
        NOTE_TEACHERS, POST, pk="learner", data=lambda o: {"planned_on": timezone.localdate()}, foreign=()
    ),
    "conference": at(CONFERENCE_READERS, GET, pk="conference"),
    "conference_notes": at(
        MEETING_LEADER,
        POST,
        pk="conference",
        data=lambda o: {"version": "1", "notes": "Well.", "staff": ""},
        foreign=(),
    ),
    "conference_step": at(
        MEETING_LEADER,
        POST,
        pk="conference",
        data=lambda o: {"uuid": str(uuid4()), "text": "Draw it", "who": "learner"},
        foreign=(),
    ),
    "conference_close": at(MEETING_LEADER, POST, pk="conference"),
    "conference_reopen": at(MEETING_LEADER, POST, pk="conference"),
    "next_step": at(
        CONFERENCE_STEPPERS, POST, pk="next_step", data=lambda o: {"do": "done", "goal": o["goal"].pk}, foreign=()
    ),
    "talk_point_new": at(
        POINT_WRITERS, POST, pk="learner", data=lambda o: {"uuid": str(uuid4()), "text": "The kit"}, foreign=()
    ),
    "talk_point_put_away": at(POINT_WRITERS, POST, pk="talk_point"),
    "polls": page(GET, who=STAFF | LEARNERS),
    "poll_new": page(GET, POST, who=STAFF, data=question),
    "suggest": page(GET, POST, who=LEARNERS, data=idea, foreign=("near", "far", "abroad")),
    "poll": at(POLL_READERS, GET, also={POST: POLL_ASKED}, pk="poll", data=lambda o: {"choice": "1"}, foreign=()),
    "poll (a suggestion)": at(RECORD_DECIDERS, GET, pk="suggestion"),
    "poll_file": at(DRAWING_READERS, GET, uuid="drawn"),
    "poll_preview": at(DRAWING_READERS, GET, uuid="drawn"),
    "poll_end": at(RECORD_DECIDERS, POST, pk="poll", data=lambda o: {"do": "stop"}, foreign=()),
    "poll_unmask": at(RECORD_DECIDERS, POST, pk="poll", data=danger),
    "unmasking_agree": at(UNMASKING_AGREERS, POST, pk="unmasking"),
    "my_helping": page(GET, POST, who=LEARNERS, data=help_wanted, foreign=("near", "far", "abroad")),
    "note_take_back": at(LEARNER_SELF, POST, pk="peer_note"),
    "pair_act": at(LEARNER_SELF, POST, pk="pair", data=lambda o: {"do": "stop"}, foreign=()),
    "pair_tell": at(LEARNER_SELF, GET, POST, pk="pair", data=lambda o: {"why": "I was sad."}, foreign=()),
    "learner_helping": at({"own": {"guardian"}}, GET, pk="learner"),
    "class_helping": page(GET, who=STAFF),
    "section_helping": at(RECORD_DECIDERS, GET, POST, pk="section", data=two),
    "helping_switch": at(RECORD_DECIDERS, POST, pk="section", data=lambda o: {"do": "pairs_off"}, foreign=()),
    "pair_end": at(RECORD_DECIDERS, POST, pk="pair"),
    "peer_report_decide": at(RECORD_DECIDERS, POST, pk="peer_report", data=lambda o: {"do": "keep"}, foreign=()),
    "good_news": page(
        GET, POST, who=LEARNERS, data=lambda o: {"uuid": str(uuid4()), "news": "", "section": o["section"].pk}
    ),
    "cheer": at(CLASSMATES, POST, pk="shared_moment", data=lambda o: {"kind": "glad"}, foreign=()),
    "news_stop": at(NEWS_ENDERS, POST, pk="shared_moment"),
    "news_tell": at(CLASSMATES, GET, POST, pk="shared_moment", data=lambda o: {"why": "I was sad."}, foreign=()),
    "staff_notes": at(
        NOTE_STAFF, GET, POST, pk="learner", data=lambda o: {"uuid": str(uuid4()), "text": "Sits in front."}, foreign=()
    ),
    "staff_note_put_away": at(NOTE_AUTHOR, POST, pk="staff_note"),
}
