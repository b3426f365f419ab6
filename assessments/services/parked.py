"""Pairs of learner and subject that workers could not compute five times in a row, for those who can do something."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from assessments import hurry
from assessments.models import MarkFailure
from profiles.models import Account, Learner
from standards.models import Subject


@dataclass(frozen=True)
class Parked:
    """times: how often it was tried.    error: name of the exception of the last time, or MarkFailure.KILLED.

    last_at: when that was, in the time zone of the district.
    """

    learner: Learner
    subject_id: int
    subject: Subject | None
    times: int
    error: str
    last_at: datetime

    @property
    def was_killed(self) -> bool:
        return self.error == MarkFailure.KILLED


def count_parked(account: Account) -> int:
    """How many pairs of learners whom this account serves are parked. One statement."""
    return _of(account).count()


def read_parked(account: Account) -> list[Parked]:
    """Parked pairs of learners whom this account serves, the oldest first."""
    rows = list(_of(account).order_by("last_at", "pk"))
    learners = Learner.objects.served_by(account).in_bulk({row.learner_id for row in rows})
    subjects = Subject.objects.in_bulk({row.subject_id for row in rows})
    return [
        Parked(
            learners[row.learner_id],
            row.subject_id,
            subjects.get(row.subject_id),
            row.times,
            row.error,
            timezone.localtime(row.last_at),
        )
        for row in rows
        if row.learner_id in learners
    ]


@transaction.atomic
def try_again(account: Account, pairs: Iterable[tuple[int, int]] | None = None) -> int:
    """Begin anew with these parked (learner id, subject id) pairs of learners whom the account serves; None is all.

    Returns how many there were. What fails again is tried five times more, and parked again.
    """
    wanted = None if pairs is None else set(pairs)
    chosen = [row.pk for row in _of(account) if wanted is None or (row.learner_id, row.subject_id) in wanted]
    if chosen:
        MarkFailure.objects.filter(pk__in=chosen).delete()
        # Their marks were never deleted, so nothing else is needed to make them due.
        transaction.on_commit(hurry.hurry, robust=True)
    return len(chosen)


def _of(account: Account) -> QuerySet[MarkFailure]:
    served = Learner.objects.served_by(account).values("pk")
    return MarkFailure.objects.filter(times__gte=MarkFailure.PARKED_AT, learner_id__in=served)
