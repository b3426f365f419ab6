"""Counts of learners per level: workers insert differences, a task folds them, a read is folded plus pending.

A learner is counted under each current roster, under the home school and under the district, once each.
"""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import date

from django.db import connection, transaction
from psycopg2.extras import execute_values

from assessments.models.rollup import ScopeKind
from assessments.services.projecting import Projection
from assessments.services.writing import Changed

Key = tuple[int, int, str]

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
    """Insert the differences between what was counted for these (learner, subject) pairs and what is to be counted.

    Also counts up the version of every roster whose wall has changed, and marks its sections for new groups.
    """
    subject_of = dict(changed.subject_of)
    subject_of.update(_subjects({standard for _, standard in projection.now} - subject_of.keys()))
    wanted = memberships({learner for learner, _ in pairs}, today)
    deltas: Counter = Counter()
    moved: list[tuple[int, int, list[Key]]] = []
    rosters: set[int] = set()
    touched = {(learner, subject_of[standard]) for learner, standard in changed.touched}
    before = _by_pair(changed.before, subject_of)
    now = _by_pair({pair: row.shown_level for pair, row in projection.now.items()}, subject_of)
    for pair in pairs:
        old_keys = [tuple(key) for key in changed.counted.get(pair, [])]
        new_keys = wanted.get(pair[0], [])
        for sign, keys, levels in ((-1, old_keys, before.get(pair, {})), (1, new_keys, now.get(pair, {}))):
            for key in keys:
                for standard, level in levels.items():
                    if level is not None:
                        deltas[*key, standard, level] += sign
        if old_keys != new_keys:
            moved.append((*pair, new_keys))
        if pair in touched or old_keys != new_keys:
            rosters |= {scope for kind, scope, _ in (*old_keys, *new_keys) if kind == ScopeKind.ROSTER}
    insert_deltas(deltas, today)
    _remember(moved)
    if rosters:
        _touch(sorted(rosters), sorted({standard for _, standard in changed.touched}))


def insert_deltas(deltas: Counter, day: date) -> None:
    rows = [(day, *key, n) for key, n in sorted(deltas.items()) if n]
    if rows:
        with connection.cursor() as cursor:
            execute_values(
                cursor.cursor,
                "INSERT INTO assessments_rollupdelta (day, kind, scope_id, grade, standard_id, level, n) VALUES %s",
                rows,
                page_size=2000,
            )


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


def _by_pair(levels: dict[tuple[int, int], int | None], subject_of: dict[int, int]) -> dict:
    found: dict[tuple[int, int], dict[int, int | None]] = {}
    for (learner, standard), level in levels.items():
        found.setdefault((learner, subject_of[standard]), {})[standard] = level
    return found


def _subjects(standard_ids: set[int]) -> dict[int, int]:
    if not standard_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, subject_id FROM standards_standard WHERE id = ANY(%s)", [sorted(standard_ids)])
        return dict(cursor.fetchall())


def _remember(moved: list[tuple[int, int, list[Key]]]) -> None:
    if not moved:
        return
    with connection.cursor() as cursor:
        execute_values(
            cursor.cursor,
            "UPDATE assessments_modelstate m SET counted = v.counted::jsonb FROM (VALUES %s)"
            " AS v (learner_id, subject_id, counted)"
            " WHERE m.learner_id = v.learner_id AND m.subject_id = v.subject_id",
            [(learner, subject, _json(keys)) for learner, subject, keys in moved],
            page_size=2000,
        )


def _json(keys: list[Key]) -> str:
    return json.dumps(keys)


def _touch(roster_ids: list[int], standard_ids: list[int]) -> None:
    """In sorted order, at the end of the transaction, so that workers queue here instead of deadlocking."""
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
            " AND (EXISTS (SELECT 1 FROM assessments_sectionstandard x WHERE x.section_id = s.id"
            "              AND x.standard_id = ANY(%(standards)s))"
            "   OR EXISTS (SELECT 1 FROM assessments_assessment a JOIN assessments_assessmentstandard c"
            "              ON c.assessment_id = a.id WHERE a.section_id = s.id"
            "              AND c.standard_id = ANY(%(standards)s)))",
            {"rosters": roster_ids, "standards": standard_ids},
        )
