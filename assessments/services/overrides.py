"""A teacher's own level: has the last word, is marked, and can be lifted or taken back."""

from datetime import date, datetime
from typing import NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from assessments import hurry
from assessments.models import Evidence, OverrideReason
from assessments.services import outbox
from assessments.services.errors import ResultsRefused, ScoreOutOfRange
from assessments.services.policies import Policies
from profiles.models import AcademicSession, Account, Learner
from standards.models import Standard

Kind = Evidence.Kind
REASON_LENGTH = 500
NOTHING_IN_FORCE = "No level set by a teacher is in force."


class ReasonMissing(ResultsRefused):
    """A level that a teacher sets needs a reason."""


class NothingToLift(ResultsRefused):
    """No level set by a teacher is in force: somebody lifted it first."""


@transaction.atomic
def set_level(
    *, learner: Learner, standard: Standard, level: int, reason: str, by: Account, ends_at: datetime | None = None
) -> int:
    """Set the shown level until it is lifted or ends. Returns the id of the record; set twice alike is set once.

    level: 1 to the top of the scale.    reason: 1 to 500 characters; the learner can read it.
    Raises ScoreOutOfRange, ReasonMissing.
    """
    reason = reason.strip()
    if not reason or len(reason) > REASON_LENGTH:
        raise ReasonMissing("Say why, in at most 500 characters.")
    top = Policies(learner.district_id).on(standard.framework_id, timezone.localdate()).scale.levels
    if not 1 <= level <= top:
        raise ScoreOutOfRange(f"A level is between 1 and {top}.")
    standing = _in_force(learner, standard)
    if standing and (standing.level, standing.ends_at, standing.by, standing.reason) == (level, ends_at, by.pk, reason):
        return standing.record
    record = _append(learner, standard, Kind.OVERRIDE_SET, by=by, level=level, ends_at=ends_at)
    OverrideReason.objects.create(evidence_id=record, text=reason)
    return record


@transaction.atomic
def lift_level(*, learner: Learner, standard: Standard, by: Account) -> int:
    """End the level in force: results decide again, and the judgement stays in the record. Raises NothingToLift."""
    if _in_force(learner, standard) is None:
        raise NothingToLift(NOTHING_IN_FORCE)
    return _append(learner, standard, Kind.OVERRIDE_LIFT, by=by)


@transaction.atomic
def withdraw_level(*, learner: Learner, standard: Standard, by: Account) -> int:
    """Take back the level in force as made in error: it leaves no trace in levels. Raises NothingToLift."""
    standing = _in_force(learner, standard)
    if standing is None:
        raise NothingToLift(NOTHING_IN_FORCE)
    return _append(
        learner,
        standard,
        Kind.OVERRIDE_WITHDRAW,
        by=by,
        school_year=standing.school_year,
        supersedes=standing.record,
    )


class _Standing(NamedTuple):
    school_year: int
    record: int
    kind: str
    level: int
    ends_at: datetime | None
    by: int | None
    reason: str | None


def _in_force(learner: Learner, standard: Standard) -> _Standing | None:
    """The set in force; the pair is locked until the transaction ends, so that of two at once one sees the other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('override', %s))", [learner.pk * 31 + standard.pk]
        )
        cursor.execute(
            "SELECT e.school_year, e.id, e.kind, e.level, e.ends_at, e.recorded_by_id, r.text"
            "  FROM assessments_evidence e LEFT JOIN assessments_overridereason r ON r.evidence_id = e.id"
            " WHERE e.learner_id = %s AND e.standard_id = %s AND e.kind IN ('set', 'lift')"
            " AND NOT EXISTS (SELECT 1 FROM assessments_evidence x"
            "                  WHERE x.school_year = e.school_year AND x.supersedes_id = e.id)"
            " ORDER BY e.observed_at DESC, e.id DESC LIMIT 1",
            [learner.pk, standard.pk],
        )
        row = cursor.fetchone()
    standing = _Standing(*row) if row else None
    if standing is None or standing.kind != Kind.OVERRIDE_SET:
        return None
    has_ended = standing.ends_at is not None and standing.ends_at <= timezone.now()
    return None if has_ended else standing


def _append(
    learner: Learner,
    standard: Standard,
    kind: str,
    *,
    by: Account,
    level: int | None = None,
    ends_at: datetime | None = None,
    school_year: int | None = None,
    supersedes: int | None = None,
) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO assessments_evidence (school_year, learner_id, standard_id, item, kind, level, ends_at,"
            " observed_at, recorded_by_id, supersedes_id)"
            " VALUES (%s, %s, %s, gen_random_uuid(), %s, %s, %s, clock_timestamp(), %s, %s)"
            " ON CONFLICT DO NOTHING RETURNING id",
            [
                school_year or school_year_of(learner.district_id, timezone.localdate()),
                learner.pk,
                standard.pk,
                str(kind),
                level,
                ends_at,
                by.pk,
                supersedes,
            ],
        )
        row = cursor.fetchone()
    if row is None:
        raise NothingToLift("Somebody took this level back first.")
    outbox.mark_stale([learner.pk], [standard.pk])
    transaction.on_commit(hurry.hurry, robust=True)
    return row[0]


def school_year_of(district_id: int, day: date) -> int:
    """The year in which the school year of that day ends; without a calendar, one that starts in July."""
    session = (
        AcademicSession.objects.filter(district_id=district_id, starts_on__lte=day, ends_on__gte=day)
        .order_by("-starts_on")
        .first()
    )
    return session.school_year if session else day.year + (day.month >= 7)
