"""Who is who, and who may do what at which place. What each person is stands in tests/lrm/matrix_scene.py."""

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
    "far_system": "far",
    "abroad_system": "abroad",
    "near_teacher": "near",
    "far_teacher": "far",
    "far_admin": "far",
    "far_learner": "far",
    "abroad_admin": "abroad",
}

# Systems that the district has let in; they walk the API alone (matrix_expectations/systems.py).
SYSTEMS = {"system", "far_system", "abroad_system"}

# Who may read the words of a place: names of its learners, titles of its classes.
READERS = {
    "own": {*WHOLE_ROSTER, "co_teacher", "learner", "guardian", "school_admin", "district_admin", "system"},
    "beside": {*WHOLE_ROSTER, "co_teacher", "school_admin", "district_admin", "system"},
    "near": {"near_teacher", "school_admin", "district_admin", "system"},
    "far": {"far_teacher", "far_learner", "far_admin", "district_admin", "far_system"},
    "abroad": {"abroad_admin", "abroad_system"},
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
RECORD_AND_AUTHOR = {
    place: {*TALK_AND_AUTHOR.get(place, ()), *admins} for place, admins in SCHOOL_ADMINISTRATORS.items()
}
RECORD_READERS = {place: {*TALK_CIRCLE.get(place, ()), *admins} for place, admins in SCHOOL_ADMINISTRATORS.items()}
# Whoever reads what the learner has said, the learner excepted.
TOLD_BY = {**TALK_STAFF, "own": {*TALK_STAFF["own"], "guardian"}}
# At their own class nobody begins a conversation who only stands in; a co-teacher of the other subject of a homeroom
# has its learners too.
TALK_BEGINNERS = {**TALK_CIRCLE, "own": {*TALK_CIRCLE["own"], "co_teacher"}}
# A poll of the class of the place; a homeroom's learner is asked in all its subjects.
POLL_ASKED = {"own": {"learner"}, "beside": {"learner"}, "far": {"far_learner"}}
POLL_READERS = {place: {*RECORD_DECIDERS[place], *POLL_ASKED.get(place, ())} for place in RECORD_DECIDERS}
# The learner's own drawing, in a poll that is open and asks with names.
DRAWING_READERS = {place: {*RECORD_DECIDERS[place], *LEARNER_SELF.get(place, ())} for place in RECORD_DECIDERS}
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
# Shared with an administrator of the school; at `own` with the substitute too, who reads none all the same.
CHECK_IN_READERS = {
    "own": {"teacher", "school_admin"},
    "beside": {"co_teacher", "school_admin"},
    "near": {"near_teacher", "school_admin"},
    "far": {"far_teacher", "far_admin"},
    "abroad": {"abroad_admin"},
}
NOTE_STAYERS = STAFF - {"substitute"}
NOTE_TEACHER = {place: who for place, who in NOTE_AUTHOR.items() if place != "abroad"}
ABROAD = ("abroad",)
SENDER = {"own": {"district_admin"}, "abroad": {"abroad_admin"}}  # of a roster or of standards
IMPORT_READERS = {
    **{place: {"district_admin"} for place in ("own", "beside", "near", "far")},
    "abroad": {"abroad_admin"},
}
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
