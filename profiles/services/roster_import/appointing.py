"""Administrators and families that a package names."""

from datetime import date

from profiles.models import AdminRole, Guardianship
from profiles.services.roster_import.journal import Journal
from profiles.services.roster_import.plan import RosterPlan
from profiles.services.roster_import.writing import Ids


def appoint(plan: RosterPlan, ids: Ids, *, today: date, journal: Journal) -> None:
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
    made = AdminRole.objects.bulk_create(
        AdminRole(
            account_id=account,
            kind=kinds.DISTRICT if school is None else kinds.SCHOOL,
            school_id=school,
            starts_on=today,
        )
        for account, school in sorted(wanted, key=str)
    )
    journal.add("admin_roles", (role.pk for role in made))


def note_families(plan: RosterPlan, ids: Ids, *, today: date, journal: Journal) -> None:
    """Note who is guardian of whom; nothing is seen before the school has confirmed it."""
    wanted = {
        (ids["accounts"][guardian], ids["learners"][learner]): relation
        for guardian, learner, relation in plan.wanted.guardians
    }
    if not wanted:
        return
    known = Guardianship._base_manager.filter(account_id__in={account for account, _learner in wanted})
    pairs = wanted.keys() - set(known.values_list("account_id", "learner_id"))
    made = Guardianship._base_manager.bulk_create(
        [
            Guardianship(account_id=account, learner_id=learner, relation=wanted[account, learner], starts_on=today)
            for account, learner in sorted(pairs)
        ],
        batch_size=1000,
    )
    journal.add("guardianships", (row.pk for row in made))
