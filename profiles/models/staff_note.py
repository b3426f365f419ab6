"""Notes of staff about a learner: for staff only, dated, authored, put away and never deleted."""

from django.db import models
from django.utils import timezone

from lrm.privacy import ENROLLED, FOR_STAFF, Privacy
from lrm.scope import ScopedManager
from profiles.models.account import Account
from profiles.models.learner import Learner


class StaffNoteQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "StaffNoteQuerySet":
        """Notes about learners whom the account teaches, other than as a substitute, or administers."""
        return self.filter(learner__in=Learner.objects.noted_by(account))

    def editable_by(self, account: Account) -> "StaffNoteQuerySet":
        """One's own, as long as one may read them."""
        return self.visible_to(account).filter(author_id=account.pk)

    def standing(self) -> "StaffNoteQuerySet":
        return self.filter(archived_at=None)


class StaffNote(models.Model):
    """In no page, answer of the API, file or search that a learner or a guardian can reach."""

    privacy = Privacy(
        about="learner",
        category="notes",
        keep=ENROLLED,
        personal={
            "text": "to hand on among staff what helps to teach",
            "author": "to know who wrote it",
        },
        plain="id uuid learner created_at archived_at",
        export=FOR_STAFF,
    )

    uuid = models.UUIDField(unique=True)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="staff_notes")
    author = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField(max_length=1000)
    created_at = models.DateTimeField(default=timezone.now)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager.from_queryset(StaffNoteQuerySet)()

    class Meta:
        indexes = [models.Index(fields=["learner", "-created_at"], name="staff_note_learner")]
        ordering = ["-created_at", "-pk"]
