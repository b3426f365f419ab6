"""How often somebody wants a mail that says that there is something to read. It says nothing else."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from lrm.privacy import ACCOUNT, Privacy
from lrm.scope import ScopedManager
from profiles.models import Account

MONDAY = 0


class DigestChoice(models.Model):
    """Without a row: once a week on Monday for staff and families with an address, never for learners.

    looked_on: the day on which the last mail was due and its unread messages were counted, by the district's calendar.
    It is set before anything is sent, in one conditional statement, so that nobody is written to twice.
    """

    privacy = Privacy(
        about="account",
        category="identity",
        keep=ACCOUNT,
        personal={
            "every": "to write as often as is wanted",
            "weekday": "to write on the day that is wanted",
            "looked_on": "to write once only",
        },
        plain="id account",
    )
    scope_field = "account__district"

    class Every(models.TextChoices):
        NEVER = "never", _("Never")
        WEEK = "week", _("Once a week")
        DAY = "day", _("Once a day")

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="digest_choice")
    every = models.CharField(max_length=8, choices=Every.choices)
    weekday = models.PositiveSmallIntegerField(default=MONDAY)
    looked_on = models.DateField(null=True, blank=True)

    objects = ScopedManager()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(weekday__lte=6), name="digest_weekday")]


def usual(account: Account) -> str:
    """How often somebody is written to who has not chosen."""
    return DigestChoice.Every.NEVER if account.kind == Account.Kind.LEARNER else DigestChoice.Every.WEEK


def is_due(*, every: str, weekday: int, looked_on: date | None, today: date) -> bool:
    """Whether a mail is due today. A week whose day was missed, as with no worker running, is made good later."""
    if every == DigestChoice.Every.NEVER:
        return False
    if every == DigestChoice.Every.DAY:
        return looked_on is None or looked_on < today
    since = (today.weekday() - weekday) % 7
    if looked_on is None:
        return since == 0
    return (today - looked_on).days > since
