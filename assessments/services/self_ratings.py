"""A learner's own view of a standard, on the district's scale: dated, with its history, beside the level."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from assessments.models import SelfRating
from assessments.services.policies import Policies
from profiles.models import Learner
from standards.models import Standard

WORDS_LENGTH = 280


class RatingRefused(ValueError):
    """A level off the scale, or too many words; nothing was stored."""


@transaction.atomic
def rate(*, learner: Learner, views: Mapping[Standard, tuple[int | None, str]], at: datetime) -> int:
    """Store what the learner says about each standard: (level, words); level None takes the rating back.

    What stands already is not stored again, so sending twice equals once. Returns how many were stored.
    Raises RatingRefused: nothing was stored.
    """
    policies = Policies(learner.district_id)
    today = timezone.localdate(at)
    # Two windows of one learner: the second sees what the first stored.
    Learner.objects.select_for_update(no_key=True).get(pk=learner.pk)
    standing = {
        standard: (level, words)
        for standard, level, words in SelfRating.objects.filter(learner=learner, standard__in=list(views))
        .newest()
        .values_list("standard_id", "level", "words")
    }
    rows = []
    for standard, (level, words) in views.items():
        top = policies.on(standard.framework_id, today).scale.levels
        words = words.strip()
        if level is not None and not 1 <= level <= top:
            raise RatingRefused(f"A level is between 1 and {top}.")
        if len(words) > WORDS_LENGTH:
            raise RatingRefused(f"At most {WORDS_LENGTH} characters.")
        if standing.get(standard.pk, (None, "")) != (level, words):
            rows.append(SelfRating(learner=learner, standard=standard, level=level, words=words, rated_at=at))
    SelfRating.objects.bulk_create(rows)
    return len(rows)


def history_of(learner: Learner, standard: Standard) -> list[SelfRating]:
    """Newest first."""
    rows = SelfRating.objects.filter(learner=learner, standard=standard)
    return list(rows.order_by("-rated_at", "-pk"))
