"""Somebody told a grown-up about a pair, or about what stands on the page of good news."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lrm.privacy import ENROLLED, SHARED, Privacy
from lrm.scope import ScopedManager
from paths.models.cheer import SharedMoment
from paths.models.peer import PeerMatch, led_by
from profiles.models import Account


class PeerReportQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "PeerReportQuerySet":
        """Reports that the account decides on: of its classes, also of those that have switched pairs off since."""
        sections = led_by(account)
        return self.filter(Q(match__section__in=sections) | Q(moment__section__in=sections))

    def waiting(self) -> "PeerReportQuerySet":
        return self.filter(decided_at=None)


class PeerReport(models.Model):
    """As MessageReport for messages. One of each person and thing; who it is about is never told who told."""

    privacy = Privacy(
        about="learner",
        category="talks",
        keep=ENROLLED,
        personal={
            "by": "to come back to whoever told us",
            "why": "to understand what happened",
            "decided_by": "to know who looked after it",
            "answer": "to say what was done about it",
        },
        plain="id match moment at decided_at outcome",
        export=SHARED,
    )

    class Outcome(models.TextChoices):
        ENDED = "ended", _("ended")
        KEPT = "kept", _("left as it is")

    match = models.ForeignKey(PeerMatch, null=True, blank=True, on_delete=models.CASCADE, related_name="reports")
    moment = models.ForeignKey(SharedMoment, null=True, blank=True, on_delete=models.CASCADE, related_name="reports")
    by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    why = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    answer = models.CharField(max_length=500, blank=True)

    objects = ScopedManager.from_queryset(PeerReportQuerySet)()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(match__isnull=True, moment__isnull=False) | Q(match__isnull=False, moment__isnull=True),
                name="peer_report_about_one_thing",
            ),
            models.UniqueConstraint(fields=["match", "moment", "by"], nulls_distinct=False, name="peer_report_once"),
        ]
        indexes = [models.Index(fields=["at"], name="peer_report_waiting", condition=Q(decided_at__isnull=True))]
        ordering = ["at", "pk"]
