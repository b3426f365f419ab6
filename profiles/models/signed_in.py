"""Where a grown-up is signed in."""

from django.db import models
from django.utils import timezone

from lrm.privacy import Privacy, kept
from lrm.scope import ScopedManager
from profiles.models.account import Account


class SignedInQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "SignedInQuerySet":
        """One's own and nobody else's, also for administrators."""
        return self.filter(account_id=account.pk)


class SignedIn(models.Model):
    """One session. It is over once Django's row with this key is gone or past its time.

    network: the first part of the address, which tells home from school and no device.
    """

    privacy = Privacy(
        about="account",
        category="logs",
        keep=kept(366, "at", "until the next sign-in after the session is over, at most one school year"),
        personal={
            "account": "to show people where they are signed in",
            "at": "to show people where they are signed in",
            "browser": "to tell one's own devices apart",
            "system": "to tell one's own devices apart",
            "network": "to tell home from school",
            "session_key": "to end a session on another device",
        },
        plain="id",
        hidden="session_key",
    )
    scope_field = "account__district"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="signed_in")
    session_key = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField(default=timezone.now)
    browser = models.CharField(max_length=32, blank=True)
    system = models.CharField(max_length=32, blank=True)
    network = models.CharField(max_length=32, blank=True)

    objects = ScopedManager.from_queryset(SignedInQuerySet)()

    class Meta:
        ordering = ["-at", "-pk"]
