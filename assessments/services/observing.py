"""What a teacher sees at a table: one level at a time, saved before anything else is asked.

All that is seen of one standard on one day in one section is one assessment of kind observation; a learner who is seen
again that day has another try on it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Assessment, Group, Mastery, ResultNote, SectionStandard
from assessments.services import ledger
from assessments.services.assessments import create_assessment
from assessments.services.entering import WHY, Outcome, Typed, save_cells, text_of
from assessments.services.errors import NotEnrolled
from assessments.services.results import write_note
from profiles.class_order import class_order
from profiles.models import Account, Learner, Section
from standards.models import Standard

DAYS_BACK = 14
MOST_TRIES = 30


@dataclass(frozen=True)
class Seen:
    """One thing that was seen.    text: "1" to "4", "." for not seen, "" to take it back.

    replaces: id of the record that it corrects.    attempt: 1 for the first of its learner and standard that day, 2 for
    the next.    ago: how long ago it was seen.    how: a line on it for the learner, "" without one.
    """

    learner_id: int
    standard_id: int
    text: str
    attempt: int = 1
    replaces: int | None = None
    ago: timedelta = timedelta(0)
    how: str = ""


@dataclass(frozen=True)
class Person:
    """Somebody to tap on.    level, at: as shown now, None without a result.    attempt: the last of today, or 0."""

    learner: Learner
    level: int | None
    at: datetime | None
    attempt: int


@dataclass(frozen=True)
class Line:
    """Something seen today.    note: how it went, "" where nobody said."""

    learner: Learner
    text: str
    id: int
    attempt: int
    at: datetime
    note: str


@dataclass(frozen=True)
class Lesson:
    """people: those of the group, or the whole class.    lines: what was seen today, newest first."""

    people: list[Person]
    lines: list[Line]
    assessment: Assessment | None


def running_groups(section: Section, *, on: date) -> list[Group]:
    """Groups that are on that day, by letter, with their focus."""
    groups = Group.objects.filter(section=section, closed_at__isnull=True, starts_on__lte=on, ends_on__gte=on)
    return list(groups.select_related("focus").order_by("letter", "pk"))


def standards_offered(section: Section, groups: Iterable[Group]) -> list[Standard]:
    """What may be observed: what the section teaches, then what its running groups work on beside that."""
    rows = SectionStandard.objects.filter(section=section, standard__retired_at__isnull=True)
    taught = rows.select_related("standard").order_by("standard__framework_id", "position", "pk")
    found = [row.standard for row in taught] + [group.focus for group in groups]
    return list({standard.pk: standard for standard in found}.values())


def observed_last(section: Section) -> int | None:
    """The id of the standard that was observed last here; None before the first time."""
    seen = Assessment.objects.filter(section=section, kind=Assessment.Kind.OBSERVATION, archived_at__isnull=True)
    return seen.order_by("-given_on", "-pk").values_list("columns__standard_id", flat=True).first()


def read_lesson(section: Section, standard: Standard, *, group: Group | None, today: date) -> Lesson:
    """What the page shows. group: whose members stand on it; None is the whole class."""
    on_list = section.roster.enrollments.of_learners().on(today).filter(learner=OuterRef("pk"))
    learners = Learner.objects.filter(Exists(on_list))
    everybody = sorted(learners, key=class_order)
    ids = [learner.pk for learner in everybody]
    assessment = Assessment.objects.filter(section=section, uuid=_key(section, standard.pk, today)).first()
    lines = _lines(assessment, everybody) if assessment else []
    tries: dict[int, int] = {}
    if assessment:
        for learner_id, _standard, _item, attempt in ledger.tips(assessment, ids):
            tries[learner_id] = max(attempt, tries.get(learner_id, 0))
    chosen = set(group.members.values_list("learner_id", flat=True)) if group else set(ids)
    shown = Mastery.objects.filter(learner__in=chosen, standard=standard, shown_level__isnull=False)
    levels = {pk: (level, at) for pk, level, at in shown.values_list("learner_id", "shown_level", "last_observed_at")}
    people = [
        Person(learner, *levels.get(learner.pk, (None, None)), tries.get(learner.pk, 0))
        for learner in everybody
        if learner.pk in chosen
    ]
    return Lesson(people, lines, assessment)


@transaction.atomic
def record_seen(*, section: Section, standard: Standard, seen: Seen, by: Account) -> Outcome:
    """Save one thing that was seen; the same sent twice is one. What is refused leaves nothing behind.

    Where somebody else has seen the learner at the same time, both count: this one becomes the next try.
    """
    typed = Typed(seen.learner_id, standard.pk, seen.text, seen.replaces, seen.attempt)
    if not section.roster.enrollments.of_learners().filter(learner_id=seen.learner_id).exists():
        return Outcome(typed, "refused", why=WHY[NotEnrolled]())
    day = timezone.localdate(timezone.now() - seen.ago)
    assessment = create_assessment(
        section=section,
        standards=[standard],
        by=by,
        title=_("Observation"),
        kind=Assessment.Kind.OBSERVATION,
        given_on=day,
        key=_key(section, standard.pk, day),
    )
    while True:
        (outcome,) = save_cells(assessment=assessment, typed=[typed], by=by, source="phone")
        if outcome.state != "conflict" or typed.replaces is not None or typed.attempt >= MOST_TRIES:
            transaction.set_rollback(outcome.state == "refused")
            if seen.how and outcome.state == "saved":
                ids = {"learner_id": seen.learner_id, "standard_id": standard.pk}
                write_note(assessment=assessment, text=seen.how, by=by, **ids)
            return outcome
        typed = replace(typed, attempt=typed.attempt + 1)


def _key(section: Section, standard_id: int, day: date) -> UUID:
    """The uuid of the assessment that all observations of the day go to, the same for everybody who asks."""
    return uuid5(NAMESPACE_URL, f"observation/{section.uuid}/{standard_id}/{day.isoformat()}")


def _lines(assessment: Assessment, learners: list[Learner]) -> list[Line]:
    by_id: Mapping[int, Learner] = {learner.pk: learner for learner in learners}
    notes = dict(
        ResultNote.objects.filter(assessment=assessment).order_by("created_at", "pk").values_list("learner_id", "text")
    )
    lines = [
        Line(by_id[cell[0]], text_of(tip), tip.id, cell[3], tip.recorded_at, notes.get(cell[0], ""))
        for cell, (tip, _at) in ledger.tips(assessment, by_id).items()
        if text_of(tip)
    ]
    return sorted(lines, key=lambda line: line.at, reverse=True)
