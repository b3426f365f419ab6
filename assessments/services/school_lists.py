"""Who of a row of the school-wide page is not yet at mastery on a standard: today, or at the end of a closed day."""

from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from assessments.models import Mastery
from assessments.services.past_counts import read_levels_then
from assessments.services.school_asked import Line
from assessments.services.school_counts import ClosedDay
from profiles.models import Account, Enrollment, Learner

ORDERS = ("name", "class", "level", "newest")


@dataclass(frozen=True)
class NotYet:
    """A learner whose shown level on a standard is below mastery. class_title: the homeroom, or another class."""

    learner: Learner
    class_title: str
    level: int
    by_teacher: bool
    newest: date | None


def not_yet_secure(
    account: Account,
    line: Line,
    standard_id: int,
    mastery_level: int,
    *,
    today: date,
    subgroup: int | None = None,
    order: str = "name",
) -> list[NotYet]:
    """Learners of a row who are not yet at mastery on a standard, whom the account may see. One statement.

    order: one of ORDERS; lowest level and newest result come first.
    """
    rows = (
        Mastery.objects.visible_to(account)
        .filter(standard=standard_id, shown_level__lt=mastery_level, learner__in=_learners_of(line, subgroup, today))
        .select_related("learner")
        .annotate(class_title=_class_on(today, OuterRef("learner_id")))
    )
    found = [
        NotYet(
            row.learner,
            row.class_title or "",
            row.shown_level,
            row.override_id is not None,
            timezone.localdate(row.last_observed_at) if row.last_observed_at else None,
        )
        for row in rows
    ]
    return _in_order(found, order)


def not_yet_secure_then(
    account: Account,
    line: Line,
    standard_id: int,
    mastery_level: int,
    *,
    past: ClosedDay,
    subgroup: int | None = None,
    order: str = "name",
) -> list[NotYet]:
    """The same at the end of a closed day: of its learners those whom the account may see today. Two statements.

    newest: the day of the last change.
    """
    then = read_levels_then(
        standard_id,
        day=past.day,
        today=past.today,
        school_ids=line.school_ids,
        roster_id=line.roster_id,
        grades=line.grades,
        own=past.own,
        subgroup=subgroup,
    )
    levels = {level.learner_id: level for level in then if level.shown_level < mastery_level}
    learners = Learner.objects.visible_to(account).filter(pk__in=levels)
    found = []
    for learner in learners.annotate(class_title=_class_on(past.day, OuterRef("pk"))):
        level = levels[learner.pk]
        found.append(NotYet(learner, learner.class_title or "", level.shown_level, level.by_teacher, level.since))
    return _in_order(found, order)


def _class_on(day: date, learner: OuterRef) -> Subquery:
    """The title of the homeroom, or of another class, in which a learner was on that day."""
    classes = Enrollment.objects.on(day).of_learners().filter(learner=learner, roster__block__isnull=True)
    return Subquery(classes.order_by("-roster__is_homeroom", "roster__title").values("roster__title")[:1])


def _in_order(found: list[NotYet], order: str) -> list[NotYet]:
    found.sort(key=lambda row: (row.learner.first_name, row.learner.family_name, row.learner.pk))
    if order == "class":
        found.sort(key=lambda row: row.class_title)
    elif order == "level":
        found.sort(key=lambda row: row.level)
    elif order == "newest":
        found.sort(key=lambda row: row.newest or date.min, reverse=True)
    return found


def _learners_of(line: Line, subgroup: int | None, today: date) -> QuerySet[Learner]:
    """Those whom the row counts: at home in its schools and not gone, or on its roster today."""
    if line.roster_id is not None:
        found = Learner.objects.enrolled_in(line.roster_id, on=today).filter(grade__in=line.grades)
    else:
        here = Q(left_on__isnull=True) | Q(left_on__gt=today)
        found = Learner.objects.filter(here, home_school__in=line.school_ids, grade__in=line.grades)
    return found if subgroup is None else found.filter(subgroup_members__subgroup=subgroup)
