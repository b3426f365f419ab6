"""Take a package over: one transaction, set-wise, and nobody's work is deleted."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from lrm.changes import enrollments_changed
from profiles.models import Account, AdminRole, District, Enrollment, Guardianship, Learner, School, Section
from profiles.oneroster.package import Roster
from profiles.services.roster_import.entities import ENTITIES, Entity
from profiles.services.roster_import.planning import BRAKE_PERCENT, Brake, RosterPlan, plan_import
from profiles.services.roster_import.stored import Kept
from profiles.services.roster_import.wishes import EnrollmentWish, Wish

BATCH = 1000
DEFAULTS: dict[str, dict[str, Any]] = {
    "accounts": {"email": None},
    "learners": {"preferred_name": "", "grade": "", "account": None},
    "sessions": {"parent": None},
}
"""What a new row gets in columns that a package may be silent about."""


class RosterRefused(ValueError):
    """Nothing was changed. plan: what would have been; its blocking problems or its brake say why."""

    def __init__(self, plan: RosterPlan, brake: Brake | None = None):
        super().__init__("brake" if brake else "problems")
        self.plan, self.brake = plan, brake


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
    brake_percent: float = BRAKE_PERCENT,
    release_brake: bool = False,
) -> RosterPlan:
    """Take the package over and return what was changed; again: no change.

    release_brake: a person has looked at who leaves and says that it is right.
    Raises RosterRefused: a line waits to be settled, or more would leave than the brake allows. DemoRefused.
    """
    if district.is_demo:
        raise DemoRefused
    with connection.cursor() as cursor:  # one import of a district at a time
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"roster {district.pk}"])
    today = datetime.now(ZoneInfo(district.time_zone)).date()
    plan = plan_import(roster, district=district, today=today, brake_percent=brake_percent)
    if plan.roster.blocking:
        raise RosterRefused(plan)
    if plan.brake and not release_brake:
        raise RosterRefused(plan, plan.brake)
    for pk, key in plan.adopted:
        Account.objects.filter(pk=pk, key__isnull=True).update(key=key)
    affected = _Affected()
    ids: dict[str, dict[str, int]] = {}
    for entity in ENTITIES.values():
        _write(plan, entity, district, ids, affected)
    _write_enrollments(plan, ids, affected)
    _let_go(plan, today, affected)
    _write_administrators(plan, ids, today)
    _write_guardians(plan, ids, today)
    if affected.learners:
        zone = ZoneInfo(district.time_zone)
        enrollments_changed.tell(
            sorted(affected.learners), roster_ids=sorted(affected.rosters), days=sorted(affected.days), zone=zone
        )
    return plan


class _Affected:
    """Learners whose place has changed, their rosters, and the days on which something begins or ends for them."""

    def __init__(self) -> None:
        self.learners: set[int] = set()
        self.rosters: set[int] = set()
        self.days: set[date] = set()

    def add(self, learner: int | None, *days: date | None) -> None:
        if learner is not None:
            self.learners.add(learner)
            self.days.update(day for day in days if day is not None)


def _write(
    plan: RosterPlan, entity: Entity, district: District, ids: dict[str, dict[str, int]], affected: _Affected
) -> None:
    """Insert or update the wishes of one kind; ids then holds every key of that kind."""
    stored = plan.stored[entity.name]
    ids[entity.name] = {key: kept.pk for key, kept in stored.items()}
    wishes = plan.writes.get(entity.name, [])
    if entity.name == "learners":
        _free_numbers(wishes, stored)
        _let_back_in(wishes, stored)
        _note_moves(wishes, stored, affected)
    if not wishes:
        return
    rows = [_row(entity, wish, stored.get(wish.key), district, ids) for wish in wishes]
    for start in range(0, len(rows), BATCH):
        written = entity.model._base_manager.bulk_create(
            rows[start : start + BATCH],
            update_conflicts=True,
            unique_fields=["district", "key"],
            update_fields=entity.written,
        )
        ids[entity.name].update((row.key, row.pk) for row in written)  # type: ignore[attr-defined]  # every model of a roster has a key
    _write_links_to_itself(entity, wishes, ids[entity.name])


def _row(
    entity: Entity, wish: Wish, kept: Kept | None, district: District, ids: Mapping[str, Mapping[str, int]]
) -> Any:
    values = {**DEFAULTS.get(entity.name, {}), **(kept.values if kept else {}), **wish.values}
    fields: dict[str, Any] = {column: values[column] for column in entity.columns}
    for column, target in entity.links.items():
        if column not in wish.values and kept is not None:
            fields[f"{column}_id"] = kept.link_ids[column]  # also one that has no key
        elif target == entity.name:
            fields[f"{column}_id"] = None  # waits until every row has its primary key
        else:
            fields[f"{column}_id"] = ids[target].get(values[column])
    if entity.name == "accounts":
        fields["password"] = "!"  # noqa: S105 (signs in by address and link, or by a single sign-on)
    return entity.model(district=district, key=wish.key, **fields)


def _write_links_to_itself(entity: Entity, wishes: Iterable[Wish], ids: Mapping[str, int]) -> None:
    for column, target in entity.links.items():
        if target != entity.name:
            continue
        by_parent: dict[str, list[int]] = {}
        for wish in wishes:
            if wish.values.get(column):
                by_parent.setdefault(wish.values[column], []).append(ids[wish.key])
        for parent, children in by_parent.items():
            entity.model._base_manager.filter(pk__in=children).update(**{f"{column}_id": ids[parent]})


def _free_numbers(wishes: Iterable[Wish], stored: Mapping[str, Kept]) -> None:
    """A number for the class code is unique in a school; who moves to another gets a new one there."""
    moving = [
        stored[wish.key].pk
        for wish in wishes
        if wish.key in stored and stored[wish.key].values["home_school"] != wish.values["home_school"]
    ]
    if moving:
        Learner._base_manager.filter(pk__in=moving).update(number=None)


def _let_back_in(wishes: Iterable[Wish], stored: Mapping[str, Kept]) -> None:
    """Who comes back may sign in again, also without a line about the account."""
    back = [
        stored[wish.key].pk
        for wish in wishes
        if wish.key in stored and stored[wish.key].values["left_on"] and wish.row["enabledUser"] is not False
    ]
    if back:
        Account.objects.filter(learner__pk__in=back).update(is_active=True)


def _note_moves(wishes: Iterable[Wish], stored: Mapping[str, Kept], affected: _Affected) -> None:
    for wish in wishes:
        kept = stored.get(wish.key)
        counted = ("home_school", "grade", "left_on")
        if kept and any(column in wish.values and kept.values[column] != wish.values[column] for column in counted):
            affected.add(kept.pk)


def _write_enrollments(plan: RosterPlan, ids: Mapping[str, Mapping[str, int]], affected: _Affected) -> None:
    changed = []
    for wish, kept in plan.enrollments_changed:
        row = _enrollment(wish, ids)
        row.pk = kept.pk
        changed.append(row)
        affected.add(row.learner_id, wish.starts_on, _day_after(wish.ends_on))
        affected.rosters |= {row.roster_id, ids["rosters"].get(kept.roster or "", row.roster_id)}
        if kept.is_learner:
            affected.add(ids["learners"].get(kept.person or ""))
    columns = ["key", "roster", "learner", "account", "role", "starts_on", "ends_on"]
    # Those that end make room for those that open again: one open enrollment a learner and roster.
    changed.sort(key=lambda row: row.ends_on is None)
    Enrollment._base_manager.bulk_update(changed, columns, batch_size=300)
    new = [_enrollment(wish, ids) for wish in plan.enrollments_new]
    Enrollment._base_manager.bulk_create(new, batch_size=BATCH)
    for row in new:
        affected.add(row.learner_id, row.starts_on, _day_after(row.ends_on))
        affected.rosters.add(row.roster_id)


def _enrollment(wish: EnrollmentWish, ids: Mapping[str, Mapping[str, int]]) -> Enrollment:
    return Enrollment(
        key=wish.key,
        roster_id=ids["rosters"][wish.roster],
        learner_id=ids["learners"][wish.person] if wish.is_learner else None,
        account_id=None if wish.is_learner else ids["accounts"][wish.person],
        role=wish.role,
        starts_on=wish.starts_on,  # type: ignore[misc]  # the plan has filled it
        ends_on=wish.ends_on,
    )


def _day_after(day: date | None) -> date | None:
    return day + timedelta(days=1) if day else None


def _let_go(plan: RosterPlan, today: date, affected: _Affected) -> None:
    """End what is no longer in the package. Rights end with enrollments; what a learner made stays."""
    pks: dict[str, list[int]] = {}
    for one in plan.leaving:
        pks.setdefault(one.what, []).append(one.pk)
    learners, accounts = pks.get("learners", []), pks.get("accounts", [])
    School._base_manager.filter(pk__in=pks.get("schools", [])).update(left_on=today)
    Section._base_manager.filter(pk__in=pks.get("sections", [])).update(archived_at=timezone.now())
    Learner._base_manager.filter(pk__in=learners).update(left_on=today)
    Account.objects.filter(pk__in=accounts).update(is_active=False)
    Account.objects.filter(learner__pk__in=learners).update(is_active=False)
    gone = Enrollment._base_manager.filter(
        Q(pk__in=pks.get("enrollments", [])) | Q(learner__in=learners) | Q(account__in=accounts)
    ).filter(Q(ends_on__isnull=True) | Q(ends_on__gt=today))
    for learner, roster in gone.filter(learner__isnull=False).values_list("learner_id", "roster_id"):
        affected.add(learner)
        affected.rosters.add(roster)
    for learner in learners:
        affected.add(learner)
    # The last day counts, so it was yesterday; what has not begun yet ends before it begins and is never in force.
    gone.update(ends_on=today - timedelta(days=1))


def _write_administrators(plan: RosterPlan, ids: Mapping[str, Mapping[str, int]], today: date) -> None:
    """Appoint administrators that the package names. None is dismissed: those appointed here are not in it."""
    wanted = {
        (ids["accounts"][person], None if of_district else ids["schools"][school])
        for person, of_district, school in plan.wanted.administrators
    }
    if not wanted:
        return
    standing = AdminRole.objects.filter(account_id__in=[account for account, _ in wanted], ends_on__isnull=True)
    wanted -= set(standing.values_list("account_id", "school_id"))
    kinds = AdminRole.Kind
    AdminRole.objects.bulk_create(
        AdminRole(
            account_id=account,
            kind=kinds.DISTRICT if school is None else kinds.SCHOOL,
            school_id=school,
            starts_on=today,
        )
        for account, school in sorted(wanted, key=str)
    )


def _write_guardians(plan: RosterPlan, ids: Mapping[str, Mapping[str, int]], today: date) -> None:
    """Note who is guardian of whom; nothing is seen before the school has confirmed it."""
    Guardianship._base_manager.bulk_create(
        [
            Guardianship(
                account_id=ids["accounts"][guardian],
                learner_id=ids["learners"][learner],
                relation=relation,
                starts_on=today,
            )
            for guardian, learner, relation in plan.wanted.guardians
        ],
        batch_size=BATCH,
        ignore_conflicts=True,
    )
