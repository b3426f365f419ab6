"""The API; here with a session, with tokens in tests/profiles/test_api_tokens.py."""

import json

from django.utils import timezone

from tests.lrm.matrix_expectations.people import (
    ADMINS,
    ANYONE,
    DISTRICT_ADMINS,
    DISTRICT_RULES,
    DISTRICT_STAFF,
    LEARNER_AND_TEACHERS,
    LEARNER_CIRCLE,
    LEARNER_SELF,
    LEARNER_STAFF,
    ROSTER_READERS,
    SCHOOL_STAFF,
    SECTION_STAFF,
    SECTION_TEACHERS,
    SIGNED_IN,
    STAFF,
)
from tests.lrm.matrix_rows import DELETE, GET, PATCH, POST, Objects, Row, at, page


def result_of(o: Objects, **more: str) -> str:
    """Two of four for the learner of the place, which stands there already."""
    one = {"learner": str(o["learner"].uuid), "standard": str(o["standard"].uuid), "level": 2}
    return json.dumps({"results": [one | more]})


def a_webhook(o: Objects) -> str:
    return json.dumps({"name": "Told by programs", "address": "https://192.0.2.1/told", "events": ["group.closed"]})


ROWS: dict[str, Row] = {
    "gradebook": page(GET, POST, who=ADMINS, data=lambda o: {"school": o["school"].pk}, foreign=()),
    "api_schema": page(GET, who=ANYONE, scoped=False),
    # Schools, classes, people
    "api_schools": page(GET, who=STAFF),
    "api_school": at(SCHOOL_STAFF, GET, pk="school"),
    "api_rosters": page(GET, who=STAFF, query=lambda o: {"school": o["school"].pk}),
    "api_roster": at(ROSTER_READERS, GET, pk="roster"),
    "api_sections": page(GET, who=STAFF, query=lambda o: {"roster": o["roster"].pk}),
    "api_section": at(SECTION_STAFF, GET, pk="section"),
    "api_enrollments": page(GET, who=STAFF, query=lambda o: {"roster": o["roster"].pk}),
    "api_learners": page(GET, who=STAFF, query=lambda o: {"roster": o["roster"].pk}),
    "api_learner": at(LEARNER_STAFF, GET, pk="learner"),
    # Standards
    "api_frameworks": page(GET, who=STAFF),
    "api_framework": at(DISTRICT_STAFF, GET, pk="framework"),
    "api_standards": page(GET, who=STAFF, query=lambda o: {"framework": o["framework"].pk}),
    "api_standard": at(DISTRICT_STAFF, GET, pk="standard"),
    # Assessments and results
    "api_assessments": page(GET, who=STAFF, query=lambda o: {"section": o["section"].pk}),
    "api_assessment": at(SECTION_STAFF, GET, pk="assessment"),
    "api_results": page(GET, who=STAFF, query=lambda o: {"assessment": o["assessment"].pk}),
    "api_assessment_results": at(SECTION_STAFF, POST, pk="assessment", data=lambda o: result_of(o), foreign=()),
    "api_section_assessments": at(
        SECTION_STAFF,
        POST,
        pk="section",
        data=lambda o: json.dumps({"title": "Exit ticket", "standards": [o["standard"].pk]}),
        foreign=(),
    ),
    "api_section_results": at(
        SECTION_STAFF,
        POST,
        pk="section",
        data=lambda o: result_of(o, assessment="Exit ticket", given_on=str(timezone.localdate())),
        foreign=(),
    ),
    # Levels
    "api_mastery": page(GET, who=SIGNED_IN, query=lambda o: {"section": o["section"].pk}),
    "api_receipt": at(LEARNER_CIRCLE, GET, pk="learner", standard_id=lambda o: o["standard"].pk),
    # Goals and paths
    "api_goals": page(GET, who=SIGNED_IN, query=lambda o: {"learner": o["learner"].pk}),
    "api_goal": at(
        LEARNER_CIRCLE,
        GET,
        pk="goal",
        also={PATCH: LEARNER_AND_TEACHERS},
    ),
    "api_goal (a draft)": at(LEARNER_SELF, GET, PATCH, pk="draft"),
    "api_learner_goals": at(
        LEARNER_AND_TEACHERS, POST, pk="learner", data=lambda o: '{"what": "I read a clock"}', foreign=()
    ),
    "api_goal_check_ins": at(LEARNER_SELF, POST, pk="goal", data=lambda o: '{"confidence": 3}', foreign=()),
    "api_paths": page(GET, who=SIGNED_IN, query=lambda o: {"learner": o["learner"].pk}),
    "api_path": at(LEARNER_CIRCLE, GET, pk="path"),
    "api_step_done": at(LEARNER_AND_TEACHERS, POST, pk="step", data=lambda o: '{"is_done": true}', foreign=()),
    # Systems and addresses of the district
    "integrations": page(GET, POST, who=DISTRICT_ADMINS),
    "integration": at(DISTRICT_RULES, GET, POST, pk="integration"),
    "integration_end": at(DISTRICT_RULES, POST, pk="integration"),
    "integration_revoke": at(DISTRICT_RULES, POST, pk="integration", token="system_token"),
    "webhooks": page(GET, POST, who=DISTRICT_ADMINS),
    "webhook": at(DISTRICT_RULES, GET, POST, pk="webhook", data=lambda o: {"act": "pause"}, foreign=()),
    "webhook_again": at(DISTRICT_RULES, POST, pk="webhook", delivery="delivery"),
    "api_webhooks": page(GET, POST, who=DISTRICT_ADMINS, data=lambda o: a_webhook(o), foreign=()),
    "api_webhook": at(DISTRICT_RULES, GET, PATCH, DELETE, pk="webhook", data=lambda o: '{"is_on": false}', foreign=()),
    "api_webhook_secret": at(DISTRICT_RULES, POST, pk="webhook"),
    "api_webhook_ping": at(DISTRICT_RULES, POST, pk="webhook"),
    "api_webhook_deliveries": at(DISTRICT_RULES, GET, pk="webhook"),
    # Groups
    "api_section_groups": at(SECTION_TEACHERS, GET, pk="section"),
    "api_section_suggestion": at(SECTION_TEACHERS, GET, pk="section"),
    "api_suggestion_accept": at(SECTION_TEACHERS, POST, pk="section", data=lambda o: '{"version": 1}', foreign=()),
    "api_group": at(SECTION_TEACHERS, GET, pk="group"),
    "api_group_close": at(SECTION_TEACHERS, POST, pk="group"),
}
