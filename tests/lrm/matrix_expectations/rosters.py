"""The machine, the way in and out, and who is on which list."""

from uuid import uuid4

from tests.lrm.matrix_expectations.people import (
    ADMINS,
    ANYONE,
    DISTRICT_ADMINS,
    IMPORT_READERS,
    ROSTER_EDITORS,
    ROSTER_READERS,
    SCHOOL_ADMINISTRATORS,
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


def ticked(o: Objects) -> dict:
    return {"e": o["enrollment"].pk}


def chosen(o: Objects) -> dict:
    return {"row": f"{o['enrollment'].pk}:", "target": f"class-{o['roster'].pk}", "uuid": str(uuid4())}


def somebody_else(o: Objects) -> dict:
    """The id of staff alone puts nobody on a class list of another place."""
    return {"account": o["staff_enrollment"].account_id, "role": "aide", "uuid": str(uuid4())}


def last_day(o: Objects) -> dict:
    return {"ends_on": str(o["roster"].session.ends_on), "uuid": str(uuid4())}


def two_children(o: Objects) -> dict:
    return {"kept": o["learner"].pk, "merged": o["learner_merge"].kept_id, "uuid": str(uuid4())}


def a_class(o: Objects) -> dict:
    school, session = o["school"].pk, o["session"].pk
    subject = {"course": "another", "subject": "Music"}
    return {"title": "Choir", "school": school, "session": session, "uuid": str(uuid4()), **subject}


ROWS: dict[str, Row] = {
    # The machine, and the way in and out
    "livez": page(GET, who=ANYONE, scoped=False),
    "readyz": page(GET, who=ANYONE, scoped=False),
    "metrics": page(GET, who=(), scoped=False),  # whoever has the token of the site, and no account
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
    "roster_staff_add": at(ROSTER_EDITORS, GET, POST, pk="roster", data=somebody_else),
    "roster_move": at(ROSTER_EDITORS, GET, POST, pk="roster", data=chosen, query=ticked),
    "roster_withdraw": at(ROSTER_EDITORS, GET, POST, pk="roster", data=chosen, query=ticked),
    "roster_history": at(ROSTER_EDITORS, GET, pk="roster"),
    "roster_act_undo": at(ROSTER_EDITORS, POST, uuid="roster_act"),
    "enrollment_last_day": at(ROSTER_EDITORS, GET, POST, pk="staff_enrollment", data=last_day, foreign=()),
    "without_class": page(GET, POST, who=ADMINS, data=lambda o: {"learners": o["learner"].pk}),
    "duplicates": page(GET, who=ADMINS, query=lambda o: {"q": "wombat"}),
    "learners_merge": page(GET, POST, who=ADMINS, data=two_children, query=two_children),
    "class_new": page(GET, POST, who=ADMINS, data=a_class),
    "class_remove": at(SCHOOL_ADMINISTRATORS, POST, pk="own_class"),
    "learners_told_apart": page(
        POST, who=ADMINS, data=lambda o: {"one": o["learner"].pk, "other": o["learner_merge"].kept_id}
    ),
    "learners_told_apart_undo": at(SCHOOL_ADMINISTRATORS, POST, uuid="told_apart"),
    "learners_merge_undo": at(SCHOOL_ADMINISTRATORS, POST, uuid="learner_merge"),
    "roster_paste": at(
        ROSTER_EDITORS, GET, POST, pk="roster", data=lambda o: {"names": "Ivy Brook", "look": ""}, foreign=()
    ),
    "roster_print": at(ROSTER_READERS, GET, pk="roster"),
    "roll_overs": page(GET, POST, who=ADMINS, data=lambda o: {"begin": f"{o['school'].pk}-{o['session'].pk}"}),
    "roll_over": at(SCHOOL_ADMINISTRATORS, GET, POST, uuid="roll_over"),
    "roll_over_class": at(SCHOOL_ADMINISTRATORS, GET, POST, uuid="roll_over", pk="roster"),
    "roll_over_apply": at(SCHOOL_ADMINISTRATORS, POST, uuid="roll_over"),
    "roll_over_undo": at(SCHOOL_ADMINISTRATORS, POST, uuid="roll_over"),
    "roster_import": page(GET, POST, who=DISTRICT_ADMINS),
    "roster_import_check": at(SENDER, GET, uuid="upload"),
    "roster_import_settle": at(SENDER, POST, uuid="upload"),
    "roster_import_apply": at(SENDER, POST, uuid="upload"),
    "roster_import_discard": at(SENDER, POST, uuid="upload"),
    "roster_import_refused": at(SENDER, GET, uuid="upload"),
    "roster_import_report": at(SENDER, GET, uuid="upload"),
    "roster_import_progress": at(SENDER, GET, uuid="upload"),
    "roster_import_brake": page(POST, who=DISTRICT_ADMINS, data=lambda o: {"percent": "5"}, foreign=()),
    "roster_import_one": at(IMPORT_READERS, GET, uuid="roster_import"),
    "roster_import_undo": at(IMPORT_READERS, POST, uuid="roster_import"),
    "roster_import_undo_progress": at(IMPORT_READERS, GET, uuid="roster_import"),
}
