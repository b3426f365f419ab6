"""The four doors of the demo's sign-in page, and the accounts behind them."""

from profiles.models import Account

TEACHER, STUDENT, FAMILY, PRINCIPAL = ENTRY_ROLES = ("teacher", "student", "family", "principal")
DISTRICT_ADMIN = "district"

PASSWORD = "willet bay demo"  # noqa: S105 (no secret)
"""Of every account of the demo that has a password. No secret: whoever meets the demo may enter by a button anyway."""


def account_key(role: str) -> str:
    """The key of the account behind a role."""
    return f"demo-{role}"


def account_for(role: str) -> Account | None:
    """The account that a button of the demo's sign-in page enters as; None where this is no demo or no such role.

    role: one of ENTRY_ROLES.
    """
    if role not in ENTRY_ROLES:
        return None
    return Account.objects.filter(district__is_demo=True, key=account_key(role), is_active=True).first()
