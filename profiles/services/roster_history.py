"""Who did what to a class list, kept with each step and read on its page."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from profiles.models import Account, Enrollment, Roster, RosterAct, RosterChange

SHOWN = 50
"""So many steps stand on the page, the newest first."""


@dataclass(frozen=True)
class Told:
    """A step as it is read: whom it concerned on this roster, and where else it changed something."""

    act: RosterAct
    people: list[str]
    learner_ids: list[int]
    elsewhere: list[str]
    until: date | None
    can_undo: bool


def keep(kind: str, *, by: Account, row: Enrollment, before: dict | None) -> RosterAct:
    """A step that changed this one enrollment; before: its dates, None where the step made it."""
    act = RosterAct.objects.create(kind=kind, by=by, district_id=by.district_id)
    RosterChange.objects.create(
        act=act,
        roster_id=row.roster_id,
        enrollment=row,
        learner_id=row.learner_id,
        before=before,
        after=dates_of(row),
    )
    return act


def last_step(row: Enrollment) -> RosterAct | None:
    """The newest step on this enrollment that still stands."""
    return RosterAct.objects.filter(changes__enrollment=row, undone_at=None).order_by("-at", "-pk").first()


def mark_undone(row: Enrollment, *, by: Account) -> None:
    """The last step on this enrollment that still stands was taken back by hand."""
    act = last_step(row)
    if act is not None and act.kind == RosterAct.Kind.WITHDRAW and act.changes.count() == 1:
        act.undone_at, act.undone_by = timezone.now(), by
        act.save(update_fields=["undone_at", "undone_by"])


def history_of(roster: Roster, *, since: Any) -> list[Told]:
    """The newest steps first. since: older ones cannot be undone."""
    acts = list(
        RosterAct.objects.filter(pk__in=RosterChange.objects.filter(roster=roster).values("act"))
        .select_related("by", "undone_by")
        .order_by("-at", "-pk")[:SHOWN]
    )
    changes: dict[int, list[RosterChange]] = {act.pk: [] for act in acts}
    rows = RosterChange.objects.filter(act__in=acts, roster__isnull=False).select_related(
        "learner", "roster", "enrollment__account"
    )
    for row in rows.order_by("pk"):
        changes[row.act_id].append(row)
    return [_told(act, changes[act.pk], roster, since) for act in acts]


def _told(act: RosterAct, changes: list[RosterChange], roster: Roster, since: Any) -> Told:
    here = [row for row in changes if row.roster_id == roster.pk]
    people = dict.fromkeys(_name(row) for row in here)
    elsewhere = dict.fromkeys(row.roster.title for row in changes if row.roster is not None and row.roster != roster)
    last_days = {row.after.get("ends_on") for row in here} - {None}
    until = date.fromisoformat(last_days.pop()) if len(last_days) == 1 else None
    can_undo = act.undone_at is None and act.at >= since and act.kind != RosterAct.Kind.ROLL_OVER
    ids = [row.learner_id for row in here if row.learner_id is not None]
    return Told(act, list(people), ids, list(elsewhere), until, can_undo)


def _name(row: RosterChange) -> str:
    if row.learner is not None:
        return row.learner.name
    return row.enrollment.account.name if row.enrollment and row.enrollment.account else ""


def dates_of(row: Enrollment) -> dict[str, str | None]:
    return {"starts_on": plain(row.starts_on), "ends_on": plain(row.ends_on)}


def plain(value: Any) -> Any:
    """As JSON holds it."""
    return value.isoformat() if isinstance(value, date) else value
