"""Goals, from a draft to the nod."""

from uuid import uuid4

from django.utils import timezone

from tests.lrm.matrix_expectations.people import (
    ABROAD,
    ADMINS,
    DISTRICT_ADMINS,
    LEARNER_AND_TEACHERS,
    LEARNER_CIRCLE,
    LEARNER_SELF,
    LEARNER_TEACHERS,
    LEARNERS,
    NOTE_STAFF,
    NOTE_TEACHER,
    SECTION_TEACHERS,
    SIGNED_IN,
    TEACHERS,
    WITHOUT_RIGHTS,
)
from tests.lrm.matrix_rows import GET, POST, Objects, Row, at, page


def a_support(o: Objects) -> dict:
    return {"uuid": str(uuid4()), "kind": "extra_time", "starts_on": str(timezone.localdate())}


def goal(o: Objects) -> dict:
    return {"uuid": str(uuid4()), "what": "I read a clock", "standards": [o["standard"].pk], "version": 1}


ROWS: dict[str, Row] = {
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
}
