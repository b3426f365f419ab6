"""A system of the district that asks the API in its own name: a gradebook, a data warehouse, a reading program."""

from django.db import models
from django.utils import timezone

from lrm.privacy import RECORD, Privacy
from lrm.scope import ScopedManager
from profiles.models.account import Account


class IntegrationQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "IntegrationQuerySet":
        """Those of the district, to its administrators."""
        access = account.access
        return self.filter(account__district_id=access.district_id) if access.is_district_admin else self.none()


class Integration(models.Model):
    """`account` is the system's own: no password fits it, and its rights are those of an administrator of the schools
    that were chosen (profiles.models.AdminRole), as far as a token's scopes go. Its name is the account's.

    ended_at: null while it stands; afterwards no token of it works.
    """

    privacy = Privacy(
        about="staff",
        category="running",
        keep=RECORD,
        personal={"made_by": "to know whom to ask about it"},
        plain="id account created_at ended_at",
    )
    scope_field = "account__district"

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="integration")
    made_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager.from_queryset(IntegrationQuerySet)()

    class Meta:
        ordering = ["account__given_name", "pk"]

    def __str__(self) -> str:
        return self.account.name
