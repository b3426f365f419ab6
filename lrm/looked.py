"""Who looked at whom: views name the learners that they show; middleware writes one row."""

from collections.abc import Iterable

from lrm.http import Request


def looked_at(request: Request, learner_ids: Iterable[int]) -> None:
    """Note that this answer shows records of these learners (ids)."""
    request.looked_at.update(learner_ids)
