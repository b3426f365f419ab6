"""What is kept about a learner: copies, erasures, how long records stay."""

from tests.lrm.matrix_expectations.people import (
    ADMINS,
    ANYONE,
    DISTRICT_ADMINS,
    DISTRICT_RULES,
    IMPORT_READERS,
    LOOK_READERS,
    SCHOOL_ADMINISTRATORS,
    STAFF,
)
from tests.lrm.matrix_rows import GET, POST, Row, at, page

ROWS: dict[str, Row] = {
    "learner_data": at(LOOK_READERS, GET, pk="learner"),
    "copy_new": at(LOOK_READERS, POST, pk="learner"),
    "learner_objection": at(LOOK_READERS, POST, pk="learner", data=lambda o: {"act": "object"}, foreign=()),
    "copies": page(GET, who=ADMINS),
    "copy_change": at(SCHOOL_ADMINISTRATORS, POST, uuid="copy", data=lambda o: {"act": "hand_out"}, foreign=()),
    "copy_progress": at(SCHOOL_ADMINISTRATORS, GET, uuid="copy"),
    "copy_zip": at(LOOK_READERS, GET, uuid="copy"),
    "erase_learner": at(IMPORT_READERS, GET, POST, pk="learner", data=lambda o: {"name": "Nobody"}, foreign=()),
    "learner_hold": at(
        IMPORT_READERS, POST, pk="learner", data=lambda o: {"act": "set", "why": "A court asks."}, foreign=()
    ),
    "own_data": page(GET, POST, who=STAFF | {"guardian"}),
    "adult_data": at(IMPORT_READERS, GET, POST, pk="staff_account", foreign=()),
    "adult_copy_progress": at(IMPORT_READERS, GET, uuid="adult_copy"),
    "adult_copy_zip": at(IMPORT_READERS, GET, uuid="adult_copy"),
    "erase_adult": at(IMPORT_READERS, GET, POST, pk="staff_account", data=lambda o: {"name": "Nobody"}, foreign=()),
    "adult_hold": at(
        IMPORT_READERS, POST, pk="staff_account", data=lambda o: {"act": "set", "why": "A court asks."}, foreign=()
    ),
    "erasures": page(GET, who=DISTRICT_ADMINS),
    "erasure": at(IMPORT_READERS, GET, POST, uuid="erasure", data=lambda o: {"act": "stop"}, foreign=()),
    "erasure_progress": at(IMPORT_READERS, GET, uuid="erasure"),
    "retention": page(GET, POST, who=DISTRICT_ADMINS),
    "retention_withdraw": at(DISTRICT_RULES, POST, pk="retention_policy"),
    "audit": page(GET, who=ADMINS),
    "audit_csv": page(GET, who=ADMINS),
    "bulk_exports": page(GET, who=DISTRICT_ADMINS),
    "privacy": page(GET, who=ANYONE, scoped=False),
}
