"""What a move or a withdrawal means for pairs: they end, and stay in the history of both."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone

from lrm.changes import Turns
from paths.models import PeerMatch
from paths.models.peer import in_class


def on_enrollment_change(learner_ids: Sequence[int], roster_id: int, on: date) -> None:
    """Listener of profiles.services.enrollments."""
    _end(learner_ids, [roster_id], today=timezone.localdate())


def on_enrollments_imported(
    learner_ids: Sequence[int], *, roster_ids: Sequence[int], ahead: Mapping[date, Turns], zone: ZoneInfo
) -> None:
    """Listener of lrm.changes.enrollments_changed."""
    _end(learner_ids, roster_ids, today=timezone.localdate(timezone=zone))


def _end(learner_ids: Collection[int], roster_ids: Collection[int], *, today: date) -> None:
    """Of these learners, in classes that they are not in any more. One statement.

    A departure that is still to come ends its pairs on that day by itself, since pages ask who is in the class.
    """
    gone = Q(helper__in=learner_ids) & ~Q(in_class("helper", on=today))
    gone |= Q(asker__in=learner_ids) & ~Q(in_class("asker", on=today))
    rows = PeerMatch.objects.filter(gone, section__roster__in=roster_ids, ended_at=None)
    rows.update(ended_at=timezone.now(), ended_because=PeerMatch.Because.LEFT)
