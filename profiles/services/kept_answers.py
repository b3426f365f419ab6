"""Answers of the API by the key that the asker chose for the request."""

from django.utils import timezone

from lrm.scope import unscoped
from profiles.models import Account, KeptAnswer
from profiles.models.kept_answer import KEPT


def keep_answer(*, account: Account, key: str, digest: str) -> KeptAnswer:
    """The row of this key: the one that stands, or a new one without an answer, in the caller's transaction.

    Whoever comes second while the first is still at work waits here until that one is done or has failed.
    """
    row, _ = KeptAnswer.objects.get_or_create(account=account, key=key, defaults={"digest": digest})
    if row.created_at < timezone.now() - KEPT:
        row.digest, row.status, row.answer, row.created_at = digest, None, None, timezone.now()
        row.save()
    return row


def forget_old_answers() -> int:
    """By the clock. Returns how many went."""
    with unscoped("answers of every district that nobody may ask for any more"):
        return KeptAnswer.objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0]
