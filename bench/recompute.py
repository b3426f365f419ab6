"""Recomputing a whole district, and one class set inside it, against COPY and against the bare writes.

The district of bench/district.py: 100,000 learners with 10 M results, or 1,000 with 100,000.
"""

import os
import resource
import statistics
import time
from collections.abc import Iterator
from decimal import Decimal

from django.db import connection, transaction
from django.utils import timezone
from psycopg2.extras import execute_values

from assessments.models import StaleMark
from assessments.services import rebuilding, recompute, suggesting
from assessments.services.ledger import Entry, Kind
from assessments.services.results import record_results
from bench.asking import ask, counts, say
from bench.cores import core_seconds
from bench.district import STANDARDS, Room, Scene
from bench.floors import PROJECTIONS, floor, floor_tables
from bench.pages import Row, row
from bench.standing import rebuild, stand
from lrm.scope import district_scope
from tests.factories.assessments import make_assessment

NAMES = ("recompute_district", "recompute_one")
TIMES_FLOOR, TIMES_BARE = 3, 15
NEAR_LINEAR = 0.8
MEGABYTES = 2048
CURRENT_MS, GROUPS_MS = 150, 400
LARGEST_ALONE = 30_030
"""By one worker more would take many minutes."""
TABLES = {
    "ledger": "assessments_evidence",
    "mastery": "assessments_mastery",
    "days": "assessments_masteryday",
    "states": "assessments_modelstate",
    "rollups": "assessments_rollup",
}


def rows(names: tuple[str, ...], *, small: bool, learners: int | None = None) -> Iterator[Row]:
    """learners: how many instead of 1,020 (small) or 100,020; whole classes of 30."""
    learners = learners or (1_020 if small else 100_020)
    workers = os.cpu_count() or 1
    scene, seconds = stand(learners, workers=workers)
    with district_scope(scene.district.pk), floor_tables():
        size = f"{counts(TABLES)}, {workers} workers"
        if "recompute_district" in names:
            yield from _district(scene, size, seconds, 3 if small else 1)
            least = workers * rebuilding.BLOCK * rebuilding.BLOCKS_A_WORKER
            if workers > 1 and least <= learners <= LARGEST_ALONE:
                yield _scaling(scene, seconds, workers)
        else:
            floor(1)
        if "recompute_one" in names:
            yield from _one(scene, 20 if small else 60)


def _district(scene: Scene, size: str, seconds: float, rounds: int) -> Iterator[Row]:
    _complete(scene)
    yield row("recompute_district.rate", size, scene.results / seconds, "results/s", None, None)
    used = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF)) / 1024
    yield row("recompute_district.memory", size, used, "MB a worker", MEGABYTES, used / MEGABYTES)
    least, said = floor(rounds)
    said = f"at most {TIMES_FLOOR} times {said}"
    yield row("recompute_district", size, seconds, "s", said, seconds / least / TIMES_FLOOR)


def _scaling(scene: Scene, seconds: float, workers: int) -> Row:
    """How much faster the workers were than one; both runs start from empty projections.

    One worker keeps more than a core busy, since PostgreSQL writes behind it: so many workers as there are cores can
    be as many times as fast as it leaves them idle.
    """
    say(f"TRUNCATE {', '.join((*PROJECTIONS, 'assessments_rollupdelta'))}")
    before = core_seconds()
    alone = rebuild(scene, workers=1)
    after = core_seconds()
    times, size = alone / seconds, f"{workers} workers against 1"
    if before is None or after is None:
        return row("recompute_district.scaling", size, times, "times", None, None)
    most = workers * alone / (after - before)
    said = f"at least {NEAR_LINEAR} of the {most:.2f} times that keep every core busy"
    return row("recompute_district.scaling", size, times, "times", said, NEAR_LINEAR * most / times)


def _complete(scene: Scene) -> None:
    """Refuse to have measured half the work: every pair has a level, or a reason for none, and is counted once in the
    district.
    """
    pairs = ask("SELECT count(*) FROM assessments_mastery WHERE shown_level IS NOT NULL OR left_out > 0")
    wanted = ask("SELECT count(*) FROM profiles_learner") * STANDARDS
    counted = ask("SELECT coalesce(sum(n), 0) FROM assessments_rollup WHERE kind = 2")
    if not pairs == wanted == counted:
        raise RuntimeError(f"{wanted} pairs have results, {pairs} have a level or a reason, {counted} are counted.")


def _one(scene: Scene, rounds: int) -> Iterator[Row]:
    """Saving and recomputing in one process, interleaved with the same writes and nothing else.

    Classes take turns, so that none has more than its year of results: half of them save, the others are written bare.
    """
    half = len(scene.rooms) // 2
    taken: dict[str, list[float]] = {"current": [], "groups": [], "bare": []}
    for number in range(rounds + half):
        standard = scene.standards[number % len(scene.standards)]
        room, other = scene.rooms[number % half], scene.rooms[half + number % half]
        assessment = make_assessment(room.section, [standard])
        entries = [
            Entry(learner.pk, standard.pk, Kind.RESULT, Decimal(1 + (place + number) % 4), timezone.now())
            for place, learner in enumerate(room.learners)
        ]
        spare = make_assessment(other.section, [standard])
        began = time.perf_counter()
        record_results(assessment=assessment, entries=entries, by=room.teacher, source="bench")
        while recompute.recompute_due(StaleMark.Lane.LIVE):
            pass
        current = time.perf_counter()
        suggesting.suggest_due()
        groups = time.perf_counter()
        _write_bare(other, spare.pk, standard.pk)
        bare = time.perf_counter()
        if number >= half:  # in the first round everything is read for the first time
            taken["current"].append(1000 * (current - began))
            taken["groups"].append(1000 * (groups - began))
            taken["bare"].append(1000 * (bare - groups))
    size = f"{len(scene.rooms[0].learners)} results in a district with {scene.results}"
    p95 = {name: statistics.quantiles(values, n=20)[-1] for name, values in taken.items()}
    yield row("recompute_one.p95_ms", size, p95["current"], "ms", CURRENT_MS, p95["current"] / CURRENT_MS)
    yield row("recompute_one.groups_p95_ms", size, p95["groups"], "ms", GROUPS_MS, p95["groups"] / GROUPS_MS)
    median = {name: statistics.median(values) for name, values in taken.items()}
    said = f"at most {TIMES_BARE} times the bare writes, {median['bare']:.1f} ms"
    times = median["current"] / median["bare"]
    yield row("recompute_one.times_bare", size, times, "times", said, times / TIMES_BARE)


def _write_bare(room: Room, assessment: int, standard: int) -> None:
    """As many rows as a class set writes, by one statement a table, in one transaction.

    Excused records change no level; the projections are the floor's copies.
    """
    now, ids = timezone.now(), [learner.pk for learner in room.learners]
    year = room.section.session.school_year
    with transaction.atomic(), connection.cursor() as cursor:
        execute_values(
            cursor.cursor,
            "INSERT INTO assessments_evidence (school_year, learner_id, standard_id, assessment_id, kind, observed_at)"
            " VALUES %s",
            [(year, one, standard, assessment, "excused", now) for one in ids],
        )
        cursor.execute(
            "UPDATE floor_assessments_mastery SET value_micro = value_micro + 1, computed_at = now()"
            " WHERE learner_id = ANY(%s) AND standard_id = %s",
            [ids, standard],
        )
        execute_values(
            cursor.cursor,
            "INSERT INTO floor_assessments_masteryday AS d (learner_id, standard_id, day, value_micro, level,"
            " shown_level, n, method) VALUES %s ON CONFLICT (learner_id, standard_id, day)"
            " DO UPDATE SET value_micro = d.value_micro + 1",
            [(one, standard, now.date(), 3_000_000, 3, 3, 2, "decaying") for one in ids],
        )
        cursor.execute(
            "UPDATE floor_assessments_modelstate SET beliefs = set_byte(beliefs, 0, 255 - get_byte(beliefs, 0))"
            " WHERE learner_id = ANY(%s)",
            [ids],
        )
