"""A copy of everything that is held about one adult: who made it, and where the file lies for a week."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from lrm.privacy import Privacy, kept, withheld
from lrm.scope import ScopedManager
from profiles.models.account import Account
from profiles.models.copy_file import FILE_FOR, CopyFile


class AdultCopyQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "AdultCopyQuerySet":
        """One's own; of all adults for whoever administers the district."""
        return self.filter(Q(account=account.pk) | Q(account__in=Account.objects.adults_of(account)))

    def with_file(self) -> "AdultCopyQuerySet":
        return self.filter(stored__isnull=False, made_at__gt=timezone.now() - FILE_FOR)


class AdultCopy(CopyFile):
    """made_by: the person, or the administrator who was asked."""

    privacy = Privacy(
        about="account",
        category="logs",
        keep=kept(731, "asked_at", "two years; its file for seven days"),
        personal={
            "account": "to hand the copy over to nobody else",
            "made_by": "to know who made the copy",
            "stored": "to hand the copy over",
        },
        plain="id uuid asked_at job size made_at fetched_at",
        files="stored",
        export=withheld("it is a copy like this one"),
    )
    scope_field = "account__district"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="copies")
    asked_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = ScopedManager.from_queryset(AdultCopyQuerySet)()

    class Meta:
        ordering = ["-asked_at", "-pk"]
