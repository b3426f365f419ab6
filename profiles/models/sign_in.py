"""Attempts to sign in with a class code that did not succeed, to slow down guessing."""

from django.db import models
from django.utils import timezone

from lrm.privacy import Privacy


class SignInAttempt(models.Model):
    """Kept for a day. The address is stored as a keyed hash: enough to count, not to find anyone."""

    privacy = Privacy(
        about="account",
        keep="one day",
        personal={"address_hash": "to slow down someone who guesses codes", "at": "to forget after a day"},
        plain="id class_code",
    )

    at = models.DateTimeField(default=timezone.now, db_index=True)
    address_hash = models.CharField(max_length=64)
    class_code = models.CharField(max_length=6, blank=True)

    class Meta:
        indexes = [models.Index(fields=["address_hash", "at"], name="sign_in_attempt_address")]
