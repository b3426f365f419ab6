"""What a file with records was, in words and not in names of routes."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Promise] = {
    "adult_copy_zip": _("a copy of everything about an adult"),
    "api_learners": _("students read by a program, which has reached its limit for the day"),
    "audit_csv": _("who changed what"),
    "binder_zip": _("a binder"),
    "calibration_csv": _("levels before and after other weights"),
    "copy_zip": _("a copy of everything about a student"),
    "coverage_list_csv": _("students without a result, from Coverage"),
    "data_check_in_csv": _("a check-in on data"),
    "gradebook": _("results for another system"),
    "groups_csv": _("the groups of a class"),
    "groups_ended_csv": _("groups of a class that are over"),
    "policy_csv": _("levels before and after another policy"),
    "practice_list_csv": _("a list of students, from Practice"),
    "roster_import_refused": _("lines of a roster file to settle"),
    "roster_import_report": _("what a roster file would change"),
    "school_list_csv": _("students not yet secure, from School"),
    "section_wall_csv": _("the wall of a class"),
}


def say_taken(route: str) -> str:
    """Of a route that gives nothing any more, its name."""
    return str(WORDS.get(route, route))
