"""Take a package over: one transaction, set-wise, and nobody's work is deleted."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from profiles.models import Account, District, Learner, RosterImport
from profiles.oneroster.package import Roster
from profiles.services.roster_import import policy
from profiles.services.roster_import.affected import Affected
from profiles.services.roster_import.appointing import appoint, note_families
from profiles.services.roster_import.digest import digest_of
from profiles.services.roster_import.entities import ENTITIES
from profiles.services.roster_import.journal import Journal
from profiles.services.roster_import.letting_go import let_go
from profiles.services.roster_import.one_at_a_time import lock
from profiles.services.roster_import.plan import Brake, RosterPlan
from profiles.services.roster_import.planning import plan_import
from profiles.services.roster_import.stamps import keep_stamps
from profiles.services.roster_import.stored import Kept
from profiles.services.roster_import.wishes import Wish
from profiles.services.roster_import.writing import Ids, write_entity
from profiles.services.roster_import.writing_enrollments import write_enrollments

Say = Callable[[str], None]
"""Told what is done next: "compare", the name of an entity, "enrollments" or "keep"."""


class RosterRefused(ValueError):
    """Nothing was changed. plan: what would have been; its blocking problems or its brake say why."""

    def __init__(self, plan: RosterPlan, brake: Brake | None = None):
        super().__init__("brake" if brake else "problems")
        self.plan, self.brake = plan, brake


class RosterMoved(ValueError):
    """Nothing was changed: it would not be what was looked at any more. plan: what it would be now."""

    def __init__(self, plan: RosterPlan):
        super().__init__("moved")
        self.plan = plan


class DemoRefused(ValueError):
    """The district is the demo, which is removed whole. The message says where a real roster goes."""

    def __init__(self) -> None:
        super().__init__(
            _("This is the demo school, and removing it removes everybody in it. A real roster needs its own database.")
        )


@transaction.atomic
def import_roster(
    roster: Roster,
    *,
    district: District,
    brake_percent: float | None = None,
    release_brake: bool = False,
    expect: str = "",
    by: Account | None = None,
    name: str = "",
    say: Say = lambda what: None,
) -> RosterPlan:
    """Take the package over and return what was changed; again: no change.

    brake_percent: None is the district's policy. release_brake: `by` has looked at who leaves and says it is right.
    expect: the digest of what somebody has looked at, "" for anything. name: of the file, for the list of imports.
    Raises RosterRefused: a line waits to be settled, or more would leave than the brake allows. RosterMoved.
    DemoRefused.
    """
    if district.is_demo:
        raise DemoRefused
    lock(district.pk)
    zone = ZoneInfo(district.time_zone)
    today = datetime.now(zone).date()
    say("compare")
    limit = policy.brake_percent(district) if brake_percent is None else brake_percent
    plan = plan_import(roster, district=district, today=today, brake_percent=limit)
    if plan.roster.blocking:
        raise RosterRefused(plan)
    if expect and digest_of(plan) != expect:
        raise RosterMoved(plan)
    if plan.brake and not release_brake:
        raise RosterRefused(plan, plan.brake)
    journal, affected = Journal(), Affected(today)
    _apply(plan, district, today, journal, affected, say)
    affected.tell(zone)
    if journal.is_empty and plan.is_unchanged:
        keep_stamps(roster, district=district, journal=None)
        return plan
    say("keep")
    row = RosterImport.objects.create(
        district=district,
        account=by,
        name=name[:255],
        version=roster.version,
        is_delta=bool(roster.deltas),
        brake=brake_as_kept(plan.brake),
        released_by=by if plan.brake else None,
        summary=summary_of(plan),
    )
    keep_stamps(roster, district=district, journal=journal)
    journal.keep(row)
    plan.kept_as = row
    return plan


def summary_of(plan: RosterPlan) -> dict[str, int]:
    counts = {name: plan.count(name) for name in ("new", "changed", "same")}
    return {**counts, "leaving": len(plan.leaving), "left_out": plan.roster.left_out}


def brake_as_kept(brake: Brake | None) -> dict | None:
    if brake is None:
        return None
    limit = float(brake.limit_percent)
    return {"what": brake.what, "leaving": brake.leaving, "known": brake.known, "limit": limit}


def _apply(plan: RosterPlan, district: District, today, journal: Journal, affected: Affected, say: Say) -> None:
    _adopt(plan, journal)
    let_go(plan.leaving, today=today, affected=affected, journal=journal)
    ids: Ids = {}
    for entity in ENTITIES.values():
        say(entity.name)
        stored, wishes = dict(plan.stored[entity.name]), plan.writes.get(entity.name, [])
        if entity.name == "learners":
            _free_numbers(wishes, stored, journal)
            _let_back_in(wishes, stored, journal)
            _note_moves(wishes, stored, affected)
        write_entity(entity, wishes, stored, district=district, ids=ids, journal=journal)
    say("enrollments")
    write_enrollments(plan, ids, affected=affected, journal=journal)
    appoint(plan, ids, today=today, journal=journal)
    note_families(plan, ids, today=today, journal=journal)


def _adopt(plan: RosterPlan, journal: Journal) -> None:
    """Accounts made by hand get the key of their line, and are changed by it like those that had it before."""
    keys = dict(plan.adopted)
    journal.remember("accounts", list(keys))
    columns = ENTITIES["accounts"].columns
    for pk, *values in Account.objects.filter(pk__in=keys).values_list("pk", *columns):
        Account.objects.filter(pk=pk, key__isnull=True).update(key=keys[pk])
        plan.stored.rows["accounts"][keys[pk]] = Kept(pk, dict(zip(columns, values, strict=True)), {})


def _free_numbers(wishes: Iterable[Wish], stored: Mapping[str, Kept], journal: Journal) -> None:
    """A number for the class code is unique in a school; who moves to another gets a new one there."""
    moving = [
        stored[wish.key].pk
        for wish in wishes
        if wish.key in stored and stored[wish.key].values["home_school"] != wish.values.get("home_school")
        if "home_school" in wish.values
    ]
    if moving:
        journal.remember("learners", moving)
        Learner._base_manager.filter(pk__in=moving).update(number=None)


def _let_back_in(wishes: Iterable[Wish], stored: Mapping[str, Kept], journal: Journal) -> None:
    """Who comes back may sign in again, also without a line about the account."""
    back = [
        stored[wish.key].pk
        for wish in wishes
        if wish.key in stored and stored[wish.key].values["left_on"] and wish.row["enabledUser"] is not False
    ]
    if back:
        accounts = list(Account.objects.filter(learner__pk__in=back).values_list("pk", flat=True))
        journal.remember("accounts", accounts)
        Account.objects.filter(pk__in=accounts).update(is_active=True)


def _note_moves(wishes: Iterable[Wish], stored: Mapping[str, Kept], affected: Affected) -> None:
    for wish in wishes:
        kept = stored.get(wish.key)
        counted = ("home_school", "grade", "left_on")
        if kept and any(column in wish.values and kept.values[column] != wish.values[column] for column in counted):
            affected.add(kept.pk)
