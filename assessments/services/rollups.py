"""Counts of learners per level, and of those without one by the reason why: workers insert differences, a task folds
them, a read is folded plus pending.

A learner is counted under each current roster, under the home school and under the district, once each.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date

import numpy as np
from django.db import connection, transaction

from assessments.mastery.scale import NO_LEVEL
from assessments.mastery.segments import starts_of
from assessments.models.rollup import ScopeKind
from assessments.services import writing
from assessments.services.projecting import Projection
from assessments.services.writing import Changed
from lrm.copying import DAY_2000, Records, insert_records

Key = tuple[int, int, str]
DELTA_ROW = np.dtype(
    [
        ("day", "i4"), ("kind", "i2"), ("scope_id", "i8"), ("grade", "S64"), ("standard_id", "i8"), ("level", "i2"),
        ("n", "i4"),
    ]
)  # fmt: skip

MEMBERSHIPS = """
SELECT l.id, 1, l.home_school_id, l.grade FROM profiles_learner l
 WHERE l.id = ANY(%(learners)s) AND (l.left_on IS NULL OR l.left_on > %(today)s)
UNION ALL
SELECT l.id, 2, l.district_id, l.grade FROM profiles_learner l
 WHERE l.id = ANY(%(learners)s) AND (l.left_on IS NULL OR l.left_on > %(today)s)
UNION
SELECT l.id, 0, e.roster_id, l.grade FROM profiles_enrollment e JOIN profiles_learner l ON l.id = e.learner_id
 WHERE e.role = 'learner' AND e.learner_id = ANY(%(learners)s) AND e.starts_on <= %(today)s
   AND (e.ends_on IS NULL OR e.ends_on >= %(today)s)
"""


def memberships(learner_ids: Iterable[int], today: date) -> dict[int, list[Key]]:
    """Learner -> sorted keys (kind, scope id, grade) under which the learner counts today."""
    with connection.cursor() as cursor:
        cursor.execute(MEMBERSHIPS, {"learners": sorted(set(learner_ids)), "today": today})
        found: dict[int, list[Key]] = {}
        for learner, kind, scope, grade in cursor.fetchall():
            found.setdefault(learner, []).append((kind, scope, grade))
    return {learner: sorted(keys) for learner, keys in found.items()}


def move_counts(pairs: list[tuple[int, int]], changed: Changed, projection: Projection, *, today: date) -> None:
    """Count these (learner, subject) pairs anew, store their state, and insert the differences to what was counted.

    Also counts up the version of every roster whose wall has changed, and marks its sections for new groups.
    """
    old, versions = writing.standing_counts(writing.where_pairs(pairs))
    now = memberships({learner for learner, _ in pairs}, today)
    counted = {pair: now.get(pair[0], []) for pair in pairs}
    before, after = changed.before, projection.now
    deltas = _counts(-1, before, before["subject_id"], old)
    deltas.update(_counts(1, after, projection.subject, counted))
    writing.write_states(pairs, projection.state, counted)
    insert_deltas(deltas, today)
    # Another calibration moves no level by itself, but how sure one is, and so groups on any standard.
    states = projection.state
    read_anew = {pair for pair, version in versions.items() if pair in states and states[pair][0] != version}
    rosters: set[int] = set()
    for pair in pairs:
        keys = old.get(pair, [])
        if pair in changed.touched or pair in read_anew or keys != counted[pair]:
            rosters |= {scope for kind, scope, _ in (*keys, *counted[pair]) if kind == ScopeKind.ROSTER}
    if rosters:
        _touch(sorted(rosters), None if read_anew else changed.standards)


def _counts(sign: int, rows: Records, subject: np.ndarray, keys_of: dict[tuple[int, int], list[Key]]) -> Counter:
    """(*key, standard, level) -> sign times how many of these rows of mastery count there; level as in RollupDelta.

    subject: (rows,).    keys_of: (learner, subject) -> keys under which the pair counts; absent: nowhere.
    """
    counts = np.where(rows["shown_level"] != NO_LEVEL, rows["shown_level"], -rows["left_out"]).astype(np.int64)
    shown = np.flatnonzero(counts)
    if not len(shown):
        return Counter()
    numbers: dict[Key, int] = {}
    pair, starts, flat = _keys_by_pair(rows["learner_id"][shown], subject[shown], keys_of, numbers)
    many = np.diff(starts)[pair]
    row = np.repeat(np.arange(len(shown)), many)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(many) - many, many)
    key = flat[starts[pair[row]] + nth]
    standards, standard = np.unique(rows["standard_id"][shown], return_inverse=True)
    level, lowest = counts[shown], int(counts.min())
    span = int(level.max()) + 1 - lowest
    cells, n = np.unique((key * len(standards) + standard[row]) * span + level[row] - lowest, return_counts=True)
    columns, levels = np.divmod(cells, span)
    of_key, of_standard = np.divmod(columns, len(standards))
    keys = list(numbers)
    found = zip(of_key.tolist(), standards[of_standard].tolist(), (levels + lowest).tolist(), n.tolist(), strict=True)
    return Counter({(*keys[k], standard_id, shown_level): sign * times for k, standard_id, shown_level, times in found})


def _keys_by_pair(
    learner: np.ndarray, subject: np.ndarray, keys_of: dict[tuple[int, int], list[Key]], numbers: dict[Key, int]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(rows,) number of the pair; (pairs + 1,) where its keys start; the keys one after another, by number.

    numbers: filled with the number of every key.
    """
    order = np.lexsort((subject, learner))
    new = np.append(True, (np.diff(learner[order]) != 0) | (np.diff(subject[order]) != 0))
    pair = np.empty(len(order), dtype=np.int64)
    pair[order] = np.cumsum(new) - 1
    first = order[new]
    lists = [keys_of.get(one, []) for one in zip(learner[first].tolist(), subject[first].tolist(), strict=True)]
    flat = [numbers.setdefault(key, len(numbers)) for keys in lists for key in keys]
    return pair, starts_of([len(keys) for keys in lists]), np.array(flat, dtype=np.int64)


def insert_deltas(deltas: Counter, day: date) -> None:
    rows = [(day.toordinal() - DAY_2000, *key, n) for key, n in sorted(deltas.items()) if n]
    records = [(d, kind, scope, grade.encode(), *rest) for d, kind, scope, grade, *rest in rows]
    insert_records("assessments_rollupdelta", np.array(records, DELTA_ROW), {})


def fold() -> int:
    """Fold pending differences into the counts and the days; returns how many rows were folded.

    One folder at a time: the rows that it deletes are the rows that it adds.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('lrm fold rollups'))")
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(
            """
            WITH taken AS (
              DELETE FROM assessments_rollupdelta RETURNING day, kind, scope_id, grade, standard_id, level, n),
            days AS (
              INSERT INTO assessments_rollupday AS d (day, kind, scope_id, grade, standard_id, level, n)
              SELECT day, kind, scope_id, grade, standard_id, level, sum(n) FROM taken GROUP BY 1, 2, 3, 4, 5, 6
              ON CONFLICT (day, kind, scope_id, grade, standard_id, level) DO UPDATE SET n = d.n + excluded.n),
            now AS (
              INSERT INTO assessments_rollup AS r (kind, scope_id, grade, standard_id, level, n)
              SELECT kind, scope_id, grade, standard_id, level, sum(n) FROM taken GROUP BY 1, 2, 3, 4, 5
              ON CONFLICT (kind, scope_id, grade, standard_id, level) DO UPDATE SET n = r.n + excluded.n)
            SELECT count(*) FROM taken
            """
        )
        return cursor.fetchone()[0]


def _touch(roster_ids: list[int], standard_ids: list[int] | None) -> None:
    """standard_ids: only sections with one of these are to make groups anew; None is all.

    In sorted order, at the end of the transaction, so that workers queue here instead of deadlocking."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO assessments_rosterversion AS v (roster_id, version)"
            " SELECT r, 1 FROM unnest(%s::bigint[]) r ORDER BY r"
            " ON CONFLICT (roster_id) DO UPDATE SET version = v.version + 1, changed_at = now()",
            [roster_ids],
        )
        cursor.execute(
            "INSERT INTO assessments_stalesection (section_id)"
            " SELECT s.id FROM profiles_section s WHERE s.roster_id = ANY(%(rosters)s) AND s.archived_at IS NULL"
            " AND (%(standards)s::bigint[] IS NULL"
            "   OR EXISTS (SELECT 1 FROM assessments_sectionstandard x WHERE x.section_id = s.id"
            "              AND x.standard_id = ANY(%(standards)s))"
            "   OR EXISTS (SELECT 1 FROM assessments_assessment a JOIN assessments_assessmentstandard c"
            "              ON c.assessment_id = a.id WHERE a.section_id = s.id"
            "              AND c.standard_id = ANY(%(standards)s)))",
            {"rosters": roster_ids, "standards": standard_ids},
        )
