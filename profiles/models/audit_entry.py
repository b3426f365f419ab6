"""Every change of a class list, an account or a role: what it was, what it is, who, when, and through which way."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lrm import acting
from lrm.privacy import CUT, LEFT, Keep, Privacy
from lrm.scope import ScopedManager
from profiles.models.account import Account
from profiles.models.district import District
from profiles.models.learner import Learner
from profiles.models.roster import Roster


def _pointer(to: type[models.Model], *, null: bool = True) -> models.ForeignKey:
    """Without a constraint: an entry outlives what it is about."""
    return models.ForeignKey(
        to, null=null, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )


class AuditEntryQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "AuditEntryQuerySet":
        """Administrators of the district read all of it, of a school what is about its classes, students and staff."""
        access = account.access
        if access.is_district_admin:
            return self.filter(district_id=access.district_id)
        if not access.school_ids:
            return self.none()
        learners = Learner.objects.administered_by(account)
        return self.filter(
            Q(learner__in=learners.values("pk"))
            | Q(account__in=learners.filter(account__isnull=False).values("account"))
            | Q(roster__in=Roster.objects.filter(school_id__in=access.school_ids).values("pk"))
            | Q(account__in=Account.objects.administered_by(account).values("pk"))
        )


class AuditEntry(models.Model):
    """Written by triggers of the database (migration audit_of_people), whatever wrote the row itself; the role of the
    site may only read it, and nobody changes it but the erasure of a person (`forget_audit`), which takes the content.

    place: the table, without its app.    row: of that table.    before, after: column -> value, of the columns that
    differ; None for what did not exist. What one signs in with is "…" in both.
    way: see lrm.acting.    what: the route, task or command.    by: None for a program, or where nobody is signed in.
    """

    merging = "stays"  # see profiles/services/merging.py
    privacy = Privacy(
        about="learner",
        category="classes",
        keep=Keep(
            "about students: as class lists; about adults: as long as the district, without content once erased",
            since=LEFT,
        ),
        personal={
            "learner": "to answer who changed what about somebody",
            "account": "to answer who changed what about somebody",
            "by": "to answer who changed it",
            "before": "to answer what it was before",
            "after": "to answer what it was changed to",
        },
        plain="id district at way what place row act roster",
        ways="learner account__learner",
        erase=CUT,
    )
    scope_field = "district"

    class Way(models.TextChoices):
        PAGE = acting.PAGE, _("on a page")
        API = acting.API, _("by a program (API)")
        IMPORT = acting.IMPORT, _("by a roster file")
        TASK = acting.TASK, _("by the clock or a job")
        COMMAND = acting.COMMAND, _("by a technician’s command")
        DATABASE = acting.DATABASE, _("in the database itself")

    class Act(models.TextChoices):
        MADE = "made", _("made")
        CHANGED = "changed", _("changed")
        REMOVED = "removed", _("removed")

    class Place(models.TextChoices):
        ENROLLMENT = "enrollment", _("place on a class list")
        ROSTER = "roster", _("class list")
        SECTION = "section", _("class")
        LEARNER = "learner", _("student")
        ACCOUNT = "account", _("account")
        ADMIN_ROLE = "adminrole", _("administrator’s role")
        GUARDIANSHIP = "guardianship", _("family")
        INTEGRATION = "integration", _("system")
        TOKEN = "apitoken", _("token of a program")

    district = _pointer(District, null=False)
    at = models.DateTimeField(default=timezone.now)
    by = _pointer(Account)
    way = models.CharField(max_length=10, choices=Way.choices)
    what = models.CharField(max_length=60)
    place = models.CharField(max_length=16, choices=Place.choices)
    row = models.BigIntegerField()
    act = models.CharField(max_length=8, choices=Act.choices)
    learner = _pointer(Learner)
    account = _pointer(Account)
    roster = _pointer(Roster)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    objects = ScopedManager.from_queryset(AuditEntryQuerySet)()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=[name], name=f"audit_{name}", condition=Q(**{f"{name}__isnull": False}))
            for name in ("learner", "account", "by")
        ]
