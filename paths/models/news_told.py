"""Good news of Today that a teacher has passed on to a learner, so that nobody is told twice and it can be undone."""

import uuid

from django.db import models
from django.utils import timezone

from lrm.privacy import ENROLLED, Privacy
from lrm.scope import ScopedManager
from paths.models.message import Message
from profiles.models import Account, Learner
from standards.models import Standard


class NewsTold(models.Model):
    """message: with which the learner was told. act: what one person told in one go has one identifier."""

    privacy = Privacy(
        about="learner",
        category="talks",
        keep=ENROLLED,
        personal={
            "account": "to know who told the learner",
            "level": "to tell each rise once",
        },
        plain="id learner standard message act day at",
    )

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="+")
    standard = models.ForeignKey(Standard, on_delete=models.CASCADE, related_name="+")
    level = models.PositiveSmallIntegerField()
    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="+")
    act = models.UUIDField(default=uuid.uuid4)
    day = models.DateField()
    at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "learner", "standard", "level", "day"], name="news_told_once")
        ]
        indexes = [models.Index(fields=["account", "day"], name="news_told_account")]
        ordering = ["pk"]
