"""Signing in with e-mail and password, through allauth; the account comes with its district in one statement."""

from allauth.account.auth_backends import AuthenticationBackend
from django.db import connection
from django.db.models import Model

from profiles.models import Account, District


class AccountBackend(AuthenticationBackend):
    def get_user(self, user_id: int) -> Account | None:
        with connection.cursor() as cursor:
            cursor.execute(SQL, [user_id])
            found = cursor.fetchone()
        if found is None:
            return None
        account = Account.from_db(connection.alias, ACCOUNT, found[: len(ACCOUNT)])
        account.district = District.from_db(connection.alias, DISTRICT, found[len(ACCOUNT) :])
        return account if account.is_active else None


def _columns(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


ACCOUNT, DISTRICT = _columns(Account), _columns(District)
# Written out because every request asks it: putting it together from a queryset takes longer than the rest of the
# way to the view.
SQL = f"""
SELECT {", ".join(f"a.{name}" for name in ACCOUNT)}, {", ".join(f"d.{name}" for name in DISTRICT)}
  FROM profiles_account a JOIN profiles_district d ON d.id = a.district_id WHERE a.id = %s
"""
