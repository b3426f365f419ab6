"""Somebody of the staff, told by the address with which they sign in."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from profiles.models import Account


def staff_at(address: str, *, district_id: int) -> Account | None:
    """None where nothing was typed. Raises ValidationError where nobody on the staff has this address."""
    if not address:
        return None
    staff = Account.objects.filter(district=district_id, kind=Account.Kind.STAFF, is_active=True)
    found = staff.filter(email__iexact=address).first()
    if found is None:
        raise ValidationError(_("Nobody on the staff signs in with this address. Look for a typing error."))
    return found
