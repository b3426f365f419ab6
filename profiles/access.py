"""What an account is today: read in one statement, kept for one request, used by every `visible_to`."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.db import connection

from lrm import policy
from lrm.api import problems

if TYPE_CHECKING:
    from profiles.models import Account

STAFF_ROLES = ("teacher", "co_teacher", "aide", "substitute")

TAUGHT = "(s.roster_id = ANY(%(rosters)s::bigint[]) OR s.id = ANY(%(sections)s::bigint[]))"
"""Sections s with a staff enrollment today: `SectionQuerySet.taught_by` for statements that are written out."""


@dataclass(frozen=True)
class Access:
    """Rights of one account on one day.

    learner_id: whom the account is, or None.    ward_ids: learners whom it is guardian of.
    whole_rosters: roster ids where its staff enrollment covers all sections.
    sections: {section id: roster id} where it covers one section only.
    staff_roles: {roster id: set of roles} over both.    school_ids: schools that it administers.
    is_system: no person, but a system that the district has let in (profiles/models/integration.py).
    """

    account_id: int
    district_id: int
    learner_id: int | None = None
    ward_ids: frozenset[int] = frozenset()
    whole_rosters: frozenset[int] = frozenset()
    sections: dict[int, int] = field(default_factory=dict)
    staff_roles: dict[int, frozenset[str]] = field(default_factory=dict)
    school_ids: frozenset[int] = frozenset()
    is_district_admin: bool = False
    is_system: bool = False

    @property
    def roles(self) -> frozenset[str]:
        found = set()
        if self.learner_id is not None:
            found.add(policy.LEARNER)
        if self.ward_ids:
            found.add(policy.GUARDIAN)
        if self.staff_roles:
            found.add(policy.TEACHER)
        if self.school_ids:
            found.add(policy.SCHOOL_ADMIN)
        if self.is_district_admin:
            found.add(policy.DISTRICT_ADMIN)
        if self.is_system:
            found.add(policy.SYSTEM)
        return frozenset(found)

    @property
    def roster_ids(self) -> frozenset[int]:
        """Every roster whose learners this person teaches today."""
        return frozenset(self.staff_roles)

    @property
    def taught(self) -> dict[str, list[int]]:
        """The parameters of TAUGHT."""
        return {"rosters": list(self.whole_rosters), "sections": list(self.sections)}

    @property
    def may_talk(self) -> bool:
        """Whether there is anybody around whom the account has conversations: see paths/models/talk.py."""
        return self.learner_id is not None or bool(self.ward_ids) or self.stays

    @property
    def stays(self) -> bool:
        """Staff of some class, and not only standing in for somebody."""
        return any(roles - {"substitute"} for roles in self.staff_roles.values())

    @property
    def may_note(self) -> bool:
        """Whether there is anybody about whom the account reads notes for staff only."""
        return self.stays or bool(self.school_ids) or self.is_district_admin

    @property
    def is_staff(self) -> bool:
        return bool(self.staff_roles or self.school_ids or self.is_district_admin)


SQL = """
SELECT 'learner', id, NULL::bigint, NULL FROM profiles_learner WHERE account_id = %(account)s AND left_on IS NULL
UNION ALL
SELECT 'ward', learner_id, NULL, NULL FROM profiles_guardianship
 WHERE account_id = %(account)s AND confirmed_at IS NOT NULL
   AND starts_on <= %(on)s AND (ends_on IS NULL OR ends_on >= %(on)s)
UNION ALL
SELECT 'staff', roster_id, section_id, role FROM profiles_enrollment
 WHERE account_id = %(account)s AND starts_on <= %(on)s AND (ends_on IS NULL OR ends_on >= %(on)s)
UNION ALL
SELECT 'admin', school_id, NULL, kind FROM profiles_adminrole
 WHERE account_id = %(account)s AND starts_on <= %(on)s AND (ends_on IS NULL OR ends_on >= %(on)s)
"""


def access_of(account: "Account", *, on: date) -> Access:
    """Read the rights of an account on a day of its district's calendar."""
    learner_id, wards, whole, schools, is_district_admin = None, set(), set(), set(), False
    sections: dict[int, int] = {}
    staff: dict[int, set[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(SQL, {"account": account.pk, "on": on})
        for what, first, second, role in cursor.fetchall():
            if what == "learner":
                learner_id = first
            elif what == "ward":
                wards.add(first)
            elif what == "staff":
                staff.setdefault(first, set()).add(role)
                if second is None:
                    whole.add(first)
                else:
                    sections[second] = first
            elif role == policy.DISTRICT_ADMIN:
                is_district_admin = True
            else:
                schools.add(first)
    return Access(
        account_id=account.pk,
        district_id=account.district_id,
        learner_id=learner_id,
        ward_ids=frozenset(wards),
        whole_rosters=frozenset(whole),
        sections=sections,
        staff_roles={roster: frozenset(roles) for roster, roles in staff.items()},
        school_ids=frozenset(schools),
        is_district_admin=is_district_admin,
        is_system=account.kind == account.Kind.INTEGRATION,
    )


def log_access(request, response):
    """One row for the answer: who looked, by which route, at whom. Or what a program is answered instead, else None."""
    if hasattr(request, "api_token") or problems.is_api(request):
        from profiles.services.api_reading import refusal  # of the models, which stand on this module

        if (instead := refusal(request, response)) is not None:
            return instead
    write_access_log(request.user, request.resolver_match.view_name or "", request.looked_at)
    return None


def write_access_log(account: "Account", route: str, learner_ids: Iterable[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO profiles_accesslog (at, account_id, district_id, route, learner_ids)"
            " VALUES (now(), %s, %s, %s, %s)",
            [account.pk, account.district_id, route[:100], sorted(learner_ids)],
        )
