"""A copy of everything that is held about one learner: who asked, who made it, and where the file lies for a week."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from lrm.privacy import Privacy, kept, withheld
from lrm.scope import ScopedManager
from profiles.models.account import Account
from profiles.models.copy_file import FILE_FOR, CopyFile
from profiles.models.learner import Learner


class LearnerCopyQuerySet(models.QuerySet):
    def administered_by(self, account: Account) -> "LearnerCopyQuerySet":
        """Of learners of the schools that the account administers: asked for, made and handed out there."""
        return self.filter(learner__in=Learner.objects.administered_by(account))

    def fetched_by(self, account: Account) -> "LearnerCopyQuerySet":
        """Those whose file the account may take along: administrators, and a guardian to whom it was handed out."""
        handed_out = Q(handed_out_at__isnull=False, learner__in=account.access.ward_ids)
        mine = Q(learner__in=Learner.objects.administered_by(account)) | handed_out
        return self.filter(mine, stored__isnull=False, made_at__gt=timezone.now() - FILE_FOR)

    def waiting(self) -> "LearnerCopyQuerySet":
        """Asked for by the family, and neither begun nor declined."""
        return self.filter(job__isnull=True, made_at__isnull=True, declined_at__isnull=True)


class LearnerCopy(CopyFile):
    """asked_by: of the family, or the administrator who makes it.

    with_notes: whether notes for staff only are in it. handed_out_at: since when the family may fetch it.
    declined_because: what the family reads where the school says no.
    """

    privacy = Privacy(
        about="learner",
        category="logs",
        keep=kept(731, "asked_at", "two years; its file for seven days"),
        personal={
            "asked_by": "to know who asked for a copy",
            "made_by": "to know who made the copy",
            "stored": "to hand the copy over",
            "declined_because": "to tell the family why not",
        },
        plain="id uuid learner asked_at job with_notes size made_at fetched_at handed_out_at declined_at",
        files="stored",
        export=withheld("it is a copy like this one"),
    )
    scope_field = "learner__district"

    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="copies")
    asked_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    with_notes = models.BooleanField(default=True)
    handed_out_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    declined_because = models.CharField(max_length=280, blank=True)

    objects = ScopedManager.from_queryset(LearnerCopyQuerySet)()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["learner", "-asked_at"], name="learner_copy_newest")]
