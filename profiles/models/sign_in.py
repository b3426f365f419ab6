"""Attempts to sign in that did not succeed, or are not decided yet, to slow down guessing."""

from django.db import models
from django.utils import timezone

from lrm.privacy import Path, Privacy, kept, withheld


class SignInAttempt(models.Model):
    """Kept for a day. What was tried and from where are keyed hashes: enough to count, not to find anyone.

    door: of profiles.services.throttle.DOORS.    key_hash: the account or class code that was tried.
    browser_hash: the browser, by its cookie; a new one where it sent none.
    earner_hash: whose sign-in has made this browser known for the key; "" for a stranger.
    """

    privacy = Privacy(
        about="account",
        category="logs",
        keep=kept(1, "at", "one day, and until the night after it"),
        personal={
            "address_hash": "to slow down someone who guesses",
            "key_hash": "to slow down those who guess one account together",
            "browser_hash": "to stop who guesses and nobody who sits beside them",
            "earner_hash": "to stop who guesses and nobody who sits beside them",
            "at": "to forget after a day",
        },
        plain="id door",
        export=withheld("it holds scrambled marks only, which name nobody, and goes after a day"),
        erase=Path("kept", "goes after a day; it holds scrambled marks only"),
    )

    at = models.DateTimeField(default=timezone.now, db_index=True)
    door = models.CharField(max_length=16, db_default="")
    address_hash = models.CharField(max_length=64)
    key_hash = models.CharField(max_length=64, db_default="")
    browser_hash = models.CharField(max_length=64, db_default="")
    earner_hash = models.CharField(max_length=64, blank=True, db_default="")

    class Meta:
        indexes = [
            models.Index(fields=["address_hash", "at"], name="sign_in_attempt_address"),
            models.Index(fields=["key_hash", "at"], name="sign_in_attempt_key"),
            models.Index(fields=["browser_hash", "at"], name="sign_in_attempt_browser"),
        ]
