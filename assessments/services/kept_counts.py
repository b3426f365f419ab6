"""Counts of days of more students than a page walks: what has been kept, and how a worker makes it.

One statement finds whose levels they are, on all days asked for; then each school's history is read once for all of
them. The pages read what is kept by the statements of `school_counts`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet, Subquery
from django.utils import timezone

from assessments.models.kept_counts import KeptCounts
from assessments.services.past_counts import LEARNERS_COUNTED, LEVELS_OF_DAYS, STUDENTS
from assessments.services.school_counts import PLACED_BY_DAY, SUBGROUP_COUNTED
from lrm.jobs.models import Job
from lrm.jobs.starting import start
from profiles.models import Account, District, School, Subgroup

JOB = "count_days"
KEPT = timedelta(days=30)
State = Job.State

MEMBERS = f"""
CREATE TEMP TABLE counted_students ON COMMIT DROP AS
SELECT here.day, 1 AS kind, here.school_id AS scope_id, here.grade, here.learner_id FROM ({STUDENTS}) here
"""
OF_A_SCHOOL = "WITH members AS MATERIALIZED (SELECT * FROM counted_students WHERE scope_id = ANY(%(schools)s))"
INTO = f"""
, kept AS (SELECT * FROM unnest(%(kept)s::bigint[], %(kept_days)s::date[]) AS k (id, day)),
standards AS (
  INSERT INTO assessments_keptcount (kept_id, school_id, grade, standard_id, level, n)
  SELECT k.id, c.scope_id, c.grade, c.standard_id, c.level, c.n
    FROM counted c JOIN kept k ON k.day IS NOT DISTINCT FROM c.day)
INSERT INTO assessments_keptdomain (kept_id, school_id, grade, framework_id, domain_id, level, n, standards)
SELECT k.id, p.scope_id, p.grade, p.framework_id, p.domain_id, p.level, p.n, p.standards
  FROM ({PLACED_BY_DAY}{LEARNERS_COUNTED}) AS p
         (day, kind, scope_id, grade, framework_id, domain_id, level, n, standards)
  JOIN kept k ON k.day IS NOT DISTINCT FROM p.day
"""
THEN = OF_A_SCHOOL + LEVELS_OF_DAYS + INTO
NOW = SUBGROUP_COUNTED + INTO

Tell = Callable[[int, int], None]
"""Schools done, of how many."""


@dataclass(frozen=True)
class Wanted:
    """Counts of all schools of a district. days: closed ones, None for now; in order, each once."""

    subject_id: int
    subgroup_id: int | None
    days: tuple[date | None, ...]

    @classmethod
    def of(cls, subject_id: int, subgroup_id: int | None, days: Iterable[date | None]) -> "Wanted":
        every = set(days)
        closed = sorted(day for day in every if day is not None)
        return cls(subject_id, subgroup_id, (*([None] if None in every else []), *closed))

    def as_params(self) -> dict[str, Any]:
        days = [day.isoformat() if day else None for day in self.days]
        return {"subject": self.subject_id, "subgroup": self.subgroup_id, "days": days}

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> "Wanted":
        days = [date.fromisoformat(day) if day else None for day in params["days"]]
        return cls(params["subject"], params["subgroup"], tuple(days))


@dataclass(frozen=True)
class Kept:
    """ids: {day: primary key of its KeptCounts}.    made_at: when the oldest of them was made."""

    ids: Mapping[date | None, int]
    made_at: datetime


def find(wanted: Wanted) -> tuple[Kept | None, Job | None]:
    """All that is wanted, None where a day of it is not kept; and the last job that was asked for it, unless it has
    been done. One statement where all is kept and no job is there, else two.
    """
    at = Q(day__in=[day for day in wanted.days if day])
    if None in wanted.days:
        at |= Q(day=None)
    found = list(
        KeptCounts.objects.filter(at, subject=wanted.subject_id, subgroup=wanted.subgroup_id).annotate(
            job_state=Subquery(_jobs(wanted).values("state")[:1])
        )
    )
    if len(found) < len(wanted.days):
        return None, newest_job(wanted)
    kept = Kept({each.day: each.pk for each in found}, min(each.made_at for each in found))
    return kept, newest_job(wanted) if found[0].job_state not in (None, State.DONE) else None


def newest_job(wanted: Wanted) -> Job | None:
    """The last one that was asked to count this, unless it has been done."""
    job = _jobs(wanted).first()
    return None if job is None or job.state == State.DONE else job


def _jobs(wanted: Wanted) -> QuerySet[Job]:
    return Job.objects.filter(kind=JOB, params=wanted.as_params()).order_by("-pk")


@transaction.atomic
def ask(wanted: Wanted, *, by: Account) -> Job:
    """Have workers count it; whoever asks for what is being counted already gets that job."""
    with connection.cursor() as cursor:  # a double click waits here, and then finds the first
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('lrm count days'), %s)", [by.district_id])
    job = newest_job(wanted)
    if job is not None and not job.is_over:
        return job
    return start(JOB, district_id=by.district_id, by=by, params=wanted.as_params())


def make(wanted: Wanted, district: District, *, tell: Tell) -> None:
    """In the place of what was kept of these days. Inside a transaction: it uses a temporary table.

    Raises Subgroup.DoesNotExist where the subgroup has ended.
    """
    if wanted.subgroup_id is not None:
        Subgroup.objects.get(pk=wanted.subgroup_id, ended_at__isnull=True)
    schools = list(School.objects.filter(left_on__isnull=True).order_by("pk").values_list("pk", flat=True))
    closed = [day for day in wanted.days if day]
    with connection.cursor() as cursor:  # two askings may share days: the second waits, and takes the first one's place
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('lrm keep counts'), %s)", [district.pk])
    kept = _begin(wanted, district)
    asked: dict[str, Any] = {
        "today": timezone.localdate(),
        "days": closed,
        "last": max(closed, default=None),
        "district": district.pk,
        "own": None,
        "subject": wanted.subject_id,
        "subgroup": wanted.subgroup_id,
        "grade": "",
        "rosters": [],
        "kept": list(kept.values()),
        "kept_days": list(kept),
    }
    with connection.cursor() as cursor:
        if closed:
            cursor.execute(MEMBERS, asked)
            cursor.execute("CREATE INDEX ON counted_students (scope_id)")
            cursor.execute("ANALYZE counted_students")
        for done, school in enumerate(schools):
            tell(done, len(schools))
            if closed:
                cursor.execute(THEN, asked | {"schools": [school]})
            if None in wanted.days:
                cursor.execute(NOW, asked | {"schools": [school]})
        if closed:
            cursor.execute("DROP TABLE counted_students")


def _begin(wanted: Wanted, district: District) -> dict[date | None, int]:
    """Rows for the days, empty; those of before go."""
    made = {}
    for day in wanted.days:
        of_day = {"subject_id": wanted.subject_id, "subgroup_id": wanted.subgroup_id, "day": day}
        KeptCounts.objects.filter(**of_day).delete()
        made[day] = KeptCounts.objects.create(district=district, **of_day).pk
    return made


def forget(*, now: datetime) -> int:
    """Remove what is older than KEPT or of a subgroup that has ended; returns how many. Of the open scope."""
    gone = KeptCounts.objects.filter(Q(made_at__lt=now - KEPT) | Q(subgroup__ended_at__isnull=False))
    count = gone.count()
    gone.delete()
    return count
