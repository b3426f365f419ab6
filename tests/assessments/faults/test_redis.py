"""Scores are saved as ever while Redis refuses connections or never answers, and no level is lost by it."""

import random
import re
import statistics
import sys
from itertools import cycle, islice

import pytest

from bench.server import Client
from tests.assessments.faults.desk import Typed
from tests.assessments.faults.size import FULL
from tests.assessments.faults.storm import Storm

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("sites"), pytest.mark.timeout(1800)]

RATE = 20
SECONDS = 300 if FULL else 3
HEALTHY_SECONDS = 20 if FULL else 2
FELT_SECONDS = 2.0
"""How much longer than every save before it a save may take: a message that waits for Redis takes more."""


@pytest.mark.parametrize(("begin", "end"), [("stop", "start"), ("freeze", "thaw")], ids=["refused", "hung"])
def test_saves_do_not_feel_an_outage_of_redis_and_nothing_is_lost(calm: Storm, begin: str, end: str) -> None:
    usual = type_for(calm, HEALTHY_SECONDS)
    getattr(calm.redis, begin)()
    try:
        taken = type_for(calm, SECONDS)
        says_so = levels_are_updating(calm)
    finally:
        getattr(calm.redis, end)()
    seconds = calm.settle()

    assert calm.desk.refused == []
    assert [one for one in taken if one > max(usual) + FELT_SECONDS] == []
    assert says_so
    assert not levels_are_updating(calm)
    assert "no difference" in calm.check()
    p95 = statistics.quantiles(taken, n=20)[-1]
    sys.stdout.write(
        f"{begin}: {len(taken)} saves in {SECONDS} s, median {1000 * statistics.median(taken):.0f} ms, p95 "
        f"{1000 * p95:.0f} ms, longest {1000 * max(taken):.0f} ms (before: {1000 * max(usual):.0f}); current "
        f"{seconds:.1f} s after it\n"
    )


def type_for(school: Storm, seconds: int) -> list[float]:
    """Seconds of each save, typed at RATE: cell after cell, and over what stands there when all are full."""
    desk, chance = school.desk, random.Random(seconds)
    before = len(desk.seconds)
    cells = islice(cycle(school.cells), RATE * seconds)
    desk.type_all([Typed(*cell, str(chance.randint(1, 4))) for cell in cells], rate=RATE)
    return desk.seconds[before:]


def levels_are_updating(school: Storm) -> bool:
    """Whether the wall of some class that was typed in says so."""
    client = Client(school.site.port, school.desk.cookies)
    walls = [client.get(f"/sections/{section}/wall/", **{"Accept-Encoding": "identity"}) for section in school.sections]
    return any(re.search(rb"data-updating\s*>", wall) for wall in walls)
