"""Making and changing assessments: under a minute, with what was used last as the start."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils import timezone

from assessments.models import Assessment, AssessmentStandard, Evidence, SectionStandard
from assessments.services import outbox
from profiles.models import Account, Section
from standards.models import Standard


class StandardInUse(ValueError):
    """A standard with results on the assessment cannot be taken off it. `standards`: which."""

    def __init__(self, standards: list[Standard]) -> None:
        super().__init__("Results stand on these standards.")
        self.standards = standards


@transaction.atomic
def create_assessment(
    *,
    section: Section,
    standards: Sequence[Standard],
    by: Account | None,
    title: str,
    kind: str,
    given_on: date,
    points_possible: Decimal | None = None,
    weight: Decimal = Decimal(1),
    counts_earlier: bool = False,
    rubrics: dict[int, list[str]] | None = None,
    key: UUID | None = None,
) -> Assessment:
    """standards: at least one, in the order of the columns.    rubrics: standard id -> a sentence for each level.

    Standards that the section has not taught yet become columns of its wall.
    key: the uuid to be; where the section has an assessment with it already, that one is returned unchanged.
    """
    assessment, is_new = Assessment.objects.get_or_create(
        section=section,
        uuid=key or uuid4(),
        defaults={
            "school_year": section.session.school_year,
            "title": title,
            "kind": kind,
            "scale": Assessment.Scale.LEVELS if points_possible is None else Assessment.Scale.POINTS,
            "points_possible": points_possible,
            "weight": weight,
            "counts_earlier": counts_earlier,
            "given_on": given_on,
            "created_by": by,
        },
    )
    if is_new:
        _set_columns(assessment, standards, rubrics or {})
    return assessment


@transaction.atomic
def change_assessment(
    assessment: Assessment, *, standards: Sequence[Standard], rubrics: dict[int, list[str]] | None = None, **fields
) -> None:
    """Change title, kind, weight, day or standards; the scale stays once results stand on it.

    Raises StandardInUse. What the change means for levels is worked out by the workers.
    """
    kept = {standard.pk for standard in standards}
    used = set(Evidence.objects.filter(assessment=assessment).values_list("standard_id", flat=True))
    if lost := used - kept:
        raise StandardInUse(list(Standard.objects.filter(pk__in=lost)))
    for name, value in fields.items():
        setattr(assessment, name, value)
    assessment.save(update_fields=list(fields))
    _set_columns(assessment, standards, rubrics or {})
    if used:
        learners = Evidence.objects.filter(assessment=assessment).values_list("learner_id", flat=True).distinct()
        outbox.mark_stale(learners, used)


def write_rubric(assessment: Assessment, standard_id: int, sentences: Sequence[str]) -> None:
    """What each level looks like here, from level 1 up; all empty takes the rubric away."""
    rubric = [sentence.strip() for sentence in sentences] if any(map(str.strip, sentences)) else []
    assessment.columns.filter(standard_id=standard_id).update(rubric=rubric)


def archive_assessment(assessment: Assessment, *, archived: bool) -> None:
    """Put an assessment out of the list, or back. Its results keep counting: evidence is not undone by tidying."""
    assessment.archived_at = timezone.now() if archived else None
    assessment.save(update_fields=["archived_at"])


def standards_used_last(section: Section) -> list[int]:
    """Ids of the standards of the newest assessment, in order; empty where there is none."""
    last = Assessment.objects.filter(section=section, archived_at__isnull=True).order_by("-given_on", "-pk").first()
    return list(last.columns.values_list("standard_id", flat=True)) if last else []


COUNTS = """
SELECT e.assessment_id, e.standard_id, count(*)
  FROM assessments_evidence e
 WHERE e.assessment_id = ANY(%s) AND e.kind IN ('result', 'excused', 'not_seen') AND e.attempt = 1
   AND NOT EXISTS (SELECT 1 FROM assessments_evidence x
                    WHERE x.school_year = e.school_year AND x.supersedes_id = e.id)
 GROUP BY 1, 2
"""


def count_entered(assessment_ids: Sequence[int]) -> dict[int, int]:
    """Assessment id -> cells that hold something, the fullest standard of each."""
    found: dict[int, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, [list(assessment_ids)])
        for assessment, _standard, n in cursor.fetchall():
            found[assessment] = max(found.get(assessment, 0), n)
    return found


def _set_columns(assessment: Assessment, standards: Sequence[Standard], rubrics: dict[int, list[str]]) -> None:
    standing = {column.standard_id: column for column in assessment.columns.all()}
    wanted = {standard.pk for standard in standards}
    assessment.columns.exclude(standard_id__in=wanted).delete()
    AssessmentStandard.objects.bulk_create(
        AssessmentStandard(
            assessment=assessment,
            standard=standard,
            position=position,
            rubric=rubrics.get(standard.pk) or standard.rubric or [],
        )
        for position, standard in enumerate(standards)
        if standard.pk not in standing
    )
    for position, standard in enumerate(standards):
        column = standing.get(standard.pk)
        rubric = rubrics.get(standard.pk)
        if column and (column.position != position or (rubric is not None and column.rubric != rubric)):
            column.position, column.rubric = position, rubric if rubric is not None else column.rubric
            column.save(update_fields=["position", "rubric"])
    SectionStandard.objects.bulk_create(
        (
            SectionStandard(section_id=assessment.section_id, standard=standard, position=standard.position)
            for standard in standards
        ),
        ignore_conflicts=True,
    )
