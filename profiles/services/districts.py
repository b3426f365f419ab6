"""The first step of a real site: a district, and the person who administers it."""

from zoneinfo import ZoneInfo

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils import timezone

from profiles.models import Account, AdminRole, District


class DistrictRefused(ValueError):
    """The message says what is in the way and what to do."""


@transaction.atomic
def add_district(
    *, key: str, name: str, time_zone: str, email: str, given_name: str, family_name: str, password: str
) -> Account:
    """Make a district and its first administrator; returns the account.

    Raises DistrictRefused (key or address taken, or a demo school in this database), ValidationError (password).
    """
    if District.objects.filter(is_demo=True).exists():
        raise DistrictRefused("This database holds the demo school. Remove it first: manage.py demo --remove")
    if District.objects.filter(key=key).exists():
        raise DistrictRefused(f"There is a district with the key {key} already. Choose another key.")
    if Account.objects.filter(email__iexact=email).exists():
        raise DistrictRefused(f"{email} belongs to an account already. Use another address.")
    district = District.objects.create(key=key, name=name, time_zone=time_zone)
    account = Account(district=district, email=email, given_name=given_name, family_name=family_name)
    validate_password(password, account)
    account.set_password(password)
    account.save()
    today = timezone.localdate(timezone=ZoneInfo(time_zone))
    AdminRole.objects.create(account=account, kind=AdminRole.Kind.DISTRICT, starts_on=today)
    return account
