"""Who teaches a class, by hand: co-teachers, aides, and substitutes whose rights end by themselves."""

from datetime import date
from uuid import UUID

from django.db.models import F, Q, QuerySet

from profiles.models import Account, Enrollment, Roster, RosterAct, Section
from profiles.services.roster_acts import ChangedMeanwhile, acting

Role = Enrollment.Role
GIVEN_BY_TEACHERS = (Role.CO_TEACHER, Role.AIDE, Role.SUBSTITUTE)
"""Who teaches a class alone is said by administrators."""


class HasRole(Exception):
    """The person has this role here already, on the days that were asked for."""


class NotYours(Exception):
    """Only administrators may end this: a teacher's role, or one's own."""


def may_appoint(account: Account, roster: Roster) -> tuple[Enrollment.Role, ...]:
    """The roles that the account may give on a roster which it may change."""
    access = account.access
    if access.is_district_admin or roster.school_id in access.school_ids:
        return (Role.TEACHER, *GIVEN_BY_TEACHERS)
    return GIVEN_BY_TEACHERS


def staff_to_choose(roster: Roster, *, on: date) -> QuerySet[Account]:
    """Staff with a class at the roster's school on that day, and its administrators, by name."""
    at_school = Enrollment.objects.on(on).of_staff().filter(roster__school=roster.school_id)
    administers = Q(admin_roles__school=roster.school_id, admin_roles__starts_on__lte=on) & (
        Q(admin_roles__ends_on__isnull=True) | Q(admin_roles__ends_on__gte=on)
    )
    found = Account.objects.filter(kind=Account.Kind.STAFF, is_active=True, district=roster.district_id)
    found = found.filter(Q(pk__in=at_school.values("account")) | administers)
    return found.distinct().order_by("given_name", "family_name", "pk")


def appoint(
    *,
    roster: Roster,
    section: Section | None,
    account: Account,
    role: str,
    starts_on: date,
    ends_on: date | None,
    by: Account,
    uuid: UUID | None = None,
) -> RosterAct:
    """Give somebody a role from one day to another, the last included. A substitute's has a last day.

    section: the one subject that it is limited to, None for the whole class.
    Raises HasRole, DoneAlready; ValueError for a substitute without a last day.
    """
    if role == Role.SUBSTITUTE and ends_on is None:
        raise ValueError("A substitute's role ends.")
    with acting(RosterAct.Kind.STAFF_ADD, by=by, roster_ids=[roster.pk], uuid=uuid) as step:
        same = Enrollment.objects.of_staff().filter(roster=roster, account=account, role=role, section=section)
        same = same.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on))
        if ends_on is not None:
            same = same.filter(starts_on__lte=ends_on)
        if same.exclude(ends_on__lt=F("starts_on")).exists():
            raise HasRole
        step.staff(
            roster_id=roster.pk,
            section_id=section.pk if section else None,
            account=account,
            role=role,
            starts_on=starts_on,
            ends_on=ends_on,
        )
    return step.act


def may_end(account: Account, row: Enrollment) -> bool:
    """Teachers end the roles that they may give, never their own; administrators end all."""
    return Role(row.role) in may_appoint(account, row.roster) and (
        row.account_id != account.pk or Role.TEACHER in may_appoint(account, row.roster)
    )


def set_last_day(
    *, row: Enrollment, seen: date | None, ends_on: date, by: Account, uuid: UUID | None = None
) -> RosterAct | None:
    """Say on which day a role is had last; before its first day, it is never had. None where that is so already.

    seen: the last day that the page showed. Raises NotYours, ChangedMeanwhile, DoneAlready.
    """
    if not may_end(by, row):
        raise NotYours
    with acting(RosterAct.Kind.STAFF_END, by=by, roster_ids=[row.roster_id], uuid=uuid) as step:
        row = Enrollment.objects.of_staff().select_for_update(of=["self"]).get(pk=row.pk)
        if row.ends_on != seen:
            raise ChangedMeanwhile
        if row.ends_on != ends_on:
            step.redate(row, ends_on=ends_on, on=ends_on)
    return step.act if step.changes else None
