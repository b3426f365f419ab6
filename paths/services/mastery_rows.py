"""A learner's standards as pages list them: read from the projection; no level is computed here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.services.parents import ParentLevel, read_parents
from assessments.services.past import read_past
from assessments.services.policies import Policies
from assessments.services.views_of import gap
from lrm.days import said
from lrm.drawing import line
from lrm.rows import read
from profiles.models import Learner
from standards.headings import heading_of

MICRO = 1_000_000

MASTERY = """
SELECT m.standard_id, m.level, m.shown_level, m.value_micro, m.override_id, m.trend, m.n, m.last_observed_at,
       own.level AS own_level,
       t.framework_id, t.code, t.short_title AS title, t.statement, s.title AS subject,
       line.days, line.micros
  FROM assessments_mastery m JOIN profiles_learner l ON l.id = m.learner_id
  JOIN standards_standard t ON t.id = m.standard_id JOIN standards_subject s ON s.id = t.subject_id
 CROSS JOIN LATERAL (
       SELECT array_agg(d.day ORDER BY d.day) AS days, array_agg(d.value_micro ORDER BY d.day) AS micros
         FROM assessments_masteryday d
        WHERE d.learner_id = m.learner_id AND d.standard_id = m.standard_id AND d.day >= %(since)s
          AND d.value_micro IS NOT NULL) line
  LEFT JOIN LATERAL (
       SELECT r.level FROM assessments_selfrating r
        WHERE r.learner_id = m.learner_id AND r.standard_id = m.standard_id
        ORDER BY r.rated_at DESC, r.id DESC LIMIT 1) own ON true
 WHERE m.learner_id = %(learner)s AND l.district_id = %(district)s AND m.shown_level IS NOT NULL
"""
SHOWN = f"{MASTERY} ORDER BY s.title, t.framework_id, t.position"
LATELY = f"""{MASTERY} AND m.n > 0 AND m.last_observed_at IS NOT NULL
 ORDER BY m.last_observed_at DESC, t.position LIMIT %(most)s"""

# A learner's levels of a closed day come from `read_past`; these are the words and lines of their standards.
PAST_WORDS = """
SELECT t.id AS standard_id, t.framework_id, t.code, t.short_title AS title, t.statement, s.title AS subject,
       line.days, line.micros
  FROM standards_standard t JOIN standards_subject s ON s.id = t.subject_id
 CROSS JOIN LATERAL (
       SELECT array_agg(d.day ORDER BY d.day) AS days, array_agg(d.value_micro ORDER BY d.day) AS micros
         FROM assessments_masteryday d
        WHERE d.learner_id = %(learner)s AND d.standard_id = t.id AND d.day BETWEEN %(since)s AND %(day)s
          AND d.value_micro IS NOT NULL) line
 WHERE t.id = ANY(%(standards)s) AND s.district_id = %(district)s
 ORDER BY s.title, t.framework_id, t.position
"""

TAUGHT = """
SELECT c.standard_id, t.framework_id, t.code, t.short_title, t.statement, s.title
  FROM assessments_sectionstandard c JOIN profiles_section n ON n.id = c.section_id
  JOIN standards_standard t ON t.id = c.standard_id JOIN standards_subject s ON s.id = t.subject_id
 WHERE n.roster_id = ANY(%(rosters)s) AND n.district_id = %(district)s AND t.retired_at IS NULL
 ORDER BY s.title, c.position
"""

BEFORE = """
SELECT destination_id, origin_id FROM standards_association
 WHERE kind = 'precedes' AND destination_id = ANY(%(standards)s) AND origin_id IS NOT NULL AND retired_at IS NULL
"""
STRONG_SHOWN = 2
LATELY_SHOWN = 4


@dataclass(frozen=True)
class StandardRow:
    """One standard of a learner. level: 1 to 4, or None while nothing was assessed. trend: 1 up, -1 down, 0 steady.

    results, own: what results and the learner say; level is a teacher's where by_teacher, else equals results. None
    where nothing has been said, and on pages of a closed day, which tell the level shown alone.
    days: [(day, value on the scale 1 to 4)] on which the value changed, oldest first, since the term began.
    value_micro: by the method, in 1e-6 of a level; None without a result.
    """

    standard_id: int
    framework_id: int
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
    results: int | None = None
    own: int | None = None
    value_micro: int | None = None

    @property
    def gap(self) -> int:
        """How far apart results, learner and teacher see it."""
        return gap(self.results, self.own, self.level if self.by_teacher else None)

    @property
    def label(self) -> str:
        return self.code or self.title

    @property
    def chip_label(self) -> str:
        """The name of the chip that opens the receipt."""
        name = f"{self.label}, {self.level} {self.word}" if self.level else self.label
        return _("%(name)s, set by a teacher") % {"name": name} if self.by_teacher else name

    @property
    def results_label(self) -> str:
        """The name of the chip that says what results say; beside a teacher's level it says so."""
        if not self.by_teacher:
            return self.chip_label
        return _("%(name)s, results say %(level)s") % {"name": self.label, "level": self.results}

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
    """A subject's standards: those with a level, and those that the class works on without one yet.

    parents: of the standards in `seen`, where the policy says what a standard above others shows.
    """

    title: str
    seen: list[StandardRow] = field(default_factory=list)
    not_assessed: list[StandardRow] = field(default_factory=list)
    parents: list[ParentLevel] = field(default_factory=list)

    @property
    def total(self) -> int:
        return len(self.seen) + len(self.not_assessed)

    @property
    def has_own_views(self) -> bool:
        """The learner has said something about one of them."""
        return any(row.own for row in self.seen)

    @property
    def has_differences(self) -> bool:
        return any(row.gap for row in self.seen)

    def put_differences_first(self) -> None:
        """The biggest difference of view first, for a conversation; equals stay in the order of the framework."""
        self.seen.sort(key=lambda row: -row.gap)


def standards_of(
    learner: Learner,
    *,
    roster_ids: Sequence[int],
    since: date | None,
    policies: Policies,
    today: date,
    past: date | None = None,
    own_views: bool = True,
) -> list[SubjectRows]:
    """Every standard that has a level or that a section on these rosters teaches, by subject. Two statements, and one
    where a policy rolls up.

    since: the first day of the lines; None draws all of them.
    past: a closed day; then levels, words and lines are as of its end. One statement more.
    own_views: with what the learner says; not for a family that does not read it.
    """
    if past is None:
        rows = [_row(values, policies, today) for values in read(SHOWN, learner=learner.pk, since=since or date.min)]
    else:
        rows = _past_rows(learner, policies, past, since or date.min)
    if not own_views:
        rows = [replace(row, own=None) for row in rows]
    found: dict[str, SubjectRows] = {}
    for row in rows:
        found.setdefault(row.subject, SubjectRows(row.subject)).seen.append(row)
    levels = {row.standard_id: (row.level or 0, None if row.by_teacher else row.value_micro) for row in rows}
    above = read_parents(levels, policies, day=past or today)
    for of_subject in found.values():
        ids = {row.standard_id for row in of_subject.seen}
        of_subject.parents = [parent for parent in above if parent.children & ids]
    known = {row.standard_id for rows in found.values() for row in rows.seen}
    taught = read(TAUGHT, rosters=list(roster_ids))
    for standard_id, framework_id, code, title, statement, subject in taught:
        if standard_id not in known:
            known.add(standard_id)
            row = StandardRow(standard_id, framework_id, code, title or heading_of(statement), subject, None)
            found.setdefault(subject, SubjectRows(subject)).not_assessed.append(row)
    return list(found.values())


def _past_rows(learner: Learner, policies: Policies, day: date, since: date) -> list[StandardRow]:
    """As of the end of a closed day; a level counts as last seen on the day of its last change. Two statements."""
    levels = {level.standard_id: level for level in read_past([learner.pk], None, day=day)}
    rows = []
    for words in read(PAST_WORDS, learner=learner.pk, standards=sorted(levels), since=since, day=day):
        level, in_force = levels[words.standard_id], policies.on(words.framework_id, day)
        rows.append(
            StandardRow(
                standard_id=level.standard_id,
                framework_id=words.framework_id,
                code=words.code,
                title=words.title or heading_of(words.statement),
                subject=words.subject,
                level=level.shown_level,
                word=in_force.word(level.shown_level),
                is_secure=level.shown_level >= in_force.scale.mastery_level,
                by_teacher=level.by_teacher,
                trend=level.trend,
                n=level.n,
                last_on=level.since,
                days=_points(words),
                value_micro=level.value_micro,
            )
        )
    return rows


def _points(values: Any) -> tuple[tuple[date, float], ...]:
    return tuple((day, value / MICRO) for day, value in zip(values.days or (), values.micros or (), strict=True))


def _row(values: Any, policies: Policies, today: date) -> StandardRow:
    in_force = policies.on(values.framework_id, today)
    level = values.shown_level
    return StandardRow(
        standard_id=values.standard_id,
        framework_id=values.framework_id,
        code=values.code,
        title=values.title or heading_of(values.statement),
        subject=values.subject,
        level=level,
        word=in_force.word(level),
        is_secure=level >= in_force.scale.mastery_level,
        by_teacher=values.override_id is not None,
        trend=values.trend,
        n=values.n,
        last_on=timezone.localdate(values.last_observed_at) if values.last_observed_at else None,
        days=_points(values),
        results=values.level,
        own=values.own_level,
        value_micro=values.value_micro,
    )


def lately(learner: Learner, *, policies: Policies, today: date, at_most: int = LATELY_SHOWN) -> list[StandardRow]:
    """The standards with the newest results, newest first. One statement."""
    rows = read(LATELY, learner=learner.pk, since=date.min, most=at_most)
    return [_row(values, policies, today) for values in rows]


class Mark(NamedTuple):
    """What a teacher has said to a suggestion about one standard. act: "pinned" or "hidden"."""

    pk: int
    standard_id: int
    act: str
    reason: str
    by: str
    title: str


@dataclass(frozen=True)
class StrongAndNext:
    """strong: the highest levels, newest first. next_up: a standard whose prerequisites are all secure, or None.

    before: how many standards come before it, all secure; 0 where the framework names none.
    pins: {standard id: Mark} of what is shown.  hidden: marks of what is left out.
    """

    strong: list[StandardRow]
    next_up: StandardRow | None
    before: int = 0
    pins: Mapping[int, Mark] = field(default_factory=dict)
    hidden: Sequence[Mark] = ()

    @property
    def strong_lines(self) -> list[tuple[StandardRow, Mark | None]]:
        return [(row, self.pins.get(row.standard_id)) for row in self.strong]

    @property
    def next_pin(self) -> Mark | None:
        return self.pins.get(self.next_up.standard_id) if self.next_up else None


def strong_and_next(subjects: Iterable[SubjectRows], marks: Iterable[Mark] = ()) -> StrongAndNext:
    """What stands beside the profile, from levels alone, but for what a teacher has pinned or hidden.

    It enters the profile only by a person's hand. One statement.
    """
    marks = list(marks)
    pins = {mark.standard_id: mark for mark in marks if mark.act == "pinned"}
    hidden = [mark for mark in marks if mark.act == "hidden"]
    left_out = {mark.standard_id for mark in hidden}
    rows = [row for subject in subjects for row in [*subject.seen, *subject.not_assessed]]
    secure = {row.standard_id for row in rows if row.is_secure}
    strong = sorted(
        (row for row in rows if row.is_secure and row.standard_id not in left_out),
        key=lambda row: (
            row.standard_id not in pins,
            -(row.level or 0),
            -(row.last_on.toordinal() if row.last_on else 0),
            row.label,
        ),
    )[:STRONG_SHOWN]
    candidates = [row for row in rows if row.standard_id not in secure | left_out]
    if not candidates:
        return StrongAndNext(strong, None, pins=pins, hidden=hidden)
    before: dict[int, set[int]] = {}
    for destination, origin in read(BEFORE, standards=[row.standard_id for row in candidates]):
        before.setdefault(destination, set()).add(origin)
    ready = [row for row in candidates if before.get(row.standard_id, set()) <= secure]
    # Most is known about a standard that many secure ones lead to; a started one comes before one not yet seen.
    ready.sort(key=lambda row: (-len(before.get(row.standard_id, ())), row.level is None))
    pinned = next((row for row in candidates if row.standard_id in pins), None)
    next_up = pinned or (ready[0] if ready else candidates[0])
    is_ready = next_up in ready
    return StrongAndNext(
        strong, next_up, len(before.get(next_up.standard_id, ())) if is_ready else 0, pins=pins, hidden=hidden
    )
