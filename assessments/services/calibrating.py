"""The nightly calibration: what learners here usually get, computed from the whole ledger of a subject.

The result is a candidate. It starts by itself where nothing shown can change: for standards and questions that have no
calibration yet, and anew with each term. Where a policy shows levels by the evidence tree, a person starts it.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import structlog
from django.db import connection, transaction
from django.db.models import Count

from assessments.mastery import events
from assessments.mastery.calibration import (
    FEWEST_LEARNERS,
    FEWEST_RESULTS,
    Calibration,
    calibrate_blocks,
)
from assessments.mastery.events import NONE, History
from assessments.mastery.scale import Scale
from assessments.models import CalibrationRun, CalibrationStart, CalibrationVersion, Mastery, ModelState
from assessments.services import calibrations
from assessments.services.histories import read_pairs
from assessments.services.policies import Policies
from profiles.models import AcademicSession, District
from standards.models import Subject

log = structlog.get_logger()
NIGHT_FROM = 2
"""The hour of the district's day from which its subjects are calibrated, once a day."""
LEARNERS_AT_ONCE = 1000

CLAIM = """
INSERT INTO assessments_calibrationrun AS r (subject_id, day) VALUES (%s, %s)
    ON CONFLICT (subject_id) DO UPDATE SET day = excluded.day WHERE r.day < excluded.day RETURNING subject_id
"""


def calibrate_due(district: District, *, now: datetime) -> list[int]:
    """Calibrate the subjects of a district that were not calibrated today. Returns the ids of those that were now.

    now: in the district's time zone. Of two processes one does a subject; a day on which it fails is left out, and
    the other subjects are calibrated all the same.
    """
    if now.hour < NIGHT_FROM:
        return []
    done = []
    for subject in Subject.objects.filter(district=district).order_by("pk"):
        with connection.cursor() as cursor:
            cursor.execute(CLAIM, [subject.pk, now.date()])
            claimed = cursor.fetchone()
        if not claimed:
            continue
        try:
            calibrate_subject(district, subject, today=now.date())
            done.append(subject.pk)
        except Exception as error:
            log.error("calibration_failed", subject_id=subject.pk, exc_info=error)
    return done


def calibrate_subject(district: District, subject: Subject, *, today: date) -> CalibrationVersion | None:
    """Propose a calibration, and start it where that is for the machine to do. None where there is no evidence."""
    policies = Policies(district.pk)
    ledger = _Ledger(district, subject, _scale(subject, policies, today), since=_a_school_year_before(district, today))
    run, _new = CalibrationRun.objects.get_or_create(subject=subject, defaults={"day": today})
    active = policies.calibration(subject.pk, today)
    before = calibrations.load(run.candidate_id) if run.candidate_id else active
    found = calibrate_blocks(ledger.blocks, scale=ledger.scale, start=before)
    if found.is_empty:
        return None
    # Questions that nobody is asked any more would make every version larger for ever; old answers to them are read
    # as answers to questions without a calibration.
    found = found.only(found.standard, ledger.asked_lately)
    with transaction.atomic():
        candidate = calibrations.store(subject, found)
        CalibrationRun.objects.filter(subject=subject).update(candidate=candidate)
        CalibrationVersion.objects.filter(subject=subject, starts=None).exclude(pk=candidate.pk).delete()
        if not policies.names_tree(today):
            _start(subject, candidate, active, ledger, today)
    log.info("calibrated", subject_id=subject.pk, version=candidate.version, standards=len(found.standard))
    return candidate


class _Ledger:
    """All evidence of a subject, a part of its learners at a time.

    asked_lately: the questions with answers since that day; known once all parts have been read.
    """

    def __init__(self, district: District, subject: Subject, scale: Scale, *, since: date) -> None:
        self._zone = ZoneInfo(district.time_zone)
        self._subject = subject.pk
        learners = ModelState.objects.filter(subject=subject).order_by("learner_id")
        self._learners = list(learners.values_list("learner_id", flat=True))
        self.scale = scale
        self._since = float(events.days(np.datetime64(since, "us")))
        self.asked_lately = np.empty(0, dtype=np.int64)

    def blocks(self) -> Iterator[History]:
        asked = [self.asked_lately]
        for start in range(0, len(self._learners), LEARNERS_AT_ONCE):
            learners = self._learners[start : start + LEARNERS_AT_ONCE]
            rows = read_pairs([(learner, self._subject) for learner in learners], self._zone).rows
            asked.append(np.unique(rows.item[(rows.ts >= self._since) & (rows.item != NONE)]))
            yield rows
        self.asked_lately = np.unique(np.concatenate(asked))

    def well_known(self) -> tuple[list[int], list[int]]:
        """Standards and items with enough results of enough learners to be told from the others."""
        standards, items = [], []
        for rows in self.blocks():
            rows = rows.take(~np.isnan(rows.scores(self.scale)) & (rows.weight > 0))
            standards.append(_counted(rows.standard, rows.learner))
            some = rows.item != NONE
            items.append(_counted(rows.item[some], rows.learner[some]))
        return _often(standards, FEWEST_RESULTS), _often(items, FEWEST_LEARNERS)

    def assessments_of(self, items: list[int]) -> list[int]:
        """The assessments in which these items were asked."""
        found = [np.unique(rows.event[np.isin(rows.item, items)]) for rows in self.blocks()] if items else []
        return np.unique(np.concatenate(found)).tolist() if found else []


def _counted(ids: np.ndarray, learner: np.ndarray) -> np.ndarray:
    """(3, different ids): each, how often it stands there, and with how many different learners."""
    known, number = np.unique(ids, return_inverse=True)
    pairs = np.unique(np.stack([number, learner]), axis=1)[0]
    return np.stack([known, np.bincount(number, minlength=len(known)), np.bincount(pairs, minlength=len(known))])


def _often(parts: list[np.ndarray], results: int) -> list[int]:
    """The ids with so many results of FEWEST_LEARNERS different learners. parts: as counted, sharing no learner."""
    every = np.concatenate(parts, axis=1) if parts else np.empty((3, 0), dtype=np.int64)
    known, number = np.unique(every[0], return_inverse=True)
    times, learners = (np.bincount(number, weights=row, minlength=len(known)) for row in every[1:])
    return known[(times >= results) & (learners >= FEWEST_LEARNERS)].tolist()


def _a_school_year_before(district: District, today: date) -> date:
    """The first day of the school year that was on a year ago; without one, that day a year ago."""
    then = today - timedelta(days=365)
    years = AcademicSession.objects.filter(
        district=district, kind=AcademicSession.Kind.YEAR, starts_on__lte=then, ends_on__gte=then
    )
    return years.order_by("starts_on").values_list("starts_on", flat=True).first() or then


def _scale(subject: Subject, policies: Policies, today: date) -> Scale:
    """That of the framework of which most of the subject is assessed."""
    counts = Mastery.objects.filter(standard__subject=subject).values("standard__framework_id").annotate(n=Count("n"))
    most = counts.order_by("-n", "standard__framework_id").first()
    return policies.on(most["standard__framework_id"] if most else None, today).scale


def _start(subject: Subject, candidate: CalibrationVersion, active: Calibration, ledger: _Ledger, today: date) -> None:
    """With a new term the whole candidate; in between what the active version says nothing of."""
    proposed = calibrations.load(candidate.pk)
    begins = _term_to_begin(subject, today)
    if begins:
        calibrations.start_version(candidate, starts_on=begins, reason=calibrations.Reason.TERM)
        return
    filled = active.filled_from(proposed.only(*ledger.well_known()))
    new_standards = np.setdiff1d(filled.standard, active.standard).tolist()
    new_items = np.setdiff1d(filled.item, active.item).tolist()
    if not new_standards and not new_items:
        return
    calibrations.start_version(
        calibrations.store(subject, filled),
        starts_on=today,
        reason=calibrations.Reason.NEW,
        concerns=calibrations.Concerns(new_standards, ledger.assessments_of(new_items)),
    )


def _term_to_begin(subject: Subject, today: date) -> date | None:
    """The day, not before tomorrow, from which a term has its calibration; None where it has one, or none has begun."""
    # Of a term whose calibration a person took back nothing is proposed again every night.
    taken_back = {"reason": calibrations.Reason.CHOSEN, "withdrawn_at__isnull": False}
    events = CalibrationStart.objects.filter(subject=subject).exclude(**taken_back).order_by("starts_on", "pk")
    first = events.first()
    if first is None:
        return None
    whole = events.exclude(reason=calibrations.Reason.NEW).last()
    since = max(event.starts_on for event in (first, whole) if event)
    tomorrow = today + timedelta(days=1)
    terms = AcademicSession.objects.filter(
        district_id=subject.district_id, starts_on__gt=since, starts_on__lte=tomorrow, ends_on__gte=tomorrow
    ).exclude(kind=AcademicSession.Kind.GRADING_PERIOD)
    return tomorrow if terms.exists() else None
