"""What Today is made of, read in a fixed number of statements, whatever the number of classes and students."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    SmallIntegerField,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import JSONObject
from django.utils import timezone

from assessments.models import Group, GroupSuggestion, Mastery, MasteryDay, SectionStandard
from paths.models import CheckIn, Goal, Reflection
from profiles.models import Account, Enrollment, Learner, Section

UNFINISHED_DAYS = 7
WHOLE_CLASS = ("pre", "formative", "summative")
"""Kinds that are given to everybody; an observation or another try is of the few whom it names."""

BEGUN = """
SELECT a.id, a.title, a.section_id, a.given_on, count(DISTINCT e.learner_id)
  FROM assessments_assessment a
  JOIN assessments_evidence e ON e.assessment_id = a.id AND e.school_year = a.school_year
  JOIN profiles_section s ON s.id = a.section_id
  JOIN profiles_enrollment n ON n.roster_id = s.roster_id AND n.learner_id = e.learner_id AND n.role = 'learner'
   AND n.starts_on <= %(today)s AND (n.ends_on IS NULL OR n.ends_on >= %(today)s)
 WHERE a.section_id = ANY(%(sections)s) AND a.archived_at IS NULL
   AND a.given_on BETWEEN %(since)s AND %(today)s AND a.kind = ANY(%(kinds)s)
 GROUP BY a.id ORDER BY a.given_on DESC, a.id DESC
"""


@dataclass(frozen=True)
class Level:
    """What a learner shows on a standard. was: before the day since when news are told, where it has changed."""

    level: int
    newest: datetime | None
    was: int | None
    is_new: bool


@dataclass
class Classroom:
    """A section with its learners by name and its standards in order: (id, label).

    joined: learner id -> first day. waiting: suggestions that nobody has decided on (id, version, moved, own,
    groups). ending: groups whose last day has come (id, letter, focus).
    """

    section: Section
    learners: list[Learner] = field(default_factory=list)
    standards: list[tuple[int, str]] = field(default_factory=list)
    joined: dict[int, date] = field(default_factory=dict)
    waiting: list[dict] = field(default_factory=list)
    ending: list[dict] = field(default_factory=list)


def read_classrooms(account: Account, *, today: date) -> list[Classroom]:
    """The sections that the account teaches, with what waits in them. Two statements."""
    standards = (
        SectionStandard.objects.filter(section=OuterRef("pk"), standard__retired_at__isnull=True)
        .order_by("standard__framework_id", "standard__position", "standard_id")
        .values(json=JSONObject(id="standard_id", code="standard__code", title="standard__short_title"))
    )
    waiting = GroupSuggestion.objects.filter(section=OuterRef("pk"), state=GroupSuggestion.State.CURRENT).values(
        json=JSONObject(
            id="pk",
            version="version",
            moved=F("board__moved"),
            own=_length("board__own"),
            groups=_length("board__groups"),
        )
    )
    ending = Group.objects.filter(section=OuterRef("pk"), closed_at__isnull=True, ends_on__lte=today).order_by("letter")
    sections = (
        Section.objects.taught_by(account)
        .filter(archived_at__isnull=True)
        .annotate(
            standard_rows=ArraySubquery(standards),
            waiting_rows=ArraySubquery(waiting),
            ending_rows=ArraySubquery(ending.values(json=JSONObject(id="pk", letter="letter", focus="focus__code"))),
        )
        .order_by("title", "pk")
    )
    rooms = [
        Classroom(
            section,
            standards=[(row["id"], row["code"] or row["title"]) for row in section.standard_rows],
            waiting=section.waiting_rows,
            ending=section.ending_rows,
        )
        for section in sections
    ]
    by_roster: dict[int, list[Classroom]] = defaultdict(list)
    for room in rooms:
        by_roster[room.section.roster_id].append(room)
    for enrollment in Enrollment.objects.on(today).of_learners().filter(roster__in=by_roster).select_related("learner"):
        for room in by_roster[enrollment.roster_id]:
            if enrollment.learner_id not in room.joined:
                room.learners.append(enrollment.learner)
            room.joined[enrollment.learner_id] = enrollment.starts_on
    for room in rooms:
        room.learners.sort(key=lambda learner: (learner.first_name, learner.family_name, learner.pk))
    return rooms


def _length(path: str) -> Func:
    return Func(F(path), function="jsonb_array_length", output_field=IntegerField())


def read_levels(rooms: Iterable[Classroom], *, news_since: datetime) -> dict[tuple[int, int], Level]:
    """{(learner id, standard id): Level} of everything that the classes teach. One statement.

    news_since: the start of the day from which a change is news; only newer results look up what was before.
    """
    learners = {learner.pk for room in rooms for learner in room.learners}
    standards = {standard for room in rooms for standard, _label in room.standards}
    before = MasteryDay.objects.filter(
        learner=OuterRef("learner_id"), standard=OuterRef("standard_id"), day__lt=timezone.localdate(news_since)
    ).order_by("-day")
    is_new = Q(last_observed_at__gte=news_since)
    rows = Mastery.objects.filter(learner__in=learners, standard__in=standards, shown_level__isnull=False).annotate(
        was=Case(When(is_new, then=Subquery(before.values("shown_level")[:1])), output_field=SmallIntegerField())
    )
    found = {}
    for learner, standard, level, newest, was in rows.values_list(
        "learner_id", "standard_id", "shown_level", "last_observed_at", "was"
    ):
        if level is not None:
            found[learner, standard] = Level(level, newest, was, newest is not None and newest >= news_since)
    return found


def read_goals(learner_ids: Iterable[int]) -> list[Goal]:
    """Goals that wait for a teacher's yes or nod, closed ones first, then the longest waiting. One statement.

    learner_ids: of the classes that the teacher has, which is what gives the right to read them.
    """
    return list(
        Goal.objects.filter(learner__in=list(learner_ids))
        .awaiting_review()
        .only("pk", "what", "state", "due_on", "created_at", "achieved_at", "learner_id")
        .order_by(F("achieved_at").asc(nulls_last=True), "created_at", "pk")
    )


@dataclass(frozen=True)
class Unanswered:
    """A learner's words without a reply. kind: "check_in" or "reflection"."""

    kind: str
    pk: int
    goal_id: int
    learner_id: int
    text: str
    at: datetime


def read_unanswered(learner_ids: Iterable[int], *, since: datetime) -> list[Unanswered]:
    """Check-ins with a line, and reflections, that nobody has answered, newest first. One statement.

    A check-in after which the same goal got another is left: the newer one is what there is to answer.
    """
    learners = list(learner_ids)
    newer = CheckIn.objects.filter(goal=OuterRef("goal_id"), at__gt=OuterRef("at"))
    fields = ("what", "pk", "goal_id", "learner", "text", "at")
    check_ins, reflections = (
        rows.filter(goal__learner__in=learners, replied_at__isnull=True, at__gte=since)
        .exclude(text="")
        .annotate(what=Value(kind, output_field=CharField()), learner=F("goal__learner_id"))
        .order_by()
        .values_list(*fields)
        for kind, rows in (
            ("check_in", CheckIn.objects.filter(~Exists(newer))),
            ("reflection", Reflection.objects.filter(is_draft=False)),
        )
    )
    return [Unanswered(*row) for row in check_ins.union(reflections, all=True).order_by("-at")]


@dataclass(frozen=True)
class Begun:
    """An assessment with results of some learners of its section. entered: of those who are in it today."""

    pk: int
    title: str
    section_id: int
    given_on: date
    entered: int


def read_begun(rooms: Iterable[Classroom], *, today: date) -> list[Begun]:
    """Assessments of the last week, given to the whole class, that have results, newest first. One statement."""
    asked: dict[str, Any] = {
        "sections": [room.section.pk for room in rooms],
        "since": today - timedelta(days=UNFINISHED_DAYS),
        "today": today,
        "kinds": list(WHOLE_CLASS),
    }
    with connection.cursor() as cursor:
        cursor.execute(BEGUN, asked)
        return [Begun(*row) for row in cursor.fetchall()]
