"""How large a share may leave by one import: the district's own, and who set it."""

from decimal import Decimal

from profiles.models import Account, District, RosterPolicy
from profiles.services.roster_import.plan import BRAKE_PERCENT


def brake_percent(district: District) -> float:
    """In percent; what LRM ships with where nobody has set one."""
    found = RosterPolicy.objects.filter(district=district).values_list("brake_percent", flat=True).first()
    return float(found) if found is not None else float(BRAKE_PERCENT)


def history(district: District) -> list[RosterPolicy]:
    """The newest first, ten at most."""
    return list(RosterPolicy.objects.filter(district=district).select_related("created_by")[:10])


def set_brake(district: District, *, percent: Decimal, by: Account) -> bool:
    """Whether it is another one now; rows are only added, so it stays known who set which."""
    if float(percent) == brake_percent(district):
        return False
    RosterPolicy.objects.create(district=district, brake_percent=percent, created_by=by)
    return True
