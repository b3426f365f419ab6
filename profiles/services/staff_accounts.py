"""Accounts of staff as administrators look after them: who is in, who administers what, who is out."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from profiles.models import Account, AccountEvent, AdminRole, Enrollment, Invitation, School
from profiles.models.account import AccountQuerySet


class State(StrEnum):
    """Where an account stands."""

    ACTIVE = "active"
    INVITED = "invited"
    OVER = "over"
    """Asked in, and the link's last day is past."""
    NOT_ASKED = "not_asked"
    """Came with a roster say, and has neither signed in nor been asked in."""
    ENDED = "ended"


WAITING = (State.INVITED, State.OVER, State.NOT_ASKED)


@dataclass(frozen=True)
class StaffRow:
    """roles: what the person is today, in words, with where.    invitation: None where none was sent."""

    account: Account
    state: State
    invitation: Invitation | None
    roles: list[tuple[str, str]] = field(default_factory=list)

    @property
    def waits(self) -> bool:
        """Whether a first invitation, or one more, could be sent."""
        return self.state in WAITING and bool(self.account.email)


def in_state(accounts: AccountQuerySet, state: str, *, now: datetime) -> AccountQuerySet:
    """Those where state_of says so; all of them for a state that is none."""
    came = Q(last_login__isnull=False) | ~Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    asked = Q(invitation__isnull=False)
    open_link = Q(
        invitation__accepted_at__isnull=True, invitation__revoked_at__isnull=True, invitation__expires_at__gt=now
    )
    states = {
        State.ENDED: Q(is_active=False),
        State.ACTIVE: Q(is_active=True) & came,
        State.INVITED: Q(is_active=True) & ~came & open_link,
        State.OVER: Q(is_active=True) & ~came & asked & ~open_link,
        State.NOT_ASKED: Q(is_active=True) & ~came & ~asked,
    }
    return accounts.filter(states[State(state)]) if state in set(State) else accounts


def read_staff(accounts: Iterable[Account]) -> list[StaffRow]:
    """accounts: as `with_roles` reads them."""
    return [_row(account) for account in accounts]


def with_roles(accounts: AccountQuerySet, *, today: date) -> AccountQuerySet:
    """The queryset with what read_staff needs: two statements more, however many accounts."""
    lasting = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    return accounts.select_related("invitation", "district").prefetch_related(
        Prefetch(
            "admin_roles",
            AdminRole.objects.filter(lasting, starts_on__lte=today).select_related("school").order_by("kind", "pk"),
            to_attr="roles_today",
        ),
        Prefetch(
            "enrollments",
            Enrollment.objects.on(today).select_related("roster__school", "section").order_by("roster__title", "pk"),
            to_attr="classes_today",
        ),
    )


def _row(account: Any) -> StaffRow:
    invitation = getattr(account, "invitation", None)
    roles = [
        (role.get_kind_display(), role.school.name if role.school else account.district.name)
        for role in account.roles_today
    ]
    roles += [
        (each.get_role_display(), each.section.title if each.section else each.roster.title)
        for each in account.classes_today
    ]
    return StaffRow(account, state_of(account, invitation), invitation, roles)


def state_of(account: Account, invitation: Invitation | None) -> State:
    if not account.is_active:
        return State.ENDED
    if account.last_login is not None or account.has_usable_password():
        return State.ACTIVE
    if invitation is None:
        return State.NOT_ASKED
    return State.INVITED if invitation.opens_at(timezone.now()) else State.OVER


def roles_on(account: Account, *, today: date) -> QuerySet[AdminRole]:
    lasting = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    return AdminRole.objects.filter(lasting, account=account, starts_on__lte=today)


def give_role(account: Account, *, kind: str, school: School | None, by: Account) -> bool:
    """An administrator from today on; school is None for the whole district. False where it is so already."""
    today = timezone.localdate()
    if roles_on(account, today=today).filter(kind=kind, school=school).exists():
        return False
    AdminRole.objects.create(account=account, kind=kind, school=school, starts_on=today)
    note(account, AccountEvent.Kind.ROLE_GIVEN, by=by, words=school.name if school else account.district.name)
    return True


def end_role(role: AdminRole, *, by: Account) -> None:
    """Administers no longer, from the next request on."""
    role.ends_on = timezone.localdate() - timedelta(days=1)
    role.save(update_fields=["ends_on"])
    words = role.school.name if role.school else role.account.district.name
    note(role.account, AccountEvent.Kind.ROLE_ENDED, by=by, words=words)


@transaction.atomic
def end_account(account: Account, *, by: Account) -> None:
    """Nothing opens for it any more, from the next request on. Classes and records stay as they are."""
    account.is_active = False
    account.save(update_fields=["is_active"])
    note(account, AccountEvent.Kind.ENDED, by=by)


@transaction.atomic
def reopen_account(account: Account, *, by: Account) -> None:
    account.is_active = True
    account.save(update_fields=["is_active"])
    note(account, AccountEvent.Kind.REOPENED, by=by)


def note(account: Account, kind: AccountEvent.Kind, *, by: Account | None, words: str = "") -> None:
    AccountEvent.objects.create(account=account, by=by, kind=kind, words=words[:200])
