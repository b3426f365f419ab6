"""Who was in the grid of a check-in when the day of its meeting ended, and how many standards each had met then.

It is stored once the day is over, by the owner's rights; whoever reads it sees of it whom they may open.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.utils import timezone

from assessments.school_filters import SchoolFilters
from assessments.services.policies import Policies
from lrm.attempts import attempts
from paths.models import DataCheckIn, DataCheckInMember
from paths.services.check_in_grid import MOST, WANTED, Scope, learners_of, read_frameworks
from profiles.models import Account, Learner

KEEP = f"""
WITH {WANTED}
INSERT INTO paths_datacheckinmember (check_in_id, learner_id, met, seen)
SELECT %(check_in)s, l.id, count(*) FILTER (WHERE b.shown_level >= b.mark), count(b.shown_level)
  FROM unnest(%(learners)s::bigint[]) AS l (id)
  LEFT JOIN LATERAL (
       SELECT DISTINCT ON (d.standard_id) d.shown_level, w.mark
         FROM assessments_masteryday d JOIN wanted w ON w.id = d.standard_id
        WHERE d.learner_id = l.id AND d.day <= %(day)s
        ORDER BY d.standard_id, d.day DESC) b ON true
 GROUP BY l.id
"""


@dataclass(frozen=True)
class Then:
    """Of those whom the reader may open. members: learner id -> (met, seen).    gone: who is not in the grid today."""

    members: dict[int, tuple[int, int]]
    gone: list[Learner]

    @property
    def met(self) -> int:
        return sum(met for met, _seen in self.members.values())

    @property
    def seen(self) -> int:
        return sum(seen for _met, seen in self.members.values())


def keep_due(*, today: date) -> None:
    """Of the open district: every check-in whose day is over and whose grid is not stored yet.

    Raises NotAllDone, once all others are stored, where some could not be; they are tried again the next time.
    """
    rows = DataCheckIn.objects.standing().filter(kept_at__isnull=True, held_on__lt=today, owner__is_active=True)
    with attempts("check_in_not_kept") as attempt:
        for check_in in rows.select_related("owner").order_by("pk"):
            with attempt(check_in=check_in.pk):
                keep(check_in, today=today)


@transaction.atomic
def keep(check_in: DataCheckIn, *, today: date) -> bool:
    """False where the day is not over, or it is stored. Of a grid that is too wide to be shown nobody is stored."""
    found = DataCheckIn.objects.select_for_update(of=("self",)).select_related("owner").get(pk=check_in.pk)
    owner = found.owner
    if found.kept_at is not None or found.held_on >= today or owner is None:
        return False
    filters = SchoolFilters.parse(found.filters)
    learners = list(learners_of(owner, filters, today=found.held_on).values_list("pk", flat=True)[: MOST + 1])
    if len(learners) <= MOST:
        scope = Scope.of(filters, Policies(found.district_id), read_frameworks(), today=found.held_on)
        with connection.cursor() as cursor:
            cursor.execute(KEEP, {"check_in": found.pk, "learners": learners, "day": found.held_on, **scope.values()})
    found.kept_at = timezone.now()
    found.save(update_fields=["kept_at"])
    return True


def forget(check_in: DataCheckIn) -> None:
    """It is about another day, or others: what was stored is not of that."""
    check_in.members.all().delete()
    DataCheckIn.objects.filter(pk=check_in.pk).update(kept_at=None)


def read_then(account: Account, check_in: DataCheckIn, shown: Collection[int]) -> Then | None:
    """None before the day is over. shown: ids of those in the grid today. One statement."""
    if check_in.kept_at is None:
        return None
    noted = Learner.objects.noted_by(account)
    rows = list(DataCheckInMember.objects.filter(check_in=check_in, learner__in=noted).select_related("learner"))
    gone = [row.learner for row in rows if row.learner_id not in shown]
    gone.sort(key=lambda learner: (learner.name, learner.pk))
    return Then({row.learner_id: (row.met, row.seen) for row in rows}, gone)
