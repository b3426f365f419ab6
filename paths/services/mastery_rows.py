"""A learner's standards as pages list them: read from the projection; no level is computed here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Mastery, MasteryDay, SectionStandard
from assessments.services.policies import Policies
from lrm.days import said
from lrm.drawing import line
from profiles.models import Learner
from standards.models import Association

MICRO = 1_000_000
STRONG_SHOWN = 2
LATELY_SHOWN = 4


@dataclass(frozen=True)
class StandardRow:
    """One standard of a learner. level: 1 to 4, or None while nothing was assessed. trend: 1 up, -1 down, 0 steady.

    days: [(day, value on the scale 1 to 4)] on which the value changed, oldest first, since the term began.
    """

    standard_id: int
    code: str
    title: str
    subject: str
    level: int | None
    word: str = ""
    is_secure: bool = False
    by_teacher: bool = False
    trend: int = 0
    n: int = 0
    last_on: date | None = None
    days: tuple[tuple[date, float], ...] = ()

    @property
    def label(self) -> str:
        return self.code or self.title

    @property
    def chip_label(self) -> str:
        """The name of the chip that opens the receipt."""
        name = f"{self.label}, {self.level} {self.word}" if self.level else self.label
        return _("%(name)s, set by a teacher") % {"name": name} if self.by_teacher else name

    @property
    def spark(self) -> dict:
        return line([value for _day, value in self.days])

    @property
    def spark_label(self) -> str:
        """The line in words: from where to where."""
        (first_day, first), (last_day, last) = self.days[0], self.days[-1]
        facts = {"first": f"{first:.1f}", "last": f"{last:.1f}", "from": said(first_day), "to": said(last_day)}
        if len(self.days) == 1:
            return _("%(first)s on %(from)s") % facts
        return _("from %(first)s on %(from)s to %(last)s on %(to)s") % facts


@dataclass
class SubjectRows:
    """A subject's standards: those with a level, and those that the class works on without one yet."""

    title: str
    seen: list[StandardRow] = field(default_factory=list)
    not_assessed: list[StandardRow] = field(default_factory=list)

    @property
    def total(self) -> int:
        return len(self.seen) + len(self.not_assessed)


def standards_of(
    learner: Learner, *, roster_ids: Sequence[int], since: date | None, policies: Policies, today: date
) -> list[SubjectRows]:
    """Every standard that has a level or that a section on these rosters teaches, by subject. Two statements.

    since: the first day of the lines; None draws all of them.
    """
    seen = _with_standard(Mastery.objects.filter(learner=learner, shown_level__isnull=False), since=since).order_by(
        "standard__subject__title", "standard__framework_id", "standard__position"
    )
    found: dict[str, SubjectRows] = {}
    for values in seen:
        row = _row(values, policies, today)
        found.setdefault(row.subject, SubjectRows(row.subject)).seen.append(row)
    known = {row.standard_id for rows in found.values() for row in rows.seen}
    taught = (
        SectionStandard.objects.filter(section__roster__in=roster_ids, standard__retired_at__isnull=True)
        .order_by("standard__subject__title", "position")
        .values_list(
            "standard_id",
            "standard__code",
            "standard__short_title",
            "standard__statement",
            "standard__subject__title",
        )
    )
    for standard_id, code, title, statement, subject in taught:
        if standard_id not in known:
            known.add(standard_id)
            row = StandardRow(standard_id, code, title or statement[:60], subject, None)
            found.setdefault(subject, SubjectRows(subject)).not_assessed.append(row)
    return list(found.values())


def _with_standard(rows: QuerySet[Mastery], *, since: date | None) -> QuerySet:
    days = MasteryDay.objects.filter(learner=OuterRef("learner_id"), standard=OuterRef("standard_id"))
    if since:
        days = days.filter(day__gte=since)
    return rows.values(
        "standard_id",
        "shown_level",
        "override_id",
        "trend",
        "n",
        "last_observed_at",
        framework_id=F("standard__framework_id"),
        code=F("standard__code"),
        title=F("standard__short_title"),
        statement=F("standard__statement"),
        subject=F("standard__subject__title"),
        days=ArraySubquery(days.order_by("day").values(json=JSONObject(day="day", value="value_micro"))),
    )


def _row(values: dict, policies: Policies, today: date) -> StandardRow:
    in_force = policies.on(values["framework_id"], today)
    level = values["shown_level"]
    observed: datetime | None = values["last_observed_at"]
    return StandardRow(
        standard_id=values["standard_id"],
        code=values["code"],
        title=values["title"] or values["statement"][:60],
        subject=values["subject"],
        level=level,
        word=str(in_force.words[level - 1]),
        is_secure=level >= in_force.scale.mastery_level,
        by_teacher=values["override_id"] is not None,
        trend=values["trend"],
        n=values["n"],
        last_on=timezone.localdate(observed) if observed else None,
        days=tuple(
            (date.fromisoformat(day["day"]), day["value"] / MICRO) for day in values["days"] if day["value"] is not None
        ),
    )


def lately(learner: Learner, *, policies: Policies, today: date, at_most: int = LATELY_SHOWN) -> list[StandardRow]:
    """The standards with the newest results, newest first. One statement."""
    rows = (
        _with_standard(Mastery.objects.filter(learner=learner, shown_level__isnull=False, n__gt=0), since=None)
        .filter(last_observed_at__isnull=False)
        .order_by("-last_observed_at", "standard__position")[:at_most]
    )
    return [_row(values, policies, today) for values in rows]


@dataclass(frozen=True)
class StrongAndNext:
    """strong: the highest levels, newest first. next_up: a standard whose prerequisites are all secure, or None.

    before: how many standards come before it, all secure; 0 where the framework names none.
    """

    strong: list[StandardRow]
    next_up: StandardRow | None
    before: int = 0


def strong_and_next(subjects: Iterable[SubjectRows]) -> StrongAndNext:
    """What stands beside the profile, from levels alone.

    It enters the profile only by a person's hand. One statement.
    """
    rows = [row for subject in subjects for row in [*subject.seen, *subject.not_assessed]]
    secure = {row.standard_id for row in rows if row.is_secure}
    strong = sorted(
        (row for row in rows if row.is_secure),
        key=lambda row: (-(row.level or 0), -(row.last_on.toordinal() if row.last_on else 0), row.label),
    )[:STRONG_SHOWN]
    candidates = [row for row in rows if row.standard_id not in secure]
    if not candidates:
        return StrongAndNext(strong, None)
    before: dict[int, set[int]] = {}
    links = Association.objects.filter(
        kind=Association.PRECEDES,
        destination__in=[row.standard_id for row in candidates],
        origin__isnull=False,
        retired_at__isnull=True,
    )
    for destination, origin in links.values_list("destination_id", "origin_id"):
        before.setdefault(destination, set()).add(origin)
    ready = [row for row in candidates if before.get(row.standard_id, set()) <= secure]
    # Most is known about a standard that many secure ones lead to; a started one comes before one not yet seen.
    ready.sort(key=lambda row: (-len(before.get(row.standard_id, ())), row.level is None))
    next_up = ready[0] if ready else candidates[0]
    return StrongAndNext(strong, next_up, len(before.get(next_up.standard_id, ())) if ready else 0)
