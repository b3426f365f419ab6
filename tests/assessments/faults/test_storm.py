"""Nothing is lost and nothing doubled while workers are killed, Redis is emptied and PostgreSQL falls over.

The site is `manage.py up` with a state folder of its own; everything here looks at it and breaks it from outside.
"""

import sys

import pytest

from tests.assessments.faults.desk import Typed
from tests.assessments.faults.size import FULL
from tests.assessments.faults.storm import SETTLE_SECONDS, Plan, Storm

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("sites"), pytest.mark.timeout(1800)]

PLAN = (
    Plan(saves=2000, rate=8, kills=60, flushes=5, restarts=3)
    if FULL
    else Plan(saves=60, rate=8, kills=4, flushes=1, restarts=1)
)
WITHOUT_SWEEP = Plan(saves=20, rate=8, kills=1)
EARLY_DELETION = Plan(saves=45, rate=8, kills=8, children=1)
UNSETTLED_SECONDS = 15  # three times the pause of the sweep
WITHOUT_MARKS_SECONDS = 5  # what is under way where no mark is left takes a tenth of that


def test_nothing_is_lost_or_doubled_in_a_storm(storm) -> None:
    school = storm()

    school.run(PLAN)

    seconds = school.settle()
    assert school.done["worker"] + school.done["pool child"] == PLAN.kills + 1
    assert (school.done["flush"], school.done["restart"]) == (PLAN.flushes + 1, PLAN.restarts)
    said = school.check()
    assert "no difference" in said
    report(school, f"settled {seconds:.1f} s after the last fault; {said}")


def test_without_the_sweep_the_storm_does_not_settle(storm) -> None:
    school = storm("tests.assessments.faults.without_sweep_settings")

    school.run(WITHOUT_SWEEP)

    with pytest.raises(AssertionError, match="every due mark"):
        school.settle(UNSETTLED_SECONDS)


def test_marks_that_are_deleted_early_lose_work(storm) -> None:
    school = storm("tests.assessments.faults.early_deletion_settings")
    cells = one_cell_of_each_learner(school)
    first, school.cells = cells[:5], cells[5:]

    # Chance alone misses the moment on a machine so busy that children are killed before they begin.
    school.desk.type_all([Typed(*cell, "3") for cell in first])
    school.kill_at_forgotten_work()
    school.run(EARLY_DELETION)
    school.wait_for_marks(SETTLE_SECONDS)

    with pytest.raises(AssertionError, match="not Level"):
        school.settle(WITHOUT_MARKS_SECONDS)


def one_cell_of_each_learner(school: Storm) -> list[tuple[int, int, int]]:
    """So that no later save of the same learner makes good what an earlier one has lost."""
    return list({learner: (assessment, learner, standard) for assessment, learner, standard in school.cells}.values())


def report(school: Storm, said: str) -> None:
    """For whoever runs the full size with -rP."""
    faults = ", ".join(f"{n} x {what}" for what, n in sorted(school.done.items()))
    refused = len(school.desk.refused)
    sys.stdout.write(
        f"{len(school.desk.saved)} cells saved, {refused} sends were not answered and sent again; {faults}; {said}\n"
    )
