"""Who looked at whom: views name the learners that they show; middleware writes one row."""

from collections.abc import Iterable

from django.http import HttpRequest


def looked_at(request: HttpRequest, learner_ids: Iterable[int]) -> None:
    """Note that this answer shows records of these learners (ids)."""
    request.looked_at.update(learner_ids)  # type: ignore[attr-defined]
