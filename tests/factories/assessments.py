"""Assessments and results, through the same services as the pages."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import count

from django.utils import timezone

from assessments.models import Assessment, AssessmentStandard, Evidence, Group, GroupMember, SectionStandard, StaleMark
from assessments.services import outbox, recompute
from assessments.services.ledger import Entry, Kind
from assessments.services.results import record_results
from lrm.scope import district_scope
from profiles.models import Learner, Section
from standards.models import Standard
from tests.processes import wait_for

_number = count(1001)


def make_assessment(section: Section, standards: list[Standard], **fields) -> Assessment:
    """On the scale of levels and given today unless said otherwise; its standards become columns of the wall."""
    assessment = Assessment._base_manager.create(
        **{
            "section": section,
            "school_year": section.session.school_year,
            "title": f"Exit ticket {next(_number)}",
            "given_on": timezone.localdate(),
            **fields,
        }
    )
    for position, standard in enumerate(standards):
        AssessmentStandard.objects.create(assessment=assessment, standard=standard, position=position)
        SectionStandard._base_manager.get_or_create(
            section=section, standard=standard, defaults={"position": standard.position}
        )
    return assessment


def make_result(
    assessment: Assessment, learner: Learner, standard: Standard, points: float, *, ago: int = 0
) -> Evidence:
    """One row of the ledger, of so many days ago; no worker reads it."""
    return Evidence._base_manager.create(
        school_year=assessment.school_year,
        learner=learner,
        standard=standard,
        assessment=assessment,
        kind=Evidence.Kind.RESULT,
        points=points,
        observed_at=days_ago(ago),
    )


def make_group(section: Section, focus: Standard, learners: list[Learner], *, days: int = 7, **fields) -> Group:
    """On since today, for `days` more."""
    today = timezone.localdate()
    values = {"letter": "A", "purpose": Group.Purpose.RETEACH, "starts_on": today, "ends_on": today + timedelta(days)}
    group = Group._base_manager.create(section=section, focus=focus, **{**values, **fields})
    for learner in learners:
        GroupMember._base_manager.create(
            group=group,
            learner=learner,
            reason={"reasons": [{"code": "no_result_ready", "has": focus.pk, "has_level": 3}]},
        )
    return group


def at_noon(day: date) -> datetime:
    """Noon, or now where noon is still to come: evidence is not from the future."""
    return min(timezone.make_aware(datetime.combine(day, time(12))), timezone.now())


def days_ago(days: int) -> datetime:
    return at_noon(timezone.localdate() - timedelta(days=days))


def entry(learner: Learner, standard: Standard, points: object = None, *, kind=None, at=None, **fields) -> Entry:
    """A result of `points`; without points an excused."""
    kind = kind or (Kind.EXCUSED if points is None else Kind.RESULT)
    value = None if points is None else Decimal(str(points))
    return Entry(learner.pk, standard.pk, kind, value, at or timezone.now(), **fields)


def give(assessment: Assessment, learner: Learner, standard: Standard, points: object, *, by=None, at=None, **fields):
    """Record one result, as of noon of the day on which the assessment was given."""
    with district_scope(learner.district_id):
        row = entry(learner, standard, points, at=at or at_noon(assessment.given_on), **fields)
        return record_results(assessment=assessment, entries=[row], by=by)[0].id


def give_all(assessment: Assessment, results: Iterable[tuple[Learner, Standard, object]], *, at=None, **fields) -> None:
    """`give` for a class at once, which costs what one result costs."""
    with district_scope(assessment.section.district_id):
        at = at or at_noon(assessment.given_on)
        rows = [entry(*each, at=at, **fields) for each in results]
        record_results(assessment=assessment, entries=rows, by=None)


def work_off() -> None:
    """Do in this process what workers do, until no mark is due; a pair that a worker holds is waited for."""
    wait_for(_nothing_is_due, "every due mark to be worked off")


def _nothing_is_due() -> bool:
    for lane in StaleMark.Lane:
        while recompute.recompute_due(lane):
            pass
    return outbox.health()["oldest_due_mark_seconds"] is None
