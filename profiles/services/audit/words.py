"""Names of the columns that the audit writes down, as a district says them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

UNSAID = {"id", "uuid", "district_id", "created_at"}
"""Say nothing to anybody: they are the same for ever."""
POINTERS = {"learner_id", "account_id", "roster_id"}
"""Say whom and what it is about."""
COLUMNS: dict[str, str | Promise] = {
    "account_id": _("account"),
    "archived_at": _("put away"),
    "class_code": _("class code"),
    "confirmed_at": _("family confirmed"),
    "confirmed_by_id": _("confirmed by"),
    "course_id": _("course"),
    "digest": _("the token itself"),
    "email": _("e-mail"),
    "ended_at": _("ended"),
    "ended_by_id": _("ended by"),
    "ends_on": _("last day"),
    "erased_at": _("erased"),
    "expires_on": _("good until"),
    "family_name": _("last name"),
    "given_name": _("first name"),
    "grade": _("grade"),
    "home_school_id": _("school"),
    "invited_at": _("invited"),
    "invited_by_id": _("invited by"),
    "is_active": _("may sign in"),
    "is_homeroom": _("homeroom"),
    "key": _("ID in the roster"),
    "kind": _("kind"),
    "language": _("language"),
    "learner_id": _("student"),
    "left_on": _("left"),
    "made_by_id": _("made by"),
    "name": _("name"),
    "number": _("number for the class code"),
    "password": _("password"),
    "per_minute": _("requests a minute"),
    "learners_per_day": _("students a day"),
    "preferred_name": _("name used in class"),
    "relation": _("relation"),
    "revoked_at": _("revoked"),
    "role": _("role"),
    "roster_id": _("class list"),
    "school_id": _("school"),
    "scopes": _("what it may do"),
    "section_id": _("class"),
    "session_id": _("term"),
    "starts_on": _("first day"),
    "title": _("title"),
}
