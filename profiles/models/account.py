"""Who can sign in, and who administers what. Rights of teachers follow enrollments instead."""

import uuid
from functools import cached_property
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lrm.privacy import ENROLLED, NOBODY, Privacy
from profiles.access import Access, access_of
from profiles.models.district import District, School


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, email: str | None) -> "Account":
        return self.get(email__iexact=email)

    def create_user(
        self, *, district: District, email: str | None = None, password: str | None = None, **fields
    ) -> "Account":
        """An account without a password cannot sign in with one; no hash is computed for it."""
        account = self.model(district=district, email=email or None, **fields)
        if password:
            account.set_password(password)
        else:
            account.password = "!"  # noqa: S105 (no password: none fits)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """A way to sign in. Exempt from the district scope, since signing in comes before it."""

    privacy = Privacy(
        about="account",
        keep=ENROLLED,
        personal={
            "email": "to sign in and to be written to",
            "given_name": "to be addressed",
            "family_name": "to be told apart from others",
            "password": "to sign in; stored as a hash only",
            "last_login": "to find accounts that nobody uses",
            "language": "to read LRM in one's own language",
        },
        plain="id uuid district key kind is_active created_at",
    )

    class Kind(models.TextChoices):
        STAFF = "staff", _("staff")
        LEARNER = "learner", _("student")
        GUARDIAN = "guardian", _("family")

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="accounts")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=255, null=True, blank=True)
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.STAFF)
    email = models.EmailField(null=True, blank=True)
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100)
    language = models.CharField(max_length=16, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = AccountManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="account_email_once"),
            models.UniqueConstraint(fields=["district", "key"], name="account_key_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def initials(self) -> str:
        return (self.given_name[:1] + self.family_name[:1]).upper()

    @cached_property
    def access(self) -> Access:
        """What this person is today, read once a request in one statement."""
        return access_of(self, on=timezone.localdate())

    @property
    def roles(self) -> frozenset[str]:
        return self.access.roles


class AdminRole(models.Model):
    """A school or district administrator, between dates. Teachers have enrollments instead."""

    privacy = NOBODY

    class Kind(models.TextChoices):
        SCHOOL = "school_admin", _("school administrator")
        DISTRICT = "district_admin", _("district administrator")

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="admin_roles")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    school = models.ForeignKey(School, null=True, blank=True, on_delete=models.CASCADE, related_name="admin_roles")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="district_admin", school__isnull=True)
                | models.Q(kind="school_admin", school__isnull=False),
                name="admin_role_names_its_school",
            )
        ]
