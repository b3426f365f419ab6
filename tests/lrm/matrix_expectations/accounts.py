"""Accounts of staff, and one's own way in."""

from tests.lrm.matrix_expectations.people import (
    ADMINS,
    ANYONE,
    DISTRICT_ADMINS,
    ROSTER_EDITORS,
    SCHOOL_ADMINISTRATORS,
    SCHOOL_ADMINS,
    STAFF,
    TOKEN_OWNER,
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


# Carts are moved between the schools of a district.
DISTRICT_DEVICES = {
    **{place: {*SCHOOL_ADMINS, "district_admin"} for place in ("own", "beside", "near", "far")},
    "abroad": {"abroad_admin"},
}


def rules(o: Objects) -> dict:
    return {"second_step_for": "staff", "grace_days": 3, "badge_days": [1]}


def provider(o: Objects) -> dict:
    return {"name": "Login", "issuer": "http://localhost:1", "client_id": "lrm", "for_staff": "on", "match_by": "email"}


GROWN_UPS = {*STAFF, "guardian"}

ROWS: dict[str, Row] = {
    "staff": page(GET, POST, who=ADMINS, data=lambda o: {"rows": [o["staff_account"].pk]}),
    "staff_invite": page(GET, POST, who=ADMINS, data=new_colleague),
    "staff_account": at(SCHOOL_ADMINISTRATORS, GET, pk="staff_account"),
    "staff_account_change": at(
        SCHOOL_ADMINISTRATORS, POST, pk="staff_account", data=lambda o: {"act": "end"}, foreign=()
    ),
    "staff_account_role": at(SCHOOL_ADMINISTRATORS, POST, pk="staff_account", data=lambda o: {"give": o["school"].pk}),
    "sign_in_policy": page(GET, POST, who=DISTRICT_ADMINS, data=rules, foreign=()),
    "single_sign_on": page(GET, POST, who=DISTRICT_ADMINS, data=provider, foreign=()),
    "openid_connect_login": page(GET, POST, who=ANYONE, provider_id=lambda o: str(o["district"].uuid), scoped=False),
    "openid_connect_callback": page(GET, who=ANYONE, provider_id=lambda o: str(o["district"].uuid), scoped=False),
    "mfa_index": page(GET, who=GROWN_UPS, scoped=False),
    "sign_out_elsewhere": page(POST, who=GROWN_UPS, scoped=False),
    "sign_out_there": at(TOKEN_OWNER, POST, pk="signed_in"),
    "account_change_password": page(GET, POST, who=GROWN_UPS, scoped=False),
    "mfa_activate_totp": page(GET, POST, who=GROWN_UPS, scoped=False),
    # Nobody here has a password or a second step to be asked for again.
    "account_reauthenticate": page(GET, POST, who=(), scoped=False),
    "mfa_reauthenticate": page(GET, POST, who=(), scoped=False),
    "mfa_deactivate_totp": page(GET, POST, who=(), scoped=False),
    "mfa_view_recovery_codes": page(GET, who=(), scoped=False),
    "mfa_generate_recovery_codes": page(GET, POST, who=(), scoped=False),
    "mfa_authenticate": page(GET, POST, who=ANYONE, scoped=False),
    "badge": page(GET, POST, who=ANYONE, scoped=False),
    "roster_badges": at(ROSTER_EDITORS, GET, pk="roster"),
    "roster_badges_change": at(ROSTER_EDITORS, POST, pk="roster", data=lambda o: {"act": "revoke"}, foreign=()),
    "badge_revoke": at(ROSTER_EDITORS, POST, pk="badge"),
    "devices": page(GET, POST, who=ADMINS, data=lambda o: {"name": "Cart 3"}, foreign=()),
    "device_revoke": at(DISTRICT_DEVICES, POST, pk="device"),
    "invitation": page(GET, POST, who=ANYONE, scoped=False),
    "invitation_link": page(GET, who=ANYONE, secret=lambda o: "x", scoped=False),
}
