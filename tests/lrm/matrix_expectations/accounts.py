"""Accounts of staff, and one's own way in."""

from tests.lrm.matrix_expectations.people import (
    ADMINS,
    ANYONE,
    SCHOOL_ADMINISTRATORS,
)
from tests.lrm.matrix_rows import GET, POST, Objects, Row, at, page


def new_colleague(o: Objects) -> dict:
    return {
        "given_name": "New",
        "family_name": "Colleague",
        "email": "new@example.org",
        "work": "school_admin",
        "school": o["school"].pk,
    }


ROWS: dict[str, Row] = {
    "staff": page(GET, POST, who=ADMINS, data=lambda o: {"rows": [o["staff_account"].pk]}),
    "staff_invite": page(GET, POST, who=ADMINS, data=new_colleague),
    "staff_account": at(SCHOOL_ADMINISTRATORS, GET, pk="staff_account"),
    "staff_account_change": at(SCHOOL_ADMINISTRATORS, POST, pk="staff_account", data=lambda o: {"act": "end"}),
    "staff_account_role": at(SCHOOL_ADMINISTRATORS, POST, pk="staff_account", data=lambda o: {"give": o["school"].pk}),
    "invitation": page(GET, POST, who=ANYONE, scoped=False),
    "invitation_link": page(GET, who=ANYONE, secret=lambda o: "x", scoped=False),
}
