"""What a district asks of those who sign in."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from lrm.privacy import ENROLLED, NOBODY, Privacy
from lrm.scope import ScopedManager
from profiles.models.account import Account
from profiles.models.district import District


class SignInPolicy(models.Model):
    """At most one a district; without a row the defaults hold.

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

    objects = ScopedManager()


class SecondStepAsk(models.Model):
    """Since when somebody has been asked for a second step; gone once there is one."""

    privacy = Privacy(
        about="account",
        keep=ENROLLED,
        personal={"asked_on": "to count the days until it is required"},
        plain="id account",
    )
    scope_field = "account__district"

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="second_step_ask")
    asked_on = models.DateField()

    objects = ScopedManager()
