"""Staff who are asked in by e-mail, and what has happened to an account since."""

from datetime import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lrm.privacy import ACCOUNT, RECORD, Privacy
from lrm.scope import ScopedManager
from profiles.models.account import Account
from profiles.models.district import School


class Invitation(models.Model):
    """One row an account: sent again, it has a new link and the old one opens nothing.

    digest: of the link's secret, "" once it is used or taken back.    school: whose administrators look after the
    account before it has a class there; null for the whole district.
    """

    privacy = Privacy(
        about="staff",
        category="running",
        keep=RECORD,
        personal={
            "account": "to let the person in",
            "invited_by": "to know whom to ask",
            "accepted_at": "to see who has not come yet",
        },
        plain="id school digest sent_at expires_at revoked_at",
    )
    scope_field = "account__district"

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="invitation")
    school = models.ForeignKey(School, null=True, blank=True, on_delete=models.SET_NULL, related_name="invitations")
    digest = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    invited_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    sent_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager()

    def opens_at(self, now: datetime) -> bool:
        """Whether its link works at that moment."""
        return self.accepted_at is None and self.revoked_at is None and self.expires_at > now


class AccountEvent(models.Model):
    """What was done to an account, by whom: read by administrators on the account's page.

    words: what it was about, such as a school's name; "" where the kind says all.
    """

    class Kind(models.TextChoices):
        INVITED = "invited", _("invited")
        RESENT = "resent", _("invitation sent again")
        REVOKED = "revoked", _("invitation taken back")
        ACCEPTED = "accepted", _("came in for the first time")
        ENDED = "ended", _("account ended")
        REOPENED = "reopened", _("account opened again")
        ROLE_GIVEN = "role_given", _("may administer")
        ROLE_ENDED = "role_ended", _("administers no longer")
        SIGNED_OUT = "signed_out", _("signed out everywhere")
        SECOND_STEP_RESET = "step_reset", _("second step taken away, to set up a new one")
        LINKED = "linked", _("found through single sign-on")
        UNLINKED = "unlinked", _("single sign-on forgotten")

    privacy = Privacy(
        about="account",
        category="logs",
        keep=ACCOUNT,
        personal={
            "account": "to answer who changed what an account may do",
            "by": "to answer who changed what an account may do",
        },
        plain="id kind words at",
    )
    scope_field = "account__district"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="events")
    by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    words = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["account", "at"], name="account_event_account")]
