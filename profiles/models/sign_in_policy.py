"""What a district asks of those who sign in."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from lrm.privacy import ACCOUNT, NOBODY, Privacy
from lrm.scope import ScopedManager
from profiles.models.account import Account
from profiles.models.district import District

EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)


def every_day() -> list[int]:
    return list(EVERY_DAY)


class SignInPolicy(models.Model):
    """At most one a district; without a row the defaults hold.

    badge_from, badge_until: hours by the district's clock, null for open; until is the first minute without.
    badge_days: ISO weekdays, Monday is 1.    badge_registered_only: on devices of the school's own list alone.

    second_step_for: whose second step is required; anybody else may have one.
    grace_days: for how many days after it was first asked for somebody goes on without one.
    """

    privacy = NOBODY
    scope_field = "district"

    class Whom(models.TextChoices):
        ADMINS = "admins", _("administrators")
        STAFF = "staff", _("all staff")

    district = models.OneToOneField(District, on_delete=models.CASCADE, related_name="sign_in_policy")
    second_step_for = models.CharField(max_length=8, choices=Whom.choices, default=Whom.ADMINS)
    grace_days = models.PositiveSmallIntegerField(default=7, validators=[MaxValueValidator(60)])

    badges = models.BooleanField(default=True, db_default=True)
    badge_from = models.TimeField(null=True, blank=True)
    badge_until = models.TimeField(null=True, blank=True)
    badge_days = ArrayField(models.PositiveSmallIntegerField(), default=every_day, db_default=[1, 2, 3, 4, 5, 6, 7])
    badge_registered_only = models.BooleanField(default=False, db_default=False)

    objects = ScopedManager()


class SecondStepAsk(models.Model):
    """Since when somebody has been asked for a second step; gone once there is one."""

    privacy = Privacy(
        about="account",
        category="identity",
        keep=ACCOUNT,
        personal={"asked_on": "to count the days until it is required"},
        plain="id account",
    )
    scope_field = "account__district"

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="second_step_ask")
    asked_on = models.DateField()

    objects = ScopedManager()
