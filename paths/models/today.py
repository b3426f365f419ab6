"""Lines of Today that somebody has put off until tomorrow."""

from django.db import models

from lrm.privacy import Privacy, kept
from lrm.scope import ScopedManager
from profiles.models import Account


class TodaySnooze(models.Model):
    """`key` names a line of Today (paths/services/today.py); it comes back on the day `until`."""

    privacy = Privacy(
        about="staff",
        category="passing",
        keep=kept(30, "until", "30 days after its day"),
        personal={"account": "to bring the line back to whoever put it off"},
        plain="id key until",
    )
    scope_field = "account__district"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    until = models.DateField()

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="today_snooze_once")]
