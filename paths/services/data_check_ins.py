"""Check-ins of data meetings: saved, changed, shared, removed; what was decided in them."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import IntegrityError, transaction
from django.db.models import Count, F, Q
from django.utils import timezone

from paths.models import DataCheckIn, DataCheckInReader, DataDecision
from paths.models.data_check_in import DataDecisionQuerySet
from paths.services import check_in_keeping
from profiles.models import Account, AdminRole, Enrollment, Learner, School

log = structlog.get_logger()


class ChangedSince(Exception):
    """Somebody, or another window, was first. Nothing was stored."""


class Taken(Exception):
    """The identifier of the form is that of something else."""


@transaction.atomic
def save_check_in(
    *,
    uuid: UUID,
    name: str,
    held_on: date,
    filters: Mapping[str, str],
    columns: Collection[str],
    readers: Collection[Account],
    by: Account,
) -> DataCheckIn:
    """The same form twice is one check-in. Raises Taken."""
    values = {"name": name, "held_on": held_on, "filters": dict(filters), "columns": list(columns)}
    try:
        found, is_new = DataCheckIn.objects.get_or_create(
            uuid=uuid, defaults={"district_id": by.district_id, "owner": by, **values}
        )
    except IntegrityError:  # of another district
        raise Taken from None
    if found.owner_id != by.pk:
        raise Taken
    if is_new:
        _share(found, readers)
        check_in_keeping.keep(found, today=timezone.localdate())
    return found


@transaction.atomic
def change_check_in(
    check_in: DataCheckIn,
    *,
    version: int,
    name: str,
    held_on: date,
    filters: Mapping[str, str],
    columns: Collection[str],
    readers: Collection[Account],
) -> None:
    """Raises ChangedSince."""
    found = DataCheckIn.objects.select_for_update(of=("self",)).get(pk=check_in.pk)
    if found.version != version or found.removed_at is not None:
        raise ChangedSince
    is_other = (found.held_on, found.filters) != (held_on, dict(filters))
    found.name, found.held_on, found.filters, found.columns = name, held_on, dict(filters), list(columns)
    found.version, found.changed_at = version + 1, timezone.now()
    found.save(update_fields=["name", "held_on", "filters", "columns", "version", "changed_at"])
    _share(found, readers)
    if is_other:
        check_in_keeping.forget(found)
        check_in_keeping.keep(found, today=timezone.localdate())


def _share(check_in: DataCheckIn, readers: Collection[Account]) -> None:
    wanted = {account.pk for account in readers} - {check_in.owner_id}
    check_in.readers.exclude(account__in=wanted).delete()
    DataCheckInReader.objects.bulk_create(
        [DataCheckInReader(check_in=check_in, account_id=pk) for pk in sorted(wanted)], ignore_conflicts=True
    )


@transaction.atomic
def hand_on(check_in: DataCheckIn, *, to: Account, by: Account) -> None:
    """Make it somebody else's, to change, share and remove. Who had it reads it from then on.

    Raises ChangedSince: it was handed on, or removed, meanwhile.
    """
    found = DataCheckIn.objects.select_for_update(of=("self",)).get(pk=check_in.pk)
    if found.owner_id != check_in.owner_id or found.removed_at is not None:
        raise ChangedSince
    before = found.owner
    found.owner, found.version, found.changed_at = to, found.version + 1, timezone.now()
    found.save(update_fields=["owner", "version", "changed_at"])
    found.readers.filter(account=to).delete()
    if before is not None and before.is_active and before.pk != to.pk:
        DataCheckInReader.objects.get_or_create(check_in=found, account=before)
    log.info("check-in handed on", check_in=found.pk, before=check_in.owner_id, to=to.pk, by=by.pk)


def left_behind(account: Account) -> list[DataCheckIn]:
    """Those that stand without anybody to change them, and that the account gives to somebody. One statement, none for
    who administers nothing."""
    access = account.access
    if not (access.is_district_admin or access.school_ids):
        return []
    rows = DataCheckIn.objects.handed_on_by(account).standing().exclude(owner__is_active=True)
    return list(rows.select_related("owner"))


def remove(check_in: DataCheckIn, *, away: bool, now: datetime) -> None:
    """Off every list, or back on them; its decisions go and come with it."""
    rows = DataCheckIn.objects.filter(pk=check_in.pk)
    if away:
        rows.filter(removed_at=None).update(removed_at=now)
    else:
        rows.update(removed_at=None)


def people_of(check_in: DataCheckIn) -> list[Account]:
    """Its owner and the colleagues who were named, by name, as far as they still sign in. One statement."""
    named = DataCheckInReader.objects.filter(check_in=check_in).values("account")
    found = Account.objects.filter(Q(pk__in=named) | Q(pk=check_in.owner_id or 0), is_active=True)
    return list(found.order_by("given_name", "family_name", "pk"))


def colleagues_of(account: Account, school: School | None, *, today: date) -> list[Account]:
    """Staff with whom the account may share: of that school, else of those where it works or administers.

    For who administers the district and names no school: its other administrators. One statement.
    """
    staff = Enrollment.objects.on(today).of_staff()
    admins = AdminRole.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today), starts_on__lte=today)
    access = account.access
    if school is not None:
        taught, admins = staff.filter(roster__school=school), admins.filter(school=school)
    elif access.is_district_admin:
        taught, admins = staff.none(), admins.filter(account__district=access.district_id)
    else:
        own = School.objects.filter(Q(pk__in=access.school_ids) | Q(rosters__in=access.roster_ids))
        taught, admins = staff.filter(roster__school__in=own), admins.filter(school__in=own)
    found = Account.objects.filter(
        Q(pk__in=taught.values("account")) | Q(pk__in=admins.values("account")),
        kind=Account.Kind.STAFF,
        is_active=True,
        district_id=access.district_id,
    )
    return list(found.exclude(pk=account.pk).order_by("given_name", "family_name", "pk"))


@transaction.atomic
def decide(
    *,
    uuid: UUID,
    check_in: DataCheckIn,
    learner: Learner | None,
    text: str,
    owner: Account,
    due_on: date | None,
    by: Account,
    today: date,
) -> DataDecision:
    """learner: None for all who were talked about. The same form twice is one decision. Raises Taken."""
    values: dict[str, Any] = {"check_in": check_in, "learner": learner, "text": text, "owner": owner, "due_on": due_on}
    found, _is_new = DataDecision.objects.get_or_create(uuid=uuid, defaults={**values, "by": by, "decided_on": today})
    if found.by_id != by.pk or found.check_in_id != check_in.pk:
        raise Taken
    return found


@transaction.atomic
def change_decision(decision: DataDecision, *, version: int, text: str, owner: Account, due_on: date | None) -> None:
    """The day on which it was decided stays. Raises ChangedSince."""
    found = _locked(decision, version)
    found.text, found.owner, found.due_on = text, owner, due_on
    found.version = version + 1
    found.save(update_fields=["text", "owner", "due_on", "version"])


@transaction.atomic
def set_done(decision: DataDecision, *, done: bool, by: Account, now: datetime) -> None:
    """Twice is once: who did it first stays."""
    found = DataDecision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    if done == (found.done_at is not None):
        return
    found.done_at, found.done_by = (now, by) if done else (None, None)
    found.save(update_fields=["done_at", "done_by"])


def withdraw(decision: DataDecision, *, away: bool, now: datetime) -> None:
    rows = DataDecision.objects.filter(pk=decision.pk)
    if away:
        rows.filter(withdrawn_at=None).update(withdrawn_at=now)
    else:
        rows.update(withdrawn_at=None)


def _locked(decision: DataDecision, version: int) -> DataDecision:
    found = DataDecision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    if found.version != version or found.withdrawn_at is not None:
        raise ChangedSince
    return found


def count_decisions(account: Account, check_ins: Collection[int]) -> dict[int, tuple[int, int]]:
    """{check-in id: (open, all)} of those that stand and that the account may read. One statement."""
    rows = DataDecision.objects.visible_to(account).standing().filter(check_in__in=check_ins).order_by()
    counted = rows.values("check_in").annotate(n=Count("pk"), still=Count("pk", filter=Q(done_at=None)))
    return {row["check_in"]: (row["still"], row["n"]) for row in counted}


def to_do(account: Account) -> list[DataDecision]:
    """Open decisions that the account does, of all its check-ins, the next day first. One statement."""
    rows = (_open_decisions() & DataDecision.objects.visible_to(account)).filter(owner=account)
    rows = rows.select_related("check_in", "learner")
    return list(rows.order_by(F("due_on").asc(nulls_last=True), "at", "pk"))


def owe_soon(today: date, *, days: int) -> set[int]:
    """Ids of the accounts of the open district that agreed to something due in so many days, today the first, or at
    most as many days ago. One statement."""
    found = _open_decisions().filter(due_on__gte=today - timedelta(days=days), due_on__lt=today + timedelta(days=days))
    return set(found.order_by().values_list("owner_id", flat=True)) - {None}


def count_due(account: Account, today: date, *, days: int) -> int:
    """How many of these the account does and may still read. One statement, and what its access takes."""
    rows = _open_decisions() & DataDecision.objects.visible_to(account)
    near = rows.filter(due_on__gte=today - timedelta(days=days), due_on__lt=today + timedelta(days=days))
    return near.filter(owner=account).count()


def _open_decisions() -> DataDecisionQuerySet:
    return DataDecision.objects.standing().filter(done_at__isnull=True, check_in__removed_at__isnull=True)
