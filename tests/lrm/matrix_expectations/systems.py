"""What a system with a token of all scopes may ask of the API: what its schools hold, and no act between people."""

from dataclasses import replace

from tests.lrm.matrix_expectations import EXPECTATIONS
from tests.lrm.matrix_expectations.people import SYSTEMS
from tests.lrm.matrix_rows import DELETE, GET, PATCH, POST, Row

OF_ITS_SCHOOLS = {
    **dict.fromkeys(("own", "beside", "near"), frozenset({"system"})),
    "far": frozenset({"far_system"}),
    "abroad": frozenset({"abroad_system"}),
}
# Standards are the whole district's.
OF_ITS_DISTRICT = {
    **dict.fromkeys(("own", "beside", "near", "far"), frozenset({"system", "far_system"})),
    "abroad": frozenset({"abroad_system"}),
}
EVERYWHERE = {"own": frozenset(SYSTEMS)}
OF_THE_OFFICE = {"own": frozenset({"abroad_system"})}
OFFICE_THERE = {"abroad": frozenset({"abroad_system"})}

# {verb: table}, and the routes that have it.
MAY = (
    (
        {GET: EVERYWHERE},
        "api_schools api_rosters api_sections api_enrollments api_learners api_frameworks api_standards"
        " api_assessments api_results api_mastery api_goals api_paths",
    ),
    ({GET: OF_ITS_DISTRICT}, "api_framework api_standard"),
    (
        {GET: OF_ITS_SCHOOLS},
        "api_school api_roster api_section api_learner api_assessment api_receipt api_goal api_path"
        " api_section_groups api_group",
    ),
    ({POST: OF_ITS_SCHOOLS}, "api_assessment_results api_section_assessments api_section_results"),
    # Who is told of changes, of the whole district: one of the three reaches all of its.
    ({GET: OF_THE_OFFICE, POST: OF_THE_OFFICE}, "api_webhooks"),
    ({GET: OFFICE_THERE, PATCH: OFFICE_THERE, DELETE: OFFICE_THERE}, "api_webhook"),
    ({POST: OFFICE_THERE}, "api_webhook_secret api_webhook_ping"),
    ({GET: OFFICE_THERE}, "api_webhook_deliveries"),
    # What people settle with each other, and groups that are only suggested.
    (
        {},
        "api_learner_goals api_goal_check_ins api_step_done"
        " api_section_suggestion api_suggestion_accept api_group_close",
    ),
)
ROWS: dict[str, Row] = {
    key: replace(EXPECTATIONS[key], verbs=verbs) for verbs, routes in MAY for key in routes.split()
} | {"api_goal (a draft)": replace(EXPECTATIONS["api_goal (a draft)"], verbs={})}
