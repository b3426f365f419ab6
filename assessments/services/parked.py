"""What workers could not compute five times in a row, for those who can do something: levels of a learner in a
subject, and groups of a section."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import QuerySet, Value
from django.utils import timezone

from assessments import hurry
from assessments.models import MarkFailure, SuggestionFailure
from assessments.models.outbox import Failure
from profiles.models import Account, Learner, Section
from standards.models import Subject

MOST_SHOWN = 50


@dataclass(frozen=True)
class Parked:
    """times: how often it was tried.    error: name of the exception of the last time, or Failure.KILLED.

    last_at: when that was, in the time zone of the district.
    """

    times: int
    error: str
    last_at: datetime

    @property
    def was_killed(self) -> bool:
        return self.error == Failure.KILLED


@dataclass(frozen=True)
class ParkedLevels(Parked):
    learner: Learner
    subject_id: int
    subject: Subject | None


@dataclass(frozen=True)
class ParkedGroups(Parked):
    section: Section


@dataclass(frozen=True)
class Count:
    """How many pairs of learner and subject, and how many sections, are parked."""

    levels: int
    groups: int


def count_parked(account: Account) -> Count:
    """Of those whom this account serves. One statement."""
    levels, groups = _levels_of(account).values_list(Value("levels")), _groups_of(account).values_list(Value("groups"))
    found = Counter(which for (which,) in levels.union(groups, all=True))
    return Count(found["levels"], found["groups"])


def read_parked_levels(account: Account, *, page: str | None) -> tuple[list[ParkedLevels], Page]:
    """A page of the parked pairs of learners whom this account serves, the oldest first."""
    at = Paginator(_levels_of(account).order_by("last_at", "pk"), MOST_SHOWN).get_page(page)
    rows = list(at)
    learners = Learner.objects.served_by(account).in_bulk({row.learner_id for row in rows})
    subjects = Subject.objects.in_bulk({row.subject_id for row in rows})
    found = [
        ParkedLevels(*_said(row), learners[row.learner_id], row.subject_id, subjects.get(row.subject_id))
        for row in rows
        if row.learner_id in learners
    ]
    return found, at


def read_parked_groups(account: Account, *, page: str | None) -> tuple[list[ParkedGroups], Page]:
    """A page of the sections that this account sees and whose groups are parked, the oldest first."""
    at = Paginator(_groups_of(account).order_by("last_at", "pk"), MOST_SHOWN).get_page(page)
    rows = list(at)
    sections = Section.objects.visible_to(account).select_related("roster__school")
    found = sections.in_bulk({row.section_id for row in rows})
    return [ParkedGroups(*_said(row), found[row.section_id]) for row in rows if row.section_id in found], at


@transaction.atomic
def try_levels_again(account: Account, pairs: Iterable[tuple[int, int]] | None = None) -> int:
    """Begin anew with these parked (learner id, subject id) pairs of learners whom the account serves; None is all.

    Returns how many there were. What fails again is tried five times more, and parked again.
    """
    wanted = None if pairs is None else set(pairs)
    chosen = [row.pk for row in _levels_of(account) if wanted is None or (row.learner_id, row.subject_id) in wanted]
    if chosen:
        MarkFailure.objects.filter(pk__in=chosen).delete()
        # Their marks were never deleted, so nothing else is needed to make them due.
        transaction.on_commit(hurry.hurry, robust=True)
    return len(chosen)


@transaction.atomic
def try_groups_again(account: Account, section_id: int | None = None) -> int:
    """Begin anew with a section's parked groups, None is all that the account sees. Returns how many they were."""
    chosen = _groups_of(account)
    if section_id is not None:
        chosen = chosen.filter(section_id=section_id)
    gone, _each = chosen.delete()
    if gone:
        transaction.on_commit(hurry.hurry, robust=True)
    return gone


def _said(row: Failure) -> tuple[int, str, datetime]:
    return row.times, row.error, timezone.localtime(row.last_at)


def _levels_of(account: Account) -> QuerySet[MarkFailure]:
    served = Learner.objects.served_by(account).values("pk")
    return MarkFailure.objects.filter(times__gte=Failure.PARKED_AT, learner_id__in=served)


def _groups_of(account: Account) -> QuerySet[SuggestionFailure]:
    seen = Section.objects.visible_to(account).order_by().values("pk")
    return SuggestionFailure.objects.filter(times__gte=Failure.PARKED_AT, section_id__in=seen)
