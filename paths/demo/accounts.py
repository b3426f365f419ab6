"""Who can be entered as in the demo, and how."""

from dataclasses import asdict, dataclass

from lrm.scope import unscoped
from paths.demo.entry import DISTRICT_ADMIN, ENTRY_ROLES, PASSWORD, account_key
from profiles.models import Account, Enrollment


@dataclass(frozen=True)
class DemoAccount:
    """Either email and password, or class_code and number, are empty: the youngest have no e-mail."""

    role: str
    name: str
    email: str = ""
    password: str = ""
    class_code: str = ""
    number: str = ""

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def demo_accounts() -> list[DemoAccount]:
    """Teacher, student, family, principal and district administrator, in this order; [] where there is no demo."""
    keys = {account_key(role): role for role in (*ENTRY_ROLES, DISTRICT_ADMIN)}
    accounts = Account.objects.filter(district__is_demo=True, key__in=keys).select_related("learner")
    by_role = {keys[account.key]: account for account in accounts if account.key}
    return [_described(role, by_role[role]) for role in keys.values() if role in by_role]


def _described(role: str, account: Account) -> DemoAccount:
    if account.email:
        return DemoAccount(role, account.name, email=account.email, password=PASSWORD)
    with unscoped("the demo is the only district of its database"):
        of_class = Enrollment.objects.of_learners().filter(roster__block__isnull=True)
        enrollment = of_class.select_related("roster").get(learner__account=account)
        code, number = enrollment.roster.class_code or "", account.learner.number or ""
    return DemoAccount(role, account.name, class_code=code, number=number)
