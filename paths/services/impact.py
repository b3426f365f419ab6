"""Ask whether something helped, and work the answer out as a job."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import structlog
from django.db import connection, transaction
from django.utils import timezone

from assessments.impact.matched import compare
from assessments.impact.roll_out import estimate
from assessments.services.impact_groups import read_groups_began
from assessments.services.impact_histories import Tell
from assessments.services.impact_months import read_months
from assessments.services.impact_units import Began, FoundUnits, read_units
from assessments.services.minimums import minimums_on
from assessments.services.policies import Policies
from lrm.jobs.changing import NotNow, stop
from lrm.jobs.models import Job
from lrm.jobs.starting import start
from paths.models import ImpactQuestion
from paths.services.impact_treatments import read_paths_began, read_supports_began
from profiles.models import Account

log = structlog.get_logger()
JOB = "impact"
About = ImpactQuestion.About


@transaction.atomic
def ask(question: ImpactQuestion, *, by: Account) -> ImpactQuestion:
    """Store a question and have workers answer it. The same one that still waits for its answer is given back."""
    asked = {
        name: getattr(question, name)
        for name in ("about", "kind", "name", "on", "standard_ids", "school_ids", "since", "until", "began", "is_told")
    }
    with connection.cursor() as cursor:  # a double click waits here, and then finds the first
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('lrm impact'), %s)", [by.pk])
    waiting = (
        ImpactQuestion.objects.standing()
        .filter(**asked, asked_by=by, answered_at=None)
        .exclude(job__state__in=(Job.State.FAILED, Job.State.STOPPED))
        .first()
    )
    if waiting is not None:
        return waiting
    question.district_id, question.asked_by = by.district_id, by
    question.save()
    _start(question, by=by)
    return question


def _start(question: ImpactQuestion, *, by: Account) -> None:
    question.job = start(JOB, district_id=by.district_id, by=by, params={"question": question.pk})
    question.save(update_fields=["job"])


@transaction.atomic
def withdraw(question: ImpactQuestion, *, by: Account, now: datetime) -> None:
    """Off every list; where a worker is still at it, it stops. Once more changes nothing."""
    if ImpactQuestion.objects.standing().filter(pk=question.pk).update(withdrawn_at=now):
        log.info("impact question withdrawn", question=question.pk, by=by.pk)
        if question.job is not None and not question.job.is_over:
            with suppress(NotNow):  # it is through meanwhile
                stop(question.job, by=by)


@transaction.atomic
def put_back(question: ImpactQuestion, *, by: Account) -> None:
    """On the lists again; what was not answered is worked out from the beginning. Once more changes nothing."""
    found = ImpactQuestion.objects.select_for_update(of=("self",)).select_related("job").get(pk=question.pk)
    if found.withdrawn_at is None:
        return
    found.withdrawn_at = None
    found.save(update_fields=["withdrawn_at"])
    if not found.is_answered:
        _start(found, by=by)


def ask_again(question: ImpactQuestion, *, by: Account) -> ImpactQuestion:
    """The same question, to be answered from what is known now. The old answer stays as it is."""
    return ask(
        ImpactQuestion(
            about=question.about,
            kind=question.kind,
            name=question.name,
            on=question.on,
            standard_ids=question.standard_ids,
            school_ids=question.school_ids,
            since=question.since,
            until=question.until,
            began=question.began,
            is_told=question.is_told,
        ),
        by=by,
    )


def work_out(question: ImpactQuestion, *, zone: ZoneInfo, tell: Tell) -> dict[str, Any]:
    """The answer as it is stored; counts and figures, no ids of people. tell: learners done, of how many."""
    today = timezone.localdate(timezone=zone)
    policies = Policies(question.district_id)
    if question.about == About.ROLL_OUT:
        found = _roll_out(question, policies, zone, today, tell)
    else:
        found = _matched(question, policies, zone, today, tell)
    minimums = minimums_on(question.district, policies, today)
    return found | {"minimum_n": minimums.largest(question.school_ids)}


def keep(question: ImpactQuestion, answer: dict[str, Any]) -> None:
    question.answer, question.answered_at = answer, timezone.now()
    question.save(update_fields=["answer", "answered_at"])


def _matched(question: ImpactQuestion, policies: Policies, zone: ZoneInfo, today: date, tell: Tell) -> dict[str, Any]:
    units = read_units(
        _began(question, zone, today),
        school_ids=question.school_ids,
        policies=policies,
        zone=zone,
        today=today,
        tell=tell,
    )
    found = compare(units.units, seed=question.uuid.int & 0xFFFF_FFFF)
    answer: dict[str, Any] = asdict(found)
    return answer | {
        "unmatched": found.unmatched,
        "began": units.began,
        "without_later": units.without_later,
        "elsewhere": units.elsewhere,
        "replayed": units.replayed,
        "by_school": _by_school(units),
    }


def _began(question: ImpactQuestion, zone: ZoneInfo, today: date) -> list[Began]:
    period: dict[str, Any] = {"school_ids": question.school_ids, "since": question.since, "until": question.until}
    if question.about == About.PATHS:
        return read_paths_began(question.standard_ids, zone=zone.key, **period)
    if question.about == About.SUPPORTS:
        return read_supports_began(question.standard_ids, kind=question.kind, zone=zone, today=today, **period)
    return read_groups_began(
        question.standard_ids,
        purpose=question.kind,
        only_blocks=question.about == About.BLOCKS,
        zone=zone.key,
        today=today,
        **period,
    )


def _by_school(found: FoundUnits) -> dict[str, list[int]]:
    """School id -> [people who had it, people who had it not], to see which figures are of few others."""
    units = found.units
    return {
        str(school): [
            _people(units.learner, units.is_treated & (found.school == school)),
            _people(units.learner, ~units.is_treated & (found.school == school)),
        ]
        for school in np.unique(found.school).tolist()
    }


def _people(learner: np.ndarray, which: np.ndarray) -> int:
    return len(np.unique(learner[which]))


def _roll_out(question: ImpactQuestion, policies: Policies, zone: ZoneInfo, today: date, tell: Tell) -> dict[str, Any]:
    months = read_months(
        question.standard_ids,
        school_ids=question.school_ids,
        began=question.began_on,
        since=question.since,
        until=question.until,
        policies=policies,
        zone=zone,
        today=today,
        tell=tell,
    )
    found = estimate(months.monthly)
    return asdict(found) | {"is_preliminary": found.is_preliminary, "few": months.few, "split": months.split}


def latest(account: Account, *, most: int) -> Sequence[ImpactQuestion]:
    """Questions that the account may read, the newest first. One statement."""
    return list(ImpactQuestion.objects.visible_to(account).standing().select_related("asked_by", "job")[:most])


def withdrawn(account: Account, *, most: int) -> Sequence[ImpactQuestion]:
    """Those that the account may put back, the last one first. One statement."""
    rows = ImpactQuestion.objects.withdrawable_by(account).filter(withdrawn_at__isnull=False)
    return list(rows.order_by("-withdrawn_at", "-pk")[:most])
