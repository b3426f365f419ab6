"""An answer of the API that is kept for a while, so that a request that is sent again is done once."""

from datetime import timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from lrm.privacy import CUT, Privacy, kept, withheld
from lrm.scope import ScopedManager
from profiles.models.account import Account

KEPT = timedelta(days=2)


class KeptAnswer(models.Model):
    """key: what the program calls its request.    digest: of the request.    status, answer: null while at work."""

    privacy = Privacy(
        about="account",
        category="passing",
        keep=kept(2, "created_at", "two days"),
        personal={
            "account": "to tell the requests of one program from those of another",
            "answer": "to give a request that is sent again the same answer",
        },
        plain="id key digest status created_at",
        export=withheld("it is an answer to another system of the district, and goes after two days"),
        erase=CUT,
    )
    scope_field = "account__district"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="kept_answer_once_a_key")]
        indexes = [models.Index(fields=["created_at"], name="kept_answer_age")]

    def keep(self, *, status: int, answer: Any) -> None:
        self.status, self.answer = status, answer
        self.save(update_fields=["status", "answer"])
