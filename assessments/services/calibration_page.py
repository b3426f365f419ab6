"""The calibrations of a district's subjects as a page tells them: in force, to come, proposed."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import F, QuerySet

from assessments.models import CalibrationRun, CalibrationStart, CalibrationVersion
from profiles.models import District
from standards.models import Subject


@dataclass
class Standing:
    """A subject. counts: the start in force, None for the defaults.    to_come: starts of later days, withdrawn too.

    proposed: the newest candidate, of the night of `proposed_on`; None where nothing is proposed.
    Starts and candidates have `standards_n` and `questions_n`: how many of each the version tells of.
    """

    subject: Subject
    counts: CalibrationStart | None = None
    to_come: list[CalibrationStart] = field(default_factory=list)
    proposed: CalibrationVersion | None = None
    proposed_on: date | None = None

    @property
    def is_same(self) -> bool:
        """What is proposed says the same as what counts, or as what waits for its day."""
        waiting = [start for start in self.to_come if start.withdrawn_at is None]
        known = {start.calibration_id for start in (self.counts, *waiting) if start}
        return self.proposed is not None and self.proposed.pk in known


def read_standings(district: District, *, today: date) -> list[Standing]:
    """Every subject of the district, by title. Four statements, and none reads what a version holds."""
    found = {
        subject.pk: Standing(subject) for subject in Subject.objects.filter(district=district).order_by("title", "pk")
    }
    starts = CalibrationStart.objects.filter(subject__in=found).select_related("created_by", "withdrawn_by")
    starts = starts.annotate(standards_n=F("calibration__standards__len"), questions_n=F("calibration__items__len"))
    begun = starts.filter(starts_on__lte=today, withdrawn_at=None).order_by("subject_id", "-starts_on", "-pk")
    for start in begun.distinct("subject_id"):
        found[start.subject_id].counts = start
    for start in starts.filter(starts_on__gt=today).order_by("starts_on", "pk"):
        found[start.subject_id].to_come.append(start)
    runs = CalibrationRun.objects.filter(subject__in=found, candidate__isnull=False)
    days = dict(runs.values_list("candidate_id", "day"))
    for version in sizes(CalibrationVersion.objects.filter(pk__in=list(days))):
        standing = found[version.subject_id]
        standing.proposed, standing.proposed_on = version, days[version.pk]
    return list(found.values())


def sizes(versions: QuerySet[CalibrationVersion]) -> QuerySet[CalibrationVersion]:
    """With `standards_n` and `questions_n`, how many a version tells of, instead of what it says of each."""
    long = ("standards", "offsets", "has_items", "items", "difficulties", "difficulty_variances")
    return versions.defer(*long).annotate(standards_n=F("standards__len"), questions_n=F("items__len"))
