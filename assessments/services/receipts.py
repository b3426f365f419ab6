"""The account of one learner's level on one standard, with names, dates and words, from the ledger itself."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np
from django.utils import timezone

from assessments.mastery import events
from assessments.mastery.events import History
from assessments.mastery.outlook import Outlook, what_would_it_take
from assessments.mastery.receipt import Receipt, build_receipt
from assessments.mastery.sureness import Sureness, how_sure
from assessments.mastery.tree_level import TreeMethod
from assessments.mastery.tree_receipt import build_tree_receipt, tree_outlook
from assessments.models import Assessment, Evidence, Mastery, MasteryDay, OverrideReason, ResultNote
from assessments.services.histories import Histories, Into, read_one, read_pairs
from assessments.services.homes import homes_on
from assessments.services.policies import InForce, Policies
from profiles.models import Account, Learner, School
from standards.models import Standard


@dataclass(frozen=True)
class Named:
    """A result on the receipt: its assessment, its day, the mark given, and the teacher's line on it.

    possible: None where the mark is a level.    share, part: as in mastery.receipt.Line; None where left out.
    matched: the standard that it was given on, where that is another one; else None.
    is_inferred: it counts because it was carried over; else, with `matched`, because that is an exact match.
    """

    title: str
    at: datetime
    mark: Decimal | None
    possible: Decimal | None
    points: float | None
    note: str
    share: float | None = None
    part_micro: int | None = None
    part_short: int | None = None
    reason: str = ""
    matched: Standard | None = None
    is_inferred: bool = False


@dataclass(frozen=True)
class Override:
    record: int
    level: int
    by: Account | None
    at: datetime
    ends_at: datetime | None
    reason: str


@dataclass(frozen=True)
class LevelAccount:
    """shown_level: what every page shows, read from mastery.    is_current: the receipt says the same already.

    into: where results on other standards count too, as in `read_pairs`.
    school: the name of the one whose own way the policy is; "" where the district decides.
    trend: as the wall's cell shows it, 1 up, -1 down, 0 steady; 0 too for a closed day, whose account is its course.
    """

    receipt: Receipt | None
    lines: list[Named]
    left_out: list[Named]
    course: list[tuple[datetime, int | None]]
    outlook: Outlook | None
    override: Override | None
    policy: InForce
    shown_level: int | None
    is_current: bool
    computed_at: datetime | None
    trend: int = 0
    into: Into | None = None
    school: str = ""


def read_account(learner: Learner, standard: Standard, *, past: date | None = None) -> LevelAccount:
    """Everything that the receipt of this pair says; receipt is None where there is no record at all.

    past: a closed day; then everything is as of its end, and there is no outlook.
    """
    zone = ZoneInfo(learner.district.time_zone)
    today = past or timezone.localdate(timezone=zone)
    policies = Policies(learner.district_id)
    school = homes_on([learner.pk], today).get(learner.pk) if policies.schools else None
    policy = policies.on(standard.framework_id, today, subject_id=standard.subject_id, school_id=school)
    into = policies.counted_in(standard.framework_id, policy)
    if isinstance(policy.method, TreeMethod):
        histories = _read_subject(learner, standard, into, zone)
    else:
        histories = read_one(learner.pk, standard.pk, zone, into)
    stored: Mastery | MasteryDay | None
    if past is None:
        stored = Mastery.objects.filter(learner=learner, standard=standard).first()
    else:
        histories = histories.up_to(past)
        days = MasteryDay.objects.filter(learner=learner, standard=standard, day__lte=past)
        stored = days.order_by("-day").first()
    shown = stored.shown_level if stored else None
    of_school = ""
    if policy.school_id is not None:
        of_school = School.objects.values_list("name", flat=True).get(pk=policy.school_id)
    own = histories.rows.record[histories.rows.standard == standard.pk].tolist()
    if not own:
        return LevelAccount(None, [], [], [], None, None, policy, shown, shown is None, None, school=of_school)
    over = (histories.ends_day > 0) & (histories.ends_day <= today.toordinal())
    rows = replace(histories.rows, override_ends=np.where(over, -np.inf, np.inf))
    receipt, outlook = _computed(rows, standard, policy)
    names = _Names(learner, standard, own, histories)
    return LevelAccount(
        receipt=receipt,
        lines=[
            replace(
                names.of(line.records[-1], line.ts, line.points),
                share=line.share,
                part_micro=line.part_micro,
                part_short=line.part_short,
            )
            for line in receipt.lines
        ],
        left_out=[replace(names.of(out.record, out.ts, out.points), reason=out.reason) for out in receipt.left_out],
        course=[(instant(moment.ts), moment.value_micro) for moment in receipt.course],
        outlook=None if past else outlook,
        override=names.override(receipt.override_record, top=policy.scale.levels),
        policy=policy,
        shown_level=shown,
        is_current=stored is not None
        and stored.shown_level == receipt.shown_level
        and stored.value_micro == receipt.value_micro,
        computed_at=getattr(stored, "computed_at", None),
        into=into,
        trend=getattr(stored, "trend", 0),
        school=of_school,
    )


def _read_subject(learner: Learner, standard: Standard, into: Into | None, zone: ZoneInfo) -> Histories:
    """What the evidence tree replays for this standard."""
    found = read_pairs([(learner.pk, standard.subject_id)], zone, into)
    return found.take(found.track(standard.framework_id, exact=into is not None and into.exact))


def _computed(rows: History, standard: Standard, policy: InForce) -> tuple[Receipt, Outlook]:
    """rows: of the pair; by the tree, of the learner in the whole subject. Overrides that have ended, have ended."""
    parameters, scale = policy.parameters, policy.scale
    if isinstance(policy.method, TreeMethod):
        tree = policy.method
        receipt = build_tree_receipt(
            rows, standard=standard.pk, method=tree, parameters=parameters, scale=scale, now=0.0
        )
        domain = standard.domain_id or events.NONE
        level = receipt.computed_level
        outlook = tree_outlook(
            rows, standard=standard.pk, domain=domain, level=level, method=tree, scale=scale, now=_now()
        )
        return receipt, outlook
    receipt = build_receipt(rows, method=policy.method, parameters=parameters, scale=scale, now=0.0)
    outlook = what_would_it_take(
        receipt.points, receipt.weights, method=policy.method, parameters=parameters, scale=scale
    )
    return receipt, outlook


def _now() -> float:
    """Days since 1970, as the times of a history."""
    return float(events.days(np.datetime64(timezone.now().astimezone(UTC).replace(tzinfo=None), "us")))


def read_sureness(learner: Learner, standard: Standard, account: LevelAccount) -> Sureness:
    """How sure the evidence tree is; for staff only, and it moves no level."""
    zone = ZoneInfo(learner.district.time_zone)
    histories = _read_subject(learner, standard, account.into, zone)
    return how_sure(
        histories.rows,
        standard=standard.pk,
        domain=standard.domain_id or events.NONE,
        shown_level=account.shown_level,
        overridden=account.override is not None,
        newer=account.receipt.newer if account.receipt else 0,
        now=_now(),
        scale=account.policy.scale,
        calibration=account.policy.calibration(standard.subject_id),
    )


class _Names:
    """Titles, marks and notes of the records of one pair, read in three statements."""

    def __init__(self, learner: Learner, standard: Standard, records: list[int], histories: Histories) -> None:
        self._records = {
            record.pk: record
            for record in Evidence.objects.filter(pk__in=records, learner=learner).select_related("recorded_by")
        }
        assessment_ids = {row.assessment_id for row in self._records.values() if row.assessment_id is not None}
        self._titles: dict[int | None, str] = dict(
            Assessment.objects.filter(pk__in=assessment_ids).values_list("pk", "title")
        )
        others: set[int] = set()
        self._inferred: set[int] = set()
        if histories.matched is not None and histories.carried is not None:
            others = {row.standard_id for row in self._records.values()} - {standard.pk}
            self._inferred = set(histories.rows.record[histories.carried].tolist())
        self._matched: dict[int | None, Standard] = (
            Standard.objects.select_related("framework").in_bulk(others) if others else {}
        )
        notes = ResultNote.objects.filter(assessment__in=assessment_ids, learner=learner, standard=standard)
        self._notes: dict[int | None, str] = dict(
            notes.order_by("created_at", "pk").values_list("assessment_id", "text")
        )

    def of(self, record_id: int, ts: float, points: float | None) -> Named:
        record = self._records[record_id]
        return Named(
            title=self._titles.get(record.assessment_id, ""),
            at=record.observed_at,
            mark=record.points,
            possible=record.possible,
            points=points,
            note=self._notes.get(record.assessment_id, ""),
            matched=self._matched.get(record.standard_id),
            is_inferred=record_id in self._inferred,
        )

    def override(self, record_id: int | None, *, top: int) -> Override | None:
        """top: of the scale in force; a level that was set on a longer one counts as the highest."""
        if record_id is None:
            return None
        record = self._records[record_id]
        if record.level is None:
            return None
        reason = OverrideReason.objects.filter(evidence_id=record_id).values_list("text", flat=True).first() or ""
        level = min(record.level, top)
        return Override(record_id, level, record.recorded_by, record.observed_at, record.ends_at, reason)


def instant(days: float) -> datetime:
    """The moment behind float days since 1970, in UTC."""
    return datetime.fromtimestamp(round(days * 86_400_000_000) / 1_000_000, tz=UTC)
