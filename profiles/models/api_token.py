"""A token with which a program asks the API in the name of one person of the staff."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from lrm.privacy import ACCOUNT, NOT_A_LEARNER, Privacy
from lrm.scope import ScopedManager
from profiles.models.account import Account


class ApiTokenQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "ApiTokenQuerySet":
        """One's own and nobody else's, also for administrators."""
        return self.filter(account_id=account.pk)


class ApiToken(models.Model):
    """Only a hash of it is kept.

    scopes: keys of lrm.api.scopes.SCOPES.    expires_on: the last day on which it works, in the district's calendar.
    last_used_on: a day of that calendar; null: never used.    revoked_at: null while it works.
    per_minute: how many requests it may send in any minute.
    learners_per_day: of how many different learners that of a system may read on any day of that calendar; of people
    the policy says it (profiles/services/api_reading.py).
    """

    privacy = Privacy(
        about="account",
        category="identity",
        keep=ACCOUNT,
        personal={
            "name": "to tell the programs apart that ask in one's name",
            "last_used_on": "to find tokens that nobody uses",
        },
        plain="id account digest scopes created_at expires_on revoked_at per_minute learners_per_day",
        export=NOT_A_LEARNER,
    )
    scope_field = "account__district"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = ArrayField(models.CharField(max_length=32))
    created_at = models.DateTimeField(default=timezone.now)
    expires_on = models.DateField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_on = models.DateField(null=True, blank=True)
    per_minute = models.PositiveIntegerField(default=300, db_default=300)
    learners_per_day = models.PositiveIntegerField(default=2000, db_default=2000)

    objects = ScopedManager.from_queryset(ApiTokenQuerySet)()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name
