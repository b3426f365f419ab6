"""Three views of each learner and standard of a class: what results say, what the learner says, what a teacher set."""

from dataclasses import dataclass
from datetime import date, datetime

from assessments.models import Mastery, SectionStandard, SelfRating
from assessments.services.disagreements import read_disagreements
from assessments.services.policies import Policies
from profiles.models import Learner, Section
from standards.models import Standard


@dataclass(frozen=True)
class Views:
    """Levels as each says them; None where nobody has said one. own_at, own_words: of the learner's rating.

    newer_disagree: newer results disagree with what the teacher set.
    """

    learner: Learner
    standard: Standard
    results: int | None
    own: int | None
    teacher: int | None
    own_words: str = ""
    own_at: datetime | None = None
    newer_disagree: bool = False

    @property
    def gap(self) -> int:
        return gap(self.results, self.own, self.teacher)

    @property
    def direction(self) -> str:
        """How the learner's view lies to the level shown: "lower", "higher", "same", or "" where one is missing."""
        shown = self.teacher or self.results
        if self.own is None or shown is None:
            return ""
        return "same" if self.own == shown else "lower" if self.own < shown else "higher"


def gap(*levels: int | None) -> int:
    """How far apart the farthest two views are, in levels; 0 where fewer than two have been said."""
    said = [level for level in levels if level is not None]
    return max(said) - min(said) if said else 0


def read_views(section: Section, *, policies: Policies, on: date) -> list[Views]:
    """Every pair of the class of which the learner or a teacher has said something, the farthest apart first.

    Of equally far ones the newest rating comes first, then the learners by name. Five statements; one more for each
    subject in which newer results may disagree with a teacher.
    """
    taught = SectionStandard.objects.filter(section=section).values("standard_id")
    standards = {standard.pk: standard for standard in Standard.objects.filter(pk__in=taught)}
    enrolled = section.roster.enrollments.of_learners().on(on).select_related("learner")
    learners = {enrollment.learner_id: enrollment.learner for enrollment in enrolled}
    pairs = {"learner__in": list(learners), "standard__in": list(standards)}
    levels = {
        (learner, standard): (level, shown if override else None)
        for learner, standard, level, shown, override in Mastery.objects.filter(**pairs).values_list(
            "learner_id", "standard_id", "level", "shown_level", "override_id"
        )
    }
    ratings = {(row.learner_id, row.standard_id): row for row in SelfRating.objects.filter(**pairs).newest()}
    by_teacher = [pair for pair, (_, teacher) in levels.items() if teacher is not None]
    against = read_disagreements({pk for pk, _ in by_teacher}, {pk for _, pk in by_teacher}, policies=policies)
    found = []
    for pair in levels.keys() | ratings.keys():
        results, teacher = levels.get(pair, (None, None))
        rating = ratings.get(pair)
        own = rating.level if rating else None
        if own is None and teacher is None:
            continue
        learner, standard = pair
        found.append(
            Views(
                learners[learner],
                standards[standard],
                results,
                own,
                teacher,
                own_words=rating.words if rating and own else "",
                own_at=rating.rated_at if rating and own else None,
                newer_disagree=pair in against,
            )
        )
    return sorted(found, key=_place)


def _place(views: Views) -> tuple:
    at = views.own_at.timestamp() if views.own_at else 0.0
    return (-views.gap, -at, views.learner.first_name, views.learner.family_name, views.standard.position)
