"""Who of a district knows the figures of several schools exactly, beside what is published."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.db.models import Q

from profiles.access import STAFF_ROLES
from profiles.models import AdminRole, Enrollment


def know_several(schools: Collection[int], day: date) -> list[frozenset[int]]:
    """The sets of schools at which one account administers or teaches, each once: on the day, or later as is written
    down already. Two statements.

    Whoever teaches a class is taken to know the whole school. Administrators of the district read all schools anyway.
    """
    lasting = Q(account__is_active=True) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day))
    everything = AdminRole.objects.filter(lasting, kind=AdminRole.Kind.DISTRICT, starts_on__lte=day).values("account")
    administers = AdminRole.objects.filter(lasting, school__in=schools).exclude(account__in=everything)
    teaches = Enrollment.objects.filter(lasting, role__in=STAFF_ROLES, roster__school__in=schools)
    known: defaultdict[int, set[int]] = defaultdict(set)
    for rows in (
        administers.values_list("account_id", "school_id"),
        teaches.exclude(account__in=everything).values_list("account_id", "roster__school_id").distinct(),
    ):
        for account, school in rows:
            known[account].add(school)
    return sorted({frozenset(each) for each in known.values() if len(each) > 1}, key=sorted)
