"""What a package would change in the district: compared, counted, nothing written."""

from datetime import date

from profiles.models import District
from profiles.oneroster.package import Roster
from profiles.services.roster_import.comparing import compare_entities
from profiles.services.roster_import.comparing_enrollments import compare_enrollments
from profiles.services.roster_import.leaving import brakes_of, find_leaving
from profiles.services.roster_import.merged_ids import name_as_one, other_ids
from profiles.services.roster_import.plan import BRAKE_PERCENT, RosterPlan
from profiles.services.roster_import.stamps import pass_over_older
from profiles.services.roster_import.stored import read_stored
from profiles.services.roster_import.wanted import wanted_of


def plan_import(roster: Roster, *, district: District, today: date, brake_percent: float = BRAKE_PERCENT) -> RosterPlan:
    """Compare a package with the district. Adds to the roster's problems what only shows here."""
    pass_over_older(roster, district=district)
    name_as_one(roster, other_ids(district))
    addresses = [row["email"] for row in roster["users"] if row["email"]]
    stored = read_stored(district, addresses=addresses)
    wanted = wanted_of(roster, known=stored.known())
    plan = RosterPlan(roster, wanted, stored, today)
    compare_entities(plan)
    compare_enrollments(plan)
    find_leaving(plan)
    plan.brakes = brakes_of(plan, brake_percent)
    return plan
