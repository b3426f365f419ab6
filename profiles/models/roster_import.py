"""What imports of rosters have done: who, when, what it was before, and in which order changes were made."""

import uuid
from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from lrm.privacy import CUT, DISTRICT, NOBODY, Privacy, kept, withheld
from lrm.scope import ScopedManager
from profiles.models.account import Account
from profiles.models.district import District

UNDO_DAYS = timedelta(days=30)


class RosterPolicy(models.Model):
    """How large a share may leave by one import before a person has to say that it is right. The newest row counts."""

    privacy = Privacy(
        about="staff",
        category="running",
        keep=DISTRICT,
        personal={"created_by": "to know whom to ask why the brake stands where it stands"},
        plain="id district brake_percent created_at",
    )
    scope_field = "district"

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="roster_policies")
    brake_percent = models.DecimalField(max_digits=4, decimal_places=1)
    created_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(brake_percent__gte=0, brake_percent__lte=100), name="roster_brake_is_a_share"
            )
        ]


class RosterStamp(models.Model):
    """When the student information system changed a row last, as far as it has told. Key "": a file's newest."""

    privacy = NOBODY
    scope_field = "district"

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="+")
    file = models.CharField(max_length=32)
    key = models.CharField(max_length=255)
    modified_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["district", "file", "key"], name="roster_stamp_once")]


class RosterImportQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "RosterImportQuerySet":
        """Imports of the district, for those who administer it."""
        access = account.access
        return self.filter(district_id=access.district_id) if access.is_district_admin else self.none()


class RosterImport(models.Model):
    """One package that was taken over, in one transaction.

    account: who applied it, None from a terminal. brake: where more left than the policy allows, which share that was;
    then released_by has said that it is right. summary and undo_summary: counts; no names.
    """

    privacy = Privacy(
        about="staff",
        category="running",
        keep=DISTRICT,
        personal={
            "account": "to know whom to ask about it",
            "name": "to recognize the file",
            "released_by": "to know who has said that so many leave",
            "undone_by": "to know whom to ask about it",
        },
        plain="id uuid district version is_delta brake summary applied_at undone_at undo_summary",
    )
    scope_field = "district"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="roster_imports")
    account = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=255)
    version = models.CharField(max_length=8)
    is_delta = models.BooleanField(default=False)
    brake = models.JSONField(null=True, blank=True)
    released_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    summary = models.JSONField(default=dict)
    applied_at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    undo_summary = models.JSONField(default=dict)

    objects = ScopedManager.from_queryset(RosterImportQuerySet)()

    class Meta:
        ordering = ["-applied_at", "-pk"]
        indexes = [models.Index(fields=["district", "-applied_at"], name="roster_import_newest")]

    def __str__(self) -> str:
        return self.name

    @property
    def undo_until(self) -> datetime:
        return self.applied_at + UNDO_DAYS

    @property
    def can_be_undone(self) -> bool:
        return self.undone_at is None and timezone.now() < self.undo_until


class ImportedRows(models.Model):
    """Rows that an import made or changed: what they were before, and a fingerprint of what it left behind.

    place: the entity, as in services/roster_import/entities.py. befores: None where the import made the rows, else a
    list beside `ids` of what each was. afters: fingerprints beside `ids`; a row that does not have its own any more was
    changed since.
    """

    privacy = Privacy(
        about="learner",
        category="classes",
        keep=kept(30, "roster_import__applied_at", "30 days"),
        personal={"befores": "to put a wrong import back"},
        plain="id roster_import place ids afters",
        export=withheld("it holds what the class lists and the name were, for 30 days, in one piece with others"),
        erase=CUT,
    )

    roster_import = models.ForeignKey(RosterImport, on_delete=models.CASCADE, related_name="rows")
    place = models.CharField(max_length=16)
    ids = ArrayField(models.BigIntegerField())
    afters = ArrayField(models.BigIntegerField())
    befores = models.JSONField(null=True)

    objects = ScopedManager()
