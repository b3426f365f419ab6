"""Rebuild all projections from the ledger, or check that they equal it.

A rebuild walks every learner and subject in short blocks, under the locks that workers take, and writes only what
differs: pages stay readable and true meanwhile, and a rebuild of what is right writes nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.db import connection, transaction
from django.utils import timezone

from assessments.mastery.rounding import NO_VALUE
from assessments.mastery.tree import STORED
from assessments.models import StaleMark
from assessments.services import recompute, rollups, writing
from assessments.services.histories import read_pairs
from assessments.services.matches import CROSSING
from assessments.services.policies import Policies
from assessments.services.projecting import MISSING, MODEL_VERSION, NOTHING_KNOWN, NOW_ROW, Projection, project
from lrm.copying import DAY_2000, Records, matches
from lrm.scope import district_scope
from lrm.worker_pool import worker_pool
from profiles.models import District

BLOCK = 100
"""Pairs that one transaction computes, and keeps from other workers meanwhile."""
BLOCKS_A_WORKER = 25
"""A process of its own takes seconds to start: fewer blocks than this are not worth it."""

EVERY_PAIR = """
SELECT DISTINCT e.learner_id, s.subject_id FROM assessments_evidence e
  JOIN standards_standard s ON s.id = e.standard_id JOIN profiles_learner l ON l.id = e.learner_id
 WHERE l.district_id = %(district)s
UNION
SELECT m.learner_id, m.subject_id FROM assessments_modelstate m JOIN profiles_learner l ON l.id = m.learner_id
 WHERE l.district_id = %(district)s
 ORDER BY 1, 2
"""
# Where exact matches count, results reach subjects in which the learner has none.
EVERY_PAIR_MATCHED = f"""
WITH RECURSIVE {CROSSING},
pairs (learner_id, subject_id) AS ({EVERY_PAIR})
SELECT learner_id, subject_id FROM pairs
UNION
SELECT p.learner_id, c.y FROM pairs p JOIN crossing c ON c.x = p.subject_id
 ORDER BY 1, 2
"""

STATES = f"""
SELECT learner_id, subject_id, beliefs, version FROM assessments_modelstate
 WHERE (learner_id, subject_id) IN {writing.IN_PAIRS}
"""

COUNTS = """
WITH members AS (
  SELECT m.learner_id, m.subject_id, (k->>0)::int AS kind, (k->>1)::bigint AS scope_id, k->>2 AS grade
    FROM assessments_modelstate m JOIN profiles_learner l ON l.id = m.learner_id,
         jsonb_array_elements(m.counted) k WHERE l.district_id = %(district)s),
wanted AS (
  SELECT c.kind, c.scope_id, c.grade, y.standard_id, coalesce(y.shown_level, -y.left_out) AS level, count(*)::int AS n
    FROM members c
    JOIN assessments_mastery y ON y.learner_id = c.learner_id AND (y.shown_level IS NOT NULL OR y.left_out > 0)
    JOIN standards_standard s ON s.id = y.standard_id AND s.subject_id = c.subject_id
   GROUP BY 1, 2, 3, 4, 5),
scopes AS (
  SELECT 0 AS kind, id AS scope_id FROM profiles_roster WHERE district_id = %(district)s
  UNION ALL SELECT 1, id FROM profiles_school WHERE district_id = %(district)s UNION ALL SELECT 2, %(district)s),
standing AS (
  SELECT kind, scope_id, grade, standard_id, level, sum(n)::int AS n FROM (
    SELECT kind, scope_id, grade, standard_id, level, n FROM assessments_rollup
    UNION ALL SELECT kind, scope_id, grade, standard_id, level, n FROM assessments_rollupdelta) x
    JOIN scopes USING (kind, scope_id)
   GROUP BY 1, 2, 3, 4, 5 HAVING sum(n) <> 0)
SELECT kind, scope_id, grade, standard_id, level, coalesce(s.n, 0), coalesce(w.n, 0)
  FROM standing s FULL JOIN wanted w USING (kind, scope_id, grade, standard_id, level)
 WHERE coalesce(s.n, 0) <> coalesce(w.n, 0)
"""


@dataclass
class Differences:
    """pairs: how many learner x standard rows were compared.    rounding: values 1e-6 apart on the same level.

    lines: what differs, in words, stored value first.
    """

    pairs: int = 0
    rounding: int = 0
    lines: list[str] = field(default_factory=list)


def every_pair(district: District) -> list[tuple[int, int]]:
    """(learner id, subject id) with evidence or state, sorted."""
    with connection.cursor() as cursor:
        matched = Policies(district.pk).matched_into() is not None
        cursor.execute(EVERY_PAIR_MATCHED if matched else EVERY_PAIR, {"district": district.pk})
        return cursor.fetchall()


def rebuild(
    district: District, *, workers: int = 1, progress: Callable[[int, int], None] = lambda done, of: None
) -> int:
    """Recompute every pair of a district from the ledger. Returns how many pairs there were.

    workers: processes that share the blocks; few blocks are done here.
    progress: called with pairs done and pairs in all. A pair that a worker holds is marked for the worker instead.
    """
    pairs = every_pair(district)
    blocks = [pairs[start : start + BLOCK] for start in range(0, len(pairs), BLOCK)]
    done = 0
    if workers > 1 and len(blocks) >= BLOCKS_A_WORKER * workers:
        with worker_pool(workers) as pool:
            for count in pool.map(_rebuild_block, [district.pk] * len(blocks), blocks):
                done += count
                progress(done, len(pairs))
    else:
        for block in blocks:
            done += _rebuild_block(district.pk, block)
            progress(done, len(pairs))
    _correct_counts(district)
    return len(pairs)


def _rebuild_block(district_id: int, block: list[tuple[int, int]]) -> int:
    with district_scope(district_id):
        if recompute.recompute_pairs(block) < len(block):
            _mark(block)
    return len(block)


def check(district: District, *, progress: Callable[[int, int], None] = lambda done, of: None) -> Differences:
    """Compare what is stored with what the ledger says, in one snapshot, block by block; changes nothing.

    Pairs with a due mark are left out: their work is known to be undone.
    """
    found = Differences()
    with transaction.atomic(), district_scope(district.pk):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute(
                "SELECT DISTINCT learner_id, subject_id FROM assessments_stalemark"
                " WHERE due_at <= statement_timestamp()"
            )
            undone = set(cursor.fetchall())
        policies = Policies(district.pk)
        zone = ZoneInfo(district.time_zone)
        today = timezone.localdate(timezone=zone)
        pairs = [pair for pair in every_pair(district) if pair not in undone]
        for start in range(0, len(pairs), BLOCK):
            block = pairs[start : start + BLOCK]
            histories = read_pairs(block, zone, policies.matched_into(), with_homes=bool(policies.schools))
            _check_block(block, project(histories, policies, today=today), found)
            progress(min(start + BLOCK, len(pairs)), len(pairs))
        if not undone:
            found.lines += [
                f"rollup kind {kind}, scope {scope}, grade {grade}, standard {standard}, level {level}:"
                f" stored {stored}, counted {wanted}"
                for kind, scope, grade, standard, level, stored, wanted in _wrong_counts(district)
            ]
    return found


def _check_block(block: list[tuple[int, int]], projection: Projection, found: Differences) -> None:
    where = writing.where_pairs(block)
    found.pairs += len(projection.now)
    standing = writing.standing_levels(where)[list(NOW_ROW.names or ())].astype(NOW_ROW)
    for name, stored, computed, key in (
        ("mastery", standing, projection.now, writing.PAIR_KEY),
        ("day", writing.standing_days(where), projection.days, writing.DAY_KEY),
    ):
        for before, after in _unequal(stored, computed, key):
            if before is not None and after is not None and _is_rounding(before, after):
                found.rounding += 1
            else:
                found.lines.append(f"{name}: stored {_words(before)}, computed {_words(after)}")

    states = _standing_states(where)
    for learner, subject in block:
        version, state = projection.state.get((learner, subject), (MODEL_VERSION, NOTHING_KNOWN))
        before, made_by = states.get((learner, subject), (None, "nothing"))
        if before is None or not _is_same(before, state):
            found.lines.append(
                f"state: learner {learner}, subject {subject}: stored by {made_by}, computed by {version}, not the same"
            )


def _standing_states(where: dict) -> dict[tuple[int, int], tuple[memoryview, str]]:
    with connection.cursor() as cursor:
        cursor.execute(STATES, where)
        return {(learner, subject): (stored, version) for learner, subject, stored, version in cursor}


def _is_same(before: bytes | memoryview, after: bytes) -> bool:
    """Whether two states differ by no more than the rounding of processors.

    Their versions are not compared: a calibration of new standards leaves alone whoever has no result on them.
    """
    one, other = (np.frombuffer(state, STORED) for state in (before, after))
    return one.shape == other.shape and np.allclose(one, other, rtol=1e-9, atol=1e-9, equal_nan=True)


def _unequal(stored: Records, computed: Records, key: tuple[str, ...]) -> Iterator[tuple[Any, Any]]:
    """Rows as they stand and as computed, None where there is none, of every key on which they differ."""
    place = matches(computed, stored, key)
    for i in np.flatnonzero(place < 0).tolist():
        yield None, computed[i]
    both = np.flatnonzero(place >= 0)
    for i in both[computed[both] != stored[place[both]]].tolist():
        yield stored[place[i]], computed[i]
    for i in np.setdiff1d(np.arange(len(stored)), place).tolist():
        yield stored[i], None


def _is_rounding(before: Any, after: Any) -> bool:
    """`exp` differs between processors: a value one millionth apart on the same level is no difference."""
    apart = [name for name in before.dtype.names if before[name] != after[name]]
    values = before["value_micro"], after["value_micro"]
    return apart == ["value_micro"] and NO_VALUE not in values and abs(int(values[0]) - int(values[1])) == 1


def _words(row: Any) -> str:
    """What a row holds, for people: days as dates, empty columns left out."""
    if row is None:
        return "nothing"
    said: dict[str, Any] = {}
    for name in row.dtype.names:
        value = row[name].item()
        if value != MISSING.get(name):
            said[name] = value.decode() if isinstance(value, bytes) else value
    if "day" in said:
        said["day"] = date.fromordinal(said["day"] + DAY_2000).isoformat()
    return ", ".join(f"{name} {value}" for name, value in said.items())


def _wrong_counts(district: District) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, {"district": district.pk})
        return cursor.fetchall()


def _correct_counts(district: District) -> None:
    """Insert the differences between the counts that stand and those that mastery gives."""
    with transaction.atomic():
        deltas: Counter = Counter()
        for kind, scope, grade, standard, level, stored, wanted in _wrong_counts(district):
            deltas[kind, scope, grade, standard, level] += wanted - stored
        rollups.insert_deltas(deltas, timezone.localdate(timezone=ZoneInfo(district.time_zone)))


def _mark(pairs: list[tuple[int, int]]) -> None:
    StaleMark.objects.bulk_create(
        StaleMark(learner_id=learner, subject_id=subject, lane=StaleMark.Lane.BULK) for learner, subject in pairs
    )
