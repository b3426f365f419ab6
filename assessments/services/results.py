"""Recording results: the one way in for grid, form, file and API."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from assessments import hurry
from assessments.models import Assessment, ResultNote
from assessments.services import ledger, outbox
from assessments.services.errors import (
    NotAssessed,
    NotEnrolled,
    NotYetObserved,
    ResultsRefused,
    ScoreOutOfRange,
)
from assessments.services.ledger import Appended, Entry, Kind
from profiles.models import Account

LEVELS = 4

ResultsListener = Callable[[Sequence[ledger.Sitting]], None]
ON_RECORDED: list[ResultsListener] = []
"""Told of what was stored, inside the transaction: with each save, so whoever listens asks the database only when
it has to."""


@transaction.atomic
def record_results(
    *,
    assessment: Assessment,
    entries: Sequence[Entry],
    by: Account | None,
    source: str = "grid",
    lane: int = outbox.Lane.LIVE,
) -> list[Appended]:
    """Append evidence for many learners at once; the ledger is never edited.

    entries: any order; of two entries for one cell the last counts. One equal to what stands is ignored, so that
    sending twice equals once. Returns what was appended.
    Raises ScoreOutOfRange, NotEnrolled, NotAssessed, NotYetObserved, AlreadyReplaced (with both values); then
    nothing was stored.
    """
    return record_sittings([(assessment, entries)], by=by, source=source, lane=lane)


@transaction.atomic
def record_sittings(
    sittings: Sequence[ledger.Sitting], *, by: Account | None, source: str, lane: int = outbox.Lane.LIVE
) -> list[Appended]:
    """`record_results` of several assessments of one section, all or none, by as many statements as one needs.

    Raises ValueError: assessments of several sections.
    """
    sittings = [(sat, list({entry.cell: entry for entry in entries}.values())) for sat, entries in sittings if entries]
    if not sittings:
        return []
    if len({assessment.section_id for assessment, _ in sittings}) > 1:
        raise ValueError("Results are recorded for one section at a time.")
    for assessment, entries in sittings:
        _check_scores(assessment, entries)
    every = [entry for _, entries in sittings for entry in entries]
    standards, spans = _read_lists([assessment for assessment, _ in sittings], every)
    for assessment, entries in sittings:
        _check_standards(entries, standards.get(assessment.pk, set()))
    _check_enrollments(every, spans)
    appended = ledger.append(sittings, by=by, source=source)
    if appended:
        # The same transaction: a lost message loses no work.
        first = sittings[0][0]
        ids = {assessment.pk for assessment, _ in sittings}
        outbox.mark_recorded(appended, section_id=first.section_id, assessment_ids=ids, lane=lane)
        transaction.on_commit(hurry.hurry, robust=True)
        for listener in ON_RECORDED:
            listener(sittings)
    return appended


def observed_at(given_on: date) -> datetime:
    """When a result of an assessment given on that day counts: now for today, else noon of that day."""
    now = timezone.now()
    if given_on == timezone.localdate(now):
        return now
    return timezone.make_aware(datetime.combine(given_on, time(12)))


def write_note(*, assessment: Assessment, learner_id: int, standard_id: int, text: str, by: Account) -> ResultNote:
    """One line of feedback on a cell, seen by the learner; an empty text takes the line back. Older lines stay.

    The same line again is the one that stands.
    """
    if not assessment.columns.filter(standard_id=standard_id).exists():
        raise NotAssessed("This assessment does not have that standard.")
    notes = ResultNote.objects.filter(assessment=assessment, learner_id=learner_id, standard_id=standard_id)
    newest = notes.order_by("-created_at", "-pk").first()
    if newest is not None and (newest.text, newest.author_id) == (text.strip(), by.pk):
        return newest
    return ResultNote.objects.create(
        assessment=assessment, learner_id=learner_id, standard_id=standard_id, text=text.strip(), author=by
    )


def _check_scores(assessment: Assessment, entries: Sequence[Entry]) -> None:
    low, high = (
        (Decimal(1), Decimal(LEVELS))
        if assessment.points_possible is None
        else (Decimal(0), assessment.points_possible)
    )
    wrong = [
        entry
        for entry in entries
        if (entry.points is None) == (entry.kind == Kind.RESULT)
        or (entry.points is not None and not (entry.points.is_finite() and low <= entry.points <= high))
    ]
    if wrong:
        raise ScoreOutOfRange(f"A score here is between {low} and {high.normalize():f}.", wrong)
    day_of, today = _school_days(entries), timezone.localdate()
    if early := [entry for entry in entries if day_of[entry.observed_at] > today]:
        raise NotYetObserved("A result cannot be from a day to come.", early)
    if unknown := [e for e in entries if e.kind not in (Kind.RESULT, Kind.EXCUSED, Kind.NOT_SEEN, Kind.CLEARED)]:
        raise ResultsRefused("Only results, excused, not seen and cleared are entered here.", unknown)


LISTS = """
SELECT c.assessment_id, c.standard_id, NULL, NULL::date, NULL::date
  FROM assessments_assessmentstandard c WHERE c.assessment_id = ANY(%(assessments)s)
UNION ALL
SELECT NULL, NULL, e.learner_id, e.starts_on, e.ends_on
  FROM profiles_enrollment e JOIN profiles_section s ON s.roster_id = e.roster_id
 WHERE s.id = %(section)s AND e.role = 'learner' AND e.learner_id = ANY(%(learners)s)
"""
Spans = dict[int, list[tuple[date, date | None]]]
"""First and last day of each enrollment of a learner; None is open."""


def _read_lists(assessments: Sequence[Assessment], entries: Sequence[Entry]) -> tuple[dict[int, set[int]], Spans]:
    """The standards by assessment, and when these learners are on the class list. One statement."""
    standards: dict[int, set[int]] = {}
    spans: Spans = {}
    asked: dict[str, Any] = {
        "assessments": [assessment.pk for assessment in assessments],
        "section": assessments[0].section_id,
        "learners": list({entry.learner_id for entry in entries}),
    }
    with connection.cursor() as cursor:
        cursor.execute(LISTS, asked)
        for assessment, standard, learner, starts, ends in cursor.fetchall():
            if learner is None:
                standards.setdefault(assessment, set()).add(standard)
            else:
                spans.setdefault(learner, []).append((starts, ends))
    return standards, spans


def _check_standards(entries: Sequence[Entry], standards: set[int]) -> None:
    if wrong := [entry for entry in entries if entry.standard_id not in standards]:
        raise NotAssessed("This assessment does not have that standard.", wrong)


def _check_enrollments(entries: Sequence[Entry], spans: Spans) -> None:
    """On the roster on the day of the result, or today: late joiners may bring evidence along."""
    day_of, today = _school_days(entries), timezone.localdate()

    def enrolled(entry: Entry) -> bool:
        days = (day_of[entry.observed_at], today)
        return any(
            starts <= day and (ends is None or ends >= day)
            for starts, ends in spans.get(entry.learner_id, ())
            for day in days
        )

    if wrong := [entry for entry in entries if not enrolled(entry)]:
        raise NotEnrolled("Not on this class list on that day.", wrong)


def _school_days(entries: Sequence[Entry]) -> dict[datetime, date]:
    """The day of each instant, looked up once: a class set shares one, and so do the results of an imported day."""
    return {at: timezone.localdate(at) for at in {entry.observed_at for entry in entries}}
