"""Results from a file against a section: who is meant, which standards, what is new; then all or nothing."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal
from itertools import groupby

from django.db import transaction
from django.db.models.functions import Lower
from django.utils import timezone

from assessments.models import Assessment, AssessmentStandard, Evidence, ResultNote, SectionStandard
from assessments.models.evidence import NO_ITEM
from assessments.results_csv.reader import ResultRow, ResultsFile
from assessments.results_csv.words import row_problem
from assessments.services import ledger, outbox
from assessments.services.assessments import create_assessment
from assessments.services.ledger import Entry, Kind
from assessments.services.results import LEVELS, observed_at, record_sittings
from lrm.problems import Problem
from profiles.models import Account, Enrollment, Learner, Section
from standards.models import Standard

ITEMS = uuid.UUID("5f0c1c1e-8a3b-5a51-9d7e-1c8f2f4f7b60")
"""Namespace of items that a file names by text: the same text is the same item of an assessment."""
NEW, SAME = "new", "same"


@dataclass(slots=True)
class Sitting:
    """One assessment of the file: its rows with learner and standard found.

    assessment: None where it is new and not made yet; made: it is new and was made by this import.
    """

    title: str
    given_on: date
    kind: str
    possible: Decimal | None
    assessment: Assessment | None = None
    made: bool = False
    rows: list[tuple[ResultRow, Entry]] = field(default_factory=list)


@dataclass(slots=True)
class ResultsPlan:
    """file: with the problems that only show against the section. verdicts: line -> "new" or "same"."""

    section: Section
    file: ResultsFile
    sittings: list[Sitting] = field(default_factory=list)
    learners: dict[int, Learner] = field(default_factory=dict)
    standards: dict[int, Standard] = field(default_factory=dict)
    verdicts: dict[int, str] = field(default_factory=dict)

    def count(self, verdict: str) -> int:
        return sum(found == verdict for found in self.verdicts.values())

    @property
    def new_assessments(self) -> list[Sitting]:
        return [sitting for sitting in self.sittings if sitting.assessment is None or sitting.made]

    @property
    def need_you(self) -> int:
        return len({problem.line for problem in self.file.blocking})


class ResultsFileRefused(ValueError):
    """Nothing was stored; the plan's blocking problems say why."""

    def __init__(self, plan: ResultsPlan) -> None:
        super().__init__("problems")
        self.plan = plan


def plan_results(file: ResultsFile, *, section: Section, of: Assessment | None = None) -> ResultsPlan:
    """Find learners, standards and assessments; add problems to the file; store nothing.

    of: every row is of this assessment of the section, whatever title it gives, and on standards that it has.
    """
    plan = ResultsPlan(section, file)
    columns = None if of is None else set(of.columns.values_list("standard_id", flat=True))
    people = _People(section)
    standards = _Standards(section, {row.standard for row in file.rows})
    matched = []
    for row in file.rows:
        learner, problem = people.find(row)
        standard, other = standards.find(row) if problem is None else (None, None)
        problem = problem or other or _scale_problem(row)
        if problem is None and standard is not None and columns is not None and standard.pk not in columns:
            problem = row_problem("not_assessed", line=row.line, field="standard", value=row.standard, who=row.learner)
        if problem is not None or learner is None or standard is None:
            file.problems += [] if problem is None else [problem]
            continue
        plan.learners[learner.pk], plan.standards[standard.pk] = learner, standard
        matched.append((row, learner, standard))
    _group(plan, matched, of)
    _compare(plan)
    file.problems.sort(key=lambda found: (not found.blocking, found.line or 0))
    return plan


@transaction.atomic
def import_results(
    file: ResultsFile,
    *,
    section: Section,
    by: Account | None,
    of: Assessment | None = None,
    source: str = Evidence.Source.FILE,
) -> ResultsPlan:
    """Store every result of the file, or none. Sending it again stores nothing.

    of: as in plan_results.

    Raises ResultsFileRefused; also ResultsRefused, where somebody stores another value in the same moment.
    """
    # One import into a section at a time, or two of the same file would both make its assessments.
    Section.objects.select_for_update(of=["self"]).get(pk=section.pk)
    plan = plan_results(file, section=section, of=of)
    if file.blocking:
        raise ResultsFileRefused(plan)
    sittings: list[tuple[Assessment, list[Entry]]] = []
    for sitting in plan.sittings:
        entries = [entry for row, entry in sitting.rows if plan.verdicts[row.line] == NEW]
        if not entries:
            continue
        if sitting.assessment is None:
            sitting.assessment, sitting.made = _create(sitting, plan, by), True
        assessment = sitting.assessment
        _add_columns(assessment, [entry.standard_id for entry in entries])
        _write_notes(assessment, sitting, plan, by)
        sittings.append((assessment, entries))
    record_sittings(sittings, by=by, source=source, lane=outbox.Lane.BULK)
    return plan


class _People:
    """Learners of the section by everything that a file may call them, and their days on the roster."""

    def __init__(self, section: Section) -> None:
        enrollments = (
            Enrollment.objects.of_learners().filter(roster=section.roster_id).select_related("learner__account")
        )
        self.today = timezone.localdate()
        self.names: dict[str, Learner] = {}
        self.spans: dict[int, list[tuple[date, date | None]]] = {}
        for enrollment in enrollments:
            learner = enrollment.learner
            assert learner is not None  # a constraint: of_learners names one
            self.spans.setdefault(learner.pk, []).append((enrollment.starts_on, enrollment.ends_on))
            for name in (learner.key, str(learner.uuid), learner.account and learner.account.email):
                if name:
                    self.names[name.lower()] = learner

    def find(self, row: ResultRow) -> tuple[Learner | None, Problem | None]:
        learner = self.names.get(row.learner.lower())
        if learner is None:
            return None, row_problem("nobody", line=row.line, field="learner", value=row.learner, who=row.learner)
        if row.observed_on > self.today:
            value = row.observed_on.isoformat()
            return None, row_problem("in_future", line=row.line, field="observed", value=value, who=learner.name)
        days = (row.observed_on, self.today)
        spans = self.spans[learner.pk]
        if any(starts <= day and (ends is None or ends >= day) for starts, ends in spans for day in days):
            return learner, None
        details = {"line": row.line, "field": "observed", "value": row.observed_on.isoformat(), "who": learner.name}
        return None, row_problem("not_then", params={"who": learner.name}, **details)


class _Standards:
    """Standards by identifier or code; of several with one code, the one that the section teaches."""

    def __init__(self, section: Section, written: Iterable[str]) -> None:
        written = set(written)
        uuids = {found for text in written if (found := _uuid(text))}
        rows = Standard.objects.in_force().filter(framework__district_id=section.district_id)
        rows = rows.select_related("framework").defer("source", "search", "framework__source", "framework__definitions")
        self.by_uuid: dict[uuid.UUID, list[Standard]] = {}
        for standard in rows.filter(uuid__in=uuids):
            self.by_uuid.setdefault(standard.uuid, []).append(standard)
        self.by_code: dict[str, list[Standard]] = {}
        lowered = {text.lower() for text in written}
        for standard in rows.alias(code_lower=Lower("code")).filter(code_lower__in=lowered):
            self.by_code.setdefault(standard.code.lower(), []).append(standard)
        taught = SectionStandard.objects.filter(section=section)
        self.taught = set(taught.values_list("standard_id", flat=True))

    def find(self, row: ResultRow) -> tuple[Standard | None, Problem | None]:
        identifier = _uuid(row.standard)
        found = self.by_uuid.get(identifier, []) if identifier else self.by_code.get(row.standard.lower(), [])
        if len(found) > 1:
            found = [one for one in found if one.pk in self.taught] or found
        details = {"line": row.line, "field": "standard", "value": row.standard, "who": row.learner}
        if not found:
            return None, row_problem("no_standard", **details)
        if len(found) > 1:
            frameworks = ", ".join(sorted({one.framework.title for one in found}))
            return None, row_problem(
                "many_standards", params={"count": len(found), "frameworks": frameworks}, **details
            )
        return found[0], None


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _scale_problem(row: ResultRow) -> Problem | None:
    if row.level is not None and row.level > LEVELS:
        details = {"line": row.line, "field": "level", "value": str(row.level), "who": row.learner}
        return row_problem("level_over", params={"top": LEVELS}, **details)
    return None


def _group(
    plan: ResultsPlan, matched: list[tuple[ResultRow, Learner, Standard]], only: Assessment | None = None
) -> None:
    """Sittings by title and day, each with one scale; excused rows follow the scale of the others."""
    standing = {
        (assessment.title, assessment.given_on): assessment
        for assessment in Assessment.objects.filter(section=plan.section, archived_at__isnull=True).order_by("-pk")
    }
    by_event = lambda found: (found[0].observed_on, found[0].assessment) if only is None else (only.given_on, "")
    for (given_on, title), group in groupby(sorted(matched, key=by_event), key=by_event):
        rows = sorted(group, key=lambda found: found[0].line)
        scored = next((row for row, _, _ in rows if not row.is_excused), None)
        assessment = only or standing.get((title, given_on))
        possible = scored.possible if scored else (assessment.points_possible if assessment else None)
        sitting = Sitting(title, given_on, rows[0][0].kind, possible, assessment)
        for row, learner, standard in rows:
            problem = _other_scale(row, sitting, scored)
            if problem is not None:
                plan.file.problems.append(replace(problem, who=learner.name))
                continue
            sitting.rows.append((row, _entry(row, learner, standard)))
        plan.sittings.append(sitting)


def _other_scale(row: ResultRow, sitting: Sitting, first: ResultRow | None) -> Problem | None:
    if row.is_excused:
        return None
    value = f"{row.possible:f}" if row.possible is not None else str(row.level)
    details = {"line": row.line, "field": "possible" if row.level is None else "level", "value": value}
    if first is not None and row.possible != sitting.possible:
        return row_problem("scales_differ", params={"first": first.line, "scale": _scale(sitting.possible)}, **details)
    if sitting.assessment is not None and row.possible != sitting.assessment.points_possible:
        scale = _scale(sitting.assessment.points_possible)
        return row_problem("scale_stands", params={"scale": scale}, **details)
    return None


def _scale(possible: Decimal | None) -> str:
    return f"1-{LEVELS}" if possible is None else f"0-{possible.normalize():f}"


def _entry(row: ResultRow, learner: Learner, standard: Standard) -> Entry:
    points = Decimal(row.level) if row.level is not None else row.points
    return Entry(
        learner_id=learner.pk,
        standard_id=standard.pk,
        kind=Kind.EXCUSED if row.is_excused else Kind.RESULT,
        points=None if row.is_excused else points,
        observed_at=_moment(row.observed_on, row.observed_time),
        replaces=row.replaces,
        attempt=row.attempt,
        item=(_uuid(row.item) or uuid.uuid5(ITEMS, row.item)) if row.item else NO_ITEM,
    )


def _moment(day: date, at: time | None) -> datetime:
    """A moment of the district's day; without a time noon, or now for today."""
    return observed_at(day) if at is None else timezone.make_aware(datetime.combine(day, at.replace(tzinfo=None)))


def _compare(plan: ResultsPlan) -> None:
    """What stands already: equal is the same, anything else is for the entry grid, where both values are seen."""
    known = [sitting.assessment for sitting in plan.sittings if sitting.assessment is not None]
    learners = {entry.learner_id for sitting in plan.sittings for _, entry in sitting.rows}
    standing = ledger.tips_of(known, learners) if known else {}
    for sitting in plan.sittings:
        of_assessment = sitting.assessment.pk if sitting.assessment is not None else None
        seen: dict[tuple, int] = {}
        kept = []
        for row, entry in sitting.rows:
            tip, _at = standing.get((of_assessment, *entry.cell), (None, None))
            who = plan.learners[entry.learner_id].name
            first = seen.setdefault(entry.cell, row.line)
            details = {"line": row.line, "field": "learner", "value": row.learner, "who": who}
            if first != row.line:  # one learner by key and by address, one standard by code and by identifier
                plan.file.problems.append(row_problem("twice", params={"first": first}, **details))
                continue
            if tip is None or tip.kind == Kind.CLEARED:
                plan.verdicts[row.line] = NEW
            elif ledger.same(entry, tip):
                plan.verdicts[row.line] = SAME
            elif row.replaces == tip.id:
                plan.verdicts[row.line] = NEW
            else:
                recorded = str(tip.kind) if tip.points is None else f"{tip.points.normalize():f}"
                problem = row_problem("recorded_differently", params={"recorded": recorded}, **details)
                plan.file.problems.append(problem)
                continue
            kept.append((row, entry))
        sitting.rows = kept


def _create(sitting: Sitting, plan: ResultsPlan, by: Account | None) -> Assessment:
    used = dict.fromkeys(entry.standard_id for _, entry in sitting.rows)
    return create_assessment(
        section=plan.section,
        standards=[plan.standards[pk] for pk in used],
        by=by,
        title=sitting.title,
        kind=sitting.kind,
        given_on=sitting.given_on,
        points_possible=sitting.possible,
    )


def _add_columns(assessment: Assessment, standard_ids: Sequence[int]) -> None:
    """Standards that an assessment of before does not have yet come after those that it has."""
    known = list(assessment.columns.values_list("standard_id", flat=True))
    new = [pk for pk in dict.fromkeys(standard_ids) if pk not in known]
    AssessmentStandard.objects.bulk_create(
        AssessmentStandard(assessment=assessment, standard_id=pk, position=len(known) + place)
        for place, pk in enumerate(new)
    )


def _write_notes(assessment: Assessment, sitting: Sitting, plan: ResultsPlan, by: Account | None) -> None:
    ResultNote.objects.bulk_create(
        ResultNote(
            assessment=assessment,
            learner_id=entry.learner_id,
            standard_id=entry.standard_id,
            text=row.comment,
            author=by,
        )
        for row, entry in sitting.rows
        if row.comment and plan.verdicts[row.line] == NEW
    )
