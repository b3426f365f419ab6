"""Who can sign in, and who administers what. Rights of teachers follow enrollments instead."""

import uuid
from datetime import date
from functools import cached_property
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lrm.privacy import ACCOUNT, RECORD, Privacy
from profiles.access import Access, access_of
from profiles.models.district import District, School


class AccountQuerySet(models.QuerySet):
    """Accounts stand outside of the district scope, so each right names the district itself."""

    def named(self) -> "AccountQuerySet":
        """Those of somebody: whoever was erased has left only what others need, under a word without a name."""
        return self.filter(erased_at__isnull=True)

    def adults_of(self, account: "Account") -> "AccountQuerySet":
        """Staff and families, for whoever administers the whole district: what is kept about them, and its ways out."""
        if not account.access.is_district_admin:
            return self.none()
        return self.named().filter(district_id=account.access.district_id, kind__in=Account.ADULTS)

    def administered_by(self, account: "Account") -> "AccountQuerySet":
        """Staff whom an administrator sees: those of the district, or with something to do at the own schools.

        That is a class or an administrator's role there, whenever it was, or an invitation to it.
        """
        access = account.access
        not_staff = (Account.Kind.LEARNER, Account.Kind.INTEGRATION)  # systems have pages of their own
        here = self.named().filter(district_id=access.district_id).exclude(kind__in=not_staff)
        if access.is_district_admin:
            mine = Q(kind=Account.Kind.STAFF) | Q(admin_roles__isnull=False) | Q(enrollments__isnull=False)
        else:
            mine = (
                Q(admin_roles__school__in=access.school_ids)
                | Q(enrollments__roster__school__in=access.school_ids)
                | Q(invitation__school__in=access.school_ids)
            )
        return here.filter(pk__in=Account.objects.filter(mine).values("pk"))

    def changed_by(self, account: "Account") -> "AccountQuerySet":
        """Staff whom an administrator may end, open again or help in; nobody does that for themselves.

        Whoever administers the district, or works at another school too, is changed by the district alone.
        """
        access = account.access
        mine = self.administered_by(account).exclude(pk=account.pk)
        if access.is_district_admin:
            return mine
        today, others = timezone.localdate(), School.objects.exclude(pk__in=access.school_ids)
        elsewhere = (
            Q(admin_roles__kind=AdminRole.Kind.DISTRICT) & _lasts("admin_roles", today)
            | Q(admin_roles__school__in=others) & _lasts("admin_roles", today)
            | Q(enrollments__roster__school__in=others) & _lasts("enrollments", today)
        )
        return mine.exclude(pk__in=Account.objects.filter(elsewhere).values("pk"))


def _lasts(relation: str, today: date) -> Q:
    """Not over yet: today's, or to come."""
    return Q(**{f"{relation}__ends_on__isnull": True}) | Q(**{f"{relation}__ends_on__gte": today})


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
    """A way to sign in. Exempt from the district scope, since signing in comes before it.

    erased_at: since when nobody stands behind it; what this person did for the school stays, under a word without a
    name.
    """

    privacy = Privacy(
        about="account",
        category="identity",
        keep=ACCOUNT,
        personal={
            "email": "to sign in and to be written to",
            "given_name": "to be addressed",
            "family_name": "to be told apart from others",
            "password": "to sign in; stored as a hash only",
            "last_login": "to find accounts that nobody uses",
            "language": "to read LRM in one's own language",
        },
        plain="id uuid district key kind is_active created_at erased_at",
        hidden="password",
    )

    class Kind(models.TextChoices):
        STAFF = "staff", _("staff")
        LEARNER = "learner", _("student")
        GUARDIAN = "guardian", _("family")
        INTEGRATION = "integration", _("system")  # profiles/models/integration.py

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
    erased_at = models.DateTimeField(null=True, blank=True)

    ADULTS = (Kind.STAFF, Kind.GUARDIAN)
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = AccountManager.from_queryset(AccountQuerySet)()

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
    """A school or district administrator, between dates. Teachers have enrollments instead.

    Exempt from the district scope, as accounts are: rights are read before it opens.
    """

    privacy = Privacy(
        about="staff",
        category="running",
        keep=RECORD,
        personal={
            "account": "to give the rights that the work needs",
            "kind": "to give the rights that the work needs",
            "starts_on": "to have rights begin",
            "ends_on": "to have rights end",
        },
        plain="id school",
    )

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
