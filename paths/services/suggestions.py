"""Pinning and hiding what is suggested beside a profile."""

from datetime import datetime

from django.db import transaction

from paths.models import SuggestionMark
from profiles.models import Account, Learner
from standards.models import Standard


@transaction.atomic
def mark_suggestion(
    *, learner: Learner, standard: Standard, act: str, reason: str, by: Account, now: datetime
) -> SuggestionMark:
    """Pin or hide, with a reason that the learner and the family read. The mark that stood is lifted and kept.

    Raises ValueError: no reason, or another act.
    """
    reason = reason.strip()
    if not reason or act not in SuggestionMark.Act.values:
        raise ValueError(act)
    Learner.objects.select_for_update().get(pk=learner.pk)
    standing = SuggestionMark.objects.standing().filter(learner=learner, standard=standard)
    same = standing.filter(act=act, reason=reason).first()
    if same:
        return same
    standing.update(lifted_at=now)
    return SuggestionMark.objects.create(learner=learner, standard=standard, act=act, reason=reason, by=by, at=now)


def lift_mark(*, mark: SuggestionMark, now: datetime) -> None:
    """Levels alone decide again. The mark stays as it was in the history."""
    SuggestionMark.objects.standing().filter(pk=mark.pk).update(lifted_at=now)
