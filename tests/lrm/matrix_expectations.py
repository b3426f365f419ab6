"""Who may use which route, and read which words: written by hand, never taken from the code.

A new route needs one line here; docs/access.md says how to choose it.
"""

import json
from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from tests.lrm.matrix_rows import GET, POST, Objects, Row, at, page

# People. What each of them is stands in tests/lrm/matrix_scene.py.
WITHOUT_RIGHTS = {"ended_teacher", "future_teacher", "ended_guardian", "unconfirmed_guardian", "left_learner"}
LEARNERS = {"learner", "far_learner"}
WHOLE_ROSTER = {"teacher", "aide", "substitute"}
TEACHERS = {*WHOLE_ROSTER, "co_teacher", "near_teacher", "far_teacher"}
SCHOOL_ADMINS = {"school_admin", "far_admin"}
DISTRICT_ADMINS = {"district_admin", "abroad_admin"}
ADMINS = SCHOOL_ADMINS | DISTRICT_ADMINS
STAFF = TEACHERS | ADMINS
SIGNED_IN = STAFF | LEARNERS | {"guardian"}
ANYONE = SIGNED_IN | WITHOUT_RIGHTS | {"stranger"}

# Where those are at home who are not at `own`.
HOMES = {
    "near_teacher": "near",
    "far_teacher": "far",
    "far_admin": "far",
    "far_learner": "far",
    "abroad_admin": "abroad",
}

# Who may read the words of a place: names of its learners, titles of its classes.
READERS = {
    "own": {*WHOLE_ROSTER, "co_teacher", "learner", "guardian", "school_admin", "district_admin"},
    "beside": {*WHOLE_ROSTER, "co_teacher", "school_admin", "district_admin"},
    "near": {"near_teacher", "school_admin", "district_admin"},
    "far": {"far_teacher", "far_learner", "far_admin", "district_admin"},
    "abroad": {"abroad_admin"},
}

# Who may do what at which place. A place that is left out is closed to everybody.
SECTION_STAFF = {
    "own": {*WHOLE_ROSTER, "school_admin", "district_admin"},
    "beside": {*WHOLE_ROSTER, "co_teacher", "school_admin", "district_admin"},
    "near": {"near_teacher", "school_admin", "district_admin"},
    "far": {"far_teacher", "far_admin", "district_admin"},
    "abroad": {"abroad_admin"},
}
SECTION_TEACHERS = {
    "own": WHOLE_ROSTER,
    "beside": {*WHOLE_ROSTER, "co_teacher"},
    "near": {"near_teacher"},
    "far": {"far_teacher"},
}
ROSTER_READERS = {
    "own": {*WHOLE_ROSTER, "co_teacher", "school_admin", "district_admin"},
    "beside": {*WHOLE_ROSTER, "co_teacher", "school_admin", "district_admin"},
    "near": {"near_teacher", "school_admin", "district_admin"},
    "far": {"far_teacher", "far_admin", "district_admin"},
    "abroad": {"abroad_admin"},
}
ROSTER_EDITORS = {
    "own": {"teacher", "school_admin", "district_admin"},
    "beside": {"teacher", "school_admin", "district_admin"},
    "near": {"near_teacher", "school_admin", "district_admin"},
    "far": {"far_teacher", "far_admin", "district_admin"},
    "abroad": {"abroad_admin"},
}
# Who may draw learners of a section into a block: nobody who only helps.
SECTION_LEADERS = {**ROSTER_EDITORS, "beside": {*ROSTER_EDITORS["beside"], "co_teacher"}}
# The block of a place is led by one of its teachers; see TUTORS of the scene.
BLOCK_STAFF = {
    "own": {"teacher", "school_admin", "district_admin"},
    "beside": {"co_teacher", "school_admin", "district_admin"},
    "near": {"near_teacher", "school_admin", "district_admin"},
    "far": {"far_teacher", "far_admin", "district_admin"},
    "abroad": {"abroad_admin"},
}
LEARNER_STAFF = ROSTER_READERS
LEARNER_CIRCLE = {
    **LEARNER_STAFF,
    "own": {*LEARNER_STAFF["own"], "learner", "guardian"},
    "far": {*LEARNER_STAFF["far"], "far_learner"},
}
LEARNER_SELF_AND_STAFF = {
    **LEARNER_STAFF,
    "own": {*LEARNER_STAFF["own"], "learner"},
    "far": {*LEARNER_STAFF["far"], "far_learner"},
}
LEARNER_SELF = {"own": {"learner"}, "far": {"far_learner"}}
LEARNER_AND_FAMILY = {"own": {"learner", "guardian"}, "far": {"far_learner"}}
LEARNER_TEACHERS = {
    "own": {*WHOLE_ROSTER, "co_teacher"},
    "beside": {*WHOLE_ROSTER, "co_teacher"},
    "near": {"near_teacher"},
    "far": {"far_teacher"},
}
LEARNER_AND_TEACHERS = {
    **LEARNER_TEACHERS,
    "own": {*LEARNER_TEACHERS["own"], "learner"},
    "far": {*LEARNER_TEACHERS["far"], "far_learner"},
}
SCHOOL_ADMINISTRATORS = {
    **dict.fromkeys(("own", "beside", "near"), frozenset({"school_admin", "district_admin"})),
    "far": {"far_admin", "district_admin"},
    "abroad": {"abroad_admin"},
}
# Who may ask who looked: the family and the office.
LOOK_READERS = {**SCHOOL_ADMINISTRATORS, "own": {*SCHOOL_ADMINISTRATORS["own"], "guardian"}}
# What is for staff only: nobody who stands in for a day.
NOTE_STAFF = {
    **LEARNER_STAFF,
    "own": LEARNER_STAFF["own"] - {"substitute"},
    "beside": LEARNER_STAFF["beside"] - {"substitute"},
}
# Of a meeting: staff who stay, the learner, the family; points to talk about are between the first two.
CONFERENCE_READERS = {
    **NOTE_STAFF,
    "own": {*NOTE_STAFF["own"], "learner", "guardian"},
    "far": {*NOTE_STAFF["far"], "far_learner"},
}
POINT_READERS = {
    **NOTE_STAFF,
    "own": {*NOTE_STAFF["own"], "learner"},
    "far": {*NOTE_STAFF["far"], "far_learner"},
}
NOTE_TEACHERS = {
    "own": {"teacher", "co_teacher", "aide"},
    "beside": {"teacher", "co_teacher", "aide"},
    "near": {"near_teacher"},
    "far": {"far_teacher"},
}
POINT_WRITERS = {
    **NOTE_TEACHERS,
    "own": {*NOTE_TEACHERS["own"], "learner"},
    "far": {*NOTE_TEACHERS["far"], "far_learner"},
}
MEETING_LEADER = {
    "own": {"teacher"},
    "beside": {"co_teacher"},
    "near": {"near_teacher"},
    "far": {"far_teacher"},
}
CONFERENCE_STEPPERS = {
    **MEETING_LEADER,
    "own": {*MEETING_LEADER["own"], "learner"},
    "far": {*MEETING_LEADER["far"], "far_learner"},
}
# A conversation of the class of the place, which the family reads too.
TALK_STAFF = {
    "own": {"teacher", "aide"},
    "beside": {"teacher", "aide", "co_teacher"},
    "near": {"near_teacher"},
    "far": {"far_teacher"},
}
TALK_CIRCLE = {
    **TALK_STAFF,
    "own": {*TALK_STAFF["own"], "learner", "guardian"},
    "far": {*TALK_STAFF["far"], "far_learner"},
}
TALK_WIDENERS = {place: people - {"guardian"} for place, people in TALK_CIRCLE.items()}
TALK_AND_AUTHOR = {
    **TALK_STAFF,
    "own": {*TALK_STAFF["own"], "learner"},
    "far": {*TALK_STAFF["far"], "far_learner"},
}
# One in which somebody has told a grown-up about a learner's words.
RECORD_DECIDERS = {place: {*TALK_STAFF.get(place, ()), *admins} for place, admins in SCHOOL_ADMINISTRATORS.items()}
RECORD_READERS = {place: {*TALK_CIRCLE.get(place, ()), *admins} for place, admins in SCHOOL_ADMINISTRATORS.items()}
# Whoever reads what the learner has said, the learner excepted.
TOLD_BY = {**TALK_STAFF, "own": {*TALK_STAFF["own"], "guardian"}}
# At their own class nobody begins a conversation who only stands in; a co-teacher of the other subject of a homeroom
# has its learners too.
TALK_BEGINNERS = {**TALK_CIRCLE, "own": {*TALK_CIRCLE["own"], "co_teacher"}}
# A poll of the class of the place; a homeroom's learner is asked in all its subjects.
POLL_ASKED = {"own": {"learner"}, "beside": {"learner"}, "far": {"far_learner"}}
POLL_READERS = {place: {*RECORD_DECIDERS[place], *POLL_ASKED.get(place, ())} for place in RECORD_DECIDERS}
# What a classmate shares: the learner of the place beside is one, in both subjects of the homeroom.
CLASSMATES = {"beside": {"learner"}}
NEWS_ENDERS = {place: {*RECORD_DECIDERS[place], *LEARNER_SELF.get(place, ())} for place in RECORD_DECIDERS}
# Nobody agrees to what they have asked for themselves.
UNMASKING_AGREERS = {**SCHOOL_ADMINISTRATORS, "abroad": set()}
NOTE_AUTHOR = {
    "own": {"teacher"},
    "beside": {"co_teacher"},
    "near": {"near_teacher"},
    "far": {"far_teacher"},
    "abroad": {"abroad_admin"},
}
NOTE_TEACHER = {place: who for place, who in NOTE_AUTHOR.items() if place != "abroad"}
ABROAD = ("abroad",)
SENDER = {"own": {"district_admin"}, "abroad": {"abroad_admin"}}  # of a roster or of standards
RESULTS_SENDER = {**SENDER, "beside": {"co_teacher"}, "near": {"near_teacher"}, "far": {"far_admin"}}
TOKEN_OWNER = RESULTS_SENDER
TEMPLATE_AUTHORS = RESULTS_SENDER
PATH_GIVERS = RESULTS_SENDER
_ALDER_CREEK = {*WHOLE_ROSTER, "co_teacher", "near_teacher", "school_admin", "district_admin"}
SCHOOL_STAFF = {
    **dict.fromkeys(("own", "beside", "near"), _ALDER_CREEK),
    "far": {"far_teacher", "far_admin", "district_admin"},
    "abroad": {"abroad_admin"},
}
# A place is one of the school; an opening is for a section, and two sections share the homeroom.
PLACE_READERS = {
    **{place: {*_ALDER_CREEK, "learner"} for place in ("own", "beside", "near")},
    "far": {*SCHOOL_STAFF["far"], "far_learner"},
    "abroad": SCHOOL_STAFF["abroad"],
}
OPENING_READERS = {**PLACE_READERS, "near": _ALDER_CREEK}
SEAT_TAKERS = {"own": {"learner"}, "beside": {"learner"}, "far": {"far_learner"}}
SCHOOL_ADMINS_THERE = {place: people & ADMINS for place, people in SCHOOL_STAFF.items()}
# Standards are public documents: those of the own district, and of no other.
HOME_DISTRICT = ("own", "beside", "near", "far")
DISTRICT_RULES = {**dict.fromkeys(HOME_DISTRICT, frozenset({"district_admin"})), "abroad": {"abroad_admin"}}
DISTRICT_STAFF = {**dict.fromkeys(HOME_DISTRICT, STAFF - {"abroad_admin"}), "abroad": {"abroad_admin"}}


def new_child(o: Objects) -> dict:
    """A child who is new, and the id of one who is here: an id alone puts nobody on a roster."""
    return {
        "given_name": "New",
        "family_name": "Child",
        "starts_on": str(o["roster"].session.starts_on),
        "choice": o["learner"].pk,
        "uuid": str(uuid4()),
    }


def level(o: Objects) -> dict:
    return {"act": "set", "level": "3", "reason": "Seen today."}


def levels(o: Objects) -> dict:
    return {"cell": [f"{o['learner'].pk}.{o['standard'].pk}.0"], "level": "3", "reason": "Seen today."}


def cell(o: Objects) -> str:
    return json.dumps({"cells": [{"learner": o["learner"].pk, "standard": o["standard"].pk, "text": "2"}]})


def note(o: Objects) -> dict:
    return {"learner": o["learner"].pk, "standard": o["standard"].pk, "text": "Show the steps."}


def meeting(o: Objects) -> dict:
    """A change of a group that is on."""
    prefix, today = f"group-{o['group'].pk}", timezone.localdate()
    return {
        f"{prefix}-version": o["group"].version,
        f"{prefix}-place": "Window table",
        f"{prefix}-starts_on": today,
        f"{prefix}-ends_on": today,
        f"{prefix}-tasks-TOTAL_FORMS": 0,
        f"{prefix}-tasks-INITIAL_FORMS": 0,
    }


def a_support(o: Objects) -> dict:
    return {"uuid": str(uuid4()), "kind": "extra_time", "starts_on": str(timezone.localdate())}


def a_block(o: Objects) -> dict:
    """Without an adult, whom each persona would have to name as themselves."""
    today = timezone.localdate()
    return {"name": "Block", "seats": 4, "starts_on": today, "ends_on": today, "standards": o["standard"].pk}


def absence(o: Objects) -> dict:
    return {"act": "absent", "learner": o["learner"].pk, "version": 1}


def school_cell(o: Objects) -> dict:
    at = f"s{o['school'].pk}.{o['framework'].pk}-{o['domain'].pk}.{o['standard'].pk}"
    return {"school": o["school"].pk, "at": at}


def parked_pair(o: Objects) -> dict:
    return {"pair": f"{o['learner'].pk}.{o['subject'].pk}"}


def goal(o: Objects) -> dict:
    return {"uuid": str(uuid4()), "what": "I read a clock", "standards": [o["standard"].pk], "version": 1}


def opening(o: Objects) -> dict:
    times = {"day": "2090-10-02", "starts": "10:00", "ends": "10:30", "seats": 3, "weeks": 1}
    return {"do": "open", "uuid": str(uuid4()), "place": o["work_place"].pk, "section": o["section"].pk, **times}


def wish(o: Objects) -> dict:
    return {"uuid": str(uuid4()), "title": "Build a clock", "kind": "make"}


def answer(o: Objects) -> dict:
    return {"do": "agree", "title": "Build a clock", "kind": "make"}


def give(o: Objects) -> dict:
    return {"act": str(uuid4()), "starts_on": "2026-10-01", "learners": [o["learner"].pk], "do": "give"}


def template(o: Objects) -> dict:
    return {**plan(o), "school": o["school"].pk}


def words(o: Objects) -> dict:
    return {"uuid": str(uuid4()), "text": "A good day."}


def no_news(o: Objects) -> dict:
    return {"act": str(uuid4())}


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


def plan(o: Objects) -> dict:
    return {
        "title": "Clocks",
        "learners": [o["learner"].pk],
        "version": 1,
        "steps-TOTAL_FORMS": 1,
        "steps-INITIAL_FORMS": 0,
        "steps-0-title": "Read a clock",
        "steps-0-kind": "read",
        "steps-0-standard": o["standard"].pk,
    }


def trial(o: Objects) -> dict:
    """A version of the policy for the framework of the place, under which one result shows no level yet."""
    return {
        "try": "1",
        "framework": o["framework"].pk,
        "starts_on": str(timezone.localdate() + timedelta(days=30)),
        "method": "n_times",
        "times": "3",
        "word_1": "Starting",
        "word_2": "There",
        "cut_2": "40",
        "mastery_level": "2",
        "minimum_n": "10",
    }


def off_the_week(o: Objects) -> dict:
    return {"act": "off", "item": o["week_item"].pk}


def seen(o: Objects) -> dict:
    return {"learner": o["learner"].pk, "standard": o["standard"].pk, "text": "3"}


def seen_at_once(o: Objects) -> str:
    return json.dumps({"seen": [seen(o)]})


def project(o: Objects) -> dict:
    words = {"kind": "project", "title": "A clock", "what": "I build it"}
    return {**words, "uuid": str(uuid4()), "standards": [o["standard"].pk], "version": 1}


EXPECTATIONS: dict[str, Row] = {
    # The machine, and the way in and out
    "livez": page(GET, who=ANYONE, scoped=False),
    "readyz": page(GET, who=ANYONE, scoped=False),
    "gallery": page(GET, who=ANYONE, scoped=False),
    "still_here": page(GET, POST, who=SIGNED_IN | WITHOUT_RIGHTS, scoped=False),
    "sign_in": page(GET, POST, who=ANYONE, scoped=False),
    "account_login": page(GET, POST, who=ANYONE, scoped=False),
    "account_inactive": page(GET, who=ANYONE, scoped=False),
    "account_reset_password": page(GET, POST, who=ANYONE, scoped=False),
    "account_reset_password_done": page(GET, who=ANYONE, scoped=False),
    "account_reset_password_from_key": page(
        GET, POST, who=ANYONE, uidb36=lambda o: "1", key=lambda o: "x", scoped=False
    ),
    "account_reset_password_from_key_done": page(GET, who=ANYONE, scoped=False),
    "sign_out": page(POST, who=ANYONE, scoped=False, signs_out=True),
    "set_language": page(POST, who=ANYONE, scoped=False),
    "demo_enter": page(POST, who=(), role=lambda o: "teacher", scoped=False),  # no demo here
    # Rosters
    "learners": page(GET, who=STAFF, query=lambda o: {"q": "ruiz"}),
    "roster": at(ROSTER_READERS, GET, pk="roster"),
    "roster_add": at(ROSTER_EDITORS, GET, POST, pk="roster", data=new_child),
    "roster_settings": at(ROSTER_EDITORS, GET, pk="roster"),
    "roster_class_code": at(ROSTER_EDITORS, POST, pk="roster"),
    "roster_cards": at(ROSTER_EDITORS, GET, pk="roster"),
    "enrollment_withdraw": at(ROSTER_EDITORS, GET, POST, pk="enrollment"),
    "enrollment_undo": at(ROSTER_EDITORS, POST, pk="enrollment"),
    "enrollment_renew": at(ROSTER_EDITORS, POST, pk="enrollment"),
    "roster_import": page(GET, POST, who=DISTRICT_ADMINS),
    "roster_import_check": at(SENDER, GET, uuid="upload"),
    "roster_import_settle": at(SENDER, POST, uuid="upload"),
    "roster_import_apply": at(SENDER, POST, uuid="upload"),
    "roster_import_discard": at(SENDER, POST, uuid="upload"),
    "roster_import_refused": at(SENDER, GET, uuid="upload"),
    # Entry and wall
    "enter": page(GET, who=TEACHERS),
    "assessment_paper": at(SECTION_TEACHERS, GET, pk="assessment"),
    "goal_cards": page(GET, who=TEACHERS),
    "section_goal_cards": at(SECTION_TEACHERS, GET, pk="section"),
    "observe": page(GET, who=TEACHERS),
    "section_observe": at(SECTION_TEACHERS, GET, POST, pk="section", data=seen),
    "observe_seen": at(SECTION_TEACHERS, POST, pk="section", data=seen_at_once),
    "section_enter": at(SECTION_TEACHERS, GET, pk="section"),
    "assessment_new": at(SECTION_TEACHERS, GET, POST, pk="section"),
    "assessment_edit": at(SECTION_TEACHERS, GET, POST, pk="assessment"),
    "assessment_archive": at(SECTION_TEACHERS, POST, pk="assessment"),
    "assessment_enter": at(SECTION_TEACHERS, GET, POST, pk="assessment"),
    "assessment_cells": at(SECTION_TEACHERS, POST, pk="assessment", data=cell),
    "result_note": at(SECTION_TEACHERS, POST, pk="assessment", data=note),
    "wall": page(GET, who=STAFF),
    "section_wall": at(
        SECTION_STAFF, GET, pk="section", query=lambda o: {"at": f"{o['learner'].pk}.{o['standard'].pk}"}
    ),
    "section_levels": at(SECTION_TEACHERS, GET, POST, pk="section", data=levels),
    "undo_levels": at(SECTION_TEACHERS, POST, pk="section", batch=lambda o: str(uuid4())),
    "section_views": at(SECTION_STAFF, GET, pk="section"),
    "rate_myself": page(
        POST, who=LEARNERS, standard_pk=lambda o: o["standard"].pk, data=lambda o: {"level": "3"}, foreign=()
    ),  # always oneself
    "class_screen": at(SECTION_STAFF, GET, pk="section", query=lambda o: {"names": "alias"}),
    "section_wall_csv": at(SECTION_STAFF, GET, pk="section"),
    "class_version": page(GET, who=(), ticket=lambda o: "forged", scoped=False),
    "receipt": at(LEARNER_CIRCLE, GET, pk="learner", standard_pk="standard", foreign=ABROAD),
    "set_level": at(LEARNER_TEACHERS, POST, pk="learner", standard_pk="standard", data=level, foreign=ABROAD),
    "section_results_import": at(SECTION_STAFF, GET, POST, pk="section"),
    "section_results_check": at(RESULTS_SENDER, GET, pk="section", uuid="results_upload"),
    "section_results_apply": at(RESULTS_SENDER, POST, pk="section", uuid="results_upload"),
    "section_results_discard": at(RESULTS_SENDER, POST, pk="section", uuid="results_upload"),
    "section_results_refused": at(RESULTS_SENDER, GET, pk="section", uuid="results_upload"),
    # Groups
    "groups": page(GET, who=TEACHERS),
    "section_groups": at(SECTION_TEACHERS, GET, pk="section"),
    "groups_roster": at(SECTION_TEACHERS, GET, pk="section"),
    "groups_edit": at(SECTION_TEACHERS, POST, pk="section", data=absence),
    "group_change": at(SECTION_TEACHERS, POST, pk="group", data=meeting),
    "group_plan": at(SECTION_TEACHERS, POST, pk="section", data=lambda o: {"plan-version": 1, "plan-letter": "A"}),
    "groups_decide": at(SECTION_TEACHERS, POST, pk="section", data=lambda o: {"act": "start"}, foreign=()),
    "groups_ended": at(SECTION_TEACHERS, GET, pk="section"),
    "groups_close": at(SECTION_TEACHERS, POST, pk="section", data=lambda o: {"act": "close", "group": o["group"].pk}),
    "groups_reopen": at(SECTION_TEACHERS, POST, pk="section"),
    "groups_csv": at(SECTION_TEACHERS, GET, pk="section"),
    "groups_ended_csv": at(SECTION_TEACHERS, GET, pk="section"),
    "blocks": page(GET, who=STAFF),
    "block_new": page(GET, POST, who=STAFF, data=a_block, foreign=ABROAD),
    "block": at(BLOCK_STAFF, GET, pk="block"),
    "block_change": at(BLOCK_STAFF, GET, POST, pk="block", data=a_block, foreign=ABROAD),
    "block_end": at(BLOCK_STAFF, POST, pk="block"),
    "block_draw": at(BLOCK_STAFF, GET, POST, pk="block", data=lambda o: {"learners": o["learner"].pk}),
    "block_place": at(BLOCK_STAFF, POST, pk="block", data=lambda o: {"act": "leave", "learner": o["learner"].pk}),
    # The API; here with a session, with tokens in tests/profiles/test_api_tokens.py
    "api_schema": page(GET, who=ANYONE, scoped=False),
    "api_sections": page(GET, who=TEACHERS),
    "api_section_groups": at(SECTION_TEACHERS, GET, pk="section"),
    "api_section_suggestion": at(SECTION_TEACHERS, GET, pk="section"),
    "api_suggestion_accept": at(SECTION_TEACHERS, POST, pk="section", data=lambda o: '{"version": 1}', foreign=()),
    "api_group": at(SECTION_TEACHERS, GET, pk="group"),
    "api_group_close": at(SECTION_TEACHERS, POST, pk="group"),
    "api_tokens": page(GET, POST, who=STAFF, scoped=False),  # one's own
    "api_token_revoke": at(TOKEN_OWNER, POST, pk="token", scoped=False),
    # School-wide
    "school": page(GET, who=ADMINS, query=lambda o: {"school": o["school"].pk}),
    "school_csv": page(GET, who=ADMINS, query=lambda o: {"school": o["school"].pk}),
    "school_groups": page(GET, who=ADMINS, query=lambda o: {"school": o["school"].pk}),
    "school_groups_csv": page(GET, who=ADMINS, query=lambda o: {"school": o["school"].pk}),
    "parked": page(GET, POST, who=ADMINS, data=parked_pair),
    "school_list_csv": page(GET, who=ADMINS, query=school_cell),
    # Policy of levels
    "policy": page(GET, who=ADMINS),
    "policy_new": page(GET, who=ADMINS, query=trial, foreign=ABROAD),
    "policy_csv": page(GET, who=ADMINS, query=trial, foreign=ABROAD),
    "policy_save": page(POST, who=DISTRICT_ADMINS, data=trial, foreign=ABROAD),
    "policy_withdraw": at(DISTRICT_RULES, POST, pk="policy"),
    "policy_points": page(
        GET, POST, who=DISTRICT_ADMINS, query=lambda o: {"framework": o["framework"].pk}, foreign=ABROAD
    ),
    "points_withdraw": at(DISTRICT_RULES, POST, pk="points"),
    "calibrations": page(GET, who=DISTRICT_ADMINS),
    "calibration_try": at(DISTRICT_RULES, GET, pk="calibration"),
    "calibration_csv": at(DISTRICT_RULES, GET, pk="calibration"),
    "calibration_start": at(DISTRICT_RULES, POST, pk="calibration"),
    "calibration_withdraw": at(DISTRICT_RULES, POST, pk="calibration_start"),
    # Standards
    "standards": page(GET, who=STAFF),
    "standards_search": page(GET, who=SIGNED_IN, query=lambda o: {"q": "statement", "framework": o["framework"].uuid}),
    "standards_pick": page(
        POST, who=SIGNED_IN, data=lambda o: {"picker": "standards", "standards": [o["standard"].pk]}
    ),
    "standard": at(DISTRICT_STAFF, GET, pk="standard"),
    "framework": at(DISTRICT_STAFF, GET, uuid="framework"),
    "standards_import": page(GET, POST, who=DISTRICT_ADMINS),
    "standards_import_check": at(SENDER, GET, uuid="package"),
    "standards_import_apply": at(SENDER, POST, uuid="package"),
    "standards_import_discard": at(SENDER, POST, uuid="package"),
    # Today
    "today": page(GET, who=TEACHERS),
    "today_put_off": page(
        POST, who=TEACHERS, data=lambda o: {"key": "goal:1"}, foreign=()
    ),  # hides a line of one's own
    "today_take_back": page(POST, who=TEACHERS, scoped=False),  # only with ?key= is there anything to take back
    "show_rise": page(
        GET, POST, who=LEARNERS, data=lambda o: {"words": "Look"}, foreign=(), standard_pk=lambda o: o["standard"].pk
    ),
    "show_rise_take_back": at(LEARNER_SELF, POST, pk="shown_at_home"),
    "shown_at_home": at(LEARNER_AND_FAMILY, GET, pk="learner"),
    "today_beside": page(GET, who=TEACHERS),
    "today_done": page(GET, who=TEACHERS),
    "news": page(GET, POST, who=TEACHERS, data=no_news, foreign=()),
    "news_undo": page(POST, who=TEACHERS, data=no_news, foreign=()),
    # Home, learners, profiles
    "home": page(GET, who=SIGNED_IN | WITHOUT_RIGHTS, scoped=False),  # staff are only led on
    "me": page(GET, who=LEARNERS, scoped=False),  # only leads to the own page
    "my_view": page(
        GET, POST, who=LEARNERS, data=lambda o: {f"rate.{o['standard'].pk}": "3"}, foreign=()
    ),  # always oneself
    "screen_name": page(
        GET, POST, who=LEARNERS, data=lambda o: {"animal": "otter", "place": "river"}, foreign=()
    ),  # always oneself
    "learner": at(LEARNER_CIRCLE, GET, pk="learner"),
    "learner_family": at(NOTE_STAFF, GET, POST, pk="learner"),
    "guardian_change": at(SCHOOL_ADMINISTRATORS, POST, pk="guardianship", data=lambda o: {"act": "mail"}, foreign=()),
    "families": page(GET, POST, who=ADMINS),
    "who_looked": at(LOOK_READERS, GET, pk="learner"),
    "learner_week": at(LEARNER_CIRCLE, GET, also={POST: LEARNER_SELF}, pk="learner", data=off_the_week),
    "binder": at(LEARNER_CIRCLE, GET, pk="learner"),
    "binder_zip": at(LEARNER_CIRCLE, GET, pk="learner"),
    "profile": at(LEARNER_CIRCLE, GET, also={POST: LEARNER_AND_TEACHERS}, pk="learner"),
    "entry_edit": at(LEARNER_AND_TEACHERS, GET, POST, pk="entry"),
    "entry_put_away": at(LEARNER_AND_TEACHERS, POST, pk="entry"),
    # Conversations and notes for staff only
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
    "talk_reports": page(GET, who=STAFF),
    "report_decide": at(RECORD_DECIDERS, POST, pk="report", data=lambda o: {"do": "keep"}, foreign=()),
    "digest": page(GET, POST, who=SIGNED_IN, scoped=True),  # one's own
    "talk_policy": page(GET, who=ADMINS),
    "talk_policy_write": page(
        POST,
        who=DISTRICT_ADMINS,
        data=lambda o: {"family_below": "04", "starts_on": timezone.localdate() + timedelta(days=9)},
        foreign=(),
    ),
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
    # Goals
    "goals": page(GET, who=LEARNERS | TEACHERS),
    "welcome": page(GET, who=SIGNED_IN | WITHOUT_RIGHTS, scoped=False),
    "why": page(GET, who=SIGNED_IN),
    "why_read": page(POST, who=SIGNED_IN),
    "why_edit": page(GET, POST, who=ADMINS, query=lambda o: {"school": o["school"].pk}),
    "suggestion_mark": at(
        LEARNER_TEACHERS,
        POST,
        pk="learner",
        data=lambda o: {"standard": o["standard"].pk, "act": "pinned", "reason": "Asked."},
        foreign=ABROAD,
    ),
    "suggestion_lift": at(LEARNER_TEACHERS, POST, pk="suggestion_mark"),
    "profile_ask": page(
        GET, POST, who=LEARNERS, kind=lambda o: "interest", data=lambda o: {"text": "Kites."}, foreign=()
    ),
    "supports": at(LEARNER_CIRCLE, GET, also={POST: NOTE_STAFF}, pk="learner", data=a_support, foreign=()),
    "support_act": at(NOTE_STAFF, POST, pk="support", data=lambda o: {"do": "end"}, foreign=()),
    "try_new": page(
        GET, POST, who=LEARNERS, data=lambda o: {"standard": o["standard"].pk, "practiced": "Ten."}, foreign=ABROAD
    ),
    "try_request": at(LEARNER_CIRCLE, GET, pk="try_request"),
    "try_change": at(LEARNER_SELF, GET, POST, pk="try_request", data=lambda o: {"practiced": "Ten."}, foreign=()),
    "try_act": at(LEARNER_SELF, POST, pk="try_request", data=lambda o: {"do": "take", "place": o["try_place"].pk}),
    "try_requests": page(GET, who=TEACHERS),
    "try_open": page(
        POST, who=TEACHERS, data=lambda o: {"request": [o["try_request"].pk], "seats": 1, "any_time": "on"}
    ),
    "try_answer": at(SECTION_TEACHERS, POST, pk="try_request", data=lambda o: {"text": "First show me."}, foreign=()),
    "try_start": at(SECTION_TEACHERS, POST, pk="try_place"),
    "try_close": at(SECTION_TEACHERS, POST, pk="try_place"),
    "goal_templates": page(GET, who=TEACHERS),
    "goal_template_new": page(GET, POST, who=TEACHERS, data=lambda o: {"what": "I can …"}, foreign=()),
    "goal_template_edit": at(NOTE_TEACHER, GET, POST, pk="goal_template", data=goal, foreign=ABROAD),
    "goal_template_away": at(NOTE_TEACHER, POST, pk="goal_template"),
    "goal_template_give": at(
        NOTE_TEACHER, GET, POST, pk="goal_template", data=lambda o: {"learners": [o["learner"].pk]}
    ),
    "goal_template_take_back": at(NOTE_TEACHER, POST, pk="goal_template"),
    "starters": page(GET, POST, who=DISTRICT_ADMINS, data=lambda o: {"k2-what": "I can …"}, foreign=(), scoped=True),
    "goal_new": page(GET, POST, who=LEARNERS, data=goal, foreign=ABROAD),
    "goal": at(LEARNER_CIRCLE, GET, pk="goal"),
    "goal_edit": at(LEARNER_AND_TEACHERS, GET, POST, pk="goal", data=goal, foreign=ABROAD),
    "goal_typing": at(LEARNER_AND_TEACHERS, POST, pk="goal", data=goal, foreign=ABROAD),
    "goal_history": at(LEARNER_CIRCLE, GET, pk="goal"),
    "goal (a draft)": at(LEARNER_SELF, GET, pk="draft"),
    "goal_edit (a draft)": at(LEARNER_SELF, GET, POST, pk="draft", data=goal, foreign=ABROAD),
    "goal_discard": at(LEARNER_SELF, POST, pk="draft"),
    "goal_draft": at(LEARNER_AND_TEACHERS, POST, pk="learner", data=goal, foreign=ABROAD),
    "goal_check_in": at(LEARNER_SELF, POST, pk="goal"),
    "goal_reflect": at(LEARNER_SELF, POST, pk="goal"),
    "goal_step": at(LEARNER_SELF, POST, pk="goal", step="goal_step"),
    "goal_criterion": at(LEARNER_SELF, POST, pk="goal"),
    "goal_close": at(LEARNER_SELF, POST, pk="goal"),
    "goal_keep": at(LEARNER_SELF, POST, pk="goal"),
    "goal_reopen": at(LEARNER_SELF, POST, pk="goal"),
    "goals_review": page(POST, who=TEACHERS, data=lambda o: {"do": "yes", "goal": str(o["goal"].pk)}),
    "goals_review_undo": page(POST, who=TEACHERS, data=lambda o: {"act": str(uuid4())}, foreign=()),
    "goal_review": at(LEARNER_TEACHERS, POST, pk="goal"),
    "check_in_reply": at(LEARNER_TEACHERS, POST, pk="check_in"),
    "reflection_reply": at(LEARNER_TEACHERS, POST, pk="reflection"),
    "learner_goal_new": at(LEARNER_TEACHERS, GET, POST, pk="learner", data=goal, foreign=ABROAD),
    # Paths
    "my_path": page(GET, who=LEARNERS),
    "step_done": at(LEARNER_AND_TEACHERS, POST, pk="step"),
    "step_choose": at(LEARNER_AND_TEACHERS, POST, pk="step"),
    "step_placement": at(LEARNER_SELF, POST, pk="step", data=lambda o: {"do": "keep"}, foreign=()),
    "section_placement": at(SECTION_STAFF, GET, POST, pk="section", data=lambda o: {"step": [o["step"].pk]}),
    "step_move": at(LEARNER_AND_TEACHERS, POST, pk="step"),
    "path_order": at(LEARNER_AND_TEACHERS, POST, pk="path", data=lambda o: {"version": 1, "step": [o["step"].pk]}),
    "step_propose": page(GET, POST, who=LEARNERS, query=lambda o: {"path": o["path"].pk}, data=wish),
    "step_proposals": page(GET, who=STAFF),
    "proposal_take_back": at(LEARNER_SELF, POST, pk="proposal"),
    "proposal_answer": at(LEARNER_STAFF, POST, pk="proposal", data=answer, foreign=()),
    "path_templates": page(GET, who=STAFF),
    "path_template_new": page(GET, POST, who=STAFF, scoped=False, data=template, foreign=ABROAD),
    "path_template": at(TEMPLATE_AUTHORS, GET, POST, pk="template", data=template, foreign=ABROAD),
    "path_template (shared)": at(SCHOOL_ADMINS_THERE, GET, POST, pk="shared_template", data=template, foreign=ABROAD),
    "path_template_give": at(TEMPLATE_AUTHORS, GET, POST, pk="template", data=give),
    "path_template_give (shared)": at(SCHOOL_STAFF, GET, POST, pk="shared_template", data=give),
    "path_template_update": at(SCHOOL_STAFF, POST, pk="shared_template"),
    "path_template_archive": at(TEMPLATE_AUTHORS, POST, pk="template"),
    "path_template_take_back": at(PATH_GIVERS, POST, act_uuid="path"),
    "path_edit": at(LEARNER_STAFF, GET, POST, pk="path", data=plan, foreign=ABROAD),
    "path_put_away": at(LEARNER_STAFF, POST, pk="path"),
    "path_new": at(LEARNER_STAFF, GET, POST, pk="learner", data=plan, foreign=ABROAD),
    "next_steps": at(
        LEARNER_SELF_AND_STAFF, GET, POST, pk="learner", data=lambda o: {"do": "take", "step": "1"}, foreign=()
    ),
    "class_places": page(GET, POST, who=STAFF, scoped=False),  # only leads on to a section
    "section_places": at(SECTION_STAFF, GET, POST, pk="section", data=opening),
    "opening_change": at(SECTION_STAFF, POST, pk="opening", data=lambda o: {"do": "close"}, foreign=()),
    "my_places": page(GET, who=LEARNERS),
    "seat": at(SEAT_TAKERS, POST, pk="opening", data=lambda o: {"do": "take"}, foreign=()),
    "step_worked": at(
        LEARNER_SELF, POST, pk="step", data=lambda o: {"place": o["work_place"].pk}, foreign=("far", "abroad")
    ),
    "class_paths": page(GET, who=STAFF, scoped=False),  # only leads on to a section
    "section_paths": at(SECTION_STAFF, GET, pk="section"),
    "section_path_new": at(SECTION_STAFF, GET, POST, pk="section", data=plan),
    # Work that is handed in
    "my_work": page(GET, who=LEARNERS, scoped=False),  # only leads to the own list
    "learner_work": at(LEARNER_CIRCLE, GET, pk="learner"),
    "hand_in": at(LEARNER_AND_TEACHERS, GET, POST, pk="learner"),
    "work": at(LEARNER_CIRCLE, GET, pk="artifact"),
    "work (a draft)": at(LEARNER_SELF, GET, pk="work_draft"),
    "work_file": at(LEARNER_CIRCLE, GET, pk="artifact"),
    "work_preview": at(LEARNER_CIRCLE, GET, pk="artifact"),
    "work_edit": at(LEARNER_SELF, GET, POST, pk="artifact", data=lambda o: {"text": "Mine", "version": 1}, foreign=()),
    "work_put_away": at(LEARNER_SELF, POST, pk="artifact"),
    "work_reply": at(
        LEARNER_TEACHERS, POST, pk="artifact", data=lambda o: {"text": "Seen.", "uuid": str(uuid4())}, foreign=()
    ),
    "media_rules": page(GET, POST, who=ADMINS, data=lambda o: {"school": o["school"].pk}, foreign=ABROAD),
    # Projects
    "projects": page(GET, who=LEARNERS | TEACHERS),
    "learner_projects": at(LEARNER_CIRCLE, GET, pk="learner"),
    "project_new": page(GET, POST, who=LEARNERS, data=project, foreign=ABROAD),
    "project": at(LEARNER_CIRCLE, GET, pk="project"),
    "project_edit": at(LEARNER_SELF, GET, POST, pk="project", data=project, foreign=ABROAD),
    "project (a draft)": at(LEARNER_SELF, GET, pk="project_draft"),
    "project_step": at(LEARNER_SELF, POST, pk="project", step="project_step"),
    "project_time": at(LEARNER_SELF, POST, pk="project"),
    "project_time_out": at(LEARNER_SELF, POST, pk="project", time="project_time"),
    "project_time_confirm": at(LEARNER_TEACHERS, POST, pk="project", time="project_time"),
    "project_end": at(LEARNER_SELF, POST, pk="project"),
    "project_put_away": at(LEARNER_SELF, POST, pk="project"),
    "project_decide": at(LEARNER_TEACHERS, POST, pk="project", data=lambda o: {"do": "agree"}, foreign=()),
}
