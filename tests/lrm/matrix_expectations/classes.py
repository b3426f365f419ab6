"""What a class works with: entry, wall, groups."""

import json
from uuid import uuid4

from django.utils import timezone

from tests.lrm.matrix_expectations.people import (
    ABROAD,
    BLOCK_STAFF,
    LEARNER_CIRCLE,
    LEARNER_TEACHERS,
    LEARNERS,
    RESULTS_SENDER,
    SECTION_STAFF,
    SECTION_TEACHERS,
    STAFF,
    TEACHERS,
)
from tests.lrm.matrix_rows import GET, POST, Objects, Row, at, page


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


def a_block(o: Objects) -> dict:
    """Without an adult, whom each persona would have to name as themselves."""
    today = timezone.localdate()
    return {"name": "Block", "seats": 4, "starts_on": today, "ends_on": today, "standards": o["standard"].pk}


def absence(o: Objects) -> dict:
    return {"act": "absent", "learner": o["learner"].pk, "version": 1}


def seen(o: Objects) -> dict:
    return {"learner": o["learner"].pk, "standard": o["standard"].pk, "text": "3"}


def seen_at_once(o: Objects) -> str:
    return json.dumps({"seen": [seen(o)]})


ROWS: dict[str, Row] = {
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
}
