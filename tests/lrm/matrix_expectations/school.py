"""What is above a class: the API, the school's pages, policy, standards."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from tests.lrm.matrix_expectations.people import (
    ABROAD,
    ADMINS,
    ANYONE,
    CHECK_IN_READERS,
    DISTRICT_ADMINS,
    DISTRICT_RULES,
    DISTRICT_STAFF,
    NOTE_AUTHOR,
    NOTE_STAYERS,
    SCHOOL_ADMINISTRATORS,
    SENDER,
    SIGNED_IN,
    STAFF,
    TOKEN_OWNER,
)
from tests.lrm.matrix_rows import GET, POST, Objects, Row, at, page


def school_cell(o: Objects) -> dict:
    at = f"s{o['school'].pk}.{o['framework'].pk}-{o['domain'].pk}.{o['standard'].pk}"
    return {"school": o["school"].pk, "at": at}


def covered_standard(o: Objects) -> dict:
    return {"framework": o["framework"].pk, "at": o["standard"].pk}


def without_a_goal(o: Objects) -> dict:
    return {"school": o["school"].pk, "at": "all.goal"}


def covered_class(o: Objects) -> dict:
    return {"section": o["section"].pk, **covered_standard(o)}


def parked_pair(o: Objects) -> dict:
    return {"pair": f"{o['learner'].pk}.{o['subject'].pk}"}


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


def rule(o: Objects) -> dict:
    """What the school of the place lets in, from a day to come."""
    day = str(timezone.localdate() + timedelta(days=30))
    return {"school": o["school"].pk, "audio": "on", "video": "off", "starts_on": day, "why": "As agreed."}


def class_filter(o: Objects) -> dict:
    return {"section": o["section"].pk}


def check_in(o: Objects) -> dict:
    """One of the class of the place. Administrators of a district choose a school first."""
    day = str(timezone.localdate())
    common = {"uuid": uuid4(), "name": "Fall", "held_on": day, "columns": ["met"], "act": "save", "version": "1"}
    return {**common, **class_filter(o), "school": o["school"].pk}


def decided(o: Objects) -> dict:
    owner = o["shared_check_in"].owner_id
    return {"uuid": uuid4(), "learner": o["learner"].pk, "text": "Work with the aide", "owner": owner}


def successor(o: Objects) -> dict:
    """By e-mail address, as administrators may; others choose from their colleagues."""
    return {"email": o["shared_check_in"].owner.email}


def impact_question(o: Objects) -> dict:
    today = timezone.localdate()
    return {"on": f"k{o['standard'].pk}", "since": str(today - timedelta(days=30)), "until": str(today)}


def board(o: Objects) -> dict:
    return {"question": "How are fractions?", "place1": "d", "domain1": f"{o['framework'].pk}:{o['subject'].pk}:"}


def declared(o: Objects) -> dict:
    return {"title": "Learning English", "purpose": "The council decided so in May."}


def own_pair(o: Objects) -> dict:
    return {"to": str(o["newer"].uuid), "pair": [f"{o['standard'].pk}-{o['successor'].pk}"]}


ROWS: dict[str, Row] = {
    "api_tokens": page(GET, POST, who=STAFF, scoped=False),  # one's own
    "api_token_revoke": at(TOKEN_OWNER, POST, pk="token", scoped=False),
    # School-wide
    "school": page(GET, who=ADMINS, query=lambda o: {"school": o["school"].pk}),
    "school_csv": page(GET, who=ADMINS, query=lambda o: {"school": o["school"].pk}),
    "school_board": page(GET, POST, who=ADMINS, query=lambda o: {"school": o["school"].pk}, data=board, foreign=ABROAD),
    "subgroups": page(GET, POST, who=DISTRICT_ADMINS, data=declared, foreign=()),
    "subgroup": at(DISTRICT_RULES, GET, POST, pk="subgroup", data=lambda o: {"members": ""}, foreign=()),
    "subgroup_end": at(DISTRICT_RULES, POST, pk="subgroup"),
    "school_groups": page(GET, who=ADMINS, query=lambda o: {"school": o["school"].pk}),
    "school_groups_csv": page(GET, who=ADMINS, query=lambda o: {"school": o["school"].pk}),
    # What is taught and assessed
    "coverage": page(GET, who=STAFF, query=covered_standard),
    "coverage (one class)": page(GET, who=STAFF - {"co_teacher"}, query=covered_class),
    "coverage_csv": page(GET, who=STAFF, query=covered_standard),
    "coverage_list_csv": page(GET, who=STAFF, query=covered_standard),
    # Whom the practice reaches
    "practice": page(GET, who=ADMINS, query=without_a_goal),
    "practice_csv": page(GET, who=ADMINS, query=without_a_goal),
    "practice_list_csv": page(GET, who=ADMINS, query=without_a_goal),
    "equity": page(GET, who=ADMINS, query=lambda o: {"school": o["school"].pk}),
    "equity_csv": page(GET, who=ADMINS, query=lambda o: {"school": o["school"].pk}),
    # Data meetings
    "data_check_ins": page(GET, who=NOTE_STAYERS),
    "data_check_in_new": page(GET, POST, who=NOTE_STAYERS, data=check_in, query=class_filter),
    "data_check_in": at(NOTE_AUTHOR, GET, uuid="data_check_in"),
    "data_check_in (shared)": at(
        CHECK_IN_READERS, GET, uuid="shared_check_in", query=lambda o: {"at": o["learner"].pk}
    ),
    "data_check_in_change": at(NOTE_AUTHOR, GET, POST, uuid="data_check_in", data=check_in),
    "data_check_in_hand_on": at(NOTE_AUTHOR, GET, POST, uuid="data_check_in", data=successor, foreign=()),
    "data_check_in_hand_on (left behind)": at(
        SCHOOL_ADMINISTRATORS, GET, POST, uuid="left_check_in", data=successor, foreign=()
    ),
    "data_check_in_remove": at(NOTE_AUTHOR, POST, uuid="shared_check_in", foreign=()),
    "data_check_in_decide": at(CHECK_IN_READERS, POST, uuid="shared_check_in", data=decided),
    "data_check_in_csv": at(CHECK_IN_READERS, GET, uuid="shared_check_in"),
    "data_decision": at(NOTE_AUTHOR, POST, uuid="data_decision", data=lambda o: {"act": "done"}, foreign=()),
    "data_decision (of a reader, about another class)": page(
        POST,
        who={"school_admin"},
        data=lambda o: {"act": "done"},
        foreign=(),
        uuid=lambda o: o["decision_nearby"].uuid,
    ),
    # Did it help?
    "impact": page(GET, who=ADMINS),
    "impact_ask": page(GET, POST, who=ADMINS, data=impact_question, foreign=ABROAD),
    "impact_answer": at(SCHOOL_ADMINISTRATORS, GET, uuid="impact_question"),
    "impact_progress": at(SCHOOL_ADMINISTRATORS, GET, uuid="impact_question"),
    "impact_again": at(SCHOOL_ADMINISTRATORS, POST, uuid="impact_question"),
    "impact_withdraw": at(SCHOOL_ADMINISTRATORS, POST, uuid="impact_question"),
    "impact_csv": at(SCHOOL_ADMINISTRATORS, GET, uuid="impact_question"),
    "school_count": page(POST, who=DISTRICT_ADMINS),
    "school_counting": at(DISTRICT_RULES, GET, uuid="count_job", foreign=()),
    "jobs": page(GET, who=DISTRICT_ADMINS),
    "job_change": at(DISTRICT_RULES, POST, uuid="job", data=lambda o: {"act": "stop"}, foreign=()),
    "parked": page(GET, POST, who=ADMINS, data=parked_pair),
    "school_list_csv": page(GET, who=ADMINS, query=school_cell),
    # Policy
    "policy_today": page(GET, who=ADMINS, query=lambda o: {"school": o["school"].pk}),
    "policy_line": page(
        GET,
        POST,
        who=ADMINS,
        line=lambda o: "uploads",
        data=rule,
        query=lambda o: {"look": "1", **rule(o)},
        foreign=ABROAD,
    ),
    "policy_rule_withdraw": at(SCHOOL_ADMINISTRATORS, POST, pk="policy_rule"),
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
    "framework_file": at(DISTRICT_STAFF, GET, uuid="framework"),
    "framework_public": at(DISTRICT_RULES, POST, uuid="framework"),
    "framework_issuer": at(DISTRICT_RULES, POST, uuid="framework"),
    "carry_results": at(DISTRICT_RULES, GET, POST, uuid="framework", data=own_pair, foreign=()),
    "carry_undo": at(DISTRICT_RULES, POST, pk="carry_over"),
    "case_documents": page(GET, who=ANYONE, version=lambda o: "v1p1"),
    "case_object": at(DISTRICT_STAFF, GET, uuid="framework", version=lambda o: "v1p0", kind=lambda o: "CFPackages"),
    "standards_import": page(GET, POST, who=DISTRICT_ADMINS),
    "standards_import_check": at(SENDER, GET, uuid="package"),
    "standards_import_progress": at(SENDER, GET, uuid="package"),
    "standards_import_csv": at(SENDER, GET, uuid="package"),
    "standards_import_apply": at(SENDER, POST, uuid="package"),
    "standards_import_discard": at(SENDER, POST, uuid="package"),
}
