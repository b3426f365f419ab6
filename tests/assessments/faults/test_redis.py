"""Scores are saved as ever while Redis refuses connections or never answers, and no level is lost by it."""

import random
import re
import statistics
import sys
from contextlib import closing
from itertools import cycle, islice

import pytest

from bench.server import Client
from tests.assessments.faults.desk import Typed
from tests.assessments.faults.pulse import pulse_of
from tests.assessments.faults.size import FULL
from tests.assessments.faults.storm import Storm

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("sites"), pytest.mark.timeout(1800)]

RATE = 20
SECONDS = 300 if FULL else 3
HEALTHY_SECONDS = 20 if FULL else 2
FELT_SECONDS = 2.0 if FULL else 15.0
"""How much longer than every save before it, and a bare commit meanwhile, a save may take: a message that waits for
Redis takes more, with Celery's own patience far more. A busy machine holds one of few saves up, too."""


@pytest.mark.parametrize(("begin", "end"), [("stop", "start"), ("freeze", "thaw")], ids=["refused", "hung"])
def test_saves_do_not_feel_an_outage_of_redis_and_nothing_is_lost(calm: Storm, begin: str, end: str) -> None:
    usual = type_for(calm, HEALTHY_SECONDS)
    getattr(calm.redis, begin)()
    try:
        with closing(calm.connection()) as connection, pulse_of(connection) as pulse:
            taken = type_for(calm, SECONDS)
        says_so = levels_are_updating(calm)
    finally:
        getattr(calm.redis, end)()
    seconds = calm.settle()

    assert calm.desk.refused == []
    longest = max(took for _ended, took in usual) + FELT_SECONDS
    # A commit that asks no Redis is the limit of the moment: where the disk stops, it stops as well.
    beside = [(took, pulse.longest_within(ended - took, ended)) for ended, took in taken if took > longest]
    felt = [(took, meanwhile) for took, meanwhile in beside if took > longest + meanwhile]
    assert felt == []
    assert says_so
    assert not levels_are_updating(calm)
    assert "no difference" in calm.check()
    waits = [took for _ended, took in taken]
    milliseconds = {
        "median": statistics.median(waits),
        "p95": statistics.quantiles(waits, n=20)[-1],
        "longest": max(waits),
        "longest before": longest - FELT_SECONDS,
        "longest bare commit": max(took for _ended, took in pulse.beats),
    }
    said = ", ".join(f"{name} {1000 * took:.0f} ms" for name, took in milliseconds.items())
    sys.stdout.write(f"{begin}: {len(taken)} saves in {SECONDS} s, {said}; current {seconds:.1f} s after it\n")


def type_for(school: Storm, seconds: int) -> list[tuple[float, float]]:
    """(time.monotonic() at its end, seconds) of each save, typed at RATE: cell after cell, and over what stands there
    when all are full.
    """
    desk, chance = school.desk, random.Random(seconds)
    before = len(desk.timed)
    cells = islice(cycle(school.cells), RATE * seconds)
    desk.type_all([Typed(*cell, str(chance.randint(1, 4))) for cell in cells], rate=RATE)
    return desk.timed[before:]


def levels_are_updating(school: Storm) -> bool:
    """Whether the wall of some class that was typed in says so."""
    client = Client(school.site.port, school.desk.cookies)
    walls = [client.get(f"/sections/{section}/wall/", **{"Accept-Encoding": "identity"}) for section in school.sections]
    return any(re.search(rb"data-updating\s*>", wall) for wall in walls)
