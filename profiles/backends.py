"""Signing in with e-mail and password, through allauth; the account comes with its district in one statement."""

from allauth.account.auth_backends import AuthenticationBackend

from profiles.models import Account


class AccountBackend(AuthenticationBackend):
    def get_user(self, user_id: int) -> Account | None:
        account = Account.objects.select_related("district").filter(pk=user_id).first()
        return account if account is not None and account.is_active else None
