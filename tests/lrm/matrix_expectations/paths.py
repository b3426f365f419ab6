"""Paths, templates, places and the week."""

from uuid import uuid4

from tests.lrm.matrix_expectations.people import (
    ABROAD,
    LEARNER_AND_TEACHERS,
    LEARNER_SELF,
    LEARNER_SELF_AND_STAFF,
    LEARNER_STAFF,
    LEARNERS,
    PATH_GIVERS,
    SCHOOL_ADMINS_THERE,
    SCHOOL_STAFF,
    SEAT_TAKERS,
    SECTION_STAFF,
    STAFF,
    TEMPLATE_AUTHORS,
)
from tests.lrm.matrix_rows import GET, POST, Objects, Row, at, page


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


ROWS: dict[str, Row] = {
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
    "path_template_archive (shared)": at(SCHOOL_ADMINS_THERE, POST, pk="shared_template"),
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
}
