"""Who may use which route, and read which words: written by hand, never taken from the code.

A new route needs one line here; docs/access.md says how to choose it.
"""

from tests.lrm.matrix_rows import GET, Row, page

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
LEARNER_STAFF = ROSTER_READERS
LEARNER_CIRCLE = {
    **LEARNER_STAFF,
    "own": {*LEARNER_STAFF["own"], "learner", "guardian"},
    "far": {*LEARNER_STAFF["far"], "far_learner"},
}
LEARNER_SELF = {"own": {"learner"}, "far": {"far_learner"}}
LEARNER_AND_STAFF = {
    **LEARNER_STAFF,
    "own": {*LEARNER_STAFF["own"], "learner"},
    "far": {*LEARNER_STAFF["far"], "far_learner"},
}
# Standards are public documents: everybody who is signed in reads those of the own district, and of no other.
_HERE = SIGNED_IN - {"abroad_admin"}
DISTRICT_READERS = {"own": _HERE, "beside": _HERE, "near": _HERE, "far": _HERE, "abroad": {"abroad_admin"}}

EXPECTATIONS: dict[str, Row] = {
    "livez": page(GET, who=ANYONE, scoped=False),
    "readyz": page(GET, who=ANYONE, scoped=False),
}
