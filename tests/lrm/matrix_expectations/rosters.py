"""The machine, the way in and out, and who is on which list."""

from uuid import uuid4

from tests.lrm.matrix_expectations.people import (
    ANYONE,
    DISTRICT_ADMINS,
    ROSTER_EDITORS,
    ROSTER_READERS,
    SENDER,
    SIGNED_IN,
    STAFF,
    WITHOUT_RIGHTS,
)
from tests.lrm.matrix_rows import GET, POST, Objects, Row, at, page


def new_child(o: Objects) -> dict:
    """A child who is new, and the id of one who is here: an id alone puts nobody on a roster."""
    return {
        "given_name": "New",
        "family_name": "Child",
        "starts_on": str(o["roster"].session.starts_on),
        "choice": o["learner"].pk,
        "uuid": str(uuid4()),
    }


ROWS: dict[str, Row] = {
    # The machine, and the way in and out
    "livez": page(GET, who=ANYONE, scoped=False),
    "readyz": page(GET, who=ANYONE, scoped=False),
    "gallery": page(GET, who=ANYONE, scoped=False),
    "still_here": page(GET, POST, who=SIGNED_IN | WITHOUT_RIGHTS, scoped=False),
    "sign_in": page(GET, POST, who=ANYONE, scoped=False),
    "account_login": page(GET, POST, who=ANYONE, scoped=False),
    "account_inactive": page(GET, who=ANYONE, scoped=False),
    "account_reset_password": page(GET, POST, who=ANYONE, scoped=False),
    "account_reset_password_done": page(GET, who=ANYONE, scoped=False),
    "account_reset_password_from_key": page(
        GET, POST, who=ANYONE, uidb36=lambda o: "1", key=lambda o: "x", scoped=False
    ),
    "account_reset_password_from_key_done": page(GET, who=ANYONE, scoped=False),
    "sign_out": page(POST, who=ANYONE, scoped=False, signs_out=True),
    "set_language": page(POST, who=ANYONE, scoped=False),
    "demo_enter": page(POST, who=(), role=lambda o: "teacher", scoped=False),  # no demo here
    # Rosters
    "learners": page(GET, who=STAFF, query=lambda o: {"q": "ruiz"}),
    "roster": at(ROSTER_READERS, GET, pk="roster"),
    "roster_add": at(ROSTER_EDITORS, GET, POST, pk="roster", data=new_child),
    "roster_settings": at(ROSTER_EDITORS, GET, pk="roster"),
    "roster_class_code": at(ROSTER_EDITORS, POST, pk="roster"),
    "roster_cards": at(ROSTER_EDITORS, GET, pk="roster"),
    "enrollment_withdraw": at(ROSTER_EDITORS, GET, POST, pk="enrollment"),
    "enrollment_undo": at(ROSTER_EDITORS, POST, pk="enrollment"),
    "enrollment_renew": at(ROSTER_EDITORS, POST, pk="enrollment"),
    "roster_import": page(GET, POST, who=DISTRICT_ADMINS),
    "roster_import_check": at(SENDER, GET, uuid="upload"),
    "roster_import_settle": at(SENDER, POST, uuid="upload"),
    "roster_import_apply": at(SENDER, POST, uuid="upload"),
    "roster_import_discard": at(SENDER, POST, uuid="upload"),
    "roster_import_refused": at(SENDER, GET, uuid="upload"),
}
